//! Fetches and responses of any number of headers: what the engine finds pass by pass over them is what sets and maps,
//! which hold all names at once, say.

use std::collections::{BTreeMap, BTreeSet};

use cors_core::Origin;
use cors_core::browser::{
    Api, CorsError, Engine, Fetch, Header, Preflight, PreflightReason, Response, Rule, UnsafeHeader,
};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

const PAGE: &str = "https://app.example.com";

/// Longer than this together, safe headers need a preflight (Fetch, "CORS-unsafe request-header names").
const MAX_TOGETHER: usize = 1024;

type Owned = (String, String);

/// Few or many headers, of few or many names, safelisted ones among them.
pub(crate) fn headers() -> impl Strategy<Value = Vec<Owned>> {
    let other = (0..900_u32, any::<bool>()).prop_map(|(number, is_upper)| {
        let name = format!("x-{number}");
        (if is_upper { name.to_uppercase() } else { name }, "1".to_owned())
    });
    let safe = (
        select(
            &["accept", "Accept", "content-type", "Accept-Language", "range", "dpr", "Content-Language"][..],
        ),
        select(
            &["text/plain", "bytes=0-1", "2", "a\"b", "en", "0123456789012345678901234567890123456789"][..],
        ),
    )
        .prop_map(|(name, value)| (name.to_owned(), value.to_owned()));
    let header = prop_oneof![3 => other, 1 => safe, 1 => Just(("cookie".to_owned(), "a=b".to_owned()))];
    prop_oneof![3 => vec(header.clone(), 0..=12), 1 => vec(header, 13..=1_300)]
}

/// Some of the names, as a server would list them.
pub(crate) fn listed(headers: &[Owned]) -> impl Strategy<Value = Vec<String>> + use<> {
    let names: Vec<String> = headers.iter().map(|(name, _)| name.to_uppercase()).collect();
    let count = names.len();
    prop_oneof![2 => subsequence(names.clone(), 0..=count), 1 => Just(names)]
}

pub(crate) fn check(
    headers: &[Owned],
    listed: &[String],
    engine: Engine,
    api: Api,
) -> Result<(), TestCaseError> {
    let borrowed: Vec<_> = headers.iter().map(|(name, value)| Header::new(name, value)).collect();
    let page = Origin::parse(PAGE.as_bytes()).expect("an origin");
    let fetch = Fetch { api, headers: &borrowed, ..Fetch::new(page, "https://api.example.com/orders") };

    let expected = reasons(&fetch, engine);
    let reasons: Vec<_> = fetch
        .needs_preflight(engine)
        .map(|reason| match reason {
            PreflightReason::Header { name, why } => (name.to_string(), why),
            other => panic!("{other}"),
        })
        .collect();
    prop_assert_eq!(&reasons, &expected);

    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for (name, _) in &expected {
        *counts.entry(name).or_default() += 1;
    }
    let repeats = api == Api::Fetch && departs(engine, Rule::RepeatsNames);
    let preflight = fetch.preflight(engine);
    let names: Vec<_> =
        preflight.iter().flat_map(Preflight::header_names).map(|name| name.to_string()).collect();
    prop_assert!(names.iter().eq(counts.keys()), "{names:?}");
    let line: Vec<_> =
        counts.iter().flat_map(|(name, count)| vec![*name; if repeats { *count } else { 1 }]).collect();
    let written = preflight.and_then(|preflight| preflight.access_control_request_headers());
    prop_assert_eq!(written.map_or(String::new(), |names| names.to_string()), line.join(","));

    let list = listed.join(", ");
    let listed: BTreeSet<_> = listed.iter().map(|name| name.to_lowercase()).collect();
    let answer = [
        ("access-control-allow-origin", PAGE),
        ("access-control-allow-headers", &list),
        ("access-control-expose-headers", &list),
    ]
    .map(Header::from);
    let response = Response { status: 204, headers: &answer };
    let missing: Vec<_> = counts.keys().filter(|name| !listed.contains(**name)).collect();
    match fetch.check_preflight(engine, &response) {
        Ok(()) => prop_assert!(missing.is_empty(), "{missing:?}"),
        Err(CorsError::HeaderDisallowedByPreflightResponse { name }) => {
            let name = name.to_string();
            let is_first = missing.first().is_some_and(|first| **first == name);
            let is_known =
                departs(engine, Rule::NamesHeaderByHash) && missing.iter().any(|one| **one == name);
            prop_assert!(is_first || is_known, "{name} {missing:?}");
        }
        Err(other) => panic!("{other}"),
    }
    prop_assert_eq!(fetch.preflight_kept(engine, &response) > 0, missing.is_empty());

    // The same headers, sent by the server.
    let sent: Vec<_> = borrowed.iter().chain(&answer).copied().collect();
    let response = Response { status: 200, headers: &sent };
    let exposed: Vec<_> = fetch.exposed_headers(engine, &response).map(|name| name.to_string()).collect();
    let always = ["content-language", "content-type"];
    let expected: BTreeSet<_> = sent
        .iter()
        .map(|header| header.name().to_lowercase())
        .filter(|name| always.contains(&&**name) || listed.contains(name))
        .collect();
    prop_assert!(exposed.iter().eq(&expected), "{exposed:?}");
    Ok(())
}

/// Why each header needs a preflight, found for each by itself.
fn reasons(fetch: &Fetch<'_>, engine: Engine) -> Vec<(String, UnsafeHeader)> {
    let joins = fetch.api == Api::XmlHttpRequest || departs(engine, Rule::JoinsHeadersOfOneName);
    let sent = || fetch.headers.iter().filter(|header| header.name() != "cookie");
    let found: Vec<_> = sent().map(|header| (header, alone(fetch, header, joins, engine))).collect();
    let together: usize =
        found.iter().filter(|(_, why)| why.is_none()).map(|(header, _)| header.value().len()).sum();
    let is_too_long = together > MAX_TOGETHER && !departs(engine, Rule::NoLimitTogether);
    let too_long = is_too_long.then_some(UnsafeHeader::TooLongTogether { len: together });
    found
        .into_iter()
        .filter_map(|(header, why)| Some((header.name().to_lowercase(), why.or(too_long)?)))
        .collect()
}

/// Why one header needs a preflight, in a fetch that has no other; with the values of its namesakes, if they are joined.
fn alone(fetch: &Fetch<'_>, header: &Header<'_>, joins: bool, engine: Engine) -> Option<UnsafeHeader> {
    let values: Vec<_> = fetch
        .headers
        .iter()
        .filter(|other| other.name().eq_ignore_ascii_case(header.name()))
        .map(Header::value)
        .collect();
    let value = if joins { values.join(&b", "[..]) } else { header.value().to_vec() };
    let headers = [Header::new(header.name(), &value)];
    let alone = Fetch { api: Api::Fetch, headers: &headers, ..*fetch };
    alone.needs_preflight(engine).find_map(|reason| match reason {
        PreflightReason::Header { why, .. } => Some(why),
        _ => None,
    })
}

fn departs(engine: Engine, rule: Rule) -> bool {
    engine.departures().any(|departure| departure.rule == rule)
}
