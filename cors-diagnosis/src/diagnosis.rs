//! [`diagnose`]: one way in for whatever a person has in hand, and one kind of answer.

use std::fmt;

use cors_core::browser::{ErrorKind, Stage};
use cors_core::explain::Clue;
use serde::Serialize;

use crate::answer::responses::{Answered, follow, not_modified, without_origin};
use crate::answer::{is_about_origin, of_redirect};
use crate::besides::Besides;
use crate::case::{Case, Exchange, Fetch, Response};
use crate::contradiction::Said;
use crate::input::{
    Certainty, Entry, Head, Input, curls, decoded, fetch_calls, har, heads, powershell, shown_url,
};
use crate::judge::Missing;
use crate::message::{self, Cause, Message, TopicKind};
use crate::printable::printable;
use crate::question;
use crate::stack::{Lines, NO_CORS, proxy};
use crate::{Answer, Wanted};

/// What is said about a text.
#[derive(Clone, Debug, Serialize)]
pub struct Diagnosis {
    /// What the text is.
    pub input: Input,
    /// The messages of a text; the requests of a HAR file that were blocked, or were lucky; the copied requests.
    pub findings: Vec<Finding>,
    /// The other requests of other origins in a HAR file, which passed.
    pub passed: usize,
    /// Sentences about the whole.
    pub notes: Vec<String>,
}

/// How a request ended, or what a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// The browser kept the response from the page because of CORS, or did not send the request.
    Blocked,
    /// It failed, and not because of CORS.
    Failed,
    /// It passed, and would not have passed with credentials, as far as a file shows.
    Lucky,
    /// By the responses, the page reads the response.
    Allowed,
    /// A request without a response.
    Asked,
    /// A note or a warning: nothing was stopped.
    Noted,
}

/// One message or one request, and the answer to it.
#[derive(Clone, Debug, Serialize)]
pub struct Finding {
    /// How it ended.
    pub verdict: Verdict,
    /// What is said about it.
    pub answer: Answer,
    /// How it has to do with CORS.
    pub about: TopicKind,
    /// How sure it is, for a request of a HAR file.
    pub certainty: Option<Certainty>,
    /// Whose message it is: `chromium`, `firefox`, `script` and others.
    pub source: Option<&'static str>,
    /// The versions that write such a message.
    pub versions: Option<&'static str>,
    /// The message's language.
    pub language: Option<&'static str>,
    /// The page's origin.
    pub page: Option<String>,
    /// The address.
    pub url: Option<String>,
    /// The address that redirected to that.
    pub redirected_from: Option<String>,
    /// The method.
    pub method: Option<String>,
    /// The names of the headers that the page sets.
    pub headers: Vec<String>,
    /// Whether the page asks with credentials, where that is known.
    pub credentials: Option<bool>,
    /// Which response is at fault: `preflight` or `actual`.
    pub stage: Option<&'static str>,
    /// The value, the method or the name at fault.
    pub parameter: Option<String>,
    /// The status of the answer to the preflight.
    pub preflight_status: Option<u16>,
    /// The status of the response.
    pub status: Option<u16>,
    /// What the responses show beyond the fields of CORS.
    pub clues: Vec<FoundClue>,
    /// The lines for the server's software.
    pub snippet: Option<Lines>,
    /// A policy and the command that puts it before a server of somebody else's.
    pub proxy: Option<String>,
    /// What would make the answer exact, as names: `origin`, `method`, `header`.
    pub missing: Vec<&'static str>,
    /// What is known of the request: see [`Case::by_responses`] for a drawing.
    #[serde(skip)]
    pub case: Case,
    /// The message.
    #[serde(skip)]
    pub message: Option<Message>,
}

/// A clue, in words.
#[derive(Clone, Debug, Serialize)]
pub struct FoundClue {
    /// Its name.
    pub clue: &'static str,
    /// Which response shows it.
    pub stage: Option<&'static str>,
    /// What is seen.
    pub text: String,
    /// What to change.
    pub advice: String,
    /// The header that the page cannot read, where it is about one.
    #[serde(skip)]
    pub header: Option<String>,
}

/// Why there is no answer. [`Display`](fmt::Display) writes it whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Refusal {
    /// What the text is, where that is known.
    pub input: Option<Input>,
    /// What is wrong.
    pub what: String,
    /// Where to look, or what to add.
    pub hints: Vec<String>,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)?;
        self.hints.iter().try_for_each(|hint| write!(f, "\n- {hint}"))
    }
}

