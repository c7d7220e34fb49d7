//! `cors show`: an image as the policy file that compiles to it.

use cors_core::{Policy, Risk};
use serde::Serialize;

use crate::args::Show;
use crate::diagnostics::count;
use crate::exit::{Exit, Failure};
use crate::input::Input;
use crate::output::Output;

pub(crate) fn run(arguments: &Show) -> Result<Exit, Failure> {
    let input = Input::read(&arguments.image)?;
    let text = if arguments.json {
        let mut text = serde_json::to_string_pretty(&PolicyFile::of(&input.image()?))
            .map_err(|error| Failure::unusable(input.name(), error))?;
        text.push('\n');
        text
    } else {
        policy_file(&input)?
    };
    Output::default().bytes(text.as_bytes())?;
    Ok(Exit::Ok)
}

/// The image as a policy file in TOML.
pub(super) fn policy_file(input: &Input) -> Result<String, Failure> {
    let policy = input.image()?;
    let text = toml::to_string_pretty(&PolicyFile::of(&policy))
        .map_err(|error| Failure::unusable(input.name(), error))?;
    Ok(format!("{}{}\n", header(input, &policy), text.trim_end()))
}

fn header(input: &Input, policy: &Policy<'_>) -> String {
    let size = count(policy.as_bytes().len(), "byte");
    format!("# {}: an image of {size}, format version {}, checksum ok\n", input.name(), Policy::IMAGE_VERSION)
}

/// The fields of a policy file, each with its value even where that is the default.
#[derive(Serialize)]
struct PolicyFile<'p> {
    allow_origins: Vec<&'p str>,
    allow_methods: Vec<&'p str>,
    allow_headers: Vec<&'p str>,
    expose_headers: Vec<&'p str>,
    allow_credentials: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_age: Option<u32>,
    allow_private_network: bool,
    preflight_status: u16,
    accept_risks: Vec<&'static str>,
}

impl<'p> PolicyFile<'p> {
    fn of(policy: &Policy<'p>) -> Self {
        PolicyFile {
            allow_origins: policy.allow_origins().collect(),
            allow_methods: policy.allow_methods().collect(),
            allow_headers: policy.allow_headers().collect(),
            expose_headers: policy.expose_headers().collect(),
            allow_credentials: policy.allow_credentials(),
            max_age: policy.max_age(),
            allow_private_network: policy.allow_private_network(),
            preflight_status: policy.preflight_status(),
            accept_risks: policy.accept_risks().map(Risk::name).collect(),
        }
    }
}
