//! What the developer has in hand: told by an option, or by its content.

use std::ffi::OsStr;
use std::io::{IsTerminal, Read, stdin};
use std::path::{Path, PathBuf};

use cors_diagnosis::input::Input;

use crate::args::Explain;
use crate::exit::Failure;
use crate::input::{self, is_standard};
use crate::printable::printable;
use crate::shell;

/// The most bytes of a text: more than any console shows, and less than a file that was meant for something else.
const MAX_TEXT_LEN: usize = 1 << 20;

/// What is explained.
pub(super) enum Given {
    /// A policy, and the fetch of the command line.
    Policy(PathBuf),
    /// The fetch of the command line, for a server's software.
    Stack,
    Message(String),
    Har(Vec<u8>),
    Curl(String),
    FetchCall(String),
    Response(Vec<u8>),
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
            return text(message, "--message").map(Given::Message);
        }
        if let Some(path) = &arguments.har {
            return read(path).map(Given::Har);
        }
        if let Some(command) = &arguments.curl {
            return text(command, "--curl").map(Given::Curl);
        }
        if let Some(call) = &arguments.fetch {
            return text(call, "--fetch").map(Given::FetchCall);
        }
        match (&arguments.what, &arguments.response, &arguments.policy) {
            (Some(what), None, _) => Given::by_content(arguments, what),
            (Some(what), Some(_), _) => match Given::by_content(arguments, what)? {
                given @ (Given::Curl(_) | Given::FetchCall(_)) => Ok(given),
                _ => Err(Failure::unusable(
                    "--response",
                    "it goes with a copied request, or with --origin and --method alone",
                )),
            },
            (None, None, Some(policy)) if arguments.asked.origin.is_some() => {
                Ok(Given::Policy(policy.clone()))
            }
            (None, None, None) if arguments.server.stack().is_some() => Ok(Given::Stack),
            (None, Some(path), _) => read(path).map(Given::Response),
            (None, None, _) if stdin().is_terminal() => Err(nothing()),
            (None, None, _) => match read(Path::new("-"))? {
                bytes if bytes.is_empty() => Err(nothing()),
                bytes => Given::told_apart(bytes, Path::new("-")),
            },
        }
    }

    /// Returns what is named on the command line: a file, or a text itself.
    fn by_content(arguments: &Explain, what: &str) -> Result<Self, Failure> {
        let path = Path::new(what);
        if arguments.policy.is_none()
            && arguments.asked.origin.is_some()
            && (is_standard(path) || is_file_name(path))
        {
            return Ok(Given::Policy(path.to_owned()));
        }
        if is_standard(path) || path.exists() || (is_file_name(path) && Input::of(what) == Input::Message) {
            let bytes = read(path)?;
            return Given::told_apart(bytes, path);
        }
        Given::told_apart(what.as_bytes().to_vec(), Path::new(""))
    }

    fn told_apart(bytes: Vec<u8>, path: &Path) -> Result<Self, Failure> {
        let is_policy = cors_core::Policy::is_image(&bytes) || has_extension(path, &["toml", "cors"]);
        let text = String::from_utf8_lossy(&bytes);
        let input = Input::of(&text);
        if is_policy || (has_extension(path, &["json"]) && input == Input::Message) {
            let what =
                "a policy is explained for a page; add --origin https://app.example.com, the page's origin";
            return Err(Failure::unusable(input::name(path), what));
        }
        Ok(match input {
            Input::Har => Given::Har(bytes),
            Input::Curl => Given::Curl(text.into_owned()),
            Input::FetchCall => Given::FetchCall(text.into_owned()),
            Input::ResponseHead => Given::Response(bytes),
            Input::Address => return Err(address(text.trim())),
            Input::Message if bytes.len() > MAX_TEXT_LEN => {
                return Err(Failure::unusable(
                    input::name(path),
                    "too long for a message; paste the lines about CORS",
                ));
            }
            Input::Message => Given::Message(text.into_owned()),
        })
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
         cors explain 'Access to fetch at … has been blocked by CORS policy: …'\nor explain a policy:\n  cors explain \
         policy.toml --origin https://app.example.com\n`cors explain --help` has the other inputs.",
    )
}

fn address(url: &str) -> Failure {
    let url = shell::word(&printable(url));
    Failure::unusable(
        "cors explain",
        format_args!(
            "an address alone does not show why it is blocked; ask its server as a browser would:\n  cors probe {url} \
             --origin https://app.example.com"
        ),
    )
}

fn text(given: &str, option: &str) -> Result<String, Failure> {
    if given != "-" {
        return Ok(given.to_owned());
    }
    let mut bytes = Vec::new();
    let limit = u64::try_from(MAX_TEXT_LEN).unwrap_or(u64::MAX);
    stdin()
        .lock()
        .take(limit)
        .read_to_end(&mut bytes)
        .map_err(|error| Failure::unusable(format_args!("{option} -"), error))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    input::Input::read(path).map(|input| input.bytes().to_vec())
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
