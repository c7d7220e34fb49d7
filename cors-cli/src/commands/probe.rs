//! `cors probe`: a live server, asked as a browser would ask and judged as each engine would judge.

mod advice;
mod audit;
mod call;
mod client;
mod exchange;
mod failure;
mod judge;
mod notes;
mod report;
mod requests;
mod tape;

use std::time::Duration;

use cors_core::browser::{Engine, Fetch};
use cors_diagnosis::Wanted;

use self::client::Client;
use self::judge::{Answers, Judgement, Verdict};
use self::report::Report;
use self::requests::{Asked, MAX_REQUESTS};
use crate::args::Probe;
use crate::exit::{Exit, Failure};
use crate::output::Output;
use crate::target;
use cors_diagnosis::stack::Lines;

pub(crate) fn run(arguments: &Probe) -> Result<Exit, Failure> {
    let url = target::url(&arguments.url)?;
    let headers = target::headers(&arguments.call.headers)?;
    if arguments.audit {
        return audit::run(arguments, &url, &headers);
    }
    let origin = target::origin(arguments.origin.as_deref().unwrap_or_default())?;
    let fetch = call::fetch(arguments, origin, &url, &headers)?;
    let engines = arguments.engine.map_or_else(|| Engine::ALL.to_vec(), |engine| vec![engine.engine()]);
    let mut asked = Asked::default();
    if fetch.is_cross_origin() {
        let mut client = Client::new(&url, arguments.timeout, Duration::ZERO, MAX_REQUESTS);
        asked = Asked::new(&mut client, &fetch, &engines, arguments.send);
    }
    let answers = Answers::new(&asked);
    let judgements: Vec<Judgement<'_>> = if fetch.is_cross_origin() {
        engines.iter().map(|&engine| answers.judge(&fetch, engine)).collect()
    } else {
        Vec::new()
    };
    let clues = engines.first().map(|&engine| answers.clues(&fetch, engine)).unwrap_or_default();
    let wanted = Wanted::for_fetch(&fetch, &arguments.server.exposed);
    let lines = lines(arguments, &asked, &judgements, &wanted);
    let report = Report {
        fetch: &fetch,
        asked: &asked,
        judgements: &judgements,
        advice: &advice(&fetch, &asked, &judgements),
        wanted: &wanted,
        lines: lines.as_ref(),
        notes: &notes::notes(&fetch, &engines, &judgements, &clues, &url),
    };
    Output::default().text(&if arguments.json { report.json() } else { report.text() })?;
    Ok(judgements.iter().map(|judgement| judgement.verdict.exit()).max().unwrap_or(Exit::Ok))
}

/// Returns the lines for the server's software, where it is named, or where the fetch is blocked and a response tells it.
fn lines(arguments: &Probe, asked: &Asked, judgements: &[Judgement<'_>], wanted: &Wanted) -> Option<Lines> {
    let stack = arguments.server.stack();
    if stack.is_none() && !judgements.iter().any(Judgement::is_blocked) {
        return None;
    }
    let answers = asked.preflights.iter().map(|(_, exchange)| exchange).chain(&asked.request);
    let fields =
        answers.filter_map(|exchange| exchange.answer.as_ref().ok()).flat_map(|answer| &answer.fields.0);
    Lines::of(stack, fields.map(|(name, value)| (name.as_str(), value.as_slice())), wanted)
}

/// Returns each sentence of advice once, also if it is for several engines.
fn advice(fetch: &Fetch<'_>, asked: &Asked, judgements: &[Judgement<'_>]) -> Vec<String> {
    let mut advice = Vec::new();
    for judgement in judgements {
        let Verdict::Blocked { error, .. } = &judgement.verdict else { continue };
        let answer = asked.answer(judgement.engine, error.stage());
        for sentence in advice::advise(fetch, judgement.engine, error, answer) {
            if !advice.contains(&sentence) {
                advice.push(sentence);
            }
        }
    }
    advice
}
