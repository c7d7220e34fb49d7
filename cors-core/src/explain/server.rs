//! [`ServerAdvice`]: what a failure means, and what a server has to send instead.

use core::fmt::{self, Write};

use super::address::SuggestedAddress;
use super::fix::WITH_AN_ORIGIN;
use super::redirect::Redirect;
use crate::browser::{CorsError, Element, ErrorKind, Fetch, Parameter, Stage};
use crate::config::rules::{has_risk, header_problem, method_problem};
use crate::config::{Config, Risk};
use crate::pattern::{LOCAL_FILE_ORIGIN, OriginPattern};

/// The meaning of a failure, in plain words, and what to change on the server. [`Display`](fmt::Display) writes the latter.
///
/// ```
/// use cors_core::browser::ErrorKind;
/// use cors_core::explain::ServerAdvice;
///
/// let advice = ServerAdvice::for_kind(ErrorKind::MethodDisallowedByPreflightResponse, None).with_parameter("PATCH");
/// assert_eq!(
///     advice.to_string(),
///     "Answer the preflight with PATCH in the field: `Access-Control-Allow-Methods: PATCH`, with the other methods \
///      that pages use beside it. GET, HEAD and POST need not be there.",
/// );
/// ```
#[derive(Clone, Copy, Debug)]
pub struct ServerAdvice<'a> {
    kind: ErrorKind,
    stage: Option<Stage>,
    origin: Option<&'a str>,
    with_credentials: bool,
    redirect: Option<Redirect<'a>>,
    parameter: Data<'a>,
    status: Option<u16>,
}

#[derive(Clone, Copy, Debug)]
enum Data<'a> {
    Unknown,
    Text(&'a str),
    Parameter(Parameter<'a>),
    Element(Element<'a>),
}

impl<'a> ServerAdvice<'a> {
    /// Returns the advice for an error, after a fetch.
    pub fn for_error(error: &CorsError<'a>, fetch: &Fetch<'a>) -> Self {
        let parameter = match *error {
            CorsError::InvalidAllowMethodsPreflightResponse { element }
            | CorsError::InvalidAllowHeadersPreflightResponse { element } => Data::Element(element),
            error => Data::Parameter(error.parameter()),
        };
        let status = match *error {
            CorsError::MissingAllowOriginHeader { status, .. }
            | CorsError::PreflightInvalidStatus { status }
            | CorsError::PreflightDisallowedRedirect { status } => Some(status),
            _ => None,
        };
        ServerAdvice {
            kind: error.kind(),
            stage: Some(error.stage()),
            // Where a redirect has made it `null`, it is still the page's own that a server may list.
            origin: Some(fetch.first().origin.as_str()),
            with_credentials: fetch.with_credentials(),
            redirect: fetch.redirected_from.and_then(|from| Redirect::between(from.url, fetch.url)),
            parameter,
            status,
        }
    }

    /// Returns the advice for a failure of which no more is known than its kind and, mostly, which response it is about.
    pub fn for_kind(kind: ErrorKind, stage: Option<Stage>) -> Self {
        ServerAdvice {
            kind,
            stage: kind.stage().or(stage),
            origin: None,
            with_credentials: false,
            redirect: None,
            parameter: Data::Unknown,
            status: None,
        }
    }

    /// Returns the same advice where this is at fault: a value, a method, a header name or an element of a list.
    #[must_use]
    pub fn with_parameter(self, parameter: &'a str) -> Self {
        ServerAdvice { parameter: Data::Text(parameter), ..self }
    }

    /// Returns the same advice for a response of this status.
    #[must_use]
    pub fn with_status(self, status: u16) -> Self {
        ServerAdvice { status: Some(status), ..self }
    }

    /// Returns the same advice for a page of this origin.
    #[must_use]
    pub fn with_origin(self, origin: &'a str) -> Self {
        ServerAdvice { origin: Some(origin), ..self }
    }

    /// Returns the same advice for a fetch that was redirected from one address to another, as far as the message shows it. A redirect
    /// to another origin is mostly one to a login.
    #[must_use]
    pub fn with_redirect(self, from: &'a str, to: &'a str) -> Self {
        ServerAdvice { redirect: Redirect::between(from, to), ..self }
    }

    /// Returns what the failure means.
    pub fn meaning(&self) -> &'static str {
        self.kind.meaning()
    }
}

/// Writes what to change.
impl fmt::Display for ServerAdvice<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write_for(f, self.kind)
    }
}

