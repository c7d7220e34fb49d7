//! Configs and fetches from the same few words, so that they meet, and all that the standard treats in its own way.

use cors_core::browser::{Api, CredentialsMode, Mode};
use cors_core::{Origin, Risk};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{Index, select};

use crate::owned_config::OwnedConfig;
use crate::owned_fetch::OwnedFetch;

pub(crate) fn case() -> impl Strategy<Value = (OwnedConfig, OwnedFetch)> {
    (config(), fetch(), meeting()).prop_map(|(config, fetch, meeting)| {
        let origin = meeting.origin(&config.allow_origins).unwrap_or(fetch.origin);
        let url = if fetch.url.is_empty() { format!("{origin}/orders") } else { fetch.url };
        (config, OwnedFetch { origin, url, ..fetch })
    })
}

fn config() -> impl Strategy<Value = OwnedConfig> {
    let star = || vec(Just("*".to_owned()), 1);
    let origins = prop_oneof![
        8 => vec(pattern(), 0..=4),
        1 => star(),
        1 => (vec(pattern(), 1..=2), star()).prop_map(|(patterns, star)| [patterns, star].concat()),
    ];
    let methods = prop_oneof![3 => vec(words(LISTABLE_METHODS), 0..=3), 1 => star()];
    let headers = prop_oneof![
        5 => vec(words(LISTABLE_HEADERS), 0..=5),
        2 => star(),
        1 => Just(vec!["*".to_owned(), "Authorization".to_owned()]),
        // More than 8 KiB.
        1 => Just((0..40).map(long_name).chain(["x-a".to_owned()]).collect()),
    ];
    let exposed = prop_oneof![3 => vec(words(&["etag", "X-Total", "pragma"]), 0..=2), 1 => star()];
    let max_age = option::of(prop_oneof![Just(0_u32), 1..=86_400_u32]);
    let status = prop_oneof![3 => Just(204_u16), 1 => 200..=299_u16];
    (origins, methods, headers, exposed, any::<bool>(), max_age, status).prop_map(
        |(
            allow_origins,
            allow_methods,
            allow_headers,
            mut expose_headers,
            allow_credentials,
            max_age,
            status,
        )| {
            if allow_credentials {
                expose_headers.retain(|name| name != "*");
            }
            OwnedConfig {
                allow_origins,
                allow_methods,
                allow_headers,
                expose_headers,
                allow_credentials,
                max_age,
                allow_private_network: false,
                preflight_status: status,
                accept_risks: Risk::ALL.to_vec(),
                knows_public_suffixes: false,
            }
        },
    )
}

const LISTABLE_METHODS: &[&str] =
    &["PUT", "put", "DELETE", "PATCH", "patch", "Patch", "OPTIONS", "QUERY", "x!", "get", "POST"];

const LISTABLE_HEADERS: &[&str] = &[
    "content-type",
    "Content-Type",
    "authorization",
    "Authorization",
    "X-A",
    "x-b",
    "accept",
    "range",
    "user-agent",
    "dpr",
    "content-language",
    "x-http-method",
];

/// With 250 bytes, in lower case.
fn long_name(number: u32) -> String {
    format!("{number:x>250}")
}

fn words(words: &'static [&'static str]) -> impl Strategy<Value = String> + Clone {
    select(words).prop_map(str::to_owned)
}

fn pattern() -> impl Strategy<Value = String> {
    let host = words(&[
        "example.com",
        "www.example.com",
        "app.example.com",
        "example.org",
        "example.com.",
        "localhost",
        "127.0.0.1",
        "[::1]",
        "*.example.com",
        "*.localhost",
        "pr-*.example.com",
        "*-team.example.org",
        "10.0.0.1",
    ]);
    let port = words(&["", "", "", ":8443", ":3000", ":*"]);
    let scheme = words(&["https", "https", "http", "chrome-extension"]);
    prop_oneof![
        12 => (scheme, host, port).prop_map(|(scheme, host, port)| format!("{scheme}://{host}{port}")),
        1 => Just("null".to_owned()),
    ]
}

/// An origin made from one of a config's patterns: one that it allows, or one that is near.
#[derive(Clone, Debug)]
struct Meeting {
    pattern: Option<Index>,
    middle: String,
    port: String,
    miss: u8,
}

fn meeting() -> impl Strategy<Value = Meeting> {
    let middle = words(&["app", "a.b", "1", "x-y"]);
    let port = words(&["", ":8443", ":3000"]);
    (option::weighted(0.8, any::<Index>()), middle, port, prop_oneof![3 => Just(0_u8), 2 => 1..=7_u8])
        .prop_map(|(pattern, middle, port, miss)| Meeting { pattern, middle, port, miss })
}

