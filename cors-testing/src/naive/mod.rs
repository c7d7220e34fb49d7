//! The rules as plainly as code can put them: strings, vectors and linear scans, nothing compiled. Tests compare the engine
//! with this.

mod config;
mod ordinary_host;
mod origin;
mod path;
mod pattern;
mod punycode;

use cors_core::{Config, Denial, FieldOp, Kind, Risk, Verdict};

pub use config::is_valid;
pub use ordinary_host::is_ordinary_host;
pub use origin::is_origin;
pub use path::find_prefix;
pub use pattern::{is_pattern, matches};
pub use punycode::decode as decode_punycode;

use crate::{Answer, Message};

/// Answers the request by the config. `ask` decides about the origins that parse and that no pattern allows (E12).
pub fn evaluate(config: &Config<'_>, message: &Message, ask: &mut dyn FnMut(&[u8]) -> bool) -> Answer {
    let message = &without_white_space(message);
    let origins = message.values("origin");
    let methods = message.values("access-control-request-method");
    // E1
    let kind = if origins.is_empty() {
        Kind::NotCors
    } else if message.method == b"OPTIONS" && !methods.is_empty() {
        Kind::Preflight
    } else {
        Kind::Actual
    };
    let several = !origins.is_empty() && methods.len() > 1; // E2
    let denial = origin_denial(config, &origins, ask).or(several.then_some(Denial::MultipleRequestMethods));
    match kind {
        Kind::Preflight => preflight(config, message, denial),
        Kind::NotCors | Kind::Actual => actual(config, kind, &origins, denial),
    }
}

/// Returns the request without the spaces and tabs around the values of its fields (E7).
fn without_white_space(message: &Message) -> Message {
    let mut message = message.clone();
    for (_, value) in &mut message.headers {
        *value = trimmed(value).to_vec();
    }
    message
}

/// Returns the bytes without the spaces and tabs around them.
pub fn trimmed(bytes: &[u8]) -> &[u8] {
    let is_other = |byte: &u8| *byte != b' ' && *byte != b'\t';
    match (bytes.iter().position(is_other), bytes.iter().rposition(is_other)) {
        (Some(first), Some(last)) => &bytes[first..=last],
        _ => b"",
    }
}

fn origin_denial(
    config: &Config<'_>,
    origins: &[&[u8]],
    ask: &mut dyn FnMut(&[u8]) -> bool,
) -> Option<Denial> {
    match origins {
        [] => None,
        [_] if is_public(config) => None,
        [origin] if !is_origin(origin) => Some(Denial::MalformedOrigin),
        [origin] if config.allow_origins.iter().any(|pattern| matches(pattern, origin)) => None,
        [origin] if may_ask(config, origin) && ask(origin) => None,
        [_] => Some(Denial::OriginNotAllowed),
        _ => Some(Denial::MultipleOrigins), // E2
    }
}

/// E12: about `null` and the scheme `file` the caller is asked only where their risks are accepted.
fn may_ask(config: &Config<'_>, origin: &[u8]) -> bool {
    let accepts = |risk| config.accept_risks.contains(&risk);
    (origin != b"null" || accepts(Risk::NullOrigin))
        && (!origin.starts_with(b"file://") || accepts(Risk::LocalFileOrigin))
}

/// E3.
fn actual(config: &Config<'_>, kind: Kind, origins: &[&[u8]], denial: Option<Denial>) -> Answer {
    let mut fields = Vec::new();
    if is_public(config) {
        replace(&mut fields, "access-control-allow-origin", b"*");
        replace_if_any(&mut fields, "access-control-expose-headers", &exposed(config));
    } else {
        if let ([origin], None) = (origins, denial) {
            push_allowed_origin(config, &mut fields, origin);
            replace_if_any(&mut fields, "access-control-expose-headers", &exposed(config));
        }
        append(&mut fields, "vary", b"origin"); // E8
    }
    Answer { kind, verdict: verdict(denial), status: None, fields }
}

fn preflight(config: &Config<'_>, message: &Message, denial: Option<Denial>) -> Answer {
    let methods = message.values("access-control-request-method");
    if denial.is_some() {
        // E4; E8
        let mut fields = Vec::new();
        if !is_public(config) {
            append(&mut fields, "vary", b"origin");
        }
        return Answer { kind: Kind::Preflight, verdict: verdict(denial), status: Some(403), fields };
    }

    // E5
    let origin = message.values("origin")[0];
    let method = methods[0];
    let mut fields = Vec::new();
    push_allowed_origin(config, &mut fields, if is_public(config) { b"*" } else { origin });

    let method_denial = method_denial(config, method);
    if !echoes(config, config.allow_methods) {
        replace_if_any(&mut fields, "access-control-allow-methods", &methods_value(config));
    } else if method_denial.is_none() {
        replace(&mut fields, "access-control-allow-methods", method); // E6
    }

    let lines = header_lines(message);
    let headers_denial = headers_denial(config, &lines);
    if !echoes(config, config.allow_headers) {
        let names: Vec<_> = config.allow_headers.iter().map(|name| name.to_ascii_lowercase()).collect();
        replace_if_any(&mut fields, "access-control-allow-headers", &names.join(", "));
    }

    if let Some(seconds) = config.max_age {
        replace(&mut fields, "access-control-max-age", seconds.to_string().as_bytes());
    }
    let asks_private = message.values("access-control-request-private-network").contains(&&b"true"[..]);
    if config.allow_private_network && asks_private {
        replace(&mut fields, "access-control-allow-private-network", b"true"); // E10
    }
    let vary = preflight_vary(config);
    if !vary.is_empty() {
        append(&mut fields, "vary", vary.join(", ").as_bytes());
    }
    if echoes(config, config.allow_headers) && headers_denial.is_none() {
        for (index, line) in lines.iter().enumerate() {
            let op = if index == 0 { FieldOp::Replace } else { FieldOp::Append };
            fields.push(("access-control-allow-headers".to_owned(), line.to_vec(), op)); // E6
        }
    }
    let verdict = verdict(method_denial.or(headers_denial));
    Answer { kind: Kind::Preflight, verdict, status: Some(config.preflight_status), fields }
}

