//! Policies, and what they decide about requests (rules E1 to E12).
//!
//! Takes a config or an image, and [`Request`]s. Returns a [`Policy`], and for each request a [`Decision`] with the header
//! fields to send. Called by `browser`, `explain` and whoever embeds the engine.

mod buf;
mod compile;
pub(crate) mod decision;
mod denial;
mod evaluate;
pub(crate) mod request;
mod response;
mod view;

pub use buf::PolicyBuf;
pub use decision::{Decision, Kind, Verdict};
pub use denial::Denial;
pub use request::Request;
pub use response::{FieldOp, HeaderField};
pub use view::Policy;
