//! Configs and fetches to them, with all that the Fetch standard treats in a way of its own.

use cors_core::browser::{Api, CredentialsMode, Mode, Permission};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

use super::configs::{config_of, star};
use super::names::listable_method;
use super::origins::{meeting, pattern};
use super::pick;
use crate::{OwnedConfig, OwnedFetch};

/// Returns configs, each with a fetch.
pub fn fetch_case() -> impl Strategy<Value = (OwnedConfig, OwnedFetch)> {
    (config(), fetch(), option::weighted(0.8, meeting())).prop_map(|(config, fetch, meeting)| {
        let met = meeting.and_then(|meeting| meeting.valid_origin(&config.allow_origins));
        let origin = met.unwrap_or(fetch.origin);
        let url = if fetch.url.is_empty() { format!("{origin}/orders") } else { fetch.url };
        (config, OwnedFetch { origin, url, ..fetch })
    })
}

fn config() -> impl Strategy<Value = OwnedConfig> {
    let origins = prop_oneof![
        8 => vec(pattern(), 0..=4),
        1 => vec(star(), 1),
        1 => (vec(pattern(), 1..=2), vec(star(), 1)).prop_map(|(patterns, star)| [patterns, star].concat()),
    ];
    let methods = prop_oneof![3 => vec(listable_method(), 0..=3), 1 => vec(star(), 1)];
    let headers = prop_oneof![
        5 => vec(pick(LISTABLE_HEADERS), 0..=5),
        2 => vec(star(), 1),
        1 => Just(vec!["*".to_owned(), "Authorization".to_owned()]),
        // More than 8 KiB.
        1 => Just((0..40).map(long_name).chain(["x-a".to_owned()]).collect()),
    ];
    let exposed = prop_oneof![3 => vec(pick(&["etag", "X-Total", "pragma"]), 0..=2), 1 => vec(star(), 1)];
    config_of((origins, methods, headers, exposed))
}

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

/// Returns a name of 250 bytes, in lower case.
fn long_name(number: u32) -> String {
    format!("{number:x>250}")
}

fn fetch() -> impl Strategy<Value = OwnedFetch> {
    let origin = prop_oneof![
        8 => pick(&["https://app.example.com", "http://app.example.com", "http://localhost:3000", "null", "https://evil.test"]),
        // These are origins, and no patterns.
        1 => pick(&["file://host", "ws://app.example.com", "https://xn--zz.com"]),
    ];
    // Nothing means the page's own origin.
    let url = prop_oneof![
        24 => pick(&["https://api.example.com/orders", "https://API.example.com/"]),
        // What may be stopped before any request.
        2 => pick(&["http://api.example.com:8080", "http://API.example.com"]),
        2 => pick(&["http://localhost:8080/orders", "http://192.168.1.1/", "https://10.0.0.1/", "http://printer.local"]),
        2 => pick(&["https://api.example.com:6667/", "http://localhost:6000", "http://api.example.com:4190/orders"]),
        1 => pick(&["api.example.com/orders", "localhost:8080", "127.0.0.1:8080/x", "ftp://api.example.com"]),
        2 => Just(String::new()),
    ];
    let mode = prop_oneof![16 => Just(Mode::Cors), 1 => Just(Mode::NoCors), 1 => Just(Mode::SameOrigin)];
    let credentials =
        select(&[CredentialsMode::Omit, CredentialsMode::SameOrigin, CredentialsMode::Include][..]);
    let api = select(&[Api::Fetch, Api::XmlHttpRequest][..]);
    let rare = || prop::bool::weighted(0.1);
    let permission = select(&[Permission::NotGiven, Permission::Given][..]);
    (origin, url, method(), headers(), credentials, (mode, api, any::<bool>(), rare(), rare(), permission))
        .prop_map(
            |(
                origin,
                url,
                method,
                headers,
                credentials,
                (mode, api, has_body, stream_body, upload_listener, local_network_permission),
            )| {
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
                    local_network_permission,
                }
            },
        )
}

/// Some throw.
fn method() -> impl Strategy<Value = String> {
    prop_oneof![
        8 => pick(&["GET", "get", "Get", "HEAD", "POST", "post"]),
        12 => pick(&["PUT", "put", "DELETE", "dElEtE", "PATCH", "patch", "OPTIONS", "options", "QUERY", "query", "x!"]),
        1 => pick(&["*", "CONNECT", "trace", "P UT", ""]),
        1 => Just("M".repeat(300)),
    ]
}

fn headers() -> impl Strategy<Value = Vec<(String, Vec<u8>)>> {
    let owned = |(name, value): &(&str, &[u8])| ((*name).to_owned(), value.to_vec());
    let header = prop_oneof![
        40 => select(HEADERS).prop_map(move |header| owned(&header)),
        1 => select(THROWN).prop_map(move |header| owned(&header)),
        1 => Just(("x".repeat(300), b"1".to_vec())),
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
