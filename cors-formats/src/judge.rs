//! What is wrong with a rule: by the engine's own check of a config, and by what the program makes of it.

use std::ops::Range;

use cors_core::{Config, ConfigError, ConfigField, ConfigOf, Origin, OriginPattern, Problem, Risk};

use crate::finding::{Finding, NOT_JUDGED, Severity};
use crate::matcher::{Expression, Matcher, Proof, is_address, prove, witnesses};
use crate::rule::{AnyWithCredentials, Condition, Credentials, MethodStar, OriginEntry, Rule, Spot};

/// The most seconds for which a browser keeps the answer to a preflight.
const MAX_MAX_AGE: i64 = 86_400;
/// For how long Chromium keeps it.
const CHROMIUM_MAX_AGE: i64 = 7_200;

/// Returns the findings of a rule.
pub(crate) fn judge(rule: &Rule) -> Vec<Finding> {
    let mut findings = Vec::new();
    for origin in &rule.origins {
        judge_origin(rule, origin, &mut findings);
    }
    judge_any_origin(rule, &mut findings);
    judge_by_engine(rule, &mut findings);
    judge_methods(rule, &mut findings);
    judge_headers(rule, &mut findings);
    judge_max_age(rule, &mut findings);
    let is_listed = rule.origins.iter().any(|origin| origin.matcher != Matcher::Any);
    let is_public = rule.allows_any_origin() && !rule.has_credentials();
    if let Some((text, fix)) = rule.program.vary
        && !is_public
        && !rule.origins.is_empty()
    {
        findings.push(Finding::warning("missing-vary", &rule.span, text).fix(fix));
    }
    for (condition, kind, text, fix) in rule.program.notes {
        let applies = match condition {
            Condition::Always => true,
            Condition::Listed => is_listed,
        };
        if applies {
            findings.push(Finding::note(kind, &rule.span, *text).fix(*fix));
        }
    }
    findings
}

fn judge_origin(rule: &Rule, origin: &OriginEntry, findings: &mut Vec<Finding>) {
    let (text, span) = (origin.text.as_str(), &origin.span);
    let title = rule.program.title;
    match &origin.matcher {
        Matcher::Any => {}
        Matcher::Unknown => findings.push(not_judged(span, "which origins are let in")),
        Matcher::Never { why, fix } => {
            findings.push(Finding::error("never-matches", span, format!("{title}: {why}")).fix(fix.clone()));
        }
        Matcher::Exact { .. } if text.trim().contains([',', ' ']) => {
            let what = "two origins in one value: a browser compares the whole value with its one origin";
            findings.push(
                Finding::error("several-origins", span, what).fix("write each origin as an entry of its own"),
            );
        }
        Matcher::Exact { .. } if text.contains('*') => {
            let what = format!("{title} compares this text as it stands, `*` included: no origin matches it");
            findings.push(Finding::error("never-matches", span, what).fix("list the origins one by one"));
        }
        Matcher::Exact { .. } if text == "null" => judge_null(rule, span, findings),
        Matcher::Exact { ignore_case, .. } => {
            if let Err(error) = OriginPattern::parse(text) {
                // Where case does not count, an origin in capital letters is one.
                if *ignore_case && OriginPattern::parse(&text.to_ascii_lowercase()).is_ok() {
                    return;
                }
                findings.push(malformed(span, &error));
            }
        }
        Matcher::Glob { text: glob, .. } => {
            let carried = origin.matcher.carried();
            if carried.patterns.is_empty()
                && let Err(error) = OriginPattern::parse(glob)
                && !judge_glob(rule, origin, findings)
            {
                findings.push(malformed(span, &error));
            }
            if let Some(witness) = witnesses(glob, &origin.matcher).into_iter().find(|origin| {
                let patterns = &carried.patterns;
                !patterns.iter().any(|pattern| matches(pattern, origin))
            }) && !carried.patterns.is_empty()
            {
                findings.push(
                    Finding::warning(
                        "wide-pattern",
                        span,
                        format!("it lets in {witness}, too: a `*` stands for dots there"),
                    )
                    .fix("list the origins, or put the `*` alone into its label"),
                );
            }
        }
        Matcher::Expression(expression) => judge_expression(rule, origin, expression, findings),
    }
}

/// Returns the finding of a value that only the running program knows.
pub(crate) fn not_judged(span: &Range<usize>, what: &str) -> Finding {
    Finding::note(
        NOT_JUDGED,
        span,
        format!("{what} is known to the running program alone, and not judged here"),
    )
    .fix("ask the program: cors probe URL --origin https://evil.example")
}

