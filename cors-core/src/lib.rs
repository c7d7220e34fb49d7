//! CORS, decided by compiled policies.
//!
//! An operator describes a policy in a [`Config`]. It is checked strictly and compiled into an *image*: a few bytes
//! that can lie anywhere, on the stack, in flash or in a file. A [`Policy`] is a view over an image, and
//! [evaluates](Policy::evaluate) a [`Request`] to a [`Decision`]: what kind of request it is, the verdict with its
//! reason, and the exact header fields to send.
//!
//! ```
//! use cors_core::{Config, Denial, Kind, Policy, Request};
//!
//! let config = Config {
//!     allow_origins: &["https://app.example.com", "https://*.example.org"],
//!     allow_methods: &["PUT", "DELETE"],
//!     allow_headers: &["content-type", "authorization"],
//!     allow_credentials: true,
//!     max_age: Some(7200),
//!     ..Config::NEW
//! };
//! let mut image = [0; 512];
//! let policy: Policy<'_> = config.compile_into(&mut image)?;
//!
//! let request = Request::from_headers("OPTIONS", [
//!     ("Host", "api.example.com"),
//!     ("Origin", "https://shop.example.org"),
//!     ("Access-Control-Request-Method", "PUT"),
//!     ("Access-Control-Request-Headers", "content-type"),
//! ]);
//! let decision = policy.evaluate(&request);
//! assert_eq!(decision.kind(), Kind::Preflight);
//! assert!(decision.is_allowed());
//! assert_eq!(decision.status(), Some(204));
//! let fields: Vec<String> = decision
//!     .fields()
//!     .map(|field| format!("{}: {}", field.name, str::from_utf8(field.value).unwrap()))
//!     .collect();
//! assert_eq!(fields, [
//!     "access-control-allow-origin: https://shop.example.org",
//!     "access-control-allow-credentials: true",
//!     "access-control-allow-methods: PUT, DELETE",
//!     "access-control-allow-headers: content-type, authorization",
//!     "access-control-max-age: 7200",
//!     "vary: origin",
//! ]);
//!
//! let request = Request::from_headers("GET", [("origin", "https://example.org.evil.example")]);
//! assert_eq!(policy.evaluate(&request).denial(), Some(Denial::OriginNotAllowed));
//! # Ok::<(), cors_core::CompileError<'_>>(())
//! ```
//!
//! Where the policy is known when the program is compiled, `policy!` of the crate `cors-macros` compiles it within rustc,
//! and the program has its image as a constant.
//!
//! Nothing here allocates, uses `unsafe` or panics on input. Comments cite the rules of the project's `DESIGN.md` by
//! their numbers: O for origins, P for patterns, C for configs, E for evaluation, I for images, A for adapters, B for the
//! browser's half.
//!
//! # Rooms
//!
//! The folders of the source follow the data. Each imports only from those before it, and its `mod.rs` begins with what
//! comes in, what goes out, and who may call it.
//!
//! | room | holds | rules |
//! |---|---|---|
//! | `field.rs`, `text.rs`, `named.rs` | the ground: bytes of header fields, texts, tables of enums | |
//! | `origin/` | what a browser sends | O |
//! | `pattern/` | what an operator writes | P |
//! | `config/` | the description of a policy, and whether it may stand | C |
//! | `image/` | a config in compiled form | I |
//! | `policy/` | a view over an image, and what it decides about requests | E |
//! | `adapter/` | what the adapters of servers share | A |
//! | `browser/` | the other half of the wire | B |
//! | `explain/` | both halves of one fetch, step by step, and how to mend it | B |
//!
//! # Features
//!
//! - `browser` (default): the browser's half of the protocol.
//! - `psl`: the public suffix list, as a predicate for [`Config::is_public_suffix`].

#![no_std]
#![forbid(unsafe_code)]

#[cfg(test)]
extern crate std;

pub mod adapter;
#[cfg(feature = "browser")]
pub mod browser;
mod config;
#[cfg(feature = "browser")]
pub mod explain;
mod field;
mod image;
mod named;
mod origin;
mod pattern;
mod policy;
mod text;

pub use config::{CompileError, Config, ConfigError, ConfigField, ConfigOf, Problem, Risk};
#[cfg(feature = "psl")]
pub use config::{has_public_suffix_below, is_public_suffix, is_shared_domain};
pub use image::ImageError;
pub use origin::{Origin, OriginError, OriginErrorKind};
pub use pattern::{Advice, OriginPattern, PatternError, PatternErrorKind};
pub use policy::{Decision, Denial, FieldOp, HeaderField, Kind, Policy, PolicyBuf, Request, Verdict};
pub use text::is_printable;

/// Runs the examples of the crate's front page.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct FrontPage;
