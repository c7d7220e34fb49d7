//! What servers without a setting for CORS have in common: fields that are set one by one, and a condition for the origin.

use std::ops::Range;

use cors_diagnosis::Wanted;
use cors_diagnosis::stack::Stack;

use crate::export::{Feature, Plan, Saying};
use crate::finding::Finding;
use crate::matcher::Matcher;
use crate::node::{Node, Value};
use crate::reader::{Read, split};
use crate::rule::{OriginEntry, Program, Rule, Spot};

/// A field of the response that a directive sets.
#[derive(Clone)]
pub(super) struct Set {
    pub(super) field: String,
    pub(super) value: Spot<String>,
    pub(super) span: Range<usize>,
    /// Whether it is sent with errors, too.
    pub(super) with_errors: bool,
}

/// Where the origin that is sent comes from.
pub(super) enum Sent {
    /// Written there.
    Text,
    /// The request's, if it is one of these; of any origin if there is no condition.
    Requested(Option<Vec<OriginEntry>>),
    /// A variable of which nothing is known.
    Unknown,
}

/// The origins that a condition asks for: none where it asks for no origin. One that is not understood is
/// [`Matcher::Unknown`], and never taken for one that always holds.
pub(super) type Asked = Option<Vec<OriginEntry>>;

/// Returns what stands for a condition that is not understood.
#[expect(clippy::unnecessary_wraps, reason = "it stands where a condition is asked")]
pub(super) fn not_understood(span: &Range<usize>) -> Asked {
    Some(vec![OriginEntry { text: "a condition".to_owned(), span: span.clone(), matcher: Matcher::Unknown }])
}

/// Returns the origins for which one of two conditions holds.
pub(super) fn either(one: Asked, other: Asked) -> Asked {
    let (mut one, other) = (one?, other?);
    one.extend(other);
    Some(one)
}

/// Returns the origins for which both conditions hold, as far as that can be told.
pub(super) fn both(one: Asked, other: Asked) -> Asked {
    let (Some(one), Some(other)) = (&one, &other) else { return one.or(other) };
    let matchers = |origins: &[OriginEntry]| -> Vec<Matcher> {
        origins.iter().map(|origin| origin.matcher.clone()).collect()
    };
    if matchers(one) == matchers(other) || lets_all_in(other) {
        return Some(one.clone());
    }
    if lets_all_in(one) {
        return Some(other.clone());
    }
    let is_exact = |origin: &OriginEntry| matches!(origin.matcher, Matcher::Exact { .. });
    let is_asked = |origin: &OriginEntry| origin.matcher.regex().is_some();
    for (list, asked) in [(one, other), (other, one)] {
        if list.iter().all(is_exact) && asked.iter().all(is_asked) {
            let is_let_in = |origin: &&OriginEntry| {
                asked
                    .iter()
                    .filter_map(|asked| asked.matcher.regex())
                    .any(|regex| regex.is_match(&origin.text))
            };
            return Some(list.iter().filter(is_let_in).cloned().collect());
        }
    }
    let mut origins = one.iter().chain(other);
    let unknown = origins.clone().find(|origin| origin.matcher == Matcher::Unknown);
    not_understood(&unknown.or(origins.next()).map_or(0..0, |origin| origin.span.clone()))
}

/// Returns true for a condition that holds for whoever asks.
fn lets_all_in(origins: &[OriginEntry]) -> bool {
    let strangers = ["https://evil.example", "http://x.test:81", "https://127.0.0.1"];
    origins.iter().any(|origin| {
        origin.matcher.regex().is_some_and(|regex| strangers.iter().all(|stranger| regex.is_match(stranger)))
    })
}

/// The programs of a server, with a `*` that is written there and with any origin sent back, each with and without `Vary`.
pub(super) struct Programs {
    pub(super) star: &'static Program,
    pub(super) echo: &'static Program,
    pub(super) echo_without_vary: &'static Program,
    /// How a field is set so that errors have it, too.
    pub(super) always: &'static str,
}

