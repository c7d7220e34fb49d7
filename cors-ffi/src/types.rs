//! The types and constants of the C interface.

#![allow(non_camel_case_types, reason = "they are C's names")]

use core::ffi::{c_char, c_void};

use cors_core::{ConfigField, Denial, FieldOp, Kind, Request, Risk};

/// What a function answers: `CORS_OK`, or why it did nothing. The numbers are stable.
pub type cors_code = i32;

/// Done.
pub const CORS_OK: cors_code = 0;
/// A pointer is NULL that must not be, is NULL with a length, or is not aligned for what it points to.
pub const CORS_ERROR_NULL: cors_code = 1;
/// The member `size` of a struct is none that this library knows: it was not set by its `_INIT` macro, or the program
/// was built with the header of a newer library, whose members this one would pass over.
pub const CORS_ERROR_SIZE: cors_code = 2;
/// A length or a count is beyond its limit, or no object can be as large.
pub const CORS_ERROR_LENGTH: cors_code = 3;
/// A text that has to be UTF-8 is not.
pub const CORS_ERROR_UTF8: cors_code = 4;
/// A number is none of those that its member can have.
pub const CORS_ERROR_VALUE: cors_code = 5;
/// The config has a problem: `field`, `index` and the message of the error say which.
pub const CORS_ERROR_CONFIG: cors_code = 6;
/// The buffer is too small: `needed` of the error says how many bytes it takes.
pub const CORS_ERROR_BUFFER: cors_code = 7;
/// The bytes are no image that this version reads, or one that is cut short or damaged.
pub const CORS_ERROR_IMAGE: cors_code = 8;
/// No table of these origins keeps its bounds: they were made to collide.
pub const CORS_ERROR_COLLISIONS: cors_code = 9;

/// C's `bool`, taken as a byte: one that is neither 0 nor 1 is true, where a `bool` of Rust's must not be anything else.
pub type cors_bool = u8;

/// Bytes that somebody else owns: a pointer and a length. There need be no NUL after them, and there may be some among
/// them. `data` may be NULL if `len` is 0.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct cors_string {
    /// The first byte.
    pub data: *const c_char,
    /// How many bytes.
    pub len: usize,
}

/// A header field line of a request, or a header that a page sets.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct cors_header {
    /// The name, in any case.
    pub name: cors_string,
    /// The value, without the white space around it.
    pub value: cors_string,
}

/// Tells whether a domain, such as `github.io`, is a public suffix, under which anyone can have a name. `context` is
/// that of the config.
pub type cors_is_public_suffix =
    Option<unsafe extern "C" fn(context: *mut c_void, domain: *const c_char, len: usize) -> cors_bool>;

/// What a policy should allow. Begin with `CORS_CONFIG_INIT`, which allows nothing, and set what should be allowed.
///
/// It borrows the caller's strings, which have to be UTF-8, for as long as a call lasts.
#[repr(C)]
pub struct cors_config {
    /// `sizeof(cors_config)`, as `CORS_CONFIG_INIT` sets it.
    pub size: usize,
    /// The origins whose pages may read responses: `https://app.example.com`; with a star for the first label, or for a
    /// part of it (`https://pr-*.example.com`), or for the port (`https://example.com:*`); or `*` alone for any.
    pub allow_origins: *const cors_string,
    /// How many.
    pub allow_origin_count: usize,
    /// The methods beside GET, HEAD and POST, which are always allowed; or `*` alone for any.
    pub allow_methods: *const cors_string,
    /// How many.
    pub allow_method_count: usize,
    /// The request headers that pages may set beside the safelisted ones; or `*` for any.
    pub allow_headers: *const cors_string,
    /// How many.
    pub allow_header_count: usize,
    /// The response headers that pages may read beside the safelisted ones; or `*` alone for any.
    pub expose_headers: *const cors_string,
    /// How many.
    pub expose_header_count: usize,
    /// For how many seconds a browser may keep the answer to a preflight, at most 86400; `CORS_MAX_AGE_NONE` leaves the
    /// field out.
    pub max_age: i64,
    /// The dangerous settings that the operator knows of: `CORS_RISK_…`, joined with `|`. Each is refused until it is
    /// named here.
    pub accept_risks: u32,
    /// The status of the answer to an allowed preflight, 200 to 299; 204 at first.
    pub preflight_status: u16,
    /// Whether pages may send cookies, client certificates and HTTP authentication.
    pub allow_credentials: cors_bool,
    /// Whether to answer `Access-Control-Request-Private-Network`, which browsers no longer send.
    pub allow_private_network: cors_bool,
    /// Asked of domains right of a wildcard if credentials are allowed. NULL: `CORS_RISK_PUBLIC_SUFFIX` is never seen.
    pub is_public_suffix: cors_is_public_suffix,
    /// Handed to `is_public_suffix`.
    pub context: *mut c_void,
}

