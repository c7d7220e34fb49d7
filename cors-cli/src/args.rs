//! The command line.

mod fetch;

use std::env;
use std::ffi::OsString;
use std::path::PathBuf;

use clap::builder::{PossibleValue, PossibleValuesParser};
use clap::error::ErrorKind;
use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use cors_diagnosis::stack::Stack;

#[cfg(not(target_family = "wasm"))]
pub(crate) use self::fetch::ElementKind;
pub(crate) use self::fetch::{Asked, Call, EngineName, SpaceName};
use crate::printable::printable;

/// Check and compile CORS policies, and see what they answer.
#[derive(Parser)]
#[command(name = "cors", bin_name = "cors", version, after_help = EXAMPLES, max_term_width = 100)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

const EXAMPLES: &str = "\
Blocked by CORS? Give `cors explain` the line in the browser's console, or use its page:
  cors explain --message 'Access to fetch at … has been blocked by CORS policy: …'
  cors explain --serve

Examples:
  cors check shop.toml                     every problem and risk, with the fix
  cors compile shop.toml -o shop.cors      the image that servers load
  cors show shop.cors                      the image, as a policy again
  cors decide shop.toml request.http       what the policy answers to a request
  cors explain shop.toml --origin https://app.example.com --method PUT
                                           what a browser makes of it, and what to change
  cors probe https://api.example.com/ --origin https://app.example.com
                                           a live server, judged as browsers judge it
  cors conformance http://127.0.0.1:8080/orders --policy shop.toml
                                           a server of yours, held against the policy it should have
  cors proxy --target https://api.example.com --policy shop.toml
                                           the policy in front of an API that is not yours
  cors export shop.toml --to s3            the policy for a bucket, a gateway, a server
  cors import cors.json                    a configuration of theirs as a policy

Exit status: 0 if all is well, 1 for a problem in a policy, a denied request or a blocked fetch,
2 for a wrong command line, an input that cannot be read or a server that does not answer.";

impl Arguments {
    /// Returns the arguments of the process; or prints help, or what is wrong with them, and ends it.
    pub(crate) fn of_process() -> Self {
        let given: Vec<OsString> = env::args_os().collect();
        Arguments::try_parse_from(&given).unwrap_or_else(|error| {
            if error.use_stderr() && error.kind() != ErrorKind::InvalidUtf8 {
                // An error repeats the argument, with colours that could not be told from an escape sequence in it.
                let shown = given.iter().map(|argument| printable(&argument.to_string_lossy()));
                if let Err(error) = Arguments::try_parse_from(shown) {
                    error.exit();
                }
                // The escapes make an argument right only where they are all that was wrong with it.
                Arguments::command().error(error.kind(), "an argument is not as it has to be").exit();
            }
            error.exit()
        })
    }
}

#[derive(Subcommand)]
pub(crate) enum Command {
    Check(Check),
    Compile(Compile),
    Show(Show),
    Decide(Decide),
    Explain(Explain),
    Probe(Probe),
    Conformance(Conformance),
    Proxy(Proxy),
    Completions(Completions),
    Man(Man),
    Export(Export),
    Import(Import),
}

