//! How long the answer to a preflight is kept (Fetch, "CORS-preflight cache").

use core::str;

use crate::browser::engine::{Engine, Rule};
use crate::browser::fetch::Fetch;
use crate::browser::header::{CombinedValue, elements};
use crate::browser::response::Response;
use crate::field;

/// Seconds that a preflight response without `Access-Control-Max-Age` is kept.
pub const DEFAULT_MAX_AGE: u32 = 5;

impl<'a> Fetch<'a> {
    /// Returns the seconds for which this engine sends the same fetch again without another preflight, given the answer
    /// to the first, which must have passed the [check](Self::check_preflight). 0 keeps nothing.
    ///
    /// A browser may forget the answer earlier: it drops the answer when a later response fails the check, when its cache is
    /// cleared, and, in Chromium and WebKit, with the process.
    pub fn preflight_kept(&self, engine: Engine, response: &Response<'a>) -> u32 {
        let is_refused = self.origin.is_opaque() && engine.departs(Rule::OpaqueOriginKeepsNothing);
        if !is_refused && self.is_covered_by_kept(engine, response) { max_age(engine, response) } else { 0 }
    }

    /// True if the entries that this answer makes in the cache match the same fetch again.
    fn is_covered_by_kept(&self, engine: Engine, response: &Response<'a>) -> bool {
        let is_wildcard =
            |element: &[u8]| self.is_wildcard(element) && !engine.departs(Rule::WildcardIsNotKept);
        let methods = response.get("access-control-allow-methods");
        let headers = response.get("access-control-allow-headers");
        let method = self.method().as_bytes();
        let lists_method = elements(methods).any(|element| element == method || is_wildcard(element));
        let is_for_body = self.upload_listener || self.stream_body;
        let needs_name = method == b"HEAD" && engine.departs(Rule::HeadIsKeptByName);
        // After a preflight that only the body needed, the standard wants even a safelisted method among those kept, and
        // adds the method itself if the response has no list.
        let covers_method = if is_for_body && !engine.departs(Rule::SafelistedMethodsAreKept) {
            lists_method || methods.is_none()
        } else {
            lists_method || (field::is_safelisted_method(method) && !needs_name)
        };
        covers_method && self.covers_headers(engine, headers, elements(headers).any(is_wildcard))
    }

    fn covers_headers(&self, engine: Engine, listed: Option<CombinedValue<'a>>, has_wildcard: bool) -> bool {
        let covers_authorization = engine.departs(Rule::KeptWildcardCoversAuthorization);
        if !has_wildcard {
            return self.unlisted_names(engine, listed).next().is_none();
        }
        covers_authorization
            || elements(listed).any(|element| element.eq_ignore_ascii_case(b"authorization"))
            || !self.unsafe_headers(engine).any(|(name, _)| name == "authorization")
    }
}

/// Returns the seconds that this engine reads in `Access-Control-Max-Age`.
pub(crate) fn max_age(engine: Engine, response: &Response<'_>) -> u32 {
    let limit = engine.max_age_limit().unwrap_or(u32::MAX);
    let Some(value) = response.get_in(engine, "access-control-max-age") else {
        return DEFAULT_MAX_AGE;
    };
    let mut lines = value.lines();
    let line = match (lines.next(), lines.next()) {
        (None, _) => return DEFAULT_MAX_AGE,
        (Some(line), None) => line,
        (Some(_), Some(_)) => return unreadable(engine),
    };
    let (sign, digits) = match line {
        [sign @ (b'+' | b'-'), digits @ ..] => (Some(sign), digits),
        digits => (None, digits),
    };
    let allows_sign = match sign {
        None => true,
        Some(b'-') => engine.departs(Rule::NegativeMaxAgeIsZero),
        Some(_) => engine.departs(Rule::MaxAgeMayHavePlus),
    };
    if line.is_empty() {
        DEFAULT_MAX_AGE
    } else if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) || !allows_sign {
        unreadable(engine)
    } else {
        match str::from_utf8(digits).ok().and_then(|digits| digits.parse::<i64>().ok()) {
            None if engine.departs(Rule::HugeMaxAgeIsUnreadable) => unreadable(engine),
            _ if sign == Some(&b'-') => 0,
            seconds => seconds.and_then(|seconds| seconds.try_into().ok()).unwrap_or(u32::MAX).min(limit),
        }
    }
}

fn unreadable(engine: Engine) -> u32 {
    if engine.departs(Rule::UnreadableMaxAgeKeepsNothing) { 0 } else { DEFAULT_MAX_AGE }
}