/// For `max_age`: the response says nothing of it, and browsers keep the answer for 5 seconds.
pub const CORS_MAX_AGE_NONE: i64 = i64::MAX;

/// `null` among the origins.
pub const CORS_RISK_NULL_ORIGIN: u32 = 1;
/// `*` among the origins, with credentials: any origin is then echoed.
pub const CORS_RISK_ANY_ORIGIN_WITH_CREDENTIALS: u32 = 2;
/// With credentials, an origin that is neither https nor on this machine.
pub const CORS_RISK_INSECURE_ORIGIN: u32 = 4;
/// With credentials, a wildcard right under a public suffix.
pub const CORS_RISK_PUBLIC_SUFFIX: u32 = 8;

/// Which member of a config has a problem.
pub type cors_field_id = u8;

/// None: the error is about something else.
pub const CORS_FIELD_NONE: cors_field_id = 0;
/// `allow_origins`
pub const CORS_FIELD_ALLOW_ORIGINS: cors_field_id = 1;
/// `allow_methods`
pub const CORS_FIELD_ALLOW_METHODS: cors_field_id = 2;
/// `allow_headers`
pub const CORS_FIELD_ALLOW_HEADERS: cors_field_id = 3;
/// `expose_headers`
pub const CORS_FIELD_EXPOSE_HEADERS: cors_field_id = 4;
/// `max_age`
pub const CORS_FIELD_MAX_AGE: cors_field_id = 5;
/// `preflight_status`
pub const CORS_FIELD_PREFLIGHT_STATUS: cors_field_id = 6;

/// For `index`: the member is no list.
pub const CORS_INDEX_NONE: usize = usize::MAX;

/// The bytes of an error's message, the NUL after it among them.
pub const CORS_MESSAGE_SIZE: usize = 1024;

/// Why a function failed. The caller's, and written only if the code is not `CORS_OK`; wherever one is asked for, NULL is
/// taken, too. Its size does not change within a soname.
#[repr(C)]
pub struct cors_error {
    /// What the function returned.
    pub code: cors_code,
    /// Which member of the config; `CORS_FIELD_NONE` if it is about something else.
    pub field: cors_field_id,
    /// If a risk that the config does not accept is all that is wrong, its `CORS_RISK_…`; else 0.
    pub risk: u32,
    /// Which entry of the list, from 0; `CORS_INDEX_NONE` if it is about none.
    pub index: usize,
    /// Of `CORS_ERROR_BUFFER`: how many bytes it takes.
    pub needed: usize,
    /// The length of the whole message in bytes. If it is `CORS_MESSAGE_SIZE` or more, `message` has only its beginning.
    pub message_len: usize,
    /// What is wrong, and what to write instead, in UTF-8 with a NUL at the end.
    pub message: [c_char; CORS_MESSAGE_SIZE],
}

/// A policy: the bytes of an image that `cors_policy_compile` wrote or `cors_policy_load` checked. It owns nothing: the
/// bytes have to stay where they are, unchanged, as long as the policy is used. Copy it and share it freely: any number
/// of threads may evaluate it at once.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct cors_policy {
    /// The first byte of the image.
    pub data: *const u8,
    /// How many bytes. They can be written to a file and loaded again, on any machine.
    pub len: usize,
}

