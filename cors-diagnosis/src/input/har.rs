//! HAR files, which the network panels of browsers write.
//!
//! A HAR file does not say why a browser refused a response. So each request of another origin is judged by its responses as
//! the engine judges them, and the reader says how sure that is.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};

use cors_core::Origin;
use cors_core::browser::{self, Api, CorsError, CredentialsMode, Engine, ErrorKind, Mode, Stage};
use serde::Serialize;

use super::{is_browsers_own, origin_of, secret};
use crate::case::{Case, Exchange, Fetch, Response};
use crate::json::Json;
use crate::message::topics as about;
use crate::message::{self, Cause, Message, Source};

/// A request of another origin, with its preflight, and what came of it.
#[derive(Clone, Debug)]
pub struct Entry {
    /// What is known of it.
    pub case: Case,
    /// Why it was blocked; nothing if it passed.
    pub cause: Option<Cause>,
    /// Whether the preflight failed or the request itself.
    pub stage: Option<Stage>,
    /// The value, method or header at fault.
    pub parameter: Option<String>,
    /// How sure that is.
    pub certainty: Certainty,
    /// Why it is not surer, or what was seen besides.
    pub note: Option<&'static str>,
}

/// How sure a conclusion is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Certainty {
    /// The responses show it.
    Certain,
    /// The browser refused the response, and nothing else can be the reason.
    ByElimination,
    /// Other causes would look the same.
    Ambiguous,
}

impl Certainty {
    /// Returns the name, as in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Certainty::Certain => "certain",
            Certainty::ByElimination => "by-elimination",
            Certainty::Ambiguous => "ambiguous",
        }
    }

    /// Returns the words for a person.
    pub fn title(self) -> &'static str {
        match self {
            Certainty::Certain => "certain",
            Certainty::ByElimination => "by elimination",
            Certainty::Ambiguous => "not certain",
        }
    }
}

impl Entry {
    /// Returns true if the request was blocked or failed.
    pub fn is_blocked(&self) -> bool {
        self.cause.is_some()
    }

    /// Returns true for a request that passed, and would not have passed with credentials, as far as the file shows.
    pub fn is_lucky(&self) -> bool {
        self.cause.is_none() && self.certainty == Certainty::Ambiguous
    }

    /// Returns the entry as the message that a console would show, which is what an [`Answer`](crate::Answer) is to.
    pub fn message(&self) -> Option<Message> {
        let fetch = self.case.fetch.as_ref()?;
        let response = self.case.exchanges.iter().rev().find_map(|exchange| exchange.response.as_ref());
        Some(Message {
            source: match self.case.engine {
                Some(Engine::Firefox) => Source::Firefox,
                Some(Engine::WebKit) => Source::WebKit,
                Some(Engine::Chromium) => Source::Chromium,
                _ => Source::Script,
            },
            versions: "any",
            language: "en",
            cause: self.cause?,
            stage: self.stage,
            kind: Some(fetch.api.name().to_owned()),
            url: Some(fetch.url.clone()),
            redirected_from: fetch.redirected_from.clone(),
            origin: self.case.page.clone(),
            parameter: self.parameter.clone(),
            status: response.map(|response| response.status),
        })
    }
}

/// What is read of an entry of the file. Addresses are whole here, to be compared, and are not kept.
struct Raw {
    method: String,
    url: String,
    request: Vec<(String, String)>,
    status: u16,
    response: Vec<(String, String)>,
    error: Option<String>,
    kind: String,
    is_cached: bool,
    location: String,
    page: Option<String>,
    /// Whether Firefox says that it sent the request: its head has a size.
    was_sent: bool,
}

