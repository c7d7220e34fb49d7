//! The parts of a request that a response may repeat (E9, E11).

use std::collections::HashSet;

use cors_core::{Origin, Policy};

use crate::Message;
use crate::naive::{is_token, token_list, trimmed};

/// Panics if a response field has something of the request in it that E9 does not name. `trust` is what the closure of E12 returns.
pub fn check_echoes(policy: &Policy<'_>, message: &Message, trust: bool) {
    let constants = constants(policy);
    let request = message.request();
    let decision = policy.evaluate_with(&request, |_| trust);
    for field in decision.fields() {
        let is_constant = constants.contains(&(field.name, field.value.to_vec()));
        assert!(is_constant || is_valid_echo(message, field.name, field.value), "{field:?} for {message:?}");
        let is_printable = |byte: &u8| matches!(byte, b'\t' | b' '..=b'~');
        assert!(field.value.iter().all(is_printable), "{field:?} for {message:?}");
        // E11
        assert!(is_token(field.name.as_bytes()) && field.name == field.name.to_ascii_lowercase());
    }
}

fn is_valid_echo(message: &Message, name: &str, value: &[u8]) -> bool {
    let values = |name| message.values(name).into_iter().map(trimmed).collect::<Vec<_>>();
    match name {
        "access-control-allow-origin" => values("origin") == [value] && Origin::parse(value).is_ok(),
        "access-control-allow-methods" => {
            values("access-control-request-method") == [value] && is_token(value)
        }
        "access-control-allow-headers" => {
            values("access-control-request-headers").contains(&value) && token_list(value).is_some()
        }
        _ => false,
    }
}

/// The values that a policy has before it sees a request.
fn constants(policy: &Policy<'_>) -> HashSet<(&'static str, Vec<u8>)> {
    let mut constants = HashSet::new();
    let mut add = |name, value: String| constants.insert((name, value.into_bytes()));
    add("access-control-allow-origin", "*".into());
    add("access-control-allow-credentials", "true".into());
    add("access-control-allow-methods", join(policy.allow_methods()));
    add("access-control-allow-headers", join(policy.allow_headers()));
    add("access-control-expose-headers", join(policy.expose_headers()));
    add("access-control-max-age", policy.max_age().map(|seconds| seconds.to_string()).unwrap_or_default());
    add("access-control-allow-private-network", "true".into());
    let names = [
        "origin",
        "access-control-request-method",
        "access-control-request-headers",
        "access-control-request-private-network",
    ];
    for set in 1..1 << names.len() {
        let listed = names.iter().enumerate().filter(|(index, _)| set & (1 << index) != 0);
        add("vary", join(listed.map(|(_, &name)| name)));
    }
    constants
}

fn join<'a>(names: impl Iterator<Item = &'a str>) -> String {
    names.collect::<Vec<_>>().join(", ")
}