fn method_denial(config: &Config<'_>, method: &[u8]) -> Option<Denial> {
    let text = String::from_utf8_lossy(method);
    let forbidden = ["CONNECT", "TRACE", "TRACK"].iter().any(|name| name.eq_ignore_ascii_case(&text));
    let safelisted = ["GET", "HEAD", "POST"].contains(&&*text);
    let listed = config.allow_methods.iter().any(|name| normalize_method(name) == text);
    if !is_token(method) {
        Some(Denial::MalformedMethod)
    } else if !forbidden && (safelisted || listed || config.allow_methods.contains(&"*")) {
        None
    } else {
        Some(Denial::MethodNotAllowed)
    }
}

/// E7, and E6 where the lists are echoed.
fn headers_denial(config: &Config<'_>, lines: &[&[u8]]) -> Option<Denial> {
    let joined = lines.join(&b',');
    if joined.len() > 8192 || lines.len() > 32 {
        return Some(Denial::HeadersTooLong);
    }
    let Some(names) = token_list(&joined) else {
        return Some(Denial::MalformedHeaders);
    };
    if echoes(config, config.allow_headers) {
        return (names.len() > 128).then_some(Denial::HeadersTooLong);
    }
    let any = config.allow_headers.contains(&"*");
    let allowed = |name: &String| {
        (any && name != "authorization")
            || config.allow_headers.iter().any(|has| has.eq_ignore_ascii_case(name))
    };
    if names.iter().all(allowed) { None } else { Some(Denial::HeaderNotAllowed) }
}

/// E8, on a preflight that E5 answers.
fn preflight_vary(config: &Config<'_>) -> Vec<&'static str> {
    [
        (!is_public(config), "origin"),
        (echoes(config, config.allow_methods), "access-control-request-method"),
        (echoes(config, config.allow_headers), "access-control-request-headers"),
        (config.allow_private_network, "access-control-request-private-network"),
    ]
    .into_iter()
    .filter_map(|(depends, name)| depends.then_some(name))
    .collect()
}

/// Returns the elements of a list of tokens in lower case, without empty ones; `None` if an element is not a token.
pub fn token_list(list: &[u8]) -> Option<Vec<String>> {
    list.split(|&byte| byte == b',')
        .map(trimmed)
        .filter(|element| !element.is_empty())
        .map(|element| is_token(element).then(|| String::from_utf8_lossy(element).to_ascii_lowercase()))
        .collect()
}

/// Returns whether the text is a token (RFC 9110, section 5.6.2).
pub fn is_token(text: &[u8]) -> bool {
    let allowed = |byte: &u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(byte);
    !text.is_empty() && text.iter().all(allowed)
}

/// `*` without credentials.
fn is_public(config: &Config<'_>) -> bool {
    config.allow_origins.contains(&"*") && !config.allow_credentials
}

/// A wildcard for methods or headers is echoed with credentials (E6).
fn echoes(config: &Config<'_>, list: &[&str]) -> bool {
    list.contains(&"*") && config.allow_credentials
}

fn header_lines(message: &Message) -> Vec<&[u8]> {
    let mut lines = message.values("access-control-request-headers");
    lines.retain(|line| !line.is_empty());
    lines
}

/// Returns the method as Fetch normalizes it ("normalize a method"; C2).
pub fn normalize_method(name: &str) -> String {
    let upper = name.to_ascii_uppercase();
    let known = ["DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT"].contains(&&*upper);
    if known { upper } else { name.to_owned() }
}

fn methods_value(config: &Config<'_>) -> String {
    config.allow_methods.iter().map(|name| normalize_method(name)).collect::<Vec<_>>().join(", ")
}

/// C4.
fn exposed(config: &Config<'_>) -> String {
    let names = config.expose_headers.iter().map(|name| name.to_ascii_lowercase());
    names.filter(|name| !is_safelisted_response_header(name)).collect::<Vec<_>>().join(", ")
}

/// Returns true for a name in lower case that is a CORS-safelisted response-header name of Fetch; C4 drops them.
pub fn is_safelisted_response_header(name: &str) -> bool {
    [
        "cache-control",
        "content-language",
        "content-length",
        "content-type",
        "expires",
        "last-modified",
        "pragma",
    ]
    .contains(&name)
}

fn verdict(denial: Option<Denial>) -> Verdict {
    denial.map_or(Verdict::Allowed, Verdict::Denied)
}

type Fields = Vec<(String, Vec<u8>, FieldOp)>;

fn push_allowed_origin(config: &Config<'_>, fields: &mut Fields, origin: &[u8]) {
    replace(fields, "access-control-allow-origin", origin);
    if config.allow_credentials {
        replace(fields, "access-control-allow-credentials", b"true");
    }
}

fn replace_if_any(fields: &mut Fields, name: &str, value: &str) {
    if !value.is_empty() {
        replace(fields, name, value.as_bytes());
    }
}

fn replace(fields: &mut Fields, name: &str, value: &[u8]) {
    fields.push((name.to_owned(), value.to_vec(), FieldOp::Replace));
}

fn append(fields: &mut Fields, name: &str, value: &[u8]) {
    fields.push((name.to_owned(), value.to_vec(), FieldOp::Append));
}
