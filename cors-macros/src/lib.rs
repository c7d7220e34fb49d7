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
//! public suffix list included. They expand to the image, as a constant, and an expression of the type
//! `cors_core::Policy<'static>` that can initialize a `static` or a `const`: the program links the evaluation and not
//! the compiler. Each problem of a policy is a compile error at the literal at fault, with what to write
//! instead:
//!
//! ```compile_fail
//! let policy = cors_macros::policy! {
//!     allow_origins: ["https://Example.com/"], // write https://example.com
//! };
//! ```
//!
//! Both macros refer to the crate `cors_core`: the program has to depend on it by that name. They do not need its
//! default features.

#![forbid(unsafe_code)]

mod expansion;
mod file;
mod notation;

use proc_macro::TokenStream;
use syn::{LitStr, parse_macro_input};

use crate::notation::Notation;

/// Compiles a policy that is written in the program, with the fields of `cors_core::Config` in any order.
///
/// Each field may be left out. Lists are in brackets, texts are string literals, `max_age` and `preflight_status` are
/// whole numbers, `allow_credentials` and `allow_private_network` are `true` or `false`. Risks are paths as in Rust,
/// which need no import, or texts:
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
/// Values are literals only: when this macro runs, rustc has not yet computed constants or expanded other macros.
#[proc_macro]
pub fn policy(input: TokenStream) -> TokenStream {
    let notation = parse_macro_input!(input as Notation);
    expansion::expand(notation.compile()).into()
}

/// Compiles a policy file, TOML or JSON: the format that `cors check` checks and `cors compile` compiles.
///
/// ```
/// static POLICY: cors_core::Policy<'static> = cors_macros::policy_file!("tests/policies/shop.toml");
///
/// assert_eq!(POLICY.allow_origins().next(), Some("https://app.example.com"));
/// ```
///
/// The path is relative to the folder of the package's `Cargo.toml`. Cargo compiles the program again when the file
/// changes. A problem in the file is a compile error that gives its line and column.
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
