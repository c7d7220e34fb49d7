//! Copied requests, and what servers answered: explained by a response's head, by a policy, or alone.

use std::fmt::Write;
use std::path::Path;

use cors_core::Origin;
use cors_core::browser::{self, CredentialsMode, Engine, Header};
use cors_core::explain::{Clue, Explanation, Requests, ServerAdvice, clues};
use cors_diagnosis::Case;
use cors_diagnosis::case::{Fetch, Response};
use cors_diagnosis::input::{curl, fetch_call, response_heads};

use super::json::ExplanationObject;
use super::{mermaid, rendered, strokes, text, with_policy};
use crate::args::Explain;
use crate::clues::{ClueObject, clauses, sentence};
use crate::exit::{Exit, Failure};
use crate::input::Input;
use crate::layout::write_item;
use crate::output::Output;
use crate::stacks::{self, Lines};
use crate::{json, shell, target};

/// A fetch, and the responses to it, as far as they are known.
#[derive(Clone)]
pub(super) struct Asked {
    page: Option<String>,
    engine: Engine,
    fetch: Fetch,
    preflight_response: Option<Response>,
    response: Option<Response>,
}

impl Asked {
    pub(super) fn of_case(case: &Case) -> Self {
        let of = |is_preflight| {
            let found = case.exchanges.iter().find(|exchange| exchange.is_preflight == is_preflight);
            found.and_then(|exchange| exchange.response.clone())
        };
        Asked {
            page: case.page.clone(),
            engine: case.engine.unwrap_or(Engine::Standard),
            fetch: case.fetch.clone().unwrap_or_else(|| Fetch::new("https://api.example.com/")),
            preflight_response: of(true),
            response: of(false),
        }
    }

    /// Takes what the command line says besides.
    fn with(mut self, arguments: &Explain) -> Result<Self, Failure> {
        let asked = &arguments.asked;
        if let Some(origin) = &asked.origin {
            self.page = Some(target::origin(origin)?.to_string());
        }
        if let Some(url) = &asked.url {
            self.fetch.url = target::url(url)?.to_string();
        }
        if let Some(method) = &asked.call.method {
            self.fetch.method.clone_from(method);
        }
        for header in target::headers(&asked.call.headers)? {
            self.fetch.headers.push((header.name().to_owned(), header.value().to_owned()));
        }
        if asked.call.credentials {
            self.fetch.credentials = Some(true);
        }
        if asked.engine.is_some() {
            self.engine = asked.engine();
        }
        Ok(self)
    }

