//! Origins and patterns from few schemes, labels and ports: hits, near misses and malformed ones.

#[cfg(feature = "browser")]
use cors_core::Origin;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;

use super::pick;

/// A scheme that patterns have wildcards for.
fn web_scheme() -> impl Strategy<Value = String> {
    prop_oneof![8 => Just("https".to_owned()), 3 => Just("http".to_owned())]
}

fn scheme() -> impl Strategy<Value = String> {
    prop_oneof![11 => web_scheme(), 1 => pick(&["chrome-extension", "x+y.z-1", "ftp"])]
}

/// An origin of an application's scheme. Its host is not a domain (O3).
fn of_an_application() -> impl Strategy<Value = String> {
    let scheme = pick(&["app", "capacitor", "x+y.z-1"]);
    let host =
        pick(&[".", "..", "localhost", "a..b", ".a", "-_.", "1.2", "0x1", "xn--f", "[::1]", "127.0.0.1"]);
    prop_oneof![
        5 => (scheme, host, port()).prop_map(|(scheme, host, port)| format!("{scheme}://{host}{port}")),
        3 => pick(&["app://", "capacitor://", "file://"]),
    ]
}

fn label() -> impl Strategy<Value = String> + Clone {
    pick(&[
        "a",
        "b",
        "app",
        "1",
        "pr-1",
        "pr-1-team",
        "x-team",
        "pr-",
        "-team",
        "a_b",
        "xn--bcher-kva",
        "0x1",
    ])
}

/// A domain that wildcards stand before.
fn apex() -> impl Strategy<Value = String> {
    prop_oneof![
        6 => Just("example.com".to_owned()),
        4 => pick(&["example.org", "com", "localhost", "example.com.", "a.b.c.example.com", "github.io"]),
    ]
}

fn domain(labels: usize) -> impl Strategy<Value = String> {
    (vec(label(), 0..=labels), apex()).prop_map(|(mut labels, apex)| {
        labels.push(apex);
        labels.join(".")
    })
}

fn address() -> impl Strategy<Value = String> {
    pick(&["127.0.0.1", "10.0.0.1", "0.0.0.0", "[::1]", "[2001:db8::1:0:0:1]", "[fe80::1]"])
}

/// Returns a port after its colon, or nothing. None is a scheme's default.
fn port() -> impl Strategy<Value = String> {
    prop_oneof![
        8 => Just(String::new()),
        5 => pick(&[":8443", ":3000", ":0", ":65535", ":8080"]),
    ]
}

fn host() -> impl Strategy<Value = String> {
    prop_oneof![9 => domain(2), 1 => address()]
}

/// Returns patterns that P2 to P7 accept, without `*` alone.
pub(super) fn pattern() -> impl Strategy<Value = String> {
    let starred = pick(&["pr-*", "*-team", "pr-*-team", "a*", "*b", "*_b", "x*-b", LONG_BEFORE, LONG_AFTER]);
    let exact = prop_oneof![8 => domain(2), 3 => address()];
    let host = prop_oneof![
        8 => domain(2),
        6 => domain(1).prop_map(|domain| format!("*.{domain}")),
        9 => (starred, domain(1)).prop_map(|(label, domain)| {
            // P6: one label alone has to be a name that nobody registers.
            let registers = domain.contains("com") && !domain.trim_end_matches('.').contains('.');
            format!("{label}.{}{domain}", if registers { "example." } else { "" })
        }),
        3 => address(),
    ];
    let port = prop_oneof![5 => port(), 2 => Just(":*".to_owned())];
    let together = |(scheme, host, port)| format!("{scheme}://{host}{port}");
    prop_oneof![
        18 => (web_scheme(), host, port).prop_map(together),
        2 => (scheme(), exact, self::port()).prop_map(together),
        1 => of_an_application(),
        1 => Just("null".to_owned()),
    ]
}

/// Returns serialized origins, and some texts that nearly are.
pub fn origin() -> impl Strategy<Value = Vec<u8>> {
    let serialized = || {
        (scheme(), host(), port())
            .prop_map(|(scheme, host, port)| format!("{scheme}://{host}{port}").into_bytes())
    };
    prop_oneof![
        10 => serialized(),
        2 => of_an_application().prop_map(String::into_bytes),
        2 => Just(b"null".to_vec()),
        3 => pick(MALFORMED).prop_map(String::into_bytes),
        3 => (serialized(), edit()).prop_map(|(origin, edit)| edit.apply(origin)),
        2 => at_the_limits(),
        1 => vec(any::<u8>(), 0..12),
    ]
}

