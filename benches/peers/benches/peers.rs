//! The same requests and the same policy for cors-core and its peers, with 1 to 1,000,000 origins.

#![allow(missing_docs, reason = "criterion's macros make public functions without documentation")]

use std::hint::black_box;

use cors_benches::requests::{self, Sample};
use cors_benches::{COUNTS, compile, criterion, origins};
use cors_core::Policy;
use cors_peers::engines::{self, Fields};
use cors_peers::http_types::{self, Application, Ours};
use cors_peers::{actix, ready};
use criterion::measurement::WallTime;
use criterion::{BatchSize, BenchmarkGroup, BenchmarkId, Criterion, criterion_group, criterion_main};
use tower_service::Service;

fn peers(criterion: &mut Criterion) {
    for count in COUNTS {
        let list = origins(count);
        let image = compile(&list, &[]);
        let policy = Policy::from_bytes(&image).expect("an image");
        let registry = engines::registry(&list);
        let mut tower_http = http_types::tower_http(&list);
        let actix_cors = actix::actix_cors(&list);
        // The middle of the list: the average case for peers that scan it.
        let listed = list[count / 2].as_str();
        for (name, sample) in [
            ("no Origin", requests::no_origin()),
            ("exact", requests::actual("", listed)),
            ("denied", requests::actual("", "https://app1.team1.example.org")),
            ("preflight, 3 headers", requests::preflight("", listed, requests::THREE_HEADERS)),
        ] {
            let fields = Fields::of(&sample);
            let mut group = criterion.benchmark_group(format!("engine, {name}"));
            group.bench_function(BenchmarkId::new("cors-core", count), |bencher| {
                bencher.iter(|| engines::ours(&policy, black_box(&fields)));
            });
            group.bench_function(BenchmarkId::new("registry's cors-core", count), |bencher| {
                bencher.iter(|| engines::theirs(&registry, black_box(&fields)));
            });
            group.finish();

            let mut group = criterion.benchmark_group(format!("layer, {name}"));
            http(&mut group, "no layer", count, &sample, &mut Application);
            http(&mut group, "cors-core", count, &sample, &mut Ours(policy));
            http(&mut group, "tower-http", count, &sample, &mut tower_http);
            group.finish();

            let mut group = criterion.benchmark_group(format!("actix, {name}"));
            web(&mut group, "no layer", count, &sample, &actix::application());
            web(&mut group, "actix-cors", count, &sample, &actix_cors);
            group.finish();
        }
    }
}

fn http<S>(
    group: &mut BenchmarkGroup<'_, WallTime>,
    who: &str,
    count: usize,
    sample: &Sample,
    service: &mut S,
) where
    S: Service<http::Request<()>>,
{
    let request = http_types::request(sample);
    group.bench_function(BenchmarkId::new(who, count), |bencher| {
        bencher.iter_batched(
            || request.clone(),
            |request| ready(service.call(request)),
            BatchSize::SmallInput,
        );
    });
}

fn web<S>(group: &mut BenchmarkGroup<'_, WallTime>, who: &str, count: usize, sample: &Sample, service: &S)
where
    S: actix_web::dev::Service<actix_web::dev::ServiceRequest>,
{
    group.bench_function(BenchmarkId::new(who, count), |bencher| {
        bencher.iter_batched(
            || actix::request(sample),
            |request| ready(service.call(request)),
            BatchSize::SmallInput,
        );
    });
}

criterion_group!(name = benches; config = criterion!(); targets = peers);
criterion_main!(benches);
