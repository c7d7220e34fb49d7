//! The command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

/// Check and compile CORS policies, and see what they answer.
#[derive(Parser)]
#[command(name = "cors", version, after_help = EXAMPLES, max_term_width = 100)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

const EXAMPLES: &str = "\
Examples:
  cors check shop.toml                     every problem and risk, with the fix
  cors compile shop.toml -o shop.cors      the image that servers load
  cors show shop.cors                      the image, as a policy again
  cors decide shop.toml request.http       what the policy answers to a request

Exit status: 0 if all is well, 1 for a problem in a policy or a denied request, 2 for a wrong
command line or an input that cannot be read.";

#[derive(Subcommand)]
pub(crate) enum Command {
    Check(Check),
    Compile(Compile),
    Show(Show),
    Decide(Decide),
}

/// Print every problem and risk of a policy, with its place in the file and its fix.
///
/// A policy file is TOML or JSON: by its extension, or by its content where that says neither.
/// Exit status 1 if there is any problem.
#[derive(Args)]
#[command(after_help = "\
Examples:
  cors check shop.toml
  cors check policies/*.toml policies/*.json
  generate-policy | cors check -")]
pub(crate) struct Check {
    /// Policy files; - is standard input
    #[arg(required = true, value_name = "POLICY")]
    pub(crate) policies: Vec<PathBuf>,
}

/// Compile a policy into an image, which servers load and evaluate.
///
/// The image takes the place of an older one in a single step, so that a server never reads half of it.
/// The same policy gives the same bytes, everywhere.
#[derive(Args)]
#[command(after_help = "\
Examples:
  cors compile shop.toml -o shop.cors
  cors compile - -o - < shop.toml > shop.cors")]
pub(crate) struct Compile {
    /// The policy file; - is standard input
    pub(crate) policy: PathBuf,

    /// Where to write the image; - is standard output
    #[arg(short, long, value_name = "IMAGE")]
    pub(crate) output: PathBuf,
}

/// Print the policy that is in an image, as a policy file that compiles to the same bytes.
#[derive(Args)]
#[command(after_help = "\
Examples:
  cors show shop.cors
  cors show shop.cors --json | jq .allow_origins")]
pub(crate) struct Show {
    /// The image; - is standard input
    pub(crate) image: PathBuf,

    /// Print JSON instead of TOML
    #[arg(long)]
    pub(crate) json: bool,
}

/// Print what a policy says of HTTP requests: the kind, the verdict with its reason, and the response head to send.
///
/// A request is an HTTP/1.1 head as it is on the wire: the request line, the header fields and an empty line, with CRLF
/// or LF, no body. A file may hold several, one after the other. Exit status 1 if any is denied.
#[derive(Args)]
#[command(after_help = "\
Examples:
  cors decide shop.toml request.http
  cors decide shop.cors recorded/*.http --json
  printf 'GET / HTTP/1.1\\nOrigin: https://app.example.com\\n\\n' | cors decide shop.toml")]
pub(crate) struct Decide {
    /// The policy file or image; - is standard input
    pub(crate) policy: PathBuf,

    /// Files of request heads; - is standard input, as is none at all
    #[arg(value_name = "FILE")]
    pub(crate) requests: Vec<PathBuf>,

    /// Print one JSON object per request and line
    #[arg(long)]
    pub(crate) json: bool,
}