impl std::error::Error for Refusal {}

/// The most bytes of a text that is not a HAR file: more than any console shows.
const MAX_TEXT_LEN: usize = 1 << 20;

/// Reads whatever a person has in hand, tells what it is by its content, and answers.
///
/// ```
/// use cors_diagnosis::{Besides, diagnose};
///
/// let text = "Access to fetch at 'https://api.example.com/' from origin 'https://app.example.com' has been blocked by CORS policy: \
///             No 'Access-Control-Allow-Origin' header is present on the requested resource.";
/// let diagnosis = diagnose(text.as_bytes(), &Besides::default())?;
/// assert!(diagnosis.findings[0].answer.act.starts_with("Send `Access-Control-Allow-Origin: https://app.example.com`"));
/// # Ok::<(), cors_diagnosis::Refusal>(())
/// ```
pub fn diagnose(bytes: &[u8], besides: &Besides) -> Result<Diagnosis, Refusal> {
    let text = decoded(bytes);
    let input = Input::of(&text);
    if input != Input::Har && text.len() > MAX_TEXT_LEN {
        let what = "too long for a message or a request; give the lines that matter";
        return Err(Refusal::new(Some(input), what));
    }
    diagnose_as(input, &text, besides)
}

/// Reads a text of this kind, and answers.
pub fn diagnose_as(input: Input, text: &str, besides: &Besides) -> Result<Diagnosis, Refusal> {
    let refused = |what: String| Refusal::new(Some(input), what);
    match input {
        Input::Message => of_messages(text, besides),
        Input::Har => {
            let entries = har(text).map_err(refused)?;
            let is_told = |entry: &&Entry| entry.is_blocked() || entry.is_lucky();
            let passed = entries.iter().filter(|entry| !is_told(entry)).count();
            let findings =
                entries.iter().filter(is_told).map(|entry| Finding::of_entry(entry, besides)).collect();
            Ok(Diagnosis { input, findings, passed, notes: Vec::new() })
        }
        Input::Curl => of_requests(input, curls(text), besides),
        Input::PowerShell => of_requests(input, vec![powershell(text)], besides),
        Input::FetchCall => of_requests(input, fetch_calls(text), besides),
        Input::ResponseHead => of_response(text, &Case::default(), besides),
        Input::Address => Err(Refusal {
            input: Some(input),
            what: "an address alone does not show why it is blocked".to_owned(),
            hints: vec![format!(
                "ask its server as a browser would: cors probe {} --origin https://app.example.com",
                crate::shell::word(&printable(&shown_url(text.trim())))
            )],
        }),
        Input::Policy => Err(Refusal::new(
            Some(input),
            "a policy is explained for a page; add --origin https://app.example.com, the page's origin",
        )),
    }
}

impl Refusal {
    fn new(input: Option<Input>, what: impl Into<String>) -> Self {
        Refusal { input, what: what.into(), hints: Vec::new() }
    }

    /// Returns what is wrong with a text that was to be a request, such as `wget …` or a call of axios.
    fn without_request(input: Input) -> Self {
        let (what, how) = match input {
            Input::FetchCall => ("a call of fetch", "Copy as fetch"),
            _ => ("a command line of curl", "Copy as cURL"),
        };
        let hints = [
            format!("the network panel of the browser has the request, whatever made it: its menu has \"{how}\""),
            "the request can be described: cors explain --stack NAME --origin https://app.example.com --method PUT".to_owned(),
        ];
        Refusal {
            input: Some(input),
            what: format!("there is not {what} in it"),
            hints: hints.into_iter().collect(),
        }
    }

    fn unknown(text: &str) -> Self {
        let what = if text.trim().is_empty() {
            "the text is empty"
        } else {
            "nothing in this text is known to be about CORS, or to be taken for it"
        };
        let hints = [
            "the browser's console (F12) has a line that begins with \"Access to fetch at …\" (Chrome, Edge), \"Cross-Origin Request \
             Blocked\" (Firefox) or \"Origin … is not allowed by\" (Safari): paste that, with the lines around it",
            "the network panel has the request and its preflight: save all as HAR, and `cors explain --har FILE`",
            "the server can be asked as a browser would: `cors probe URL --origin https://app.example.com`",
        ];
        Refusal {
            input: Some(Input::Message),
            what: what.to_owned(),
            hints: hints.into_iter().map(str::to_owned).collect(),
        }
    }
}

