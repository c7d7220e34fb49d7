//! Policies, servers and clients.

use std::convert::Infallible;
use std::net::SocketAddr;

use axum::Router;
use axum::body::Body;
use cors_tower::{CompiledPolicy, Config, CorsLayer};
use http::{HeaderMap, Request, Response};
use http_body_util::BodyExt;
use hyper::body::Incoming;
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::net::{TcpListener, TcpStream};
use tower::util::BoxCloneService;
use tower::{Layer, ServiceExt, service_fn};

/// An allowed page.
pub(crate) const PAGE: &str = "https://app.example.com";

/// A policy for it.
pub(crate) const CONFIG: Config<'_> = Config {
    allow_origins: &[PAGE],
    allow_methods: &["PUT"],
    allow_headers: &["content-type"],
    expose_headers: &["x-total"],
    allow_credentials: true,
    max_age: Some(60),
    ..Config::NEW
};

pub(crate) fn compile(config: &Config<'_>) -> CompiledPolicy {
    CompiledPolicy::compile(config).unwrap()
}

pub(crate) fn layer() -> CorsLayer {
    CorsLayer::new(compile(&CONFIG))
}

/// A request without a body.
pub(crate) fn request(method: &str, target: &str, fields: &[(&str, &str)]) -> Request<Body> {
    let mut request = Request::builder().method(method).uri(target);
    for (name, value) in fields {
        request = request.header(*name, *value);
    }
    request.body(Body::empty()).unwrap()
}

/// A page's GET.
pub(crate) fn get(target: &str, origin: &str) -> Request<Body> {
    request("GET", target, &[("origin", origin)])
}

pub(crate) fn preflight(target: &str, origin: &str, method: &str) -> Request<Body> {
    request("OPTIONS", target, &[("origin", origin), ("access-control-request-method", method)])
}

/// An application that answers each request by this function.
pub(crate) fn answering(
    layer: &CorsLayer,
    answer: impl Fn(Request<Body>) -> Response<Body> + Clone + Send + 'static,
) -> BoxCloneService<Request<Body>, Response<Body>, Infallible> {
    BoxCloneService::new(layer.layer(service_fn(move |request| std::future::ready(Ok(answer(request))))))
}

/// What an application that adds nothing makes of the request.
pub(crate) async fn ask(layer: &CorsLayer, request: Request<Body>) -> Response<Body> {
    answering(layer, |_| Response::new(Body::from("the application"))).oneshot(request).await.unwrap()
}

/// The lines, sorted: `name: value`.
pub(crate) fn lines(headers: &HeaderMap) -> Vec<String> {
    let mut lines: Vec<String> =
        headers.iter().map(|(name, value)| format!("{name}: {}", value.as_bytes().escape_ascii())).collect();
    lines.sort_unstable();
    lines
}

/// What an allowed response gets by [`CONFIG`].
pub(crate) const ALLOWED: [&str; 4] = [
    "access-control-allow-credentials: true",
    "access-control-allow-origin: https://app.example.com",
    "access-control-expose-headers: x-total",
    "vary: origin",
];

/// Serves over HTTP/1.1 and HTTP/2, as long as the test runs.
pub(crate) async fn serve(router: Router) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Version {
    Http1,
    Http2,
}

/// Sends a request on a connection of its own.
pub(crate) async fn send(
    address: SocketAddr,
    version: Version,
    mut request: Request<Body>,
) -> hyper::Result<Response<Incoming>> {
    let stream = TokioIo::new(TcpStream::connect(address).await.unwrap());
    match version {
        Version::Http1 => {
            request.headers_mut().insert("host", address.to_string().parse().unwrap());
            let (mut sender, connection) = hyper::client::conn::http1::handshake(stream).await?;
            tokio::spawn(connection);
            sender.send_request(request).await
        }
        Version::Http2 => {
            let target = format!("http://{address}{}", request.uri());
            *request.uri_mut() = target.parse().unwrap();
            let (mut sender, connection) =
                hyper::client::conn::http2::handshake(TokioExecutor::new(), stream).await?;
            tokio::spawn(connection);
            sender.send_request(request).await
        }
    }
}

pub(crate) async fn text<B>(response: Response<B>) -> String
where
    B: http_body::Body,
    B::Error: std::fmt::Debug,
{
    String::from_utf8(response.into_body().collect().await.unwrap().to_bytes().to_vec()).unwrap()
}
