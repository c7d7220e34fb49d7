//! Fetches and responses as paragraphs of an input.

use cors_core::Origin;
use cors_core::browser::{Api, CredentialsMode, Mode, Permission};
use cors_testing::OwnedFetch;

use crate::lines::{name_and_value, text};

/// Returns the fetch of these lines; one without an origin is made by a page of `https://app.example.com`.
pub(crate) fn fetch(lines: &[Vec<u8>]) -> OwnedFetch {
    let mut fetch = OwnedFetch {
        origin: "https://app.example.com".to_owned(),
        url: "https://api.example.com/orders".to_owned(),
        method: "GET".to_owned(),
        headers: Vec::new(),
        credentials: CredentialsMode::SameOrigin,
        mode: Mode::Cors,
        api: Api::Fetch,
        has_body: false,
        stream_body: false,
        upload_listener: false,
        local_network_permission: Permission::NotGiven,
    };
    for line in lines {
        let (name, value) = name_and_value(line);
        match &*name {
            "origin" if Origin::parse(value).is_ok() => fetch.origin = text(value),
            "url" => fetch.url = text(value),
            "method" => fetch.method = text(value),
            "header" => {
                let (name, value) = name_and_value(value);
                fetch.headers.push((name, value.to_vec()));
            }
            "credentials" => fetch.credentials = CredentialsMode::from_name(&text(value)).unwrap_or_default(),
            "no-cors" => fetch.mode = Mode::NoCors,
            "same-origin" => fetch.mode = Mode::SameOrigin,
            "xml-http-request" => fetch.api = Api::XmlHttpRequest,
            "body" => fetch.has_body = true,
            "stream" => (fetch.has_body, fetch.stream_body) = (true, true),
            "upload-listener" => fetch.upload_listener = true,
            "permission" => fetch.local_network_permission = Permission::Given,
            _ => {}
        }
    }
    fetch
}

/// A response that a server may send.
pub(crate) struct OwnedResponse {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, Vec<u8>)>,
}

/// Returns the response of these lines: `status`, and the fields.
pub(crate) fn response(lines: &[Vec<u8>]) -> OwnedResponse {
    let mut response = OwnedResponse { status: 200, headers: Vec::new() };
    for line in lines {
        let (name, value) = name_and_value(line);
        if name == "status" {
            response.status = text(value).parse().unwrap_or(200);
        } else {
            response.headers.push((name, value.to_vec()));
        }
    }
    response
}
