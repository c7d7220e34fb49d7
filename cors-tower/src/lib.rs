//! CORS for [tower], decided by compiled policies: a [`Layer`](tower_layer::Layer) for axum, hyper, tonic and whatever
//! else serves `http` requests.
//!
//! ```
//! use axum::{Router, routing::get};
//! use cors_tower::CorsLayer;
//!
//! let cors = CorsLayer::builder()
//!     .allow_origins(["https://app.example.com", "https://*.example.org"])
//!     .allow_methods(["PUT", "DELETE"])
//!     .allow_headers(["content-type", "authorization"])
//!     .allow_credentials(true)
//!     .build()?;
//! let app: Router = Router::new().route("/orders", get(|| async { "no orders" })).layer(cors);
//! # Ok::<(), cors_tower::PolicyError>(())
//! ```
//!
//! A policy that is refused is an error when it is built, with every problem and what to write instead
//! ([`PolicyError`]). For data that everybody may read there is [`CorsLayer::permissive`].
//!
//!
//! Preflights are answered at once and never reach the service inside (A1). Every response gets its fields (A2), and
//! they replace those that the service set; `Vary` is merged into one line (A3). The numbers are those of the rules in
//! the project's `DESIGN.md`.
//!
//! # Where the layer belongs
//!
//! Outside of everything that answers: authentication, rate limits, timeouts, compression, and above all whatever
//! turns a panic or an error into a response. What answers outside of the layer has no fields, and a page sees a
//! network error where it should see a status:
//!
//! ```
//! # use axum::{Router, routing::get};
//! # use cors_tower::CorsLayer;
//! use tower::ServiceBuilder;
//! use tower_http::catch_panic::CatchPanicLayer;
//!
//! # let cors = CorsLayer::permissive();
//! # let app = Router::<()>::new().route("/orders", get(|| async { "no orders" }));
//! let app: Router = app.layer(
//!     ServiceBuilder::new()
//!         .layer(cors)                     // the first is the outermost
//!         .layer(CatchPanicLayer::new()),
//! );
//! ```
//!
//! axum's `Router::layer` wraps the routes that are there when it is called, and the fallback: call it last. A
//! layer inside of a nested router sees the path after `nest` has taken its prefix off; with the feature `axum` it finds the
//! policy for the path that the browser sent ([`Policies`]).
//!
//! # Errors
//!
//! A service that returns `Err` returns no response, so there is nothing to put a field on: the error goes through as
//! it is, and hyper closes the connection (HTTP/1.1) or resets the stream (HTTP/2). The page sees a network error
//! that looks like a CORS error. Turn errors into responses inside of the layer; in axum they already are. A panic
//! unwinds through the layer, too, unless something inside catches it.
//!
//! # Backpressure
//!
//! [`Cors`] is ready when the service inside is, and calls the very instance that was ready. A preflight, answered in
//! front of it, leaves a reservation of that readiness, such as a place under a concurrency limit, to the next request on
//! the same clone. Servers that clone the service for each request, as axum and hyper-util do, release it at once. A request
//! whose origin is [waited for](CompiledPolicy::allow_origins_by_async) takes the instance that was ready with it, and leaves a
//! clone.
//!
//! # What it costs
//!
//! The hot path allocates nothing of its own: an echoed `Origin` is the request's own value, shared; the other values
//! are made once for each policy. Only a response's header map may allocate, to grow. Cloning the service, as axum
//! does for each request, is one reference count in addition to the clone of the service inside. Neither depends on the
//! number of origins. A reason costs time: with none of [`on_denial`](CorsLayer::on_denial), [`enforce`](CorsLayer::enforce),
//! [`record`](CorsLayer::record), a [shadow](Policies::shadow) and a subscriber for events, the layer does not find out why a
//! request is denied, and responds the same. `benches/tower.rs` compares it with `tower_http::cors`.
//!
//! # Features
//!
//! - `axum`: inside of a router that axum nests, policies are found for the path that the browser sent.
//! - `tracing`: an event for each denial, and for each request on which a [shadow](Policies::shadow) decides otherwise.
//!
//! [tower]: https://docs.rs/tower

// The flow, one module after the other:
//
//     builder ─▶ error
//       │
//     layer ─▶ service ─▶ plan ───────────────▶ future ─▶ addition
//       │                  │ options, policies             │ fields
//     handle               ▼ event                         ▼
//                        compiled ─▶ decided            response
//
// `builder` makes a policy and a layer with it, or an `error`. `layer` sets `options` and makes a `service`. For each request the service makes a `plan`: it reads the `options`, finds a
// policy among `policies` (`prefix`: why a path is not taken), asks it (`compiled`, whose closure sees the `head` and may take its time: `asking`) for what is `decided`, and reports an
// `event`. The plan is an answer, or an `addition` to the response of the service inside, which `future` waits for and
// `fields` puts into its header map. `handle` swaps the policies.

#![forbid(unsafe_code)]

mod addition;
mod asking;
mod builder;
mod compiled;
mod decided;
mod error;
mod event;
mod fields;
mod future;
mod handle;
mod head;
mod layer;
mod options;
mod plan;
mod policies;
mod prefix;
mod service;

pub use asking::OriginCache;
pub use builder::CorsBuilder;
pub use compiled::CompiledPolicy;
pub use cors_core::{
    Config, ConfigField, ConfigOf, Denial, ImageError, Kind, Origin, Policy, Problem, Risk, Verdict,
};
pub use decided::Decided;
pub use error::{PolicyError, PolicyProblem};
pub use event::{Asked, Denied, Difference};
pub use future::ResponseFuture;
pub use handle::PolicyHandle;
pub use head::RequestHead;
pub use layer::CorsLayer;
pub use policies::Policies;
pub use prefix::{PrefixError, PrefixErrorKind};
pub use service::Cors;

/// Runs the examples of the crate's front page.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct FrontPage;

/// Compiles the configurations next to tower-http's.
#[cfg(doctest)]
#[doc = include_str!("../COMPARE.md")]
struct ComparePage;
