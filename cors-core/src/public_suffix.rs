//! The public suffix list, by the `psl` crate.

/// True for a public suffix such as `com`, `co.uk` or `github.io`, under which anyone can have a name: the predicate
/// for [`Config::is_public_suffix`](crate::Config::is_public_suffix).
///
/// A name under no listed suffix counts by its last label, as the list's algorithm says. The list is the one that
/// the `psl` crate was built with.
pub fn is_public_suffix(domain: &str) -> bool {
    psl::suffix_str(domain) == Some(domain)
}
