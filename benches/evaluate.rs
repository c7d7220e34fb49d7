//! The hot path: one request against policies of 1 to 1,000,000 origins, next to bare look-ups of the same bytes.

#![allow(missing_docs, reason = "criterion's macros make public functions without documentation")]
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a benchmark may stop where its input is wrong"
)]

use std::hint::black_box;

use cors_benches::requests::{self, Sample};
use cors_benches::{CONFIG, COUNTS, compile, criterion, origins, shuffled};
use cors_core::{Config, Origin, Policy, Request};
use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use hashbrown::HashSet;

const WILDCARD: &str = "https://app1.shop.wild.example";
const DENIED: &str = "https://app1.team1.example.org";

/// A set as a server has it: with its own copies of the origins.
type Set = HashSet<Box<[u8]>, foldhash::fast::FixedState>;

/// Evaluates as a server does: reads the decision in place, and takes the fields from it.
fn evaluate(policy: &Policy<'_>, request: &Request<'_>) -> bool {
    let decision = policy.evaluate(request);
    for field in decision.fields() {
        black_box((field.name, field.value));
    }
    decision.is_allowed()
}

fn workloads(criterion: &mut Criterion) {
    for count in COUNTS {
        let list = origins(count);
        let wildcards: Vec<_> = (0..count).map(|n| format!("https://*.shop{n}.wild.example")).collect();
        let exact = compile(&list, &[]);
        let beside = compile(&list, &["https://*.wild.example"]);
        let among = compile(&wildcards, &["https://*.shop.wild.example"]);
        let [exact, beside, among] =
            [&exact, &beside, &among].map(|image| Policy::from_bytes(image).expect("an image"));
        let listed = list[count / 2].as_str();
        let twenty = requests::TWENTY_HEADERS.join(",");
        for (policy, sample) in [
            (exact, requests::no_origin()),
            (exact, requests::actual("exact", listed)),
            (exact, requests::actual("denied", DENIED)),
            (beside, requests::actual("one wildcard", WILDCARD)),
            (among, requests::actual("all wildcards", WILDCARD)),
            (exact, requests::preflight("preflight", listed, "")),
            (exact, requests::preflight("preflight, 3 headers", listed, requests::THREE_HEADERS)),
            (exact, requests::preflight("preflight, 20 headers", listed, &twenty)),
        ] {
            let Sample { name, method, .. } = sample;
            let request = Request::from_headers(method, sample.headers());
            let mut group = criterion.benchmark_group(name);
            group.bench_function(BenchmarkId::new("cors-core", count), |bencher| {
                bencher.iter(|| evaluate(&policy, black_box(&request)));
            });
            group.bench_function(BenchmarkId::new("the decision alone", count), |bencher| {
                bencher.iter(|| {
                    black_box(&policy.evaluate(black_box(&request)));
                });
            });
            if name == "exact" {
                floors(&mut group, &policy, &list, listed);
            }
            group.finish();
        }
    }
}

/// Measures a look-up of the same bytes without a decision: in a hash set, and in the image.
fn floors(group: &mut BenchmarkGroup<'_, WallTime>, policy: &Policy<'_>, list: &[String], listed: &str) {
    let set: Set = list.iter().map(|origin| origin.as_bytes().into()).collect();
    group.bench_function(BenchmarkId::new("hash set", list.len()), |bencher| {
        bencher.iter(|| set.contains(black_box(listed.as_bytes())));
    });
    let origin = Origin::parse(listed.as_bytes()).expect("an origin");
    group.bench_function(BenchmarkId::new("look-up alone", list.len()), |bencher| {
        bencher.iter(|| policy.allows_origin(black_box(&origin)));
    });
}

/// Measures with another origin each time: 1,024 in turn, and all in random order.
fn caches(criterion: &mut Criterion) {
    for count in COUNTS.into_iter().filter(|&count| count > 1_000) {
        let list = origins(count);
        let image = compile(&list, &[]);
        let policy = Policy::from_bytes(&image).expect("an image");
        let set: Set = list.iter().map(|origin| origin.as_bytes().into()).collect();
        let cold = shuffled(&list);
        for (name, asked) in [("exact, warm", &cold[..1_024]), ("exact, cold", &cold)] {
            let mut group = criterion.benchmark_group(name);
            let mut next = asked.iter().cycle();
            group.bench_function(BenchmarkId::new("cors-core", count), |bencher| {
                bencher.iter(|| {
                    let mut request = Request::new("GET");
                    request.add_header(b"origin", next.next().map_or(b"", |origin| origin.as_bytes()));
                    evaluate(&policy, &request)
                });
            });
            let mut next = asked.iter().cycle();
            group.bench_function(BenchmarkId::new("hash set", count), |bencher| {
                bencher.iter(|| next.next().map(|origin| set.contains(origin.as_bytes())));
            });
            group.finish();
        }
    }
}

fn hostile(criterion: &mut Criterion) {
    let list = origins(1_000);
    let image = compile(&list, &["https://*.wild.example"]);
    let policy = Policy::from_bytes(&image).expect("an image");
    let mut group = criterion.benchmark_group("hostile");
    for sample in requests::hostile(&list[0]).into_iter().chain([requests::actual("ordinary denial", DENIED)])
    {
        let request = Request::from_headers(sample.method, sample.headers());
        group.bench_function(sample.name, |bencher| {
            bencher.iter(|| evaluate(&policy, black_box(&request)));
        });
    }
    group.finish();
}

fn compiling(criterion: &mut Criterion) {
    for count in COUNTS {
        let list = origins(count);
        let allow_origins: Vec<&str> = list.iter().map(String::as_str).collect();
        let config = Config { allow_origins: &allow_origins, ..CONFIG };
        let mut image = vec![0; config.image_len()];
        let mut group = criterion.benchmark_group("compile");
        group.sample_size(10).throughput(Throughput::Elements(count as u64));
        group.bench_function(BenchmarkId::new("config to image", count), |bencher| {
            bencher.iter(|| config.compile_into(black_box(&mut image)).is_ok());
        });
        group.bench_function(BenchmarkId::new("load and check", count), |bencher| {
            bencher.iter(|| Policy::from_bytes(black_box(&image)).is_ok());
        });
        group.finish();
    }
}

criterion_group!(name = benches; config = criterion!(); targets = workloads, caches, hostile, compiling);
criterion_main!(benches);
