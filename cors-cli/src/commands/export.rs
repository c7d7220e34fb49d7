//! `cors export`: a policy in the format of another program.

use cors_core::Policy;
use cors_formats::{Format, NotExported, export};
use cors_policy_file::OwnedConfig;

use crate::args::Export;
use crate::commands::check::format_named;
use crate::compiler::image_of;
use crate::diagnostics;
use crate::exit::{Exit, Failure};
use crate::input::Input;
use crate::output::{self, Output};

pub(crate) fn run(arguments: &Export) -> Result<Exit, Failure> {
    let mut output = Output::default();
    let (Some(path), Some(name)) = (&arguments.policy, &arguments.to) else {
        for format in Format::all() {
            let way = if format.is_written() { "" } else { " (only read)" };
            output.text(&format!("{:<16} {}{way}\n", format.name(), format.title()))?;
        }
        return Ok(Exit::Ok);
    };
    let format = format_named(name)?;
    let input = Input::read(path)?;
    let image = if input.is_image() { input.image()?.as_bytes().to_vec() } else { image_of(&input)? };
    let policy = Policy::from_bytes(&image).map_err(|error| Failure::unusable(input.name(), error))?;
    let config = OwnedConfig::from(policy).to_strings();
    match export(&config, format, arguments.allow_wider) {
        Ok(exported) => {
            for note in &exported.notes {
                output::diagnostic(format_args!("{}: {note}", format.name()));
            }
            output.bytes(exported.text.as_bytes())?;
            Ok(Exit::Ok)
        }
        Err(NotExported::Unwritten) => {
            let what = format!(
                "{} is only read; `cors export --list` prints the formats that are written",
                format.title()
            );
            Err(Failure::unusable(format_args!("the format {}", format.name()), what))
        }
        Err(NotExported::Policy(problem)) => Err(Failure::unusable(input.name(), problem)),
        Err(NotExported::Wider(sentences)) => {
            for sentence in &sentences {
                output::diagnostic(format_args!("{}: wider: {sentence}", format.name()));
            }
            diagnostics::error(&format!(
                "{} would let in more than the policy; --allow-wider writes it all the same",
                format.title()
            ));
            Ok(Exit::Problem)
        }
        Err(NotExported::Nothing(sentences)) => {
            for sentence in &sentences {
                output::diagnostic(format_args!("{}: {sentence}", format.name()));
            }
            diagnostics::error(&format!("nothing is left of the policy for {}", format.title()));
            Ok(Exit::Problem)
        }
    }
}
