//! `cors_explain`: a fetch explained step by step, in a caller's buffer.

use core::ffi::{c_char, c_void};
use core::{fmt, str};

use cors_core::Origin;
use cors_core::browser::{Api, CredentialsMode, Engine, Fetch, Header};
use cors_core::explain::{Explanation, Requests};
use heapless::Vec;

use crate::code::Code;
use crate::evaluate::policy_of;
use crate::raw;
use crate::text::{Cause, Fault, Place, answer, render};
use crate::types::{
    CORS_ENGINE_CHROMIUM, CORS_ENGINE_FIREFOX, CORS_ENGINE_STANDARD, CORS_ENGINE_WEBKIT,
    CORS_MAX_FETCH_HEADERS, cors_code, cors_engine, cors_error, cors_fetch, cors_policy,
};

/// The most bytes of `Access-Control-Request-Headers` that a fetch may need: as many as a policy reads.
const MAX_NAMES_LEN: usize = cors_core::Policy::MAX_REQUEST_HEADERS_LEN;

const HEADERS: Place = Place::of("headers");

/// Explains the result of a page's fetch under a policy: writes what page, browser and server send to each other, the
/// message in the browser's console, and each obstacle with its fixes. The text is UTF-8, one item a line, with a NUL at the
/// end.
///
/// If `needed` is not NULL, the function sets it to the number of bytes of the text and its NUL. If `buffer_len` is less,
/// the buffer gets the beginning of the text, and the function returns `CORS_ERROR_BUFFER`.
///
/// The function takes up to 64 KiB of stack: it is for logs and tools, not for each request. A libcors that was built
/// without the feature `explain` does not have it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cors_explain(
    policy: *const cors_policy,
    fetch: *const cors_fetch,
    engine: cors_engine,
    buffer: *mut c_char,
    buffer_len: usize,
    needed: *mut usize,
    error: *mut cors_error,
) -> cors_code {
    // SAFETY: the pointers are as the header requires.
    unsafe { answer(error, explain(policy, fetch, engine, (buffer, buffer_len), needed)) }
}

/// # Safety
///
/// As for [`cors_explain`].
unsafe fn explain(
    policy: *const cors_policy,
    fetch: *const cors_fetch,
    engine: cors_engine,
    (buffer, buffer_len): (*mut c_char, usize),
    needed: *mut usize,
) -> Result<(), Fault<TooSmall>> {
    // SAFETY: by the caller's promise.
    let (policy, buffer) = unsafe {
        let policy = policy_of(policy)?;
        (policy, raw::Buffer::new(buffer.cast::<c_void>(), buffer_len, "buffer")?.front(buffer_len))
    };
    let engine = engine_of(engine)?;
    let explain = |fetch: &Fetch<'_>| {
        let mut names = [0; MAX_NAMES_LEN];
        let requests = Requests::of(fetch, engine, &mut names).map_err(|_| Fault::Length(HEADERS))?;
        Ok(render(buffer, &WithConsole(&requests.explain(&policy))).saturating_add(1))
    };
    // SAFETY: by the caller's promise.
    let size = unsafe {
        let size = with_fetch(fetch, explain)?;
        if !needed.is_null() {
            raw::write(needed, size, "needed")?;
        }
        size
    };
    if size > buffer_len { Err(Fault::Engine(TooSmall { needed: size })) } else { Ok(()) }
}

/// The buffer has fewer bytes than the text and its NUL.
struct TooSmall {
    needed: usize,
}

impl Cause for TooSmall {
    fn code(&self) -> Code {
        Code::Buffer
    }

    fn needed(&self) -> usize {
        self.needed
    }
}

impl From<Fault> for Fault<TooSmall> {
    fn from(fault: Fault) -> Self {
        Fault::of_caller(&fault)
    }
}

impl fmt::Display for TooSmall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the buffer is too small: {} bytes are needed", self.needed)
    }
}

/// The explanation, followed by the message in the console.
struct WithConsole<'e>(&'e Explanation<'e>);

impl fmt::Display for WithConsole<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)?;
        match self.0.outcome() {
            Ok(outcome) if outcome.engine() == Engine::Firefox => {
                outcome.firefox_lines().try_for_each(|line| write!(f, "\nconsole: {line}"))
            }
            Ok(outcome) if !outcome.is_ok() => {
                f.write_str("\nconsole: ")?;
                outcome.chromium_message(f)
            }
            _ => Ok(()),
        }
    }
}

fn engine_of(engine: cors_engine) -> Result<Engine, Fault> {
    match engine {
        CORS_ENGINE_STANDARD => Ok(Engine::Standard),
        CORS_ENGINE_CHROMIUM => Ok(Engine::Chromium),
        CORS_ENGINE_FIREFOX => Ok(Engine::Firefox),
        CORS_ENGINE_WEBKIT => Ok(Engine::WebKit),
        _ => Err(Fault::Value(Place::of("engine"))),
    }
}

/// # Safety
///
/// `fetch` is NULL, or points to a fetch whose pointers are as [`cors_fetch`] requires.
unsafe fn with_fetch(
    fetch: *const cors_fetch,
    f: impl FnOnce(&Fetch<'_>) -> Result<usize, Fault>,
) -> Result<usize, Fault> {
    // SAFETY: by the caller's promise.
    let (given, headers) = unsafe {
        let given: &cors_fetch = raw::sized(fetch, "fetch")?;
        (given, raw::objects(given.headers, given.header_count, HEADERS)?)
    };
    if headers.len() > CORS_MAX_FETCH_HEADERS {
        return Err(Fault::Length(HEADERS));
    }
    // SAFETY: by the caller's promise.
    let bytes = |string, place| unsafe { raw::bytes(string, place) };
    let text = |string, place| str::from_utf8(bytes(string, place)?).map_err(|_| Fault::Utf8(place));
    let mut listed: Vec<Header<'_>, CORS_MAX_FETCH_HEADERS> = Vec::new();
    for (index, header) in headers.iter().enumerate() {
        let place = HEADERS.entry(index);
        let header = Header::new(text(header.name, place)?, bytes(header.value, place)?);
        // There is room: `headers.len()` was checked.
        let _ = listed.push(header);
    }
    let origin = Origin::parse(bytes(given.origin, Place::of("origin"))?)
        .map_err(|_| Fault::Value(Place::of("origin")))?;
    let method = text(given.method, Place::of("method"))?;
    f(&Fetch {
        method: if method.is_empty() { "GET" } else { method },
        headers: &listed,
        credentials: if given.credentials != 0 {
            CredentialsMode::Include
        } else {
            CredentialsMode::SameOrigin
        },
        api: if given.xml_http_request != 0 { Api::XmlHttpRequest } else { Api::Fetch },
        has_body: given.has_body != 0 || given.stream_body != 0,
        stream_body: given.stream_body != 0,
        upload_listener: given.upload_listener != 0,
        ..Fetch::new(origin, text(given.url, Place::of("url"))?)
    })
}