fn of_messages(text: &str, besides: &Besides) -> Result<Diagnosis, Refusal> {
    let messages = message::read(text);
    let mut notes = Vec::new();
    if text.contains("no-cors") && messages.first().is_some_and(|message| message.cause.is_cors()) {
        notes.push(NO_CORS.to_owned());
    }
    let findings: Vec<Finding> = messages.into_iter().map(|message| of_message(message, besides)).collect();
    if findings.is_empty() {
        // A call within a line of a program.
        let calls: Vec<_> = fetch_calls(text).into_iter().flatten().map(Ok).collect();
        if !calls.is_empty() {
            return of_requests(Input::FetchCall, calls, besides);
        }
        return match question::answer(text, besides) {
            Some(finding) => {
                Ok(Diagnosis { input: Input::Message, findings: vec![finding], passed: 0, notes })
            }
            None => Err(Refusal::unknown(text)),
        };
    }
    Ok(Diagnosis { input: Input::Message, findings, passed: 0, notes })
}

fn of_message(mut message: Message, besides: &Besides) -> Finding {
    complete_name(&mut message, besides);
    let (besides, contradictions) = Said::of_message(&message).before(besides);
    let besides = &besides;
    if besides.page.is_some() {
        // What is not an origin, such as `https://…`.
        message.origin.take();
    }
    let mut case = Case {
        page: message.origin.clone(),
        engine: message.engine(),
        fetch: message
            .url
            .as_deref()
            .map(|url| Fetch { redirected_from: message.redirected_from.clone(), ..Fetch::new(url) }),
        exchanges: Vec::new(),
        message: Some(message.clone()),
    };
    besides.complete(&mut case);
    let mut answer = Answer::to_message(&message, case.page.as_deref());
    answer.notes.splice(0..0, contradictions);
    let verdict = match (message.cause, message.cause.kind()) {
        (Cause::Error(_), _) | (_, TopicKind::Cors) => Verdict::Blocked,
        (_, TopicKind::Warning) => Verdict::Noted,
        (_, TopicKind::NotCors | TopicKind::Unknown) => Verdict::Failed,
    };
    let mut finding = Finding::new(verdict, answer, message.cause.kind(), case);
    // What stands for an address that is not known is not shown, nor a method that nobody has said.
    finding.url = besides.url.as_deref().map(shown_url).or_else(|| message.url.clone());
    finding.redirected_from.clone_from(&message.redirected_from);
    finding.method.clone_from(&besides.method);
    finding.source = Some(message.source.name());
    finding.versions = Some(message.versions);
    finding.language = Some(message.language);
    finding.stage = message.stage.map(Stage::name);
    finding.parameter.clone_from(&message.parameter);
    finding.status = message.status;
    finding.message = Some(message);
    finding.finish(besides);
    finding
}

/// Completes a name in which the message is cut by the only one that begins so.
fn complete_name(message: &mut Message, besides: &Besides) {
    let Some(start) = message.cut_parameter().filter(|start| !start.is_empty()) else { return };
    let begins_so =
        |name: &&str| name.get(..start.len()).is_some_and(|front| front.eq_ignore_ascii_case(start));
    let mut names: Vec<&str> = match message.cause {
        Cause::Error(ErrorKind::HeaderDisallowedByPreflightResponse) => {
            besides.headers.iter().map(|(name, _)| name.as_str()).collect()
        }
        Cause::Error(ErrorKind::MethodDisallowedByPreflightResponse) => {
            besides.method.as_deref().into_iter().collect()
        }
        _ => return,
    };
    names.retain(begins_so);
    if let [name] = *names {
        let is_method = message.cause == Cause::Error(ErrorKind::MethodDisallowedByPreflightResponse);
        message.parameter = Some(if is_method { name.to_owned() } else { name.to_ascii_lowercase() });
    }
}

fn of_requests(
    input: Input,
    cases: Vec<Result<Case, String>>,
    besides: &Besides,
) -> Result<Diagnosis, Refusal> {
    let mut findings = Vec::new();
    let mut refusal = None;
    for case in cases {
        match case {
            Ok(case) => findings.push(of_request(case, besides)?),
            Err(what) => refusal = refusal.or(Some(Refusal::new(Some(input), what))),
        }
    }
    match (findings.is_empty(), refusal) {
        (true, Some(refusal)) => Err(refusal),
        (true, None) => Err(Refusal::without_request(input)),
        (false, _) => Ok(Diagnosis { input, findings, passed: 0, notes: Vec::new() }),
    }
}

