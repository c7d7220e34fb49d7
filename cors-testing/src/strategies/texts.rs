//! Patterns and names as operators write them by mistake.

use proptest::prelude::*;

use super::origins::{edit, pattern};
use super::pick;

/// Returns texts that are patterns, nearly are, or should have been.
pub fn pattern_like() -> impl Strategy<Value = String> {
    let edited = (pattern(), edit())
        .prop_map(|(text, edit)| String::from_utf8_lossy(&edit.apply(text.into_bytes())).into_owned());
    prop_oneof![
        6 => assembled(),
        2 => edited,
        1 => pattern(),
        1 => pick(&["", " ", "*", " *", "NULL", "null ", "**", "://", "https://", ":*", "^https://.*$"]),
        1 => any::<String>(),
        1 => "[a-zA-Z0-9:/.*@\\[\\]_%?#-]{0,24}",
    ]
}

/// Returns origins with all that P2 has advice about.
fn assembled() -> impl Strategy<Value = String> {
    let scheme = prop_oneof![
        6 => pick(&["https://", "http://"]),
        2 => pick(&["", "HTTPS://", "Http://", "ws://", "wss://", "WSS://", "file://", "ftp://"]),
        1 => pick(&["//", "://", "https:/", "https:", "x-app://", "X-App://", "1x://"]),
    ];
    let user = prop_oneof![9 => Just(String::new()), 1 => pick(&["user@", "u:p@", "@", "*@"])];
    let host = prop_oneof![
        3 => pick(&["example.com", "Example.COM", "*.example.com", "*.EXAMPLE.com", "pr-*.a.com", "a"]),
        1 => pick(&["b\u{fc}cher.example", "B\u{dc}CHER.example", "*.b\u{fc}cher.example", "b\u{fc}*.a"]),
        1 => pick(&["\u{65e5}\u{672c}.example", "stra\u{df}e.example", "a\u{3002}b", "\u{2603}"]),
        1 => pick(&["127.1", "0x7f.1", "2130706433", "127.0.0.1", "0177.0.0.1", "127.0.0.1."]),
        1 => pick(&["1.2.3.4.5", "1.2.3", "256.1", "1.2.3.256", "0x", "4294967296", "08.1.1.1", "1.0x"]),
        1 => pick(&["[::1]", "[0:0:0:0:0:0:0:1]", "[::FFFF:1.2.3.4]", "[1:0:0:2::]", "[::A]"]),
        1 => pick(&["[::1%25lo]", "[]", "[::1", "::1", "[v1.a]", "[*]", "xn--bcher-kva.example"]),
        1 => pick(&["", ".", "a..b", ".a", "a.", "a_b", "-", "a b", "a,b", "a;b", "a%41"]),
        1 => pick(&["*", "a.*", "*.*.a", "*a*.b", "*.", "*.com.", "*.1"]),
        1 => pick(&["xn--f.example", "*.xn--f.a", "XN--F.a", "xn--.a", "xn--a-", "xn--tda.xn--*.a", "a*.b.xn--tda"]),
        1 => "(\\*\\.|)xn--[a-z0-9-]{1,6}\\.example",
        1 => Just("l".repeat(64)),
        1 => Just("l.".repeat(126) + "l"),
        1 => Just("L.".repeat(127) + "l"),
    ];
    let port = prop_oneof![
        5 => Just(String::new()),
        3 => pick(&[":443", ":80", ":8443", ":*", ":08443", ":0", ":"]),
        1 => pick(&[":65536", ":+80", ":8*", ":*:*", ":00", ":0000000000443"]),
    ];
    let tail = prop_oneof![
        6 => Just(String::new()),
        2 => pick(&["/", "/*", "/path", "?q", "#f", "\\", "/:443", "$", " "]),
    ];
    let space =
        || prop_oneof![12 => Just(String::new()), 1 => pick(&[" ", "\t", "\n", "\u{a0}", "\u{feff}"])];
    (space(), scheme, user, host, port, tail, space()).prop_map(
        |(before, scheme, user, host, port, tail, after)| {
            format!("{before}{scheme}{user}{host}{port}{tail}{after}")
        },
    )
}

/// Returns names of which a list refuses most.
pub(super) fn name_like() -> impl Strategy<Value = String> {
    prop_oneof![
        2 => pick(&["CONNECT", "trace", "Track", "*", "host", "TE", "via", "DNT"]),
        2 => pick(&["Origin", "cookie", "Sec-Fetch-Mode", "proxy-x", "Set-Cookie", "set-cookie2"]),
        1 => pick(&["access-control-allow-origin", "Access-Control-Max-Age"]),
        1 => pick(&["access-control-request-method", "access-control-request-headers"]),
        2 => pick(&["", " ", "x y", "x,y", "x\u{e9}", " PUT", "x:", "\"x\"", "secx", "proxy", "*"]),
        1 => pick(&["x-http-method", "x-http-method-override", "user-agent", "timing-allow-origin"]),
        1 => (255..=257_usize).prop_map(|len| "x".repeat(len)),
        1 => any::<String>(),
    ]
}
