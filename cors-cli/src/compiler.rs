//! From a policy file to its image, whose problems are printed on the way.

use cors_core::Policy;
use cors_policy_file::{Compiled, Error, Format, compile};

use crate::diagnostics::{self, Shown};
use crate::exit::Failure;
use crate::input::Input;

/// Returns the image of the policy file in `input`, or prints its first problems.
pub(crate) fn image_of(input: &Input) -> Result<Vec<u8>, Failure> {
    compiled(input, Shown::First).map(Compiled::into_image)
}

/// Returns the image with its warnings, or prints the first or all of the problems.
pub(crate) fn compiled(input: &Input, shown: Shown) -> Result<Compiled, Failure> {
    let text = input.text()?;
    compile(Format::of(input.path(), text), text).map_err(|error| match error {
        Error::Problems(problems) => {
            diagnostics::problems(&input.name(), text, &problems, shown);
            Failure::Problems
        }
        other => Failure::unusable(input.name(), other),
    })
}

/// Returns the policy in an image that [`image_of`] made of `input`.
pub(crate) fn policy_of<'i>(image: &'i [u8], input: &Input) -> Result<Policy<'i>, Failure> {
    Policy::from_bytes(image).map_err(|error| Failure::unusable(input.name(), error))
}
