//! What a redirect makes of a fetch (Fetch, "HTTP-redirect fetch").

use crate::browser::fetch::{Fetch, Mode};
use crate::origin::Origin;

impl<'a> Fetch<'a> {
    /// The fetch that follows when the response to this one passed the [check](Self::check_response) and redirects, with
    /// this status, to the absolute address `url`.
    ///
    /// From one foreign origin to another its origin is `null`: the second must not take it for the page's own wish. The
    /// method becomes GET after 303, and where it was POST after 301 and 302. Headers cannot be taken out of a slice: it
    /// is for the caller to drop `Authorization` where the origin changes, and `Content-Encoding`, `-Language`,
    /// `-Location` and `-Type` where the method becomes GET.
    ///
    /// ```
    /// use cors_core::Origin;
    /// use cors_core::browser::Fetch;
    ///
    /// let page = Origin::parse(b"https://app.example.com")?;
    /// let fetch = Fetch { method: "POST", ..Fetch::new(page, "https://api.example.com/orders") };
    /// let next = fetch.redirected(303, "https://cdn.example.net/orders");
    /// assert_eq!((next.method(), next.origin.as_str()), ("GET", "null"));
    /// # Ok::<(), cors_core::OriginError>(())
    /// ```
    #[must_use]
    pub fn redirected(&self, status: u16, url: &'a str) -> Self {
        let next = Fetch { url, ..*self };
        let becomes_get = match (status, self.method()) {
            (303, "GET" | "HEAD") => false,
            (303, _) | (301 | 302, "POST") => true,
            _ => false,
        };
        let changes_origin = next.target_origin().is_none() || next.target_origin() != self.target_origin();
        let is_tainted = self.is_cross_origin() && changes_origin && self.mode != Mode::SameOrigin;
        Fetch {
            method: if becomes_get { "GET" } else { self.method },
            stream_body: self.stream_body && !becomes_get,
            origin: if is_tainted { Origin::parse(b"null").unwrap_or(self.origin) } else { self.origin },
            ..next
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn redirects() {
        let page = Origin::parse(b"http://app.example.com").unwrap();
        let fetch = |url, method| Fetch { method, ..Fetch::new(page, url) };
        let (own, api, cdn) =
            ("http://app.example.com/", "http://api.example.com/", "http://cdn.example.net/");
        for (from, method, status, to, expected) in [
            (api, "GET", 302, "http://api.example.com/2", ("GET", "http://app.example.com")),
            (api, "GET", 302, cdn, ("GET", "null")),
            (api, "GET", 302, own, ("GET", "null")),
            (own, "GET", 302, api, ("GET", "http://app.example.com")),
            (own, "post", 301, own, ("GET", "http://app.example.com")),
            (own, "POST", 307, own, ("POST", "http://app.example.com")),
            (own, "PUT", 302, own, ("PUT", "http://app.example.com")),
            (own, "PUT", 303, own, ("GET", "http://app.example.com")),
            (own, "HEAD", 303, own, ("HEAD", "http://app.example.com")),
        ] {
            let next = fetch(from, method).redirected(status, to);
            assert_eq!((next.method(), next.origin.as_str()), expected, "{method} {from} {status} {to}");
        }
    }

    /// With the method goes the body.
    #[test]
    fn bodies_of_redirects() {
        let page = Origin::parse(b"http://app.example.com").unwrap();
        for (method, stream_body, status, expected) in [
            ("POST", true, 307, true),
            ("POST", false, 307, false),
            ("POST", true, 303, false),
            ("POST", true, 302, false),
            ("PUT", true, 302, true),
            ("PUT", true, 303, false),
        ] {
            let fetch = Fetch { method, stream_body, ..Fetch::new(page, "http://api.example.com/") };
            let next = fetch.redirected(status, "http://api.example.com/2");
            assert_eq!(next.stream_body, expected, "{method} {stream_body} {status}");
        }
    }
}