fn any_origin_kind(rule: &Rule) -> &'static str {
    if rule.has_credentials() { "any-origin-with-credentials" } else { "any-origin" }
}

/// Reports what a glob that is no pattern lets in, and returns true if it does.
fn judge_glob(rule: &Rule, origin: &OriginEntry, findings: &mut Vec<Finding>) -> bool {
    let Some(regex) = origin.matcher.regex() else { return false };
    let stranger = "https://evil.example";
    if regex.is_match(stranger) {
        let credentials = if rule.has_credentials() { ", with credentials" } else { "" };
        findings.push(
            Finding::error(
                any_origin_kind(rule),
                &origin.span,
                format!("it lets in every origin of a scheme{credentials}: {stranger}"),
            )
            .fix("list the origins"),
        );
        return true;
    }
    false
}

fn matches(pattern: &str, origin: &str) -> bool {
    match (OriginPattern::parse(pattern), Origin::parse(origin.as_bytes())) {
        (Ok(pattern), Ok(origin)) => pattern.matches(&origin),
        _ => false,
    }
}

fn malformed(span: &Range<usize>, error: &cors_core::PatternError<'_>) -> Finding {
    let finding = Finding::error("malformed-origin", span, format!("{}", error.kind()));
    match error.advice() {
        Some(advice) => finding.fix(advice.to_string()),
        None => finding,
    }
}

fn judge_null(rule: &Rule, span: &Range<usize>, findings: &mut Vec<Finding>) {
    let (text, fix) = ("any site can send the origin null, from a sandboxed frame", "remove it");
    let finding = if rule.has_credentials() {
        Finding::error("null-origin", span, format!("{text}: each reads what the user of a browser may read"))
    } else {
        Finding::warning("null-origin", span, text)
    };
    findings.push(finding.fix(fix));
}

fn judge_expression(rule: &Rule, origin: &OriginEntry, expression: &Expression, findings: &mut Vec<Finding>) {
    let span = &origin.span;
    let with = if rule.has_credentials() { ", with credentials" } else { "" };
    let proof = prove(expression);
    match &proof {
        Proof::Invalid(reason) => {
            findings.push(
                Finding::error(
                    "invalid-expression",
                    span,
                    format!("the regular expression cannot be read: {reason}"),
                )
                .fix("write one without look-around and references to groups, or list the origins"),
            );
            return;
        }
        Proof::OfOtherEngines(reason) => {
            findings.push(
                Finding::note(
                    NOT_JUDGED,
                    span,
                    format!("which origins the regular expression lets in is not told here: {reason}"),
                )
                .fix("list the origins, or write an expression without it"),
            );
            return;
        }
        Proof::Confined { .. } | Proof::Loose { .. } | Proof::NoOrigin { .. } => {}
    }
    let Some(regex) = origin.matcher.regex() else {
        findings.push(Finding::note(
            NOT_JUDGED,
            span,
            "the regular expression is too large to be judged here",
        ));
        return;
    };
    let carried = origin.matcher.carried();
    let advised: Vec<String> = carried
        .patterns
        .iter()
        .map(|pattern| format!("^{}$", crate::matcher::expression_of(pattern)))
        .collect();
    if regex.is_match("https://evil.example") {
        findings.push(
            Finding::error(
                any_origin_kind(rule),
                span,
                format!("it lets in every origin{with}: https://evil.example"),
            )
            .fix(match advised.as_slice() {
                [] => "list the origins".to_owned(),
                _ if expression.text.contains(".*") => "list the origins".to_owned(),
                several => format!("write {}", several.join(" and ")),
            }),
        );
        return;
    }
    let lets_null_in = regex.is_match("null");
    if lets_null_in {
        judge_null(rule, span, findings);
    }
    match proof {
        Proof::NoOrigin { reason, advice } if !lets_null_in => {
            let advice =
                advice.or_else(|| (!advised.is_empty()).then(|| format!("write {}", advised.join(" and "))));
            findings.push(
                Finding::error("never-matches", span, reason)
                    .fix(advice.unwrap_or_else(|| "list the origins".to_owned())),
            );
        }
        // Of patterns the engine's check says it.
        Proof::Confined { may_be_insecure: true }
            if carried.patterns.is_empty() && rule.has_credentials() =>
        {
            findings.push(insecure(rule, span, &expression.text));
        }
        Proof::Loose { reason, advice } => {
            let witness = witnesses(&expression.text, &origin.matcher).into_iter().find(|witness| {
                !carried.patterns.iter().any(|pattern| matches(pattern, witness))
                    || carried.patterns.is_empty()
            });
            // Which the engine's check reports.
            let is_reported = !carried.patterns.is_empty() && carried.patterns.iter().all(|it| is_shared(it));
            if witness.is_none() && is_reported {
                return;
            }
            let fix = match advised.as_slice() {
                [] => advice,
                several => format!("write {}", several.join(" and ")),
            };
            findings.push(loose(rule, span, witness, &reason).fix(fix));
        }
        _ => {}
    }
}

