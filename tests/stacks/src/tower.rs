//! The site on axum: `stacks-tower CASE PORT`, with the snippet for that fetch.

#![expect(clippy::expect_used, clippy::panic, reason = "a program of tests")]

use std::env;

use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderName, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use cors_tower::PolicyError;
use tokio::net::TcpListener;

include!(concat!(env!("OUT_DIR"), "/tower_cases.rs"));

#[tokio::main]
async fn main() {
    let mut numbers =
        env::args().skip(1).map(|number| number.parse::<u16>().expect("stacks-tower CASE PORT"));
    let case = numbers.next().expect("a case");
    let port = numbers.next().expect("a port");
    let router = Router::new()
        .route("/item", any(|| async { ([(HeaderName::from_static("x-total"), "3")], "[]") }))
        .route("/broken", any(|| async { StatusCode::INTERNAL_SERVER_ERROR }))
        .route("/private", any(|| async { "[]" }))
        .layer(middleware::from_fn(guard));
    let with_cors = CASES.get(usize::from(case)).expect("there is such a case");
    let router = with_cors(router).unwrap_or_else(|error| panic!("{error}"));
    let listener = TcpListener::bind(("127.0.0.1", port)).await.expect("the port is free");
    axum::serve(listener, router).await.expect("it serves");
}

async fn guard(request: Request, next: Next) -> Response {
    if request.uri().path() == "/private" && !request.headers().contains_key(header::AUTHORIZATION) {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    next.run(request).await
}
