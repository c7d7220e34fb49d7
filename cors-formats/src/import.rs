//! From rules to policies: what a policy says in the same words, and a sentence for all the rest.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use cors_core::{Config, ConfigField, ConfigOf, Problem, Risk};
use cors_policy_file::OwnedConfig;

use crate::matcher::Matcher;
use crate::rule::{Rule, Spot};

/// What a configuration says as a policy.
#[derive(Clone, Debug)]
pub struct Imported {
    /// The place of the rule.
    pub span: Range<usize>,
    /// The policy, which compiles.
    pub policy: OwnedConfig,
    /// What the policy does not say, or says otherwise, each with its place.
    pub notes: Vec<(Range<usize>, String)>,
}

/// Returns the policies of the rules, each once.
pub(crate) fn import(rules: &[Rule], allow_wider: bool) -> Vec<Imported> {
    let mut imported: Vec<Imported> = Vec::new();
    // Where each policy is, by what it says besides its origins, and the origins that it has.
    let mut known: HashMap<String, (usize, HashSet<String>)> = HashMap::new();
    for rule in rules {
        let mut next = of_rule(rule, allow_wider);
        // Rules that differ in their origins alone are one policy, unless one holds in place of the other.
        let origins = std::mem::take(&mut next.policy.allow_origins);
        let risks = std::mem::take(&mut next.policy.accept_risks);
        let is_any = origins.iter().any(|origin| origin == "*");
        let key = format!("{is_any} {:?} {:?}", rule.branch, next.policy);
        next.policy.allow_origins = origins;
        next.policy.accept_risks = risks;
        let (index, has) = known.entry(key).or_insert_with(|| (imported.len(), HashSet::new()));
        next.policy.allow_origins.retain(|origin| has.insert(origin.clone()));
        match imported.get_mut(*index) {
            Some(same) => {
                same.policy.allow_origins.extend(next.policy.allow_origins);
                for risk in next.policy.accept_risks {
                    if !same.policy.accept_risks.contains(&risk) {
                        same.policy.accept_risks.push(risk);
                    }
                }
                same.notes.extend(next.notes);
            }
            None => imported.push(next),
        }
    }
    imported
}

fn of_rule(rule: &Rule, allow_wider: bool) -> Imported {
    let mut notes = Vec::new();
    let mut origins: Vec<String> = Vec::new();
    let mut has: HashSet<String> = HashSet::new();
    let listed: HashSet<&str> = rule
        .origins
        .iter()
        .filter_map(|origin| match &origin.matcher {
            Matcher::Exact { text, ignore_case: false } => Some(text.as_str()),
            _ => None,
        })
        .collect();
    let has_unknown = rule.origins.iter().any(|origin| origin.matcher == Matcher::Unknown);
    let is_listed = |pattern: &str| listed.contains(pattern);
    for origin in &rule.origins {
        let carried = origin.matcher.carried();
        let mut note = |text: String| notes.push((origin.span.clone(), format!("{}: {text}", origin.text)));
        if let Some(why) = carried.left_out {
            note(format!("left out: {why}"));
            continue;
        }
        // It holds in one case, and what holds in the others is not known.
        if origin.matcher == Matcher::Any && has_unknown && !allow_wider {
            note("left out, because it holds in one case alone; --allow-wider takes it over".to_owned());
            continue;
        }
        let default_port = carried.patterns.first().and_then(|pattern| pattern.strip_suffix(":*"));
        match carried.wider {
            Some(_) if default_port.is_some_and(is_listed) => {}
            Some(wider) if allow_wider => note(format!("wider: {wider}")),
            Some(wider) => {
                note(format!(
                    "left out, because a policy would be wider: {wider}; --allow-wider takes it over"
                ));
                continue;
            }
            None => {}
        }
        if let Some(text) = carried.note {
            note(format!("taken over as {}: {text}", carried.patterns.join(", ")));
        }
        for pattern in carried.patterns {
            if has.insert(pattern.clone()) {
                origins.push(pattern);
            }
        }
    }
    if origins.iter().any(|origin| origin == "*") {
        origins.retain(|origin| origin == "*");
    }
    let texts =
        |spots: &[Spot<String>]| -> Vec<String> { spots.iter().map(|spot| spot.value.clone()).collect() };
    let mut methods = texts(&rule.methods);
    if rule.program.lists_simple_methods && !methods.iter().any(|method| method == "*") {
        for simple in ["GET", "HEAD", "POST"] {
            if !methods.iter().any(|method| method == simple) {
                notes.push((
                    rule.span.clone(),
                    format!("{simple} is not in this rule; a policy always allows it"),
                ));
            }
        }
    }
    methods.retain(|method| !["GET", "HEAD", "POST", "OPTIONS"].contains(&method.as_str()));
    let mut policy = OwnedConfig {
        allow_origins: origins,
        allow_methods: methods,
        allow_headers: texts(&rule.headers),
        expose_headers: texts(&rule.exposed),
        allow_credentials: rule.has_credentials(),
        ..OwnedConfig::default()
    };
    let (age, span) = match &rule.max_age {
        Some(spot) => (Some(spot.value), spot.span.clone()),
        None => (rule.program.max_age_default, rule.span.clone()),
    };
    if let Some(seconds) = age {
        let kept = seconds.clamp(0, i64::from(Config::MAX_MAX_AGE));
        if kept != seconds {
            notes.push((
                span,
                format!("a max-age of {seconds} seconds is {kept} in a policy: no browser keeps more"),
            ));
        }
        policy.max_age = u32::try_from(kept).ok();
    }
    star_as_name(rule, allow_wider, &mut policy, &mut notes);
    star_alone(&mut policy);
    repair(rule, &mut policy, &mut notes);
    Imported { span: rule.span.clone(), policy, notes }
}