/// What of a request the decision depends on. It borrows the server's own strings.
#[repr(C)]
pub struct cors_request {
    /// `sizeof(cors_request)`, as `CORS_REQUEST_INIT` sets it.
    pub size: usize,
    /// The method, as sent.
    pub method: cors_string,
    /// The header field lines: all of them, or only Origin and Access-Control-Request-*, which alone are looked at. A
    /// field that occurs twice has to be there twice.
    pub headers: *const cors_header,
    /// How many.
    pub header_count: usize,
}

/// What a request is.
pub type cors_kind = u8;

/// It has no `Origin`: there is nothing to decide.
pub const CORS_KIND_NOT_CORS: cors_kind = 0;
/// The application answers it, and the fields are added to the response, whatever its status.
pub const CORS_KIND_ACTUAL: cors_kind = 1;
/// The decision is the answer: `status` and the fields, without a body. The application does not see the request.
pub const CORS_KIND_PREFLIGHT: cors_kind = 2;

/// Why a request is denied. The numbers are stable; new ones may come.
pub type cors_denial = u8;

/// It is allowed.
pub const CORS_DENIAL_NONE: cors_denial = 0;
/// The policy does not allow this origin.
pub const CORS_DENIAL_ORIGIN_NOT_ALLOWED: cors_denial = 1;
/// The `Origin` field holds no serialized origin.
pub const CORS_DENIAL_MALFORMED_ORIGIN: cors_denial = 2;
/// There is more than one `Origin` field.
pub const CORS_DENIAL_MULTIPLE_ORIGINS: cors_denial = 3;
/// There is more than one `Access-Control-Request-Method` field.
pub const CORS_DENIAL_MULTIPLE_REQUEST_METHODS: cors_denial = 4;
/// The policy does not allow this method.
pub const CORS_DENIAL_METHOD_NOT_ALLOWED: cors_denial = 5;
/// The `Access-Control-Request-Method` field holds no method.
pub const CORS_DENIAL_MALFORMED_METHOD: cors_denial = 6;
/// The policy does not allow one of these request headers.
pub const CORS_DENIAL_HEADER_NOT_ALLOWED: cors_denial = 7;
/// The `Access-Control-Request-Headers` field is no list of header names.
pub const CORS_DENIAL_MALFORMED_HEADERS: cors_denial = 8;
/// The `Access-Control-Request-Headers` field is too long.
pub const CORS_DENIAL_HEADERS_TOO_LONG: cors_denial = 9;

/// How a field meets one of the same name in the application's response.
pub type cors_op = u8;

/// It takes the place of every field of that name.
pub const CORS_OP_REPLACE: cors_op = 0;
/// It is added to the others.
pub const CORS_OP_APPEND: cors_op = 1;

/// A header field to send.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct cors_field {
    /// The name, in lower case. It lives for ever.
    pub name: cors_string,
    /// The value. It lives as long as the policy and the request.
    pub value: cors_string,
    /// `CORS_OP_REPLACE` or `CORS_OP_APPEND`.
    pub op: cors_op,
}

/// The most fields that a decision has.
pub const CORS_MAX_FIELDS: usize = 40;

/// What a policy says of a request. Its size does not change within a soname, so that it can lie on the stack.
#[repr(C)]
pub struct cors_decision {
    /// `CORS_KIND_…`
    pub kind: cors_kind,
    /// Why the request is denied, or `CORS_DENIAL_NONE`.
    pub denial: cors_denial,
    /// The status to answer a preflight with, allowed or denied; 0 for other requests, whose status is the application's.
    pub status: u16,
    /// How many fields there are.
    pub field_count: u32,
    /// The fields to send, in this order; those after `field_count` are not written.
    pub fields: [cors_field; CORS_MAX_FIELDS],
}

