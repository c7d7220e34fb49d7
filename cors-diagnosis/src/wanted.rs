//! [`Wanted`]: what a server has to allow so that one fetch succeeds.

use cors_core::browser::{CredentialsMode, Engine, Fetch, Preflight};
use serde::Serialize;

/// What a server has to allow so that one fetch succeeds, and nothing wider.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Wanted {
    /// The origins of pages, as browsers send them.
    pub origins: Vec<String>,
    /// The methods, as they are sent, without GET, HEAD and POST.
    pub methods: Vec<String>,
    /// The names of the headers that have to be listed.
    pub headers: Vec<String>,
    /// Whether the page asks with credentials.
    pub credentials: bool,
    /// The names of the response's headers that the page reads.
    pub exposed: Vec<String>,
    /// The seconds for which a browser may keep the answer to a preflight.
    pub max_age: Option<u32>,
    /// The path of the address asked for, where it is known.
    pub path: Option<String>,
}

impl Wanted {
    /// Returns the first part of the path, if it is of characters that are the same text in every language.
    pub(crate) fn first_segment(&self) -> Option<&str> {
        let segment = self.path.as_deref()?.split('/').find(|segment| !segment.is_empty())?;
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
        segment.bytes().all(is_plain).then_some(segment)
    }

    /// Returns what a server has to allow for this fetch.
    pub fn for_fetch(fetch: &Fetch<'_>, exposed: &[String]) -> Wanted {
        let method = fetch.method();
        let is_safelisted = ["GET", "HEAD", "POST"].contains(&method);
        let preflight = fetch.preflight(Engine::Standard);
        Wanted {
            origins: vec![fetch.origin.to_string()],
            methods: (!is_safelisted).then(|| method.to_owned()).into_iter().collect(),
            headers: preflight
                .iter()
                .flat_map(Preflight::header_names)
                .map(|name| name.to_string())
                .collect(),
            credentials: fetch.credentials == CredentialsMode::Include,
            exposed: exposed.iter().map(|name| name.to_ascii_lowercase()).collect(),
            max_age: None,
            path: path_of(fetch.url),
        }
    }

    /// Adds what another fetch of the same page wants.
    pub fn add(&mut self, other: &Wanted) {
        fn add(names: &mut Vec<String>, others: &[String], is_same: fn(&str, &str) -> bool) {
            for name in others {
                if !names.iter().any(|known| is_same(known, name)) {
                    names.push(name.clone());
                }
            }
        }
        add(&mut self.origins, &other.origins, |one, other| one == other);
        add(&mut self.methods, &other.methods, |one, other| one == other);
        add(&mut self.headers, &other.headers, str::eq_ignore_ascii_case);
        add(&mut self.exposed, &other.exposed, str::eq_ignore_ascii_case);
        self.credentials |= other.credentials;
        self.max_age = self.max_age.or(other.max_age);
        if self.path.is_none() {
            self.path.clone_from(&other.path);
        }
    }
}

/// Returns the path of an address, if it has one.
fn path_of(url: &str) -> Option<String> {
    let (_, rest) = url.split_once("://")?;
    let path = rest.get(rest.find('/')?..)?.split(['?', '#']).next()?;
    (path.len() > 1).then(|| path.to_owned())
}
