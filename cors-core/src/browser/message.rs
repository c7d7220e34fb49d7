//! Renders what the consoles of Chromium and Firefox show for a [`CorsError`] (rule B3), from the rows of
//! [`console`].

use core::fmt::{self, Write};

use crate::browser::console::{self, Cause, Row, chromium, firefox, split_at_hole};
use crate::browser::engine::Engine;
use crate::browser::error::{CorsError, ErrorKind, Parameter, Stage};
use crate::browser::fetch::Fetch;
use crate::browser::options::Api;
use crate::browser::response::Response;
use crate::browser::url::{self, Destination};

impl CorsError<'_> {
    /// Writes what Chromium's console shows for this error, after a fetch. After a redirect the text also names the
    /// first address, and always the page's origin, whatever was sent. Where Chromium names the page's address, the path
    /// is `/` here: a [`Fetch`] has only the page's origin.
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
        if self.write_before_request(w, fetch)? {
            return Ok(());
        }
        if *self == CorsError::DisallowedByMode {
            // Not from the network service, as the others are.
            if fetch.redirected_from.is_some() {
                write!(w, "{}{url} from frame with URL {origin}/. ", chromium::UNSAFE_ATTEMPT)?;
                return w.write_str(chromium::MUST_MATCH);
            }
            write!(w, "{}{url}. ", chromium::CANNOT_LOAD)?;
            fill(w, chromium::SAME_ORIGIN, |w| write!(w, "{origin}"))?;
            return w.write_char('.');
        }
        write!(w, "Access to {kind} at '{url}' ")?;
        if fetch.redirected_from.is_some() {
            write!(w, "(redirected from '{}') ", first.url)?;
        }
        write!(w, "from origin '{origin}'{}", chromium::BLOCKED)?;
        if self.name().starts_with("Preflight") {
            w.write_str(chromium::PREFLIGHT)?;
        }
        self.write_text(w)?;
        match self.chromium_row().and_then(|row| row.hint) {
            Some((api, hint)) if api == fetch.api => w.write_str(hint),
            _ => Ok(()),
        }
    }

    /// Writes the texts that are not from the network service, and in another form than those about a response. Returns false for
    /// any other error.
    fn write_before_request(&self, w: &mut impl Write, fetch: &Fetch<'_>) -> Result<bool, fmt::Error> {
        let (url, origin) = (fetch.url, fetch.first().origin);
        match (*self, fetch.api) {
            // The browser asks, and its own server answers.
            (CorsError::MissingScheme, _) => {}
            (CorsError::UnsafePort { .. }, _) => self.write_text(w)?,
            (CorsError::MixedContent, api) => {
                let [page, requested, at, end] = chromium::MIXED;
                let what = match api {
                    Api::Fetch => "resource",
                    Api::XmlHttpRequest => "XMLHttpRequest endpoint",
                    Api::Script | Api::Image | Api::Font => api.name(),
                };
                write!(w, "{page}{origin}/{requested}{what}{at}{url}{end}")?;
                self.write_text(w)?;
            }
            (CorsError::CorsDisabledScheme { scheme }, _)
                if scheme.eq_ignore_ascii_case("file") && !origin.is_opaque() =>
            {
                write!(w, "{}{url}", chromium::LOCAL_RESOURCE)?;
            }
            (CorsError::CorsDisabledScheme { scheme }, Api::Fetch) => {
                write!(w, "{}{url}. ", chromium::CANNOT_LOAD)?;
                fill(w, chromium::SCHEME, |w| w.write_str(scheme))?;
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn chromium_row(&self) -> Option<&'static Row> {
        console::find(chromium::ROWS, Cause::Error(self.kind()))
    }

    fn write_text(&self, w: &mut impl Write) -> fmt::Result {
        let text = self.chromium_row().map_or("", |row| row.text);
        fill(w, text, |w| match self {
            CorsError::CorsDisabledScheme { .. } => w.write_str(chromium::SCHEMES),
            _ => self.parameter().write_escaped(w),
        })
    }
}

impl<'a> CorsError<'a> {
    /// Writes what Firefox's console shows for this error, after a fetch and this response: a line, or several with line
    /// breaks between them. [`firefox_lines`](Self::firefox_lines) returns them one by one, with their keys.
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

    /// Returns the lines that Firefox's console shows for this error, after a fetch and the response that failed.
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
        let find = |cause| console::find(firefox::ROWS, cause);
        let line = |row| FirefoxLine { row, url: fetch.url, parameter: Parameter::NONE, status: None };
        let first = |row| FirefoxLine {
            parameter: self.firefox_parameter(),
            status: Some(response.status),
            ..line(row)
        };
        let own = find(Cause::Error(self.firefox_kind())).map(first);
        let failed = find(Cause::DidNotSucceed).map(line);
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
                        let mismatch = find(Cause::Error(ErrorKind::AllowOriginMismatch)).map(line);
                        [own, mismatch.map(|line| FirefoxLine { parameter, ..line }), failed]
                    }
                    _ => [own, find(Cause::Error(ErrorKind::PreflightInvalidStatus)).map(first), failed],
                }
            }
            // The page's own server answers, or the text is not about CORS.
            (CorsError::MissingScheme, _) => [None; 3],
            (CorsError::CorsDisabledScheme { scheme }, _)
                if ["file", "ws", "wss"].iter().any(|other| scheme.eq_ignore_ascii_case(other)) =>
            {
                [None; 3]
            }
            (CorsError::CorsDisabledScheme { .. }, _) => [own, None, None],
            // Nothing is told of the port itself.
            (CorsError::MixedContent | CorsError::UnsafePort { .. }, _) => {
                let redirected = |from: &Fetch<'a>| failed.map(|line| FirefoxLine { url: from.url, ..line });
                [own, fetch.redirected_from.and_then(redirected), None]
            }
            (
                CorsError::InsecureLocalNetwork { .. } | CorsError::LocalNetworkAccessPermissionDenied { .. },
                _,
            ) => [failed, failed.filter(|_| fetch.preflight(Engine::Firefox).is_some()), None],
            // With the preflight the request fails, and a redirect that fails is reported once more.
            _ => [
                own,
                failed.filter(|_| self.stage() == Stage::Preflight),
                failed.filter(|_| location.is_some()),
            ],
        };
        lines.into_iter().flatten()
    }

    /// Returns the kind whose text Firefox shows.
    fn firefox_kind(&self) -> ErrorKind {
        match self {
            // Firefox counts the lines that are spelled so.
            CorsError::MultipleAllowOriginValues { value, .. }
                if value.count_spelled("Access-Control-Allow-Origin") > 1 =>
            {
                ErrorKind::MultipleAllowOriginValues
            }
            CorsError::MultipleAllowOriginValues { .. } | CorsError::InvalidAllowOriginValue { .. } => {
                ErrorKind::AllowOriginMismatch
            }
            other => other.kind(),
        }
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
    row: &'static Row,
    url: &'a str,
    parameter: Parameter<'a>,
    status: Option<u16>,
}