/// Reads a HAR file. Returns a sentence that says what is wrong with one that is none.
pub fn har(text: &str) -> Result<Vec<Entry>, String> {
    let text = text.trim_start_matches('\u{feff}');
    let file = Json::read(text)
        .map_err(|place| format!("not JSON, or cut: line {}, column {}", place.line, place.column))?;
    let log = file.get("log");
    let Some((log, entries)) = log.and_then(|log| Some((log, log.get("entries")?.list()?))) else {
        return Err("not a HAR file: it has no log with entries; save it from the network panel".to_owned());
    };
    let creator = text_of(log.get("creator").and_then(|creator| creator.get("name")));
    let engine = match &*creator {
        "WebInspector" => Some(Engine::Chromium),
        "Firefox" => Some(Engine::Firefox),
        _ if creator.starts_with("WebKit") => Some(Engine::WebKit),
        _ => None,
    };
    let titles: Titles<'_> = list_of(log.get("pages"))
        .iter()
        .map(|page| (text_of(page.get("id")), text_of(page.get("title"))))
        .collect();
    let raws: Vec<Raw> = entries
        .iter()
        .map(|entry| Raw::of(entry, &titles))
        .filter(|raw| raw.url.starts_with("http://") || raw.url.starts_with("https://"))
        .collect();
    Ok(Reader::new(engine, raws).entries())
}

/// The titles of the pages, by what entries call them.
type Titles<'t> = HashMap<Cow<'t, str>, Cow<'t, str>>;

fn text_of<'t>(value: Option<&Json<'t>>) -> Cow<'t, str> {
    value.and_then(Json::text).unwrap_or_default()
}

fn list_of<'v, 't>(value: Option<&'v Json<'t>>) -> &'v [Json<'t>] {
    value.and_then(Json::list).unwrap_or_default()
}

fn fields(value: Option<&Json<'_>>) -> Vec<(String, String)> {
    list_of(value)
        .iter()
        .map(|field| {
            (text_of(field.get("name")).to_ascii_lowercase(), text_of(field.get("value")).into_owned())
        })
        .filter(|(name, _)| !name.is_empty() && !name.starts_with(':'))
        .collect()
}

fn get<'f>(fields: &'f [(String, String)], name: &str) -> Option<&'f str> {
    fields.iter().find(|(other, _)| other == name).map(|(_, value)| value.as_str())
}

impl Raw {
    fn of(entry: &Json<'_>, titles: &Titles<'_>) -> Self {
        let (request, response) = (entry.get("request"), entry.get("response"));
        let part = |of: Option<&Json<'_>>, name: &str| text_of(of.and_then(|of| of.get(name))).into_owned();
        let error = response.and_then(|response| response.get("_error")).or_else(|| entry.get("_error"));
        let status =
            response.and_then(|response| response.get("status")).and_then(Json::whole_number).unwrap_or(0);
        let title = entry.get("pageref").and_then(Json::text).and_then(|id| titles.get(&id));
        let stack = entry.get("_initiator").and_then(|initiator| initiator.get("stack"));
        let frames = list_of(stack.and_then(|stack| stack.get("callFrames")));
        let script = frames.iter().map(|frame| text_of(frame.get("url"))).find(|url| !url.is_empty());
        let request_fields = fields(request.and_then(|request| request.get("headers")));
        let referer = get(&request_fields, "referer").map(str::to_owned);
        let page =
            title.and_then(|title| origin_of(title)).or_else(|| referer.as_deref().and_then(origin_of));
        Raw {
            method: part(request, "method"),
            url: part(request, "url"),
            status: u16::try_from(status).unwrap_or(0),
            response: fields(response.and_then(|response| response.get("headers"))),
            error: error.and_then(Json::text).map(Cow::into_owned),
            kind: text_of(entry.get("_resourceType")).into_owned(),
            is_cached: !text_of(entry.get("_fromCache")).is_empty(),
            location: part(response, "redirectURL"),
            page: page.or_else(|| script.and_then(|script| origin_of(&script))),
            was_sent: request.and_then(|request| request.get("headersSize")).and_then(Json::whole_number)
                != Some(0),
            request: request_fields,
        }
    }

    fn is_preflight(&self) -> bool {
        self.kind == "preflight"
            || (self.method == "OPTIONS" && get(&self.request, "access-control-request-method").is_some())
    }

    fn is_navigation(&self) -> bool {
        self.kind == "document" || get(&self.request, "sec-fetch-mode") == Some("navigate")
    }

    fn origin(&self) -> Option<&str> {
        get(&self.request, "origin").filter(|origin| !origin.is_empty())
    }

