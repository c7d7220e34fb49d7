//! The headers of a response that a page may read (Fetch, "CORS-safelisted response-header name").

use crate::browser::engine::{Engine, Rule};
use crate::browser::fetch::Fetch;
use crate::browser::header::{CombinedValue, Header, HeaderName, elements};
use crate::browser::names::SortedNames;
use crate::browser::options::Mode;
use crate::browser::response::Response;
use crate::field;

/// Returns true for a header that a page may read although it is not exposed (Fetch, "CORS-safelisted response-header name"), in
/// whatever case.
pub fn is_safelisted_response_header(name: &str) -> bool {
    field::is_safelisted_response_header(name)
}

impl<'a> Fetch<'a> {
    /// Returns the names of the headers that the page may read, for a response that passed the
    /// [check](Self::check_response): sorted by their bytes, in lower case, each once.
    ///
    /// ```
    /// use cors_core::Origin;
    /// use cors_core::browser::{Engine, Fetch, Header, Response};
    ///
    /// let page = Origin::parse(b"https://app.example.com")?;
    /// let fetch = Fetch::new(page, "https://api.example.com/orders");
    /// let headers = [
    ///     ("Content-Type", "application/json"),
    ///     ("X-Total", "12"),
    ///     ("X-Trace", "1"),
    ///     ("Access-Control-Expose-Headers", "x-total"),
    /// ]
    /// .map(Header::from);
    /// let names = fetch.exposed_headers(Engine::Standard, &Response { status: 200, headers: &headers });
    /// assert!(names.map(|name| name.to_string()).eq(["content-type", "x-total"]));
    /// # Ok::<(), cors_core::OriginError>(())
    /// ```
    pub fn exposed_headers(
        &self,
        engine: Engine,
        response: &Response<'a>,
    ) -> impl Iterator<Item = HeaderName<'a>> + use<'a> {
        self.headers_that_are_exposed(engine, response, true)
    }

    /// Returns the names of the headers that the page may not read of such a response, though a server could expose them: sorted by
    /// their bytes, in lower case, each once. Fields of CORS and those of the transport are left out.
    pub fn unexposed_headers(
        &self,
        engine: Engine,
        response: &Response<'a>,
    ) -> impl Iterator<Item = HeaderName<'a>> + use<'a> {
        self.headers_that_are_exposed(engine, response, false)
            .filter(|name| !field::is_cors_response_header(name.as_written()) && !is_of_transport(*name))
    }

    fn headers_that_are_exposed(
        &self,
        engine: Engine,
        response: &Response<'a>,
        are_exposed: bool,
    ) -> impl Iterator<Item = HeaderName<'a>> + use<'a> {
        let (is_cross_origin, mode) = (self.is_cross_origin(), self.mode);
        let (is_all, list) = match ExposedNames::new(self, engine, response) {
            ExposedNames::All => (true, None),
            ExposedNames::Listed(list) => (false, list),
        };
        let is_readable = |header: &Header<'_>| !field::is_forbidden_response_header(header.name());
        SortedNames::new(response.headers.iter(), is_readable)
            .in_list(list)
            .filter(move |each| {
                let is_exposed = match mode {
                    _ if !is_cross_origin => true,
                    Mode::Cors => {
                        is_all
                            || each.is_listed
                            || field::is_safelisted_response_header(each.name.as_written())
                    }
                    Mode::NoCors | Mode::SameOrigin => false,
                };
                is_exposed == are_exposed
            })
            .map(|each| each.name)
    }
}

/// True for a header that no page has a use for.
fn is_of_transport(name: HeaderName<'_>) -> bool {
    [
        "alt-svc",
        "connection",
        "date",
        "keep-alive",
        "nel",
        "report-to",
        "server",
        "strict-transport-security",
        "transfer-encoding",
        "vary",
        "via",
        "x-powered-by",
    ]
    .iter()
    .any(|other| name == **other)
}

/// Fetch's "CORS-exposed header-name list".
#[derive(Clone, Copy)]
enum ExposedNames<'a> {
    All,
    Listed(Option<CombinedValue<'a>>),
}

impl<'a> ExposedNames<'a> {
    fn new(fetch: &Fetch<'a>, engine: Engine, response: &Response<'a>) -> Self {
        let value = response.get("access-control-expose-headers");
        let is_whole = elements(value).all(field::is_token);
        let well_formed = elements(value).take_while(|element| field::is_token(element));
        let mut counted = well_formed.filter(|_| is_whole || engine.departs(Rule::WildcardBeforeMalformed));
        if counted.any(|element| fetch.is_wildcard(element)) {
            ExposedNames::All
        } else {
            ExposedNames::Listed(value.filter(|_| is_whole))
        }
    }
}

#[cfg(test)]
mod tests {
    use std::string::ToString;
    use std::vec::Vec;

    use super::*;
    use crate::browser::options::CredentialsMode;
    use crate::origin::Origin;

    fn exposed(engine: Engine, fetch: &Fetch<'_>, lists: &[&str]) -> Vec<std::string::String> {
        let mut headers: Vec<_> =
            [("X-One", "1"), ("x-two", "2"), ("x-one", "3"), ("Pragma", "p"), ("set-cookie", "a")]
                .map(Header::from)
                .into();
        headers.extend(lists.iter().map(|list| Header::new("Access-Control-Expose-Headers", list)));
        let response = Response { status: 200, headers: &headers };
        fetch.exposed_headers(engine, &response).map(|name| name.to_string()).collect()
    }

    #[test]
    fn lists() {
        let page = Origin::parse(b"http://app.example.com").unwrap();
        let fetch = Fetch::new(page, "http://api.example.com/");
        let all: &[&str] = &["access-control-expose-headers", "pragma", "x-one", "x-two"];
        let cases: [(&[&str], &[&str]); 14] = [
            (&[], &["pragma"]),
            (&[""], &["pragma"]),
            (&["x-one"], &["pragma", "x-one"]),
            (&["X-ONE,,x-two,"], &["pragma", "x-one", "x-two"]),
            (&["x-one", "x-two"], &["pragma", "x-one", "x-two"]),
            (&["x-three"], &["pragma"]),
            (&["set-cookie"], &["pragma"]),
            (&["x-one, b@d"], &["pragma"]),
            (&["x-one", "b@d"], &["pragma"]),
            (&["\"x-one\""], &["pragma"]),
            (&["x-one; x-two"], &["pragma"]),
            (&["*"], all),
            (&["x-one, *"], all),
            (&["*, b@d"], &["pragma"]),
        ];
        for (lists, expected) in cases {
            assert_eq!(exposed(Engine::Standard, &fetch, lists), expected, "{lists:?}");
        }
        assert_eq!(exposed(Engine::Firefox, &fetch, &["x-two, *, b@d"]), all);
        assert_eq!(exposed(Engine::Firefox, &fetch, &["b@d, *"]), ["pragma"]);
        assert_eq!(exposed(Engine::Firefox, &fetch, &["x-one, b@d"]), ["pragma"]);
        let include = Fetch { credentials: CredentialsMode::Include, ..fetch };
        assert_eq!(exposed(Engine::Standard, &include, &["*, x-one"]), ["pragma", "x-one"]);
        let same_origin = Fetch { url: "http://app.example.com/", ..fetch };
        assert_eq!(exposed(Engine::Standard, &same_origin, &[]), ["pragma", "x-one", "x-two"]);
        let opaque = Fetch { mode: Mode::NoCors, ..fetch };
        assert!(exposed(Engine::Standard, &opaque, &["*"]).is_empty());
    }
}
