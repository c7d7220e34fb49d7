//! The fetch that follows a redirect (Fetch, "HTTP-redirect fetch").

use crate::browser::engine::{Engine, Rule};
use crate::browser::fetch::Fetch;
use crate::browser::header::Header;
use crate::browser::options::Mode;
use crate::origin::Origin;

impl<'a> Fetch<'a> {
    /// Returns the fetch that follows when the response to this one passed the [check](Self::check_response) and redirects,
    /// with this status, to the absolute address `url`.
    ///
    /// From one foreign origin to another the fetch's origin is `null`: the second server must not take the request for the
    /// page's own wish. The method becomes GET after 303, and POST becomes GET after 301 and 302. Headers cannot be taken
    /// out of a slice: put [those that go on](Self::kept_headers) in their place.
    ///
    /// ```
    /// use cors_core::Origin;
    /// use cors_core::browser::{Engine, Fetch};
    ///
    /// let page = Origin::parse(b"https://app.example.com")?;
    /// let fetch = Fetch { method: "POST", ..Fetch::new(page, "https://api.example.com/orders") };
    /// let next = fetch.redirected(Engine::Standard, 303, "https://cdn.example.net/orders");
    /// assert_eq!((next.method(), next.origin.as_str()), ("GET", "null"));
    /// # Ok::<(), cors_core::OriginError>(())
    /// ```
    #[must_use]
    pub fn redirected(&'a self, engine: Engine, status: u16, url: &'a str) -> Self {
        let next = Fetch { url, ..*self };
        let changes_origin = next.target_origin().is_none() || next.target_origin() != self.target_origin();
        let becomes_get = match (status, self.method()) {
            (303, "GET" | "HEAD") => false,
            (303, _) | (301 | 302, "POST") => true,
            (_, "DELETE") => changes_origin && engine.departs(Rule::DeleteBecomesGetElsewhere),
            _ => false,
        };
        let is_tainted = self.is_cross_origin() && changes_origin && self.mode != Mode::SameOrigin;
        Fetch {
            redirected_from: Some(self),
            method: if becomes_get { "GET" } else { self.method },
            has_body: self.has_body && !becomes_get,
            stream_body: self.stream_body && !becomes_get,
            origin: if is_tainted { Origin::parse(b"null").unwrap_or(self.origin) } else { self.origin },
            ..next
        }
    }

    /// Returns the headers that go on after the [redirect](Self::redirected) to this fetch: no `Authorization` to another origin,
    /// and where the method became GET no `Content-Encoding`, `-Language`, `-Location` and `-Type`. All of them without a
    /// redirect.
    pub fn kept_headers(&self) -> impl Iterator<Item = Header<'a>> + use<'a> {
        let to = *self;
        to.headers.iter().copied().filter(move |header| {
            to.redirected_from.is_none_or(|from| {
                let is_of_body = BODY_HEADERS.iter().any(|name| header.is(name));
                let goes_elsewhere = from.target_origin() != to.target_origin();
                let is_dropped = (is_of_body && from.method() != to.method())
                    || (goes_elsewhere && header.is("authorization"));
                !is_dropped
            })
        })
    }

    /// Returns the fetches before the redirects, the last first.
    pub(crate) fn earlier(&self) -> impl Iterator<Item = &'a Fetch<'a>> + use<'a> {
        core::iter::successors(self.redirected_from, |fetch| fetch.redirected_from)
    }

    /// Returns the page's own fetch, before any redirect.
    pub(crate) fn first(&self) -> Fetch<'a> {
        self.earlier().last().copied().unwrap_or(*self)
    }
}

/// Fetch, "request-body-header name".
const BODY_HEADERS: [&str; 4] = ["content-encoding", "content-language", "content-location", "content-type"];

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
            let next = fetch(from, method);
            let next = next.redirected(Engine::Standard, status, to);
            assert_eq!((next.method(), next.origin.as_str()), expected, "{method} {from} {status} {to}");
        }
    }

    /// The body goes with the method.
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
            let next = fetch.redirected(Engine::Standard, status, "http://api.example.com/2");
            assert_eq!(next.stream_body, expected, "{method} {stream_body} {status}");
        }
    }

    #[test]
    fn the_first_address_is_kept_and_the_body_goes_with_the_method() {
        let page = Origin::parse(b"http://app.example.com").unwrap();
        let fetch = Fetch { method: "POST", has_body: true, ..Fetch::new(page, "http://api.example.com/") };
        let next = fetch.redirected(Engine::Standard, 307, "http://cdn.example.net/");
        assert!(next.has_body && next.origin.is_opaque());
        let last = next.redirected(Engine::Standard, 302, "http://api.example.com/3");
        assert_eq!((last.has_body, last.first().url, last.first().origin), (false, fetch.url, page));
    }

    #[test]
    fn headers_that_go_on() {
        let page = Origin::parse(b"http://app.example.com").unwrap();
        let headers = ["Authorization", "Content-Type", "x-a"].map(|name| Header::new(name, "1"));
        let post = Fetch { method: "POST", headers: &headers, ..Fetch::new(page, "http://api.example.com/") };
        for (status, url, expected) in [
            (307, "http://api.example.com/2", &["Authorization", "Content-Type", "x-a"][..]),
            (307, "http://cdn.example.net/", &["Content-Type", "x-a"]),
            (303, "http://api.example.com/2", &["Authorization", "x-a"]),
            (303, "http://cdn.example.net/", &["x-a"]),
        ] {
            let next = post.redirected(Engine::Standard, status, url);
            let kept = next.kept_headers().map(|header| header.name());
            assert!(kept.eq(expected.iter().copied()), "{status} {url}");
        }
        assert_eq!(post.kept_headers().count(), 3);
    }

    #[test]
    fn a_delete_elsewhere() {
        let page = Origin::parse(b"http://app.example.com").unwrap();
        let delete = Fetch { method: "DELETE", ..Fetch::new(page, "http://api.example.com/") };
        for (engine, url, expected) in [
            (Engine::Standard, "http://cdn.example.net/", "DELETE"),
            (Engine::WebKit, "http://cdn.example.net/", "GET"),
            (Engine::WebKit, "http://api.example.com/2", "DELETE"),
        ] {
            assert_eq!(delete.redirected(engine, 307, url).method(), expected, "{engine} {url}");
        }
    }
}
