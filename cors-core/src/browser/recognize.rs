//! [`recognize`]: which message of a browser's console is this?

use crate::browser::cause::Cause;
use crate::browser::check::is_list;
use crate::browser::console::{self, Hole, chromium, firefox, webkit};
use crate::browser::engine::Engine;
use crate::browser::error::{ErrorKind, Stage};
use crate::browser::loose::{self, Found};
use crate::browser::options::Api;
use crate::browser::url;

/// A console message that was recognized.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Recognized<'t> {
    /// Whose message it is.
    pub engine: Engine,
    /// What went wrong.
    pub cause: Cause,
    /// Whether the preflight failed or the request itself, where the message shows it.
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

/// Reads a message as it was pasted: with or without what the console shows before and after it, with its quotation
/// marks changed to plain ones, broken into lines between words, or its last sentence alone.
///
/// It takes the first of several messages that names a cause.
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
    let (engine, row, found) = console::rows()
        .filter_map(|(engine, row)| Some((engine, row, loose::find(text, row.text)?)))
        .min_by_key(|(_, row, found)| (row.cause.vagueness(), found.start))?;
    let mut reading = Reading::new(text, row.cause, found)?;
    match engine {
        Engine::Firefox => reading.read_firefox(),
        Engine::WebKit => reading.read_webkit(),
        Engine::Standard | Engine::Chromium => reading.read_chromium(),
    }
    let Reading { cause, stage, found: Found { parts, .. }, status, .. } = reading;
    let own_stage = match cause {
        Cause::Error(kind) => kind.stage(),
        _ => None,
    };
    Some(Recognized {
        engine,
        cause,
        stage: own_stage.or(stage),
        kind: parts.get(Hole::Kind),
        url: parts.get(Hole::Url),
        redirected_from: parts.get(Hole::RedirectedFrom),
        origin: parts.get(Hole::Origin),
        parameter: parts.get(Hole::Parameter),
        status: parts.get(Hole::Status).and_then(leading_number).or(status),
    })
}

/// A text that was found, and what stands around it.
struct Reading<'t> {
    text: &'t str,
    before: &'t str,
    after: &'t str,
    found: Found<'t>,
    cause: Cause,
    stage: Option<Stage>,
    status: Option<u16>,
}

impl<'t> Reading<'t> {
    fn new(text: &'t str, cause: Cause, found: Found<'t>) -> Option<Self> {
        let (before, after) = (text.get(..found.start)?, text.get(found.end..)?);
        Some(Reading { text, before, after, found, cause, stage: None, status: None })
    }

    /// `Access to {kind} at '{url}' [(redirected from '{url}') ]from origin '{origin}' has been blocked by CORS policy: `,
    /// or `Fetch API cannot load {url}. `
    fn read_chromium(&mut self) {
        let parts = &mut self.found.parts;
        if let Some(origin) = parts.get(Hole::Origin) {
            parts.set(Hole::Origin, origin.trim_end_matches('.'));
        }
        if let Some(start) = loose::find_last(self.before, chromium::CANNOT_LOAD) {
            let end = start.saturating_add(chromium::CANNOT_LOAD.len());
            parts.set(Hole::Kind, Api::Fetch.name());
            if let Some(url) = self.before.get(end..) {
                parts.set(Hole::Url, url.trim_end().trim_end_matches('.'));
            }
            return;
        }
        let head = loose::find_last(self.before, chromium::ACCESS).and_then(|start| self.before.get(start..));
        let Some(head) = head else {
            return;
        };
        self.read_head(head, &chromium::HEAD);
        let has = |text: &str| loose::find(head, text.trim_end()).is_some();
        self.stage = match (has(chromium::PREFLIGHT), has(chromium::BLOCKED)) {
            (true, _) => Some(Stage::Preflight),
            (false, true) => Some(Stage::Actual),
            (false, false) => None,
        };
    }

    /// `… the remote resource at {url}. (Reason: {reason}). Status code: {status}.`
    fn read_firefox(&mut self) {
        let head =
            loose::find_last(self.before, firefox::RESOURCE).and_then(|start| self.before.get(start..));
        self.read_head(head.unwrap_or_default(), &firefox::HEAD);
        let parts = &mut self.found.parts;
        if let Some(url) = parts.get(Hole::Url) {
            parts.set(Hole::Url, url.trim_matches(['‘', '’', '\'']));
        }
        self.status = status_at(self.after, firefox::STATUS);
        // Only a failed preflight has this line after its own.
        let follows = loose::find(self.after, firefox::DID_NOT_SUCCEED).is_some();
        if follows && self.cause != Cause::DidNotSucceed {
            self.stage = Some(Stage::Preflight);
        }
        // Firefox has one text where Chromium has three.
        if self.cause == Cause::Error(ErrorKind::AllowOriginMismatch) {
            let value = parts.get(Hole::Parameter).unwrap_or_default();
            self.cause = Cause::Error(if is_list(value.bytes()) {
                ErrorKind::MultipleAllowOriginValues
            } else if value == "null" || url::is_valid(value.as_bytes()) {
                ErrorKind::AllowOriginMismatch
            } else {
                ErrorKind::InvalidAllowOriginValue
            });
        }
    }

    /// `{text} Status code: {status}`, and a line `… cannot load {url} due to access control checks.`
    fn read_webkit(&mut self) {
        self.status = status_at(self.after, webkit::STATUS);
        self.read_head(self.text, &[webkit::CANNOT_LOAD]);
    }

    /// Takes what the pieces have that is still missing.
    fn read_head(&mut self, head: &'t str, pieces: &[&str]) {
        for found in pieces.iter().filter_map(|piece| loose::find(head, piece)) {
            self.found.parts.complete(&found.parts);
        }
    }
}

/// Returns the number at the front of `text`, after `label`.
fn status_at(text: &str, label: &str) -> Option<u16> {
    leading_number(text.get(loose::match_front(text, label)?..)?)
}

fn leading_number(text: &str) -> Option<u16> {
    text.split(|character: char| !character.is_ascii_digit()).next()?.parse().ok()
}
