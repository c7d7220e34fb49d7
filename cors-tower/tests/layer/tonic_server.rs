//! Around a tonic server: gRPC from a page, as gRPC-Web and Connect send it.

use cors_tower::{Config, CorsLayer};
use http_body_util::BodyExt;
use tonic::service::Routes;
use tower::{Layer, ServiceExt};

use crate::support::{CONFIG, PAGE, compile, preflight, request};

#[tokio::test]
async fn a_health_service() {
    let (reporter, health) = tonic_health::server::health_reporter();
    reporter.set_service_status("", tonic_health::ServingStatus::Serving).await;
    let policy = compile(&Config {
        allow_headers: &["content-type", "x-grpc-web"],
        expose_headers: &["grpc-status", "grpc-message"],
        ..CONFIG
    });
    let service = CorsLayer::new(policy).layer(Routes::new(health));
    let target = "/grpc.health.v1.Health/Check";

    let answer = service.clone().oneshot(preflight(target, PAGE, "POST")).await.unwrap();
    assert_eq!(
        (answer.status().as_u16(), answer.into_body().collect().await.unwrap().to_bytes().len()),
        (204, 0)
    );

    // An empty message, in its frame of five bytes.
    let mut call = request(
        "POST",
        target,
        &[("origin", PAGE), ("content-type", "application/grpc"), ("te", "trailers")],
    );
    *call.body_mut() = axum::body::Body::from(vec![0; 5]);
    let response = service.oneshot(call).await.unwrap();
    let field = |name: &str| response.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
    assert_eq!(field("access-control-allow-origin").as_deref(), Some(PAGE));
    assert_eq!(field("access-control-expose-headers").as_deref(), Some("grpc-status, grpc-message"));
    let body = response.into_body().collect().await.unwrap();
    assert_eq!(body.trailers().unwrap()["grpc-status"], "0");
}
