//! CORS for [tower], decided by compiled policies: a [`Layer`](tower_layer::Layer) for axum, hyper, tonic and whatever
//! else serves `http` requests.
//!
//! ```
//! use axum::{Router, routing::get};
//! use cors_tower::{CompiledPolicy, Config, CorsLayer};
//!
//! let policy = CompiledPolicy::compile(&Config {
//!     allow_origins: &["https://app.example.com", "https://*.example.org"],
//!     allow_methods: &["PUT", "DELETE"],
//!     allow_headers: &["content-type", "authorization"],
//!     allow_credentials: true,
//!     max_age: Some(7200),
//!     ..Config::NEW
//! })?;
//! let app: Router = Router::new()
//!     .route("/orders", get(|| async { "no orders" }))
//!     .layer(CorsLayer::new(policy));
//! # Ok::<(), cors_tower::CompileError<'_>>(())
//! ```
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
//! # use cors_tower::{CompiledPolicy, Config, CorsLayer};
//! use tower::ServiceBuilder;
//! use tower_http::catch_panic::CatchPanicLayer;
//!
//! # let policy = CompiledPolicy::compile(&Config::NEW)?;
//! # let app = Router::<()>::new().route("/orders", get(|| async { "no orders" }));
//! let app: Router = app.layer(
//!     ServiceBuilder::new()
//!         .layer(CorsLayer::new(policy))   // the first is the outermost
//!         .layer(CatchPanicLayer::new()),
//! );
//! # Ok::<(), cors_tower::CompileError<'_>>(())
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
//! the same clone. Servers that clone the service for each request, as axum and hyper-util do, release it at once.
//!
//! # What it costs
//!
//! The hot path allocates nothing of its own: an echoed `Origin` is the request's own value, shared; the other values
//! are made once for each policy. Only a response's header map may allocate, to grow. Cloning the service, as axum
//! does for each request, is one reference count in addition to the clone of the service inside. Neither depends on the
//! number of origins. `benches/tower.rs` compares it with `tower_http::cors`.
//!
//! # Features
//!
//! - `axum`: inside of a router that axum nests, policies are found for the path that the browser sent.
//! - `tracing`: an event for each denial, and for each request on which a [shadow](Policies::shadow) decides otherwise.
//!
//! [tower]: https://docs.rs/tower

// The flow, one module after the other:
//
//     layer ─▶ service ─▶ plan ───────────────▶ future ─▶ addition
//       │                  │ options, policies             │ fields
//     handle               ▼ event                         ▼
//                        compiled ─▶ decided            response
//
// `layer` sets `options` and makes a `service`. For each request the service makes a `plan`: it reads the `options`, finds a
// policy among `policies` (`prefix`: why a path is not taken), asks it (`compiled`) for what is `decided`, and reports an
// `event`. The plan is an answer, or an `addition` to the response of the service inside, which `future` waits for and
// `fields` puts into its header map. `handle` swaps the policies.

#![forbid(unsafe_code)]

mod addition;
mod compiled;
mod decided;
mod event;
mod fields;
mod future;
mod handle;
mod layer;
mod options;
mod plan;
mod policies;
mod prefix;
mod service;

pub use compiled::CompiledPolicy;
pub use cors_core::{
    CompileError, Config, ConfigOf, Denial, ImageError, Kind, Origin, Policy, Risk, Verdict,
};
pub use decided::Decided;
pub use event::{Asked, Denied, Difference};
pub use future::ResponseFuture;
pub use handle::PolicyHandle;
pub use layer::CorsLayer;
pub use policies::Policies;
pub use prefix::{PrefixError, PrefixErrorKind};
pub use service::Cors;

/// Runs the examples of the crate's front page.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct FrontPage;
