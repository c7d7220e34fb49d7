//! The strategies reach every verdict and every shape of pattern: a property proves nothing about a case that it never
//! meets.

use std::collections::BTreeMap;

use cors_core::{Denial, Kind, Verdict};
use cors_testing::{Answer, Message, OwnedConfig, OwnedConfigExt, naive, strategies};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;

const CASES: usize = 2500;
const MESSAGES: usize = 8;
/// Counts kinds and verdicts among 20,000 requests.
const LEAST: usize = 60;

#[test]
fn every_class_occurs() {
    let mut runner = TestRunner::deterministic();
    let strategy = strategies::decision_case(MESSAGES);
    let mut counts: BTreeMap<String, usize> = CLASSES.iter().map(|&class| (class.to_owned(), 0)).collect();
    // An adapter finds that a path is ambiguous, and no policy.
    let denials = Denial::ALL.iter().filter(|&&denial| denial != Denial::AmbiguousPath);
    counts.extend(denials.map(|denial| (format!("denied {}", denial.name()), 0)));
    for _ in 0..CASES {
        let case = strategy.new_tree(&mut runner).expect("no filters").current();
        for message in &case.messages {
            for class in classes(&case.config, message) {
                *counts.entry(class).or_insert(0) += 1;
            }
        }
    }
    eprintln!("{counts:#?}");
    let rare: Vec<_> = counts.iter().filter(|&(_, &count)| count < LEAST).collect();
    assert!(rare.is_empty(), "{rare:?}");
}

/// The counts that are expected in addition to a `denied` for each [`Denial`].
const CLASSES: &[&str] = &[
    "kind actual",
    "kind not-cors",
    "kind preflight",
    "preflight allowed",
    "preflight of a public policy, allowed",
    "actual allowed",
    "actual allowed with credentials",
    "echoed headers in several lines",
    "echoed method",
    "field access-control-allow-headers",
    "field access-control-allow-methods",
    "field access-control-allow-private-network",
    "field access-control-expose-headers",
    "field access-control-max-age",
    "matched *",
    "matched exact domain",
    "matched exact IPv4",
    "matched exact IPv6",
    "matched null",
    "matched P3",
    "matched P3 with P4",
    "matched P4",
    "matched P4 of IPv4",
    "matched P4 of IPv6",
    "matched P5 before",
    "matched P5 before with P4",
    "matched P5 after",
    "matched P5 after with P4",
    "matched P5 around",
    "matched P5 around with P4",
];

fn classes(config: &OwnedConfig, message: &Message) -> Vec<String> {
    let Answer { kind, verdict, fields, .. } =
        config.with(|config| naive::evaluate(config, message, &mut |_| false));
    let public = config.allow_origins.iter().any(|pattern| pattern == "*") && !config.allow_credentials;
    let mut classes = vec![format!("kind {kind}")];
    match verdict {
        Verdict::Denied(denial) => classes.push(format!("denied {}", denial.name())),
        Verdict::Allowed if kind == Kind::Preflight && public => {
            classes.push("preflight of a public policy, allowed".into());
        }
        Verdict::Allowed => classes.push(format!("{kind} allowed")),
    }
    if verdict == Verdict::Allowed && kind == Kind::Actual && config.allow_credentials {
        classes.push("actual allowed with credentials".into());
    }
    let named: Vec<_> = fields.iter().map(|(name, ..)| &**name).collect();
    classes.extend(named.iter().filter(|&&name| name != "vary").map(|name| format!("field {name}")));
    if named.iter().filter(|&&name| name == "access-control-allow-headers").count() > 1 {
        classes.push("echoed headers in several lines".into());
    }
    if named.contains(&"access-control-allow-methods")
        && config.allow_methods == ["*"]
        && config.allow_credentials
    {
        classes.push("echoed method".into());
    }
    match message.values("origin")[..] {
        [origin] if naive::is_origin(naive::trimmed(origin)) => {
            let origin = naive::trimmed(origin);
            let matching = config.allow_origins.iter().filter(|pattern| naive::matches(pattern, origin));
            classes.extend(matching.map(|pattern| format!("matched {}", shape(pattern))));
        }
        _ => {}
    }
    classes
}

fn shape(pattern: &str) -> String {
    if pattern == "*" || pattern == "null" {
        return pattern.to_owned();
    }
    let (base, any_port) = pattern.strip_suffix(":*").map_or((pattern, false), |base| (base, true));
    let host = base.split("://").nth(1).unwrap_or_default();
    let label = host.split('.').next().unwrap_or_default();
    let is_ipv4 = host.split(':').next().is_some_and(|host| host.parse::<std::net::Ipv4Addr>().is_ok());
    let family = if host.starts_with('[') {
        "IPv6"
    } else if is_ipv4 {
        "IPv4"
    } else {
        "domain"
    };
    let star = match label.split_once('*') {
        Some(("", "")) => "P3",
        Some((_, "")) => "P5 before",
        Some(("", _)) => "P5 after",
        Some(_) => "P5 around",
        None if any_port && family == "domain" => return "P4".to_owned(),
        None if any_port => return format!("P4 of {family}"),
        None => return format!("exact {family}"),
    };
    if any_port { format!("{star} with P4") } else { star.to_owned() }
}
