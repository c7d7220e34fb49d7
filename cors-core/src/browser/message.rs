//! What the consoles of Chromium and Firefox say of a [`CorsError`] (rule B3): tables of texts, and their rendering.

use core::fmt::{self, Write};

use crate::browser::check::Response;
use crate::browser::engine::Engine;
use crate::browser::error::{CorsError, ErrorKind, Parameter, Stage};
use crate::browser::fetch::{Api, Fetch};
use crate::browser::url::{self, Destination};

/// Marks the place of the parameter in a text.
pub(crate) const HOLE: &str = "{}";

/// One of Chromium's texts.
pub(crate) struct ChromiumText {
    pub(crate) kind: ErrorKind,
    pub(crate) text: &'static str,
    /// What follows where the page used this interface.
    pub(crate) hint: Option<(Api, &'static str)>,
}

pub(crate) const CHROMIUM_BLOCKED: &str = " has been blocked by CORS policy: ";

pub(crate) const CHROMIUM_PREFLIGHT: &str =
    "Response to preflight request doesn't pass access control check: ";

pub(crate) const CHROMIUM_CANNOT_LOAD: &str = "Fetch API cannot load ";

pub(crate) const CHROMIUM_SAME_ORIGIN: &str =
    "Request mode is \"same-origin\" but the URL's origin is not same as the request origin {}";

const CHROMIUM_UNSAFE: &str = "Unsafe attempt to load URL ";

const CHROMIUM_MUST_MATCH: &str = "Domains, protocols and ports must match.";

const VALID_VALUE: Option<(Api, &str)> =
    Some((Api::Fetch, " Have the server send the header with a valid value."));

const WITH_CREDENTIALS: Option<(Api, &str)> = Some((
    Api::XmlHttpRequest,
    " The credentials mode of requests initiated by the XMLHttpRequest is controlled by the withCredentials attribute.",
));

pub(crate) static CHROMIUM: [ChromiumText; 14] = {
    use ErrorKind as Kind;
    const fn row(kind: ErrorKind, text: &'static str, hint: Option<(Api, &'static str)>) -> ChromiumText {
        ChromiumText { kind, text, hint }
    }
    [
        row(
            Kind::MissingAllowOriginHeader,
            "No 'Access-Control-Allow-Origin' header is present on the requested resource.",
            None,
        ),
        row(
            Kind::WildcardOriginNotAllowed,
            "The value of the 'Access-Control-Allow-Origin' header in the response must not be the wildcard '*' when the request's credentials mode is 'include'.",
            WITH_CREDENTIALS,
        ),
        row(
            Kind::MultipleAllowOriginValues,
            "The 'Access-Control-Allow-Origin' header contains multiple values '{}', but only one is allowed.",
            VALID_VALUE,
        ),
        row(
            Kind::InvalidAllowOriginValue,
            "The 'Access-Control-Allow-Origin' header contains the invalid value '{}'.",
            VALID_VALUE,
        ),
        row(
            Kind::AllowOriginMismatch,
            "The 'Access-Control-Allow-Origin' header has a value '{}' that is not equal to the supplied origin.",
            VALID_VALUE,
        ),
        row(
            Kind::InvalidAllowCredentials,
            "The value of the 'Access-Control-Allow-Credentials' header in the response is '{}' which must be 'true' when the request's credentials mode is 'include'.",
            WITH_CREDENTIALS,
        ),
        row(Kind::PreflightInvalidStatus, "It does not have HTTP ok status.", None),
        row(Kind::PreflightDisallowedRedirect, "Redirect is not allowed for a preflight request.", None),
        row(
            Kind::InvalidAllowMethodsPreflightResponse,
            "Cannot parse Access-Control-Allow-Methods response header field in preflight response.",
            None,
        ),
        row(
            Kind::InvalidAllowHeadersPreflightResponse,
            "Cannot parse Access-Control-Allow-Headers response header field in preflight response.",
            None,
        ),
        row(
            Kind::MethodDisallowedByPreflightResponse,
            "Method {} is not allowed by Access-Control-Allow-Methods in preflight response.",
            None,
        ),
        row(
            Kind::HeaderDisallowedByPreflightResponse,
            "Request header field {} is not allowed by Access-Control-Allow-Headers in preflight response.",
            None,
        ),
        row(
            Kind::RedirectContainsCredentials,
            "Redirect location '{}' contains a username and password, which is disallowed for cross-origin requests.",
            None,
        ),
        row(Kind::DisallowedByMode, "Cross origin requests are not allowed by request mode.", None),
    ]
};

/// One of Firefox's texts.
#[derive(Debug)]
pub(crate) struct FirefoxText {
    /// The key in Firefox's sources and in the links to MDN.
    pub(crate) key: &'static str,
    pub(crate) reason: &'static str,
    /// Whether ` Status code: N.` follows.
    pub(crate) has_status: bool,
}

