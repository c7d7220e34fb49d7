//! [`recognize`]: which message of a browser's console is this?

use crate::browser::check::is_list;
use crate::browser::engine::Engine;
use crate::browser::error::{ErrorKind, Stage};
use crate::browser::fetch::Api;
use crate::browser::loose::{self, Found};
use crate::browser::message::{CHROMIUM, CHROMIUM_BLOCKED, CHROMIUM_CANNOT_LOAD, CHROMIUM_PREFLIGHT};
use crate::browser::message::{CHROMIUM_SAME_ORIGIN, firefox};
use crate::browser::url;

/// What a console message says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Recognized<'t> {
    /// Whose message it is.
    pub engine: Engine,
    /// What went wrong.
    pub cause: Cause,
    /// Whether the preflight failed or the request itself, where the message tells.
    pub stage: Option<Stage>,
    /// What the page used, as Chromium names it: `fetch`, `XMLHttpRequest`, `script`, `image`, `font` and others.
    pub kind: Option<&'t str>,
    /// The address asked for; after redirects, the last.
    pub url: Option<&'t str>,
    /// The address that the page asked for, where that redirected.
    pub redirected_from: Option<&'t str>,
    /// The page's origin.
    pub origin: Option<&'t str>,
    /// The value, the method, the header name or the malformed element at fault.
    pub parameter: Option<&'t str>,
    /// The response's status.
    pub status: Option<u16>,
}

/// What a console message gives as the cause.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Cause {
    /// A failure that a [`CorsError`](crate::browser::CorsError) stands for. `WebKit` has one text for a missing
    /// `Access-Control-Allow-Origin` and one that does not match: it comes out as the latter.
    Error(ErrorKind),
    /// The page or the target is no http or https address: a page opened as a file, for one.
    NotHttp,
    /// The user or a policy does not let the page reach the local network.
    LocalNetworkDenied,
    /// Firefox: the request did not succeed. Another line names the cause if that is CORS; otherwise the network
    /// failed: no such host, nobody listening, a bad certificate.
    DidNotSucceed,
    /// `WebKit`: the fetch failed a check, and another line names it.
    AccessControlChecks,
    /// Firefox: a warning that `Access-Control-Allow-Headers: *` will cease to cover `authorization`.
    AuthorizationNotCovered,
}

/// Reads a message as it was pasted: with or without what the console shows before and after it, with its quotation
/// marks changed to plain ones, broken into lines between words, or its last sentence alone.
///
/// Of several messages it takes the first that names a cause.
///
/// ```
/// use cors_core::browser::{Cause, ErrorKind, recognize};
///
/// let text = "index.html:1 Access to fetch at 'https://api.example.com/' from origin 'https://app.example.com' has \
///             been blocked by CORS policy: Method PUT is not allowed by Access-Control-Allow-Methods in preflight \
///             response.";
/// let recognized = recognize(text).unwrap();
/// assert_eq!(recognized.cause, Cause::Error(ErrorKind::MethodDisallowedByPreflightResponse));
/// assert_eq!(recognized.parameter, Some("PUT"));
/// assert_eq!(recognized.origin, Some("https://app.example.com"));
/// assert_eq!(recognize("TypeError: Failed to fetch"), None);
/// ```
pub fn recognize(text: &str) -> Option<Recognized<'_>> {
    let (template, found) = templates()
        .filter_map(|template| Some((template, loose::find(text, template.text)?)))
        .min_by_key(|(template, found)| (template.cause.vagueness(), found.start))?;
    let mut recognized = Recognized {
        engine: template.engine,
        cause: template.cause,
        stage: None,
        kind: None,
        url: None,
        redirected_from: None,
        origin: None,
        parameter: found.parameter,
        status: None,
    };
    match template.engine {
        Engine::Firefox => recognized.read_firefox(text, &found),
        Engine::WebKit => recognized.read_webkit(text, &found),
        Engine::Standard | Engine::Chromium => recognized.read_chromium(text, &found),
    }
    if let Cause::Error(kind) = recognized.cause {
        recognized.stage = kind.stage().or(recognized.stage);
    }
    Some(recognized)
}

impl Cause {
    /// What says more is taken before what says less.
    fn vagueness(self) -> u8 {
        match self {
            Cause::Error(_) | Cause::NotHttp | Cause::LocalNetworkDenied => 0,
            Cause::DidNotSucceed | Cause::AccessControlChecks => 1,
            Cause::AuthorizationNotCovered => 2,
        }
    }
}

