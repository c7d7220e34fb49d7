//! [`NearMiss`]: a text that was probably meant to be the page's origin, or to allow it.

use core::fmt;

use super::compare;
use super::difference::{Difference, Differences};
use super::spelling;
use crate::origin::Origin;

/// The most near misses that are returned: the closest, and the first of equals.
pub const MAX_NEAR_MISSES: usize = 3;

/// A text that lies this much farther than the closest is not a near miss.
const REACH: u32 = 4;

/// A text that does not allow the page's origin and nearly does: a pattern of a policy, or what a server sends.
///
/// ```
/// use cors_core::Origin;
/// use cors_core::explain::{Difference, near_miss};
///
/// let page = Origin::parse(b"https://app.example.com")?;
/// let miss = near_miss(&page, "http://app.example.com/").unwrap();
/// assert!(miss.differences().eq([Difference::TrailingSlash, Difference::Scheme]));
/// assert_eq!(
///     miss.to_string(),
///     "http://app.example.com/: it ends in a slash, and an origin has no path; the scheme differs",
/// );
/// assert_eq!(near_miss(&page, "https://example.net"), None);
/// # Ok::<(), cors_core::OriginError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NearMiss<'a> {
    origin: Origin<'a>,
    text: &'a str,
    differences: Differences,
}

/// Returns how `text`, whatever it is, misses the page's origin; `None` if it is the origin or has too little in common
/// with it.
pub fn near_miss<'a>(origin: &Origin<'a>, text: &'a str) -> Option<NearMiss<'a>> {
    let differences = in_list(origin, text)?;
    (!differences.is_empty()).then_some(NearMiss { origin: *origin, text, differences })
}

/// Returns the texts that come closest to the page's origin, at most [`MAX_NEAR_MISSES`], the closest first.
///
/// Takes time that grows with the number of texts.
pub fn near_misses<'a>(origin: &Origin<'a>, texts: impl IntoIterator<Item = &'a str>) -> NearMisses<'a> {
    let mut misses = NearMisses::default();
    for miss in texts.into_iter().filter_map(|text| near_miss(origin, text)) {
        misses.add(miss);
    }
    misses
}

fn in_list(origin: &Origin<'_>, text: &str) -> Option<Differences> {
    let separates = |character: char| character.is_whitespace() || matches!(character, ',' | ';');
    let mut entries = text.split(separates).filter(|entry| !entry.is_empty()).peekable();
    let first = entries.next()?;
    if entries.peek().is_none() {
        return differences(origin, first);
    }
    let mut closest = core::iter::once(first)
        .chain(entries)
        .filter_map(|entry| differences(origin, entry))
        .min_by_key(|differences| differences.weight())?;
    closest.insert(Difference::List);
    Some(closest)
}

fn differences(origin: &Origin<'_>, text: &str) -> Option<Differences> {
    let (canonical, spelled) = spelling::canonical(text)?;
    if origin.is_opaque() {
        return (canonical == "null").then_some(spelled);
    }
    let mut differences = compare::compare(origin, &canonical)?.union(spelled);
    if differences.is_empty() && canonical.contains('*') {
        differences.insert(Difference::LiteralPattern);
    }
    Some(differences)
}

impl<'a> NearMiss<'a> {
    /// Returns the page's origin.
    pub fn origin(&self) -> Origin<'a> {
        self.origin
    }

    /// Returns the text that misses the origin.
    pub fn text(&self) -> &'a str {
        self.text
    }

    /// Returns each thing in which the two differ.
    pub fn differences(&self) -> impl Iterator<Item = Difference> + Clone + use<> {
        self.differences.iter()
    }

    /// Returns the text as an origin, if it is one as browsers write it: another that the page could be served from.
    pub fn other_origin(&self) -> Option<Origin<'a>> {
        Origin::parse(self.text.as_bytes()).ok()
    }

    fn weight(&self) -> u32 {
        self.differences.weight()
    }
}

/// The text, then each difference.
impl fmt::Display for NearMiss<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text)?;
        self.differences().enumerate().try_for_each(|(index, difference)| {
            write!(f, "{}{difference}", if index == 0 { ": " } else { "; " })
        })
    }
}

/// The closest of the near misses, in their order: an iterator.
#[derive(Clone, Debug, Default)]
pub struct NearMisses<'a> {
    /// The near misses, and then `None`.
    closest: [Option<NearMiss<'a>>; MAX_NEAR_MISSES],
    taken: usize,
}

