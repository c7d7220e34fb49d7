//! The types of the C interface, and its limits. The constants that come from tables are in `numbers.rs`.

#![allow(non_camel_case_types, reason = "they are C's names")]

use core::ffi::{c_char, c_void};

use cors_core::{Request, Risk};

/// What a function returns: `CORS_OK`, or why it did nothing. The numbers are stable.
pub type cors_code = i32;

/// C's `bool`, read as a byte: a byte that is neither 0 nor 1 counts as true, and Rust's `bool` must not hold one.
pub type cors_bool = u8;

/// Bytes that somebody else owns: a pointer and a length. The bytes may contain NUL, and need not end in one. `data` may be
/// NULL if `len` is 0.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct cors_string {
    /// The first byte.
    pub data: *const c_char,
    /// The number of bytes.
    pub len: usize,
}

/// A header field line of a request, or a header that a page sets.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct cors_header {
    /// The name, in any case.
    pub name: cors_string,
    /// The value as received. Spaces and tabs around it do not belong to it, and are taken off.
    pub value: cors_string,
}

/// Returns true if strangers have names under a domain: a public suffix such as `github.io`, or one such as `amazonaws.com`
/// that has some below it. `context` is the member of the config.
pub type cors_is_public_suffix =
    Option<unsafe extern "C" fn(context: *mut c_void, domain: *const c_char, len: usize) -> cors_bool>;

/// What a policy should allow. Begin with `CORS_CONFIG_INIT`, which allows nothing, and set what should be allowed.
///
/// The strings have to be UTF-8. The library reads them during a call only.
#[repr(C)]
pub struct cors_config {
    /// `sizeof(cors_config)`, as `CORS_CONFIG_INIT` sets it.
    pub size: usize,
    /// The origins whose pages may read responses: `https://app.example.com`; with a star for the first label, or for a
    /// part of it (`https://pr-*.example.com`), or for the port (`https://example.com:*`); or `*` alone for any.
    pub allow_origins: *const cors_string,
    /// The number of entries.
    pub allow_origin_count: usize,
    /// The methods other than GET, HEAD and POST, which are always allowed; or `*` alone for any.
    pub allow_methods: *const cors_string,
    /// The number of entries.
    pub allow_method_count: usize,
    /// The request headers that pages may set in addition to the safelisted ones; or `*` for any.
    pub allow_headers: *const cors_string,
    /// The number of entries.
    pub allow_header_count: usize,
    /// The response headers that pages may read in addition to the safelisted ones; or `*` alone for any.
    pub expose_headers: *const cors_string,
    /// The number of entries.
    pub expose_header_count: usize,
    /// The seconds that a browser may cache the answer to a preflight, at most 86400; `CORS_MAX_AGE_NONE` leaves the field
    /// out.
    pub max_age: i64,
    /// The dangerous settings that the operator accepts: `CORS_RISK_…`, joined with `|`. Each is refused until it is named
    /// here.
    pub accept_risks: u32,
    /// The status of the answer to an allowed preflight, 200 to 299; `CORS_CONFIG_INIT` sets 204.
    pub preflight_status: u16,
    /// Whether pages may send cookies, client certificates and HTTP authentication.
    pub allow_credentials: cors_bool,
    /// Whether to answer `Access-Control-Request-Private-Network`, which browsers no longer send.
    pub allow_private_network: cors_bool,
    /// Called with the domains to the right of a wildcard if credentials are allowed. If it is NULL, the public suffix list
    /// of the library is asked.
    pub is_public_suffix: cors_is_public_suffix,
    /// Passed to `is_public_suffix`.
    pub context: *mut c_void,
}

/// For `max_age`: the response has no `Access-Control-Max-Age`, and browsers cache the answer for 5 seconds.
pub const CORS_MAX_AGE_NONE: i64 = i64::MAX;

/// The member of a config that has a problem. The numbers are stable.
pub type cors_field_id = u8;

/// The error is not about a member of a config.
pub const CORS_FIELD_NONE: cors_field_id = 0;

/// For `index`: the error is not about an entry of a list.
pub const CORS_INDEX_NONE: usize = usize::MAX;

/// The bytes of an error's message, including the NUL at its end.
pub const CORS_MESSAGE_SIZE: usize = 1024;

/// Why a function failed. The caller owns it, and a function writes it only if the code is not `CORS_OK`. Every function
/// also takes NULL for it. Its size does not change within a soname.
#[repr(C)]
pub struct cors_error {
    /// The code that the function returned.
    pub code: cors_code,
    /// The member of the config that the error is about, or `CORS_FIELD_NONE`.
    pub field: cors_field_id,
    /// The `CORS_RISK_…` that the config would have to accept, if the error is that it does not; else 0.
    pub risk: u32,
    /// The entry of the list that the error is about, from 0, or `CORS_INDEX_NONE`.
    pub index: usize,
    /// For `CORS_ERROR_BUFFER`: the number of bytes that the buffer has to have.
    pub needed: usize,
    /// The length of the whole message in bytes. If the length is `CORS_MESSAGE_SIZE` or more, `message` has the beginning
    /// only.
    pub message_len: usize,
    /// What is wrong, and what to write instead, in UTF-8 with a NUL at the end.
    pub message: [c_char; CORS_MESSAGE_SIZE],
}