/// What of a page's origin an advice may say, by what `check` takes and `audit` does not report (rule B5).
#[derive(Clone, Copy, PartialEq, Eq)]
enum Page<'a> {
    /// Nothing is known, or the text is no origin.
    Unknown,
    /// A server may list it.
    Listable(&'a str),
    /// With credentials, only the same page by https may be listed.
    Insecure(SuggestedAddress<'a>),
    /// Any file or any site can send it: `file://`, `null`.
    Nobodys(&'a str),
}

impl<'a> Page<'a> {
    fn of(origin: &'a str, with_credentials: bool) -> Self {
        let Ok(pattern) = OriginPattern::parse(origin) else {
            return Page::Unknown;
        };
        let has = |risk| has_risk(&pattern, risk, with_credentials, None);
        if has(Risk::NullOrigin) || has(Risk::LocalFileOrigin) {
            Page::Nobodys(origin)
        } else if has(Risk::InsecureOrigin) {
            Page::Insecure(SuggestedAddress::secure(origin))
        } else if crate::Origin::parse(origin.as_bytes()).is_err() {
            // A pattern with a wildcard.
            Page::Unknown
        } else {
            Page::Listable(origin)
        }
    }
}

impl ServerAdvice<'_> {
    fn write_for(&self, f: &mut fmt::Formatter<'_>, kind: ErrorKind) -> fmt::Result {
        if kind.is_about_origin() {
            let page = self.page(kind);
            let is_nobodys = matches!(page, Page::Nobodys(_));
            if let Some(redirect) = self.redirect.filter(|redirect| redirect.changes_origin() || is_nobodys) {
                return write!(f, "{redirect}");
            }
            match page {
                Page::Nobodys(origin) => return write_nobodys(f, origin),
                Page::Insecure(_) => f.write_str("Serve the page over https first. ")?,
                _ => {}
            }
        }
        match kind {
            ErrorKind::MissingAllowOriginHeader => {
                f.write_str("Send ")?;
                self.write_allow_origin(f, kind)?;
                f.write_str(match self.stage {
                    Some(Stage::Preflight) => {
                        " in answer to the preflight, an OPTIONS request, which has to come before authentication"
                    }
                    _ => " on this response, and on errors and redirects as well",
                })?;
                self.write_status(f)
            }
            ErrorKind::WildcardOriginNotAllowed => {
                f.write_str("Send ")?;
                self.write_allow_origin(f, kind)?;
                f.write_str(" instead of `*`, and `Access-Control-Allow-Credentials: true`, if that origin may act as the user")?;
                f.write_str("; or let the page fetch without credentials.")
            }
            ErrorKind::MultipleAllowOriginValues => {
                f.write_str("Look for the request's Origin in your list, and if it is there send ")?;
                self.write_allow_origin(f, kind)?;
                f.write_str(", that one value. Add the field in one place only.")
            }
            ErrorKind::InvalidAllowOriginValue | ErrorKind::AllowOriginMismatch => {
                f.write_str("Send ")?;
                self.write_allow_origin(f, kind)?;
                if self.parameter.is_empty() {
                    return f.write_char('.');
                }
                write!(f, " instead of `{}`.", self.parameter)
            }
            ErrorKind::InvalidAllowCredentials => {
                f.write_str("Send `Access-Control-Allow-Credentials: true`, in lower case, ")?;
                if !self.parameter.is_empty() {
                    write!(f, "instead of `{}`, ", self.parameter)?;
                }
                f.write_str("on the answer to the preflight and on the response, if that origin may act as the user; or let ")?;
                f.write_str("the page fetch without credentials.")
            }
            ErrorKind::PreflightInvalidStatus => {
                f.write_str("Answer OPTIONS at this address with status 204 and the CORS fields, before routing ")?;
                f.write_str("and authentication")?;
                self.write_status(f)
            }
            ErrorKind::PreflightDisallowedRedirect => {
                f.write_str("Answer OPTIONS before any redirect; or let the page fetch the last address at once.")
            }
            ErrorKind::InvalidAllowMethodsPreflightResponse => {
                self.write_malformed(f, "Access-Control-Allow-Methods: PUT, DELETE")
            }
            ErrorKind::InvalidAllowHeadersPreflightResponse => {
                self.write_malformed(f, "Access-Control-Allow-Headers: Content-Type, Authorization")
            }
            ErrorKind::MethodDisallowedByPreflightResponse => self.write_method(f),
            ErrorKind::HeaderDisallowedByPreflightResponse => self.write_header(f),
            ErrorKind::RedirectContainsCredentials => {
                f.write_str("Redirect to an address without them.")
            }
            ErrorKind::MissingScheme => f.write_str(
                "Nothing. Write the address with its scheme in the page: https://api.example.com, or http://localhost:8080 for a \
                 server of this machine.",
            ),
            ErrorKind::CorsDisabledScheme => f.write_str(
                "Nothing. Serve the page over http from localhost, and write the address with http:// or https:// in front.",
            ),
            ErrorKind::MixedContent => f.write_str(
                "Serve the address over https, and let the page ask it so; or let the page's own server pass the request on.",
            ),
            ErrorKind::UnsafePort => {
                f.write_str("Let the server listen on another port, such as 8080, and let the page ask it there.")
            }
            ErrorKind::InsecureLocalNetwork => f.write_str(
                "Nothing. Serve the page over https, and let it reach the local network when the browser asks; while you develop, \
                 serve it from localhost.",
            ),
            ErrorKind::LocalNetworkAccessPermissionDenied => f.write_str(
                "Nothing. Let the page reach the local network when the browser asks, or in its settings for the site.",
            ),
            _ => f.write_str("Nothing. Let the page fetch in the mode `cors`, which is the default."),
        }
    }

    fn page(&self, kind: ErrorKind) -> Page<'_> {
        let needs_credentials =
            matches!(kind, ErrorKind::WildcardOriginNotAllowed | ErrorKind::InvalidAllowCredentials);
        self.origin
            .map_or(Page::Unknown, |origin| Page::of(origin, self.with_credentials || needs_credentials))
    }

    /// ``Access-Control-Allow-Origin: …` and `Vary: Origin``
    fn write_allow_origin(&self, f: &mut fmt::Formatter<'_>, kind: ErrorKind) -> fmt::Result {
        match self.page(kind) {
            Page::Listable(origin) => write!(f, "`Access-Control-Allow-Origin: {origin}`")?,
            Page::Insecure(origin) => write!(f, "`Access-Control-Allow-Origin: {origin}`")?,
            Page::Unknown | Page::Nobodys(_) => {
                f.write_str("`Access-Control-Allow-Origin: (the page's origin)`")?;
            }
        }
        f.write_str(" (with `Vary: Origin`)")
    }

    fn write_status(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.status {
            Some(status) => write!(f, ". The status was {status}."),
            None => f.write_char('.'),
        }
    }

    fn write_malformed(&self, f: &mut fmt::Formatter<'_>, example: &str) -> fmt::Result {
        write!(
            f,
            "Send names with commas between them, as in `{example}`, without quotation marks or brackets"
        )?;
        if self.parameter.is_empty() {
            return f.write_char('.');
        }
        write!(f, ". `{}` is not a name.", self.parameter)
    }

    fn write_method(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.parameter.is_empty() {
            return f.write_str(
                "Answer the preflight with `Access-Control-Allow-Methods` and all methods that pages use.",
            );
        }
        let method = &self.parameter;
        if !self.parameter.is_listable(|name| method_problem(name, false).is_none()) {
            return write!(
                f,
                "Nothing. Let the page use another method than {method}, which no server should allow."
            );
        }
        write!(
            f,
            "Answer the preflight with {method} in the field: `Access-Control-Allow-Methods: {method}`, with "
        )?;
        f.write_str("the other methods that pages use beside it. GET, HEAD and POST need not be there.")?;
        if self.parameter.has_lowercase() {
            f.write_str(" Most likely the page has to write it in upper case.")?;
        }
        Ok(())
    }

    fn write_header(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.parameter.is_empty() {
            return f.write_str(
                "Answer the preflight with `Access-Control-Allow-Headers` and all headers that pages set.",
            );
        }
        let name = &self.parameter;
        let of_responses =
            ["access-control-allow-", "access-control-expose-headers", "access-control-max-age"];
        if of_responses.iter().any(|start| self.parameter.begins_with(start)) {
            return write!(
                f,
                "Nothing. Take {name} out of the fetch: it is for the server to send, in its response."
            );
        }
        if !self.parameter.is_listable(|name| header_problem(name, false).is_none()) {
            return write!(f, "Nothing. Take {name} out of the fetch, which no server should allow.");
        }
        write!(
            f,
            "Answer the preflight with {name} in the field: `Access-Control-Allow-Headers: {name}`, with the "
        )?;
        f.write_str(
            "other headers that pages set beside it. The browser names only the first that is missing.",
        )
    }
}