    fn response(&self) -> Option<Response> {
        (self.status > 0).then(|| Response {
            status: self.status,
            headers: self.response.iter().map(|(name, value)| secret::field(name, value)).collect(),
        })
    }

    fn exchange(&self) -> Exchange {
        Exchange { is_preflight: self.is_preflight(), url: secret::url(&self.url), response: self.response() }
    }

    /// Returns true if the browser says that it refused the response.
    fn is_refused(&self) -> bool {
        self.error.as_deref() == Some("net::ERR_FAILED")
    }

    /// Returns the topic of a network error that has nothing to do with CORS.
    fn network_error(&self) -> Option<Cause> {
        let error = self.error.as_deref().filter(|error| error.starts_with("net::ERR_"))?;
        let told = message::read(error).into_iter().next()?.cause;
        (told != Cause::Topic(&about::NET_FAILED)).then_some(told)
    }
}

struct Reader {
    engine: Option<Engine>,
    raws: Vec<Raw>,
    /// By the address to which it leads, the first redirect there.
    redirects: HashMap<String, usize>,
    /// The page of the file, for requests that do not say theirs.
    page: Option<String>,
}

/// The requests that have no preflight yet, by their addresses and methods. Looking one up takes time that does not grow with their
/// number.
#[derive(Default)]
struct Waiting<'r> {
    places: HashMap<(&'r str, Option<&'r str>), BTreeSet<usize>>,
}

impl<'r> Waiting<'r> {
    fn add(&mut self, raw: &'r Raw, index: usize) {
        for method in [None, Some(raw.method.as_str())] {
            self.places.entry((&raw.url, method)).or_default().insert(index);
        }
    }

    fn remove(&mut self, raw: &'r Raw, index: usize) {
        for method in [None, Some(raw.method.as_str())] {
            if let Some(places) = self.places.get_mut(&(raw.url.as_str(), method)) {
                places.remove(&index);
            }
        }
    }

    /// Returns the request that is nearest to a preflight for that method, or for any.
    fn nearest(&self, url: &'r str, method: Option<&'r str>, index: usize) -> Option<usize> {
        let places = self.places.get(&(url, method))?;
        let before = places.range(..index).next_back();
        let after = places.range(index..).next();
        before.into_iter().chain(after).copied().min_by_key(|place| place.abs_diff(index))
    }
}

/// A conclusion.
struct Verdict {
    cause: Option<Cause>,
    stage: Option<Stage>,
    parameter: Option<String>,
    certainty: Certainty,
    note: Option<&'static str>,
    credentials: Option<bool>,
}

impl Verdict {
    fn new(cause: Option<Cause>, certainty: Certainty, note: Option<&'static str>) -> Self {
        Verdict { cause, stage: None, parameter: None, certainty, note, credentials: None }
    }

    fn passed() -> Self {
        Verdict::new(None, Certainty::Certain, None)
    }

    fn of_error(error: &CorsError<'_>, certainty: Certainty) -> Self {
        let parameter = error.parameter().to_string();
        Verdict {
            stage: Some(error.stage()),
            parameter: (!parameter.is_empty()).then_some(parameter),
            ..Verdict::new(Some(Cause::Error(error.kind())), certainty, None)
        }
    }
}

impl Reader {
    fn new(engine: Option<Engine>, raws: Vec<Raw>) -> Self {
        let leads_on =
            |raw: &&Raw| !raw.location.is_empty() && raw.location != raw.url && !raw.is_preflight();
        let mut redirects = HashMap::new();
        for (index, raw) in raws.iter().enumerate().filter(|(_, raw)| leads_on(raw)) {
            redirects.entry(raw.location.clone()).or_insert(index);
        }
        let navigation = raws.iter().find(|raw| raw.is_navigation()).and_then(|raw| origin_of(&raw.url));
        let page = navigation.or_else(|| raws.iter().find_map(|raw| raw.page.clone()));
        Reader { engine, raws, redirects, page }
    }

