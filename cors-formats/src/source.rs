//! [`Source`]: a text and what notation it is in.

use std::ops::Range;
use std::path::Path;

use crate::node::{self, Language, Node, SyntaxError};

/// A text, read as far as its notation is known.
pub(crate) struct Source<'t> {
    pub(crate) text: &'t str,
    pub(crate) notation: Notation,
    pub(crate) documents: Vec<Node>,
    /// The names that a program gives to the packages whose whole export is `cors`.
    pub(crate) names: Vec<&'t str>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Notation {
    Json,
    Xml,
    Yaml,
    Toml,
    Hcl,
    Bicep,
    /// A program in JavaScript or Python.
    Code,
    /// Lines of words, such as nginx's.
    Lines,
}

/// Why a text is not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unread {
    /// It is not in the notation that it seems to be in.
    Syntax {
        /// The place, in bytes.
        span: Range<usize>,
        /// What is wrong.
        message: String,
    },
    /// No format's configuration of CORS is in it. The notation is told: `YAML`.
    NotKnown(&'static str),
}

/// Returns the notation that a text seems to be in, by its name and content: `YAML`.
pub fn looks_like(name: &str, text: &str) -> &'static str {
    notation_of(&file_name(name), text).name()
}

impl Notation {
    fn name(self) -> &'static str {
        match self {
            Notation::Json => "JSON",
            Notation::Xml => "XML",
            Notation::Yaml => "YAML",
            Notation::Toml => "TOML",
            Notation::Hcl => "HCL",
            Notation::Bicep => "Bicep",
            Notation::Code => "a program",
            Notation::Lines => "a server's configuration",
        }
    }
}

/// The functions whose arguments are settings.
const CALLS: [&str; 8] =
    ["cors", "CORS", "Server", "add_middleware", "enableCors", "register", "create", "init_app"];
const MIDDLEWARE: [&str; 4] = ["CORSMiddleware", "Middleware", "cross_origin", "fastifyCors"];

impl<'t> Source<'t> {
    /// Reads a text.
    pub(crate) fn of(name: &str, text: &'t str) -> Result<Self, Unread> {
        let name = file_name(name);
        let notation = notation_of(&name, text);
        let names = if notation == Notation::Code { names_of_cors(text) } else { Vec::new() };
        let calls: Vec<&str> = CALLS.into_iter().chain(MIDDLEWARE).chain(names.iter().copied()).collect();
        let one = |node: Result<Node, SyntaxError>| node.map(|node| vec![node]);
        let documents = match notation {
            Notation::Json => one(node::json(text)),
            Notation::Xml => one(node::xml(text)),
            Notation::Yaml => node::yaml(text),
            Notation::Toml => one(node::toml(text)),
            Notation::Hcl => one(node::hcl(text)),
            Notation::Bicep => Ok(vec![node::bicep(text)]),
            Notation::Code => Ok(vec![node::code(text, &calls, language_of(&name, text))]),
            Notation::Lines => Ok(Vec::new()),
        };
        match documents {
            Ok(documents) => Ok(Source { text, notation, documents, names }),
            Err(SyntaxError { span, message }) => Err(Unread::Syntax { span, message }),
        }
    }

    /// Returns true for a program with this project's own adapters, which refuse a policy with a mistake when it starts. Their
    /// functions have the names of others', and patterns that those compare as they stand.
    pub(crate) fn is_checked_at_start(&self) -> bool {
        self.notation == Notation::Code
            && ["cors_py", "cors-engine"].iter().any(|name| self.text.contains(name))
    }

    pub(crate) fn notation(&self) -> &'static str {
        self.notation.name()
    }
}

/// Returns the language of a program, by its name or, where it has none, by its first words.
fn language_of(name: &str, text: &str) -> Language {
    let is_python = match name.rsplit_once('.') {
        Some((_, "py")) => true,
        Some((_, "js" | "jsx" | "mjs" | "cjs" | "ts" | "tsx" | "mts" | "cts")) => false,
        _ => text
            .lines()
            .any(|line| line.starts_with("from ") || line.starts_with("def ") || line.starts_with("CORS_")),
    };
    if is_python { Language::Python } else { Language::JavaScript }
}

