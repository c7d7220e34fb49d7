//! Is the page from the server itself (A6)? Browsers send `Origin` with such requests too, and let the page read the
//! response whatever a policy says.

use http::header::HOST;
use http::{HeaderMap, Uri};

/// True if the origin's authority is the request's own, or if the browser says that the page is of the same origin.
pub(crate) fn is_same_origin(origin: &[u8], uri: &Uri, headers: &HeaderMap) -> bool {
    let mut sites = headers.get_all("sec-fetch-site").iter();
    if matches!((sites.next(), sites.next()), (Some(site), None) if site == "same-origin") {
        return true;
    }
    let Some((scheme, origin)) = str::from_utf8(origin).ok().and_then(|origin| origin.split_once("://"))
    else {
        return false;
    };
    let default_port = match scheme {
        "http" => ":80",
        "https" => ":443",
        _ => return false,
    };
    let mut hosts = headers.get_all(HOST).iter();
    // HTTP/2 has the authority in the target, as a proxied HTTP/1.1 request has.
    let own = match (uri.authority(), hosts.next(), hosts.next()) {
        (Some(authority), ..) => Some(authority.as_str()),
        (None, Some(host), None) => host.to_str().ok(),
        _ => None,
    };
    own.is_some_and(|own| own.strip_suffix(default_port).unwrap_or(own).eq_ignore_ascii_case(origin))
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn a6_same_origin() {
        type Case = (&'static str, &'static str, &'static [(&'static str, &'static str)], bool);
        let cases: [Case; 15] = [
            ("https://a.example", "/", &[("host", "a.example")], true),
            ("https://a.example", "/", &[("host", "A.Example")], true),
            ("https://a.example", "/", &[("host", "a.example:443")], true),
            ("http://a.example", "/", &[("host", "a.example:80")], true),
            ("http://a.example:8080", "/", &[("host", "a.example:8080")], true),
            ("https://[::1]:8443", "https://[::1]:8443/", &[], true),
            // The target of HTTP/2 counts, not a Host beside it.
            ("https://a.example", "https://b.example/", &[("host", "a.example")], false),
            ("https://a.example", "/", &[("host", "a.example:80")], false),
            ("https://a.example", "/", &[("host", "b.example")], false),
            ("https://a.example", "/", &[("host", "a.example.evil.example")], false),
            ("https://a.example", "/", &[("host", "a.example"), ("host", "b.example")], false),
            ("https://a.example", "/", &[], false),
            ("null", "/", &[("host", "null")], false),
            ("null", "/", &[("sec-fetch-site", "same-origin")], true),
            ("https://a.example", "/", &[("host", "b.example"), ("sec-fetch-site", "same-site")], false),
        ];
        for (origin, target, fields, expected) in cases {
            let mut headers = HeaderMap::new();
            for &(name, value) in fields {
                headers.append(name, HeaderValue::from_static(value));
            }
            let uri = target.parse().unwrap();
            assert_eq!(
                is_same_origin(origin.as_bytes(), &uri, &headers),
                expected,
                "{origin} {target} {fields:?}"
            );
        }
    }
}