/// Print every problem and risk of policies, and of the CORS configuration of other programs, each with its place and its fix.
///
/// A policy file is TOML or JSON: by its extension, or by its content where that says neither. The content also tells
/// the configuration of other programs: S3, Google Cloud Storage, Azure Blob, CloudFront, API Gateway, Lambda URLs, Envoy,
/// Istio, ingress-nginx, the Gateway API, Traefik, nginx, Apache, HAProxy, Caddy, npm cors, @fastify/cors, Flask-CORS,
/// django-cors-headers, Starlette. A folder is searched for what is known. Exit status 1 if there is any problem: an error,
/// a warning or a risk.
#[derive(Args)]
#[command(after_help = "\
Examples:
  cors check shop.toml
  cors check policies/*.toml policies/*.json
  cors check bucket-cors.json ingress.yaml nginx.conf
  cors check --format github .
  cors check shop.toml --json | jq '.problems[].line'
  generate-policy | cors check -")]
pub(crate) struct Check {
    /// Policy files, configurations, folders; - is standard input
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,

    /// Print every problem, up to ten thousand, and not the first hundred of each policy
    #[arg(long, conflicts_with_all = ["json", "format"])]
    pub(crate) all: bool,

    /// Print one JSON object per file, with every problem
    #[arg(long, conflicts_with = "format")]
    pub(crate) json: bool,

    /// How to print what is found [default: text]
    #[arg(long, value_name = "FORMAT")]
    pub(crate) format: Option<ReportFormat>,

    /// The format of the files, where their content does not tell: a name of `cors export --list`
    #[arg(long, value_name = "FORMAT")]
    pub(crate) from: Option<String>,
}

/// How findings are printed.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ReportFormat {
    /// For a person
    Text,
    /// A JSON object per file
    Json,
    /// Annotations of GitHub's workflows
    Github,
    /// SARIF 2.1.0, for code scanning
    Sarif,
}

/// Write a policy in the format of another program.
///
/// What the format says exactly is written; what it says with less is written with a comment, or a note on standard error. What
/// would let in more is left out, or the export is refused, unless --allow-wider. Exit status 1 if nothing is written.
#[derive(Args)]
#[command(after_help = "\
Examples:
  cors export shop.toml --to s3 > cors.json
  cors export shop.toml --to envoy
  cors export shop.toml --to azure-blob --allow-wider
  cors export --list")]
pub(crate) struct Export {
    /// The policy file or image; - is standard input
    #[arg(required_unless_present = "list")]
    pub(crate) policy: Option<PathBuf>,

    /// The format: a name of --list
    #[arg(long, value_name = "FORMAT", required_unless_present = "list")]
    pub(crate) to: Option<String>,

    /// Write also what lets in more than the policy, and say what that is
    #[arg(long)]
    pub(crate) allow_wider: bool,

    /// Print the formats
    #[arg(long, conflicts_with_all = ["policy", "to", "allow_wider"])]
    pub(crate) list: bool,
}

/// Print the policy that says what the configuration of another program says.
///
/// Standard error names what a policy cannot say. Where the rules do not fold into one policy, they are listed, and
/// --rule names one. A text that a policy would say with more, such as a `*` for one label, is left out unless --allow-wider.
/// Exit status 1 if no policy says what the configuration says.
#[derive(Args)]
#[command(after_help = "\
Examples:
  cors import cors.json > shop.toml
  cors import ingress.yaml --allow-wider
  cors import bucket.xml --rule 2")]
pub(crate) struct Import {
    /// The configuration; - is standard input
    pub(crate) file: PathBuf,

    /// The format, where the content does not tell: a name of `cors export --list`
    #[arg(long, value_name = "FORMAT")]
    pub(crate) from: Option<String>,

    /// The policy to print, where the rules make several, from 1
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) rule: Option<u32>,

    /// Take over also what a policy says with more, and say what that is
    #[arg(long)]
    pub(crate) allow_wider: bool,

    /// Print JSON instead of TOML
    #[arg(long)]
    pub(crate) json: bool,
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

/// Print what a policy decides about HTTP requests: the kind, the verdict with its reason, and the response head to send.
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

    /// Files of request heads; - is standard input, which is also read if no file is named
    #[arg(value_name = "FILE")]
    pub(crate) requests: Vec<PathBuf>,

    /// Print one JSON object per request and line
    #[arg(long)]
    pub(crate) json: bool,
}

/// Explain why a fetch is blocked and what to change: from a console message, a HAR file, a copied request, or a policy.
///
/// WHAT is whatever you have in hand. A text in quotation marks is a message of a browser's console, as it was pasted:
/// whole or cut, of any browser, several at once; or a question, such as 'how do I allow my front end?'. A file, or standard
/// input, is a HAR file of the network panel, copied requests (curl, PowerShell or fetch), a response's head, what `curl -v`
/// printed, such messages, or a policy; its content tells which. The options below say it outright. Values of cookies, tokens and other headers are never printed, only names.
///
/// For a policy (with --origin), prints what page, browser and server send each other, the message in the browser's console,
/// and every obstacle with its fixes. Exit status 0 if the fetch succeeds, 1 if it is blocked.
///
/// For a message, prints the sentence to act on, what it means, and what else it shows. --origin and the other options supply
/// what the message leaves out; with --policy, prints what to change there. Exit status 0, or 1 if the policy blocks that
/// fetch, 2 for a text in which nothing is known.
///
/// For a HAR file, prints a line for each request of another origin that was blocked or came near it, and the story of the
/// first, or of the one that --entry names. Exit status 1 if any was blocked.
///
/// For a copied request, prints what a browser sends for it and what a server has to answer, or what stops it before; with
/// --response or --policy, what comes of that answer.
///
/// With --stack, prints the lines that make the fetch work in the server's software, and nothing wider; nothing else is needed then. Exit
/// status 1 if no lines are right for it, or no browser sends that fetch, whatever a server allows.
/// --origin, --method, --header and --credentials say what the page asks, where the text does not. Where both do, a message and a HAR file
/// count, and before a copied request or a response the option counts; a note says so. An option that has no use is an error.
///
/// With --serve, opens the explanation as a local web page; edit the policy or the fetch and it updates. The page begins
/// with POLICY and the other options, or without POLICY with a sample. The page's address holds the case, so that it can
/// be shared as a link; a case from a link is explained once you press a button. Only this machine can open the page,
/// which takes a policy and a fetch of at most 256 KiB together, and 256 headers. Ctrl-C or SIGTERM ends the command with
/// exit status 0, also while it computes an explanation.
#[derive(Args)]
#[command(after_help = "\
Examples:
  cors explain 'Access to fetch at … has been blocked by CORS policy: …'
  cors explain < copied-from-the-console.txt
  cors explain --har session.har --entry 2
  cors explain --curl - < copied.txt
  curl -si https://api.example.com/orders -H 'Origin: https://app.example.com' |
      cors explain --response - --origin https://app.example.com
  cors explain shop.toml --origin https://app.example.com --url https://api.example.com/orders/1 \\
      --method PUT --header 'content-type: application/json' --credentials
  cors explain shop.toml --origin https://app.example.com --method PUT --mermaid > put.mmd
  cors explain 'Access to fetch at … has been blocked by CORS policy: …' --policy shop.toml
  cors explain --stack express --origin https://app.example.com --method PUT --header 'authorization: x'
  cors explain shop.toml --serve")]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub(crate) struct Explain {
    /// A message, a file, or a policy; - is standard input, which is also read if nothing is named
    #[arg(value_name = "WHAT")]
    pub(crate) what: Option<String>,

    #[command(flatten)]
    pub(crate) asked: Asked,

    #[command(flatten)]
    pub(crate) server: Server,

    /// A message from a browser's console; - reads it from standard input
    #[arg(long, value_name = "TEXT", conflicts_with_all = ["har", "curl", "fetch"])]
    pub(crate) message: Option<String>,

    /// A HAR file ("Save all as HAR" in the network panel); - is standard input
    #[arg(long, value_name = "FILE", conflicts_with_all = ["curl", "fetch"])]
    pub(crate) har: Option<PathBuf>,

    /// The request of the HAR file to tell, by the number of its line
    #[arg(long, value_name = "NUMBER")]
    pub(crate) entry: Option<usize>,

    /// A request that developer tools copied as cURL (bash or cmd); - reads it from standard input
    #[arg(long, value_name = "TEXT", conflicts_with = "fetch")]
    pub(crate) curl: Option<String>,

    /// A request that developer tools copied as fetch; - reads it from standard input
    #[arg(long, value_name = "TEXT")]
    pub(crate) fetch: Option<String>,

    /// What a server answered, in place of a policy: one response head or two, the preflight's first, as `curl -i` prints
    /// them; - is standard input
    #[arg(long, value_name = "FILE", conflicts_with_all = ["policy", "message", "har"])]
    pub(crate) response: Option<PathBuf>,

    /// The policy file or image that the server has; - is standard input
    #[arg(long, value_name = "FILE")]
    pub(crate) policy: Option<PathBuf>,

    /// Print a JSON object
    #[arg(long, conflicts_with_all = ["mermaid", "ascii"])]
    pub(crate) json: bool,

    /// Print a Mermaid sequence diagram
    #[arg(long, conflicts_with_all = ["message", "har", "ascii", "stack"])]
    pub(crate) mermaid: bool,

    /// Draw with ASCII characters
    #[arg(long)]
    pub(crate) ascii: bool,

    /// Leave the drawing out
    #[arg(long, conflicts_with_all = ["ascii", "json", "mermaid"])]
    pub(crate) brief: bool,

    /// Serve the explanation as a page on this machine, and print its address
    #[arg(long, conflicts_with_all = ["message", "har", "curl", "fetch", "response", "json", "mermaid", "ascii", "brief", "stack"])]
    pub(crate) serve: bool,

    /// The page's address, on this machine; with port 0, on a port that is free
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8788", requires = "serve")]
    pub(crate) listen: String,
}

/// Send the requests that a browser would send to a live server, and judge the answers as each engine would.
///
/// Prints the requests and the response heads, how the fetch ends in each engine with the text in its console, and what
/// to change on the server. A preflight is sent if a browser sends one, and a GET or HEAD that needs none; any other
/// request of the page is sent only with --send, and without a body. With --audit, looks for known misconfigurations
/// instead, by GET (or HEAD) and OPTIONS alone.
///
/// Only the address itself is asked: redirects are reported and not followed. One request at a time, each on a connection of
/// its own: at most 5, with --audit at most 28. No cookies, no proxy of the environment, no bodies.
///
/// Exit status 0 if the fetch succeeds, as far as it was sent, 1 if an engine blocks it or the audit finds something,
/// 2 if there was no answer to judge.
#[derive(Args)]
#[command(after_help = "\
Examples:
  cors probe https://api.example.com/orders --origin https://app.example.com
  cors probe https://api.example.com/orders/1 --origin https://app.example.com \\
      --method PUT --header 'content-type: application/json' --credentials
  cors probe https://api.example.com/orders --audit --origin https://app.example.com --json")]
pub(crate) struct Probe {
    /// The address that the page asks
    pub(crate) url: String,

    /// The page's origin; for an audit, one that the server trusts, or else the address's own
    #[arg(long, value_name = "ORIGIN", required_unless_present = "audit")]
    pub(crate) origin: Option<String>,

    #[command(flatten)]
    pub(crate) call: Call,

    #[command(flatten)]
    pub(crate) server: Server,

    /// Send the request itself, too, whatever it does on the server, once its preflight passes
    #[arg(long)]
    pub(crate) send: bool,

    /// Whose requests and whose judgement [default: all of them]
    #[arg(long, value_name = "ENGINE")]
    pub(crate) engine: Option<EngineName>,

    /// Look for known misconfigurations, with origins made up after the trusted one
    #[arg(long, conflicts_with_all = ["credentials", "xhr", "send", "engine", "stack"])]
    pub(crate) audit: bool,

    /// Wait between the requests of an audit for this long
    #[arg(long, value_name = "MILLISECONDS", default_value_t = 0, requires = "audit")]
    pub(crate) delay: u64,

    /// Wait for a response head for this long
    #[arg(long, value_name = "SECONDS", default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..=600))]
    pub(crate) timeout: u64,

    /// Print a JSON object
    #[arg(long)]
    pub(crate) json: bool,
}

/// Hold a server of yours against the policy that it is meant to have.
///
/// Sends requests as browsers and caches do, and judges each response as they would: must (or else a browser or a cache does
/// the wrong thing), security (or else a page reads what the policy keeps from it), should and nice. Where both ways are right the report
/// has "info", and where the policy or the application has nothing to try a check with, "not offered".
///
/// Without --routes, only the address itself is asked, by GET, HEAD and OPTIONS: nothing changes on the server. With it, the routes of
/// the file are asked, too, by the methods that docs/conformance.md has for each. At most 1,000 requests, to that server alone; redirects are
/// not followed. A server that answers five requests in a row with nothing is asked no more.
///
/// Exit status 0 if no check of must or security failed (of those of --only, where it is given), 1 if any did, 2 if the server does not answer,
/// or nothing is at the address. The system's certificates are trusted, or those in the file that the variable `SSL_CERT_FILE` names.
#[derive(Args)]
#[command(after_help = "\
Examples:
  cors conformance http://127.0.0.1:8080/orders --policy shop.toml
  cors conformance http://127.0.0.1:8080 --policy cors.json --routes routes.json --only must --only security
  cors conformance http://127.0.0.1:8080/ --policy shop.toml --junit conformance.xml
  cors conformance --list")]
pub(crate) struct Conformance {
    /// The address of the server, and of the route that is asked where there are no others
    #[arg(required_unless_present = "list")]
    pub(crate) url: Option<String>,

    /// The policy that the server is meant to have: a policy file, an image, or the configuration of another program
    #[arg(long, value_name = "FILE", required_unless_present = "list")]
    pub(crate) policy: Option<PathBuf>,

    /// What the application offers: a JSON object from names of routes to paths
    #[arg(long, value_name = "FILE")]
    pub(crate) routes: Option<PathBuf>,

    /// Run the checks of this class; may be given several times
    #[arg(long, value_name = "CLASS")]
    pub(crate) only: Vec<ClassName>,

    /// Run the check of this name, and print its requests and responses; may be given several times
    #[arg(long = "check", value_name = "NAME")]
    pub(crate) checks: Vec<String>,

    /// A field that every request has besides, except preflights, such as a key; may be given several times
    #[arg(long = "header", value_name = "NAME: VALUE")]
    pub(crate) headers: Vec<String>,

    /// Wait for a response for this long
    #[arg(long, value_name = "SECONDS", default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..=600))]
    pub(crate) timeout: u64,

    /// Ask for this long at the most
    #[arg(long, value_name = "SECONDS", default_value_t = 900, value_parser = clap::value_parser!(u64).range(1..=86400))]
    pub(crate) time: u64,

    /// Print a JSON object, with every request and response
    #[arg(long)]
    pub(crate) json: bool,

    /// Write the results in the XML of `JUnit`, too
    #[arg(long, value_name = "FILE")]
    pub(crate) junit: Option<PathBuf>,

    /// Print the checks, with their reasons and sources
    #[arg(long, conflicts_with_all = ["url", "policy", "routes", "junit"])]
    pub(crate) list: bool,
}

/// A class of checks.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ClassName {
    /// Otherwise a browser or a cache does the wrong thing
    Must,
    /// Otherwise a page reads what the policy keeps from it
    Security,
    /// Otherwise something that is rare goes wrong
    Should,
    /// Otherwise a response is longer, or less is cached, than could be
    Nice,
}

/// Put a policy in front of an API that is not yours, for development.
///
/// A page that asks the proxy instead of the target gets the target's answers with the policy's CORS fields:
/// the proxy answers preflights, whatever the target would answer, and Access-Control fields of the target are
/// taken away. Bodies stream both ways, over HTTP/1.1 and HTTP/2, and a WebSocket is passed on, too. Nothing else is
/// rewritten except Host and the fields of a single connection.
///
/// Cookies pass only if the policy allows credentials, Authorization also if it lists that header: what a browser
/// keeps for localhost is not for the target. Where the target does not answer, the page gets 502, or 504 if it is
/// slow, with the CORS fields, so that it sees that status and not a CORS error.
///
/// Prints a line for each request: the method, path and origin, the verdict with its reason, and the status. The
/// policy is read again when the content of its file changes; if it has problems, they are printed and the old policy
/// stays. Ctrl-C or SIGTERM ends the command with exit status 0, once its responses have ended, or after 5 s, or at the
/// second Ctrl-C. Response heads of the target, and request heads, are at most 64 KiB. A connection without a request is
/// closed after 30 s; there are at most 512 connections, or fewer where the system allows few file descriptors, and the
/// connection that has been idle for the longest time gives way to a new one.
#[derive(Args)]
#[command(after_help = "\
Examples:
  cors proxy --target https://api.example.com --policy shop.toml
  cors proxy --target http://127.0.0.1:3000 --policy shop.toml --listen 127.0.0.1:9000 --enforce")]
pub(crate) struct Proxy {
    /// The server behind the proxy: a scheme and a host, with a port or without
    #[arg(long, value_name = "URL")]
    pub(crate) target: String,

    /// The policy file or image; - is standard input, which is read once
    #[arg(long, value_name = "POLICY")]
    pub(crate) policy: PathBuf,

    /// Where to listen; with port 0, on a port that is free
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8787")]
    pub(crate) listen: String,

    /// Answer 403 to requests that the policy denies, WebSocket handshakes included, and do not pass them on
    #[arg(long)]
    pub(crate) enforce: bool,

    /// Wait for the target to connect for this long, and then for its response head
    #[arg(long, value_name = "SECONDS", default_value_t = 30, value_parser = clap::value_parser!(u64).range(1..=3600))]
    pub(crate) timeout: u64,

    /// A name by which pages ask the proxy, in addition to localhost; may be given several times
    #[arg(long = "host", value_name = "NAME")]
    pub(crate) hosts: Vec<String>,

    /// Let other machines use the proxy, and through it all of the target that this machine may reach
    #[arg(long)]
    pub(crate) expose_to_network: bool,
}

/// Print what a shell needs to complete the command's arguments.
#[derive(Args)]
#[command(after_help = "\
Examples:
  cors completions bash > ~/.local/share/bash-completion/completions/cors
  cors completions zsh > ~/.zfunc/_cors                  with fpath+=~/.zfunc before compinit
  cors completions fish > ~/.config/fish/completions/cors.fish")]
pub(crate) struct Completions {
    /// The shell
    #[arg(value_name = "SHELL")]
    pub(crate) shell: Shell,
}

/// Print a manual page, in troff.
#[derive(Args)]
#[command(after_help = "\
Examples:
  cors man | man -l -
  cors man explain > cors-explain.1")]
pub(crate) struct Man {
    /// The command that the page is about [default: all of them, in short]
    #[arg(value_name = "COMMAND", value_parser = PossibleValuesParser::new(names()))]
    pub(crate) about: Option<String>,
}

/// Returns the names of the commands that have a manual page.
fn names() -> Vec<&'static str> {
    vec![
        "check",
        "compile",
        "show",
        "decide",
        "explain",
        "probe",
        "conformance",
        "proxy",
        "export",
        "import",
        "completions",
        "man",
    ]
}

/// The server's software.
#[derive(Args)]
pub(crate) struct Server {
    /// The server's software: prints the lines with which the fetch works, there
    #[arg(long, value_name = "NAME", ignore_case = true, value_parser = PossibleValuesParser::new(stacks()))]
    pub(crate) stack: Option<String>,

    /// A header of the response that the page reads, for those lines; may be given several times
    #[arg(long = "expose", value_name = "NAME", requires = "stack")]
    pub(crate) exposed: Vec<String>,
}

impl Server {
    pub(crate) fn stack(&self) -> Option<Stack> {
        self.stack.as_deref().and_then(Stack::named)
    }
}

fn stacks() -> Vec<PossibleValue> {
    Stack::all().map(|stack| PossibleValue::new(stack.name()).aliases(stack.other_names())).collect()
}