/// A page's fetch, for `cors_explain`. Begin with `CORS_FETCH_INIT`.
#[repr(C)]
pub struct cors_fetch {
    /// `sizeof(cors_fetch)`, as `CORS_FETCH_INIT` sets it.
    pub size: usize,
    /// The page's origin, as a browser writes it.
    pub origin: cors_string,
    /// The address that the page asks.
    pub url: cors_string,
    /// The method; empty stands for GET.
    pub method: cors_string,
    /// The headers that the page sets, at most `CORS_MAX_FETCH_HEADERS`.
    pub headers: *const cors_header,
    /// How many.
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

/// The most headers of a `cors_fetch`.
pub const CORS_MAX_FETCH_HEADERS: usize = 128;

/// The Fetch standard, or an engine.
pub type cors_engine = u8;

/// The Fetch standard to the letter.
pub const CORS_ENGINE_STANDARD: cors_engine = 0;
/// Chrome, Edge and others.
pub const CORS_ENGINE_CHROMIUM: cors_engine = 1;
/// Firefox.
pub const CORS_ENGINE_FIREFOX: cors_engine = 2;
/// Safari.
pub const CORS_ENGINE_WEBKIT: cors_engine = 3;

/// The number of a field.
pub(crate) fn field_id(field: ConfigField) -> cors_field_id {
    match field {
        ConfigField::AllowOrigins => CORS_FIELD_ALLOW_ORIGINS,
        ConfigField::AllowMethods => CORS_FIELD_ALLOW_METHODS,
        ConfigField::AllowHeaders => CORS_FIELD_ALLOW_HEADERS,
        ConfigField::ExposeHeaders => CORS_FIELD_EXPOSE_HEADERS,
        ConfigField::MaxAge => CORS_FIELD_MAX_AGE,
        ConfigField::PreflightStatus => CORS_FIELD_PREFLIGHT_STATUS,
        _ => CORS_FIELD_NONE,
    }
}

/// The bit of a risk.
pub(crate) const fn risk_bit(risk: Risk) -> u32 {
    1 << (risk as u32 - 1)
}

// The header has the numbers as literals: these are the engine's.
const _: () = {
    // Each line of Access-Control-Request-Headers may be echoed, beside one of each other field.
    assert!(CORS_MAX_FIELDS >= Request::MAX_HEADER_LINES + 7);
    assert!(CORS_KIND_NOT_CORS == Kind::NotCors as u8);
    assert!(CORS_KIND_ACTUAL == Kind::Actual as u8);
    assert!(CORS_KIND_PREFLIGHT == Kind::Preflight as u8);
    assert!(CORS_OP_REPLACE == FieldOp::Replace as u8);
    assert!(CORS_OP_APPEND == FieldOp::Append as u8);
    assert!(CORS_DENIAL_ORIGIN_NOT_ALLOWED == Denial::OriginNotAllowed as u8);
    assert!(CORS_DENIAL_MALFORMED_ORIGIN == Denial::MalformedOrigin as u8);
    assert!(CORS_DENIAL_MULTIPLE_ORIGINS == Denial::MultipleOrigins as u8);
    assert!(CORS_DENIAL_MULTIPLE_REQUEST_METHODS == Denial::MultipleRequestMethods as u8);
    assert!(CORS_DENIAL_METHOD_NOT_ALLOWED == Denial::MethodNotAllowed as u8);
    assert!(CORS_DENIAL_MALFORMED_METHOD == Denial::MalformedMethod as u8);
    assert!(CORS_DENIAL_HEADER_NOT_ALLOWED == Denial::HeaderNotAllowed as u8);
    assert!(CORS_DENIAL_MALFORMED_HEADERS == Denial::MalformedHeaders as u8);
    assert!(CORS_DENIAL_HEADERS_TOO_LONG == Denial::HeadersTooLong as u8);
    assert!(Denial::ALL.len() == 9);
    assert!(CORS_RISK_NULL_ORIGIN == risk_bit(Risk::NullOrigin));
    assert!(CORS_RISK_ANY_ORIGIN_WITH_CREDENTIALS == risk_bit(Risk::AnyOriginWithCredentials));
    assert!(CORS_RISK_INSECURE_ORIGIN == risk_bit(Risk::InsecureOrigin));
    assert!(CORS_RISK_PUBLIC_SUFFIX == risk_bit(Risk::PublicSuffix));
    assert!(Risk::ALL.len() == 4);
};