fn of_request(mut case: Case, besides: &Besides) -> Result<Finding, Refusal> {
    let contradictions = besides.complete(&mut case);
    let (mut answer, about) = Answer::to_request(&case, &besides.exposed).map_err(lacks)?;
    answer.notes.splice(0..0, contradictions);
    let verdict =
        if about == TopicKind::NotCors && is_unsent(&answer) { Verdict::Blocked } else { Verdict::Asked };
    let mut finding = Finding::new(verdict, answer, about, case);
    finding.finish(besides);
    Ok(finding)
}

/// True for an answer to what no browser sends: an error of Chromium's, by its name, or a call that throws.
fn is_unsent(answer: &Answer) -> bool {
    answer.name.starts_with(|first: char| first.is_ascii_uppercase())
        || answer.name == message::topics::GET_WITH_BODY.name
}

fn lacks(missing: Missing) -> Refusal {
    Refusal::new(None, missing.sentence())
}

/// Answers to the responses in a text, to the request of `case` where that is known.
pub fn of_response(text: &str, case: &Case, besides: &Besides) -> Result<Diagnosis, Refusal> {
    let input = Input::ResponseHead;
    let heads = heads(text);
    if heads.is_empty() {
        let what =
            "no response head in it; `curl -si URL -H 'Origin: …'` prints one, which begins with HTTP/";
        return Err(Refusal::new(Some(input), what));
    }
    let mut case = case.clone();
    let is_fetch_known = case.fetch.is_some();
    let is_request_shown = heads.iter().any(|head| head.request.is_some());
    let sent_origin =
        heads.iter().filter_map(|head| head.request.as_ref()).any(|request| request.get("origin").is_some());
    complete_by_requests(&mut case, &heads);
    let contradictions = besides.complete(&mut case);
    let redirects: Vec<String> =
        heads.iter().filter_map(|head| head.response.location()).map(str::to_owned).collect();
    place(&mut case, heads).map_err(lacks)?;
    let mut answered: Answered = Answer::to_responses(&case, &besides.exposed).map_err(lacks)?;
    let is_304 = not_modified(&mut answered, &case);
    if !answered.is_blocked && !is_304 {
        follow(&mut answered, &case, &redirects);
    }
    // A login comes before whatever a request with an Origin is answered.
    let is_asked_again = !sent_origin && of_redirect(&case).is_none();
    if let Some(response) = case.response().or(case.preflight_response()).filter(|_| is_asked_again) {
        without_origin(&mut answered, case.page.as_deref(), response, is_request_shown);
    }
    let verdict = match answered.about {
        _ if answered.is_blocked => Verdict::Blocked,
        TopicKind::Unknown => Verdict::Failed,
        _ => Verdict::Allowed,
    };
    answered.answer.notes.splice(0..0, contradictions);
    let mut finding = Finding::new(verdict, answered.answer, answered.about, case);
    finding.stage = answered.stage.map(Stage::name);
    finding.parameter = answered.parameter;
    if !is_fetch_known && !is_request_shown {
        // As for messages, what stands for the unknown is not shown.
        finding.url = besides.url.as_deref().map(shown_url);
        finding.method.clone_from(&besides.method);
    }
    finding.finish(besides);
    Ok(Diagnosis { input, findings: vec![finding], passed: 0, notes: Vec::new() })
}

/// Takes over what the requests of `curl -v` show.
fn complete_by_requests(case: &mut Case, heads: &[Head]) {
    for request in heads.iter().filter_map(|head| head.request.as_ref()) {
        case.page = case.page.take().or_else(|| request.get("origin").map(str::to_owned));
        let Some(url) = &request.url else { continue };
        let fetch = case.fetch.get_or_insert_with(|| Fetch::new(url.clone()));
        if request.is_preflight() {
            if let Some(method) = request.get("access-control-request-method") {
                method.clone_into(&mut fetch.method);
            }
            let names = request.get("access-control-request-headers").unwrap_or_default().split(',');
            for name in names.map(str::trim).filter(|name| !name.is_empty()) {
                fetch.headers.push((name.to_ascii_lowercase(), b"\"".to_vec()));
            }
        } else if request.method != "OPTIONS" {
            fetch.method.clone_from(&request.method);
        }
    }
}

