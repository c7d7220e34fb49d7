//! What a pattern should not match, found by trying what attacks on such patterns try.

use cors_core::{Config, Origin, Problem, Risk, is_public_suffix};
use regex_syntax::hir::{Class, Hir, HirKind};

/// How many ways through a pattern's alternatives are tried.
const WAYS: usize = 16;

/// The most bytes of an example.
const MAX_LEN: usize = 400;

/// An origin that the pattern matches and that has nothing to do with the domains in it.
pub(crate) fn stranger(tree: &Hir, matches: &dyn Fn(&str) -> bool) -> Option<String> {
    let known =
        ["https://evil.example", "https://evil.example:8443", "http://evil.example"].map(str::to_owned);
    let derived = samples(tree).flat_map(|sample| disguises(&sample));
    known.into_iter().chain(derived).find(|origin| is_tuple(origin) && matches(origin))
}

/// An origin that the pattern matches and that is neither https nor on this machine.
pub(crate) fn insecure(tree: &Hir, matches: &dyn Fn(&str) -> bool) -> Option<String> {
    let known = ["http://evil.example".to_owned()];
    let is_insecure = |origin: &String| {
        let mut refused = false;
        let config = Config { allow_origins: &[origin], allow_credentials: true, ..Config::NEW };
        config.check(|error| refused |= error.problem() == Problem::Risk(Risk::InsecureOrigin));
        refused
    };
    let derived = samples(tree).flat_map(|sample| {
        let insecure = sample.replacen("https://", "http://", 1);
        [sample, insecure]
    });
    known.into_iter().chain(derived).find(|origin| is_tuple(origin) && matches(origin) && is_insecure(origin))
}

fn is_tuple(origin: &str) -> bool {
    Origin::parse(origin.as_bytes()).is_ok_and(|origin| !origin.is_opaque())
}

/// Texts that the pattern matches.
fn samples(tree: &Hir) -> impl Iterator<Item = String> {
    (0..WAYS).flat_map(|way| [false, true].map(|least| sample(tree, way, least)))
}

/// Origins that look like `sample`, which the pattern matches, and that are under another name.
fn disguises(sample: &str) -> Vec<String> {
    let Ok(origin) = Origin::parse(sample.as_bytes()) else { return Vec::new() };
    let (Some(scheme), Some(host)) = (origin.scheme(), origin.host()) else { return Vec::new() };
    let port = origin.port().map_or_else(String::new, |port| format!(":{port}"));
    let registered = registrable(host);
    let mut hosts = vec![format!("{host}.evil.example"), format!("evil{host}")];
    hosts.extend(registered.map(|domain| format!("evil{domain}")));
    // An unescaped dot.
    let dots = host.match_indices('.').map(|(at, _)| at);
    hosts.extend(dots.map(|at| {
        [host.get(..at), Some("x"), host.get(at.saturating_add(1)..)].into_iter().flatten().collect()
    }));
    hosts.retain(|other| registrable(other).is_some_and(|domain| Some(domain) != registered));
    hosts.into_iter().map(|host| format!("{scheme}://{host}{port}")).collect()
}

/// The part of a domain that somebody can register: a public suffix and a label.
fn registrable(host: &str) -> Option<&str> {
    let starts = std::iter::once(0).chain(host.match_indices('.').map(|(at, _)| at.saturating_add(1)));
    starts.filter_map(|at| host.get(at..)).find(|domain| {
        !is_public_suffix(domain) && domain.split_once('.').is_some_and(|(_, rest)| is_public_suffix(rest))
    })
}

/// A text that the pattern matches: by the branch of that number where there are alternatives, and with as few
/// repetitions as there may be, or one.
fn sample(tree: &Hir, way: usize, least: bool) -> String {
    let mut text = String::new();
    write_sample(tree, way, least, false, &mut text);
    text
}

fn write_sample(tree: &Hir, way: usize, least: bool, is_repeated: bool, text: &mut String) {
    if text.len() > MAX_LEN {
        return;
    }
    match tree.kind() {
        HirKind::Empty | HirKind::Look(_) => {}
        HirKind::Literal(literal) => text.push_str(&String::from_utf8_lossy(&literal.0)),
        HirKind::Class(class) => text.extend(typical(class, is_repeated)),
        HirKind::Repetition(repetition) => {
            let times = if least { repetition.min } else { repetition.min.max(1) };
            for _ in 0..times.min(u32::try_from(MAX_LEN).unwrap_or(u32::MAX)) {
                write_sample(&repetition.sub, way, least, true, text);
            }
        }
        HirKind::Capture(capture) => write_sample(&capture.sub, way, least, is_repeated, text),
        HirKind::Concat(parts) => parts.iter().for_each(|part| write_sample(part, way, least, false, text)),
        HirKind::Alternation(branches) => {
            let branch = way.checked_rem(branches.len()).and_then(|index| branches.get(index));
            if let Some(branch) = branch {
                write_sample(branch, way, least, is_repeated, text);
            }
        }
    }
}

/// A character of the class: the dot that a single `.` was meant to be, else one that a host name has.
fn typical(class: &Class, is_repeated: bool) -> Option<char> {
    let has = |character: char| match class {
        Class::Unicode(class) => class.iter().any(|range| (range.start()..=range.end()).contains(&character)),
        Class::Bytes(class) => u8::try_from(character)
            .is_ok_and(|byte| class.iter().any(|range| (range.start()..=range.end()).contains(&byte))),
    };
    let preferred = if is_repeated { "a0.-:/" } else { ".a0-:/" };
    preferred.chars().chain('\u{21}'..='\u{7e}').find(|&character| has(character))
}

/// The pattern with each dot escaped that stands before a letter and is the end of no repetition.
pub(crate) fn escape_dots(pattern: &str) -> String {
    let mut escaped = String::new();
    let mut before = None;
    let mut characters = pattern.chars().peekable();
    while let Some(character) = characters.next() {
        let is_meant = before != Some('\\') && characters.peek().is_some_and(char::is_ascii_alphanumeric);
        if character == '.' && is_meant {
            escaped.push('\\');
        }
        escaped.push(character);
        before = Some(character);
    }
    escaped
}