#[cfg(test)]
mod tests {
    use std::vec::Vec;

    use super::*;
    use crate::browser::header::Header;
    use crate::browser::options::CredentialsMode;
    use crate::origin::Origin;

    #[test]
    fn seconds_of_each_engine() {
        // Standard, Chromium, Firefox, WebKit.
        let cases: [(&[&str], [u32; 4]); 22] = [
            (&[], [5, 5, 5, 5]),
            (&[""], [5, 5, 5, 5]),
            (&["0"], [0, 0, 0, 0]),
            (&["1"], [1, 1, 1, 1]),
            (&["007"], [7, 7, 7, 7]),
            (&["600"], [600, 600, 600, 600]),
            (&[" 601\t"], [601, 601, 601, 600]),
            (&["7201"], [7201, 7200, 7201, 600]),
            (&["86401"], [86401, 7200, 86400, 600]),
            (&["9999999999"], [u32::MAX, 7200, 86400, 600]),
            (&["99999999999999999999"], [u32::MAX, 5, 86400, 5]),
            (&["-99999999999999999999"], [5, 5, 0, 5]),
            (&["-1"], [5, 0, 0, 0]),
            (&["+600"], [5, 600, 0, 600]),
            (&["+"], [5, 5, 0, 5]),
            (&["abc"], [5, 5, 0, 5]),
            (&["1.5"], [5, 5, 0, 5]),
            (&["\"600\""], [5, 5, 0, 5]),
            (&["600, 600"], [5, 5, 0, 5]),
            (&["600", "600"], [5, 5, 0, 5]),
            (&["", "600"], [5, 5, 600, 5]),
            (&["", ""], [5, 5, 5, 5]),
        ];
        for (lines, expected) in cases {
            let headers: Vec<_> =
                lines.iter().map(|line| Header::new("Access-Control-Max-Age", line)).collect();
            let response = Response { status: 204, headers: &headers };
            assert_eq!(Engine::ALL.map(|engine| max_age(engine, &response)), expected, "{lines:?}");
        }
    }

    #[test]
    fn wildcards_and_bodies() {
        let page = Origin::parse(b"http://app.example.com").unwrap();
        let fetch = Fetch::new(page, "http://api.example.com/");
        let x_a = [Header::new("x-a", "1")];
        let put = Fetch { method: "PUT", ..fetch };
        let header = Fetch { headers: &x_a, ..fetch };
        let listener = Fetch { method: "POST", upload_listener: true, ..fetch };
        let kept = |fetch: &Fetch<'_>, headers: &[(&'static str, &'static str)]| {
            let headers: Vec<_> = headers.iter().copied().map(Header::from).collect();
            let response = Response { status: 204, headers: &headers };
            Engine::ALL.map(|engine| fetch.preflight_kept(engine, &response))
        };
        let methods = "access-control-allow-methods";
        let allowed = "access-control-allow-headers";
        assert_eq!(kept(&put, &[(methods, "GET, PUT")]), [5; 4]);
        assert_eq!(kept(&put, &[(methods, "*")]), [5, 5, 0, 5]);
        assert_eq!(kept(&header, &[(allowed, "X-A")]), [5; 4]);
        assert_eq!(kept(&header, &[(allowed, "*")]), [5, 5, 0, 5]);
        assert_eq!(kept(&listener, &[]), [5; 4]);
        assert_eq!(kept(&listener, &[(methods, "POST")]), [5; 4]);
        assert_eq!(kept(&listener, &[(methods, "PUT")]), [0, 5, 5, 5]);
        let authorization = [Header::new("authorization", "x")];
        let secret = Fetch { headers: &authorization, ..fetch };
        assert_eq!(kept(&secret, &[(allowed, "*")]), [0, 0, 0, 5]);
        assert_eq!(kept(&secret, &[(allowed, "*, Authorization")]), [5; 4]);
        let head = Fetch { method: "HEAD", ..header };
        assert_eq!(kept(&head, &[(allowed, "x-a")]), [5, 5, 0, 5]);
        assert_eq!(kept(&head, &[(allowed, "x-a"), (methods, "HEAD")]), [5; 4]);
        let opaque = Fetch { origin: Origin::parse(b"null").unwrap(), ..put };
        assert_eq!(kept(&opaque, &[(methods, "PUT")]), [5, 0, 5, 5]);
        let include = Fetch { credentials: CredentialsMode::Include, ..put };
        assert_eq!(kept(&include, &[(methods, "PUT, *")]), [5; 4]);
    }
}
