//! [`Cache`]: a shared cache, as RFC 9111 has it, in which nothing grows stale.

use crate::exchange::{Answer, Request, elements};

/// A shared cache. It stores what a cache may store, and answers what a cache may answer from it.
#[derive(Clone, Debug)]
pub struct Cache {
    vary: VaryLines,
    stored: Vec<(Request, Answer)>,
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
    pub fn new(vary: VaryLines) -> Self {
        Cache { vary, stored: Vec::new() }
    }

    /// Returns the stored response that the request gets (RFC 9111, 4): of several the newest.
    pub fn get(&self, request: &Request) -> Option<&Answer> {
        self.find(request).and_then(|index| self.stored.get(index)).map(|(_, answer)| answer)
    }

    /// Stores a response if a shared cache may (RFC 9111, 3); or updates what is stored, where the response is a 304.
    pub fn put(&mut self, request: &Request, answer: &Answer) {
        if answer.status == 304 {
            if let Some((_, stored)) = self.find(request).and_then(|index| self.stored.get_mut(index)) {
                update(stored, answer);
            }
        } else if is_storable(request, answer) {
            self.stored.push((request.clone(), answer.clone()));
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
        let names = match self.vary {
            VaryLines::All => elements(&lines.join(",")),
            VaryLines::Last => elements(lines.last().map_or("", String::as_str)),
        };
        names.iter().all(|name| name != "*" && stored.get(name) == request.get(name))
    }
}

fn is_storable(request: &Request, answer: &Answer) -> bool {
    let directives = answer.elements("cache-control");
    let has = |name: &str| directives.iter().any(|directive| directive.split('=').next() == Some(name));
    let is_fresh = HEURISTICALLY_CACHEABLE.contains(&answer.status)
        || has("max-age")
        || has("s-maxage")
        || has("public");
    request.method == "GET" && is_fresh && !has("no-store") && !has("private")
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
        Answer { status, fields, body: body.into(), head_after: Duration::ZERO, body_after: Duration::ZERO }
    }

    fn get(origin: Option<&str>) -> Request {
        let request = Request::new("GET", "/");
        match origin {
            Some(origin) => request.with("origin", origin),
            None => request,
        }
    }

    fn body(cache: &Cache, request: &Request) -> Option<String> {
        cache.get(request).map(|answer| String::from_utf8_lossy(&answer.body).into_owned())
    }

    #[test]
    fn vary_keeps_copies_apart() {
        let mut cache = Cache::new(VaryLines::All);
        cache.put(&get(None), &answer(200, &[("vary", "accept-encoding"), ("Vary", "Origin")], "none"));
        assert_eq!(body(&cache, &get(None)), Some("none".to_owned()));
        assert_eq!(body(&cache, &get(Some("https://a.example"))), None);
        cache.put(&get(Some("https://a.example")), &answer(200, &[("vary", "origin")], "a"));
        assert_eq!(body(&cache, &get(Some("https://a.example"))), Some("a".to_owned()));
        assert_eq!(body(&cache, &get(None)), Some("none".to_owned()));
    }

    #[test]
    fn without_vary_a_copy_is_for_everybody() {
        let mut cache = Cache::new(VaryLines::All);
        cache.put(&get(None), &answer(404, &[], "none"));
        assert_eq!(body(&cache, &get(Some("https://a.example"))), Some("none".to_owned()));
        assert_eq!(body(&cache, &Request::new("GET", "/other")), None);
        assert_eq!(body(&cache, &Request::new("OPTIONS", "/")), None);
    }

    #[test]
    fn the_last_line_alone() {
        let fields = [("vary", "origin"), ("vary", "accept-encoding")];
        let mut cache = Cache::new(VaryLines::Last);
        cache.put(&get(None), &answer(200, &fields, "none"));
        assert_eq!(body(&cache, &get(Some("https://a.example"))), Some("none".to_owned()));
    }

    #[test]
    fn what_no_shared_cache_stores_or_gives() {
        for fields in [("cache-control", "no-store"), ("cache-control", "max-age=60, Private"), ("vary", "*")]
        {
            let mut cache = Cache::new(VaryLines::All);
            cache.put(&get(None), &answer(200, &[fields], "none"));
            assert_eq!(body(&cache, &get(None)), None, "{fields:?}");
        }
        let mut cache = Cache::new(VaryLines::All);
        cache.put(&get(None), &answer(500, &[], "none"));
        assert_eq!(body(&cache, &get(None)), None);
        cache.put(&get(None), &answer(500, &[("cache-control", "max-age=60")], "none"));
        assert_eq!(body(&cache, &get(None)), Some("none".to_owned()));
    }

    #[test]
    fn a_304_updates_the_stored_fields() {
        let mut cache = Cache::new(VaryLines::All);
        cache.put(&get(None), &answer(200, &[("vary", "origin"), ("etag", "1")], "none"));
        cache.put(&get(None), &answer(304, &[("Vary", "accept")], ""));
        let stored = cache.get(&get(Some("https://a.example"))).unwrap();
        assert_eq!(stored.get("vary"), Some("accept".to_owned()));
        assert_eq!((stored.status, stored.get("etag")), (200, Some("1".to_owned())));
    }
}
