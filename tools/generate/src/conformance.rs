//! The tables of `docs/conformance.md`: what the application under test offers, and what is checked; and that of `COMPARE.md`: what came
//! of it.

use std::collections::BTreeMap;
use std::fs;

use cors_conformance::{Class, Route, checks};
use serde_json::Value;

use crate::{Result, at, block};

/// Returns the page with the present tables.
pub(crate) fn page(text: &str) -> Result<String> {
    let mut routes = vec!["| route | what the application does |".to_owned(), "|---|---|".to_owned()];
    routes.extend(Route::ALL.iter().map(|route| format!("| `{}` | {} |", route.name(), cell(route.about()))));
    let mut rows = vec![
        "| check | class | what passes | otherwise | source |".to_owned(),
        "|---|---|---|---|---|".to_owned(),
    ];
    rows.extend(checks().map(|check| {
        let (what, reason) = (cell(check.what), cell(check.reason));
        format!("| `{}` | {} | {what} | {reason} | {} |", check.name, check.class.name(), check.source)
    }));
    let text = block::replace(text, "routes", &routes)?;
    block::replace(&text, "checks", &rows)
}

/// Returns a text as a table's cell has it: a star is no emphasis.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('*', "\\*")
}

/// A subject's results, as far as the table has them.
struct Subject {
    title: String,
    versions: String,
    is_ours: bool,
    outcomes: BTreeMap<String, String>,
}

impl Subject {
    fn read(text: &str) -> Result<Self> {
        let value: Value = serde_json::from_str(text)?;
        let get = |name: &str| value.get(name).ok_or_else(|| format!("no {name}"));
        let versions = get("versions")?.as_object().into_iter().flatten();
        let versions =
            versions.map(|(name, version)| format!("{name} {}", version.as_str().unwrap_or_default()));
        let outcomes = get("checks")?.as_object().into_iter().flatten();
        let outcomes = outcomes
            .filter_map(|(name, check)| Some((name.clone(), check.get("outcome")?.as_str()?.to_owned())));
        Ok(Subject {
            title: get("title")?.as_str().unwrap_or_default().to_owned(),
            versions: versions.collect::<Vec<_>>().join(", "),
            is_ours: get("ours")?.as_bool().unwrap_or_default(),
            outcomes: outcomes.collect(),
        })
    }

    fn outcome(&self, check: &str) -> &str {
        self.outcomes.get(check).map_or("not-offered", String::as_str)
    }

    /// Returns the names of the checks of a class that it fails, and how many of them it passes.
    fn of(&self, class: Class) -> (Vec<&'static str>, usize) {
        let of_class = || checks().filter(|check| check.class == class).map(|check| check.name);
        let failed = of_class().filter(|name| matches!(self.outcome(name), "failed" | "unanswered"));
        (failed.collect(), of_class().filter(|name| self.outcome(name) == "passed").count())
    }

    fn row(&self) -> String {
        let score = |class| {
            let (failed, passed) = self.of(class);
            format!("{passed}/{}", passed.saturating_add(failed.len()))
        };
        let failed = [Class::Must, Class::Security].map(|class| self.of(class).0).concat();
        let shown = failed
            .get(..MAX_NAMES)
            .unwrap_or(&failed)
            .iter()
            .map(|name| format!("`{name}`"))
            .collect::<Vec<_>>();
        let more = match failed.len().saturating_sub(MAX_NAMES) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        let title = if self.is_ours { format!("**{}**", self.title) } else { self.title.clone() };
        let scores = Class::ALL.map(score).join(" | ");
        format!("| {title} | {} | {scores} | {}{more} |", self.versions, shown.join(", "))
    }
}

/// The most names of failed checks in a row.
const MAX_NAMES: usize = 4;

/// Returns the comparison with the present table: ours, and then the others by what they fail.
pub(crate) fn comparison(text: &str) -> Result<String> {
    let mut subjects = Vec::new();
    for entry in fs::read_dir(at("conformance/results"))? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "json")
            && path.file_stem().is_some_and(|stem| stem != "checks")
        {
            let read = Subject::read(&fs::read_to_string(&path)?);
            subjects.push(read.map_err(|error| format!("{}: {error}", path.display()))?);
        }
    }
    subjects.sort_by_key(|subject| {
        let failed = [Class::Must, Class::Security, Class::Should].map(|class| subject.of(class).0.len());
        (!subject.is_ours, failed, subject.title.to_lowercase())
    });
    let ours = subjects.iter().filter(|subject| subject.is_ours).count();
    let mut table = vec![
        format!("Ours, in bold, are {ours}; those of others are {}.", subjects.len().saturating_sub(ours)),
        String::new(),
        "| server | versions | must | security | should | nice | fails, of must and security |".to_owned(),
        "|---|---|---|---|---|---|---|".to_owned(),
    ];
    table.extend(subjects.iter().map(Subject::row));
    block::replace(text, "conformance", &table)
}
