//! The calls whose instructions are counted.

use std::hint::black_box;

use cors_benches::requests::{self, Sample};
use cors_benches::{CONFIG, compile, origins};
use cors_core::browser::{Engine, Fetch, Header};
use cors_core::explain::Requests;
use cors_core::{Config, Origin, Policy, Request};

/// A name in the table, and the call.
pub(crate) type Case = (String, Box<dyn Fn()>);

/// Every case, in the order of the table.
pub(crate) fn all() -> Vec<Case> {
    let mut cases = Vec::new();
    for count in [1, 1_000] {
        let list = origins(count);
        let listed = &list[count / 2];
        let exact = policy(&list, &[]);
        let wildcard = policy(&list, &["https://*.wild.example"]);
        let mut add = |policy, sample: Sample| {
            cases.push((format!("{}, n = {count}", sample.name), evaluation(policy, sample)));
        };
        add(exact, requests::no_origin());
        add(exact, requests::actual("exact", listed));
        add(wildcard, requests::actual("wildcard", "https://app1.shop.wild.example"));
        add(exact, requests::actual("denied", "https://app1.team1.example.org"));
        add(wildcard, requests::actual("denied beside a wildcard", "https://app1.team1.example.org"));
        add(exact, requests::preflight("preflight", listed, ""));
        add(exact, requests::preflight("preflight with 3 headers", listed, requests::THREE_HEADERS));
        let twenty = requests::TWENTY_HEADERS.join(",");
        add(exact, requests::preflight("preflight with 20 headers", listed, &twenty));
        cases.push((format!("compile, n = {count}"), compilation(&list)));
        cases.push((format!("load, n = {count}"), loading(exact.as_bytes())));
    }
    let list = origins(1);
    let policy = policy(&list, &["https://*.wild.example"]);
    for sample in requests::hostile(&list[0]) {
        cases.push((sample.name.to_owned(), evaluation(policy, sample)));
    }
    let read = requests::actual("", &list[0]);
    cases.push((
        "read the header fields".to_owned(),
        Box::new(move || {
            black_box(Request::from_headers(read.method, read.headers()));
        }),
    ));
    for count in EXPLAINED {
        cases.push((explained(count), explanation(policy, list[0].clone(), count)));
    }
    cases
}

/// How many headers the fetches have that are explained.
pub(crate) const EXPLAINED: [usize; 3] = [250, 1_000, 4_000];

pub(crate) fn explained(count: usize) -> String {
    format!("explain, {count} headers")
}

/// The whole explanation, in an engine that names one of the missing headers by its hash table.
fn explanation(policy: Policy<'static>, page: String, count: usize) -> Box<dyn Fn()> {
    // In an order that jumps.
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

/// Policies and requests live as long as the program: so much the simpler for the calls that use them.
fn policy(origins: &[String], patterns: &[&str]) -> Policy<'static> {
    Policy::from_bytes(compile(origins, patterns).leak()).expect("an image")
}

/// As a server does: look at the decision where it is, and take the fields from it.
fn evaluation(policy: Policy<'static>, sample: Sample) -> Box<dyn Fn()> {
    let sample: &'static Sample = Box::leak(Box::new(sample));
    let request = Request::from_headers(sample.method, sample.headers());
    Box::new(move || {
        let decision = policy.evaluate(black_box(&request));
        for field in decision.fields() {
            black_box((field.name, field.value));
        }
        black_box(decision.is_allowed());
    })
}

fn compilation(origins: &[String]) -> Box<dyn Fn()> {
    let origins: &'static [&'static str] =
        origins.iter().map(|origin| &*origin.clone().leak()).collect::<Vec<_>>().leak();
    let config = Config { allow_origins: origins, ..CONFIG };
    let image = std::cell::RefCell::new(vec![0; config.image_len()]);
    Box::new(move || {
        black_box(config.compile_into(&mut image.borrow_mut()).is_ok());
    })
}

fn loading(image: &'static [u8]) -> Box<dyn Fn()> {
    Box::new(move || {
        black_box(Policy::from_bytes(black_box(image)).is_ok());
    })
}
