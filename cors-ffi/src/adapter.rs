//! `cors_is_policy_field`, `cors_vary_merge`, `cors_is_same_origin` and `cors_path_find`: `cors_core::adapter` for servers in C.

use core::ffi::{c_char, c_void};
use core::ptr;
#[cfg(feature = "paths")]
use core::str;

#[cfg(feature = "paths")]
use cors_core::adapter::{FoundPrefix, PathPrefix, RequestPath, find_prefix};
use cors_core::adapter::{Sender, is_policy_field, merge_vary};

use crate::code::Code;
use crate::raw::{self, Buffer};
use crate::text::{Fault, Place};
use crate::types::{cors_code, cors_string};

/// Returns true for the name of a response field that only the policy may set: every `Access-Control-Allow-…`,
/// `Access-Control-Expose-Headers` and `Access-Control-Max-Age`, in any case of their letters. Remove those of the
/// application from every response, before the fields of a decision are added. False on an error.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cors_is_policy_field(name: cors_string) -> bool {
    // SAFETY: the pointer is as the header requires.
    unsafe { raw::bytes(name, Place::of("name")) }.is_ok_and(is_policy_field)
}

/// Merges the value of a decision's `vary` into the application's lines of `Vary`: a response has one line. `names` is the
/// decision's value, `lines` are those of the application, in order.
///
/// `*length` is 0 if the response may stay as it is. Otherwise it is the length of the value of the one line to send in the
/// place of all others, which is written to `buffer`, without a zero at its end. Room for all lines, two bytes for each of
/// them, and the names is always enough; with less the function may return `CORS_ERROR_BUFFER`, and `*length` is the
/// length that is needed. `buffer` must not overlap what is read.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cors_vary_merge(
    lines: *const cors_string,
    line_count: usize,
    names: cors_string,
    buffer: *mut c_char,
    buffer_size: usize,
    length: *mut usize,
) -> cors_code {
    // SAFETY: the pointers are as the header requires.
    unsafe { merge(lines, line_count, names, (buffer.cast(), buffer_size), length) }
        .unwrap_or_else(|fault| fault.code())
        .number()
}

/// Returns true if a request comes from a page of the server's own origin. Browsers send `Origin` with such requests, too,
/// and let the page read the response: a server that refuses or counts denied requests leaves these out.
///
/// - `origin`, `sec_fetch_site` and `host` are the values of these fields; `host` is `:authority` in HTTP/2. A string of
///   which `data` is NULL stands for a field that the request does not have. For a `sec_fetch_site` in several lines give an
///   empty string that is not NULL.
/// - `scheme` is the server's: `http` or `https`; NULL if the server does not know it.
/// - `own_origins` are the origins of the site's pages. If there are any, they are compared in the place of `scheme` and
///   `host`: a server behind a proxy that ends TLS names them.
///
/// `Sec-Fetch-Site`, where a request has it, alone decides. False on an error.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cors_is_same_origin(
    origin: cors_string,
    sec_fetch_site: cors_string,
    scheme: cors_string,
    host: cors_string,
    own_origins: *const cors_string,
    own_origin_count: usize,
) -> bool {
    // SAFETY: the pointers are as the header requires.
    unsafe { is_same_origin(origin, [sec_fetch_site, scheme, host], own_origins, own_origin_count) }
        .unwrap_or(false)
}

/// Finds which of several policies is for a path. `prefixes` are their paths, such as `/api`, or `/` for every path: `*index` is the
/// place of the longest that the path is, or lies below; `prefix_count` if there is none, and then the request has nothing
/// to do with CORS.
///
/// `path` is the one that the browser sent, without its query. `is_decoded` is true if the server has decoded its percent-escapes,
/// once. Servers read some paths in several ways (`//api`, `/public/..%2fapi`, `/API`). If these ways fall under different
/// prefixes, `*index` is `SIZE_MAX`, and the decision is that of `cors_evaluate_ambiguous_path`.
///
/// Returns `CORS_ERROR_VALUE` for a text among `prefixes` that is not a prefix: no slash at its beginning, segments that are empty
/// or of dots, a percent sign, wildcards. `*index` is `SIZE_MAX` on every error.
#[cfg(feature = "paths")]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cors_path_find(
    path: cors_string,
    is_decoded: bool,
    prefixes: *const cors_string,
    prefix_count: usize,
    index: *mut usize,
) -> cors_code {
    // SAFETY: the pointers are as the header requires.
    unsafe { find(path, is_decoded, prefixes, prefix_count, index) }
        .map_or_else(|fault| fault.code(), |()| Code::Ok)
        .number()
}