/// Leaves out a `*` that is sent as it stands with credentials: browsers take it for a name, and a policy would allow any.
fn star_as_name(
    rule: &Rule,
    allow_wider: bool,
    policy: &mut OwnedConfig,
    notes: &mut Vec<(Range<usize>, String)>,
) {
    if !policy.allow_credentials {
        return;
    }
    for (spots, names, what, is_sent) in [
        (&rule.methods, &mut policy.allow_methods, "method", rule.sends_method_star()),
        (&rule.headers, &mut policy.allow_headers, "header", !rule.program.echoes_headers),
    ] {
        if !is_sent {
            continue;
        }
        let Some(star) = spots.iter().find(|spot| spot.value == "*") else { continue };
        let sentence = format!(
            "with credentials a browser takes `*` for the name of a {what}, and a policy would allow any {what}"
        );
        if allow_wider {
            notes.push((star.span.clone(), format!("*: wider: {sentence}")));
        } else {
            names.retain(|name| name != "*");
            notes.push((star.span.clone(), format!("*: left out: {sentence}; --allow-wider takes it over")));
        }
    }
}

/// Removes from lists with a `*` what it covers.
fn star_alone(policy: &mut OwnedConfig) {
    let has_star = |names: &[String]| names.iter().any(|name| name == "*");
    if has_star(&policy.allow_methods) {
        policy.allow_methods.retain(|name| name == "*");
    }
    if has_star(&policy.allow_headers) {
        policy.allow_headers.retain(|name| name == "*" || name.eq_ignore_ascii_case("authorization"));
    }
    if has_star(&policy.expose_headers) {
        policy.expose_headers.retain(|name| name == "*");
    }
}

/// Leaves out what a policy refuses, and says so; accepts the risks that are in the configuration, and says so.
fn repair(rule: &Rule, policy: &mut OwnedConfig, notes: &mut Vec<(Range<usize>, String)>) {
    // Each round removes an entry or accepts a risk.
    loop {
        let mut first = None;
        let config = ConfigOf { is_public_suffix: Some(&cors_core::is_shared_domain), ..policy.config() };
        config.check(|error| {
            first.get_or_insert_with(|| {
                (error.field(), error.index(), error.problem(), error.value().to_string())
            });
        });
        let Some((field, index, problem, value)) = first else { return };
        let span = place(rule, field, &value);
        if let Problem::Risk(risk) = problem
            && !policy.accept_risks.contains(&risk)
            && risk != Risk::NullOrigin
        {
            policy.accept_risks.push(risk);
            notes.push((
                span,
                format!(
                    "{value}: the risk {} is accepted, as it is there: {}",
                    risk.name(),
                    risk.consequence()
                ),
            ));
            continue;
        }
        let list = policy.list_mut(field);
        match (list, index) {
            (Some(list), Some(index)) if index < list.len() => {
                list.remove(index);
                notes.push((span, format!("{value}: left out: {problem}")));
            }
            _ => return,
        }
    }
}

fn place(rule: &Rule, field: ConfigField, value: &str) -> Range<usize> {
    let of =
        |spots: &[Spot<String>]| spots.iter().find(|spot| spot.value == value).map(|spot| spot.span.clone());
    let place = match field {
        ConfigField::AllowMethods => of(&rule.methods),
        ConfigField::AllowHeaders => of(&rule.headers),
        ConfigField::ExposeHeaders => of(&rule.exposed),
        _ => rule.origins.iter().find(|origin| origin.text == value).map(|origin| origin.span.clone()),
    };
    place.unwrap_or_else(|| rule.span.clone())
}
