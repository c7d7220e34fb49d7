//! A policy in one line, as `cors check`, `cors compile` and the page of `cors explain --serve` print it.

use cors_core::{Config, Policy};

use crate::count::count;

/// Returns what the policy allows: `allows 1 origin; GET, HEAD, POST; credentials`.
pub fn summary(policy: &Policy<'_>) -> String {
    let mut parts = vec![origins(policy)];
    if policy.allow_origins().next().is_some() {
        parts.push(methods(policy));
        match policy.allow_headers().count() {
            _ if policy.allow_headers().any(|name| name == "*") => parts.push("any header".to_owned()),
            0 => {}
            headers => parts.push(count(headers, "header")),
        }
        if policy.allow_credentials() {
            parts.push("credentials".to_owned());
        }
        if let Some(seconds) = policy.max_age() {
            parts.push(format!("preflights kept for {seconds} s"));
        }
        if policy.preflight_status() != Config::default().preflight_status {
            parts.push(format!("preflights answered with {}", policy.preflight_status()));
        }
        if policy.allow_private_network() {
            parts.push("private network".to_owned());
        }
    }
    parts.extend(policy.accept_risks().map(|risk| format!("the risk {risk} accepted")));
    parts.join("; ")
}

fn origins(policy: &Policy<'_>) -> String {
    if policy.allow_origins().any(|origin| origin == "*") {
        return "allows any origin".to_owned();
    }
    let patterns = policy.allow_origins().filter(|origin| origin.contains('*')).count();
    match (policy.allow_origins().count().saturating_sub(patterns), patterns) {
        (0, 0) => "allows no origin".to_owned(),
        (exact, 0) => format!("allows {}", count(exact, "origin")),
        (0, patterns) => format!("allows {} of origins", count(patterns, "pattern")),
        (exact, patterns) => {
            format!("allows {} and {} of origins", count(exact, "origin"), count(patterns, "pattern"))
        }
    }
}

fn methods(policy: &Policy<'_>) -> String {
    // Always allowed (C1).
    let mut methods = vec!["GET", "HEAD", "POST"];
    for method in policy.allow_methods() {
        if method == "*" {
            return "any method".to_owned();
        }
        if !methods.contains(&method) {
            methods.push(method);
        }
    }
    methods.join(", ")
}