/// The texts of Firefox, by what they say.
pub(crate) mod firefox {
    use super::FirefoxText;

    const fn text(key: &'static str, reason: &'static str, has_status: bool) -> FirefoxText {
        FirefoxText { key, reason, has_status }
    }

    pub(crate) static MISSING_ALLOW_ORIGIN: FirefoxText =
        text("CORSMissingAllowOrigin2", "CORS header ‘Access-Control-Allow-Origin’ missing", true);
    pub(crate) static MULTIPLE_ALLOW_ORIGIN: FirefoxText = text(
        "CORSMultipleAllowOriginNotAllowed",
        "Multiple CORS header ‘Access-Control-Allow-Origin’ not allowed",
        false,
    );
    pub(crate) static ALLOW_ORIGIN_NOT_MATCHING: FirefoxText = text(
        "CORSAllowOriginNotMatchingOrigin",
        "CORS header ‘Access-Control-Allow-Origin’ does not match ‘{}’",
        false,
    );
    pub(crate) static NOT_SUPPORTING_CREDENTIALS: FirefoxText = text(
        "CORSNotSupportingCredentials",
        "Credential is not supported if the CORS header ‘Access-Control-Allow-Origin’ is ‘*’",
        false,
    );
    pub(crate) static MISSING_ALLOW_CREDENTIALS: FirefoxText = text(
        "CORSMissingAllowCredentials",
        "expected ‘true’ in CORS header ‘Access-Control-Allow-Credentials’",
        false,
    );
    pub(crate) static PREFLIGHT_DID_NOT_SUCCEED: FirefoxText =
        text("CORSPreflightDidNotSucceed3", "CORS preflight response did not succeed", true);
    pub(crate) static INVALID_ALLOW_METHOD: FirefoxText = text(
        "CORSInvalidAllowMethod",
        "invalid token ‘{}’ in CORS header ‘Access-Control-Allow-Methods’",
        false,
    );
    pub(crate) static INVALID_ALLOW_HEADER: FirefoxText = text(
        "CORSInvalidAllowHeader",
        "invalid token ‘{}’ in CORS header ‘Access-Control-Allow-Headers’",
        false,
    );
    pub(crate) static METHOD_NOT_FOUND: FirefoxText = text(
        "CORSMethodNotFound",
        "Did not find method in CORS header ‘Access-Control-Allow-Methods’",
        false,
    );
    pub(crate) static MISSING_ALLOW_HEADER: FirefoxText = text(
        "CORSMissingAllowHeaderFromPreflight2",
        "header ‘{}’ is not allowed according to header ‘Access-Control-Allow-Headers’ from CORS preflight response",
        false,
    );
    pub(crate) static EXTERNAL_REDIRECT: FirefoxText =
        text("CORSExternalRedirectNotAllowed", "CORS request external redirect not allowed", false);
    pub(crate) static DID_NOT_SUCCEED: FirefoxText =
        text("CORSDidNotSucceed2", "CORS request did not succeed", true);
    pub(crate) static NOT_HTTP: FirefoxText = text("CORSRequestNotHttp", "CORS request not http", false);
    pub(crate) static AUTHORIZATION_NOT_COVERED: FirefoxText = text(
        "CORSAllowHeaderFromPreflightDeprecation",
        "When the `Access-Control-Allow-Headers` is `*`, the `Authorization` header is not covered. To include the `Authorization` header, it must be explicitly listed in CORS header `Access-Control-Allow-Headers`",
        false,
    );
}

