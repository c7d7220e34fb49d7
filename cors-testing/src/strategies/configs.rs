//! Configs that compile, and configs that may have problems.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::subsequence;

use cors_core::Risk;

use super::names::{exposable_header, listable_header, listable_method};
use super::origins::pattern;
use super::pick;
use super::texts::{name_like, pattern_like};
use crate::OwnedConfig;

/// Returns configs that compile.
pub fn config() -> impl Strategy<Value = OwnedConfig> {
    let origins = prop_oneof![
        8 => vec(pattern(), 0..=6),
        1 => vec(pattern(), 20..=40),
        1 => vec(prop_oneof![3 => pattern(), 1 => star()], 1..=3),
        1 => vec(star(), 1),
    ];
    let methods = prop_oneof![3 => vec(listable_method(), 0..=4), 1 => vec(star(), 1)];
    let authorization = pick(&["authorization", "Authorization"]);
    let headers = prop_oneof![
        6 => vec(listable_header(), 0..=5),
        1 => vec(star(), 1),
        1 => (star(), authorization).prop_map(|(star, name)| vec![star, name]),
    ];
    let exposed = prop_oneof![4 => vec(exposable_header(), 0..=3), 1 => vec(star(), 1)];
    config_of((origins, methods, headers, exposed))
}

/// Returns configs with these origins, methods, headers and exposed headers, which have no problem by themselves.
pub(super) fn config_of(lists: impl Strategy<Value = Lists>) -> impl Strategy<Value = OwnedConfig> {
    let max_age = option::of(prop_oneof![Just(0_u32), Just(86_400), 1..86_400_u32]);
    let status = prop_oneof![3 => Just(204_u16), 1 => 200..=299_u16];
    (lists, any::<bool>(), max_age, any::<bool>(), status).prop_map(
        |(lists, allow_credentials, max_age, allow_private_network, preflight_status)| {
            let (allow_origins, allow_methods, allow_headers, mut expose_headers) = lists;
            if allow_credentials {
                expose_headers.retain(|name| name != "*"); // C4
            }
            OwnedConfig {
                allow_origins,
                allow_methods,
                allow_headers,
                expose_headers,
                allow_credentials,
                max_age,
                allow_private_network,
                preflight_status,
                accept_risks: Risk::ALL.to_vec(),
            }
        },
    )
}

type Lists = (Vec<String>, Vec<String>, Vec<String>, Vec<String>);

pub(super) fn star() -> impl Strategy<Value = String> + Clone {
    Just("*".to_owned())
}

/// Returns configs of which many have problems.
pub fn any_config() -> impl Strategy<Value = OwnedConfig> {
    let origins = prop_oneof![
        6 => pattern(),
        2 => pick(&["*", "null", "https://*.com", "https://pr-*.github.io", "http://*.localhost"]),
        1 => pick(&["http://[::1]", "http://127.1.2.3:*", "http://localhost", "http://localhost.evil.test"]),
        1 => pattern_like(),
    ];
    let method = prop_oneof![20 => listable_method(), 2 => name_like(), 1 => star(), 1 => wrapped()];
    let header = prop_oneof![20 => listable_header(), 2 => name_like(), 2 => star(), 1 => wrapped()];
    let exposed = prop_oneof![20 => exposable_header(), 2 => name_like(), 1 => star(), 1 => wrapped()];
    let lists = (vec(origins, 0..=3), vec(method, 0..=3), vec(header, 0..=3), vec(exposed, 0..=3));
    let max_age = option::of(prop_oneof![8 => 0..=86_400_u32, 1 => 86_401_u32.., 1 => Just(86_401)]);
    let status = prop_oneof![16 => 200..=299_u16, 1 => pick_status(), 1 => any::<u16>()];
    let risks = prop_oneof![Just(Risk::ALL.to_vec()), subsequence(Risk::ALL.to_vec(), 0..=Risk::ALL.len())];
    let rest = (max_age, any::<bool>(), status, risks);
    (lists, any::<bool>(), rest).prop_map(
        |((allow_origins, allow_methods, allow_headers, expose_headers), allow_credentials, rest)| {
            let (max_age, allow_private_network, preflight_status, accept_risks) = rest;
            OwnedConfig {
                allow_origins,
                allow_methods,
                allow_headers,
                expose_headers,
                allow_credentials,
                max_age,
                allow_private_network,
                preflight_status,
                accept_risks,
            }
        },
    )
}

/// Names with what is left around them from a list, some of them refused by themselves.
fn wrapped() -> impl Strategy<Value = String> {
    let name = pick(&[
        "TRACE",
        "track",
        "PUT",
        "cookie",
        "Set-Cookie",
        "Origin",
        "x-a",
        "*",
        "Access-Control-Max-Age",
    ]);
    let name = prop_oneof![8 => name, 1 => Just("x".repeat(300))];
    (name, pick(&["\"\"", "[]", " ,", "\t;"])).prop_map(|(name, around)| {
        let (before, after) = around.split_at(1);
        format!("{before}{name}{after}")
    })
}

fn pick_status() -> impl Strategy<Value = u16> {
    proptest::sample::select(&[0, 100, 199, 300, 403][..])
}
