//! [`Snippet`]: a template filled in with what is wanted, once that is known to be safe.

use std::error::Error;
use std::fmt;

use cors_core::{Config, ConfigOf, Origin};
use serde::Serialize;

use super::row::{Row, Template};
use super::{Stack, template};
use crate::Wanted;
use crate::printable::printable;

/// The configuration of a stack that answers one fetch.
#[derive(Clone, Debug)]
pub struct Snippet {
    /// Where it is for.
    pub stack: Stack,
    /// What to install, or a command that takes the file.
    pub command: Option<&'static str>,
    /// The lines, by their places.
    pub parts: Vec<Part>,
    /// What to know about it, in sentences.
    pub notes: &'static [&'static str],
}

/// The lines for one place.
#[derive(Clone, Debug, Serialize)]
pub struct Part {
    /// The file, and where in it.
    pub place: &'static str,
    /// The language, as Markdown names it.
    pub language: &'static str,
    /// Lines, each with its line end.
    pub text: String,
}

/// Why no lines are written: they would not work, or let in what nobody means to let in.
#[derive(Clone, Debug)]
pub struct Refused(String);

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Error for Refused {}

/// Refuses what `check` would refuse, and what is not the same text in every language.
pub(super) fn check(wanted: &Wanted) -> Result<(), Refused> {
    if wanted.origins.is_empty() {
        return Err(Refused("the page's origin is not known".to_owned()));
    }
    for origin in &wanted.origins {
        match Origin::parse(origin.as_bytes()) {
            Ok(parsed) if parsed.is_opaque() => {
                let what =
                    "a page of the origin null cannot be listed safely: serve the page over http or https";
                return Err(Refused(what.to_owned()));
            }
            Ok(_) => {}
            Err(error) => {
                return Err(Refused(format!("{} is not an origin: {error}", printable(origin))));
            }
        }
    }
    let config = ConfigOf {
        allow_origins: &wanted.origins,
        allow_methods: &wanted.methods,
        allow_headers: &wanted.headers,
        expose_headers: &wanted.exposed,
        allow_credentials: wanted.credentials,
        max_age: wanted.max_age,
        allow_private_network: false,
        preflight_status: Config::NEW.preflight_status,
        accept_risks: &[],
        is_public_suffix: None,
    };
    let mut problem = None;
    config.check(|error| {
        problem.get_or_insert_with(|| Refused(error.to_string()));
    });
    if let Some(problem) = problem {
        return Err(problem);
    }
    let mut names = wanted.methods.iter().chain(&wanted.headers).chain(&wanted.exposed);
    match names.find(|name| !is_plain(name)) {
        Some(name) => Err(Refused(format!("the name {name} has characters that no lines are written for"))),
        None => Ok(()),
    }
}

pub(super) fn snippet(stack: Stack, row: &'static Row, wanted: &Wanted) -> Result<Snippet, Refused> {
    check(wanted)?;
    let title = row.title;
    if wanted.credentials && !row.limits.credentials {
        return Err(Refused(format!("{title} cannot allow credentials: let the page fetch without them")));
    }
    if let Some(origin) = wanted.origins.iter().find(|origin| !row.limits.ipv6 && origin.contains('[')) {
        return Err(Refused(format!(
            "{title} cannot list {origin}: open the page under a name, such as localhost"
        )));
    }
    let is_impossible =
        |method: &&String| row.limits.methods.is_some_and(|known| !known.contains(&method.as_str()));
    if let Some(method) = wanted.methods.iter().find(is_impossible) {
        return Err(Refused(format!("{title} cannot allow the method {method}")));
    }
    Ok(Snippet { stack, command: row.command, parts: filled(row, wanted), notes: row.notes })
}

/// Returns the lines for a whole policy, if the row's templates take patterns.
pub(super) fn recipe(row: &'static Row, wanted: &Wanted) -> Option<Vec<Part>> {
    let mut names = wanted.methods.iter().chain(&wanted.headers).chain(&wanted.exposed);
    let is_written = row.parts.iter().any(|part| template::takes_patterns(part.text))
        && names.all(|name| name == "*" || is_plain(name));
    is_written.then(|| filled(row, wanted))
}

fn filled(row: &'static Row, wanted: &Wanted) -> Vec<Part> {
    let part = |part: &'static Template| Part {
        place: part.place,
        language: part.language,
        text: template::fill(part.text, part.list, wanted),
    };
    row.parts.iter().map(part).collect()
}

/// Returns true for a name whose characters are the same in every language. Of those of a token no others are in use.
fn is_plain(name: &str) -> bool {
    name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
}
