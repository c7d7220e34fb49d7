//! The hot path: one request against policies of 1 to 1,000,000 origins, beside a bare hash-and-compare.

#![allow(missing_docs, reason = "criterion's macros make public functions without documentation")]
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a benchmark may stop where its input is wrong"
)]

use std::hint::black_box;

use cors_benches::origins;
use cors_core::{Config, Policy, Request};
use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use hashbrown::HashSet;

const COUNTS: [usize; 3] = [1, 1_000, 1_000_000];

/// An image in memory, with the wildcard `https://*.wild.example` beside `origins`.
fn compile(origins: &[String], config: &Config<'_>) -> Vec<u8> {
    let mut patterns: Vec<&str> = origins.iter().map(String::as_str).collect();
    patterns.extend(config.allow_origins);
    let config = Config { allow_origins: &patterns, ..*config };
    let mut image = vec![0; config.image_len()];
    config.compile_into(&mut image).expect("the sample config compiles");
    image
}

const CONFIG: Config<'_> = Config {
    allow_methods: &["PUT", "DELETE"],
    allow_headers: &["content-type", "authorization", "x-request-id", "x-api-key"],
    expose_headers: &["x-total-count"],
    allow_credentials: true,
    max_age: Some(7200),
    ..Config::NEW
};

/// One line of the table in the README.
struct Case<'a> {
    name: &'static str,
    policy: Policy<'a>,
    method: &'static str,
    headers: &'a [(&'a str, &'a str)],
}

fn requests(criterion: &mut Criterion) {
    for count in COUNTS {
        let list = origins(count);
        let exact_only = compile(&list, &CONFIG);
        let with_wildcard = compile(&list, &Config { allow_origins: &["https://*.wild.example"], ..CONFIG });
        let exact_only = Policy::from_bytes(&exact_only).expect("an image");
        let with_wildcard = Policy::from_bytes(&with_wildcard).expect("an image");
        let listed = list[count / 2].as_str();
        let set: HashSet<&[u8], foldhash::fast::FixedState> = list.iter().map(String::as_bytes).collect();

        let mut group = criterion.benchmark_group("evaluate");
        group.bench_function(BenchmarkId::new("floor", count), |bencher| {
            bencher.iter(|| set.contains(black_box(listed.as_bytes())));
        });
        let actual = |origin| [("host", "api.example.com"), ("origin", origin)];
        let preflight = [
            ("origin", listed),
            ("access-control-request-method", "PUT"),
            ("access-control-request-headers", "authorization,content-type,x-request-id"),
        ];
        let no_origin = [("host", "api.example.com")];
        let (exact, denied) = (actual(listed), actual("https://app1.team1.example.org"));
        let wildcard = actual("https://app1.shop.wild.example");
        let cases = [
            Case { name: "no-origin", policy: exact_only, method: "GET", headers: &no_origin },
            Case { name: "exact", policy: exact_only, method: "GET", headers: &exact },
            Case { name: "denied", policy: exact_only, method: "GET", headers: &denied },
            Case { name: "wildcard", policy: with_wildcard, method: "GET", headers: &wildcard },
            Case { name: "preflight", policy: exact_only, method: "OPTIONS", headers: &preflight },
        ];
        for Case { name, policy, method, headers } in cases {
            let request = Request::from_headers(method, headers.iter().copied());
            group.bench_function(BenchmarkId::new(name, count), |bencher| {
                bencher.iter(|| {
                    // As a server does: look at the decision where it is, and take the fields from it.
                    let decision = policy.evaluate(black_box(&request));
                    decision.fields().for_each(|field| {
                        black_box(field.value);
                    });
                    decision.is_allowed()
                });
            });
        }
        group.finish();
    }
}

fn compiling(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("compile");
    group.sample_size(10);
    for count in COUNTS {
        let list = origins(count);
        let patterns: Vec<&str> = list.iter().map(String::as_str).collect();
        let config = Config { allow_origins: &patterns, ..CONFIG };
        let mut image = vec![0; config.image_len()];
        group.bench_function(BenchmarkId::new("config", count), |bencher| {
            bencher.iter(|| config.compile_into(black_box(&mut image)).is_ok());
        });
        group.bench_function(BenchmarkId::new("load", count), |bencher| {
            bencher.iter(|| Policy::from_bytes(black_box(&image)).is_ok());
        });
    }
    group.finish();
}

criterion_group!(benches, requests, compiling);
criterion_main!(benches);