impl CorsError<'_> {
    /// Writes what Chromium's console says of this error, after a fetch. After a redirect it names the first address,
    /// too, and the page's origin, whatever was sent. Where it names the page's address, that is `/` here: a [`Fetch`]
    /// knows no more than the origin.
    ///
    /// ```
    /// use cors_core::Origin;
    /// use cors_core::browser::{Engine, Fetch, Response};
    ///
    /// let page = Origin::parse(b"https://app.example.com")?;
    /// let fetch = Fetch::new(page, "https://api.example.com/orders");
    /// let error = fetch.check_response(Engine::Chromium, &Response { status: 200, headers: &[] }).unwrap_err();
    /// let mut text = String::new();
    /// error.chromium_message(&mut text, &fetch)?;
    /// assert_eq!(
    ///     text,
    ///     "Access to fetch at 'https://api.example.com/orders' from origin 'https://app.example.com' has been \
    ///      blocked by CORS policy: No 'Access-Control-Allow-Origin' header is present on the requested resource.",
    /// );
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn chromium_message(&self, w: &mut impl Write, fetch: &Fetch<'_>) -> fmt::Result {
        let (kind, url) = (fetch.api.name(), fetch.url);
        let (first, origin) = (fetch.first(), fetch.first().origin);
        if *self == CorsError::DisallowedByMode {
            // Not from the network service, as the others are.
            if fetch.redirected_from.is_some() {
                return write!(
                    w,
                    "{CHROMIUM_UNSAFE}{url} from frame with URL {origin}/. {CHROMIUM_MUST_MATCH}"
                );
            }
            let (before, after) = CHROMIUM_SAME_ORIGIN.split_once(HOLE).unwrap_or_default();
            return write!(w, "{CHROMIUM_CANNOT_LOAD}{url}. {before}{origin}{after}.");
        }
        write!(w, "Access to {kind} at '{url}' ")?;
        if fetch.redirected_from.is_some() {
            write!(w, "(redirected from '{}') ", first.url)?;
        }
        write!(w, "from origin '{origin}'{CHROMIUM_BLOCKED}")?;
        if self.name().starts_with("Preflight") {
            w.write_str(CHROMIUM_PREFLIGHT)?;
        }
        self.write_text(w)?;
        match self.chromium_text().and_then(|text| text.hint) {
            Some((api, hint)) if api == fetch.api => w.write_str(hint),
            _ => Ok(()),
        }
    }

    fn chromium_text(&self) -> Option<&'static ChromiumText> {
        CHROMIUM.iter().find(|text| text.kind == self.kind())
    }

    fn write_text(&self, w: &mut impl Write) -> fmt::Result {
        let text = self.chromium_text().map_or("", |text| text.text);
        fill(w, text, |w| self.parameter().write_escaped(w))
    }
}

impl<'a> CorsError<'a> {
    /// Writes what Firefox's console says of this error, after a fetch and this response: a line, or several with line
    /// breaks between them. [`firefox_lines`](Self::firefox_lines) gives them one by one, with their keys.
    pub fn firefox_message(
        &self,
        w: &mut impl Write,
        fetch: &Fetch<'a>,
        response: &Response<'a>,
    ) -> fmt::Result {
        self.firefox_lines(fetch, response).enumerate().try_for_each(|(index, line)| {
            w.write_str(if index == 0 { "" } else { "\n" })?;
            write!(w, "{line}")
        })
    }

    /// The lines that Firefox's console shows for this error, after a fetch and the response that failed.
    ///
    /// ```
    /// use cors_core::Origin;
    /// use cors_core::browser::{Engine, Fetch, Response};
    ///
    /// let page = Origin::parse(b"https://app.example.com")?;
    /// let fetch = Fetch { method: "PUT", ..Fetch::new(page, "https://api.example.com/orders") };
    /// let response = Response { status: 405, headers: &[] };
    /// let error = fetch.check_preflight(Engine::Firefox, &response).unwrap_err();
    /// let keys = error.firefox_lines(&fetch, &response).map(|line| line.key());
    /// assert!(keys.eq(["CORSMissingAllowOrigin2", "CORSDidNotSucceed2"]));
    /// # Ok::<(), cors_core::OriginError>(())
    /// ```
    pub fn firefox_lines(
        &self,
        fetch: &Fetch<'a>,
        response: &Response<'a>,
    ) -> impl Iterator<Item = FirefoxLine<'a>> + use<'a> {
        let line = |text| FirefoxLine { text, url: fetch.url, parameter: Parameter::NONE, status: None };
        let first = |text| FirefoxLine {
            parameter: self.firefox_parameter(),
            status: Some(response.status),
            ..line(text)
        };
        let own = self.firefox_text().map(first);
        let failed = Some(line(&firefox::DID_NOT_SUCCEED));
        let location = response.location();
        let lines = match (self, location) {
            // It refuses the redirect, and then judges the response as if it were none.
            (CorsError::PreflightDisallowedRedirect { .. }, Some(location)) => {
                let value = response.get("access-control-allow-origin");
                let is_any = value.is_some_and(|value| value == *"*");
                match Destination::of(location) {
                    Destination::NotHttp => [None, failed, failed],
                    _ if url::has_user_info(location) => [None, failed, failed],
                    Destination::Elsewhere(origin) if !is_any && !fetch.targets(origin) => {
                        let parameter = value.map_or(Parameter::NONE, Parameter::value);
                        let mismatch = line(&firefox::ALLOW_ORIGIN_NOT_MATCHING);
                        [own, Some(FirefoxLine { parameter, ..mismatch }), failed]
                    }
                    _ => [own, Some(first(&firefox::PREFLIGHT_DID_NOT_SUCCEED)), failed],
                }
            }
            // With the preflight the request fails; and a redirect that fails says so once more.
            _ => [
                own,
                failed.filter(|_| self.stage() == Stage::Preflight),
                failed.filter(|_| location.is_some()),
            ],
        };
        lines.into_iter().flatten()
    }

