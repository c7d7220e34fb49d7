//! The public suffix list, by the `psl` crate.

use psl::Psl as _;

/// Returns true for a public suffix such as `com`, `co.uk` or `github.io`, under which anyone can register a name: the
/// predicate for [`Config::is_public_suffix`](crate::Config::is_public_suffix).
///
/// If no listed suffix ends a domain, its last label is the suffix, by the list's algorithm. The list is the one that the
/// `psl` crate was built with.
pub fn is_public_suffix(domain: &str) -> bool {
    psl::suffix_str(domain) == Some(domain)
}

/// Returns true for a domain that has public suffixes below it, such as `amazonaws.com` with `compute.amazonaws.com`, or
/// `kawasaki.jp`: a name under such a domain may be anyone's, though the domain itself is not a public suffix.
pub fn has_public_suffix_below(domain: &str) -> bool {
    let mut is_asked_for_more = false;
    let mut labels = domain.rsplit('.').map(str::as_bytes);
    // The list is a tree of labels: a search asks for the label after the last one only where the list has some below.
    psl::List.find(core::iter::from_fn(|| {
        let label = labels.next();
        is_asked_for_more |= label.is_none();
        label
    }));
    is_asked_for_more
}

#[cfg(test)]
mod tests {
    use super::*;

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
