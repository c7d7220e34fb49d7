//! The time that a layer adds to a request: cors-tower, tower-http's `CorsLayer`, and the floor, a bare insertion of the
//! same header values into the response's map.
//!
//! The result is a ratio of small differences, so everything is measured in one run and in turns: a round of each,
//! then the next round. The figures are medians of the rounds, less the median of the service alone.
//!
//! The floor is sensitive: where a program has one call of `HeaderMap::insert` alone, the compiler inlines it, and a
//! field costs about 18 ns, not 25. cors-tower has another call of it, as programs have.

#![allow(clippy::expect_used, reason = "a benchmark may stop where its input is wrong")]

use std::cell::RefCell;
use std::convert::Infallible;
use std::future::ready;
use std::hint::black_box;
use std::rc::Rc;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use cors_benches::layers::{self, Floor, HandlerFuture, answer};
use cors_benches::origins;
use http::request::Parts;
use http::{HeaderValue, Method, Request, Response, header};
use tower_layer::Layer;
use tower_service::Service;

const ROUNDS: usize = 301;
const REQUESTS: u32 = 2_000;

fn main() {
    let [few, thousand, million] = [1, 1_000, 1_000_000].map(|count| {
        let mut origins = origins(count);
        // The page's origin is in the middle of the list.
        origins.swap(0, count / 2);
        origins
    });
    println!("{:<12}{:<34}{:>10}{:>10}{:>12}", "", "", "ns", "added ns", "by floor");
    for (title, preflight) in [("actual", false), ("preflight", true)] {
        table(
            title,
            vec![
                Case::new("the service alone", |app| app, preflight),
                Case::new("floor", |app| floor(app, preflight), preflight),
                Case::new("cors-tower, 1 origin", |app| layers::ours(&few).layer(app), preflight),
                Case::new("cors-tower, 1,000 origins", |app| layers::ours(&thousand).layer(app), preflight),
                Case::new(
                    "cors-tower, 1,000,000 origins",
                    |app| layers::ours(&million).layer(app),
                    preflight,
                ),
                Case::new("tower-http, 1 origin", |app| layers::peer(&few).layer(app), preflight),
                Case::new("tower-http, 1,000 origins", |app| layers::peer(&thousand).layer(app), preflight),
            ],
        );
    }
    let app = App::default();
    table(
        "clone",
        vec![
            Case::cloning("the service alone", app.clone()),
            Case::cloning("floor: an Arc beside it", (app.clone(), std::sync::Arc::new(()))),
            Case::cloning("cors-tower, 1 origin", layers::ours(&few).layer(app.clone())),
            Case::cloning("cors-tower, 1,000,000 origins", layers::ours(&million).layer(app.clone())),
            Case::cloning("tower-http, 1 origin", layers::peer(&few).layer(app.clone())),
            Case::cloning("tower-http, 1,000 origins", layers::peer(&thousand).layer(app)),
        ],
    );
}

/// A line of the table.
struct Case {
    name: &'static str,
    run: Box<dyn FnMut()>,
    rounds: Vec<Duration>,
}

impl Case {
    fn new<S>(name: &'static str, wrap: impl FnOnce(App) -> S, preflight: bool) -> Self
    where
        S: Service<Request<()>, Response = Response<()>, Error = Infallible> + 'static,
    {
        let app = App::default();
        let mut service = wrap(app.clone());
        let run: Box<dyn FnMut()> = if preflight {
            let template = request(preflight).into_parts().0;
            // A layer that answers instead of the application drops the request, so each request is made anew.
            Box::new(move || call(&mut service, Request::from_parts(template.clone(), ())))
        } else {
            app.spent.replace(Some(request(preflight).into_parts().0));
            Box::new(move || {
                let parts = app.spent.take().expect("the application keeps the request that it had");
                call(&mut service, Request::from_parts(parts, ()));
            })
        };
        Case { name, run, rounds: Vec::new() }
    }

    fn cloning<S: Clone + 'static>(name: &'static str, service: S) -> Self {
        let run = move || {
            black_box(service.clone());
        };
        Case { name, run: Box::new(run), rounds: Vec::new() }
    }

    fn round(&mut self) {
        let start = Instant::now();
        for _ in 0..REQUESTS {
            (self.run)();
        }
        self.rounds.push(start.elapsed());
    }

    /// Returns the median, in nanoseconds for one request.
    fn median(&mut self) -> f64 {
        self.rounds.sort_unstable();
        let median = self.rounds.get(self.rounds.len() / 2).expect("there are rounds");
        median.as_secs_f64() * 1e9 / f64::from(REQUESTS)
    }
}

fn call<S>(service: &mut S, request: Request<()>)
where
    S: Service<Request<()>, Response = Response<()>, Error = Infallible>,
{
    black_box(answer(service, request));
}

fn table(title: &str, mut cases: Vec<Case>) {
    for _ in 0..ROUNDS {
        cases.iter_mut().for_each(Case::round);
    }
    let medians: Vec<f64> = cases.iter_mut().map(Case::median).collect();
    let [alone, floor, ..] = medians[..] else { return };
    for (case, median) in cases.iter().zip(medians) {
        let added = median - alone;
        let ratio = added / (floor - alone);
        println!("{title:<12}{:<34}{median:>10.1}{added:>10.1}{ratio:>12.2}", case.name);
    }
}

/// Answers at once, and keeps the request for the next round.
#[derive(Clone, Default)]
struct App {
    spent: Rc<RefCell<Option<Parts>>>,
}

impl Service<Request<()>> for App {
    type Response = Response<()>;
    type Error = Infallible;
    type Future = HandlerFuture;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<()>) -> HandlerFuture {
        let mut response = Response::new(());
        if request.method() != Method::OPTIONS {
            response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        }
        self.spent.replace(Some(request.into_parts().0));
        ready(Ok(response))
    }
}

/// Inserts the same values and decides nothing.
fn floor(inner: App, preflight: bool) -> Floor<App> {
    let mut service = layers::ours(&origins(1)).layer(inner.clone());
    let floor = Floor::new(inner, &answer(&mut service, request(preflight)), preflight);
    assert_eq!(floor.fields().len(), if preflight { 6 } else { 4 }, "the page is allowed");
    floor
}

/// Returns a request with the fields that browsers send.
fn request(preflight: bool) -> Request<()> {
    let origin = origins(1).swap_remove(0);
    let mut request = Request::builder()
        .uri("/orders/1234?page=2")
        .header("host", "api.example.com")
        .header("connection", "keep-alive")
        .header("user-agent", "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36")
        .header("accept", "application/json")
        .header("origin", origin)
        .header("sec-fetch-site", "cross-site")
        .header("sec-fetch-mode", "cors")
        .header("sec-fetch-dest", "empty")
        .header("referer", "https://app0.team0.example.com/")
        .header("accept-encoding", "gzip, deflate, br, zstd")
        .header("accept-language", "en-GB,en;q=0.9");
    if preflight {
        request = request
            .method(Method::OPTIONS)
            .header("access-control-request-method", "PUT")
            .header("access-control-request-headers", "authorization,content-type,x-request-id");
    }
    request.body(()).expect("a request")
}
