//! Templates: lines with placeholders, which are filled in with what is wanted.
//!
//! | in a template | what becomes of it |
//! |---|---|
//! | `{{origins}}` `{{methods}}` `{{headers}}` `{{exposed}}` | the list, as the template quotes lists; the methods with GET, HEAD and POST |
//! | `{{all-headers}}` | the headers and what is exposed, in one list |
//! | `{{method-symbols}}` | the methods as Ruby's symbols |
//! | `{{laravel-paths}}` `{{first-segment}}` | the paths that begin as the address asked for; that beginning |
//! | `{{origin-pattern}}` | the origins as one regular expression without anchors, for the syntax of PCRE |
//! | `{{field-methods}}` `{{field-headers}}` `{{field-exposed}}` | the list as in a header field |
//! | `{{max-age}}` | the seconds |
//! | `@headers ` at the start of a line | the line stands only if the list is not empty; so `@exposed `, `@credentials ` |
//! | `@!headers ` | the line stands only if the list is empty |
//! | `@each-origin ` | the line once for each origin, `{{origin}}` |
//! | `@each-exact ` `@each-pattern ` | the same for origins without a `*` and with one, where a whole policy is written; `{{expression}}` is the pattern as a regular expression |
//! | `@patterns ` `@!patterns ` | the line stands only if an origin has a `*`, or if none has |
//!
//! Conditions and repetitions may follow one another.
//!
//! No browser looks for GET, HEAD and POST in the answer to a preflight. They are listed because some software refuses a
//! preflight for them otherwise.

use crate::Wanted;

/// How long a preflight's answer is kept where nothing is wanted: long enough to matter, short enough to correct a mistake.
const MAX_AGE: u32 = 600;

/// How the path of an API mostly begins.
const USUAL_SEGMENT: &str = "api";

/// The methods that need no permission.
const SAFELISTED_METHODS: [&str; 3] = ["GET", "HEAD", "POST"];

/// Returns the text of a template.
pub(super) fn fill(text: &str, list: [&str; 3], wanted: &Wanted) -> String {
    let mut filled = String::new();
    for line in text.lines() {
        write_line(&mut filled, line, list, wanted);
    }
    filled
}

fn write_line(filled: &mut String, line: &str, list: [&str; 3], wanted: &Wanted) {
    let Some((mark, rest)) = line.strip_prefix('@').and_then(|line| line.split_once(' ')) else {
        filled.push_str(&substituted(line, list, wanted));
        filled.push('\n');
        return;
    };
    if mark == "each-origin" {
        for origin in &wanted.origins {
            write_line(filled, &rest.replace("{{origin}}", origin), list, wanted);
        }
        return;
    }
    let is_pattern = match mark {
        "each-exact" => Some(false),
        "each-pattern" => Some(true),
        _ => None,
    };
    if let Some(is_pattern) = is_pattern {
        for origin in wanted.origins.iter().filter(|origin| origin.contains('*') == is_pattern) {
            let line = rest.replace("{{origin}}", origin).replace("{{expression}}", &expression(origin));
            write_line(filled, &line, list, wanted);
        }
        return;
    }
    let (condition, expected) = mark.strip_prefix('!').map_or((mark, true), |mark| (mark, false));
    if holds(condition, wanted) == expected {
        write_line(filled, rest, list, wanted);
    } else if condition == mark && !is_condition(condition) {
        // A line of the language itself that begins with an @.
        filled.push_str(&substituted(line, list, wanted));
        filled.push('\n');
    }
}

fn is_condition(name: &str) -> bool {
    matches!(name, "headers" | "exposed" | "credentials" | "patterns")
}

fn holds(condition: &str, wanted: &Wanted) -> bool {
    match condition {
        "credentials" => wanted.credentials,
        "patterns" => wanted.origins.iter().any(|origin| origin.contains('*')),
        "headers" => !wanted.headers.is_empty(),
        "exposed" => !wanted.exposed.is_empty(),
        _ => false,
    }
}