/// # Safety
///
/// The pointers are what [`cors_path_find`] says.
#[cfg(feature = "paths")]
unsafe fn find(
    path: cors_string,
    is_decoded: bool,
    prefixes: *const cors_string,
    prefix_count: usize,
    index: *mut usize,
) -> Result<(), Fault> {
    let place = Place::of("prefixes");
    // SAFETY: by the caller's promise.
    unsafe {
        raw::write(index, usize::MAX, "index")?;
        let path = raw::bytes(path, Place::of("path"))?;
        let path = if is_decoded { RequestPath::Decoded(path) } else { RequestPath::Raw(path) };
        let prefixes = raw::objects(prefixes, prefix_count, place)?;
        for prefix in prefixes {
            let text = str::from_utf8(raw::bytes(*prefix, place)?).map_err(|_| Fault::Utf8(place))?;
            PathPrefix::parse(text).map_err(|_| Fault::Value(place))?;
        }
        // Each is read without an error: see above.
        let prefixes = prefixes.iter().map(|prefix| {
            let text = raw::bytes(*prefix, place).ok().and_then(|text| str::from_utf8(text).ok());
            text.and_then(|text| PathPrefix::parse(text).ok()).unwrap_or(PathPrefix::EVERY)
        });
        let found = match find_prefix(path, prefixes) {
            FoundPrefix::At(found) => found,
            FoundPrefix::Nowhere => prefix_count,
            FoundPrefix::Ambiguous => usize::MAX,
        };
        raw::write(index, found, "index")
    }
}

/// # Safety
///
/// The pointers are what [`cors_vary_merge`] says.
unsafe fn merge(
    lines: *const cors_string,
    line_count: usize,
    names: cors_string,
    (buffer, buffer_size): (*mut c_void, usize),
    length: *mut usize,
) -> Result<Code, Fault> {
    // SAFETY: by the caller's promise.
    unsafe {
        raw::write(length, 0, "length")?;
        let lines = raw::objects(lines, line_count, Place::of("lines"))?;
        for line in lines {
            raw::bytes(*line, Place::of("lines"))?;
        }
        // Each is read without an error: see above.
        let bytes = || lines.iter().map(|line| raw::bytes(*line, Place::of("lines")).unwrap_or_default());
        let Some(merged) = merge_vary(bytes, raw::bytes(names, Place::of("names"))?) else {
            return Ok(Code::Ok);
        };
        let needed = merged.len();
        raw::write(length, needed, "length")?;
        if needed > buffer_size {
            return Ok(Code::Buffer);
        }
        Buffer::new(buffer, buffer_size, "buffer")?;
        let mut end = buffer.cast::<u8>();
        merged.for_each_piece(|piece| {
            // SAFETY: the pieces have `needed` bytes together, for which there is room; nothing that is read overlaps it.
            ptr::copy_nonoverlapping(piece.as_ptr(), end, piece.len());
            end = end.add(piece.len());
        });
        Ok(Code::Ok)
    }
}

/// # Safety
///
/// The pointers are what [`cors_is_same_origin`] says.
unsafe fn is_same_origin(
    origin: cors_string,
    known: [cors_string; 3],
    own_origins: *const cors_string,
    own_origin_count: usize,
) -> Result<bool, Fault> {
    // SAFETY: by the caller's promise.
    unsafe {
        let place = Place::of("own_origins");
        let own_origins = raw::objects(own_origins, own_origin_count, place)?;
        for own in own_origins {
            raw::bytes(*own, place)?;
        }
        let known = known
            .map(|field| (!field.data.is_null()).then(|| raw::bytes(field, Place::of("field"))).transpose());
        let [sec_fetch_site, scheme, host] = known;
        let sender = Sender {
            origin: raw::bytes(origin, Place::of("origin"))?,
            sec_fetch_site: sec_fetch_site?,
            scheme: scheme?,
            host: host?,
        };
        Ok(sender.is_same_origin(own_origins.iter().map(|own| raw::bytes(*own, place).unwrap_or_default())))
    }
}
