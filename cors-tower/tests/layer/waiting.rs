//! A decision about an origin that is waited for (E12), and what it may not disturb.

use std::convert::Infallible;
use std::future::{pending, ready};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::Body;
use cors_tower::{CompiledPolicy, CorsLayer, OriginCache, Policies, Risk};
use http::{HeaderValue, Request, Response};
use tokio::sync::Notify;
use tower::{Layer, Service};

use crate::support::{PAGE, ask, get, layer, preflight, text};

const TENANT: &str = "https://tenant.example";
const STRANGER: &str = "https://evil.example";

/// A database that yields before it answers, and what it was asked.
#[derive(Clone, Default)]
struct Database {
    asked: Arc<Mutex<Vec<String>>>,
}

impl Database {
    async fn has(&self, origin: String) -> Option<bool> {
        tokio::task::yield_now().await;
        let answer = match &*origin {
            TENANT => Some(true),
            "https://unknown.example" => None,
            _ => Some(false),
        };
        self.asked.lock().unwrap().push(origin);
        answer
    }

    fn policy(&self, cache: OriginCache) -> CompiledPolicy {
        let database = self.clone();
        CompiledPolicy::builder()
            .allow_origins([PAGE])
            .allow_methods(["PUT"])
            .allow_credentials(true)
            .allow_origins_by_async(cache, move |origin| {
                let database = database.clone();
                async move { database.has(origin).await }
            })
            .build_policy()
            .unwrap()
    }

    fn asked(&self) -> Vec<String> {
        std::mem::take(&mut self.asked.lock().unwrap())
    }
}

fn an_hour() -> OriginCache {
    OriginCache::new(Duration::from_secs(3600))
}

async fn allowed_origin(layer: &CorsLayer, request: Request<Body>) -> Option<HeaderValue> {
    ask(layer, request).await.headers().get("access-control-allow-origin").cloned()
}

#[tokio::test]
async fn e12_an_answer_is_waited_for_and_kept() {
    let database = Database::default();
    let layer = CorsLayer::new(database.policy(an_hour()));
    for _ in 0..2 {
        assert_eq!(allowed_origin(&layer, get("/", TENANT)).await.unwrap(), TENANT);
        assert_eq!(allowed_origin(&layer, get("/", STRANGER)).await, None);
    }
    let answer = ask(&layer, preflight("/", TENANT, "PUT")).await;
    assert_eq!((answer.status().as_u16(), text(answer).await), (204, String::new()));
    assert_eq!(ask(&layer, preflight("/", STRANGER, "PUT")).await.status(), 403);
    assert_eq!(database.asked(), [TENANT, STRANGER]);
}

#[tokio::test]
async fn e12_a_preflight_waits_too() {
    let database = Database::default();
    let layer = CorsLayer::new(database.policy(an_hour()));
    assert_eq!(ask(&layer, preflight("/", TENANT, "PUT")).await.status(), 204);
    assert_eq!(ask(&layer, preflight("/", STRANGER, "PUT")).await.status(), 403);
    assert_eq!(database.asked(), [TENANT, STRANGER]);
}

#[tokio::test]
async fn an_answer_that_is_not_known_denies_and_is_not_kept() {
    let database = Database::default();
    let layer = CorsLayer::new(database.policy(an_hour()));
    for _ in 0..2 {
        assert_eq!(allowed_origin(&layer, get("/", "https://unknown.example")).await, None);
    }
    assert_eq!(database.asked(), ["https://unknown.example"; 2]);
    let layer = CorsLayer::new(database.policy(OriginCache::new(Duration::ZERO)));
    for _ in 0..2 {
        assert_eq!(allowed_origin(&layer, get("/", TENANT)).await.unwrap(), TENANT);
    }
    assert_eq!(database.asked(), [TENANT; 2]);
}

/// Nobody is asked about an origin that a pattern allows, that is malformed, or that has a risk.
#[tokio::test]
async fn e12_only_what_is_open_is_asked() {
    let database = Database::default();
    let layer = CorsLayer::new(database.policy(an_hour()));
    assert_eq!(allowed_origin(&layer, get("/", PAGE)).await.unwrap(), PAGE);
    for origin in ["null", "file://", "https://Tenant.example", "https://tenant.example/"] {
        assert_eq!(allowed_origin(&layer, get("/", origin)).await, None, "{origin}");
    }
    assert_eq!(database.asked(), [""; 0]);
    let layer = CorsLayer::builder()
        .accept_risks([Risk::NullOrigin])
        .allow_origins_by_async(an_hour(), |origin| ready(Some(origin == "null")))
        .build()
        .unwrap();
    assert_eq!(allowed_origin(&layer, get("/", "null")).await.unwrap(), "null");
}

