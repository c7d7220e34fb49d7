//! `cors import`: the configuration of another program as a policy.

use cors_formats::{DUPLICATE_FIELD, Imported, NOT_JUDGED, UNKNOWN_FIELD, Unread};

use crate::args::Import;
use crate::commands::check::format_named;
use crate::diagnostics;
use crate::exit::{Exit, Failure};
use crate::input::{Input, line_of};
use crate::output::{self, Output};
use crate::printable::printable;

pub(crate) fn run(arguments: &Import) -> Result<Exit, Failure> {
    let from = arguments.from.as_deref().map(format_named).transpose()?;
    let input = Input::read(&arguments.file)?;
    let text = input.text()?;
    let reading = cors_formats::read(&input.path().to_string_lossy(), text, from).map_err(|error| match error {
        Unread::Syntax { span, message } => {
            let line = line_of(text.as_bytes(), span.start);
            Failure::unusable(input.name(), format_args!("line {line}: {}", printable(&message)))
        }
        Unread::NotKnown(notation) => Failure::unusable(
            input.name(),
            format_args!("this looks like {notation}, and no CORS configuration that is known is in it; --from names its format"),
        ),
    })?;
    let policies = reading.policies(arguments.allow_wider);
    let line = |policy: &Imported| line_of(text.as_bytes(), policy.span.start);
    let chosen = match (policies.as_slice(), arguments.rule) {
        ([], _) => return Err(Failure::unusable(input.name(), "there is no rule in it")),
        ([one], None) => one,
        (several, None) => {
            for (index, policy) in several.iter().enumerate() {
                let origins = policy.policy.allow_origins.join(", ");
                output::diagnostic(format_args!(
                    "--rule {}: line {}: {}",
                    index.saturating_add(1),
                    line(policy),
                    printable(&origins)
                ));
            }
            diagnostics::error(&format!(
                "{}: the rules are {} policies, and one that says all of it would let in more; --rule names one",
                input.name(),
                several.len()
            ));
            return Ok(Exit::Problem);
        }
        (several, Some(number)) => {
            let index = usize::try_from(number).unwrap_or(usize::MAX).saturating_sub(1);
            several.get(index).ok_or_else(|| {
                Failure::unusable(
                    input.name(),
                    format_args!("there is no policy {number}: the rules make {}", several.len()),
                )
            })?
        }
    };
    for finding in &reading.findings() {
        let lead = match finding.kind {
            UNKNOWN_FIELD | NOT_JUDGED => "left out: ",
            DUPLICATE_FIELD => "",
            _ => continue,
        };
        let line = line_of(text.as_bytes(), finding.span.start);
        let text = printable(&finding.text);
        output::diagnostic(format_args!("{}: line {line}: {lead}{text}", input.name()));
    }
    for (span, note) in &chosen.notes {
        let line = line_of(text.as_bytes(), span.start);
        output::diagnostic(format_args!("{}: line {line}: {}", input.name(), printable(note)));
    }
    if chosen.policy.allow_origins.is_empty() {
        diagnostics::error(&format!("{}: no origin could be carried over", input.name()));
        return Ok(Exit::Problem);
    }
    let written = if arguments.json {
        serde_json::to_string_pretty(&chosen.policy).map_err(|error| error.to_string())
    } else {
        toml::to_string_pretty(&chosen.policy).map_err(|error| error.to_string())
    };
    let mut written = written.map_err(|error| Failure::unusable(input.name(), error))?;
    if !arguments.json {
        // What is as it is without a line needs none.
        let defaults =
            ["allow_private_network = false", "preflight_status = 204", "allow_credentials = false"];
        let is_said = |line: &&str| !defaults.contains(line) && !line.ends_with(" = []");
        written = written.lines().filter(is_said).collect::<Vec<_>>().join("\n");
    }
    Output::default().bytes(format!("{}\n", written.trim_end()).as_bytes())?;
    Ok(Exit::Ok)
}