impl<'a> NearMisses<'a> {
    fn add(&mut self, miss: NearMiss<'a>) {
        if self.closest.iter().flatten().any(|other| other.text == miss.text) {
            return;
        }
        let mut next = Some(miss);
        for place in &mut self.closest {
            let is_closer = match (&next, &place) {
                (Some(next), Some(other)) => next.weight() < other.weight(),
                (next, None) => next.is_some(),
                (None, Some(_)) => false,
            };
            if is_closer {
                core::mem::swap(place, &mut next);
            }
        }
    }
}

impl<'a> Iterator for NearMisses<'a> {
    type Item = NearMiss<'a>;

    fn next(&mut self) -> Option<NearMiss<'a>> {
        let closest = (*self.closest.first()?)?;
        let next = (*self.closest.get(self.taken)?)?;
        self.taken = self.taken.saturating_add(1);
        (next.weight() < closest.weight().saturating_add(REACH)).then_some(next)
    }
}

#[cfg(test)]
mod tests {
    use std::string::String;
    use std::vec::Vec;

    use super::*;

    /// Returns the names of the differences.
    fn differences_of(origin: &str, text: &str) -> Option<String> {
        let origin = Origin::parse(origin.as_bytes()).unwrap();
        let miss = near_miss(&origin, text)?;
        Some(miss.differences().map(Difference::name).collect::<Vec<_>>().join(" "))
    }

