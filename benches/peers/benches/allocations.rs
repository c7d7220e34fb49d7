//! Heap allocations of one request: with the layer, less without. Prints a table in Markdown.

use allocation_counter::measure;
use cors_benches::requests;
use cors_benches::{compile, origins};
use cors_core::Policy;
use cors_peers::engines::{self, Fields};
use cors_peers::{actix, http_types, ready};

use actix_web::dev::Service as _;
use tower_service::Service as _;

fn main() {
    let list = origins(100);
    let image = compile(&list, &[]);
    let policy = Policy::from_bytes(&image).expect("an image");
    let registry = engines::registry(&list);
    let mut tower_http = http_types::tower_http(&list);
    let actix_cors = actix::actix_cors(&list);
    let application = actix::application();
    println!(
        "| request | cors-core | registry's cors-core | cors-core in a layer | tower-http | actix-cors |"
    );
    println!("|---|---:|---:|---:|---:|---:|");
    for (name, sample) in [
        ("no Origin", requests::no_origin()),
        ("actual, allowed", requests::actual("", &list[50])),
        ("actual, denied", requests::actual("", "https://app1.team1.example.org")),
        ("preflight, 3 headers", requests::preflight("", &list[50], requests::THREE_HEADERS)),
    ] {
        let fields = Fields::of(&sample);
        let ours = count(|| engines::ours(&policy, &fields));
        let theirs = count(|| engines::theirs(&registry, &fields));

        let request = || http_types::request(&sample);
        let [bare, layer, tower] = [request(), request(), request()];
        let bare = count(|| drop(ready(http_types::Application.call(bare))));
        let layer = count(|| drop(ready(http_types::Ours(policy).call(layer)))) - bare;
        let tower = count(|| drop(ready(tower_http.call(tower)))) - bare;

        // The first request of each kind fills actix-web's pools.
        let actix = [0, 1].map(|_| {
            let [bare, cors] = [(); 2].map(|()| actix::request(&sample));
            let bare = count(|| drop(ready(application.call(bare))));
            count(|| drop(ready(actix_cors.call(cors)))) - bare
        });
        println!("| {name} | {ours} | {theirs} | {layer} | {tower} | {} |", actix[1]);
    }
}

fn count(call: impl FnOnce()) -> i64 {
    i64::try_from(measure(call).count_total).expect("a small number")
}
