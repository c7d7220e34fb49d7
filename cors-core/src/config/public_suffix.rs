//! The public suffix list, by the `psl` crate.

/// Returns true for a public suffix such as `com`, `co.uk` or `github.io`, under which anyone can register a name: the
/// predicate for [`Config::is_public_suffix`](crate::Config::is_public_suffix).
///
/// If no listed suffix ends a domain, its last label is the suffix, by the list's algorithm. The list is the one that the
/// `psl` crate was built with.
pub fn is_public_suffix(domain: &str) -> bool {
    psl::suffix_str(domain) == Some(domain)
}

#[cfg(test)]
mod tests {
    use super::*;

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
