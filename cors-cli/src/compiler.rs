//! From a policy file to its image, with every problem told on the way.

use cors_core::Policy;
use cors_policy_file::{Error, Format, compile};

use crate::diagnostics::tell;
use crate::exit::Failure;
use crate::input::Input;

/// The image of the policy file in `input`, whose problems are all told if it has any.
pub(crate) fn image_of(input: &Input) -> Result<Vec<u8>, Failure> {
    let text = input.text()?;
    compile(Format::of(input.path(), text), text).map_err(|error| match error {
        Error::Problems(problems) => {
            tell(&input.name(), text, &problems);
            Failure::Problems
        }
        other => Failure::unusable(input.name(), other),
    })
}

/// The policy in an image that [`image_of`] made of `input`.
pub(crate) fn policy_of<'i>(image: &'i [u8], input: &Input) -> Result<Policy<'i>, Failure> {
    Policy::from_bytes(image).map_err(|error| Failure::unusable(input.name(), error))
}