/// A5, A6: the service inside is called after the answer alone, and a denial is reported once.
#[tokio::test]
async fn a6_a_refused_request_does_not_reach_the_service() {
    let denials = Arc::new(AtomicUsize::new(0));
    let layer = CorsLayer::new(Database::default().policy(an_hour())).enforce(true).on_denial({
        let denials = Arc::clone(&denials);
        move |_| {
            denials.fetch_add(1, Ordering::Relaxed);
        }
    });
    let refused = ask(&layer, get("/", STRANGER)).await;
    assert_eq!((refused.status().as_u16(), text(refused).await), (403, String::new()));
    assert_eq!(denials.load(Ordering::Relaxed), 1);
    assert_eq!(text(ask(&layer, get("/", TENANT)).await).await, "the application");
    assert_eq!(denials.load(Ordering::Relaxed), 1);
}

/// A4: a request that waits is decided by the policies that it began with.
#[tokio::test]
async fn a4_a_swap_does_not_change_a_request_that_waits() {
    let (began, go_on) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let layer = CorsLayer::builder()
        .allow_origins_by_async(an_hour(), {
            let (began, go_on) = (Arc::clone(&began), Arc::clone(&go_on));
            move |_| {
                let (began, go_on) = (Arc::clone(&began), Arc::clone(&go_on));
                async move {
                    began.notify_one();
                    go_on.notified().await;
                    Some(true)
                }
            }
        })
        .build()
        .unwrap();
    let handle = layer.handle();
    let asking = tokio::spawn({
        let layer = layer.clone();
        async move { allowed_origin(&layer, get("/", TENANT)).await }
    });
    began.notified().await;
    handle.store(Policies::new());
    go_on.notify_one();
    assert_eq!(asking.await.unwrap().unwrap(), TENANT);
    assert_eq!(allowed_origin(&layer, get("/", TENANT)).await, None);
}

/// A8: a shadow neither delays a request nor asks.
#[tokio::test]
async fn a8_nobody_waits_for_a_shadow() {
    let shadow =
        CompiledPolicy::builder().allow_origins_by_async(an_hour(), |_| pending()).build_policy().unwrap();
    let differences = Arc::new(AtomicUsize::new(0));
    let policies = Policies::from(CompiledPolicy::builder().build_policy().unwrap()).shadow(shadow);
    let layer = CorsLayer::new(policies).on_difference({
        let differences = Arc::clone(&differences);
        move |_| {
            differences.fetch_add(1, Ordering::Relaxed);
        }
    });
    assert_eq!(allowed_origin(&layer, get("/", TENANT)).await, None);
    assert_eq!(differences.load(Ordering::Relaxed), 0);
    // A shadow that has nobody to ask is compared.
    layer.handle().store(Policies::from(Database::default().policy(an_hour())).shadow(Policies::new()));
    assert_eq!(allowed_origin(&layer, get("/", PAGE)).await.unwrap(), PAGE);
    assert_eq!(differences.load(Ordering::Relaxed), 1);
}

/// A service whose clones are not ready.
struct Careful {
    is_ready: bool,
}

impl Clone for Careful {
    fn clone(&self) -> Self {
        Careful { is_ready: false }
    }
}

impl Service<Request<Body>> for Careful {
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = std::future::Ready<Result<Response<Body>, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.is_ready = true;
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Request<Body>) -> Self::Future {
        assert!(std::mem::take(&mut self.is_ready), "called before it was ready");
        ready(Ok(Response::new(Body::empty())))
    }
}

#[tokio::test]
async fn the_instance_that_was_ready_is_called_after_the_answer() {
    let mut service =
        CorsLayer::new(Database::default().policy(an_hour())).layer(Careful { is_ready: false });
    for origin in [TENANT, TENANT, STRANGER, PAGE, "https://another.example"] {
        std::future::poll_fn(|context| service.poll_ready(context)).await.unwrap();
        assert_eq!(service.call(get("/", origin)).await.unwrap().status(), 200, "{origin}");
    }
    // Most requests do not wait, and their layer is no other.
    let mut service = layer().layer(Careful { is_ready: false });
    std::future::poll_fn(|context| service.poll_ready(context)).await.unwrap();
    assert_eq!(service.call(get("/", TENANT)).await.unwrap().status(), 200);
}