    fn entries(&self) -> Vec<Entry> {
        let mut preflight_of: Vec<Option<&Raw>> = vec![None; self.raws.len()];
        let mut alone: Vec<&Raw> = Vec::new();
        let mut waiting = Waiting::default();
        for (index, raw) in self.raws.iter().enumerate().filter(|(_, raw)| !raw.is_preflight()) {
            waiting.add(raw, index);
        }
        for (index, preflight) in self.raws.iter().enumerate().filter(|(_, raw)| raw.is_preflight()) {
            let asked = get(&preflight.request, "access-control-request-method");
            let nearest = waiting.nearest(&preflight.url, asked, index);
            match nearest
                .and_then(|nearest| Some((self.raws.get(nearest)?, preflight_of.get_mut(nearest)?, nearest)))
            {
                Some((main, slot, nearest)) => {
                    waiting.remove(main, nearest);
                    *slot = Some(preflight);
                }
                None => alone.push(preflight),
            }
        }
        let mains = self.raws.iter().zip(preflight_of).filter(|(raw, _)| !raw.is_preflight());
        let mut entries: Vec<Entry> =
            mains.filter_map(|(raw, preflight)| self.entry(Some(raw), preflight)).collect();
        entries.extend(alone.into_iter().filter_map(|preflight| self.entry(None, Some(preflight))));
        entries
    }

    fn entry(&self, main: Option<&Raw>, preflight: Option<&Raw>) -> Option<Entry> {
        let raw = main.or(preflight)?;
        if main.is_some_and(Raw::is_navigation) {
            return None;
        }
        let redirect = self.redirects.get(&raw.url).and_then(|&index| self.raws.get(index));
        let sent = [main, preflight].into_iter().flatten().find_map(Raw::origin);
        let of_redirect =
            || redirect.and_then(|redirect| redirect.origin().map(str::to_owned).or(redirect.page.clone()));
        let page = sent
            .filter(|origin| *origin != "null" || redirect.is_none())
            .map(str::to_owned)
            .or_else(of_redirect)
            .or_else(|| raw.page.clone())
            // Workers have no page of their own in the file.
            .or_else(|| self.page.clone())?;
        if origin_of(&raw.url).as_deref() == Some(page.as_str()) && redirect.is_none() {
            return None;
        }
        let fetch = fetch_of(raw, main, preflight, redirect);
        let mut verdict = self.verdict(&fetch, sent.unwrap_or(&page), main, preflight)?;
        if main.is_some_and(|main| main.is_cached) && verdict.note.is_none() {
            verdict.note = Some("the response came from the browser's cache");
        }
        let exchanges = [preflight, main].into_iter().flatten().map(Raw::exchange).collect();
        let fetch = Fetch { credentials: verdict.credentials.or(fetch.credentials), ..fetch };
        Some(Entry {
            case: Case {
                page: Some(page),
                engine: self.engine,
                fetch: Some(fetch),
                exchanges,
                message: None,
            },
            cause: verdict.cause,
            stage: verdict.stage,
            parameter: verdict.parameter,
            certainty: verdict.certainty,
            note: verdict.note,
        })
    }

