//! What the application under test does: the table of `conformance/routes.json`, for servers in Rust.

use std::convert::Infallible;
use std::env;
use std::error::Error;
use std::fmt::{self, Display, Formatter};
use std::fs;
use std::time::Duration;

use futures_util::Stream;
use futures_util::stream;
use serde_json::Value;

/// A regular expression for the origins of previews.
pub const PREVIEW: &str = r"^https://([a-z0-9-]+\.)+preview\.example\.org$";

/// Returns which of the four policies the subject is to have.
pub fn policy() -> String {
    env::var("CONFORMANCE_POLICY").unwrap_or_default()
}

/// Returns the port at which the subject is to listen.
///
/// # Errors
///
/// `PORT` may not be there, or be no port.
pub fn port() -> Result<u16, Box<dyn Error>> {
    Ok(env::var("PORT")?.parse()?)
}

/// Returns a thousand origins.
pub fn tenants() -> Vec<String> {
    (0..1000).map(|number| format!("https://tenant-{number}.example.com")).collect()
}

/// Returns whether [`PREVIEW`] matches.
pub fn is_preview(origin: &str) -> bool {
    let below = origin.strip_prefix("https://").and_then(|host| host.strip_suffix(".preview.example.org"));
    let is_of_label = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    below.is_some_and(|labels| {
        labels.split('.').all(|label| !label.is_empty() && label.bytes().all(is_of_label))
    })
}

/// A row of the table.
#[derive(Clone, Debug)]
pub struct Route {
    /// Its path.
    pub path: String,
    /// The methods at which something is, without HEAD.
    pub methods: Vec<String>,
    status: u16,
    fields: Vec<(String, String)>,
    body: String,
    kind: String,
}

/// What a route answers.
#[derive(Debug)]
pub enum Answer<'r> {
    /// A response, whole.
    Whole {
        /// Its status.
        status: u16,
        /// Its fields.
        fields: &'r [(String, String)],
        /// Its body.
        body: &'r str,
    },
    /// A 200 with the body of [`pieces`].
    Stream,
}

/// What the route `error` fails with, and nothing catches.
#[derive(Clone, Copy, Debug)]
pub struct Broken;

impl Display for Broken {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter.write_str("broken")
    }
}

impl Error for Broken {}

/// Returns the routes at which something is.
///
/// # Errors
///
/// The table may not be where `CONFORMANCE_ROUTES` says.
pub fn routes() -> Result<Vec<Route>, Box<dyn Error>> {
    let table: Value = serde_json::from_str(&fs::read_to_string(env::var("CONFORMANCE_ROUTES")?)?)?;
    let rows = table.as_object().into_iter().flat_map(|table| table.values()).map(Route::from_row);
    Ok(rows.filter(|route| !route.methods.is_empty()).collect())
}

impl Route {
    /// Returns the methods, and HEAD where GET is one of them, for servers that take HEAD for another method.
    pub fn methods_with_head(&self) -> impl Iterator<Item = &str> {
        let methods = self.methods.iter().map(String::as_str);
        let head = self.methods.iter().any(|method| method == "GET").then_some("HEAD");
        methods.chain(head)
    }

    fn from_row(row: &Value) -> Self {
        let pair =
            |pair: &Value| Some((pair.get(0)?.as_str()?.to_owned(), pair.get(1)?.as_str()?.to_owned()));
        Route {
            path: text(row, "path"),
            methods: list(row, "methods").filter_map(|method| Some(method.as_str()?.to_owned())).collect(),
            status: row
                .get("status")
                .and_then(Value::as_u64)
                .and_then(|status| status.try_into().ok())
                .unwrap_or(200),
            fields: list(row, "fields").filter_map(pair).collect(),
            body: text(row, "body"),
            kind: text(row, "kind"),
        }
    }

    /// Returns the answer to a request that accepts these encodings.
    ///
    /// # Errors
    ///
    /// The route `error` has none.
    pub fn answer(&self, accept_encoding: Option<&str>) -> Result<Answer<'_>, Broken> {
        let is_for_gzip = accept_encoding.is_some_and(|value| value.contains("gzip"));
        let body = match self.kind.as_str() {
            "error" => return Err(Broken),
            "stream" => return Ok(Answer::Stream),
            "encoding" if is_for_gzip => "for gzip\n",
            "encoding" => "for others\n",
            _ => &self.body,
        };
        Ok(Answer::Whole { status: self.status, fields: &self.fields, body })
    }
}

fn text(value: &Value, name: &str) -> String {
    value.get(name).and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn list<'v>(value: &'v Value, name: &str) -> impl Iterator<Item = &'v Value> {
    value.get(name).and_then(Value::as_array).into_iter().flatten()
}

/// Returns the body of a route that streams, whose second piece comes a second after the first.
pub fn pieces() -> impl Stream<Item = Result<&'static str, Infallible>> + Send + Sync + 'static {
    stream::unfold(0, |number| async move {
        match number {
            0 => Some((Ok("first\n"), 1)),
            1 => {
                tokio::time::sleep(Duration::from_secs(1)).await;
                Some((Ok("second\n"), 2))
            }
            _ => None,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::is_preview;

    #[test]
    fn previews_are_below_the_domain() {
        assert!(is_preview("https://a.preview.example.org"));
        assert!(is_preview("https://a-1.b.preview.example.org"));
        for origin in [
            "https://preview.example.org",
            "https://.preview.example.org",
            "https://a..preview.example.org",
            "https://apreview.example.org",
            "https://A.preview.example.org",
            "http://a.preview.example.org",
            "https://a.preview.example.org:8443",
            "https://evil.example/a.preview.example.org",
            "https://a.preview.example.org.evil.example",
        ] {
            assert!(!is_preview(origin), "{origin}");
        }
    }
}
