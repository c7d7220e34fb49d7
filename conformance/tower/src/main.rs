//! The application of `conformance/routes.json` on axum, with cors-tower or, for `CONFORMANCE_PEER`, tower-http around it. It listens at `PORT`.

mod peer;

use std::error::Error;
use std::{env, fs};

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::http::{Method, header};
use axum::response::Response;
use axum::routing::{MethodFilter, on};
use cors_tower::{CompiledPolicy, CorsLayer};
use routes::{Answer, Route};
use tokio::net::TcpListener;
use tower_http::catch_panic::CatchPanicLayer;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut router = Router::new();
    for route in routes::routes()? {
        for method in &route.methods {
            let filter = MethodFilter::try_from(Method::from_bytes(method.as_bytes())?)?;
            let own = route.clone();
            router = router
                .route(&route.path, on(filter, |request: Request| async move { answer(&own, &request) }));
        }
    }
    // A panic becomes a 500 within the layer, which adds the fields.
    let router = router.layer(CatchPanicLayer::new());
    let router = if env::var_os("CONFORMANCE_PEER").is_some() {
        router.layer(peer::layer(&routes::policy()))
    } else {
        router.layer(CorsLayer::new(CompiledPolicy::from_image(fs::read(env::var("CONFORMANCE_IMAGE")?)?)?))
    };
    axum::serve(TcpListener::bind(("127.0.0.1", routes::port()?)).await?, router).await?;
    Ok(())
}

#[expect(clippy::panic, reason = "an application that crashes")]
fn answer(route: &Route, request: &Request) -> Response {
    let accepted = request.headers().get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok());
    match route.answer(accepted) {
        Err(broken) => panic!("{broken}"),
        Ok(Answer::Stream) => Response::new(Body::from_stream(routes::pieces())),
        Ok(Answer::Whole { status, fields, body }) => {
            let response = Response::builder().status(status);
            let response =
                fields.iter().fold(response, |response, (name, value)| response.header(name, value));
            response.body(Body::from(body.to_owned())).unwrap_or_default()
        }
    }
}
