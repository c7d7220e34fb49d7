//! [`Cache`]: a cache, as RFC 9111 has it, in which nothing grows stale.

use std::time::SystemTime;

use crate::exchange::{Answer, Request, elements};

/// A cache. It stores what a cache of its kind may store, and answers what a cache may answer from it.
#[derive(Clone, Debug)]
pub struct Cache {
    kind: CacheKind,
    stored: Vec<(Request, Answer)>,
}

/// Whose cache it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CacheKind {
    /// Many people's, between browsers and the server.
    Shared(VaryLines),
    /// One person's, in the browser: of all pages and of all that is loaded without CORS.
    Private,
}

impl CacheKind {
    /// Names it.
    pub(crate) fn title(self) -> &'static str {
        match self {
            CacheKind::Shared(_) => "a shared cache",
            CacheKind::Private => "the browser's own cache",
        }
    }
}

/// Which lines of `Vary` a cache reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VaryLines {
    /// All of them, as RFC 9110, 5.3 has it.
    All,
    /// The last, as nginx up to 1.23 does.
    Last,
}

/// Statuses that are cacheable without being told so (RFC 9110, 15.1).
const HEURISTICALLY_CACHEABLE: [u16; 11] = [200, 203, 204, 300, 301, 308, 404, 405, 410, 414, 501];

impl Cache {
    /// Makes an empty cache.
    pub fn new(kind: CacheKind) -> Self {
        Cache { kind, stored: Vec::new() }
    }

    /// Returns the request and the stored response to it that this request gets, too (RFC 9111, 4): of several the newest.
    pub fn get(&self, request: &Request) -> Option<(&Request, &Answer)> {
        let (stored_for, answer) = self.find(request).and_then(|index| self.stored.get(index))?;
        (!self.asks_first(answer)).then_some((stored_for, answer))
    }

    /// Stores a response if this cache may (RFC 9111, 3), and returns whether it did; or updates what is stored, where the
    /// response is a 304.
    pub fn put(&mut self, request: &Request, answer: &Answer) -> bool {
        if answer.status == 304 {
            let stored = self.find(request).and_then(|index| self.stored.get_mut(index));
            stored.map(|(_, stored)| update(stored, answer)).is_some()
        } else {
            let is_storable = self.may_store(request, answer);
            if is_storable {
                self.stored.push((request.clone(), answer.clone()));
            }
            is_storable
        }
    }

    fn find(&self, request: &Request) -> Option<usize> {
        let is_read = matches!(request.method.as_str(), "GET" | "HEAD");
        self.stored.iter().rposition(|(stored_request, answer)| {
            is_read
                && stored_request.target == request.target
                && self.matches(stored_request, request, answer)
        })
    }

    /// Compares the request fields that `Vary` names (RFC 9111, 4.1).
    fn matches(&self, stored: &Request, request: &Request, answer: &Answer) -> bool {
        let lines = answer.lines("vary");
        let names = match self.kind {
            CacheKind::Shared(VaryLines::Last) => elements(lines.last().map_or("", String::as_str)),
            CacheKind::Shared(VaryLines::All) | CacheKind::Private => elements(&lines.join(",")),
        };
        names.iter().all(|name| name != "*" && stored.get(name) == request.get(name))
    }

    fn may_store(&self, request: &Request, answer: &Answer) -> bool {
        let has = |name: &str| has_directive(answer, name);
        let is_shared = self.kind != CacheKind::Private;
        let is_fresh = HEURISTICALLY_CACHEABLE.contains(&answer.status)
            || has("max-age")
            || has("public")
            || (!has("s-maxage") && expires_later(answer))
            || if is_shared { has("s-maxage") } else { has("private") };
        let is_for_one = has("private")
            // RFC 9111, 3.5.
            || request.get("authorization").is_some() && !has("public") && !has("s-maxage") && !has("must-revalidate");
        request.method == "GET" && is_fresh && !has("no-store") && !(is_shared && is_for_one)
    }