impl Meeting {
    fn origin(&self, patterns: &[String]) -> Option<String> {
        let pattern = self.pattern.filter(|_| !patterns.is_empty())?.get(patterns);
        let (pattern, port) = match pattern.strip_suffix(":*") {
            Some(rest) => (rest, &*self.port),
            None => (&**pattern, ""),
        };
        let origin = pattern.replace('*', &self.middle) + port;
        let missed = match self.miss {
            1 if origin.starts_with("https") => origin.replacen("https", "http", 1),
            1 => origin.replacen("http", "https", 1),
            2 => origin.replacen("://", "://www.", 1),
            3 => origin.replacen("www.", "", 1),
            4 => format!("{origin}:3000"),
            5 => format!("{origin}."),
            6 => origin.replacen("com", "cmo", 1),
            7 => origin.replacen("app.", "", 1),
            _ => origin.clone(),
        };
        [missed, origin].into_iter().find(|origin| Origin::parse(origin.as_bytes()).is_ok())
    }
}

fn fetch() -> impl Strategy<Value = OwnedFetch> {
    let origin = words(&["https://app.example.com", "http://localhost:3000", "null", "https://evil.test"]);
    // Nothing means the page's own origin.
    let url = prop_oneof![
        12 => words(&["https://api.example.com/orders", "http://api.example.com:8080", "https://API.example.com/"]),
        1 => Just(String::new()),
    ];
    let mode = prop_oneof![16 => Just(Mode::Cors), 1 => Just(Mode::NoCors), 1 => Just(Mode::SameOrigin)];
    let credentials =
        select(&[CredentialsMode::Omit, CredentialsMode::SameOrigin, CredentialsMode::Include][..]);
    let api = select(&[Api::Fetch, Api::XmlHttpRequest][..]);
    let rare = || prop::bool::weighted(0.1);
    (origin, url, method(), headers(), credentials, (mode, api, any::<bool>(), rare(), rare())).prop_map(
        |(origin, url, method, headers, credentials, (mode, api, has_body, stream_body, upload_listener))| {
            OwnedFetch {
                origin,
                url,
                method,
                headers,
                credentials,
                mode,
                api,
                has_body: has_body || stream_body,
                stream_body,
                upload_listener,
            }
        },
    )
}

/// Some throw.
fn method() -> impl Strategy<Value = String> {
    prop_oneof![
        8 => words(&["GET", "get", "Get", "HEAD", "POST", "post"]),
        12 => words(&["PUT", "put", "DELETE", "dElEtE", "PATCH", "patch", "OPTIONS", "options", "QUERY", "query", "x!"]),
        1 => words(&["*", "CONNECT", "trace", "P UT", ""]),
    ]
}

fn headers() -> impl Strategy<Value = Vec<(String, Vec<u8>)>> {
    let owned = |(name, value): &(&str, &[u8])| ((*name).to_owned(), value.to_vec());
    let header = prop_oneof![
        40 => select(HEADERS).prop_map(move |header| owned(&header)),
        1 => select(THROWN).prop_map(move |header| owned(&header)),
    ];
    let some = vec(header, 0..=4);
    let many =
        (125..=131_u32).prop_map(|count| (0..count).map(|index| (format!("x-{index}"), vec![])).collect());
    // Around 8 KiB.
    let long = (30..=34_u32).prop_map(|count| (0..count).map(|index| (long_name(index), vec![])).collect());
    prop_oneof![100 => some, 1 => many, 1 => long]
}

const HEADERS: &[(&str, &[u8])] = &[
    // Safelisted, by value or not.
    ("accept", b"*/*"),
    ("Accept", b"a\"b"),
    ("accept", b"\xe9"),
    ("accept-language", b"de, en;q=0.5"),
    ("content-language", b"de@"),
    ("content-type", b"text/plain"),
    ("Content-Type", b"application/json"),
    ("content-type", b"text/plain; a=b,c"),
    ("range", b"bytes=0-9"),
    ("range", b"bytes=1-99999999999999999999"),
    ("range", b"BYTES=0-"),
    ("range", b"bytes=-5"),
    // Chromium's own.
    ("dpr", b"2"),
    ("Save-Data", b"on"),
    ("ect", b"5g"),
    ("user-agent", b"x"),
    // Never.
    ("authorization", b"Bearer x"),
    ("Authorization", b"Basic x"),
    ("X-A", b"1"),
    ("x-a", b"2"),
    ("X-B", b""),
    ("x-c", b"1"),
    ("access-control-allow-origin", b"*"),
    ("*", b"1"),
    // Forbidden.
    ("cookie", b"a=b"),
    ("Sec-X", b"1"),
    ("proxy-x", b"1"),
    ("origin", b"https://app.example.com"),
    ("x-http-method", b"TRACE"),
    ("x-http-method", b"PUT"),
];

const THROWN: &[(&str, &[u8])] = &[("x a", b"1"), ("x-a", b"1\n2")];
