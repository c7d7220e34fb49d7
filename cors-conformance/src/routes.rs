//! [`Routes`]: what the application under test offers.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::Value;
use url::Url;

/// What an address of the application does. `docs/conformance.md` has the details.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "`about` says what each does")]
pub enum Route {
    Plain,
    Write,
    PutOnly,
    Options,
    Encoding,
    VaryStar,
    VaryOrigin,
    Empty,
    NotModified,
    Error,
    Unavailable,
    Unauthorized,
    Missing,
    Redirect,
    Stream,
    OwnStar,
    OwnFields,
}

impl Route {
    /// Every route.
    pub const ALL: [Route; 17] = [
        Route::Plain,
        Route::Write,
        Route::PutOnly,
        Route::Options,
        Route::Encoding,
        Route::VaryStar,
        Route::VaryOrigin,
        Route::Empty,
        Route::NotModified,
        Route::Error,
        Route::Unavailable,
        Route::Unauthorized,
        Route::Missing,
        Route::Redirect,
        Route::Stream,
        Route::OwnStar,
        Route::OwnFields,
    ];

    /// Returns the name in a file of routes.
    pub fn name(self) -> &'static str {
        self.row().0
    }

    /// Returns what the application does there.
    pub fn about(self) -> &'static str {
        self.row().1
    }

    fn row(self) -> (&'static str, &'static str) {
        match self {
            Route::Plain => (
                "plain",
                "GET, and the methods of the policy: 200, cacheable, with ETag, X-Request-Id and X-Internal",
            ),
            Route::Write => ("write", "POST, PUT, DELETE: 200, and nothing changes"),
            Route::PutOnly => ("put-only", "PUT: 200, and no other method"),
            Route::Options => ("options", "GET and OPTIONS: 200, with X-Answered-By: application"),
            Route::Encoding => (
                "encoding",
                "GET: 200, cacheable, Vary: Accept-Encoding, and the body differs by whether Accept-Encoding has gzip",
            ),
            Route::VaryStar => ("vary-star", "GET: 200, with Vary: *"),
            Route::VaryOrigin => ("vary-origin", "GET: 200, with a Vary: Origin of the application's own"),
            Route::Empty => ("empty", "GET: 204"),
            Route::NotModified => ("not-modified", "GET: 304, with ETag"),
            Route::Error => ("error", "GET: an exception that nothing catches"),
            Route::Unavailable => ("unavailable", "GET: 503, from the application"),
            Route::Unauthorized => ("unauthorized", "every method, OPTIONS included: 401"),
            Route::Missing => ("missing", "nothing is there: 404"),
            Route::Redirect => ("redirect", "every method, OPTIONS included: 302 to `plain`"),
            Route::Stream => ("stream", "GET: 200, a piece of the body at once, and another a second later"),
            Route::OwnStar => {
                ("own-star", "GET: 200, with an Access-Control-Allow-Origin: * of the application's own")
            }
            Route::OwnFields => (
                "own-fields",
                "GET: 200, with Access-Control fields of the application's own, for https://elsewhere.example",
            ),
        }
    }
}

/// The path of each route that the application has.
#[derive(Clone, Debug, Default)]
pub struct Routes(BTreeMap<&'static str, String>);

/// Why a file of routes cannot be used, in a sentence.
#[derive(Clone, Debug)]
pub struct RoutesError(String);

impl fmt::Display for RoutesError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for RoutesError {}

impl Routes {
    /// Returns the one route that an address is known to be.
    pub fn of_address(url: &Url) -> Self {
        let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
        Routes(BTreeMap::from([(Route::Plain.name(), format!("{}{query}", url.path()))]))
    }

    /// Reads a JSON object of routes: from names to paths, or to objects that have a `path`.
    pub fn of_json(text: &str) -> Result<Self, RoutesError> {
        let read: BTreeMap<String, Value> = serde_json::from_str(text)
            .map_err(|error| RoutesError(format!("not an object of routes in JSON: {error}")))?;
        let mut routes = BTreeMap::new();
        for (name, entry) in read {
            let Some(route) = Route::ALL.into_iter().find(|route| route.name() == name) else {
                let names: Vec<_> = Route::ALL.iter().map(|route| route.name()).collect();
                return Err(RoutesError(format!(
                    "there is no route {name:?}; there are {}",
                    names.join(", ")
                )));
            };
            let Some(path) = entry.as_str().or_else(|| entry.get("path")?.as_str()) else {
                return Err(RoutesError(format!(
                    "the route {name:?} is neither a path, such as \"/plain\", nor an object that has one, such as {{\"path\": \"/plain\"}}"
                )));
            };
            if !path.starts_with('/') || path.bytes().any(|byte| !(b'!'..=b'~').contains(&byte)) {
                return Err(RoutesError(format!(
                    "the path of {name:?} is {path:?}; write a path as in a request, such as /plain"
                )));
            }
            routes.insert(route.name(), path.to_owned());
        }
        if !routes.contains_key(Route::Plain.name()) {
            return Err(RoutesError("the route \"plain\" is missing; most checks need it".to_owned()));
        }
        Ok(Routes(routes))
    }

    pub(crate) fn path(&self, route: Route) -> Option<&str> {
        self.0.get(route.name()).map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_routes() {
        let routes = Routes::of_json(r#"{"plain": "/a", "missing": {"path": "/b", "status": 404}}"#).unwrap();
        assert_eq!(routes.path(Route::Plain), Some("/a"));
        assert_eq!(routes.path(Route::Missing), Some("/b"));
        assert_eq!(routes.path(Route::Write), None);
        for (text, part) in [
            ("[]", "not an object"),
            (r#"{"plian": "/"}"#, "there is no route \"plian\""),
            (r#"{"plain": "a"}"#, "such as /plain"),
            (r#"{"plain": "/a b"}"#, "such as /plain"),
            (r#"{"plain": 1}"#, "neither a path"),
            (r#"{"plain": {"status": 200}}"#, "neither a path"),
            (r#"{"write": "/"}"#, "\"plain\" is missing"),
        ] {
            let error = Routes::of_json(text).unwrap_err().to_string();
            assert!(error.contains(part), "{text}: {error}");
        }
    }

    #[test]
    fn names_differ() {
        let names: std::collections::BTreeSet<_> = Route::ALL.iter().map(|route| route.name()).collect();
        assert_eq!(names.len(), Route::ALL.len());
    }
}