    /// Calls `f` with the fetch.
    fn fetch<R>(&self, f: impl FnOnce(&browser::Fetch<'_>) -> R) -> Result<R, Failure> {
        let page = self.page.as_deref().ok_or_else(|| {
            Failure::unusable(
                "--origin",
                "the page's origin is not in it; add --origin https://app.example.com",
            )
        })?;
        let origin = Origin::parse(page.as_bytes())
            .map_err(|_| Failure::unusable("--origin", "the page's origin is not one; add --origin"))?;
        let headers: Vec<Header<'_>> = self.fetch.headers();
        let fetch = browser::Fetch {
            method: &self.fetch.method,
            headers: &headers,
            credentials: self.fetch.credentials(),
            mode: self.fetch.mode,
            api: self.fetch.api,
            has_body: self.fetch.has_body,
            ..browser::Fetch::new(origin, &self.fetch.url)
        };
        Ok(f(&fetch))
    }

    /// Calls `f` with what the responses show beyond the fields of CORS.
    pub(super) fn clues<R>(&self, f: impl FnOnce(&[Clue<'_>]) -> R) -> Result<R, Failure> {
        let preflight_headers = self.preflight_response.as_ref().map(Response::headers);
        let headers = self.response.as_ref().map(Response::headers);
        self.fetch(|fetch| {
            let of = |response: &Option<Response>| response.as_ref().map(|response| response.status);
            let preflight_response = of(&self.preflight_response).zip(preflight_headers.as_deref());
            let response = of(&self.response).zip(headers.as_deref());
            let head = |(status, headers)| browser::Response { status, headers };
            let (preflight_response, response) = (preflight_response.map(head), response.map(head));
            let found: Vec<Clue<'_>> =
                clues(fetch, self.engine, preflight_response.as_ref(), response.as_ref()).collect();
            f(&found)
        })
    }

    /// Calls `f` with what comes of the fetch by these responses.
    fn by_responses<R>(&self, f: impl FnOnce(&Explanation<'_>) -> R) -> Result<R, Failure> {
        let response = self.response.as_ref().or(self.preflight_response.as_ref());
        let preflight_response = self.preflight_response.as_ref().or(response);
        let none = Response { status: 200, headers: Vec::new() };
        let (preflight_response, response) = (preflight_response.unwrap_or(&none), response.unwrap_or(&none));
        let (preflight_headers, headers) = (preflight_response.headers(), response.headers());
        let preflight_response =
            browser::Response { status: preflight_response.status, headers: &preflight_headers };
        let response = browser::Response { status: response.status, headers: &headers };
        self.requests(|requests| f(&requests.explain_responses(&preflight_response, &response)))
    }

    fn requests<R>(&self, f: impl FnOnce(&Requests<'_>) -> R) -> Result<R, Failure> {
        self.fetch(|fetch| {
            let mut buffer =
                vec![0; self.fetch.headers.iter().map(|(name, _)| name.len().saturating_add(1)).sum()];
            Requests::of(fetch, self.engine, &mut buffer)
                .map(|requests| f(&requests))
                .map_err(|error| Failure::unusable("--header", error))
        })?
    }
}

pub(super) fn run_curl(arguments: &Explain, command: &str) -> Result<Exit, Failure> {
    run(arguments, &curl(command).map_err(|error| Failure::unusable("--curl", error))?)
}

pub(super) fn run_call(arguments: &Explain, call: &str) -> Result<Exit, Failure> {
    run(arguments, &fetch_call(call).map_err(|error| Failure::unusable("--fetch", error))?)
}

pub(super) fn run_response(arguments: &Explain, bytes: &[u8]) -> Result<Exit, Failure> {
    run_by_response(arguments, Asked::of_case(&Case::default()), bytes)
}

fn run(arguments: &Explain, case: &Case) -> Result<Exit, Failure> {
    let asked = Asked::of_case(case);
    if let Some(path) = &arguments.response {
        let input = Input::read(path)?;
        return run_by_response(arguments, asked, input.bytes());
    }
    let asked = asked.with(arguments)?;
    match arguments.policy_path() {
        Some(path) => by_policy(arguments, &asked, &path),
        None => alone(arguments, &asked),
    }
}

fn by_policy(arguments: &Explain, asked: &Asked, path: &Path) -> Result<Exit, Failure> {
    with_policy(path, |policy| {
        asked.requests(|requests| {
            let explanation = requests.explain(policy);
            let wanted = stacks::wanted(explanation.fetch(), &arguments.server.exposed);
            let lines = arguments.server.stack().and_then(|stack| Lines::of(Some(stack), [], &wanted));
            Output::default().text(&rendered(arguments, &explanation, &notes(asked), lines.as_ref()))?;
            Ok(if explanation.is_ok() { Exit::Ok } else { Exit::Problem })
        })?
    })
}

fn run_by_response(arguments: &Explain, asked: Asked, bytes: &[u8]) -> Result<Exit, Failure> {
    let heads = response_heads(&String::from_utf8_lossy(bytes));
    let mut heads = heads.into_iter();
    let (first, second) = (heads.next(), heads.next());
    let Some(first) = first else {
        let what =
            "no response head in it; `curl -si URL -H 'Origin: …'` prints one, which begins with HTTP/";
        return Err(Failure::unusable("--response", what));
    };
    let mut asked = asked.with(arguments)?;
    let needs_preflight = asked.fetch(|fetch| fetch.preflight(asked.engine).is_some())?;
    let mut more = notes(&asked);
    let is_one_head = second.is_none();
    (asked.preflight_response, asked.response) = match (second, needs_preflight) {
        (Some(second), true) => (Some(first), Some(second)),
        // Of several responses to one request the last counts: curl prints redirects, too.
        (second, false) => (None, second.or(Some(first))),
        (None, true) => {
            more.push(
                "There is one response head, which is taken for the answer to the preflight and to the request. A preflight \
                 is an OPTIONS request: curl -si -X OPTIONS URL -H 'Origin: …' -H 'Access-Control-Request-Method: …'."
                    .to_owned(),
            );
            (Some(first.clone()), Some(first))
        }
    };
    // One head shows its clues once.
    let shown = if is_one_head { Asked { preflight_response: None, ..asked.clone() } } else { asked.clone() };
    let mut objects: Vec<ClueObject> = Vec::new();
    shown.clues(|clues| {
        objects.extend(clues.iter().map(ClueObject::new));
        if !arguments.json {
            more.extend(clauses(clues).iter().map(|clause| sentence(clause)));
        }
    })?;
    asked.by_responses(|explanation| {
        let wanted = stacks::wanted(explanation.fetch(), &arguments.server.exposed);
        let response =
            asked.response.as_ref().map(|response| response.headers.as_slice()).unwrap_or_default();
        let fields = response.iter().map(|(name, value)| (name.as_str(), value.as_slice()));
        let is_ok = explanation.is_ok();
        let lines = Lines::of(arguments.server.stack(), fields, &wanted)
            .filter(|_| !is_ok || arguments.server.stack().is_some());
        if let Some(error) = explanation.error() {
            let advice = ServerAdvice::for_error(&error, explanation.fetch());
            if !arguments.json && !arguments.mermaid {
                let mut text = String::new();
                // Writing to a string does not fail.
                let _ = write_item(&mut text, "", &advice.to_string());
                let _ = writeln!(text);
                Output::default().text(&text)?;
            }
            more.insert(0, advice.meaning().to_owned());
        }
        let text = if arguments.json {
            super::json::explanation(explanation, &more, Some(objects), lines.as_ref())
        } else {
            rendered(arguments, explanation, &more, lines.as_ref())
        };
        Output::default().text(&text)?;
        Ok(if is_ok { Exit::Ok } else { Exit::Problem })
    })?
}

/// A request alone: what a browser sends for it, and what a server has to answer.
fn alone(arguments: &Explain, asked: &Asked) -> Result<Exit, Failure> {
    asked.fetch(|fetch| {
        let wanted = stacks::wanted(fetch, &arguments.server.exposed);
        let page = fetch.origin.to_string();
        let needs = fetch.preflight(asked.engine);
        let mut sentences = Vec::new();
        let credentials = fetch.credentials == CredentialsMode::Include;
        let allow = |what: String| if what.is_empty() { String::new() } else { format!(" {what}") };
        if !fetch.is_cross_origin() {
            sentences.push("Nothing: the page and the address have the same origin, and CORS does not apply.".to_owned());
        } else if page == "null" {
            sentences.push(
                "Serve the page over http or https: its origin is `null`, which a server should not allow.".to_owned(),
            );
        } else {
            let mut fields = vec![format!("`Access-Control-Allow-Origin: {page}` (with `Vary: Origin`)")];
            if credentials {
                fields.push("`Access-Control-Allow-Credentials: true`".to_owned());
            }
            sentences.push(format!("The response has to have {}.", fields.join(" and ")));
            if let Some(preflight) = &needs {
                if !wanted.methods.is_empty() {
                    fields.push(format!("`Access-Control-Allow-Methods: {}`", wanted.methods.join(", ")));
                }
                if let Some(names) = preflight.access_control_request_headers() {
                    fields.push(format!("`Access-Control-Allow-Headers: {}`", names.to_string().replace(',', ", ")));
                }
                sentences.push(format!(
                    "The browser asks first by OPTIONS, without cookies and Authorization. The answer to that has to have a \
                     status from 200 to 299 and {}.",
                    fields.join(", ")
                ));
            }
            sentences.push(format!(
                "To see what the server answers: cors probe {} --origin {page}{}{}{}",
                shell::word(fetch.url),
                allow(if fetch.method() == "GET" { String::new() } else { format!("--method {}", shell::word(fetch.method)) }),
                fetch.headers.iter().fold(String::new(), |text, header| text + " --header " + &shell::word(&format!("{}: …", header.name()))),
                if credentials { " --credentials" } else { "" },
            ));
        }
        sentences.extend(notes(asked));
        let lines = arguments.server.stack().and_then(|stack| Lines::of(Some(stack), [], &wanted));
        let text = if arguments.json {
            let object = serde_json::json!({
                "origin": page,
                "url": fetch.url,
                "method": fetch.method(),
                "headers": fetch.headers.iter().map(Header::name).collect::<Vec<_>>(),
                "credentials": asked.fetch.credentials,
                "needs_preflight": needs.is_some(),
                "allow_methods": wanted.methods,
                "allow_headers": wanted.headers,
                "advice": sentences,
            });
            json::object(&object)
        } else {
            let mut text = String::new();
            for sentence in &sentences {
                // Writing to a string does not fail.
                let _ = write_item(&mut text, "", sentence);
            }
            let _ = lines.map(|lines| lines.write(&mut text));
            text
        };
        Output::default().text(&text)
    })??;
    Ok(Exit::Ok)
}

/// Returns what a copied request does not show.
fn notes(asked: &Asked) -> Vec<String> {
    let is_unknown = asked.fetch.credentials.is_none();
    let note = "Nothing here shows whether the page asks with credentials; add --credentials if it does.";
    is_unknown.then(|| note.to_owned()).into_iter().collect()
}

/// Returns the story of a fetch by its responses, as it is drawn.
pub(super) fn story(arguments: &Explain, asked: &Asked) -> Option<String> {
    if asked.preflight_response.is_none() && asked.response.is_none() {
        return None;
    }
    asked
        .by_responses(|explanation| {
            if arguments.json {
                json::object(&ExplanationObject::new(explanation, &[]))
            } else if arguments.mermaid {
                mermaid::diagram(explanation)
            } else {
                text::explanation(explanation, &[], strokes(arguments), true)
            }
        })
        .ok()
}
