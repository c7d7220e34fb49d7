//! What to write in place of an expression that is refused. A text to write is tried first: it is accepted, and an origin that the
//! expression matches is still let in.

use cors_core::{Config, OriginPattern, Problem, Risk};
use regex_syntax::hir::Hir;

use crate::confine;
use crate::part::{Node, Part};
use crate::reach;

/// The advice where no pattern is near.
pub(crate) const LIST: &str = "list the origins, such as https://*.example.com";

/// The same for the scheme of an application, which has no wildcards (P6).
pub(crate) const LIST_EACH: &str =
    "list each origin of an application's scheme, such as capacitor://localhost, without a wildcard";

/// Returns the advice to list the pattern, if it lets in an origin that the tree matches and strangers no more than the advice
/// says.
/// `replaced` is what it stands for.
pub(crate) fn listed(tree: &Hir, pattern: &str, replaced: &str) -> Option<String> {
    let risks = risks_of(pattern)?;
    let stars_a_suffix = pattern.contains("://*.") && risks.contains(&Risk::PublicSuffix);
    if stars_a_suffix || !reach::is_shared(tree, pattern) {
        return None;
    }
    Some(with_risks(pattern, replaced, ", and", risks))
}

/// Returns the advice to list a pattern that is meant, whether or not the policy has credentials.
pub(crate) fn among_origins(pattern: &str, replaced: &str) -> String {
    with_risks(pattern, replaced, "; with credentials,", risks_of(pattern).unwrap_or_default())
}

fn with_risks(pattern: &str, replaced: &str, condition: &str, risks: Vec<Risk>) -> String {
    let accept = |risk: Risk| format!("{condition} accept the risk {risk} ({})", risk.consequence());
    let mut advice = format!("write {pattern} among the origins, in place of {replaced}");
    advice.extend(risks.into_iter().map(accept));
    advice
}

/// Returns the risks that the pattern has with credentials; none for a text that is not a pattern.
fn risks_of(pattern: &str) -> Option<Vec<Risk>> {
    OriginPattern::parse(pattern).ok()?;
    let mut risks = Vec::new();
    let config = Config { allow_origins: &[pattern], allow_credentials: true, ..Config::NEW };
    config.check(|error| {
        if let Problem::Risk(risk) = error.problem() {
            risks.push(risk);
        }
    });
    Some(risks)
}

/// Returns true if every name under the domain belongs to whoever has the domain, or is one that nobody registers (P6, C6).
pub(crate) fn is_registrable(domain: &str) -> bool {
    let begins_a_label = domain.starts_with(|first: char| first != '-');
    begins_a_label && risks_of(&format!("https://*.{domain}")).is_some_and(|risks| risks.is_empty())
}

/// Returns the alternative at the top that `at` is in; none where there is one alone.
pub(crate) fn alternative(part: &Part, at: usize) -> Option<&Part> {
    match &part.node {
        Node::Choice(parts) => parts.iter().find(|part| part.span.contains(&at)),
        _ => None,
    }
}

/// Returns the pattern that has the part at fault, and whatever else varies, as its `*`.
pub(crate) fn template(whole: &Part, at: usize) -> Option<String> {
    let mut text = String::new();
    write(whole, at, &mut text);
    let (scheme, authority) =
        text.split_once("://").or_else(|| text.split_once('*').map(|_| ("*", &*text)))?;
    let scheme = match scheme {
        "http" | "https" => scheme,
        _ if !scheme.contains('*') => return None,
        _ => "https",
    };
    let (host, port) = match authority.split_once(':') {
        None => (authority, ""),
        Some((host, port)) if port.contains('*') => (host, ":*"),
        Some((host, _)) => (host, authority.get(host.len()..)?),
    };
    Some(format!("{scheme}://{host}{port}"))
}

/// Appends the part with a `*` in place of what varies. Of alternatives at the top, the one at fault counts.
fn write(part: &Part, at: usize, text: &mut String) {
    match &part.node {
        Node::Choice(_) if text.is_empty() => {
            if let Some(part) = alternative(part, at) {
                write(part, at, text);
            }
        }
        Node::Sequence(parts) => parts.iter().for_each(|part| write(part, at, text)),
        Node::Set(set) => match confine::only_letter(*set) {
            Some(character) => text.push(character),
            None => push_star(text),
        },
        Node::Repeated { part, .. } if is_port(part) && text.contains("://") => text.push_str(":*"),
        Node::Choice(_) | Node::Repeated { .. } => push_star(text),
    }
}

fn push_star(text: &mut String) {
    if !text.ends_with('*') {
        text.push('*');
    }
}

/// Returns true for a sequence that begins with a colon.
fn is_port(part: &Part) -> bool {
    match &part.node {
        Node::Sequence(parts) => parts.first().is_some_and(is_port),
        Node::Set(set) => *set == confine::COLON,
        _ => false,
    }
}

/// Returns the pattern that a text means which is a pattern, or nearly one, and no expression: `https://*.example.com`.
pub(crate) fn glob(text: &str) -> Option<String> {
    let has_signs =
        text.contains(['\\', '(', ')', '[', ']', '^', '$', '+', '?', '|', '{']) || text.contains(".*");
    if has_signs || !text.contains('*') {
        return None;
    }
    match OriginPattern::parse(text) {
        Ok(_) => Some(text.to_owned()),
        Err(error) => error.advice()?.replacement().filter(|text| text.contains('*')).map(str::to_owned),
    }
}

/// Returns the expressions that are meant, perhaps, by one that matches no origin, the nearest first.
pub(crate) fn nearest(text: &str) -> Vec<String> {
    let mut near = Vec::new();
    // The notation of JavaScript: the slashes are not part of the expression, and flags follow them.
    if let Some((inner, flags)) = text.strip_prefix('/').and_then(|rest| rest.rsplit_once('/'))
        && flags.bytes().all(|flag| b"dgimsuvy".contains(&flag))
    {
        near.push(if flags.contains('i') { format!("(?i){inner}") } else { inner.to_owned() });
    }
    let plain = text.trim_start_matches('^');
    if plain.starts_with(r"\.") {
        near.push(format!("https://.*{plain}"));
    }
    // A default port.
    let end = if text.ends_with('$') { "$" } else { "" };
    let ports = [":443", ":80", "(:443)", "(:80)"].into_iter();
    near.extend(
        ports.filter_map(|port| Some(format!("{}{end}", text.trim_end_matches('$').strip_suffix(port)?))),
    );
    // A path.
    if let Some((scheme, rest)) = text.split_once("://").or_else(|| text.split_once(r":\/\/"))
        && let Some((authority, _)) = rest.split_once('/')
    {
        near.push(format!("{scheme}://{}", authority.trim_end_matches('\\')));
    }
    let has_class =
        text.as_bytes().windows(2).any(|pair| matches!(pair, [b'\\', letter] if letter.is_ascii_uppercase()));
    if !has_class {
        near.push(text.to_ascii_lowercase());
    }
    near.retain(|written| written != text && !written.is_empty());
    near
}