/// Adds the rule of fields that are set in one place.
pub(super) fn rule(sets: &[Set], sent: &Sent, programs: &Programs, has_vary: bool, read: &mut Read) {
    let Some(origin) = sets.iter().find(|set| set.field == "access-control-allow-origin") else {
        return;
    };
    let is_echo = matches!(sent, Sent::Requested(_));
    let program = match (is_echo, has_vary) {
        (false, _) => programs.star,
        (true, true) => programs.echo,
        (true, false) => programs.echo_without_vary,
    };
    let mut rule = Rule::new(program, origin.span.clone());
    let value = &origin.value;
    match sent {
        Sent::Text if value.value == "*" => rule.origins.push(entry(value, Matcher::Any)),
        Sent::Text => rule.origins.push(entry(value, Matcher::exact(&value.value))),
        Sent::Unknown => rule.origins.push(entry(value, Matcher::Unknown)),
        Sent::Requested(Some(origins)) => rule.origins.clone_from(origins),
        Sent::Requested(None) => rule.origins.push(entry(value, Matcher::Any)),
    }
    for set in sets {
        let names = || -> Vec<Spot<String>> {
            let nodes = split(&set.value.value, &set.value.span);
            let spot = |node: Node| match node.value {
                Value::Text(value) => Some(Spot { value, span: node.span }),
                _ => None,
            };
            // What a variable holds is not known.
            nodes.into_iter().filter_map(spot).filter(|spot| !spot.value.contains(['$', '%', '{'])).collect()
        };
        match set.field.as_str() {
            "access-control-allow-methods" => rule.methods = names(),
            "access-control-allow-headers" => rule.headers = names(),
            "access-control-expose-headers" => rule.exposed = names(),
            "access-control-allow-credentials" => {
                rule.credentials = Some(Spot {
                    value: set.value.value != "false" && !set.value.value.is_empty(),
                    span: set.value.span.clone(),
                });
                if !["true", "false", ""].contains(&set.value.value.as_str())
                    && !set.value.value.contains(['$', '%', '{'])
                {
                    let what = "browsers take `true`, in lower case, and nothing else";
                    read.findings.push(Finding::error("not-true", &set.value.span, what).fix("write true"));
                }
            }
            "access-control-max-age" => {
                if let Ok(value) = set.value.value.parse() {
                    rule.max_age = Some(Spot { value, span: set.value.span.clone() });
                }
            }
            _ => {}
        }
        if !set.with_errors && set.field == "access-control-allow-origin" {
            let what =
                "errors, such as 404 and 502, have no such field: the page sees a CORS error in their place";
            read.findings
                .push(Finding::warning("errors-without-fields", &set.span, what).fix(programs.always));
        }
    }
    read.rules.push(rule);
}

fn entry(value: &Spot<String>, matcher: Matcher) -> OriginEntry {
    OriginEntry { text: value.value.clone(), span: value.span.clone(), matcher }
}

/// How a recipe says each feature.
pub(super) fn says(feature: Feature) -> Saying {
    match feature {
        Feature::AnyMethodWithCredentials => {
            Saying::Not("with credentials a browser takes `*` for the name of a method")
        }
        Feature::StarInName | Feature::SignInName => {
            Saying::Not("such signs mean something in a server's configuration")
        }
        Feature::AnyHeaderWithCredentials => {
            Saying::Not("with credentials a browser takes `*` for the name of a header")
        }
        Feature::PrivateNetwork => Saying::Not("the recipe does not answer it"),
        _ => Saying::Exact,
    }
}

/// Returns the recipe of a stack: its parts, each under a comment that says where it belongs.
pub(super) fn write(stack: &str, plan: &Plan) -> String {
    let wanted = Wanted {
        origins: plan.origins.clone(),
        methods: plan
            .methods
            .iter()
            .filter(|method| !["GET", "HEAD", "POST"].contains(&method.as_str()))
            .cloned()
            .collect(),
        headers: plan.headers.clone(),
        credentials: plan.credentials,
        exposed: plan.exposed.clone(),
        // What browsers keep an answer without one.
        max_age: Some(plan.max_age.unwrap_or(5)),
        path: None,
    };
    let Some(recipe) = Stack::named(stack).and_then(|stack| stack.recipe(&wanted)) else {
        return String::new();
    };
    let mut text = String::new();
    for part in recipe {
        if !text.is_empty() {
            text.push('\n');
        }
        text.push_str("# ");
        text.push_str(part.place);
        text.push('\n');
        text.push_str(&part.text);
    }
    text
}
