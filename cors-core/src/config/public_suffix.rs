//! The public suffix list, by the `psl` crate.

use core::str::RSplit;

use psl::Psl as _;

/// Returns true for a domain under which strangers have names: one that [is a public suffix](is_public_suffix) or
/// [has one below it](has_public_suffix_below). [`Config::NEW`](crate::Config::NEW) has this predicate, if the feature `psl`
/// is on.
pub fn is_shared_domain(domain: &str) -> bool {
    let found = Found::of(domain);
    found.is_whole || found.has_more_below
}

/// Returns true for a public suffix such as `com`, `co.uk` or `github.io`, under which anyone can register a name.
///
/// If no listed suffix ends a domain, its last label is the suffix, by the list's algorithm. The list is the one that the
/// `psl` crate was built with.
pub fn is_public_suffix(domain: &str) -> bool {
    Found::of(domain).is_whole
}

/// Returns true for a domain that has public suffixes below it, such as `amazonaws.com` with `compute.amazonaws.com`, or
/// `kawasaki.jp`: a name under such a domain may be anyone's, though the domain itself is not a public suffix.
pub fn has_public_suffix_below(domain: &str) -> bool {
    Found::of(domain).has_more_below
}

/// What the list has for a domain.
struct Found {
    /// The whole domain is a suffix.
    is_whole: bool,
    has_more_below: bool,
}

impl Found {
    fn of(domain: &str) -> Self {
        let mut has_more_below = false;
        let labels = Labels { labels: domain.rsplit('.'), is_asked_for_more: &mut has_more_below };
        let is_whole = !domain.is_empty() && psl::List.find(labels).len == domain.len();
        Found { is_whole, has_more_below }
    }
}

/// A domain's labels from the last to the first. The list is a tree of labels: a search asks for the label after the last
/// one only where the list has some below. One type, because a second one would link the list a second time.
struct Labels<'a> {
    labels: RSplit<'a, char>,
    is_asked_for_more: &'a mut bool,
}

impl<'a> Iterator for Labels<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        let label = self.labels.next();
        *self.is_asked_for_more |= label.is_none();
        label.map(str::as_bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn domains_that_strangers_share() {
        for (domain, expected) in [
            ("com", true),
            ("github.io", true),
            ("kawasaki.jp", true),
            ("nom.br", true),
            ("amazonaws.com", true),
            ("compute.amazonaws.com", true),
            ("windows.net", true),
            ("", false),
            ("example.com", false),
            ("city.kawasaki.jp", false),
        ] {
            assert_eq!(is_shared_domain(domain), expected, "{domain}");
        }
    }

    #[test]
    fn domains_above_suffixes() {
        for (domain, expected) in [
            ("com", true),
            ("amazonaws.com", true),
            ("windows.net", true),
            ("nom.br", true),
            ("kawasaki.jp", true),
            ("city.kawasaki.jp", false),
            ("www.ck", false),
            ("example.com", false),
            ("app.amazonaws.com", false),
            ("a.github.io", false),
            ("no-such-suffix", false),
        ] {
            assert_eq!(has_public_suffix_below(domain), expected, "{domain}");
        }
    }

    #[test]
    fn suffixes_of_the_published_list() {
        for (domain, expected) in [
            ("com", true),
            ("co.uk", true),
            ("github.io", true),
            ("ck", true),
            ("anything.ck", true),
            ("www.ck", false),
            ("example.com", false),
            ("a.github.io", false),
            ("no-such-suffix", true),
            ("a.no-such-suffix", false),
        ] {
            assert_eq!(is_public_suffix(domain), expected, "{domain}");
        }
    }
}
