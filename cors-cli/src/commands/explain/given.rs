//! What the developer has in hand: told by an option, or by its content.

use std::ffi::OsStr;
use std::io::{IsTerminal, stdin};
use std::path::{Path, PathBuf};

use cors_diagnosis::input::{Input, decoded};

use super::told::{Text, refused_address};
use crate::args::Explain;
use crate::exit::Failure;
use crate::input::{self, is_standard};

/// The most bytes of a text: more than any console shows, and less than a file that was meant for something else.
const MAX_TEXT_LEN: usize = 1 << 20;

/// What is explained.
pub(super) enum Given {
    /// A policy, and the fetch of the command line.
    Policy(input::Input),
    /// The fetch of the command line, for a server's software.
    Stack,
    /// Anything else.
    Text(Text),
}

impl Explain {
    /// Returns the path of the policy: that of `--policy`, or what is named beside another input.
    pub(crate) fn policy_path(&self) -> Option<PathBuf> {
        let is_told = self.message.is_some()
            || self.har.is_some()
            || self.curl.is_some()
            || self.fetch.is_some()
            || self.response.is_some()
            || self.serve;
        let what = self.what.as_ref().filter(|_| is_told && self.policy.is_none());
        self.policy.clone().or_else(|| what.map(PathBuf::from))
    }
}

impl Given {
    pub(super) fn of(arguments: &Explain) -> Result<Self, Failure> {
        once(arguments)?;
        if let Some(message) = &arguments.message {
            return text(message, Input::Message, "--message");
        }
        if let Some(path) = &arguments.har {
            return of_file(path, Input::Har, "the HAR file");
        }
        if let Some(command) = &arguments.curl {
            let given = text(command, Input::Curl, "--curl")?;
            // "Copy as PowerShell" is next to it.
            return Ok(match given {
                Given::Text(text) if Input::of(&text.content) == Input::PowerShell => {
                    Given::Text(Text { kind: Input::PowerShell, ..text })
                }
                given => given,
            });
        }
        if let Some(call) = &arguments.fetch {
            return text(call, Input::FetchCall, "--fetch");
        }
        match (&arguments.what, &arguments.response, &arguments.policy) {
            (Some(what), None, _) => Given::by_content(what),
            (Some(what), Some(_), _) => match Given::by_content(what)? {
                Given::Text(text)
                    if matches!(text.kind, Input::Curl | Input::FetchCall | Input::PowerShell) =>
                {
                    Ok(Given::Text(text))
                }
                _ => Err(Failure::unusable(
                    "--response",
                    "it goes with a copied request, or with --origin and --method alone",
                )),
            },
            (None, None, Some(policy)) if arguments.asked.origin.is_some() => {
                input::Input::read(policy).map(Given::Policy)
            }
            (None, Some(path), _) => of_file(path, Input::ResponseHead, "--response"),
            (None, None, _) => Given::of_standard_input(arguments),
        }
    }

    fn of_standard_input(arguments: &Explain) -> Result<Self, Failure> {
        let has_stack = arguments.server.stack().is_some();
        let otherwise = || if has_stack { Ok(Given::Stack) } else { Err(nothing()) };
        if stdin().is_terminal() {
            return otherwise();
        }
        let input = match input::Input::read(Path::new("-")) {
            Ok(input) => input,
            // A program that was started without one.
            Err(_) if has_stack => return Ok(Given::Stack),
            Err(error) => return Err(error),
        };
        if input.bytes().trim_ascii().is_empty() { otherwise() } else { Given::told_apart(input) }
    }

    /// Returns what is named on the command line: a file, or a text itself.
    fn by_content(what: &str) -> Result<Self, Failure> {
        let path = Path::new(what);
        if is_standard(path) || path.exists() || (is_file_name(path) && Input::of(what) == Input::Message) {
            return Given::told_apart(input::Input::read(path)?);
        }
        of_text(Input::of(what), what.to_owned(), "cors explain")
    }

    /// Tells by its content, and where that does not say by its name, what a file is.
    fn told_apart(input: input::Input) -> Result<Self, Failure> {
        if input.is_image() || has_extension(input.path(), &["toml", "cors"]) {
            return Ok(Given::Policy(input));
        }
        let text = decoded(input.bytes());
        let kind = Input::of(&text);
        let is_json = has_extension(input.path(), &["json"]) && kind == Input::Message;
        if kind == Input::Policy || is_json {
            return Ok(Given::Policy(input));
        }
        let text = text.into_owned();
        of_text(kind, text, &input.name())
    }
}

fn of_text(kind: Input, text: String, name: &str) -> Result<Given, Failure> {
    match kind {
        Input::Address => Err(refused_address(text.trim())),
        Input::Policy => {
            let what = "a policy is read from a file, or from standard input; name the file";
            Err(Failure::unusable(name, what))
        }
        Input::Har => Ok(Given::Text(Text { kind, name: "the HAR file".to_owned(), content: text })),
        _ if text.len() > MAX_TEXT_LEN => {
            Err(Failure::unusable(name, "too long for a message; paste the lines about CORS"))
        }
        _ => Ok(Given::Text(Text { kind, name: name.to_owned(), content: text })),
    }
}

/// Standard input is read once.
fn once(arguments: &Explain) -> Result<(), Failure> {
    let is_dash = |text: &Option<String>| text.as_deref() == Some("-");
    let is_standard = |path: &Option<PathBuf>| path.as_deref().is_some_and(is_standard);
    let readers = [
        is_dash(&arguments.what),
        is_dash(&arguments.message),
        is_dash(&arguments.curl),
        is_dash(&arguments.fetch),
        is_standard(&arguments.har),
        is_standard(&arguments.response),
        is_standard(&arguments.policy),
    ];
    if readers.into_iter().filter(|&reads| reads).count() > 1 {
        let what = "it can be only one of them; write the text in quotation marks, or name a file";
        return Err(Failure::unusable("standard input", what));
    }
    Ok(())
}

fn nothing() -> Failure {
    Failure::unusable(
        "cors explain",
        "nothing to explain. Copy the line about CORS from the browser's console, and write it in quotation marks:\n  \
         cors explain 'Access to fetch at … has been blocked by CORS policy: …'\nor print the lines for your server:\n  cors \
         explain --stack express --origin https://app.example.com\nor explain a policy:\n  cors explain policy.toml --origin \
         https://app.example.com\n`cors explain --help` has the other inputs.",
    )
}

/// Returns the text of an option, or standard input for a dash.
fn text(given: &str, kind: Input, option: &str) -> Result<Given, Failure> {
    if given == "-" {
        return of_file(Path::new("-"), kind, option);
    }
    of_text(kind, given.to_owned(), option)
}

fn of_file(path: &Path, kind: Input, name: &str) -> Result<Given, Failure> {
    let input = input::Input::read(path)?;
    of_text(kind, decoded(input.bytes()).into_owned(), name)
}

fn has_extension(path: &Path, extensions: &[&str]) -> bool {
    let extension = path.extension().and_then(OsStr::to_str);
    extension.is_some_and(|extension| extensions.iter().any(|other| other.eq_ignore_ascii_case(extension)))
}

/// True for what looks like the name of a file and not like a message.
fn is_file_name(path: &Path) -> bool {
    let text = path.to_string_lossy();
    let is_named = has_extension(path, &["toml", "json", "cors", "har", "txt", "log", "http"]);
    path.exists()
        || (is_named && !text.contains(char::is_whitespace))
        || (!text.contains(char::is_whitespace) && text.starts_with(['/', '.']))
}
