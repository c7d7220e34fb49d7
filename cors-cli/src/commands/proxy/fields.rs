//! The fields that are not passed on: those of one connection (RFC 9110, section 7.6.1), and credentials that the policy
//! does not allow.

use cors_tower::Policy;
use http::header::{
    AUTHORIZATION, CONNECTION, CONTENT_LENGTH, COOKIE, PROXY_AUTHENTICATE, PROXY_AUTHORIZATION, SET_COOKIE,
    TE, TRANSFER_ENCODING, UPGRADE,
};
use http::{HeaderMap, HeaderName, HeaderValue};

/// Returns false for a transfer coding besides chunks, which would reach the other side without its name.
pub(super) fn has_known_coding(headers: &HeaderMap) -> bool {
    let mut codings = headers.get_all(TRANSFER_ENCODING).iter();
    codings.next().is_none_or(|coding| coding.as_bytes().eq_ignore_ascii_case(b"chunked"))
        && codings.next().is_none()
}

/// Returns false for several lengths, equal ones too, of which two readers may believe different ones.
pub(super) fn has_one_length(headers: &HeaderMap) -> bool {
    let mut lengths = headers.get_all(CONTENT_LENGTH).iter();
    lengths.next().is_none_or(|length| length.as_bytes().iter().all(u8::is_ascii_digit))
        && lengths.next().is_none()
}

/// Removes the fields that are about the connection and not about the message.
pub(super) fn remove_hop_by_hop(headers: &mut HeaderMap) {
    // The length that chunks override is not to be believed by whoever no longer sees that there were chunks (RFC 9112,
    // section 6.3).
    if headers.contains_key(TRANSFER_ENCODING) {
        headers.remove(CONTENT_LENGTH);
    }
    let named: Vec<HeaderName> = headers
        .get_all(CONNECTION)
        .iter()
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(','))
        .filter_map(|name| name.trim().parse().ok())
        .collect();
    // gRPC's `TE: trailers` is about the message.
    let trailers = headers.get(TE).is_some_and(|te| te.as_bytes().eq_ignore_ascii_case(b"trailers"));
    for name in named.into_iter().chain([
        CONNECTION,
        PROXY_AUTHENTICATE,
        PROXY_AUTHORIZATION,
        TE,
        TRANSFER_ENCODING,
        UPGRADE,
    ]) {
        headers.remove(name);
    }
    headers.remove("keep-alive");
    headers.remove("proxy-connection");
    if trailers {
        headers.insert(TE, HeaderValue::from_static("trailers"));
    }
}

/// The credentials that a policy lets pass.
#[derive(Clone, Copy)]
pub(super) struct Credentials {
    cookies: bool,
    authorization: bool,
}

impl Credentials {
    pub(super) const NONE: Credentials = Credentials { cookies: false, authorization: false };

    pub(super) fn of(policy: &Policy<'_>) -> Self {
        let cookies = policy.allow_credentials();
        // A page may set `Authorization` itself if the policy lists it.
        let authorization = cookies || policy.allow_headers().any(|name| name == "authorization");
        Credentials { cookies, authorization }
    }

    pub(super) fn filter_request(self, headers: &mut HeaderMap) {
        if !self.cookies {
            headers.remove(COOKIE);
        }
        if !self.authorization {
            headers.remove(AUTHORIZATION);
        }
    }

    pub(super) fn filter_response(self, headers: &mut HeaderMap) {
        if !self.cookies {
            headers.remove(SET_COOKIE);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codings_and_lengths_that_readers_may_take_in_two_ways() {
        for (fields, known, one) in [
            (&[][..], true, true),
            (&[(TRANSFER_ENCODING, "Chunked")], true, true),
            (&[(TRANSFER_ENCODING, "gzip, chunked")], false, true),
            (&[(TRANSFER_ENCODING, "gzip"), (TRANSFER_ENCODING, "chunked")], false, true),
            (&[(TRANSFER_ENCODING, "chunked"), (TRANSFER_ENCODING, "chunked")], false, true),
            (&[(TRANSFER_ENCODING, "identity")], false, true),
            (&[(CONTENT_LENGTH, "2")], true, true),
            (&[(CONTENT_LENGTH, "2, 2")], true, false),
            (&[(CONTENT_LENGTH, "2"), (CONTENT_LENGTH, "2")], true, false),
            (&[(CONTENT_LENGTH, "+2")], true, false),
        ] {
            let mut headers = HeaderMap::new();
            for (name, value) in fields {
                headers.append(name, HeaderValue::from_static(value));
            }
            assert_eq!((has_known_coding(&headers), has_one_length(&headers)), (known, one), "{fields:?}");
        }
    }

    #[test]
    fn fields_of_the_connection() {
        let mut headers = HeaderMap::new();
        for (name, value) in [
            ("connection", "close, X-Hop"),
            ("connection", "keep-alive"),
            ("keep-alive", "timeout=5"),
            ("proxy-connection", "keep-alive"),
            ("proxy-authorization", "Basic eA=="),
            ("te", "trailers"),
            ("transfer-encoding", "chunked"),
            ("upgrade", "h2c"),
            ("x-hop", "1"),
            ("x-end", "1"),
            ("trailer", "grpc-status"),
        ] {
            headers.append(name, HeaderValue::from_static(value));
        }
        remove_hop_by_hop(&mut headers);
        let mut rest: Vec<&str> = headers.keys().map(HeaderName::as_str).collect();
        rest.sort_unstable();
        assert_eq!(rest, ["te", "trailer", "x-end"]);
    }

    #[test]
    fn chunks_override_a_length() {
        for (encoding, expected) in
            [(None, Some("1")), (Some("chunked"), None), (Some("gzip, chunked"), None)]
        {
            let mut headers = HeaderMap::new();
            headers.insert(CONTENT_LENGTH, HeaderValue::from_static("1"));
            if let Some(encoding) = encoding {
                headers.insert(TRANSFER_ENCODING, HeaderValue::from_static(encoding));
            }
            remove_hop_by_hop(&mut headers);
            assert_eq!(
                headers.get(CONTENT_LENGTH).map(|len| len.to_str().unwrap()),
                expected,
                "{encoding:?}"
            );
            assert!(!headers.contains_key(TRANSFER_ENCODING));
        }
    }
}
