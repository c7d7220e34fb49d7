//! Policies are swapped while requests are served (A4).

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::Router;
use axum::body::Body;
use axum::routing::get as route;
use cors_tower::{CompiledPolicy, Config, CorsLayer};
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::net::TcpStream;

use crate::support::{CONFIG, PAGE, compile, layer, lines, serve};

const REQUESTS: usize = 500;
const CLIENTS: usize = 4;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a4_each_response_is_of_one_policy() {
    let layer = layer();
    let address = serve(Router::new().route("/", route(|| async {})).layer(layer.clone())).await;
    let policies: [CompiledPolicy; 2] = [
        compile(&CONFIG),
        compile(&Config { allow_credentials: false, expose_headers: &["x-other"], ..CONFIG }),
    ];
    let expected: [&[&str]; 2] = [
        &[
            "access-control-allow-credentials: true",
            "access-control-allow-origin: https://app.example.com",
            "access-control-expose-headers: x-total",
        ],
        &["access-control-allow-origin: https://app.example.com", "access-control-expose-headers: x-other"],
    ];
    let ends = Arc::new(AtomicBool::new(false));
    let swapping = tokio::task::spawn_blocking({
        let (handle, ends) = (layer.handle(), Arc::clone(&ends));
        move || {
            let mut swaps = 0_usize;
            while !ends.load(Ordering::Relaxed) {
                handle.store(policies[swaps % 2].clone());
                swaps += 1;
                std::thread::yield_now();
            }
            swaps
        }
    });
    let clients: Vec<_> = (0..CLIENTS)
        .map(|_| {
            tokio::spawn(async move {
                let stream = TokioIo::new(TcpStream::connect(address).await.unwrap());
                let (mut sender, connection) =
                    hyper::client::conn::http2::handshake(TokioExecutor::new(), stream).await.unwrap();
                tokio::spawn(connection);
                let mut seen = HashSet::new();
                for _ in 0..REQUESTS {
                    let request = http::Request::get(format!("http://{address}/")).header("origin", PAGE);
                    let response = sender.send_request(request.body(Body::empty()).unwrap()).await.unwrap();
                    let mut lines = lines(response.headers());
                    lines.retain(|line| line.starts_with("access-control-"));
                    let policy = expected.iter().position(|expected| lines == *expected);
                    seen.insert(policy.unwrap_or_else(|| panic!("of no policy: {lines:?}")));
                }
                seen
            })
        })
        .collect();
    let mut seen = HashSet::new();
    for client in clients {
        seen.extend(client.await.unwrap());
    }
    ends.store(true, Ordering::Relaxed);
    assert!(swapping.await.unwrap() > 2);
    assert_eq!(seen.len(), 2, "both policies were met");
}

#[test]
fn a4_the_old_policies_are_given_back() {
    let layer = CorsLayer::new(compile(&CONFIG));
    let old = Arc::downgrade(&layer.handle().load());
    layer.handle().store(compile(&CONFIG));
    assert!(old.upgrade().is_none());
}
