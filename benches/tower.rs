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
use std::fs;
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

/// A kind of request, and the number of fields that its response gets.
const KINDS: [(&str, usize); 4] = [("no `Origin`", 1), ("allowed", 4), ("denied", 1), (PREFLIGHT, 6)];
const PREFLIGHT: &str = "preflight";

fn main() {
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let load = load.split(' ').take(3).collect::<Vec<_>>().join(", ");
    let [few, thousand, million] = [1, 1_000, 1_000_000].map(|count| {
        let mut origins = origins(count);
        // The page's origin is in the middle of the list.
        origins.swap(0, count / 2);
        origins
    });
    let mut tables: Vec<Vec<Case>> = KINDS
        .into_iter()
        .map(|(kind, fields)| {
            vec![
                Case::new("the service alone", |app| app, kind),
                Case::new("floor", |app| floor(app, kind, fields), kind),
                Case::new("cors-tower, 1 origin", |app| layers::ours(&few).layer(app), kind),
                Case::new("cors-tower, 1,000 origins", |app| layers::ours(&thousand).layer(app), kind),
                Case::new("cors-tower, 1,000,000 origins", |app| layers::ours(&million).layer(app), kind),
                Case::new("tower-http, 1 origin", |app| layers::peer(&few).layer(app), kind),
                Case::new("tower-http, 1,000 origins", |app| layers::peer(&thousand).layer(app), kind),
            ]
        })
        .collect();
    let app = App::default();
    tables.push(vec![
        Case::cloning("the service alone", app.clone()),
        Case::cloning("floor", (app.clone(), std::sync::Arc::new(()))),
        Case::cloning("cors-tower, 1 origin", layers::ours(&few).layer(app.clone())),
        Case::cloning("cors-tower, 1,000 origins", layers::ours(&thousand).layer(app.clone())),
        Case::cloning("cors-tower, 1,000,000 origins", layers::ours(&million).layer(app.clone())),
        Case::cloning("tower-http, 1 origin", layers::peer(&few).layer(app.clone())),
        Case::cloning("tower-http, 1,000 origins", layers::peer(&thousand).layer(app)),
    ]);
    for table in &mut tables {
        for _ in 0..ROUNDS {
            table.iter_mut().for_each(Case::round);
        }
    }
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/LAYERS.md");
    fs::write(path, document(&mut tables, &load)).expect("the table can be written");
    println!("written: benches/LAYERS.md");
}

/// Returns the table of what each adds to the service alone. A row is a case, a column a kind of request.
fn document(tables: &mut [Vec<Case>], load: &str) -> String {
    let columns = KINDS.map(|(kind, _)| kind).join(" | ");
    let medians: Vec<Vec<f64>> =
        tables.iter_mut().map(|table| table.iter_mut().map(Case::median).collect()).collect();
    let added = |row: usize| {
        let cells = medians.iter().map(move |column| match (column.first(), column.get(row)) {
            (Some(alone), Some(median)) => format!(" {:.1} |", median - alone),
            _ => " |".to_owned(),
        });
        cells.collect::<String>()
    };
    let rows = tables.first().into_iter().flatten().enumerate().skip(1);
    let rows: Vec<String> = rows.map(|(row, case)| format!("| {} |{}\n", case.name, added(row))).collect();
    format!(
        "# Layers for tower\n\nThe nanoseconds that a layer adds to a request, and to a clone of the service; load {load} at \
         the start. `benches/run layers`\nwrites this file. The floor is a bare insertion of the same values into the response's \
         map; of a clone, a reference count.\n\n| | {columns} | clone |\n|---|{}\n{}",
        "---:|".repeat(tables.len()),
        rows.concat()
    )
}

/// A line of the table.
struct Case {
    name: &'static str,
    run: Box<dyn FnMut()>,
    rounds: Vec<Duration>,
}

impl Case {
    fn new<S>(name: &'static str, wrap: impl FnOnce(App) -> S, kind: &str) -> Self
    where
        S: Service<Request<()>, Response = Response<()>, Error = Infallible> + 'static,
    {
        let app = App::default();
        let mut service = wrap(app.clone());
        let run: Box<dyn FnMut()> = if kind == PREFLIGHT {
            let template = request(kind).into_parts().0;
            // A layer that answers instead of the application drops the request, so each request is made anew.
            Box::new(move || call(&mut service, Request::from_parts(template.clone(), ())))
        } else {
            app.spent.replace(Some(request(kind).into_parts().0));
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
fn floor(inner: App, kind: &str, fields: usize) -> Floor<App> {
    let mut service = layers::ours(&origins(1)).layer(inner.clone());
    let floor = Floor::new(inner, &answer(&mut service, request(kind)), kind == PREFLIGHT);
    assert_eq!(floor.fields().len(), fields, "{kind}");
    floor
}

/// Returns a request with the fields that browsers send.
fn request(kind: &str) -> Request<()> {
    let mut request = Request::builder()
        .uri("/orders/1234?page=2")
        .header("host", "api.example.com")
        .header("connection", "keep-alive")
        .header("user-agent", "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36")
        .header("accept", "application/json")
        .header("sec-fetch-site", "cross-site")
        .header("sec-fetch-mode", "cors")
        .header("sec-fetch-dest", "empty")
        .header("referer", "https://app0.team0.example.com/")
        .header("accept-encoding", "gzip, deflate, br, zstd")
        .header("accept-language", "en-GB,en;q=0.9");
    match kind {
        "denied" => request = request.header("origin", "https://app1.team1.example.org"),
        "allowed" | PREFLIGHT => request = request.header("origin", origins(1).swap_remove(0)),
        _ => {}
    }
    if kind == PREFLIGHT {
        request = request
            .method(Method::OPTIONS)
            .header("access-control-request-method", "PUT")
            .header("access-control-request-headers", "authorization,content-type,x-request-id");
    }
    request.body(()).expect("a request")
}
