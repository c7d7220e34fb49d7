//! A conformance suite for the CORS of any server (rules K).
//!
//! In: an address, the policy that the server is meant to have, and the routes of the application behind it. Out: a [`Report`] with a
//! [`Finding`] for each [`Check`]. The suite sees a server as browsers and caches see it: it sends requests and judges the responses
//! by the browser's half of `cors-core` and by a small [model](Cache) of caches. It compares no response with an expected one.
//!
//! ```no_run
//! use cors_conformance::{Plan, Routes};
//! use cors_core::Policy;
//!
//! let image = std::fs::read("shop.cors")?;
//! let policy = Policy::from_bytes(&image).map_err(|error| error.to_string())?;
//! let url = url::Url::parse("http://127.0.0.1:8080/orders")?;
//! let plan = Plan { routes: Routes::of_address(&url), ..Plan::new(url, policy) };
//! let report = plan.run(|_progress| {})?;
//! assert!(!report.is_failed());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

#![forbid(unsafe_code)]

mod budget;
mod cache;
mod check;
mod checks;
mod client;
mod exchange;
mod junit;
mod origins;
mod plan;
mod report;
mod routes;
mod run;

pub use cache::{Cache, CacheKind, VaryLines};
pub use check::{Check, Class, Outcome};
pub use checks::all as checks;
pub use exchange::{Answer, Exchange, Request};
pub use plan::{MAX_REQUESTS, MAX_TIME, Plan, Progress};
pub use report::{Finding, Report};
pub use routes::{Route, Routes, RoutesError};
