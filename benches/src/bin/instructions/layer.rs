//! The requests of which it is counted what the layers for tower add, in a build of its own.
//!
//! The handler answers with one field of its own. What it takes alone is subtracted, and with it the end of the request.

use std::cell::RefCell;
use std::convert::Infallible;
use std::future::ready;
use std::hint::black_box;
use std::task::{Context, Poll};

use cors_benches::layers::{self, Floor, HandlerFuture, answer};
use cors_benches::origins;
use cors_benches::requests::{self, Sample};
use http::{HeaderValue, Request, Response, header};
use tower_layer::Layer;
use tower_service::Service;

use crate::cases::Case;
use crate::table::{LAYER, Table};

const ALONE: &str = "the handler alone";
const FLOOR: &str = "by hand";
const OURS: &str = "cors-tower";
const PEER: &str = "tower-http";

const KINDS: [&str; 4] = ["no Origin", "allowed", "denied", "preflight with 3 headers"];
/// Those of which somebody may be told, by a layer that has a closure for denials.
const TOLD: &str = "cors-tower, on_denial";

/// Returns every case: of each kind of request, the handler alone and what is measured beside it.
pub(crate) fn all() -> Vec<Case> {
    let list = origins(1);
    let samples = [
        requests::no_origin(),
        requests::actual("", &list[0]),
        requests::actual("", "https://app1.team1.example.org"),
        requests::preflight("", &list[0], requests::THREE_HEADERS),
    ];
    let ours = layers::ours(&list).layer(Handler);
    let told = layers::ours(&list).on_denial(|denied| _ = black_box(denied.denial())).layer(Handler);
    let peer = layers::peer(&list).layer(Handler);
    let mut cases = Vec::new();
    for (kind, sample) in KINDS.into_iter().zip(samples) {
        let response = answer(&mut ours.clone(), request(&sample));
        let floor = Floor::new(Handler, &response, sample.method == "OPTIONS");
        let mut add = |who, call| cases.push((name(kind, who), call));
        add(ALONE, case(Handler, &sample));
        add(FLOOR, case(floor, &sample));
        add(OURS, case(ours.clone(), &sample));
        add(TOLD, case(told.clone(), &sample));
        add(PEER, case(peer.clone(), &sample));
    }
    cases
}

fn name(kind: &str, who: &str) -> String {
    format!("{LAYER}{kind}: {who}")
}

/// Returns the table of what each adds to the handler.
pub(crate) fn added(counted: &Table) -> Table {
    let count = |kind, who| counted.get(&name(kind, who)).expect("each is counted");
    let row = |kind, who| (name(kind, who), count(kind, who).saturating_sub(count(kind, ALONE)));
    Table {
        rows: KINDS.iter().flat_map(|kind| [FLOOR, OURS, TOLD, PEER].map(|who| row(kind, who))).collect(),
    }
}

/// Fails if cors-tower adds more than a third of what tower-http adds.
pub(crate) fn check(added: &Table) -> Result<(), String> {
    for kind in KINDS {
        let [ours, peer] = [OURS, PEER].map(|who| added.get(&name(kind, who)).unwrap_or_default());
        if ours == 0 || ours > peer / 3 {
            return Err(format!("{}: {ours} instructions, not within a third of {peer}", name(kind, OURS)));
        }
    }
    Ok(())
}

/// Returns a call of a service with a request that was made before: one for each of two calls.
fn case<S>(service: S, sample: &Sample) -> Box<dyn Fn()>
where
    S: Service<Request<()>, Response = Response<()>, Error = Infallible> + 'static,
{
    // The values of clones are shared, as those are that a server reads from a connection.
    let requests = vec![request(sample); 2];
    let state = RefCell::new((service, requests));
    Box::new(move || {
        let (service, requests) = &mut *state.borrow_mut();
        let request = requests.pop().expect("a request for each call");
        black_box(answer(service, request));
    })
}

#[derive(Clone)]
struct Handler;

impl Service<Request<()>> for Handler {
    type Response = Response<()>;
    type Error = Infallible;
    type Future = HandlerFuture;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Request<()>) -> HandlerFuture {
        let mut response = Response::new(());
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        ready(Ok(response))
    }
}

/// Returns a sample as an HTTP request.
fn request(sample: &Sample) -> Request<()> {
    let request = Request::builder().method(sample.method).uri("/orders/1234?page=2");
    sample
        .headers()
        .fold(request, |request, (name, value)| request.header(name, value))
        .body(())
        .expect("a request")
}