impl<'a> FirefoxLine<'a> {
    /// Returns the warning for a fetch that passes its preflight only because `Access-Control-Allow-Headers: *` still
    /// covers `authorization` in this engine; `None` for other fetches, and in the engines that do not warn.
    pub fn warning(engine: Engine, fetch: &Fetch<'a>, preflight_response: &Response<'a>) -> Option<Self> {
        let row = console::find(firefox::ROWS, Cause::AuthorizationNotCovered)?;
        (engine == Engine::Firefox && fetch.relies_on_wildcard(engine, preflight_response))
            .then_some(FirefoxLine { row, url: fetch.url, parameter: Parameter::NONE, status: None })
    }

    /// Returns the message's name in Firefox's sources, which is also the name of its page on MDN except for a number at
    /// the end.
    pub fn key(&self) -> &'static str {
        self.row.key
    }
}

impl fmt::Display for FirefoxLine<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (url, row) = (self.url, self.row);
        if row.key == firefox::MIXED {
            return fill(f, row.text, |f| f.write_str(url));
        }
        if row.cause == Cause::AuthorizationNotCovered {
            f.write_str("Cross-Origin Request Warning: The Same Origin Policy will disallow")?;
            write!(f, " reading the remote resource at {url} soon.")?;
        } else {
            f.write_str("Cross-Origin Request Blocked: The Same Origin Policy disallows")?;
            let is_quoted = row.cause == Cause::Error(ErrorKind::WildcardOriginNotAllowed);
            let (open, close) = if is_quoted { ("‘", "’") } else { ("", "") };
            write!(f, " reading the remote resource at {open}{url}{close}.")?;
        }
        f.write_str(" (Reason: ")?;
        fill(f, row.text, |f| self.parameter.fmt(f))?;
        f.write_str(").")?;
        match (row.has_status, self.status) {
            (false, _) => Ok(()),
            (true, Some(status)) => write!(f, " Status code: {status}."),
            (true, None) => f.write_str(" Status code: (null)."),
        }
    }
}

/// Writes a text that has one hole at most.
fn fill<W: Write>(w: &mut W, text: &str, hole: impl FnOnce(&mut W) -> fmt::Result) -> fmt::Result {
    let (before, rest) = split_at_hole(text);
    w.write_str(before)?;
    match rest {
        None => Ok(()),
        Some(after) => {
            hole(w)?;
            w.write_str(after)
        }
    }
}

/// Chromium's text, without the request and the hint.
impl fmt::Display for CorsError<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write_text(f)
    }
}
