//! The hosts that the URL standard and O3 have in common.

/// Returns whether the host of an http or https URL, as the URL standard serializes it, is one that O3 takes: an address,
/// or labels of 1 to 63 letters, digits and hyphens, 253 bytes in all.
pub fn is_ordinary_host(host: &str) -> bool {
    let name = host.strip_suffix('.').unwrap_or(host);
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    host.starts_with('[') || name.len() <= 253 && name.split('.').all(is_label)
}
