//! [`EditedCase`]: the policy and the fetch that the page edits and sends.

use cors_core::browser::Api;
use serde::{Deserialize, Serialize};

use crate::args::{Asked, Call, ElementKind, EngineName, Explain, SpaceName};
use crate::commands::show;
use crate::exit::Failure;
use crate::input::Input;

/// A policy, and a fetch.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct EditedCase {
    /// The text of a policy file.
    pub(super) policy: String,
    pub(super) fetch: FetchObject,
}

/// The fetch, with the options of the command line. As there, all except the origin may be left out.
#[derive(Default, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub(super) struct FetchObject {
    origin: Option<String>,
    url: Option<String>,
    method: Option<String>,
    headers: Vec<String>,
    credentials: bool,
    api: ApiName,
    upload_listener: bool,
    stream: bool,
    engine: Option<EngineName>,
    // The page has no place for these: they come from the command line or a link.
    #[serde(skip_serializing_if = "Option::is_none")]
    address_space: Option<SpaceName>,
    #[serde(skip_serializing_if = "Option::is_none")]
    page_address_space: Option<SpaceName>,
    #[serde(skip_serializing_if = "<&bool as std::ops::Not>::not")]
    local_network_permission: bool,
}

/// The interfaces, by their names in `cors explain --json`.
#[derive(Clone, Copy, Default, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
enum ApiName {
    #[default]
    Fetch,
    #[serde(rename = "XMLHttpRequest")]
    XmlHttpRequest,
    Script,
    Image,
    Font,
}

impl EditedCase {
    /// Returns the case on the command line, or else a sample.
    pub(super) fn of(arguments: &Explain) -> Result<Self, Failure> {
        let policy = match &arguments.policy_path() {
            None => include_str!("sample.toml").to_owned(),
            Some(path) => policy_text(&Input::read(path)?)?,
        };
        let is_sample = arguments.policy_path().is_none() && arguments.asked.origin.is_none();
        let fetch = if is_sample { FetchObject::sample() } else { FetchObject::of(&arguments.asked) };
        Ok(EditedCase { policy, fetch })
    }
}

fn policy_text(input: &Input) -> Result<String, Failure> {
    if input.is_image() { show::policy_file(input) } else { input.text().map(str::to_owned) }
}

impl FetchObject {
    pub(super) fn headers(&self) -> usize {
        self.headers.len()
    }

    /// Returns a fetch that the sample policy nearly allows.
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
        FetchObject {
            origin: asked.origin.clone(),
            url: asked.url.clone(),
            method: asked.call.method.clone(),
            headers: asked.call.headers.clone(),
            credentials: asked.call.credentials,
            api: match asked.api() {
                Api::Fetch => ApiName::Fetch,
                Api::XmlHttpRequest => ApiName::XmlHttpRequest,
                Api::Script => ApiName::Script,
                Api::Image => ApiName::Image,
                Api::Font => ApiName::Font,
            },
            upload_listener: asked.upload_listener,
            stream: asked.stream,
            engine: asked.engine,
            address_space: asked.address_space,
            page_address_space: asked.page_address_space,
            local_network_permission: asked.local_network_permission,
        }
    }

    /// Returns the command line's options for this fetch. Options that the interface does not have, such as headers for an
    /// image, are left out.
    pub(super) fn into_asked(self) -> Asked {
        let FetchObject {
            origin,
            url,
            method,
            headers,
            credentials,
            api,
            upload_listener,
            stream,
            engine,
            address_space,
            page_address_space,
            local_network_permission,
        } = self;
        let element = match api {
            ApiName::Fetch | ApiName::XmlHttpRequest => None,
            ApiName::Script => Some(ElementKind::Script),
            ApiName::Image => Some(ElementKind::Image),
            ApiName::Font => Some(ElementKind::Font),
        };
        let xhr = matches!(api, ApiName::XmlHttpRequest);
        let (method, headers) = if element.is_none() { (method, headers) } else { (None, Vec::new()) };
        Asked {
            origin,
            url,
            call: Call { method, headers, credentials, xhr },
            upload_listener: upload_listener && xhr,
            stream: stream && matches!(api, ApiName::Fetch),
            element,
            engine,
            address_space,
            page_address_space,
            local_network_permission,
        }
    }
}
