//! [`Configuration`]: what an operator writes, read and checked.

mod members;

use std::fmt::{self, Write as _};
use std::rc::Rc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use cors_core::adapter::PathPrefix;
use cors_core::{Origin, Policy};
use cors_policy_file::{Diagnostic, Error, Format, Scalar, compile};
use serde::de;
use serde_json::value::RawValue;

use crate::compiled::CompiledPolicy;
use crate::sites::{Host, Sites};
use crate::structure;
use members::{Members, Parts};

/// A configuration of the filter.
#[derive(Debug, Default)]
pub(crate) struct Configuration {
    /// The policies.
    pub(crate) sites: Sites,
    /// The policies in the shadow (A8).
    pub(crate) shadow: Option<Sites>,
    /// Whether a denied request gets 403 (A6).
    pub(crate) enforce: bool,
    /// Whether the upstream answers preflights (A7).
    pub(crate) passthrough: bool,
    /// The site's own origins, if its address is not what browsers see (A6).
    pub(crate) own_origins: Vec<String>,
}

/// What is wrong with a configuration: each problem in a line, with its place and what to write.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Problems {
    first: Vec<String>,
    total: usize,
}

/// How many problems are reported. A configuration may have a million, and nobody reads that many.
const MOST: usize = 100;
/// The options beside the policy, and the members of an entry of `policies`.
const OPTIONS: [&str; 6] = ["policies", "image", "shadow", "enforce", "passthrough", "own_origins"];
const OF_AN_ENTRY: [&str; 3] = ["hosts", "prefix", "image"];
const OF_A_SHADOW: [&str; 2] = ["policies", "image"];
/// How an image begins.
const MAGIC: &[u8] = b"cors";

impl Configuration {
    /// Reads a configuration: JSON, a serialized `google.protobuf.Struct`, or the bytes of an image, which is then the policy of
    /// every host and path.
    pub(crate) fn read(bytes: &[u8]) -> Result<Self, Problems> {
        let mut problems = Problems::default();
        let mut configuration = Configuration::default();
        if bytes.starts_with(MAGIC) {
            let policy = checked(bytes.to_vec(), "", &mut problems);
            configuration.sites.add_everywhere(policy);
        } else if let Some(text) = structure::json_of(bytes) {
            configuration.read_text(&text, &mut problems);
        } else if let Some(text) = text_of(bytes, &mut problems) {
            configuration.read_text(text, &mut problems);
        }
        if problems.total == 0 { Ok(configuration) } else { Err(problems) }
    }

    fn read_text(&mut self, text: &str, problems: &mut Problems) {
        let members = match serde_json::from_str::<Members<'_>>(text) {
            Ok(members) => members,
            Err(error) => return problems.push("", format!("not JSON: {error}; write an object")),
        };
        let parts = members.split(&OPTIONS, "", problems);
        for (name, value) in &parts.options {
            let value = *value;
            match &**name {
                "enforce" => {
                    read_into(&mut self.enforce, name, "true or false", value, problems);
                }
                "passthrough" => {
                    read_into(&mut self.passthrough, name, "true or false", value, problems);
                }
                "own_origins" => {
                    read_into(&mut self.own_origins, name, "a list of origins", value, problems);
                    for (index, origin) in self.own_origins.iter().enumerate() {
                        if !is_own_origin(origin) {
                            let place = format!("own_origins[{index}] {origin:?}");
                            problems.push(&place, "not an origin as browsers send it; write one such as https://www.example.com");
                        }
                    }
                }
                "shadow" => {
                    let mut shadow = Sites::default();
                    match serde_json::from_str::<Members<'_>>(value.get()) {
                        Ok(members) => {
                            let parts = members.split(&OF_A_SHADOW, "shadow.", problems);
                            shadow.read(&parts, "shadow.", problems);
                        }
                        Err(error) => problems
                            .push("shadow", wrong_type(&error, "a policy, or an object with policies")),
                    }
                    self.shadow = Some(shadow);
                }
                _ => {}
            }
        }
        self.sites.read(&parts, "", problems);
    }
}

impl Sites {
    /// Reads `policies`, or `image`, or the fields of a policy.
    fn read(&mut self, parts: &Parts<'_>, place: &str, problems: &mut Problems) {
        let option = |wanted| parts.options.iter().find(|(name, _)| name == wanted).map(|(_, value)| *value);
        let Some(policies) = option("policies") else {
            let policy = read_policy(option("image"), parts, place, problems);
            return self.add_everywhere(policy);
        };
        if let Some((name, _)) = parts.policy.first() {
            problems.push(
                &format!("{place}{name}"),
                "stands beside `policies`; write it in the entry whose policy it belongs to",
            );
        }
        if option("image").is_some() {
            problems.push(&format!("{place}image"), "stands beside `policies`; write one of the two");
        }
        match serde_json::from_str::<Vec<&RawValue>>(policies.get()) {
            Ok(entries) if entries.is_empty() => problems.push(
                &format!("{place}policies"),
                "has no entry; write one such as {\"prefix\": \"/api\", \"allow_origins\": [\"https://app.example.com\"]}",
            ),
            Ok(entries) => {
                for (index, entry) in entries.into_iter().enumerate() {
                    self.read_entry(entry, &format!("{place}policies[{index}]"), problems);
                }
            }
            Err(error) => problems.push(&format!("{place}policies"), wrong_type(&error, "a list of objects")),
        }
    }

