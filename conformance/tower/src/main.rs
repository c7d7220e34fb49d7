//! The application of `conformance/routes.json` on axum, with cors-tower or, for `CONFORMANCE_PEER`, tower-http around it. It listens at `PORT`.

mod peer;

use std::convert::Infallible;
use std::error::Error;
use std::time::Duration;
use std::{env, fs};

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::http::{Method, header};
use axum::response::Response;
use axum::routing::{MethodFilter, on};
use cors_tower::{CompiledPolicy, CorsLayer};
use futures_util::stream;
use serde_json::Value;
use tokio::net::TcpListener;
use tower_http::catch_panic::CatchPanicLayer;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let table: Value = serde_json::from_str(&fs::read_to_string(env::var("CONFORMANCE_ROUTES")?)?)?;
    let mut router = Router::new();
    for route in table.as_object().into_iter().flat_map(|table| table.values()) {
        let path = text(route, "path");
        for method in list(route, "methods").filter_map(Value::as_str) {
            let filter = MethodFilter::try_from(Method::from_bytes(method.as_bytes())?)?;
            let own = route.clone();
            router = router.route(path, on(filter, |request: Request| async move { answer(&own, &request) }));
        }
    }
    // A panic becomes a 500 within the layer, which adds the fields.
    let router = router.layer(CatchPanicLayer::new());
    let router = if env::var_os("CONFORMANCE_PEER").is_some() {
        router.layer(peer::layer(&env::var("CONFORMANCE_POLICY")?))
    } else {
        router.layer(CorsLayer::new(CompiledPolicy::from_image(fs::read(env::var("CONFORMANCE_IMAGE")?)?)?))
    };
    let port = env::var("PORT")?.parse()?;
    axum::serve(TcpListener::bind(("127.0.0.1", port)).await?, router).await?;
    Ok(())
}

fn text<'v>(value: &'v Value, name: &str) -> &'v str {
    value.get(name).and_then(Value::as_str).unwrap_or_default()
}

fn list<'v>(value: &'v Value, name: &str) -> impl Iterator<Item = &'v Value> {
    value.get(name).and_then(Value::as_array).into_iter().flatten()
}

#[expect(clippy::panic, reason = "an application that crashes")]
fn answer(route: &Value, request: &Request) -> Response {
    let accepted = request.headers().get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok());
    let body = match text(route, "kind") {
        "error" => panic!("a crash is wanted"),
        "encoding" if accepted.is_some_and(|value| value.contains("gzip")) => Body::from("for gzip\n"),
        "encoding" => Body::from("for others\n"),
        "stream" => pieces(),
        _ => Body::from(text(route, "body").to_owned()),
    };
    let status = route.get("status").and_then(Value::as_u64).and_then(|status| u16::try_from(status).ok());
    let mut response = Response::builder().status(status.unwrap_or(200));
    for pair in list(route, "fields").filter_map(Value::as_array) {
        if let [name, value] = pair.as_slice() {
            response = response.header(name.as_str().unwrap_or_default(), value.as_str().unwrap_or_default());
        }
    }
    response.body(body).unwrap_or_default()
}

fn pieces() -> Body {
    Body::from_stream(stream::unfold(0, |number| async move {
        match number {
            0 => Some((Ok::<_, Infallible>("first\n"), 1)),
            1 => {
                tokio::time::sleep(Duration::from_secs(1)).await;
                Some((Ok("second\n"), 2))
            }
            _ => None,
        }
    }))
}