/// A text to look for.
#[derive(Clone, Copy)]
struct Template {
    engine: Engine,
    cause: Cause,
    text: &'static str,
}

const fn template(engine: Engine, cause: Cause, text: &'static str) -> Template {
    Template { engine, cause, text }
}

fn templates() -> impl Iterator<Item = Template> {
    let chromium = CHROMIUM.iter().map(|row| template(Engine::Chromium, Cause::Error(row.kind), row.text));
    let firefox = [
        (Cause::Error(ErrorKind::MissingAllowOriginHeader), &firefox::MISSING_ALLOW_ORIGIN),
        (Cause::Error(ErrorKind::MultipleAllowOriginValues), &firefox::MULTIPLE_ALLOW_ORIGIN),
        (Cause::Error(ErrorKind::AllowOriginMismatch), &firefox::ALLOW_ORIGIN_NOT_MATCHING),
        (Cause::Error(ErrorKind::WildcardOriginNotAllowed), &firefox::NOT_SUPPORTING_CREDENTIALS),
        (Cause::Error(ErrorKind::InvalidAllowCredentials), &firefox::MISSING_ALLOW_CREDENTIALS),
        (Cause::Error(ErrorKind::PreflightInvalidStatus), &firefox::PREFLIGHT_DID_NOT_SUCCEED),
        (Cause::Error(ErrorKind::InvalidAllowMethodsPreflightResponse), &firefox::INVALID_ALLOW_METHOD),
        (Cause::Error(ErrorKind::InvalidAllowHeadersPreflightResponse), &firefox::INVALID_ALLOW_HEADER),
        (Cause::Error(ErrorKind::MethodDisallowedByPreflightResponse), &firefox::METHOD_NOT_FOUND),
        (Cause::Error(ErrorKind::HeaderDisallowedByPreflightResponse), &firefox::MISSING_ALLOW_HEADER),
        (Cause::Error(ErrorKind::PreflightDisallowedRedirect), &firefox::EXTERNAL_REDIRECT),
        (Cause::DidNotSucceed, &firefox::DID_NOT_SUCCEED),
        (Cause::AuthorizationNotCovered, &firefox::AUTHORIZATION_NOT_COVERED),
        (Cause::NotHttp, &firefox::NOT_HTTP),
    ]
    .map(|(cause, text)| template(Engine::Firefox, cause, text.reason));
    chromium.chain(firefox).chain(OTHERS)
}

/// Texts that are recognized, and written nowhere or in one case only.
const OTHERS: [Template; 13] = {
    use Engine::{Chromium, WebKit};
    use ErrorKind as Kind;
    [
        template(Chromium, Cause::Error(Kind::DisallowedByMode), CHROMIUM_SAME_ORIGIN),
        template(
            Chromium,
            Cause::NotHttp,
            "Cross origin requests are only supported for protocol schemes: {}.",
        ),
        template(
            Chromium,
            Cause::LocalNetworkDenied,
            "Permission was denied for this request to access the `{}` address space.",
        ),
        template(
            WebKit,
            Cause::Error(Kind::AllowOriginMismatch),
            "Origin {} is not allowed by Access-Control-Allow-Origin.",
        ),
        template(
            WebKit,
            Cause::Error(Kind::WildcardOriginNotAllowed),
            "Cannot use wildcard in Access-Control-Allow-Origin when credentials flag is true.",
        ),
        template(
            WebKit,
            Cause::Error(Kind::MultipleAllowOriginValues),
            "Access-Control-Allow-Origin cannot contain more than one origin.",
        ),
        template(
            WebKit,
            Cause::Error(Kind::InvalidAllowCredentials),
            "Credentials flag is true, but Access-Control-Allow-Credentials is not \"true\".",
        ),
        template(WebKit, Cause::Error(Kind::PreflightInvalidStatus), "Preflight response is not successful."),
        template(
            WebKit,
            Cause::Error(Kind::InvalidAllowMethodsPreflightResponse),
            "Header Access-Control-Allow-Methods has an invalid value: {}",
        ),
        template(
            WebKit,
            Cause::Error(Kind::InvalidAllowHeadersPreflightResponse),
            "Header Access-Control-Allow-Headers has an invalid value: {}",
        ),
        template(
            WebKit,
            Cause::Error(Kind::MethodDisallowedByPreflightResponse),
            "Method {} is not allowed by Access-Control-Allow-Methods.",
        ),
        template(
            WebKit,
            Cause::Error(Kind::HeaderDisallowedByPreflightResponse),
            "Request header field {} is not allowed by Access-Control-Allow-Headers.",
        ),
        template(WebKit, Cause::AccessControlChecks, WEBKIT_LOAD),
    ]
};