/// Returns the names that a program gives to npm's `cors`, or to `@koa/cors`.
fn names_of_cors(text: &str) -> Vec<&str> {
    let mut names = Vec::new();
    for line in text.lines() {
        let packages = ["'cors'", "\"cors\"", "'@koa/cors'", "\"@koa/cors\""];
        let is_ours = packages.iter().any(|package| line.contains(package));
        let line = line.trim_start().trim_start_matches("export ");
        let name = ["import * as ", "import ", "const ", "let ", "var "]
            .iter()
            .find_map(|word| line.strip_prefix(word))
            .and_then(|rest| {
                rest.split(|character: char| !(character.is_alphanumeric() || "_$".contains(character)))
                    .next()
            });
        if let Some(name) = name.filter(|name| is_ours && !name.is_empty()) {
            names.push(name);
        }
    }
    names
}

fn file_name(name: &str) -> String {
    Path::new(name).file_name().map(|name| name.to_string_lossy().to_lowercase()).unwrap_or_default()
}

/// Returns true for the name of a file whose extension tells the notation.
pub(crate) fn has_known_extension(name: &str) -> bool {
    by_extension(&name.to_lowercase()).is_some()
}

fn by_extension(name: &str) -> Option<Notation> {
    match name.rsplit_once('.').map_or("", |(_, extension)| extension) {
        "json" | "jsonc" => Some(Notation::Json),
        "xml" => Some(Notation::Xml),
        "yaml" | "yml" => Some(Notation::Yaml),
        "toml" => Some(Notation::Toml),
        "tf" | "hcl" => Some(Notation::Hcl),
        "bicep" => Some(Notation::Bicep),
        "js" | "jsx" | "mjs" | "cjs" | "ts" | "tsx" | "mts" | "cts" | "py" => Some(Notation::Code),
        "conf" | "cfg" | "htaccess" | "caddyfile" | "vhost" => Some(Notation::Lines),
        _ => None,
    }
}

fn notation_of(name: &str, text: &str) -> Notation {
    if let Some(notation) = by_extension(name) {
        return notation;
    }
    if name == "caddyfile" || name == ".htaccess" {
        return Notation::Lines;
    }
    let trimmed = text.trim_start();
    let first = trimmed
        .lines()
        .find(|line| !line.trim().is_empty() && !line.trim_start().starts_with('#'))
        .unwrap_or_default()
        .trim();
    match trimmed.as_bytes().first() {
        Some(b'{') if node::json(text).is_ok() => return Notation::Json,
        Some(b'[') if !is_table(first) => return Notation::Json,
        Some(b'<')
            if node::xml(text).is_ok() || trimmed.starts_with("<?xml") || trimmed.starts_with("<CORS") =>
        {
            return Notation::Xml;
        }
        _ => {}
    }
    let is_code = |line: &str| {
        ["const ", "let ", "var ", "import ", "from ", "app.", "require(", "def "]
            .iter()
            .any(|word| line.starts_with(word))
            || line.contains("CORS_ALLOW") && line.contains('=')
    };
    if text.lines().any(is_code) {
        return Notation::Code;
    }
    let has_block = |line: &str| {
        line.starts_with("resource \"") || line.starts_with("variable \"") || line.starts_with("cors_rule {")
    };
    if text.lines().any(|line| has_block(line.trim_start())) {
        return Notation::Hcl;
    }
    let lines_words = [
        "add_header ",
        "more_set_headers ",
        "Header ",
        "http-request ",
        "http-response ",
        "http-after-response ",
        "server {",
        "frontend ",
    ];
    if text.lines().any(|line| lines_words.iter().any(|word| line.trim_start().starts_with(word))) {
        return Notation::Lines;
    }
    if is_table(first) || is_assignment(first) {
        return Notation::Toml;
    }
    if first == "---"
        || first.starts_with("- ")
        || first
            .split_once(':')
            .is_some_and(|(key, rest)| is_key(key) && (rest.is_empty() || rest.starts_with(' ')))
    {
        return Notation::Yaml;
    }
    Notation::Lines
}

fn is_table(line: &str) -> bool {
    line.starts_with('[') && line.ends_with(']') && !line.contains(['"', '{', ',']) && line.len() > 2
}

fn is_assignment(line: &str) -> bool {
    line.split_once('=').is_some_and(|(key, _)| is_key(key.trim()))
}

fn is_key(key: &str) -> bool {
    let key = key.trim().trim_matches('"');
    !key.is_empty() && key.chars().all(|character| character.is_alphanumeric() || "_-./".contains(character))
}