    /// True for a stored response that is given out only after the server was asked about it (RFC 9111, 4.2 and 5.2.2.4).
    fn asks_first(&self, answer: &Answer) -> bool {
        let directives = answer.elements("cache-control");
        // RFC 5861: for so long the stale copy is given out all the same.
        let is_given_stale = ["stale-while-revalidate=", "stale-if-error="].iter().any(|name| {
            directives.iter().any(|directive| directive.strip_prefix(name).is_some_and(|age| age != "0"))
        });
        let is_stale = directives.contains(&"max-age=0".to_owned()) && !is_given_stale;
        let has_own_age = self.kind != CacheKind::Private && has_directive(answer, "s-maxage");
        has_directive(answer, "no-cache") || (is_stale && !has_own_age)
    }
}

/// True for a response with an `Expires` that is later than its `Date`, or than now.
fn expires_later(answer: &Answer) -> bool {
    let date = |name: &str| httpdate::parse_http_date(&answer.get(name)?).ok();
    date("expires").is_some_and(|expires| expires > date("date").unwrap_or_else(SystemTime::now))
}

fn has_directive(answer: &Answer, name: &str) -> bool {
    let directives = answer.elements("cache-control");
    directives.iter().any(|directive| directive.split('=').next() == Some(name))
}

/// Replaces the fields that the newer response has (RFC 9111, 3.2).
fn update(stored: &mut Answer, newer: &Answer) {
    let is_newer = |name: &str| newer.fields.iter().any(|(other, _)| other.eq_ignore_ascii_case(name));
    stored.fields.retain(|(name, _)| !is_newer(name));
    let updated = newer.fields.iter().filter(|(name, _)| !name.eq_ignore_ascii_case("content-length"));
    stored.fields.extend(updated.cloned());
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn answer(status: u16, fields: &[(&str, &str)], body: &str) -> Answer {
        let fields =
            fields.iter().map(|(name, value)| ((*name).to_owned(), value.as_bytes().to_vec())).collect();
        Answer {
            status,
            fields,
            body: body.into(),
            flaw: None,
            head_after: Duration::ZERO,
            body_after: Duration::ZERO,
        }
    }

    fn get(origin: Option<&str>) -> Request {
        let request = Request::new("GET", "/");
        match origin {
            Some(origin) => request.with("origin", origin),
            None => request,
        }
    }

    fn body(cache: &Cache, request: &Request) -> Option<String> {
        cache.get(request).map(|(_, answer)| String::from_utf8_lossy(&answer.body).into_owned())
    }

    #[test]
    fn vary_keeps_copies_apart() {
        let mut cache = Cache::new(CacheKind::Shared(VaryLines::All));
        cache.put(&get(None), &answer(200, &[("vary", "accept-encoding"), ("Vary", "Origin")], "none"));
        assert_eq!(body(&cache, &get(None)), Some("none".to_owned()));
        assert_eq!(body(&cache, &get(Some("https://a.example"))), None);
        cache.put(&get(Some("https://a.example")), &answer(200, &[("vary", "origin")], "a"));
        assert_eq!(body(&cache, &get(Some("https://a.example"))), Some("a".to_owned()));
        assert_eq!(body(&cache, &get(None)), Some("none".to_owned()));
    }

    #[test]
    fn without_vary_a_copy_is_for_everybody() {
        let mut cache = Cache::new(CacheKind::Shared(VaryLines::All));
        cache.put(&get(None), &answer(404, &[], "none"));
        assert_eq!(body(&cache, &get(Some("https://a.example"))), Some("none".to_owned()));
        assert_eq!(body(&cache, &Request::new("GET", "/other")), None);
        assert_eq!(body(&cache, &Request::new("OPTIONS", "/")), None);
    }

    #[test]
    fn the_last_line_alone() {
        let fields = [("vary", "origin"), ("vary", "accept-encoding")];
        let mut cache = Cache::new(CacheKind::Shared(VaryLines::Last));
        cache.put(&get(None), &answer(200, &fields, "none"));
        assert_eq!(body(&cache, &get(Some("https://a.example"))), Some("none".to_owned()));
    }

    #[test]
    fn what_no_shared_cache_stores_or_gives() {
        for fields in [("cache-control", "no-store"), ("cache-control", "max-age=60, Private"), ("vary", "*")]
        {
            let mut cache = Cache::new(CacheKind::Shared(VaryLines::All));
            cache.put(&get(None), &answer(200, &[fields], "none"));
            assert_eq!(body(&cache, &get(None)), None, "{fields:?}");
        }
        let mut cache = Cache::new(CacheKind::Shared(VaryLines::All));
        cache.put(&get(None), &answer(500, &[], "none"));
        assert_eq!(body(&cache, &get(None)), None);
        cache.put(&get(None), &answer(500, &[("cache-control", "max-age=60")], "none"));
        assert_eq!(body(&cache, &get(None)), Some("none".to_owned()));
    }

    #[test]
    fn what_the_cache_of_a_browser_stores() {
        for (status, directives, is_stored) in [
            (200, "private, max-age=60", true),
            (500, "private", true),
            (500, "s-maxage=60", false),
            (200, "no-store", false),
        ] {
            let mut cache = Cache::new(CacheKind::Private);
            let answer = answer(status, &[("cache-control", directives)], "none");
            assert_eq!(cache.put(&get(None), &answer), is_stored, "{directives}");
            assert_eq!(body(&cache, &get(None)).is_some(), is_stored, "{directives}");
        }
    }

    #[test]
    fn what_is_given_out_after_the_server_was_asked() {
        for (directives, by_shared, by_private) in [
            ("no-cache", false, false),
            ("max-age=0", false, false),
            ("max-age=0, s-maxage=60", true, false),
            ("max-age=60", true, true),
            ("max-age=0, stale-while-revalidate=600", true, true),
            ("max-age=0, stale-if-error=0", false, false),
        ] {
            for (kind, is_given) in
                [(CacheKind::Shared(VaryLines::All), by_shared), (CacheKind::Private, by_private)]
            {
                let mut cache = Cache::new(kind);
                assert!(cache.put(&get(None), &answer(200, &[("cache-control", directives)], "none")));
                assert_eq!(body(&cache, &get(None)).is_some(), is_given, "{kind:?} {directives}");
            }
        }
    }

    #[test]
    fn what_expires_later_and_what_is_for_one_person() {
        let store = |status, fields: &[(&str, &str)], request: &Request| {
            Cache::new(CacheKind::Shared(VaryLines::All)).put(request, &answer(status, fields, "none"))
        };
        let date = ("date", "Tue, 01 Dec 2026 00:00:00 GMT");
        for (expires, is_stored) in
            [("Tue, 01 Dec 2026 00:01:00 GMT", true), ("Thu, 19 Nov 1981 08:52:00 GMT", false), ("0", false)]
        {
            assert_eq!(store(302, &[date, ("expires", expires)], &get(None)), is_stored, "{expires}");
        }
        let authorized = get(None).with("authorization", "Bearer x");
        assert!(!store(200, &[("cache-control", "max-age=60")], &authorized));
        assert!(store(200, &[("cache-control", "public, max-age=60")], &authorized));
    }

    #[test]
    fn a_304_updates_the_stored_fields() {
        let mut cache = Cache::new(CacheKind::Shared(VaryLines::All));
        cache.put(&get(None), &answer(200, &[("vary", "origin"), ("etag", "1")], "none"));
        cache.put(&get(None), &answer(304, &[("Vary", "accept")], ""));
        let (_, stored) = cache.get(&get(Some("https://a.example"))).unwrap();
        assert_eq!(stored.get("vary"), Some("accept".to_owned()));
        assert_eq!((stored.status, stored.get("etag")), (200, Some("1".to_owned())));
    }
}