    fn firefox_text(&self) -> Option<&'static FirefoxText> {
        Some(match self {
            CorsError::MissingAllowOriginHeader { .. } => &firefox::MISSING_ALLOW_ORIGIN,
            CorsError::WildcardOriginNotAllowed { .. } => &firefox::NOT_SUPPORTING_CREDENTIALS,
            // It counts the lines that are spelled so.
            CorsError::MultipleAllowOriginValues { value, .. }
                if value.count_spelled("Access-Control-Allow-Origin") > 1 =>
            {
                &firefox::MULTIPLE_ALLOW_ORIGIN
            }
            CorsError::MultipleAllowOriginValues { .. }
            | CorsError::InvalidAllowOriginValue { .. }
            | CorsError::AllowOriginMismatch { .. } => &firefox::ALLOW_ORIGIN_NOT_MATCHING,
            CorsError::InvalidAllowCredentials { .. } => &firefox::MISSING_ALLOW_CREDENTIALS,
            CorsError::PreflightInvalidStatus { .. } => &firefox::PREFLIGHT_DID_NOT_SUCCEED,
            CorsError::PreflightDisallowedRedirect { .. } => &firefox::EXTERNAL_REDIRECT,
            CorsError::InvalidAllowMethodsPreflightResponse { .. } => &firefox::INVALID_ALLOW_METHOD,
            CorsError::InvalidAllowHeadersPreflightResponse { .. } => &firefox::INVALID_ALLOW_HEADER,
            CorsError::MethodDisallowedByPreflightResponse { .. } => &firefox::METHOD_NOT_FOUND,
            CorsError::HeaderDisallowedByPreflightResponse { .. } => &firefox::MISSING_ALLOW_HEADER,
            CorsError::RedirectContainsCredentials { .. } | CorsError::DisallowedByMode => return None,
        })
    }

    fn firefox_parameter(&self) -> Parameter<'a> {
        match *self {
            CorsError::InvalidAllowMethodsPreflightResponse { element }
            | CorsError::InvalidAllowHeadersPreflightResponse { element } => Parameter::element(element),
            _ => self.parameter(),
        }
    }
}

/// One line of Firefox's console. [`Display`](fmt::Display) writes it.
#[derive(Clone, Copy, Debug)]
pub struct FirefoxLine<'a> {
    text: &'static FirefoxText,
    url: &'a str,
    parameter: Parameter<'a>,
    status: Option<u16>,
}

impl<'a> FirefoxLine<'a> {
    /// The warning of a fetch that passes its preflight only because `Access-Control-Allow-Headers: *` still covers
    /// `authorization` in this engine; `None` without need, and in the engines that do not warn.
    pub fn warning(engine: Engine, fetch: &Fetch<'a>, preflight_response: &Response<'a>) -> Option<Self> {
        let text = &firefox::AUTHORIZATION_NOT_COVERED;
        (engine == Engine::Firefox && fetch.relies_on_wildcard(engine, preflight_response))
            .then_some(FirefoxLine { text, url: fetch.url, parameter: Parameter::NONE, status: None })
    }

    /// The message's name in Firefox's sources, which is also that of its page on MDN but for a number at the end.
    pub fn key(&self) -> &'static str {
        self.text.key
    }
}

impl fmt::Display for FirefoxLine<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (url, key) = (self.url, self.text.key);
        if key == firefox::AUTHORIZATION_NOT_COVERED.key {
            f.write_str("Cross-Origin Request Warning: The Same Origin Policy will disallow")?;
            write!(f, " reading the remote resource at {url} soon.")?;
        } else {
            f.write_str("Cross-Origin Request Blocked: The Same Origin Policy disallows")?;
            let is_quoted = key == firefox::NOT_SUPPORTING_CREDENTIALS.key;
            let (open, close) = if is_quoted { ("‘", "’") } else { ("", "") };
            write!(f, " reading the remote resource at {open}{url}{close}.")?;
        }
        f.write_str(" (Reason: ")?;
        fill(f, self.text.reason, |f| self.parameter.fmt(f))?;
        f.write_str(").")?;
        match (self.text.has_status, self.status) {
            (false, _) => Ok(()),
            (true, Some(status)) => write!(f, " Status code: {status}."),
            (true, None) => f.write_str(" Status code: (null)."),
        }
    }
}

/// Writes a text with its parameter in place.
fn fill<W: Write>(w: &mut W, text: &str, parameter: impl FnOnce(&mut W) -> fmt::Result) -> fmt::Result {
    match text.split_once(HOLE) {
        None => w.write_str(text),
        Some((before, after)) => {
            w.write_str(before)?;
            parameter(w)?;
            w.write_str(after)
        }
    }
}

/// Chromium's text, without the request and the hint: what any developer may read.
impl fmt::Display for CorsError<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write_text(f)
    }
}