/// Puts the responses where they belong.
fn place(case: &mut Case, heads: Vec<Head>) -> Result<(), Missing> {
    let engine = case.judging_engine();
    let needs_preflight = case.with_fetch(|fetch| fetch.preflight(engine).is_some())?;
    let url = case.fetch.as_ref().map(|fetch| fetch.url.clone()).unwrap_or_default();
    let count = heads.len();
    let (mut preflight, mut response): (Option<Response>, Option<Response>) = (None, None);
    for (index, head) in heads.into_iter().enumerate() {
        // Of two heads without requests the first is the preflight's, unless it is a redirect that curl has followed.
        let is_redirect = head.response.location().is_some();
        let is_first_of_two = count == 2 && index == 0 && head.request.is_none() && !is_redirect;
        let is_preflights = needs_preflight
            && (is_first_of_two || (is_answer_to_preflight(&head) && (count == 1 || index == 0)));
        if is_preflights {
            preflight = preflight.or(Some(head.response));
        } else {
            // Of several responses to one request curl has followed redirects. The check comes before a browser follows one: the first
            // that does not pass counts, and else the last.
            let is_over = response.as_ref().is_some_and(|before| !passes(case, before));
            response = if is_over { response } else { Some(head.response) };
        }
    }
    let exchange =
        |is_preflight, response| Exchange { is_preflight, url: url.clone(), response: Some(response) };
    case.exchanges = preflight.map(|head| exchange(true, head)).into_iter().collect();
    case.exchanges.extend(response.map(|head| exchange(false, head)));
    Ok(())
}

/// True for a response that passes the check, so that a browser follows its redirect.
fn passes(case: &Case, response: &Response) -> bool {
    let headers = response.headers();
    let answer = cors_core::browser::Response { status: response.status, headers: &headers };
    case.with_fetch(|fetch| fetch.check_response(case.judging_engine(), &answer).is_ok()).unwrap_or(true)
}

/// True for the answer to a preflight: by its request, or by fields that other responses have no use for.
fn is_answer_to_preflight(head: &Head) -> bool {
    const FIELDS: [&str; 4] =
        ["access-control-allow-methods", "access-control-allow-headers", "access-control-max-age", "allow"];
    if let Some(request) = &head.request {
        return request.method == "OPTIONS";
    }
    head.response.status == 204
        || head.response.headers.iter().any(|(name, _)| FIELDS.contains(&name.as_str()))
}

impl Finding {
    pub(crate) fn new(verdict: Verdict, answer: Answer, about: TopicKind, case: Case) -> Self {
        let fetch = case.fetch.as_ref();
        let status = |response: Option<&Response>| response.map(|response| response.status);
        Finding {
            verdict,
            answer,
            about,
            certainty: None,
            source: None,
            versions: None,
            language: None,
            page: case.page.clone(),
            url: fetch.map(|fetch| fetch.url.clone()),
            redirected_from: fetch.and_then(|fetch| fetch.redirected_from.clone()),
            method: fetch.map(|fetch| fetch.method.clone()),
            headers: fetch
                .map(|fetch| fetch.headers.iter().map(|(name, _)| name.clone()).collect())
                .unwrap_or_default(),
            credentials: fetch.and_then(|fetch| fetch.credentials),
            stage: None,
            parameter: None,
            preflight_status: status(case.preflight_response()),
            status: status(case.response()),
            clues: Vec::new(),
            snippet: None,
            proxy: None,
            missing: Vec::new(),
            case,
            message: None,
        }
    }

    /// Answers to one request of a HAR file, be it blocked or not.
    pub fn of_entry(entry: &Entry, besides: &Besides) -> Finding {
        let mut case = entry.case.clone();
        let said =
            Said { text: "The file", page: case.page.as_deref(), engine: case.engine, ..Said::default() };
        let (besides, contradictions) = said.before(besides);
        case.page = case.page.or_else(|| besides.page.clone());
        // The method, headers and credentials are what the lines for the server have besides.
        let besides = &besides;
        let message = entry.message();
        let mut answer = match &message {
            Some(message) => Answer::to_message(message, case.page.as_deref()),
            None => Answer {
                act: if entry.is_lucky() {
                    "Nothing, if the page asks without credentials."
                } else {
                    "Nothing: the page reads the response."
                }
                .to_owned(),
                name: "passed",
                title: "It passed".to_owned(),
                ..Answer::default()
            },
        };
        answer.notes.splice(0..0, contradictions);
        let is_redirects = matches!(entry.cause, Some(Cause::Error(kind)) if is_about_origin(kind))
            && entry.stage == Some(Stage::Actual);
        if let Some(act) = of_redirect(&case).filter(|_| is_redirects) {
            answer.act = act;
            answer.wanted = None;
        }
        let (verdict, about) = match entry.cause {
            None if entry.is_lucky() => (Verdict::Lucky, TopicKind::Cors),
            None => (Verdict::Allowed, TopicKind::Cors),
            Some(found @ Cause::Error(_)) => (Verdict::Blocked, found.kind()),
            Some(found) => (Verdict::Failed, found.kind()),
        };
        let mut finding = Finding::new(verdict, answer, about, case);
        finding.certainty = Some(entry.certainty);
        finding.source = message.as_ref().map(|message| message.source.name());
        finding.stage = entry.stage.map(Stage::name);
        finding.parameter.clone_from(&entry.parameter);
        finding.answer.notes.extend(entry.note.map(crate::answer::request::sentence));
        finding.message = message;
        finding.finish(besides);
        finding
    }

