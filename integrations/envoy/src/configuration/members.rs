//! [`Members`]: an object of JSON as it is written, and who reads which of its members.

use std::borrow::Cow;
use std::fmt;

use cors_core::ConfigField;
use cors_policy_file::nearest;
use serde::de::{self, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::{OF_AN_ENTRY, OPTIONS, Problems};

/// Members of an object that are handed on.
pub(super) type Taken<'t> = Vec<(Cow<'t, str>, &'t RawValue)>;

/// The members of an object, by who reads them.
#[derive(Default)]
pub(super) struct Parts<'t> {
    /// Options, and whatever else is no field of a policy.
    pub(super) options: Taken<'t>,
    /// The fields of a policy.
    pub(super) policy: Taken<'t>,
    /// True if there is a member of another name, which may be meant for a field of the policy.
    pub(super) has_unknown: bool,
}

/// The members of an object in their order, each as it is written.
pub(super) struct Members<'t>(Taken<'t>);

impl<'t> Members<'t> {
    /// Parts the members that are named from the fields of a policy. A name that is neither is a problem, and so is one that
    /// stands there twice.
    pub(super) fn split(self, named: &[&str], place: &str, problems: &mut Problems) -> Parts<'t> {
        let mut parts = Parts::default();
        for (name, value) in self.0 {
            if named.contains(&&*name) {
                if parts.options.iter().any(|(other, _)| *other == name) {
                    problems.push(&format!("{place}{name}"), "stands there twice; write it once");
                }
                parts.options.push((name, value));
            } else if ConfigField::ALL.iter().any(|field| field.name() == name) {
                parts.policy.push((name, value));
            } else {
                parts.has_unknown = true;
                let what = format!("unknown field `{}`; {}", name.escape_debug(), advice(&name, named));
                problems.push(place.trim_end_matches('.'), what);
            }
        }
        parts
    }
}

/// What to write in place of a member that its object does not have.
fn advice(name: &str, named: &[&str]) -> String {
    if OF_AN_ENTRY.contains(&name) {
        return String::from("write it in an entry of `policies`");
    }
    if OPTIONS.contains(&name) {
        return String::from("write it beside `policies`, once for all");
    }
    if named.contains(&"prefix") && name.contains("path") {
        return String::from("did you mean `prefix`?");
    }
    let known = named.iter().copied().chain(ConfigField::ALL.iter().map(|field| field.name()));
    match nearest(name, known) {
        Some(near) => format!("did you mean `{near}`?"),
        None => String::from("remove it"),
    }
}

impl<'de> de::Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct InOrder;
        impl<'de> Visitor<'de> for InOrder {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some((name, value)) = map.next_entry::<Name<'de>, &'de RawValue>()? {
                    members.push((name.0, value));
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(InOrder)
    }
}

/// A member's name, borrowed unless it has an escape.
#[derive(serde::Deserialize)]
#[serde(transparent)]
struct Name<'t>(#[serde(borrow)] Cow<'t, str>);