/// Returns the last two labels of the host that the text is about, in lower case, if it shows them: the last name with a dot before
/// what begins a path. Of an address, nothing.
pub fn registrable(text: &str) -> Option<String> {
    let lower = text.to_ascii_lowercase();
    let start = lower.rfind("://").map_or(0, |at| at + 3);
    let authority = lower[start..].split(['/', '#', '\\', ',', ';', ' ']).next()?;
    let authority = authority.rsplit('@').next()?;
    if !authority.is_ascii() || authority.contains('%') {
        return None;
    }
    let is_of_a_name = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    let names = authority.split(|c| !is_of_a_name(c));
    let name = names.map(|name| name.trim_matches('.')).rfind(|name| name.contains('.'))?;
    let (rest, last) = name.rsplit_once('.')?;
    let second = rest.rsplit('.').next()?;
    let is_number = last.starts_with(|first: char| first.is_ascii_digit());
    (!is_number && !second.is_empty()).then(|| format!("{second}.{last}"))
}

/// An origin or a pattern with a mistake of those that people make, or with two.
pub fn mistaken_pattern() -> impl Strategy<Value = String> {
    let scheme = pick(&[
        "https://",
        "https://https://",
        "https:",
        "https:///",
        "http:://",
        "https:\\\\",
        "htps://",
        "http s://",
        "httpx://",
        "HTTPS://",
        "",
        "//",
        "blob:https://",
        "Origin: https://",
        "<https://",
        "wss://",
        "https://www.https://",
        "http(s)://",
    ]);
    let label = pick(&[
        "",
        "",
        "app.",
        "*.",
        ".",
        "my-app-?.",
        "{tenant}.",
        "pr-*.",
        "xn--ab.",
        "*-",
        "a..",
        "*",
        "?.",
        "user@",
    ]);
    let domain = pick(&["example.com", "Example.COM", "vercel.app", "example.co.uk", "a.internal"]);
    let port = pick(&["", "", ":443", ":8443", ":*", ":99999", ":3000-4000", ":"]);
    let end = pick(&["", "", "/", "/path", ">", "/*", "?.org", "?q=1", "#x", "\\", "."]);
    (scheme, label, domain, port, end)
        .prop_map(|(scheme, label, domain, port, end)| format!("{scheme}{label}{domain}{port}{end}"))
}

/// Labels of 63 bytes, the most, with one in place of the `*`.
const LONG_BEFORE: &str = "a-label-of-sixty-three-bytes-with-its-star-close-to-the-end-*-b";
const LONG_AFTER: &str = "a-*-label-of-sixty-three-bytes-with-its-star-close-to-the-start";

const MALFORMED: &[&str] = &[
    "",
    "Null",
    "https://Example.com",
    "HTTPS://example.com",
    "https://example.com/",
    "https://example.com:443",
    "http://example.com:80",
    "https://example.com:08443",
    "https://example.com:65536",
    "https://example.com:",
    "https://user@example.com",
    "https://example.com https://example.com",
    "https://example.com,https://example.com",
    "https://exa%6dple.com",
    "https://b\u{fc}cher.example",
    "https://example..com",
    "https://.example.com",
    "https://evil.test`.example.com",
    "https://evil.test&.example.com",
    "https://127.1",
    "https://127.0.0.1.",
    "https://[0:0:0:0:0:0:0:1]",
    "https://[::ffff:127.0.0.1]",
    "https://*.example.com",
    "example.com",
    "*",
    "https://",
    "https:///example.com",
    "https://.",
    "app://:80",
    "app:///",
    "app://A",
    "file:///",
];

/// O2's 64 bytes of scheme, O3's 63 of a label and 253 of a domain, each met, or passed by one.
fn at_the_limits() -> impl Strategy<Value = Vec<u8>> {
    (0..=1_usize, 0..=1_usize, 0..=1_usize, 0..5_u8, port()).prop_map(
        |(scheme, label, domain, which, port)| {
            let text = match which {
                0 => format!("{}://example.com{port}", "s".repeat(64 + scheme)),
                1 => format!("https://{}.example.com{port}", "l".repeat(63 + label)),
                2 => format!("app://{}{port}", ".".repeat(254 + domain)),
                3 => format!("https://{}{}.example.com{port}", "l.".repeat(120), "l".repeat(1 + domain)),
                _ => format!("https://{}{}.example.com.{port}", "l.".repeat(120), "l".repeat(1 + domain)),
            };
            text.into_bytes()
        },
    )
}

/// A byte put in, taken out or changed.
#[derive(Clone, Debug)]
pub(super) struct Edit {
    at: Index,
    kind: u8,
    byte: u8,
}

