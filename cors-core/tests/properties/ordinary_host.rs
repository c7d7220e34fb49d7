//! The hosts that the URL standard and O3 have in common.

use url::{Host, Url};

/// Labels of 1 to 63 letters, digits and hyphens, 253 bytes in all; or an address.
pub(crate) fn has_ordinary_host(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(domain)) => {
            let name = domain.strip_suffix('.').unwrap_or(domain);
            let is_label = |label: &str| {
                (1..=63).contains(&label.len())
                    && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            };
            name.len() <= 253 && name.split('.').all(is_label)
        }
        Some(Host::Ipv4(_) | Host::Ipv6(_)) => true,
        None => false,
    }
}
