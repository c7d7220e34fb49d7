//! Policy files: TOML, or JSON, with the fields of [`cors_core::Config`].
//!
//! ```
//! use cors_core::Policy;
//! use cors_policy_file::{Format, compile};
//!
//! let image = compile(Format::Toml, r#"allow_origins = ["https://app.example.com"]"#).unwrap();
//! assert_eq!(Policy::from_bytes(&image).unwrap().allow_origins().next(), Some("https://app.example.com"));
//!
//! let file = "allow_origins = [\"https://Example.com/\"]\nmax_ages = 7200\n";
//! let Err(cors_policy_file::Error::Problems(problems)) = compile(Format::Toml, file) else { panic!() };
//! let told: Vec<_> = problems.iter().map(|problem| (problem.line_and_column(file), problem.to_string())).collect();
//! assert_eq!(told, [
//!     (
//!         (1, 18),
//!         "allow_origins: not in the form that a browser sends, so it would never match; write https://example.com"
//!             .into()
//!     ),
//!     ((2, 1), "unknown field `max_ages`; did you mean `max_age`?".into()),
//! ]);
//! ```
//!
//! What holds policies in another notation makes a [`Document`] of it and has the same checks: [`compile_document`].

#![forbid(unsafe_code)]

mod compile;
mod diagnostic;
mod document;
mod nearest;
mod policy_file;
mod text;

pub use compile::{Error, compile, compile_document};
pub use diagnostic::{Diagnostic, Entry};
pub use document::{Document, Field, Format, Located, Value};
pub use nearest::nearest;
pub use text::{NotAPolicyFile, is_image, text_of};
