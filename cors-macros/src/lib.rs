//! Policies compiled while the program compiles.
//!
//! ```
//! use cors_core::{Policy, Request};
//! use cors_macros::policy;
//!
//! static POLICY: Policy<'static> = policy! {
//!     allow_origins: ["https://app.example.com", "https://*.example.org"],
//!     allow_methods: ["PUT", "DELETE"],
//!     allow_headers: ["content-type", "authorization"],
//!     allow_credentials: true,
//!     max_age: 7200,
//! };
//!
//! let request = Request::from_headers("GET", [("origin", "https://shop.example.org")]);
//! assert!(POLICY.evaluate(&request).is_allowed());
//! ```
//!
//! [`policy!`] and [`policy_file!`] run the compiler of `cors_core` within rustc, the
//! public suffix list included. What they leave in the program is the image, as a constant, and an expression of the type
//! `cors_core::Policy<'static>` that can stand in a `static` or a `const`: the program links the evaluation and no
//! compiler. A policy with problems is a compile error for each of them, at the literal at fault, with what to write
//! instead:
//!
//! ```compile_fail
//! let policy = cors_macros::policy! {
//!     allow_origins: ["https://Example.com/"], // write https://example.com
//! };
//! ```
//!
//! Both name the crate `cors_core`, which the program has to depend on by that name; its default features are not
//! needed.

#![forbid(unsafe_code)]

mod expansion;
mod file;
mod notation;

use proc_macro::TokenStream;
use syn::{LitStr, parse_macro_input};

use crate::notation::Notation;

/// A policy written in the program, with the fields of `cors_core::Config` in any order.
///
/// Each field may be left out. Lists are in brackets, texts are string literals, `max_age` and `preflight_status` are
/// whole numbers, `allow_credentials` and `allow_private_network` are `true` or `false`. Risks are named as they are
/// in Rust, for which nothing need be imported, or as texts:
///
/// ```
/// use cors_core::Risk; // for the assertion
///
/// const POLICY: cors_core::Policy<'static> = cors_macros::policy! {
///     allow_origins: ["http://legacy.example.com", "null"],
///     allow_credentials: true,
///     accept_risks: [Risk::InsecureOrigin, NullOrigin],
/// };
/// assert!(POLICY.accept_risks().eq([Risk::NullOrigin, Risk::InsecureOrigin]));
/// ```
///
/// Literals only: rustc has not computed constants, nor expanded other macros, when this one runs.
#[proc_macro]
pub fn policy(input: TokenStream) -> TokenStream {
    let notation = parse_macro_input!(input as Notation);
    expansion::expand(notation.compile()).into()
}

/// A policy file, TOML or JSON: the one that `cors check` checks and `cors compile` compiles.
///
/// ```
/// static POLICY: cors_core::Policy<'static> = cors_macros::policy_file!("tests/policies/shop.toml");
///
/// assert_eq!(POLICY.allow_origins().next(), Some("https://app.example.com"));
/// ```
///
/// The path is relative to the folder of the package's `Cargo.toml`. Cargo compiles the program again when the file
/// changes. A problem in it is a compile error that gives its line and column.
#[proc_macro]
pub fn policy_file(input: TokenStream) -> TokenStream {
    let path = parse_macro_input!(input as LitStr);
    file::expand(&path).into()
}

/// Runs the examples of the page on microcontrollers.
#[cfg(doctest)]
#[doc = include_str!("../../docs/embedded.md")]
struct EmbeddedPage;

/// Runs the example of the crate's front page.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct FrontPage;