    /// Returns the conclusion; nothing for a request to which CORS does not apply, and that passed.
    fn verdict(
        &self,
        fetch: &Fetch,
        sent: &str,
        main: Option<&Raw>,
        preflight: Option<&Raw>,
    ) -> Option<Verdict> {
        if let Some(cause) = main.and_then(Raw::network_error) {
            let is_no_cors = fetch.mode == Mode::NoCors
                || main.is_some_and(|main| main.origin().is_none() && main.status > 0);
            // Chromium writes it beside a response of the mode no-cors, which is not read.
            if cause == Cause::Topic(&about::ABORTED) && is_no_cors {
                return None;
            }
            return Some(Verdict::new(Some(cause), Certainty::Certain, None));
        }
        let engine = self.engine.unwrap_or(Engine::Standard);
        if let Some(verdict) = mixed_content(fetch, sent, engine, main) {
            return Some(verdict);
        }
        if fetch.mode == Mode::NoCors {
            return None;
        }
        let origin = Origin::parse(sent.as_bytes()).ok()?;
        let headers = fetch.headers();
        let judged = |credentials| browser::Fetch {
            method: &fetch.method,
            headers: &headers,
            credentials,
            api: fetch.api,
            mode: Mode::Cors,
            ..browser::Fetch::new(origin, &fetch.url)
        };
        let without = judged(if fetch.credentials == Some(true) {
            CredentialsMode::Include
        } else {
            CredentialsMode::SameOrigin
        });
        let with = judged(CredentialsMode::Include);
        let preflight_response = preflight.and_then(Raw::response);
        let response = main.and_then(Raw::response);
        if preflight.is_some() && preflight_response.is_none() {
            let cause = Cause::Topic(&about::PREFLIGHT_UNANSWERED);
            return Some(Verdict {
                stage: Some(Stage::Preflight),
                ..Verdict::new(Some(cause), Certainty::Certain, None)
            });
        }
        let mut with_error = None;
        if let Some(response) = &preflight_response {
            let headers = response.headers();
            let response = browser::Response { status: response.status, headers: &headers };
            if let Err(error) = without.check_preflight(engine, &response) {
                return Some(Verdict::of_error(&error, Certainty::Certain));
            }
            let error = with.check_preflight(engine, &response).err();
            with_error = error.map(|error| Verdict::of_error(&error, Certainty::ByElimination));
        }
        if let Some(response) = &response {
            // Without Origin it was not asked for by CORS, or came from the cache.
            let raw = main?;
            if raw.origin().is_none() && !raw.is_cached && preflight.is_none() && !raw.is_refused() {
                return None;
            }
            // A response that only says that a copy is still good: the copy has the fields.
            let is_freshening = raw.status == 304
                && !fetch.is_conditional()
                && get(&raw.response, "access-control-allow-origin").is_none();
            if is_freshening && !raw.is_refused() {
                return Some(Verdict::passed());
            }
            let headers = response.headers();
            let response = browser::Response { status: response.status, headers: &headers };
            if let Err(error) = without.check_response(engine, &response) {
                return Some(Verdict::of_error(&error, Certainty::Certain));
            }
            if with_error.is_none() {
                let error = with.check_response(engine, &response).err();
                with_error = error.map(|error| Verdict::of_error(&error, Certainty::ByElimination));
            }
        }
        Some(self.concluded(fetch, main, preflight.is_some(), with_error))
    }

    /// Returns the conclusion from responses that pass without credentials, and `with_error` is the verdict with them.
    fn concluded(
        &self,
        fetch: &Fetch,
        main: Option<&Raw>,
        has_preflight: bool,
        with_error: Option<Verdict>,
    ) -> Verdict {
        let is_known = fetch.credentials == Some(true);
        match (with_error, main) {
            (Some(verdict), Some(main)) if main.is_refused() => {
                Verdict { credentials: Some(true), ..verdict }
            }
            (_, Some(main)) if main.status == 0 => unanswered(self.engine, main, has_preflight),
            (_, Some(main)) if main.is_refused() => Verdict::new(
                Some(Cause::Topic(&about::NET_FAILED)),
                Certainty::Ambiguous,
                Some(
                    "the responses would pass, and the browser refused one all the same: an extension, or a service worker",
                ),
            ),
            (Some(_), _) if self.engine != Some(Engine::Chromium) && !is_known => Verdict::new(
                None,
                Certainty::Ambiguous,
                Some(
                    "it passed, or was blocked if the page asks with credentials: the file does not say which",
                ),
            ),
            (_, None) => Verdict::new(
                None,
                Certainty::Ambiguous,
                Some("the preflight passes, and the request itself is not in the file"),
            ),
            _ => Verdict::passed(),
        }
    }
}