/// A policy: the bytes of an image that `cors_policy_compile` wrote or `cors_policy_load` checked. The policy does not own
/// the bytes: they have to stay where they are, unchanged, as long as the policy is used. A policy may be copied, and any
/// number of threads may evaluate it at once.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct cors_policy {
    /// The first byte of the image.
    pub data: *const u8,
    /// The number of bytes. The bytes can be written to a file and loaded again, on any machine.
    pub len: usize,
}

/// The parts of a request that CORS looks at. It borrows the server's own strings.
#[repr(C)]
pub struct cors_request {
    /// `sizeof(cors_request)`, as `CORS_REQUEST_INIT` sets it.
    pub size: usize,
    /// The method, as sent.
    pub method: cors_string,
    /// The header field lines: all of them, or only the lines of Origin and Access-Control-Request-*, since the library
    /// reads no others. A field that occurs twice has to be listed twice.
    pub headers: *const cors_header,
    /// The number of lines.
    pub header_count: usize,
}

/// What a request is to the CORS protocol.
pub type cors_kind = u8;

/// Why a request is denied. The numbers are stable; new ones may come.
pub type cors_denial = u8;

/// The request is allowed.
pub const CORS_DENIAL_NONE: cors_denial = 0;

/// What becomes of the application's header fields of the same name.
pub type cors_op = u8;

/// A header field to send.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct cors_field {
    /// The name, in lower case. It is static.
    pub name: cors_string,
    /// The value. It borrows from the policy and the request.
    pub value: cors_string,
    /// `CORS_OP_REPLACE` or `CORS_OP_APPEND`.
    pub op: cors_op,
}

/// The maximum number of fields of a decision.
pub const CORS_MAX_FIELDS: usize = 40;

/// What a policy decides about a request. Its size does not change within a soname, so that it can be on the stack.
#[repr(C)]
pub struct cors_decision {
    /// `CORS_KIND_…`
    pub kind: cors_kind,
    /// The reason why the request is denied, or `CORS_DENIAL_NONE`.
    pub denial: cors_denial,
    /// The status to answer a preflight with, allowed or denied; 0 for other requests, whose status the application
    /// chooses.
    pub status: u16,
    /// The number of fields.
    pub field_count: u32,
    /// The fields to send, in this order. Only the first `field_count` are written.
    pub fields: [cors_field; CORS_MAX_FIELDS],
}

/// A page's fetch, for `cors_explain`. Begin with `CORS_FETCH_INIT`.
#[repr(C)]
pub struct cors_fetch {
    /// `sizeof(cors_fetch)`, as `CORS_FETCH_INIT` sets it.
    pub size: usize,
    /// The page's origin, as a browser writes it.
    pub origin: cors_string,
    /// The address that the page fetches.
    pub url: cors_string,
    /// The method; empty means GET.
    pub method: cors_string,
    /// The headers that the page sets, at most `CORS_MAX_FETCH_HEADERS`.
    pub headers: *const cors_header,
    /// The number of headers.
    pub header_count: usize,
    /// The page sends credentials: `credentials: "include"`.
    pub credentials: cors_bool,
    /// The page uses `XMLHttpRequest`.
    pub xml_http_request: cors_bool,
    /// The request has a body.
    pub has_body: cors_bool,
    /// The body is a stream.
    pub stream_body: cors_bool,
    /// The page listens to the upload's progress.
    pub upload_listener: cors_bool,
}

/// The maximum number of headers of a `cors_fetch`.
pub const CORS_MAX_FETCH_HEADERS: usize = 128;

/// The Fetch standard, or a browser engine.
pub type cors_engine = u8;

/// The Fetch standard to the letter.
pub const CORS_ENGINE_STANDARD: cors_engine = 0;
/// Chrome, Edge and others.
pub const CORS_ENGINE_CHROMIUM: cors_engine = 1;
/// Firefox.
pub const CORS_ENGINE_FIREFOX: cors_engine = 2;
/// Safari.
pub const CORS_ENGINE_WEBKIT: cors_engine = 3;

/// Returns the bit of a risk.
pub(crate) const fn risk_bit(risk: Risk) -> u32 {
    1 << (risk as u32 - 1)
}

// Each line of Access-Control-Request-Headers may be echoed, next to one of each other field.
const _: () = assert!(CORS_MAX_FIELDS >= Request::MAX_HEADER_LINES + 7);
