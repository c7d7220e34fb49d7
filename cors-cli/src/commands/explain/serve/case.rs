//! [`Case`]: what the page asks, and what it begins with.

use serde::{Deserialize, Serialize};

use crate::args::{Asked, Call, EngineName, Explain};
use crate::commands::show;
use crate::exit::Failure;
use crate::input::Input;

/// A policy, and a fetch.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Case {
    /// The text of a policy file.
    pub(super) policy: String,
    pub(super) fetch: FetchObject,
}

/// The options of the command line that tell of the fetch, under their names; as there, all but the origin may be left
/// out.
#[derive(Default, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub(super) struct FetchObject {
    origin: Option<String>,
    url: Option<String>,
    method: Option<String>,
    headers: Vec<String>,
    credentials: bool,
    xhr: bool,
    upload_listener: bool,
    stream: bool,
    engine: Option<EngineName>,
}

impl Case {
    /// What the command line tells, or else a sample.
    pub(super) fn of(arguments: &Explain) -> Result<Self, Failure> {
        let policy = match &arguments.policy {
            None => include_str!("sample.toml").to_owned(),
            Some(path) => policy_text(&Input::read(path)?)?,
        };
        let is_sample = arguments.policy.is_none() && arguments.asked.origin.is_none();
        let fetch = if is_sample { FetchObject::sample() } else { FetchObject::of(&arguments.asked) };
        Ok(Case { policy, fetch })
    }
}

fn policy_text(input: &Input) -> Result<String, Failure> {
    if input.is_image() { show::policy_file(input) } else { input.text().map(str::to_owned) }
}

impl FetchObject {
    /// One that the sample policy nearly allows.
    fn sample() -> Self {
        FetchObject {
            origin: Some("https://app.example.com".to_owned()),
            url: Some("https://api.example.com/orders/1".to_owned()),
            method: Some("PATCH".to_owned()),
            headers: vec!["content-type: application/json".to_owned()],
            credentials: true,
            engine: Some(EngineName::Chromium),
            ..FetchObject::default()
        }
    }

    fn of(asked: &Asked) -> Self {
        let Asked { origin, url, call, upload_listener, stream, engine } = asked;
        FetchObject {
            origin: origin.clone(),
            url: url.clone(),
            method: call.method.clone(),
            headers: call.headers.clone(),
            credentials: call.credentials,
            xhr: call.xhr || *upload_listener,
            upload_listener: *upload_listener,
            stream: *stream,
            engine: *engine,
        }
    }

    pub(super) fn into_asked(self) -> Asked {
        let FetchObject { origin, url, method, headers, credentials, xhr, upload_listener, stream, engine } =
            self;
        let call = Call { method, headers, credentials, xhr };
        Asked { origin, url, call, upload_listener, stream, engine }
    }
}