    /// Adds what follows from the case: clues, lines, what is missing.
    pub(crate) fn finish(&mut self, besides: &Besides) {
        self.clues =
            self.case.with_clues(|clues| clues.iter().map(FoundClue::of).collect()).unwrap_or_default();
        self.complete_wanted(besides);
        self.find_missing();
        let fields = self.case.exchanges.iter().rev().find_map(|exchange| exchange.response.as_ref());
        let fields = fields.into_iter().flat_map(|response| &response.headers);
        let fields = fields.map(|(name, value)| (name.as_str(), value.as_slice()));
        let is_passed = self.verdict == Verdict::Allowed && besides.stack.is_none();
        if let Some(wanted) = self.answer.wanted.as_ref().filter(|_| !is_passed) {
            self.snippet = Lines::of(besides.stack, fields, wanted);
            self.proxy =
                self.url.as_deref().filter(|url| is_foreign(url)).and_then(|url| proxy(wanted, url).ok());
        }
    }

    /// Says what the message leaves out, and the lines need.
    fn find_missing(&mut self) {
        let Some(wanted) = &self.answer.wanted else { return };
        let cause = self.message.as_ref().map(|message| message.cause);
        let is = |kind: ErrorKind| cause == Some(Cause::Error(kind));
        if wanted.origins.is_empty() {
            self.missing.push("origin");
        }
        let is_bare = wanted.methods.is_empty() && wanted.headers.is_empty();
        let is_preflights = self.stage == Some(Stage::Preflight.name()) && self.message.is_some();
        if is_preflights
            && (is_bare || is(ErrorKind::MethodDisallowedByPreflightResponse))
            && wanted.methods.is_empty()
        {
            self.missing.push("method");
        }
        if is_preflights
            && (is_bare || is(ErrorKind::HeaderDisallowedByPreflightResponse))
            && wanted.headers.is_empty()
        {
            self.missing.push("header");
        }
    }

    /// Adds to what the server has to allow what else the page asks for.
    fn complete_wanted(&mut self, besides: &Besides) {
        let Some(wanted) = &mut self.answer.wanted else { return };
        let exposed = besides.exposed.iter().map(|name| name.to_ascii_lowercase()).collect();
        let method =
            besides.method.iter().filter(|method| !["GET", "HEAD", "POST"].contains(&method.as_str()));
        wanted.add(&Wanted {
            exposed,
            methods: method.cloned().collect(),
            headers: besides.headers.iter().map(|(name, _)| name.to_ascii_lowercase()).collect(),
            credentials: besides.credentials,
            ..Wanted::default()
        });
        if let Ok(whole) = self.case.with_fetch(|fetch| Wanted::for_fetch(fetch, &besides.exposed)) {
            wanted.add(&whole);
        }
    }
}

/// True for an address that is not of this machine, and may be somebody else's.
fn is_foreign(url: &str) -> bool {
    crate::input::origin_of(url).is_some_and(|origin| {
        cors_core::Origin::parse(origin.as_bytes()).is_ok_and(|origin| !origin.is_local())
    })
}

impl FoundClue {
    /// Returns a clue in words.
    pub fn of(clue: &Clue<'_>) -> Self {
        FoundClue {
            header: match clue {
                Clue::UnexposedHeader { name } => Some(printable(&name.to_string())),
                _ => None,
            },
            clue: clue.name(),
            stage: clue.stage().map(Stage::name),
            text: printable(&clue.to_string()),
            advice: printable(&clue.advice().to_string()),
        }
    }
}
