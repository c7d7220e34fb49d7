//! The calls whose instructions are counted.

use std::hint::black_box;

use cors_benches::requests::{self, Sample};
use cors_benches::{CONFIG, compile, origins};
use cors_core::{Config, Policy, Request};

/// A name in the table, and the call.
pub(crate) type Case = (String, Box<dyn Fn()>);

/// Returns every case, in the order of the table.
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
    cases
}

/// Compiles a policy that lives as long as the program, as requests do: this makes the calls that use them simpler.
pub(crate) fn policy(origins: &[String], patterns: &[&str]) -> Policy<'static> {
    Policy::from_bytes(compile(origins, patterns).leak()).expect("an image")
}

/// Returns a call that evaluates as a server does: it reads the decision in place, and takes the fields from it.
pub(crate) fn evaluation(policy: Policy<'static>, sample: Sample) -> Box<dyn Fn()> {
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
