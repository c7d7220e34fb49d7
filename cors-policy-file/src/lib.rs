//! Policy files: TOML, or JSON, with the fields of [`cors_core::Config`].
//!
//! ```
//! # #[cfg(feature = "file")] {
//! use cors_core::Policy;
//! use cors_policy_file::{Format, compile};
//!
//! let image = compile(Format::Toml, r#"allow_origins = ["https://app.example.com"]"#).unwrap().into_image();
//! assert_eq!(Policy::from_bytes(&image).unwrap().allow_origins().next(), Some("https://app.example.com"));
//!
//! let file = "allow_origins = [\"https://Example.com/\"]\nmax_ages = 7200\n";
//! let Err(cors_policy_file::Error::Problems(problems)) = compile(Format::Toml, file) else { panic!() };
//! let reported: Vec<_> = problems.iter().map(|problem| (problem.line_and_column(file), problem.to_string())).collect();
//! assert_eq!(reported, [
//!     (
//!         (1, 18),
//!         "allow_origins: not in the form that a browser sends, so it would never match; write https://example.com"
//!             .into()
//!     ),
//!     ((2, 1), "unknown field `max_ages`; did you mean `max_age`?".into()),
//! ]);
//! # }
//! ```
//!
//! A program that holds policies in another notation makes a [`Document`] of it and gets the same checks from
//! [`compile_document`].
//!
//! Without the feature `file` there is [`OwnedConfig`] alone, and neither a parser nor the public suffix list is linked.

#![forbid(unsafe_code)]

#[cfg(feature = "file")]
mod compile;
#[cfg(feature = "file")]
mod diagnostic;
#[cfg(feature = "file")]
mod document;
#[cfg(feature = "file")]
mod nearest;
mod owned_config;
#[cfg(feature = "file")]
mod places;
#[cfg(feature = "file")]
mod problems;
#[cfg(feature = "file")]
mod reader;
#[cfg(feature = "file")]
mod repair;
mod text;
#[cfg(feature = "file")]
mod warnings;
#[cfg(feature = "file")]
mod words;

#[cfg(feature = "file")]
pub use compile::{Compiled, Error, PublicSuffixes, compile, compile_document, compile_document_with};
#[cfg(feature = "file")]
pub use diagnostic::{Cause, Diagnostic, Scalar, Setting};
#[cfg(feature = "file")]
pub use document::{Document, Field, Format, Located, Places, Value};
#[cfg(feature = "file")]
pub use nearest::nearest;
pub use owned_config::{OwnedConfig, image_of};
#[cfg(feature = "file")]
pub use problems::Problems;
pub use text::{NotAPolicyFile, text_of};
#[cfg(feature = "file")]
pub use words::Words;