/// Returns the finding of an expression that lets a stranger in, or is not shown to keep strangers out.
fn loose(rule: &Rule, span: &Range<usize>, witness: Option<String>, reason: &str) -> Finding {
    let with = if rule.has_credentials() { ", with credentials" } else { "" };
    if let Some(witness) = witness {
        let host = witness.split("://").nth(1).and_then(|host| host.split(':').next()).unwrap_or_default();
        let whose = if is_address(host) { "which is a stranger's" } else { "which anybody can register" };
        let what = format!("it also lets in {witness}{with}, {whose}");
        return Finding::error("loose-expression", span, what);
    }
    let what = format!("nothing shows that it keeps strangers out{with}: {reason}");
    let severity = if rule.has_credentials() { Severity::Error } else { Severity::Warning };
    Finding::new(severity, "loose-expression", span, what)
}

/// Returns true for a pattern under whose domain anybody can get a name.
fn is_shared(pattern: &str) -> bool {
    let domain = pattern.split_once("://*.").map(|(_, domain)| domain.trim_end_matches(":*"));
    domain.is_some_and(cors_core::is_shared_domain)
}

fn judge_any_origin(rule: &Rule, findings: &mut Vec<Finding>) {
    let Some(any) = rule.origins.iter().find(|origin| origin.matcher == Matcher::Any) else {
        return;
    };
    let title = rule.program.title;
    let asks = match rule.program.credentials {
        Credentials::Field(default) => rule.credentials.as_ref().map_or(default, |spot| spot.value),
        Credentials::OfListed | Credentials::Never => false,
    };
    if asks {
        let (what, fix) = match rule.program.any_with_credentials {
            AnyWithCredentials::Echoed => (
                format!(
                    "{title} sends back whatever origin asks, with credentials: every site reads what the user may read"
                ),
                "list the origins, or switch credentials off",
            ),
            AnyWithCredentials::SentAsStar => (
                format!("{title} sends `*`, which no browser takes for a fetch with credentials"),
                "list the origins, or switch credentials off",
            ),
            AnyWithCredentials::Refused => (
                format!("{title} refuses `*` with credentials"),
                "list the origins, or switch credentials off",
            ),
        };
        findings.push(Finding::error("any-origin-with-credentials", &any.span, what).fix(fix));
    }
    let writing: Vec<&str> = rule
        .methods
        .iter()
        .map(|method| method.value.as_str())
        .filter(|method| ["PUT", "DELETE", "PATCH", "*"].contains(method))
        .collect();
    if !asks && !writing.is_empty() {
        let what = format!("pages of every origin may send {}", writing.join(", "));
        findings.push(
            Finding::warning("any-origin-may-write", &any.span, what)
                .fix("list the origins, or GET and HEAD alone"),
        );
    }
    // Next to what only the program knows it may be what holds in another case.
    let is_known = |origin: &OriginEntry| origin.matcher != Matcher::Unknown;
    if rule.origins.iter().all(is_known) && rule.origins.len() > 1 {
        let what = "`*` covers the other origins of the list";
        findings.push(
            Finding::warning("star-among-others", &any.span, what).fix("remove the `*`, or the others"),
        );
    }
}

