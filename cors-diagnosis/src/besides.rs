//! [`Besides`]: what a person says besides the text.

use cors_core::browser::Engine;

use crate::case::{Case, Fetch};
use crate::contradiction::Said;
use crate::stack::Stack;

/// What a person says besides the text that is in hand. It completes what the text leaves out. Where both say something, a message and
/// a HAR file count, since a browser wrote them, and before a copied request or a response this counts. The answer has a sentence for
/// each part in which the two differ.
#[derive(Clone, Debug, Default)]
pub struct Besides {
    /// The page's origin.
    pub page: Option<String>,
    /// The address asked for.
    pub url: Option<String>,
    /// The method.
    pub method: Option<String>,
    /// The headers that the page sets, by name and value. A value may be left empty.
    pub headers: Vec<(String, Vec<u8>)>,
    /// Whether the page asks with credentials; `false` says nothing.
    pub credentials: bool,
    /// The engine of the page's browser.
    pub engine: Option<Engine>,
    /// The server's software.
    pub stack: Option<Stack>,
    /// The names of the response's headers that the page reads.
    pub exposed: Vec<String>,
}

/// The address, where none is known.
const URL: &str = "https://api.example.com/";

impl Besides {
    /// Completes a case. Where no address is known, one of documentation stands for it, so that the rest can be judged. Returns a
    /// sentence for each part that the case had otherwise.
    pub fn complete(&self, case: &mut Case) -> Vec<String> {
        let contradictions = Said::of_request(case).behind(self);
        if self.page.is_some() {
            case.page.clone_from(&self.page);
        }
        case.engine = self.engine.or(case.engine);
        let fetch = case.fetch.get_or_insert_with(|| Fetch::new(URL));
        self.complete_fetch(fetch);
        contradictions
    }

    fn complete_fetch(&self, fetch: &mut Fetch) {
        if let Some(url) = &self.url {
            fetch.url = crate::input::shown_url(url);
        }
        if let Some(method) = &self.method {
            fetch.method.clone_from(method);
            fetch.unknown.retain(|&what| what != "method");
        }
        if !self.headers.is_empty() {
            fetch.unknown.retain(|&what| what != "headers");
        }
        for (name, value) in &self.headers {
            // A value that no safelist has, so that a header of which only the name is said needs a preflight.
            let value = if value.is_empty() {
                b"\"".to_vec()
            } else {
                crate::input::secret::field(name, &String::from_utf8_lossy(value)).1
            };
            let is_same = |(other, _): &&mut (String, Vec<u8>)| other.eq_ignore_ascii_case(name);
            match fetch.headers.iter_mut().find(is_same) {
                Some(header) => header.1 = value,
                None => fetch.headers.push((name.clone(), value)),
            }
        }
        if self.credentials {
            fetch.credentials = Some(true);
        }
    }
}
