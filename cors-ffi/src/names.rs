//! Names and sentences for numbers.

use core::str;

use cors_core::{Denial, Risk};

use crate::raw;
use crate::text::Place;
use crate::types::{
    CORS_ERROR_BUFFER, CORS_ERROR_COLLISIONS, CORS_ERROR_CONFIG, CORS_ERROR_IMAGE, CORS_ERROR_LENGTH,
    CORS_ERROR_NULL, CORS_ERROR_SIZE, CORS_ERROR_UTF8, CORS_ERROR_VALUE, CORS_FIELD_ALLOW_HEADERS,
    CORS_FIELD_ALLOW_METHODS, CORS_FIELD_ALLOW_ORIGINS, CORS_FIELD_EXPOSE_HEADERS, CORS_FIELD_MAX_AGE,
    CORS_FIELD_PREFLIGHT_STATUS, CORS_OK, cors_code, cors_denial, cors_field_id, cors_string, risk_bit,
};

/// The first number of the version of the header, which is that of the soname.
pub const CORS_VERSION_MAJOR: u32 = 0;
/// The second.
pub const CORS_VERSION_MINOR: u32 = 1;
/// The third.
pub const CORS_VERSION_PATCH: u32 = 0;

/// The version of the library, such as `0.1.0`. It lives for ever, as all strings of this page do.
#[unsafe(no_mangle)]
pub extern "C" fn cors_version() -> cors_string {
    raw::string(env!("CARGO_PKG_VERSION").as_bytes())
}

/// The name of a denial, for counters and logs: `OriginNotAllowed`. Empty for `CORS_DENIAL_NONE` and unknown numbers.
#[unsafe(no_mangle)]
pub extern "C" fn cors_denial_name(denial: cors_denial) -> cors_string {
    raw::string(find(denial).map_or("", Denial::name).as_bytes())
}

/// A denial in a sentence. Empty for `CORS_DENIAL_NONE` and unknown numbers.
#[unsafe(no_mangle)]
pub extern "C" fn cors_denial_message(denial: cors_denial) -> cors_string {
    raw::string(find(denial).map_or("", Denial::message).as_bytes())
}

/// A code in a sentence. Empty for unknown numbers.
#[unsafe(no_mangle)]
pub extern "C" fn cors_code_message(code: cors_code) -> cors_string {
    let message = match code {
        CORS_OK => "done",
        CORS_ERROR_NULL => "a pointer is NULL or not aligned",
        CORS_ERROR_SIZE => "the size of a struct is none that this library knows",
        CORS_ERROR_LENGTH => "a length is beyond its limit",
        CORS_ERROR_UTF8 => "a text is not UTF-8",
        CORS_ERROR_VALUE => "a number is none of those that it can be",
        CORS_ERROR_CONFIG => "the config has a problem",
        CORS_ERROR_BUFFER => "the buffer is too small",
        CORS_ERROR_IMAGE => "the bytes are no image, or a damaged one",
        CORS_ERROR_COLLISIONS => "the origins collide",
        _ => "",
    };
    raw::string(message.as_bytes())
}

/// The name of a config's member: `allow_origins`. Empty for `CORS_FIELD_NONE` and unknown numbers.
#[unsafe(no_mangle)]
pub extern "C" fn cors_field_name(field: cors_field_id) -> cors_string {
    raw::string(field_name(field).as_bytes())
}

pub(crate) const fn field_name(field: cors_field_id) -> &'static str {
    match field {
        CORS_FIELD_ALLOW_ORIGINS => "allow_origins",
        CORS_FIELD_ALLOW_METHODS => "allow_methods",
        CORS_FIELD_ALLOW_HEADERS => "allow_headers",
        CORS_FIELD_EXPOSE_HEADERS => "expose_headers",
        CORS_FIELD_MAX_AGE => "max_age",
        CORS_FIELD_PREFLIGHT_STATUS => "preflight_status",
        _ => "",
    }
}

/// The name of a `CORS_RISK_…`, as policy files spell it: `NullOrigin`. Empty for other numbers.
#[unsafe(no_mangle)]
pub extern "C" fn cors_risk_name(risk: u32) -> cors_string {
    let named = Risk::ALL.into_iter().find(|&other| risk_bit(other) == risk);
    raw::string(named.map_or("", Risk::name).as_bytes())
}

/// The `CORS_RISK_…` of that name; 0 if there is none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cors_risk_from_name(name: cors_string) -> u32 {
    // SAFETY: the pointer is what the header says.
    let name = unsafe { raw::bytes(name, Place::of("name")) }.ok().and_then(|name| str::from_utf8(name).ok());
    name.and_then(Risk::from_name).map_or(0, risk_bit)
}

fn find(denial: cors_denial) -> Option<Denial> {
    Denial::ALL.into_iter().find(|&other| other as u8 == denial)
}

// The header has the numbers as literals: these are the package's.
const _: () = {
    const fn number(text: &str) -> u32 {
        match u32::from_str_radix(text, 10) {
            Ok(number) => number,
            Err(_) => u32::MAX,
        }
    }
    assert!(CORS_VERSION_MAJOR == number(env!("CARGO_PKG_VERSION_MAJOR")));
    assert!(CORS_VERSION_MINOR == number(env!("CARGO_PKG_VERSION_MINOR")));
    assert!(CORS_VERSION_PATCH == number(env!("CARGO_PKG_VERSION_PATCH")));
};