/// Reports what the engine's check finds in the values that mean the same there.
fn judge_by_engine(rule: &Rule, findings: &mut Vec<Finding>) {
    let mut spans = Vec::new();
    let mut origins = Vec::new();
    for origin in &rule.origins {
        if origin.matcher == Matcher::Any || origin.text == "null" {
            continue;
        }
        for pattern in origin.matcher.carried().patterns {
            origins.push(pattern);
            spans.push(origin.span.clone());
        }
    }
    let texts = |spots: &[Spot<String>]| spots.iter().map(|spot| spot.value.clone()).collect::<Vec<_>>();
    let (methods, headers, exposed) = (texts(&rule.methods), texts(&rule.headers), texts(&rule.exposed));
    let config = ConfigOf {
        allow_origins: &origins,
        allow_methods: &methods,
        allow_headers: &headers,
        expose_headers: &exposed,
        allow_credentials: rule.has_credentials(),
        max_age: None,
        allow_private_network: false,
        preflight_status: Config::NEW.preflight_status,
        accept_risks: &[],
        is_public_suffix: Some(&cors_core::is_shared_domain),
    };
    let mut found = Vec::new();
    config.check(|error| {
        let spot = |spots: &[Spot<String>]| {
            error.index().and_then(|index| spots.get(index)).map(|spot| spot.span.clone())
        };
        let span = match error.field() {
            ConfigField::AllowOrigins => error.index().and_then(|index| spans.get(index)).cloned(),
            ConfigField::AllowMethods => spot(&rule.methods),
            ConfigField::AllowHeaders => spot(&rule.headers),
            ConfigField::ExposeHeaders => spot(&rule.exposed),
            _ => None,
        };
        let finding = of_engine(&error, &span.unwrap_or_else(|| rule.span.clone()), rule);
        found.extend(finding.map(|finding| (error.value().to_string(), finding)));
    });
    findings.extend(counted(found));
}

/// Returns the finding of origins of http with credentials.
fn insecure(rule: &Rule, span: &Range<usize>, value: &str) -> Finding {
    let implied = if rule.program.credentials == Credentials::OfListed {
        ", which this service gives to each listed origin"
    } else {
        ""
    };
    let what = format!(
        "{value}: whoever is on the network can change a page of http, and use the credentials{implied}"
    );
    Finding::warning("insecure-origin", span, what).fix("write https")
}

/// Returns the findings, where those of one kind and place are one, which counts them.
fn counted(findings: Vec<(String, Finding)>) -> Vec<Finding> {
    let mut counted: Vec<(String, Finding, usize)> = Vec::new();
    let without = |text: &str, value: &str| text.replacen(value, "", 1);
    for (value, finding) in findings {
        let is_here = |(_, other, _): &&mut (String, Finding, usize)| other.span == finding.span;
        let is_same = |(named, other, _): &&mut (String, Finding, usize)| {
            (other.kind, &other.fix) == (finding.kind, &finding.fix)
                && without(&other.text, named) == without(&finding.text, &value)
        };
        match counted.iter_mut().rev().take_while(is_here).find(is_same) {
            Some((_, _, others)) => *others = others.saturating_add(1),
            None => counted.push((value, finding, 0)),
        }
    }
    let text = |(value, finding, others): (String, Finding, usize)| match others {
        0 => finding,
        others => {
            let noun = if others == 1 { "other" } else { "others" };
            let text = finding.text.replacen(&value, &format!("{value} and {others} {noun}"), 1);
            Finding { text, ..finding }
        }
    };
    counted.into_iter().map(text).collect()
}

fn of_engine(error: &ConfigError<'_>, span: &Range<usize>, rule: &Rule) -> Option<Finding> {
    let what = format!("{}: {}", error.value(), error.problem());
    let is_error = |kind| Finding::error(kind, span, what.clone());
    let finding = match error.problem() {
        Problem::Risk(Risk::InsecureOrigin) => {
            return Some(insecure(rule, span, &error.value().to_string()));
        }
        Problem::Risk(Risk::PublicSuffix) => {
            let what = format!("{}: anybody can get a name that it lets in", error.value());
            return Some(Finding::error("public-suffix", span, what).fix("list your own names under it"));
        }
        Problem::Risk(Risk::LocalFileOrigin) => {
            let what = "any file that a person opens in a web view sends this origin";
            return Some(Finding::warning("local-file-origin", span, what).fix("serve the pages over https"));
        }
        Problem::Risk(Risk::NullOrigin | Risk::AnyOriginWithCredentials) => return None,
        // `*` next to others is judged by what the program makes of it.
        Problem::NotAlone if error.field() == ConfigField::AllowMethods && !rule.program.any_method => {
            return None;
        }
        Problem::NotAlone => Finding::note("star-among-others", span, what),
        Problem::ExposedWildcardWithCredentials => is_error("star-with-credentials"),
        Problem::ForbiddenMethod => is_error("forbidden-method"),
        Problem::ForbiddenRequestHeader => Finding::warning("forbidden-header", span, what),
        Problem::ResponseHeader => Finding::warning("response-field", span, what),
        Problem::ForbiddenResponseHeader => Finding::warning("unreadable-header", span, what),
        Problem::RequestHeader => Finding::warning("request-field", span, what),
        Problem::NotAToken => is_error("not-a-token"),
        _ => Finding::warning("refused", span, what),
    };
    Some(match error.advice() {
        Some(advice) => finding.fix(advice.to_string()),
        None => finding,
    })
}