/// Returns what the page asked for.
fn fetch_of(raw: &Raw, main: Option<&Raw>, preflight: Option<&Raw>, redirect: Option<&Raw>) -> Fetch {
    let mut fetch = Fetch::new(secret::url(&raw.url));
    fetch.redirected_from = redirect.map(|redirect| secret::url(&redirect.url));
    let asked = |name| preflight.and_then(|preflight| get(&preflight.request, name));
    let method = asked("access-control-request-method").unwrap_or(&raw.method);
    let is_token =
        method.len() <= 24 && method.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'-');
    fetch.method = if is_token && !method.is_empty() { method.to_owned() } else { "GET".to_owned() };
    fetch.headers = match asked("access-control-request-headers") {
        Some(names) => names
            .split(',')
            .map(str::trim)
            .filter(|name| !name.is_empty())
            .map(|name| {
                // The request itself has the value, if it is in the file.
                let value = main.and_then(|main| get(&main.request, &name.to_ascii_lowercase()));
                value.map_or_else(
                    || (name.to_ascii_lowercase(), secret::WITHHELD.to_vec()),
                    |value| secret::field(name, value),
                )
            })
            .collect(),
        None if preflight.is_some() => Vec::new(),
        None => {
            let own = raw.request.iter().filter(|(name, _)| !is_browsers_own(name));
            own.map(|(name, value)| secret::field(name, value)).collect()
        }
    };
    fetch.api = match raw.kind.as_str() {
        "xhr" => Api::XmlHttpRequest,
        "script" => Api::Script,
        "image" => Api::Image,
        "font" => Api::Font,
        _ => Api::Fetch,
    };
    if main.is_some_and(|main| get(&main.request, "cookie").is_some()) {
        fetch.credentials = Some(true);
    }
    if main.is_some_and(|main| get(&main.request, "sec-fetch-mode") == Some("no-cors")) {
        fetch.mode = Mode::NoCors;
    }
    fetch
}

/// Returns the conclusion for an http address that a page of https asked, and that had no response.
fn mixed_content(fetch: &Fetch, sent: &str, engine: Engine, main: Option<&Raw>) -> Option<Verdict> {
    let origin = Origin::parse(sent.as_bytes()).ok()?;
    let stopped = browser::Fetch::new(origin, &fetch.url).check_address(engine).err()?;
    if stopped != CorsError::MixedContent || main.is_some_and(|main| main.status != 0) {
        return None;
    }
    let is_said = main.is_some_and(|main| main.error.as_deref() == Some(""));
    let certainty = if is_said { Certainty::Certain } else { Certainty::ByElimination };
    Some(Verdict::new(Some(Cause::Error(ErrorKind::MixedContent)), certainty, None))
}

/// Returns the conclusion for a request without a response and without a reason.
fn unanswered(engine: Option<Engine>, main: &Raw, has_preflight: bool) -> Verdict {
    let was_sent = main.was_sent || has_preflight;
    let (cause, note) = match engine {
        Some(Engine::Chromium) => (
            &about::NOT_SENT,
            "local network access, a service worker, or a preflight that is not in the file would look the same",
        ),
        _ if was_sent => (
            &about::DID_NOT_SUCCEED,
            "a server that is down, its name, its certificate, the local network, and an end by the page would look the same",
        ),
        _ => (
            &about::NOT_SENT,
            "a Content-Security-Policy, a service worker, or a preflight that is not in the file would look the same",
        ),
    };
    Verdict::new(Some(Cause::Topic(cause)), Certainty::Ambiguous, Some(note))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_har_file() {
        for (text, expected) in [
            ("", "not JSON"),
            ("{\"log\": {\"entries\": [", "not JSON, or cut"),
            ("{}", "no log"),
            ("{\"log\": {\"entries\": 1}}", "no log"),
        ] {
            let error = har(text).unwrap_err();
            assert!(error.contains(expected), "{error}");
        }
        assert!(har("{\"log\": {\"entries\": [1, null, {}]}}").unwrap().is_empty());
    }

    /// B4: what is mixed content is the model's to say, of each engine.
    #[test]
    fn mixed_content_by_engine() {
        for (url, engine, expected) in [
            ("http://api.example.com/", Engine::Chromium, true),
            ("https://api.example.com/", Engine::Chromium, false),
            ("http://localhost:3000/", Engine::Chromium, false),
            ("http://localhost:3000/", Engine::WebKit, true),
            ("http://192.168.1.1/", Engine::Chromium, false),
        ] {
            let fetch = Fetch::new(url);
            let verdict = mixed_content(&fetch, "https://app.example.com", engine, None);
            assert_eq!(verdict.is_some(), expected, "{url} {engine:?}");
        }
    }
}
