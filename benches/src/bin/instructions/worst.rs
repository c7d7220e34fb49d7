//! The origin and the policy that cost the most to evaluate (I4, C9), compared with an ordinary denial.
//!
//! Nobody can choose texts for their hashes: `cors-core/tests/format` tries.

use cors_benches::requests;
use cors_core::Config;

use crate::cases::{Case, evaluation, policy};
use crate::table::Table;

const NAME: &str = "worst origin against the worst policy";
const ORDINARY: &str = "denied, n = 1";
/// The number of ordinary denials that the case may cost.
const BOUND: u64 = 100;

/// Returns the case: a label of 63 bytes that begins and ends as many patterns do, and as many labels as fit after it.
pub(crate) fn case() -> Case {
    let domain = format!("{}e.example.com", "d.".repeat(87));
    let origin = format!("https://{}.{domain}:8443", "a".repeat(63));
    let places = (0..16).flat_map(|before| (1..=8).map(move |after| (before, after)));
    let patterns: Vec<String> = places
        .enumerate()
        // Each pattern fits except at the end of the label, so that the search looks for all of them.
        .map(|(index, (before, after))| {
            let port = if index % 2 == 0 { ":8443" } else { ":*" };
            format!("https://{}*{}b.{domain}{port}", "a".repeat(before), "a".repeat(after - 1))
        })
        // Domains of each length modulo 64.
        .chain((0..64).flat_map(|len| {
            let domain = format!("{}{}.example.org", "f.".repeat(32), "g".repeat(1 + len % 63));
            [":8443", ":*"].map(|port| format!("https://*.{domain}{port}"))
        }))
        .collect();
    assert!(patterns.len() > Config::MAX_STAR_PLACES, "the patterns use up the bound");
    let patterns: Vec<&str> = patterns.iter().map(String::as_str).collect();
    (NAME.to_owned(), evaluation(policy(&[], &patterns), requests::actual(NAME, &origin)))
}

/// Fails if the case costs more than the bound allows.
pub(crate) fn check(table: &Table) -> Result<(), String> {
    let [worst, ordinary] = [NAME, ORDINARY].map(|name| table.get(name).unwrap_or_default());
    if worst > 0 && worst <= ordinary * BOUND {
        return Ok(());
    }
    Err(format!("{NAME}: {worst} instructions, more than {BOUND} times the {ordinary} of {ORDINARY}"))
}
