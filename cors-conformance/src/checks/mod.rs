//! The checks: tables by what they look at.

mod application;
mod caches;
mod exposed;
mod never;
mod origins;
mod preflights;
mod statuses;
mod wire;

use crate::check::{Check, Class};
use crate::run::{Run, Stop};

/// Returns every check, in the order in which they run.
pub fn all() -> impl Iterator<Item = &'static Check> {
    let [allowed, refused, form, unusual] = preflights::CHECKS;
    let tables: [&'static [Check]; 11] = [
        origins::CHECKS,
        exposed::CHECKS,
        allowed,
        refused,
        form,
        unusual,
        statuses::CHECKS,
        caches::CHECKS,
        application::CHECKS,
        wire::CHECKS,
        never::CHECKS,
    ];
    tables.into_iter().flatten()
}

type Judge = fn(&mut Run<'_>) -> Result<(), Stop>;

const fn row(
    name: &'static str,
    class: Class,
    what: &'static str,
    reason: &'static str,
    source: &'static str,
    judge: Judge,
) -> Check {
    Check { name, class, what, reason, source, judge }
}

/// The texts of the standards that checks follow from.
mod source {
    pub(super) const CORS_CHECK: &str = "Fetch, \"CORS check\"";
    pub(super) const PREFLIGHT: &str = "Fetch, \"CORS-preflight fetch\"";
    pub(super) const PREFLIGHT_CACHE: &str = "Fetch, \"CORS-preflight cache\"";
    pub(super) const RESPONSES: &str = "Fetch, \"CORS protocol\", \"HTTP responses\"";
    pub(super) const REQUESTS: &str = "Fetch, \"CORS protocol\", \"HTTP requests\"";
    pub(super) const CREDENTIALS: &str = "Fetch, \"CORS protocol and credentials\"";
    pub(super) const CACHES: &str = "Fetch, \"CORS protocol and HTTP caches\"";
    pub(super) const EXPOSED: &str = "Fetch, \"CORS filtered response\"";
    pub(super) const ORIGIN: &str = "Fetch, \"Origin header\"";
    pub(super) const REDIRECT: &str = "Fetch, \"HTTP-redirect fetch\"";
    pub(super) const VARY: &str = "RFC 9110, 12.5.5";
    pub(super) const LISTS: &str = "RFC 9110, 5.6.1";
    pub(super) const WHITE_SPACE: &str = "RFC 9110, 5.5";
    pub(super) const FIELD_ORDER: &str = "RFC 9110, 5.3";
    pub(super) const NAMES: &str = "RFC 9110, 5.1";
    pub(super) const OPTIONS: &str = "RFC 9110, 9.3.7";
    pub(super) const HEAD: &str = "RFC 9110, 9.3.2";
    pub(super) const NOT_MODIFIED: &str = "RFC 9110, 15.4.5";
    pub(super) const NO_CONTENT: &str = "RFC 9110, 15.3.5";
    pub(super) const CACHE_KEY: &str = "RFC 9111, 4.1";
    pub(super) const CACHE_UPDATE: &str = "RFC 9111, 3.2";
    pub(super) const BODY_LENGTH: &str = "RFC 9112, 6.3";
    pub(super) const CONNECTIONS: &str = "RFC 9112, 9.3";
    pub(super) const TARGET: &str = "RFC 9112, 3.2";
    pub(super) const SERVER_ERROR: &str = "RFC 9110, 15.6.1";
    pub(super) const PRIVATE_NETWORK: &str = "Private Network Access, \"CORS preflight\"";
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::all;

    #[test]
    fn every_check_has_a_name_a_reason_and_a_source_of_its_own() {
        let mut names = BTreeSet::new();
        let mut whats = BTreeSet::new();
        for check in all() {
            assert!(names.insert(check.name), "{} is there twice", check.name);
            assert!(whats.insert(check.what), "{}: the sentence is another's", check.name);
            let is_name = check
                .name
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte == b'-' || byte.is_ascii_digit());
            assert!(is_name, "{}", check.name);
            for text in [check.what, check.reason] {
                assert!(!text.ends_with('.') && text.len() > 10, "{}: {text}", check.name);
            }
            assert!(
                ["Fetch, ", "RFC 91", "Private"].iter().any(|start| check.source.starts_with(start)),
                "{}",
                check.name
            );
        }
        assert!(names.len() > 100, "{} checks", names.len());
    }
}