impl Data<'_> {
    fn is_empty(&self) -> bool {
        let mut seen = Seen::default();
        let _ = write!(seen, "{self}");
        seen.len == 0
    }

    fn has_lowercase(&self) -> bool {
        let mut seen = Seen::default();
        let _ = write!(seen, "{self}");
        seen.has_lowercase
    }

    /// Returns true for a text that a policy may list, by this test.
    fn is_listable(&self, test: impl Fn(&str) -> bool) -> bool {
        let mut written = heapless::String::<{ Config::MAX_NAME_LEN }>::new();
        write!(written, "{self}").is_ok() && test(&written)
    }

    fn begins_with(&self, prefix: &str) -> bool {
        let mut rest = Rest { prefix };
        // The error stands for a text that begins otherwise.
        write!(rest, "{self}").is_ok() && rest.prefix.is_empty()
    }
}

impl fmt::Display for Data<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Data::Unknown => Ok(()),
            Data::Text(text) => f.write_str(text),
            Data::Parameter(parameter) => parameter.fmt(f),
            Data::Element(element) => element.fmt(f),
        }
    }
}

fn write_nobodys(f: &mut fmt::Formatter<'_>, origin: &str) -> fmt::Result {
    let who = if origin == LOCAL_FILE_ORIGIN { "any file that a person opens" } else { "a page of any site" };
    write!(f, "Do not allow `{origin}`: {who} can send that origin. Serve the page {WITH_AN_ORIGIN}.")
}

/// The properties of a text that is only rendered.
#[derive(Default)]
struct Seen {
    len: usize,
    has_lowercase: bool,
}

impl Write for Seen {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.len = self.len.saturating_add(text.len());
        self.has_lowercase |= text.bytes().any(|byte| byte.is_ascii_lowercase());
        Ok(())
    }
}

/// The rest of a prefix that the text still has to begin with.
struct Rest<'p> {
    prefix: &'p str,
}

impl Write for Rest<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for character in text.chars() {
            let mut rest = self.prefix.chars();
            match rest.next() {
                None => return Ok(()),
                Some(wanted) if wanted.eq_ignore_ascii_case(&character) => self.prefix = rest.as_str(),
                Some(_) => return Err(fmt::Error),
            }
        }
        Ok(())
    }
}
