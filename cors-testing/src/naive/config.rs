//! Rules C1 to C10: which configs compile.

use std::collections::BTreeSet;
use std::net::{Ipv4Addr, Ipv6Addr};

use cors_core::{Config, Risk};

use super::origin::split;
use super::{is_pattern, is_token};

/// Returns whether the config has no problem.
pub fn is_valid(config: &Config<'_>) -> bool {
    config.allow_origins.iter().all(|text| is_pattern(text) && risks(config, text).is_empty())
        && config.allow_methods.iter().all(|name| is_method(name))
        && is_alone(config.allow_methods, &[])
        && config.allow_methods.len() <= 128
        && config.allow_headers.iter().all(|name| is_request_header(name))
        && is_alone(config.allow_headers, &["authorization"])
        && config.expose_headers.iter().all(|name| is_response_header(name))
        && is_alone(config.expose_headers, &[])
        && !(config.expose_headers.contains(&"*") && config.allow_credentials)
        && config.max_age.is_none_or(|seconds| seconds <= 86_400)
        && (200..300).contains(&config.preflight_status)
        && star_places(config) <= 128
}

/// C9: how many places in a label the `*` of the patterns has, those with `:*` apart.
fn star_places(config: &Config<'_>) -> usize {
    let places: BTreeSet<_> = config
        .allow_origins
        .iter()
        .filter_map(|pattern| {
            let (_, host) = pattern.split_once("://")?;
            let (before, after) = host.split_once('.')?.0.split_once('*')?;
            let place = (before.len(), after.len());
            (place != (0, 0)).then_some((place, pattern.ends_with(":*")))
        })
        .collect();
    places.len()
}

/// C6: the risks of a pattern that the config does not accept.
fn risks(config: &Config<'_>, pattern: &str) -> Vec<Risk> {
    let mut risks = Vec::new();
    if pattern == "null" {
        risks.push(Risk::NullOrigin);
    }
    if pattern == "file://" {
        risks.push(Risk::LocalFileOrigin);
    }
    if config.allow_credentials {
        if pattern == "*" {
            risks.push(Risk::AnyOriginWithCredentials);
        }
        if let Some(parts) = split(pattern) {
            // Of the schemes that travel over a network, patterns have these two and https.
            if ["http", "ftp"].contains(&parts.scheme) && !is_local(parts.host) {
                risks.push(Risk::InsecureOrigin);
            }
            let domain = parts.host.split_once('.').filter(|(label, _)| label.contains('*'));
            let is_public_suffix = config.is_public_suffix.unwrap_or(&|_| false);
            // With the root's dot it is another host under the same suffix.
            let domain = domain.map(|(_, domain)| domain.trim_end_matches('.'));
            let is_shared = |domain: &&str| !domain.contains('.') || is_public_suffix(domain);
            let nobodys = ["test", "internal", "local", "home.arpa", "example", "invalid", "lan"];
            if domain.filter(is_shared).is_some_and(|domain| !nobodys.contains(&domain) && !is_local(domain))
            {
                risks.push(Risk::PublicSuffix);
            }
        }
    }
    risks.retain(|risk| !config.accept_risks.contains(risk));
    risks
}

fn is_local(host: &str) -> bool {
    let ipv6 = host.trim_matches(['[', ']']).parse().is_ok_and(|address: Ipv6Addr| address.is_loopback());
    let ipv4 = host.parse().is_ok_and(|address: Ipv4Addr| address.is_loopback());
    ipv4 || ipv6 || host == "localhost" || host.ends_with(".localhost")
}

fn is_name(name: &str) -> bool {
    is_token(name.as_bytes()) && name.len() <= Config::MAX_NAME_LEN
}

/// Returns whether a `*`, if the list has one, is its only entry apart from `companions`; a second `*` is an entry, too.
fn is_alone(list: &[&str], companions: &[&str]) -> bool {
    let others = list.iter().filter(|name| !companions.iter().any(|other| other.eq_ignore_ascii_case(name)));
    !list.contains(&"*") || others.count() == 1
}

/// C2.
fn is_method(name: &str) -> bool {
    is_name(name) && !["CONNECT", "TRACE", "TRACK"].contains(&&*name.to_ascii_uppercase())
}

/// C3.
fn is_request_header(name: &str) -> bool {
    const FORBIDDEN: &str = "accept-charset accept-encoding access-control-request-headers \
        access-control-request-method connection content-length cookie cookie2 date dnt expect host \
        keep-alive origin referer set-cookie te trailer transfer-encoding upgrade via";
    const OF_RESPONSES: &str = "access-control-allow-origin access-control-allow-credentials \
        access-control-allow-methods access-control-allow-headers access-control-max-age \
        access-control-expose-headers access-control-allow-private-network";
    let lower = name.to_ascii_lowercase();
    is_name(name)
        && !FORBIDDEN.split_whitespace().chain(OF_RESPONSES.split_whitespace()).any(|other| other == lower)
        && !lower.starts_with("proxy-")
        && !lower.starts_with("sec-")
}

/// C4.
fn is_response_header(name: &str) -> bool {
    const REFUSED: [&str; 6] = [
        "set-cookie",
        "set-cookie2",
        "origin",
        "access-control-request-method",
        "access-control-request-headers",
        "access-control-request-private-network",
    ];
    is_name(name) && !REFUSED.contains(&&*name.to_ascii_lowercase())
}