    fn read_entry(&mut self, entry: &RawValue, place: &str, problems: &mut Problems) {
        let members = match serde_json::from_str::<Members<'_>>(entry.get()) {
            Ok(members) => members,
            Err(error) => return problems.push(place, wrong_type(&error, "an object")),
        };
        let within = format!("{place}.");
        let parts = members.split(&OF_AN_ENTRY, &within, problems);
        let mut prefix = String::from("/");
        let mut hosts: Option<Vec<String>> = None;
        let mut image = None;
        for (name, value) in &parts.options {
            let place = format!("{within}{name}");
            match &**name {
                "prefix" => {
                    read_into(&mut prefix, &place, "a path such as \"/api\"", value, problems);
                }
                "hosts" => {
                    let mut list = Vec::<String>::new();
                    read_into(
                        &mut list,
                        &place,
                        "a list such as [\"api.example.com\", \"*.example.net\"]",
                        value,
                        problems,
                    );
                    hosts = Some(list);
                }
                _ => image = Some(*value),
            }
        }
        let policy = read_policy(image, &parts, &within, problems);
        let prefix = match PathPrefix::parse(&prefix) {
            Ok(prefix) => prefix,
            Err(error) => return problems.push(place, error.to_string()),
        };
        let hosts: Vec<Host> = match &hosts {
            None => vec![Host::Every],
            Some(hosts) if hosts.is_empty() => {
                return problems.push(&format!("{within}hosts"), "has no entry; leave it out for every host");
            }
            Some(hosts) => hosts
                .iter()
                .enumerate()
                .filter_map(|(index, host)| {
                    let refused = |reason| problems.push(&format!("{within}hosts[{index}] {host:?}"), reason);
                    Host::parse(host).map_err(refused).ok()
                })
                .collect(),
        };
        let Some(policy) = policy else { return };
        for host in hosts {
            let what = host.to_string();
            if !self.add(host, prefix, &policy) {
                problems.push(
                    place,
                    format!("{what} has a policy for this prefix already; leave one of the two out"),
                );
            }
        }
    }

    fn add_everywhere(&mut self, policy: Option<Rc<CompiledPolicy>>) {
        if let Some(policy) = policy {
            self.add(Host::Every, PathPrefix::EVERY, &policy);
        }
    }
}

/// Reads a policy: the members of a policy file, or an image.
fn read_policy(
    image: Option<&RawValue>,
    parts: &Parts<'_>,
    place: &str,
    problems: &mut Problems,
) -> Option<Rc<CompiledPolicy>> {
    let Some(image) = image else { return compiled(parts, place, problems) };
    if let Some((name, _)) = parts.policy.first() {
        problems.push(
            &format!("{place}{name}"),
            "stands beside `image`, which is a whole policy; write one of the two",
        );
    }
    let place = format!("{place}image");
    let mut text = String::new();
    if !read_into(&mut text, &place, "an image in base64, such as `base64 -w0` prints", image, problems) {
        return None;
    }
    let Ok(bytes) = STANDARD.decode(text.split_ascii_whitespace().collect::<String>()) else {
        problems.push(&place, "not base64; write what `base64 -w0` prints of an image");
        return None;
    };
    checked(bytes, &place, problems)
}

/// Compiles a policy file's members, with the public suffix list (C6).
fn compiled(parts: &Parts<'_>, place: &str, problems: &mut Problems) -> Option<Rc<CompiledPolicy>> {
    let members = &parts.policy;
    if members.is_empty() && parts.has_unknown {
        return None;
    }
    if members.is_empty() {
        problems.push(
            place.trim_end_matches('.'),
            "holds no policy; write its fields, such as \"allow_origins\": [\"https://app.example.com\"]",
        );
        return None;
    }
    let mut file = String::from("{");
    for (index, (name, value)) in members.iter().enumerate() {
        let separator = if index == 0 { "" } else { "," };
        let name = serde_json::Value::from(&**name);
        let _ = write!(file, "{separator}{name}:{value}");
    }
    file.push('}');
    match compile(Format::Json, &file) {
        Ok(policy) => Some(Rc::new(CompiledPolicy::new(policy.into_image()))),
        Err(Error::Problems(of_the_policy)) => {
            for problem in &*of_the_policy {
                let place = if problem.setting().is_some() { place } else { place.trim_end_matches('.') };
                problems.push(place, written(problem));
            }
            problems.total =
                problems.total.saturating_add(of_the_policy.total().saturating_sub(of_the_policy.len()));
            None
        }
        Err(error) => {
            problems.push(place.trim_end_matches('.'), error.to_string());
            None
        }
    }
}

