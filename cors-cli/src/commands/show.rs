//! `cors show`: an image as the policy file that compiles to it.

use cors_core::Policy;
use cors_policy_file::OwnedConfig;

use crate::args::Show;
use crate::diagnostics::count;
use crate::exit::{Exit, Failure};
use crate::input::Input;
use crate::output::Output;

pub(crate) fn run(arguments: &Show) -> Result<Exit, Failure> {
    let input = Input::read(&arguments.image)?;
    let text = if arguments.json {
        let mut text = serde_json::to_string_pretty(&OwnedConfig::from(input.image()?))
            .map_err(|error| Failure::unusable(input.name(), error))?;
        text.push('\n');
        text
    } else {
        policy_file(&input)?
    };
    Output::default().bytes(text.as_bytes())?;
    Ok(Exit::Ok)
}

/// Returns the image as a policy file in TOML.
pub(super) fn policy_file(input: &Input) -> Result<String, Failure> {
    let policy = input.image()?;
    let text = toml::to_string_pretty(&OwnedConfig::from(policy))
        .map_err(|error| Failure::unusable(input.name(), error))?;
    Ok(format!("{}{}\n", header(input, &policy), text.trim_end()))
}

fn header(input: &Input, policy: &Policy<'_>) -> String {
    let size = count(policy.as_bytes().len(), "byte");
    let (version, checksum) = (Policy::IMAGE_VERSION, policy.checksum());
    format!("# {}: an image of {size}, format version {version}, checksum {checksum:016x}\n", input.name())
}
