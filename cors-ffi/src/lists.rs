//! A C config, borrowed as the engine's config.

use core::ffi::{c_char, c_void};
use core::str;

use cors_core::{CompileError, Config, ConfigField, ConfigOf, Risk};
use heapless::Vec;

use crate::raw;
use crate::text::{Fault, Place, answer};
use crate::types::{CORS_MAX_AGE_NONE, cors_bool, cors_code, cors_config, cors_error, cors_string, risk_bit};

/// A string that was checked to be UTF-8.
#[repr(transparent)]
pub(crate) struct Text(cors_string);

impl AsRef<str> for Text {
    fn as_ref(&self) -> &str {
        // SAFETY: `texts` has checked it, and its caller promised that nobody changes it.
        unsafe { str::from_utf8_unchecked(raw::bytes(self.0, Place::of("")).unwrap_or_default()) }
    }
}

/// Returns a list of a config, its strings checked.
///
/// # Safety
///
/// `list` is NULL, or points to `count` strings that nobody changes during `'a`.
unsafe fn texts<'a>(list: *const cors_string, count: usize, field: ConfigField) -> Result<&'a [Text], Fault> {
    let place = Place::member(field);
    // SAFETY: by the caller's promise; a `Text` is a string.
    let texts: &[Text] = unsafe { raw::objects(list.cast(), count, place)? };
    for (index, Text(string)) in texts.iter().enumerate() {
        let place = place.entry(index);
        // SAFETY: by the caller's promise.
        let bytes = unsafe { raw::bytes(*string, place)? };
        if str::from_utf8(bytes).is_err() {
            return Err(Fault::Utf8(place));
        }
    }
    Ok(texts)
}

/// The predicate of a config, and its context.
struct PublicSuffix {
    ask: unsafe extern "C" fn(*mut c_void, *const c_char, usize) -> cors_bool,
    context: *mut c_void,
}

// SAFETY: only the thread that makes the call uses it.
unsafe impl Sync for PublicSuffix {}

impl PublicSuffix {
    fn knows(&self, domain: &str) -> bool {
        // SAFETY: both come from the caller of the C function, and are as `cors_config` requires.
        unsafe { (self.ask)(self.context, domain.as_ptr().cast(), domain.len()) != 0 }
    }
}

/// Calls `f` with the config, and returns the code of its result.
///
/// # Safety
///
/// `config` is NULL, or points to a config whose pointers are as [`cors_config`] requires and that nobody changes during
/// the call; and `error` is as [`answer`] requires.
pub(crate) unsafe fn with_config(
    config: *const cors_config,
    error: *mut cors_error,
    f: impl for<'c> FnOnce(&ConfigOf<'c, Text>) -> Result<(), Fault<CompileError<'c>>>,
) -> cors_code {
    // SAFETY: by the caller's promise.
    unsafe {
        match raw::sized(config, "config") {
            Ok(config) => with_lists(config, error, f),
            Err(fault) => answer(error, Err(fault)),
        }
    }
}

/// # Safety
///
/// As for [`with_config`].
unsafe fn with_lists(
    config: &cors_config,
    error: *mut cors_error,
    f: impl for<'c> FnOnce(&ConfigOf<'c, Text>) -> Result<(), Fault<CompileError<'c>>>,
) -> cors_code {
    // SAFETY: by the caller's promise.
    let fault = |fault: Fault| unsafe { answer(error, Err(fault)) };
    let max_age = match config.max_age {
        CORS_MAX_AGE_NONE => None,
        seconds => match u32::try_from(seconds) {
            Ok(seconds) => Some(seconds),
            Err(_) => return fault(Fault::Value(Place::member(ConfigField::MaxAge))),
        },
    };
    let known = Risk::ALL.into_iter().fold(0, |bits, risk| bits | risk_bit(risk));
    if config.accept_risks & !known != 0 {
        return fault(Fault::Value(Place::member(ConfigField::AcceptRisks)));
    }
    let accepted = |risk: &Risk| config.accept_risks & risk_bit(*risk) != 0;
    let accept_risks: Vec<Risk, { Risk::ALL.len() }> = Risk::ALL.into_iter().filter(accepted).collect();
    let suffixes = config.is_public_suffix.map(|ask| PublicSuffix { ask, context: config.context });
    let is_public_suffix = |domain: &str| suffixes.as_ref().is_some_and(|suffixes| suffixes.knows(domain));
    // SAFETY: by the caller's promise.
    let lists = unsafe {
        (
            texts(config.allow_origins, config.allow_origin_count, ConfigField::AllowOrigins),
            texts(config.allow_methods, config.allow_method_count, ConfigField::AllowMethods),
            texts(config.allow_headers, config.allow_header_count, ConfigField::AllowHeaders),
            texts(config.expose_headers, config.expose_header_count, ConfigField::ExposeHeaders),
        )
    };
    let (allow_origins, allow_methods, allow_headers, expose_headers) = match lists {
        (Ok(origins), Ok(methods), Ok(headers), Ok(exposed)) => (origins, methods, headers, exposed),
        (Err(first), ..) | (_, Err(first), ..) | (_, _, Err(first), _) | (.., Err(first)) => {
            return fault(first);
        }
    };
    let result = f(&ConfigOf {
        allow_origins,
        allow_methods,
        allow_headers,
        expose_headers,
        allow_credentials: config.allow_credentials != 0,
        max_age,
        allow_private_network: config.allow_private_network != 0,
        preflight_status: config.preflight_status,
        accept_risks: &accept_risks,
        is_public_suffix: if suffixes.is_some() {
            Some(&is_public_suffix)
        } else {
            Config::NEW.is_public_suffix
        },
    });
    // SAFETY: by the caller's promise.
    unsafe { answer(error, result) }
}