pub(super) fn edit() -> impl Strategy<Value = Edit> {
    let byte = prop_oneof![
        4 => proptest::sample::select(&b"/:.@*%AZaz_-[]09,; \t\r\n\0\x7f\xff?#\\"[..]),
        1 => any::<u8>(),
    ];
    (any::<Index>(), 0..3_u8, byte).prop_map(|(at, kind, byte)| Edit { at, kind, byte })
}

impl Edit {
    pub(super) fn apply(&self, mut text: Vec<u8>) -> Vec<u8> {
        let at = self.at.index(text.len() + 1);
        match self.kind {
            0 => text.insert(at, self.byte),
            1 if at < text.len() => drop(text.remove(at)),
            _ if at < text.len() => text[at] = self.byte,
            _ => {}
        }
        text
    }
}

/// An origin made from one of a config's patterns: one that the pattern allows, or a near miss.
#[derive(Clone, Debug)]
pub(super) struct Meeting {
    pattern: Index,
    labels: Vec<String>,
    middle: String,
    port: String,
    miss: Option<Miss>,
}

#[derive(Clone, Debug)]
enum Miss {
    OtherScheme,
    OtherPort(String),
    NoFirstLabel,
    GluedPrefix,
    Suffix,
    TrailingDot,
    Uppercase,
    Www,
    Typo,
    Edit(Edit),
}

pub(super) fn meeting() -> impl Strategy<Value = Meeting> {
    let miss = prop_oneof![
        Just(Miss::OtherScheme),
        port().prop_map(Miss::OtherPort),
        Just(Miss::NoFirstLabel),
        Just(Miss::GluedPrefix),
        Just(Miss::Suffix),
        Just(Miss::TrailingDot),
        Just(Miss::Uppercase),
        Just(Miss::Www),
        Just(Miss::Typo),
        edit().prop_map(Miss::Edit),
    ];
    let miss = prop_oneof![3 => Just(None), 2 => miss.prop_map(Some)];
    let middle = pick(&["1", "x", "-", "42-b", "team", "a_b", "", "a.b"]);
    (any::<Index>(), vec(label(), 1..=3), middle, port(), miss)
        .prop_map(|(pattern, labels, middle, port, miss)| Meeting { pattern, labels, middle, port, miss })
}

impl Meeting {
    /// Returns the origin as a request has it, which may be malformed.
    pub(super) fn origin(&self, patterns: &[String]) -> Vec<u8> {
        let Some(origin) = self.allowed(patterns) else {
            return b"https://example.com".to_vec();
        };
        match &self.miss {
            Some(Miss::Edit(edit)) => edit.apply(origin.into_bytes()),
            Some(miss) => miss.apply(&origin).into_bytes(),
            None => origin.into_bytes(),
        }
    }

    /// Returns the origin, or the one that it misses, if either is an origin: a page has no malformed one.
    #[cfg(feature = "browser")]
    pub(super) fn valid_origin(&self, patterns: &[String]) -> Option<String> {
        let allowed = self.allowed(patterns)?.into_bytes();
        let valid = [self.origin(patterns), allowed].into_iter().find(|text| Origin::parse(text).is_ok())?;
        String::from_utf8(valid).ok()
    }

    /// Returns an origin that one of the patterns allows, if what is put in place of its `*` fits.
    fn allowed(&self, patterns: &[String]) -> Option<String> {
        if patterns.is_empty() {
            return None;
        }
        let pattern = self.pattern.get(patterns);
        let (pattern, port) = match pattern.strip_suffix(":*") {
            Some(rest) => (rest, &self.port[..]),
            None => (&pattern[..], ""),
        };
        let labels = format!("://{}.", self.labels.join("."));
        Some(pattern.replace("://*.", &labels).replace('*', &self.middle) + port)
    }
}

impl Miss {
    fn apply(&self, origin: &str) -> String {
        let (scheme, rest) = origin.split_once("://").unwrap_or(("https", origin));
        match self {
            Miss::OtherScheme if scheme == "https" => format!("http://{rest}"),
            Miss::OtherScheme => format!("https://{rest}"),
            Miss::OtherPort(port) => {
                format!("{scheme}://{}{port}", rest.split(':').next().unwrap_or_default())
            }
            Miss::NoFirstLabel => {
                format!("{scheme}://{}", rest.split_once('.').map_or(rest, |(_, parent)| parent))
            }
            Miss::GluedPrefix => format!("{scheme}://evil{rest}"),
            Miss::Suffix => format!("{origin}.evil.test"),
            Miss::TrailingDot => format!("{origin}."),
            Miss::Uppercase => origin.to_ascii_uppercase(),
            Miss::Www => format!("{scheme}://www.{rest}"),
            Miss::Typo => origin.replacen("com", "cmo", 1),
            Miss::Edit(_) => origin.to_owned(),
        }
    }
}
