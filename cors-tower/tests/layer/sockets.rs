//! Over real sockets, by HTTP/1.1 and HTTP/2: what the page would get of everything that a server answers.

use std::convert::Infallible;
use std::io;

use axum::Router;
use axum::body::Body;
use axum::response::Redirect;
use axum::routing::{get as route, post};
use cors_tower::{Config, CorsLayer, Policies};
use futures_util::stream;
use http::{Request, Response, StatusCode};
use http_body_util::BodyExt;
use hyper_util::rt::TokioIo;
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tower::{Layer, ServiceBuilder, service_fn};
use tower_http::catch_panic::CatchPanicLayer;

use crate::support::{
    ALLOWED, CONFIG, PAGE, Version, compile, get, layer, lines, preflight, request, send, serve, text,
};

const VERSIONS: [Version; 2] = [Version::Http1, Version::Http2];

/// The lines of the CORS protocol.
fn cors_lines(headers: &http::HeaderMap) -> Vec<String> {
    lines(headers)
        .into_iter()
        .filter(|line| line.starts_with("access-control-") || line.starts_with("vary:"))
        .collect()
}

async fn panics() {
    panic!("as a test wants it");
}

#[tokio::test]
async fn a2_errors_redirects_panics_and_what_is_not_there() {
    let router = Router::new()
        .route("/", route(|| async { "the application" }))
        .route("/redirect", route(|| async { Redirect::temporary("/elsewhere") }))
        .route("/not-modified", route(|| async { StatusCode::NOT_MODIFIED }))
        .route("/error", route(|| async { Err::<(), _>(StatusCode::INTERNAL_SERVER_ERROR) }))
        .route("/panic", route(panics))
        .route("/post", post(|| async {}))
        .layer(ServiceBuilder::new().layer(layer()).layer(CatchPanicLayer::new()));
    let address = serve(router).await;
    let cases = [
        ("/", 200),
        ("/redirect", 307),
        ("/not-modified", 304),
        ("/error", 500),
        ("/panic", 500),
        ("/post", 405),
        ("/missing", 404),
    ];
    for version in VERSIONS {
        for (path, status) in cases {
            let response = send(address, version, get(path, PAGE)).await.unwrap();
            assert_eq!(response.status(), status, "{version:?} {path}");
            assert_eq!(cors_lines(response.headers()), ALLOWED, "{version:?} {path}");
            // A1: whatever there is for OPTIONS, or is not.
            let answer = send(address, version, preflight(path, PAGE, "PUT")).await.unwrap();
            assert_eq!(answer.status(), 204, "{version:?} {path}");
            assert_eq!(text(answer).await, "");
        }
        let denied = send(address, version, preflight("/", "https://evil.example", "PUT")).await.unwrap();
        assert_eq!((denied.status().as_u16(), text(denied).await), (403, String::new()));
    }
}

#[tokio::test]
async fn a2_a_streamed_body_is_not_held_back() {
    for version in VERSIONS {
        let (sender, receiver) = mpsc::channel::<&'static str>(1);
        let receiver = std::sync::Arc::new(tokio::sync::Mutex::new(Some(receiver)));
        let stream = move || {
            let receiver = std::sync::Arc::clone(&receiver);
            async move {
                let receiver = receiver.lock().await.take().unwrap();
                Body::from_stream(stream::unfold(receiver, async |mut receiver| {
                    let part = receiver.recv().await?;
                    Some((Ok::<_, io::Error>(part), receiver))
                }))
            }
        };
        let address = serve(Router::new().route("/", route(stream)).layer(layer())).await;
        // The head is there before any of the body is.
        let mut response = send(address, version, get("/", PAGE)).await.unwrap();
        assert_eq!(cors_lines(response.headers()), ALLOWED);
        for part in ["one", "two"] {
            sender.send(part).await.unwrap();
            let frame = response.frame().await.unwrap().unwrap();
            assert_eq!(frame.into_data().unwrap(), part);
        }
        drop(sender);
        assert_eq!(text(response).await, "");
    }
}

