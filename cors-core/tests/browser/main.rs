//! The browser's half against real browsers: for every case of two files it predicts what each engine did.
//!
//! `tests/vectors/browser-cases.json` is the survey that the model is held against. `measured.json` beside this file has
//! more cases, above all for the departures: of the same form, recorded in the same versions of the same engines. `CORS_BROWSER_CASES` in the environment names another file to take instead of the survey.

#![cfg(feature = "browser")]
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test's helpers may stop it, too"
)]

mod checks;
mod messages;
mod outcomes;
mod predict;
mod recording;
mod written;

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

use cors_core::Origin;
use cors_core::browser::{DEPARTURES, Engine, Evidence, Fetch};
use predict::predict;
use recording::{Observed, Recording};

/// The origin of the page in the tables of rules.
const PAGE: &str = "https://app.example.com";

/// Its plain fetch, across origins.
fn fetch() -> Fetch<'static> {
    Fetch::new(Origin::parse(PAGE.as_bytes()).expect("an origin"), "https://api.example.com/orders")
}

/// The cases of the tests in real browsers.
const MATRIX: &str =
    concat!(include_str!("../../../tests/e2e/matrix.mjs"), include_str!("../../../tests/e2e/before.mjs"));

const ENGINES: [Engine; 3] = [Engine::Chromium, Engine::Firefox, Engine::WebKit];

#[test]
fn engines_do_as_predicted_in_the_survey() {
    predict_all(&env::var_os("CORS_BROWSER_CASES").map_or_else(survey, PathBuf::from));
}

#[test]
fn engines_do_as_predicted_where_measured_besides() {
    predict_all(&measured());
}

/// A departure is in the table because of the cases that it names: the standard alone would predict them wrongly.
#[test]
fn departures_show_in_the_cases_they_cite() {
    let (survey, measured) = (read(&survey()), read(&measured()));
    for departure in &DEPARTURES {
        let (cases, ids) = match departure.evidence {
            Evidence::Cases(ids) => (&survey, ids),
            Evidence::Measured(ids) => (&measured, ids),
            Evidence::EndToEnd(names) => {
                let is_there = |name: &&str| {
                    let keys = [format!("\n  '{name}': {{"), format!("\n  {name}: {{")];
                    keys.iter().any(|key| MATRIX.contains(key))
                };
                assert!(!names.is_empty() && names.iter().all(is_there), "{departure:?}");
                continue;
            }
            Evidence::Source(_) => continue,
        };
        assert!(!ids.is_empty(), "{departure:?}");
        for id in ids {
            let case = cases.iter().find(|case| case.id == *id).unwrap_or_else(|| panic!("no case {id}"));
            let [standard, own] = [Engine::Standard, departure.engine].map(|engine| predict(case, engine));
            let differs = (standard.outcome, standard.requests) != (own.outcome, own.requests)
                || standard.error != own.error;
            assert!(differs, "{id}: {departure:?} makes no difference");
        }
    }
}

fn survey() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/vectors/browser-cases.json")
}

fn measured() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/browser/measured.json")
}

fn read(path: &Path) -> Vec<Recording> {
    // Cargo runs tests in the package's folder, people write paths from the workspace's.
    let from_workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path);
    let text = fs::read_to_string(path)
        .or_else(|_| fs::read_to_string(from_workspace))
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn predict_all(path: &Path) {
    let cases = read(path);
    let mut report = String::new();
    let mut differences = String::new();
    for engine in ENGINES {
        compare(engine, &cases, &mut report, &mut differences);
    }
    // Past the test harness, which captures it otherwise.
    let _ = write!(std::io::stderr(), "{}:\n{report}", path.display());
    assert!(differences.is_empty(), "{}:\n{differences}{report}", path.display());
}

/// Compares what can be compared: not every case has every engine, and not every engine shows everything.
fn compare(engine: Engine, cases: &[Recording], report: &mut String, differences: &mut String) {
    let (mut agreed, mut total) = (0, 0);
    let mut parts =
        [("outcome", 0, 0), ("requests", 0, 0), ("exposed", 0, 0), ("error", 0, 0), ("console", 0, 0)];
    for case in cases {
        let Some(observed) = case.observed.get(engine.name()) else {
            continue;
        };
        let predicted = predict(case, engine);
        let mut all_agree = true;
        for (part, (what, part_agreed, part_total)) in
            views(engine, case, observed, &predicted).into_iter().zip(&mut parts)
        {
            let Some((observed, predicted)) = part else {
                continue;
            };
            *part_total += 1;
            if observed == predicted {
                *part_agreed += 1;
            } else {
                all_agree = false;
                let _ = write!(
                    differences,
                    "{} {engine} {what}\n  - observed  {observed:?}\n  + predicted {predicted:?}\n",
                    case.id
                );
            }
        }
        total += 1;
        agreed += usize::from(all_agree);
    }
    let parts: Vec<_> = parts
        .iter()
        .filter(|(_, _, total)| *total > 0)
        .map(|(what, agreed, total)| format!("{what} {agreed} of {total}"))
        .collect();
    let _ = writeln!(report, "  {engine}: agreed {agreed} of {total} cases ({})", parts.join(", "));
}

type View = Option<(Vec<String>, Vec<String>)>;

fn views(engine: Engine, case: &Recording, observed: &Observed, predicted: &Observed) -> [View; 5] {
    let has_names = observed.outcome.iter().any(|outcome| outcome.split(' ').count() > 3);
    let head = |observed: &Observed| -> Vec<String> {
        // XMLHttpRequest shows no type of response.
        let words = if case.api == "xhr" { 2 } else { 3 };
        observed
            .outcome
            .iter()
            .map(|outcome| outcome.split(' ').take(words).collect::<Vec<_>>().join(" "))
            .collect()
    };
    let names = |observed: &Observed| -> Vec<String> {
        observed
            .outcome
            .iter()
            .map(|outcome| outcome.split(' ').nth(3).unwrap_or_default().to_owned())
            .collect()
    };
    let requests = |observed: &Observed| observed.requests.iter().map(ToString::to_string).collect();
    // WebKit's console was not recorded.
    let has_console = engine != Engine::WebKit;
    [
        Some((head(observed), head(predicted))),
        Some((requests(observed), requests(predicted))),
        has_names.then(|| (names(observed), names(predicted))),
        observed.error.as_ref().map(|errors| (errors.clone(), predicted.error.clone().unwrap_or_default())),
        has_console.then(|| (observed.messages.clone(), predicted.messages.clone())),
    ]
}