fn judge_methods(rule: &Rule, findings: &mut Vec<Finding>) {
    let title = rule.program.title;
    for method in &rule.methods {
        let (name, span) = (method.value.as_str(), &method.span);
        let upper = name.to_ascii_uppercase();
        if name == "*" {
            if !rule.program.any_method {
                let what = format!("{title} takes no `*` for methods");
                findings.push(Finding::error("refused-method", span, what).fix("list the methods"));
            } else if rule.has_credentials()
                && rule.sends_method_star()
                && (rule.program.method_star == MethodStar::Sent || rule.program.methods.is_none())
            {
                let what = "with credentials a browser takes `*` for the name of a method";
                findings.push(Finding::warning("star-with-credentials", span, what).fix("list the methods"));
            }
        } else if name == "OPTIONS" {
            let known = rule.program.methods.is_none_or(|known| known.contains(&name));
            if known {
                let what =
                    "no page needs OPTIONS: a preflight is the browser's, and is answered all the same";
                findings.push(Finding::note("options-listed", span, what).fix("remove it"));
            } else {
                let what = format!("{title} refuses the method OPTIONS");
                findings.push(
                    Finding::error("refused-method", span, what)
                        .fix("remove it: preflights are answered all the same"),
                );
            }
        } else if let Some(known) = rule.program.methods
            && !known.contains(&name)
        {
            let what = format!("{title} refuses the method {name}");
            let fix = if known.contains(&upper.as_str()) {
                format!("write {upper}")
            } else {
                format!("it takes {}", known.join(", "))
            };
            findings.push(Finding::error("refused-method", span, what).fix(fix));
        } else if name != upper && ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH"].contains(&upper.as_str())
        {
            let what = format!("methods are case-sensitive, and browsers send {upper}");
            findings.push(Finding::warning("method-case", span, what).fix(format!("write {upper}")));
        }
    }
}

fn judge_headers(rule: &Rule, findings: &mut Vec<Finding>) {
    if !rule.has_credentials() || rule.program.echoes_headers {
        return;
    }
    if let Some(star) = rule.headers.iter().find(|header| header.value == "*") {
        let what = "with credentials a browser takes `*` for the name of a header";
        findings.push(Finding::warning("star-with-credentials", &star.span, what).fix("list the headers"));
    }
}

fn judge_max_age(rule: &Rule, findings: &mut Vec<Finding>) {
    let needs_preflights = !rule.headers.is_empty()
        || rule
            .methods
            .iter()
            .any(|method| !["GET", "HEAD", "POST", "OPTIONS"].contains(&method.value.as_str()));
    match (&rule.max_age, rule.program.max_age_default) {
        (Some(spot), _) if spot.value > MAX_MAX_AGE => {
            let what = format!("no browser keeps {} seconds: Firefox keeps 86400, Chromium 7200", spot.value);
            findings.push(Finding::warning("max-age-too-long", &spot.span, what).fix("write 7200, or 86400"));
        }
        (Some(spot), _) if spot.value < 0 => {
            let what = "a max-age below zero lets no browser keep the answer to a preflight";
            findings.push(Finding::warning("max-age-negative", &spot.span, what).fix("write 0, or 7200"));
        }
        (Some(spot), _) if spot.value > CHROMIUM_MAX_AGE => {
            let what = format!("of {} seconds Chromium keeps 7200", spot.value);
            findings.push(Finding::note("max-age-capped", &spot.span, what));
        }
        (None, Some(default)) if default > MAX_MAX_AGE => {
            let what = format!("without a max-age it is {default} seconds there, which no browser keeps");
            findings.push(Finding::note("max-age-too-long", &rule.span, what).fix("write 7200"));
        }
        (None, None) if needs_preflights && !rule.origins.is_empty() => {
            let what = "without a max-age browsers ask again after 5 seconds";
            findings.push(Finding::note("no-max-age", &rule.span, what).fix("add a max-age of 600, or 7200"));
        }
        _ => {}
    }
}
