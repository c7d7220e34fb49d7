//! The explanations whose instructions are counted, in a build of their own.

use std::hint::black_box;

use cors_benches::origins;
use cors_core::browser::{Engine, Fetch, Header};
use cors_core::explain::Requests;
use cors_core::{Origin, Policy};

use crate::cases::{Case, policy};
use crate::table::{EXPLAIN, Table};

/// The numbers of headers of the fetches that are explained.
pub(crate) const COUNTS: [usize; 3] = [250, 1_000, 4_000];

/// Returns every case, in the order of the table.
pub(crate) fn all() -> Vec<Case> {
    let list = origins(1);
    let policy = policy(&list, &["https://*.wild.example"]);
    COUNTS.map(|count| (name(count), explanation(policy, list[0].clone(), count))).into()
}

pub(crate) fn name(count: usize) -> String {
    format!("{EXPLAIN}{count} headers")
}

/// Returns a call that writes the whole explanation, for an engine that picks the missing header by its hash table.
fn explanation(policy: Policy<'static>, page: String, count: usize) -> Box<dyn Fn()> {
    // The names are in an order that jumps.
    let names = (0..count).map(|index| format!("X-Header-{:05}", index * 7_919 % 10_007));
    let headers: Vec<Header<'static>> = names.map(|name| Header::new(name.leak(), "1")).collect();
    Box::new(move || {
        let page = Origin::parse(page.as_bytes()).expect("an origin");
        let fetch =
            Fetch { method: "PUT", headers: &headers, ..Fetch::new(page, "https://api.example.net/orders") };
        let mut buffer = vec![0; count * 16];
        let requests = Requests::of(black_box(&fetch), Engine::Chromium, &mut buffer).expect("room");
        black_box(requests.explain(&policy).to_string());
    })
}

/// Fails unless the instructions of an explanation grow with the number of headers, and not with its square.
pub(crate) fn check_growth(table: &Table) -> Result<(), String> {
    for pair in COUNTS.windows(2) {
        let [(fewer, fewer_cost), (more, more_cost)] =
            [pair[0], pair[1]].map(|count| (count, table.get(&name(count)).unwrap_or_default()));
        let times = more / fewer;
        let allowed = times + 1;
        if more_cost > fewer_cost * allowed as u64 {
            return Err(format!(
                "explaining {times} times as many headers takes more than {allowed} times as many instructions: \
                 {fewer_cost} for {fewer}, {more_cost} for {more}"
            ));
        }
    }
    Ok(())
}