#[tokio::test]
async fn a9_nested_routers() {
    let public = compile(&Config { allow_origins: &["*"], ..Config::NEW });
    let inner = || Router::new().route("/orders", route(|| async {})).route("/public/x", route(|| async {}));
    // Outside, the layer sees whole paths; inside, what `nest` leaves of them, or with the feature whole paths, too.
    let outside = CorsLayer::new(
        Policies::new().at("/api", compile(&CONFIG)).unwrap().at("/api/public", public.clone()).unwrap(),
    );
    let (whole, below) = if cfg!(feature = "axum") { ("/api", "/api/public") } else { ("/", "/public") };
    let inside = CorsLayer::new(
        Policies::new().at(whole, compile(&CONFIG)).unwrap().at(below, public.clone()).unwrap(),
    );
    let routers = [
        Router::new().nest("/api", inner()).layer(outside),
        Router::new().nest("/api", inner().layer(inside)),
    ];
    for router in routers {
        let address = serve(router.route("/health", route(|| async {}))).await;
        for version in VERSIONS {
            let cases: [(&str, u16, &[&str]); 3] = [
                ("/api/orders", 200, &ALLOWED),
                ("/api/public/x", 200, &["access-control-allow-origin: *"]),
                ("/health", 200, &[]),
            ];
            for (path, status, expected) in cases {
                let response = send(address, version, get(path, PAGE)).await.unwrap();
                assert_eq!(response.status(), status);
                assert_eq!(cors_lines(response.headers()), expected, "{version:?} {path}");
            }
            let answer = send(address, version, preflight("/api/orders", PAGE, "PUT")).await.unwrap();
            assert_eq!(answer.status(), 204);
        }
    }
}

#[tokio::test]
async fn around_a_whole_router() {
    let app = layer().enforce(true).layer(Router::new().route("/", route(|| async { "the application" })));
    let address = serve(Router::new().fallback_service(app)).await;
    for version in VERSIONS {
        let response = send(address, version, get("/", PAGE)).await.unwrap();
        assert_eq!(cors_lines(response.headers()), ALLOWED);
        let refused = send(address, version, get("/", "https://evil.example")).await.unwrap();
        assert_eq!(
            (refused.status().as_u16(), cors_lines(refused.headers())),
            (403, vec!["vary: origin".to_owned()])
        );
        // A6: by the Host of HTTP/1.1 and by the target of HTTP/2.
        let own = format!("http://{address}");
        let response = send(address, version, request("POST", "/", &[("origin", &own)])).await.unwrap();
        assert_eq!(response.status(), 405);
    }
}

/// To an error there is no response, and so no field.
#[tokio::test]
async fn an_error_of_the_service_goes_through() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let failing = service_fn(async |request: Request<hyper::body::Incoming>| match request.uri().path() {
        "/error" => Err(io::Error::other("no answer")),
        _ => Ok(Response::new(String::new())),
    });
    let service = TowerToHyperService::new(layer().layer(failing));
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let serving = hyper::server::conn::http1::Builder::new()
                .serve_connection(TokioIo::new(stream), service.clone());
            tokio::spawn(async move { serving.await.map_err(|error| error.to_string()) });
        }
    });
    let error = send(address, Version::Http1, get("/error", PAGE)).await.unwrap_err();
    assert!(error.is_incomplete_message(), "{error}");
    // The preflight never saw that service.
    assert_eq!(send(address, Version::Http1, preflight("/error", PAGE, "PUT")).await.unwrap().status(), 204);
    assert_eq!(send(address, Version::Http1, get("/", PAGE)).await.unwrap().status(), 200);
}

#[tokio::test]
async fn a_service_without_errors_stays_one() {
    let service =
        layer().layer(service_fn(async |_: Request<Body>| Ok::<_, Infallible>(Response::new(Body::empty()))));
    let Ok(response) = tower::ServiceExt::oneshot(service, get("/", PAGE)).await;
    assert_eq!(response.status(), 200);
}