/// Takes an image, if it is one.
fn checked(image: Vec<u8>, place: &str, problems: &mut Problems) -> Option<Rc<CompiledPolicy>> {
    match Policy::from_bytes(&image) {
        Ok(_) => Some(Rc::new(CompiledPolicy::new(image))),
        Err(error) => {
            problems.push(
                place,
                format!("{error}; compile the policy with the `cors` command of this module's version"),
            );
            None
        }
    }
}

/// The text of a problem: `allow_origins[1] "https://B.example": not in the form …; write https://b.example`.
fn written(problem: &Diagnostic) -> String {
    let Some(setting) = problem.setting() else { return problem.to_string() };
    let mut text = setting.field.to_string();
    if let Some(index) = setting.index {
        let _ = write!(text, "[{index}]");
    }
    match &setting.value {
        Some(Scalar::Text(value)) => {
            let _ = write!(text, " {value:?}");
        }
        Some(Scalar::Number(value)) => {
            let _ = write!(text, " {value}");
        }
        None => {}
    }
    text.push_str(": ");
    text.push_str(problem.reason());
    if let Some(help) = problem.help() {
        text.push_str("; ");
        text.push_str(help);
    }
    text
}

impl Host {
    /// Reads a host as an operator writes it; the error is what is wrong.
    fn parse(text: &str) -> Result<Self, String> {
        if text == "*" {
            return Ok(Host::Every);
        }
        let (name, make): (_, fn(String) -> Host) = match text.strip_prefix("*.") {
            Some(name) => (name, Host::Under),
            None => (text, Host::Exact),
        };
        let is_host = |name: &str| {
            let origin = format!("https://{name}");
            Origin::parse(origin.as_bytes()).is_ok_and(|origin| origin.port().is_none())
                && !name.ends_with('.')
        };
        if is_host(name) {
            return Ok(make(name.to_owned()));
        }
        let start = if name.len() < text.len() { "*." } else { "" };
        let name = name.rsplit("//").next().unwrap_or(name);
        let name = name.split(['/', ':']).next().unwrap_or(name).trim_end_matches('.').to_ascii_lowercase();
        Err(if is_host(&name) {
            format!(
                "not a host as browsers send it, without scheme and port; write {:?}",
                format!("{start}{name}")
            )
        } else {
            "not a host; write one such as \"api.example.com\" or \"*.example.com\"".to_owned()
        })
    }
}

impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Host::Exact(name) => write!(f, "the host {name:?}"),
            Host::Under(name) => write!(f, "the host \"*.{name}\""),
            Host::Every => f.write_str("every host"),
        }
    }
}

impl Problems {
    /// Adds a problem at a place: the path of a member, or of the object that has it where it ends in a dot.
    fn push(&mut self, place: &str, problem: impl fmt::Display) {
        self.total = self.total.saturating_add(1);
        if self.first.len() < MOST {
            let separator = if place.is_empty() || place.ends_with('.') { "" } else { ": " };
            self.first.push(format!("{place}{separator}{problem}"));
        }
    }
}

impl Problems {
    /// Returns what is logged, line by line.
    pub(crate) fn lines(&self) -> impl Iterator<Item = String> + '_ {
        let head = match self.total {
            1 => "the configuration is refused; it has a problem:".to_owned(),
            total => format!("the configuration is refused; it has {total} problems:"),
        };
        let more = self.total.saturating_sub(self.first.len());
        let rest = (more > 0).then(|| format!("and {more} more"));
        std::iter::once(head).chain(self.first.iter().cloned()).chain(rest)
    }
}

fn text_of<'t>(bytes: &'t [u8], problems: &mut Problems) -> Option<&'t str> {
    match str::from_utf8(bytes) {
        Ok(text) if !text.trim().is_empty() => return Some(text),
        Ok(_) => problems.push(
            "",
            "it is empty; write a policy, such as {\"allow_origins\": [\"https://app.example.com\"]}",
        ),
        Err(_) => problems.push("", "it is neither JSON nor an image; write a policy's fields as JSON"),
    }
    None
}

fn is_own_origin(text: &str) -> bool {
    Origin::parse(text.as_bytes()).is_ok_and(|origin| matches!(origin.scheme(), Some("http" | "https")))
}

/// Reads a value into its place. Returns false, and reports what the value should be, if it is of another type.
fn read_into<'t, T: de::Deserialize<'t>>(
    target: &mut T,
    place: &str,
    expected: &str,
    value: &'t RawValue,
    problems: &mut Problems,
) -> bool {
    match serde_json::from_str(value.get()) {
        Ok(value) => *target = value,
        Err(error) => {
            problems.push(place, wrong_type(&error, expected));
            return false;
        }
    }
    true
}

fn wrong_type(error: &serde_json::Error, expected: &str) -> String {
    // serde_json ends with a place in this value alone, which nobody can look up.
    let error = error.to_string();
    let reason = error.rsplit_once(" at line ").map_or(&*error, |(reason, _)| reason);
    format!("{reason}; write {expected}")
}

#[cfg(test)]
mod tests;