fn texts(names: &[String]) -> Vec<&str> {
    names.iter().map(String::as_str).collect()
}

fn methods(wanted: &Wanted) -> Vec<&str> {
    let others =
        wanted.methods.iter().map(String::as_str).filter(|method| !SAFELISTED_METHODS.contains(method));
    SAFELISTED_METHODS.into_iter().chain(others).collect()
}

/// Returns a method as a symbol of Ruby.
fn symbol(method: &str) -> String {
    let name = method.to_ascii_lowercase();
    if name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
        format!(":{name}")
    } else {
        format!(":'{name}'")
    }
}

fn substituted(line: &str, [before, between, after]: [&str; 3], wanted: &Wanted) -> String {
    let value = |placeholder: &str| {
        let names = match placeholder.trim_start_matches("field-") {
            "origins" => texts(&wanted.origins),
            "methods" => methods(wanted),
            "headers" => texts(&wanted.headers),
            "exposed" => texts(&wanted.exposed),
            "all-headers" => texts(&wanted.headers).into_iter().chain(texts(&wanted.exposed)).collect(),
            "method-symbols" => {
                let symbols = methods(wanted).into_iter().map(symbol);
                return symbols.collect::<Vec<_>>().join(", ");
            }
            "laravel-paths" => {
                let segment = wanted.first_segment().unwrap_or(USUAL_SEGMENT);
                return format!("'{segment}', '{segment}/*'");
            }
            "first-segment" => return wanted.first_segment().unwrap_or(USUAL_SEGMENT).to_owned(),
            "origin-pattern" => {
                return wanted.origins.iter().map(|origin| expression(origin)).collect::<Vec<_>>().join("|");
            }
            _ => return wanted.max_age.unwrap_or(MAX_AGE).to_string(),
        };
        if placeholder.starts_with("field-") {
            names.join(", ")
        } else if names.is_empty() {
            String::new()
        } else {
            format!("{before}{}{after}", names.join(between))
        }
    };
    let mut text = String::new();
    let mut rest = line;
    while let Some((start, end)) = rest.split_once("{{") {
        text.push_str(start);
        // Of three braces, the first is the language's.
        if let Some(placeholder) = end.strip_prefix('{') {
            text.push('{');
            rest = placeholder;
        } else {
            rest = end;
        }
        let Some((placeholder, end)) = rest.split_once("}}") else { break };
        text.push_str(&value(placeholder));
        rest = end;
    }
    text.push_str(rest);
    text
}

/// Returns true if the lines of a template are right for origins with a `*`.
pub(super) fn takes_patterns(text: &str) -> bool {
    ["@each-pattern ", "@patterns ", "{{origin-pattern}}"].iter().any(|mark| text.contains(mark))
}

/// Returns an origin, or a pattern of a policy (P), as a regular expression without anchors, label by label, in the syntax that
/// RE2, PCRE and Go share.
pub fn expression(origin: &str) -> String {
    if origin == "*" {
        return ".+".to_owned();
    }
    let (scheme, rest) = origin.split_once("://").map_or(("", origin), |(scheme, rest)| (scheme, rest));
    let (rest, port) = match rest.strip_suffix(":*") {
        Some(host) => (host, "(:[0-9]+)?"),
        None => (rest, ""),
    };
    let host = match rest.strip_prefix("*.") {
        Some(domain) => format!(r"([a-z0-9_-]+\.)+{}", literal(domain)),
        None => literal(rest).replace('*', "[a-z0-9-]+"),
    };
    if scheme.is_empty() { host } else { format!("{}://{host}{port}", literal(scheme)) }
}

/// Returns a text of an origin with the signs of regular expressions escaped.
fn literal(text: &str) -> String {
    text.chars()
        .flat_map(|character| {
            let is_special = matches!(character, '.' | '[' | ']' | '+');
            is_special.then_some('\\').into_iter().chain([character])
        })
        .collect()
}