const WEBKIT_LOAD: &str = "cannot load {} due to access control checks.";

impl<'t> Recognized<'t> {
    /// `Access to {kind} at '{url}' [(redirected from '{url}') ]from origin '{origin}' has been blocked by CORS policy: `
    fn read_chromium(&mut self, text: &'t str, found: &Found<'t>) {
        let before = text.get(..found.start).unwrap_or_default();
        if let Some(start) = loose::find_last(before, CHROMIUM_CANNOT_LOAD) {
            let end = start.saturating_add(CHROMIUM_CANNOT_LOAD.len());
            self.kind = Some(Api::Fetch.name());
            self.url = before.get(end..).map(|url| url.trim_end().trim_end_matches('.'));
            self.origin = self.parameter.take().map(|origin| origin.trim_end_matches('.'));
            return;
        }
        let Some(start) = loose::find_last(before, "Access to ") else {
            return;
        };
        let Some(head) = before.get(start..) else {
            return;
        };
        self.kind = loose::find(head, "Access to {} at '").and_then(|found| found.parameter);
        self.origin = loose::find(head, "' from origin '{}' has been blocked by CORS policy:")
            .or_else(|| loose::find(head, ") from origin '{}' has been blocked by CORS policy:"))
            .and_then(|found| found.parameter);
        self.redirected_from =
            loose::find(head, " (redirected from '{}') from origin '").and_then(|found| found.parameter);
        let url = if self.redirected_from.is_some() {
            " at '{}' (redirected from '"
        } else {
            " at '{}' from origin '"
        };
        self.url = loose::find(head, url).and_then(|found| found.parameter);
        let is_whole = loose::find(head, CHROMIUM_BLOCKED.trim_end()).is_some();
        let is_preflight = loose::find(head, CHROMIUM_PREFLIGHT.trim_end()).is_some();
        self.stage = match (is_preflight, is_whole) {
            (true, _) => Some(Stage::Preflight),
            (false, true) => Some(Stage::Actual),
            (false, false) => None,
        };
    }

    /// `… the remote resource at {url}. (Reason: {reason}). Status code: {status}.`
    fn read_firefox(&mut self, text: &'t str, found: &Found<'t>) {
        let before = text.get(..found.start).unwrap_or_default();
        let after = text.get(found.end..).unwrap_or_default();
        let head = loose::find_last(before, "remote resource at ").and_then(|start| before.get(start..));
        self.url = head
            .and_then(|head| {
                loose::find(head, "remote resource at {} soon. (Reason:")
                    .or_else(|| loose::find(head, "remote resource at {}. (Reason:"))
            })
            .and_then(|found| found.parameter)
            .map(|url| url.trim_matches(['‘', '’', '\'']));
        self.status = status_at(after, "). Status code: ");
        // Only a failed preflight has this line after its own.
        let follows = loose::find(after, firefox::DID_NOT_SUCCEED.reason).is_some();
        if follows && self.cause != Cause::DidNotSucceed {
            self.stage = Some(Stage::Preflight);
        }
        if self.cause == Cause::Error(ErrorKind::AllowOriginMismatch) {
            let value = self.parameter.unwrap_or_default();
            self.cause = Cause::Error(if is_list(value.bytes()) {
                ErrorKind::MultipleAllowOriginValues
            } else if value == "null" || url::is_valid(value.as_bytes()) {
                ErrorKind::AllowOriginMismatch
            } else {
                ErrorKind::InvalidAllowOriginValue
            });
        }
    }

    fn read_webkit(&mut self, text: &'t str, found: &Found<'t>) {
        self.status = status_at(text.get(found.end..).unwrap_or_default(), " Status code: ");
        self.url = loose::find(text, WEBKIT_LOAD).and_then(|found| found.parameter);
        match self.cause {
            Cause::Error(ErrorKind::AllowOriginMismatch) => self.origin = self.parameter.take(),
            Cause::AccessControlChecks => self.parameter = None,
            _ => {}
        }
    }
}

/// The number at the front of `text`, after `label`.
fn status_at(text: &str, label: &str) -> Option<u16> {
    let rest = text.get(loose::match_front(text, label)?..)?;
    rest.split(|character: char| !character.is_ascii_digit()).next()?.parse().ok()
}
