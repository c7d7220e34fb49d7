//! What the page asks, and the answers to it, as JSON.
//!
//! A question has a name, `ask`: `explain` (a policy and a fetch), `diagnose` (a text of any kind, and what the person says
//! besides), `requests` (a HAR file, whose requests that passed are told, too), `lines` (what a server has to allow, in its
//! software), `stacks` (the software that there are lines for).

use std::path::Path;

use cors_core::browser::{AddressSpace, Api, CredentialsMode, Engine, Fetch, Header, Permission};
use cors_core::explain::{Explanation, Requests};
use cors_core::{Origin, OriginPattern, Policy};
use cors_diagnosis::input::{Input, har};
use cors_diagnosis::stack::{Lines, Stack, proxy};
use cors_diagnosis::{Besides, Finding, Refusal, Verdict, Wanted, diagnose};
use cors_policy_file::{Compiled, text_of};
use serde::Serialize;

use crate::ExplanationObject;
use crate::json::{Fields, written};
use crate::mermaid::{diagram, diagram_of_responses};
use crate::printable::printable;
use crate::problem::{ProblemObject, compiled};
use crate::summary::summary;

/// What a server has to allow.
struct LinesObject {
    stack: String,
    origins: Vec<String>,
    methods: Vec<String>,
    headers: Vec<String>,
    credentials: bool,
    url: String,
}

/// The fetch that is asked about, as the form has it. The address is one that the browser's URL parser wrote.
#[expect(clippy::struct_excessive_bools, reason = "each is a box to tick")]
struct FetchObject {
    origin: String,
    url: String,
    method: String,
    headers: Vec<String>,
    credentials: bool,
    api: String,
    upload_listener: bool,
    stream: bool,
    engine: String,
    address_space: Option<String>,
    page_address_space: Option<String>,
    local_network_permission: bool,
}

/// The answer about a policy: the output of `cors check --json` and of `cors explain --json`.
#[derive(Default, Serialize)]
pub struct ExplainAnswer {
    /// The problems of the policy.
    pub problems: Vec<ProblemObject>,
    /// What the policy allows, in a line.
    pub summary: Option<String>,
    /// The part of the fetch that no page can ask.
    pub wrong: Option<WrongObject>,
    /// The explanation, if there is neither a problem nor a wrong part.
    pub explanation: Option<ExplanationObject>,
    /// The same as a diagram.
    pub mermaid: Option<String>,
}

/// A part of a fetch that no page can ask.
#[derive(Serialize)]
pub struct WrongObject {
    /// `origin`, `url`, `headers` or `credentials`.
    pub part: &'static str,
    /// The value at fault, as it may be shown.
    pub value: String,
    /// What is wrong with it.
    pub text: String,
}

#[derive(Serialize)]
struct DiagnosisAnswer {
    #[serde(skip_serializing_if = "Option::is_none")]
    refusal: Option<Refusal>,
    input: Option<Input>,
    findings: Vec<FindingObject>,
    /// The requests of other origins that passed and are not among the findings.
    passed: usize,
    notes: Vec<String>,
}

#[derive(Serialize)]
struct FindingObject {
    #[serde(flatten)]
    finding: Finding,
    /// The drawing, where there are responses.
    explanation: Option<ExplanationObject>,
    mermaid: Option<String>,
}

#[derive(Default, Serialize)]
struct LinesAnswer {
    wrong: Option<WrongObject>,
    snippet: Option<Lines>,
    /// A policy, and the command that puts it before a server of somebody else's.
    proxy: Option<String>,
}

#[derive(Serialize)]
struct StacksAnswer {
    stacks: Vec<StackObject>,
}

#[derive(Serialize)]
struct StackObject {
    name: &'static str,
    title: &'static str,
}

#[derive(Serialize)]
struct ErrorObject {
    error: String,
}

