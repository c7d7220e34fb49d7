//! [`Wanted`]: what a server has to allow so that one fetch succeeds.

/// What a server has to allow so that one fetch succeeds, and nothing wider.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
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
}
