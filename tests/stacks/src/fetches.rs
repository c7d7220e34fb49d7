//! The fetches that snippets are written for.

use cors_diagnosis::Wanted;

/// A fetch that a snippet is written for.
#[derive(Clone, Copy)]
pub(crate) struct Case {
    pub(crate) name: &'static str,
    pub(crate) origins: &'static [&'static str],
    pub(crate) method: &'static str,
    pub(crate) headers: &'static [(&'static str, &'static str)],
    pub(crate) credentials: bool,
    pub(crate) exposed: &'static [&'static str],
}

const APP: &str = "https://app.example.com";
const OTHER: &str = "http://localhost:3000";
const JSON: (&str, &str) = ("content-type", "application/json");
pub(crate) const BEARER: (&str, &str) = ("authorization", "Bearer x");

pub(crate) const CASES: [Case; 6] = [
    Case {
        name: "a simple GET",
        origins: &[APP],
        method: "GET",
        headers: &[],
        credentials: false,
        exposed: &[],
    },
    Case {
        name: "PUT with JSON and Authorization",
        origins: &[APP],
        method: "PUT",
        headers: &[JSON, BEARER],
        credentials: false,
        exposed: &[],
    },
    Case {
        name: "GET with credentials",
        origins: &[APP],
        method: "GET",
        headers: &[],
        credentials: true,
        exposed: &[],
    },
    Case {
        name: "GET, and a header that the page reads",
        origins: &[APP],
        method: "GET",
        headers: &[BEARER],
        credentials: false,
        exposed: &["x-total"],
    },
    Case {
        name: "DELETE with credentials, two origins",
        origins: &[APP, OTHER],
        method: "DELETE",
        headers: &[JSON],
        credentials: true,
        exposed: &["x-total"],
    },
    Case {
        name: "origins of other kinds",
        origins: &["http://[::1]:3000", "capacitor://localhost", "https://xn--bcher-kva.example:8443"],
        method: "PATCH",
        headers: &[JSON, ("x-request-id", "1")],
        credentials: false,
        exposed: &[],
    },
];

impl Case {
    /// Returns the case without an origin that a stack refuses.
    pub(crate) fn without(&self, origin: Option<&str>) -> Case {
        let origins = match self.origins {
            [first, rest @ ..] if Some(*first) == origin => rest,
            all => all,
        };
        Case { origins, ..*self }
    }

    pub(crate) fn wanted(&self) -> Wanted {
        let texts = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
        Wanted {
            origins: texts(self.origins),
            methods: if self.method == "GET" { Vec::new() } else { texts(&[self.method]) },
            headers: self.headers.iter().map(|(name, _)| (*name).to_owned()).collect(),
            credentials: self.credentials,
            exposed: texts(self.exposed),
            max_age: None,
            path: None,
        }
    }
}