/// Answers a question. What is not one gets an answer with an `error`, in a sentence.
pub fn answer(question: &[u8]) -> String {
    answered(question, |ask, fields| match ask {
        "explain" => answer_of_policy(ask, fields),
        _ => answer_of_text(ask, fields),
    })
}

/// Answers a question about a policy: the part of [`answer`] that knows no other.
pub fn about_policy(question: &[u8]) -> String {
    answered(question, answer_of_policy)
}

/// Answers a question about a text, or about a stack: the part of [`answer`] that reads no policy.
pub fn about_text(question: &[u8]) -> String {
    answered(question, answer_of_text)
}

fn answered(question: &[u8], answer: impl FnOnce(&str, &Fields<'_>) -> Result<String, String>) -> String {
    let answered = Fields::read(question).and_then(|fields| {
        let ask = fields.text("ask")?;
        answer(&ask, &fields)
    });
    answered.unwrap_or_else(|error| written(&ErrorObject { error: format!("not a question: {error}") }))
}

fn answer_of_policy(ask: &str, fields: &Fields<'_>) -> Result<String, String> {
    match ask {
        "explain" => {
            let policy = fields.needed("policy")?.text("policy")?;
            let fetch = FetchObject::read(&fields.needed("fetch")?.object("fetch")?)?;
            Ok(written(&explain(&policy, &fetch)))
        }
        _ => Err(unknown(ask)),
    }
}

fn answer_of_text(ask: &str, fields: &Fields<'_>) -> Result<String, String> {
    match ask {
        "diagnose" => Ok(written(&diagnosed(&fields.needed("text")?.text("text")?, &besides(fields)?))),
        "requests" => Ok(written(&requests(&fields.needed("text")?.text("text")?, &besides(fields)?))),
        "lines" => Ok(written(&lines(&LinesObject::read(fields)?))),
        "stacks" => Ok(written(&StacksAnswer { stacks: Stack::all().map(StackObject::of).collect() })),
        _ => Err(unknown(ask)),
    }
}

fn unknown(ask: &str) -> String {
    format!("nothing of the name {}", printable(ask))
}

/// What a person says besides.
fn besides(fields: &Fields<'_>) -> Result<Besides, String> {
    Ok(Besides {
        page: fields.text_if_any("page")?,
        method: fields.text_if_any("method")?,
        credentials: fields.is("credentials")?,
        stack: fields.text_if_any("stack")?.as_deref().and_then(Stack::named),
        ..Besides::default()
    })
}

fn diagnosed(text: &str, besides: &Besides) -> DiagnosisAnswer {
    match diagnose(text.as_bytes(), besides) {
        Ok(diagnosis) => DiagnosisAnswer {
            refusal: None,
            input: Some(diagnosis.input),
            findings: diagnosis.findings.into_iter().map(FindingObject::of).collect(),
            passed: diagnosis.passed,
            notes: diagnosis.notes,
        },
        Err(refusal) => DiagnosisAnswer::refused(refusal),
    }
}

/// Answers to each request of another origin, in the order of the file.
fn requests(text: &str, besides: &Besides) -> DiagnosisAnswer {
    match har(text) {
        Ok(entries) => DiagnosisAnswer {
            refusal: None,
            input: Some(Input::Har),
            findings: entries
                .iter()
                .map(|entry| FindingObject::of(Finding::of_entry(entry, besides)))
                .collect(),
            passed: 0,
            notes: Vec::new(),
        },
        Err(what) => DiagnosisAnswer::refused(Refusal { input: Some(Input::Har), what, hints: Vec::new() }),
    }
}

fn lines(wanted: &LinesObject) -> LinesAnswer {
    if let Some(wrong) = wanted.origins.iter().find_map(|text| origin(text).err()) {
        return LinesAnswer { wrong: Some(wrong), ..LinesAnswer::default() };
    }
    let stack = Stack::named(&wanted.stack);
    let url = &wanted.url;
    let wanted = Wanted {
        origins: wanted.origins.clone(),
        methods: wanted.methods.clone(),
        headers: wanted.headers.clone(),
        credentials: wanted.credentials,
        ..Wanted::default()
    };
    LinesAnswer { wrong: None, snippet: Lines::of(stack, [], &wanted), proxy: proxy(&wanted, url).ok() }
}

impl DiagnosisAnswer {
    fn refused(refusal: Refusal) -> Self {
        DiagnosisAnswer {
            input: refusal.input,
            refusal: Some(refusal),
            findings: Vec::new(),
            passed: 0,
            notes: Vec::new(),
        }
    }
}

impl FindingObject {
    fn of(finding: Finding) -> Self {
        // Without a response there is nothing to draw, and what is no error of CORS is not in the drawing.
        let is_drawn = !finding.case.exchanges.is_empty() && !matches!(finding.verdict, Verdict::Failed);
        let drawn = is_drawn
            .then(|| {
                finding.case.by_responses(|explanation| {
                    let mut object = ExplanationObject::of_responses(explanation);
                    object.set_verdict(&finding);
                    (object, diagram_of_responses(explanation))
                })
            })
            .and_then(Result::ok);
        let (explanation, mermaid) = drawn.unzip();
        FindingObject { finding, explanation, mermaid }
    }
}

impl StackObject {
    fn of(stack: Stack) -> Self {
        StackObject { name: stack.name(), title: stack.title() }
    }
}

fn explain(policy: &str, fetch: &FetchObject) -> ExplainAnswer {
    let wrong =
        |problems| ExplainAnswer { problems, wrong: fetch.with(|_, _| ()).err(), ..ExplainAnswer::default() };
    let image = match image_of(policy) {
        Ok(image) => image,
        Err(problems) => return wrong(problems),
    };
    let policy = match Policy::from_bytes(&image) {
        Ok(policy) => policy,
        Err(error) => return wrong(vec![ProblemObject::of_the_whole(error.to_string())]),
    };
    let explained = fetch.with(|fetch, engine| {
        // The names of a preflight: a name occurs at most as often as the page sets it.
        let room = fetch.headers.iter().map(|header| header.name().len().saturating_add(1)).sum();
        let mut buffer = vec![0; room];
        let requests = Requests::of(fetch, engine, &mut buffer)
            .map_err(|error| WrongObject::new("headers", "", error.to_string()))?;
        let explanation: Explanation<'_> = requests.explain(&policy);
        Ok((ExplanationObject::new(&explanation, &[]), diagram(&explanation)))
    });
    let summary = Some(summary(&policy));
    match explained.and_then(|explained| explained) {
        Ok((explanation, mermaid)) => ExplainAnswer {
            summary,
            explanation: Some(explanation),
            mermaid: Some(mermaid),
            ..ExplainAnswer::default()
        },
        Err(wrong) => ExplainAnswer { summary, wrong: Some(wrong), ..ExplainAnswer::default() },
    }
}

/// Compiles a policy of the page, which has no name: its content decides between TOML and JSON. The error is its problems.
pub fn image_of(text: &str) -> Result<Vec<u8>, Vec<ProblemObject>> {
    let text =
        text_of(text.as_bytes()).map_err(|error| vec![ProblemObject::of_the_whole(error.to_string())])?;
    compiled(Path::new(""), text).map(Compiled::into_image)
}

impl WrongObject {
    fn new(part: &'static str, value: &str, text: impl Into<String>) -> Self {
        WrongObject { part, value: printable(value), text: text.into() }
    }
}

impl LinesObject {
    fn read(fields: &Fields<'_>) -> Result<Self, String> {
        Ok(LinesObject {
            stack: fields.text("stack")?.into_owned(),
            origins: fields.texts("origins")?,
            methods: fields.texts("methods")?,
            headers: fields.texts("headers")?,
            credentials: fields.is("credentials")?,
            url: fields.text("url")?.into_owned(),
        })
    }
}

impl FetchObject {
    fn read(fields: &Fields<'_>) -> Result<Self, String> {
        Ok(FetchObject {
            origin: fields.text("origin")?.into_owned(),
            url: fields.text("url")?.into_owned(),
            method: fields.text("method")?.into_owned(),
            headers: fields.texts("headers")?,
            credentials: fields.is("credentials")?,
            api: fields.text("api")?.into_owned(),
            upload_listener: fields.is("upload_listener")?,
            stream: fields.is("stream")?,
            engine: fields.text("engine")?.into_owned(),
            address_space: fields.text_if_any("address_space")?,
            page_address_space: fields.text_if_any("page_address_space")?,
            local_network_permission: fields.is("local_network_permission")?,
        })
    }

    /// Calls `f` with the fetch and its browser, if a page can ask it.
    fn with<R>(&self, f: impl FnOnce(&Fetch<'_>, Engine) -> R) -> Result<R, WrongObject> {
        let origin = origin(&self.origin)?;
        let engine = Engine::from_name(&self.engine).unwrap_or(Engine::Standard);
        let api = Api::from_name(&self.api).unwrap_or(Api::Fetch);
        let is_element = matches!(api, Api::Script | Api::Image | Api::Font);
        let lines = if is_element { &[][..] } else { &self.headers };
        let headers = lines.iter().map(|line| header(line)).collect::<Result<Vec<_>, _>>()?;
        let headers: Vec<Header<'_>> = headers.iter().map(|(name, value)| Header::new(name, value)).collect();
        let method = if is_element || self.method.is_empty() { "GET" } else { &self.method };
        let space = |name: &Option<String>| name.as_deref().and_then(AddressSpace::from_name);
        let fetch = Fetch {
            method,
            headers: &headers,
            credentials: if self.credentials && api != Api::Font {
                CredentialsMode::Include
            } else {
                CredentialsMode::SameOrigin
            },
            mode: api.mode(engine),
            api,
            has_body: self.stream
                || ["POST", "PUT", "PATCH"].iter().any(|other| other.eq_ignore_ascii_case(method)),
            stream_body: self.stream && api == Api::Fetch,
            upload_listener: self.upload_listener && api == Api::XmlHttpRequest,
            page_address_space: space(&self.page_address_space),
            target_address_space: space(&self.address_space),
            local_network_permission: if self.local_network_permission {
                Permission::Given
            } else {
                Permission::NotGiven
            },
            ..Fetch::new(origin, &self.url)
        };
        Ok(f(&fetch, engine))
    }
}

/// Returns a header's name, and a byte for each character of its value (Web IDL, `ByteString`).
fn header(line: &str) -> Result<(&str, Vec<u8>), WrongObject> {
    let Some((name, value)) = line.split_once(':').filter(|(name, _)| !name.trim().is_empty()) else {
        let what = "not a header; write 'name: value', such as 'content-type: application/json'";
        return Err(WrongObject::new("headers", line, what));
    };
    let bytes = value.chars().map(|character| u8::try_from(character).map_err(|_| character));
    let value = bytes.collect::<Result<Vec<u8>, char>>().map_err(|character| {
        let what = format!("no page can set {character:?} in a header; write characters up to U+00FF");
        WrongObject::new("headers", line, what)
    })?;
    Ok((name.trim(), value))
}

fn origin(text: &str) -> Result<Origin<'_>, WrongObject> {
    Origin::parse(text.as_bytes()).map_err(|error| {
        let advice =
            OriginPattern::parse(text).map_err(|error| error.advice().map(|advice| advice.to_string()));
        let what = match advice {
            Err(Some(advice)) if !advice.contains('*') => {
                format!("not an origin as a browser sends it; {advice}")
            }
            Err(None) => format!("not an origin as a browser sends it: {error}"),
            // A pattern, or advice to write one.
            Ok(_) | Err(Some(_)) => {
                "a page has one origin; write one that the pattern is to allow".to_owned()
            }
        };
        WrongObject::new("origin", text, printable(&what))
    })
}