    #[test]
    fn differences_of_one_text() {
        const PAGE: &str = "https://app.example.com";
        for (origin, text, expected) in [
            // The origin itself, and nothing like it.
            (PAGE, "https://app.example.com", None),
            (PAGE, "https://example.net", None),
            (PAGE, "https://a.example.net", None),
            (PAGE, "*", None),
            (PAGE, "", None),
            (PAGE, " , ", None),
            (PAGE, "null", None),
            (PAGE, "true", None),
            (PAGE, "^https://.*$", None),
            (PAGE, "chrome-extension://app.example.com", None),
            // Spelling.
            (PAGE, "https://app.example.com/", Some("trailing-slash")),
            (PAGE, "https://app.example.com/login", Some("path")),
            (PAGE, "https://app.example.com?x", Some("path")),
            (PAGE, "https://App.Example.com", Some("case")),
            (PAGE, "HTTPS://app.example.com", Some("case")),
            (PAGE, "https://app.example.com:443", Some("default-port")),
            (PAGE, "app.example.com", Some("missing-scheme")),
            (PAGE, "//app.example.com", Some("missing-scheme")),
            (PAGE, "https://user@app.example.com", Some("user-info")),
            (PAGE, "\"https://app.example.com\"", Some("quotes")),
            (PAGE, "https:/app.example.com", Some("spelling")),
            (PAGE, "https://APP.example.com:443/", Some("trailing-slash case default-port")),
            ("https://xn--bcher-kva.example", "https://b\u{fc}cher.example", Some("spelling")),
            ("http://127.0.0.1:8080", "http://127.1:8080", Some("spelling")),
            ("null", "NULL", Some("case")),
            ("null", "null", None),
            ("null", "https://app.example.com", None),
            // Scheme and port.
            (PAGE, "http://app.example.com", Some("scheme")),
            (PAGE, "wss://app.example.com", Some("scheme")),
            (PAGE, "https://app.example.com:8443", Some("port")),
            ("http://localhost:3000", "http://localhost", Some("port")),
            ("http://localhost:3000", "https://localhost:3000", Some("scheme")),
            ("http://localhost:3000", "https://localhost", Some("scheme port")),
            ("http://app.example.com", "https://app.example.com/", Some("trailing-slash scheme")),
            // Hosts.
            ("https://www.example.com", "https://example.com", Some("page-has-www")),
            ("https://example.com", "https://www.example.com", Some("page-lacks-www")),
            ("http://www.example.com", "https://example.com", Some("scheme page-has-www")),
            ("https://example.com.", "https://example.com", Some("page-has-dot")),
            ("https://example.com", "https://example.com.", Some("page-lacks-dot")),
            ("http://127.0.0.1:3000", "http://localhost:3000", Some("loopback")),
            ("http://[::1]:3000", "http://localhost:3000", Some("loopback")),
            ("http://localhost:5173", "http://127.0.0.1:3000", Some("port loopback")),
            (PAGE, "https://example.com", Some("subdomain")),
            ("https://a.b.example.com", "https://example.com", Some("subdomain")),
            ("https://example.com", "https://app.example.com", Some("parent")),
            (PAGE, "https://ap.example.com", Some("one-character")),
            (PAGE, "https://app.exmaple.com", Some("one-character")),
            (PAGE, "https://shop.example.com", Some("sibling")),
            (PAGE, "http://shop.example.com", None),
            ("https://a.com", "https://b.com", None),
            ("http://10.0.0.1", "http://10.0.0.11", Some("one-character")),
            ("http://10.0.0.1", "http://23.0.0.1", None),
            // The schemes of applications, whose hosts are not domains.
            ("app://.", "app://.", None),
            ("app://.", "app://./", Some("trailing-slash")),
            ("app://.", "App://./index.html", Some("path case")),
            ("app://.", "app://", Some("host")),
            ("app://.", "https://.", None),
            ("app://.", "app://.:8080", Some("port")),
            ("capacitor://", "capacitor://localhost", Some("host")),
            ("capacitor://localhost", "capacitor://", Some("host")),
            ("capacitor://localhost", "capacitor:///", Some("trailing-slash host")),
            ("capacitor://localhost", "ionic://localhost", Some("scheme")),
            ("capacitor://localhost", "https://localhost", Some("scheme")),
            ("https://localhost", "capacitor://localhost", Some("scheme")),
            ("capacitor://localhost", "http://localhost:8100", None),
            ("capacitor://localhost", "https://app.example.com", None),
            ("app://a.example.com", "app://example.com", Some("host")),
            ("app://www.example.com", "app://example.com", Some("host")),
            ("app://localhost", "app://127.0.0.1", Some("host")),
            ("chrome-extension://abcdefghijklmnop", "chrome-extension://ponmlkjihgfedcba", Some("host")),
            (
                "chrome-extension://abcdefghijklmnop",
                "chrome-extension://abcdefghijklmnoq",
                Some("one-character"),
            ),
            ("chrome-extension://abcdefghijklmnop", "moz-extension://abcdefghijklmnop", None),
            ("chrome-extension://abcdefghijklmnop:1", "chrome-extension://ponmlkjihgfedcba", None),
            ("file://", "file:///", Some("trailing-slash")),
            ("file://", "file:///home/me/index.html", Some("path")),
            ("file://", "null", None),
            ("null", "file://", None),
            // Patterns.
            ("https://example.com", "https://*.example.com", Some("apex")),
            ("http://app.example.com", "https://*.example.com", Some("scheme")),
            ("https://app.example.com:8443", "https://*.example.com", Some("port")),
            ("http://app.example.com:8443", "https://*.example.com:*", Some("scheme")),
            ("https://app.example.com.", "https://*.example.com", Some("page-has-dot")),
            ("https://team.example.com", "https://pr-*.example.com", Some("sibling")),
            (PAGE, "https://*.example.com", Some("literal-pattern")),
            (PAGE, "https://*.Example.com", Some("case")),
            // Lists.
            (PAGE, "https://a.example, https://app.example.com", Some("list")),
            (PAGE, "https://app.example.com https://a.example", Some("list")),
            (PAGE, "https://a.example, http://app.example.com", Some("list scheme")),
            (PAGE, "https://a.example, https://b.example", None),
        ] {
            assert_eq!(differences_of(origin, text).as_deref(), expected, "{origin} {text}");
        }
    }

    #[test]
    fn the_closest_come_first_and_far_ones_not_at_all() {
        let page = Origin::parse(b"https://app.example.com").unwrap();
        let nearest = |texts: &[&'static str]| -> Vec<&str> {
            near_misses(&page, texts.iter().copied()).map(|miss| miss.text()).collect()
        };
        let sibling = "https://shop.example.com";
        assert_eq!(nearest(&[sibling, "https://x.test", sibling]), [sibling]);
        assert_eq!(nearest(&[sibling, "http://app.example.com"]), ["http://app.example.com"]);
        assert_eq!(
            nearest(&[
                "https://example.com",
                "http://app.example.com",
                "https://app.example.com:1",
                "https://app.example.com:2"
            ]),
            ["http://app.example.com", "https://app.example.com:1", "https://app.example.com:2"],
        );
        assert_eq!(nearest(&[]), [""; 0]);
    }
}
