//! Requests for which a config matters.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::Index;

use super::names::{Lines, lines, requested_method};
use super::origins::{Meeting, meeting, origin};
use super::pick;
use crate::{Message, OwnedConfig};

/// A request, except for the parts that it takes from the config.
#[derive(Clone, Debug)]
pub(super) struct Recipe {
    method: String,
    origins: Vec<OriginChoice>,
    requested_methods: Vec<MethodChoice>,
    lines: Lines,
    private_network: Option<String>,
    /// Field names in lower case, in upper case, or as usual.
    name_case: u8,
    /// White space before the fields' values and after them.
    around: (String, String),
    others: Vec<(String, String)>,
}

#[derive(Clone, Debug)]
enum OriginChoice {
    Any(Vec<u8>),
    Near(Meeting),
}

#[derive(Clone, Debug)]
enum MethodChoice {
    Any(String),
    Listed(Index),
}

pub(super) fn recipe() -> impl Strategy<Value = Recipe> {
    let method =
        prop_oneof![5 => Just("OPTIONS".to_owned()), 2 => pick(&["GET", "PUT", "options", "OPTION", ""])];
    let (any_origin, near) = (origin, meeting);
    let origin = || {
        prop_oneof![
            1 => any_origin().prop_map(OriginChoice::Any),
            2 => near().prop_map(OriginChoice::Near),
        ]
    };
    let origins = prop_oneof![16 => vec(origin(), 1), 1 => vec(origin(), 0), 2 => vec(origin(), 2..=3)];
    let requested = || {
        prop_oneof![
            1 => requested_method().prop_map(MethodChoice::Any),
            1 => any::<Index>().prop_map(MethodChoice::Listed),
        ]
    };
    let requested_methods =
        prop_oneof![16 => vec(requested(), 1), 1 => vec(requested(), 0), 1 => vec(requested(), 2..=3)];
    let private_network =
        option::weighted(0.3, prop_oneof![3 => Just("true".to_owned()), 1 => pick(&["True", "", "1"])]);
    let others = vec(
        (
            pick(&["Host", "X-Origin", "Origins", "Access-Control-Request-Header", "Cookie"]),
            pick(&["https://example.com", "PUT"]),
        ),
        0..2,
    );
    let space = || prop_oneof![4 => Just(String::new()), 1 => pick(&[" ", "\t", "\t  "])];
    let around = (space(), space());
    (method, origins, requested_methods, lines(), private_network, 0..3_u8, around, others).prop_map(
        |(method, origins, requested_methods, lines, private_network, name_case, around, others)| Recipe {
            method,
            origins,
            requested_methods,
            lines,
            private_network,
            name_case,
            around,
            others,
        },
    )
}

impl Recipe {
    pub(super) fn prepare(self, config: &OwnedConfig) -> Message {
        let mut headers: Vec<(String, Vec<u8>)> =
            self.others.into_iter().map(|(name, value)| (name, value.into_bytes())).collect();
        let mut add = |name: &str, value: Vec<u8>| {
            let name = match self.name_case {
                0 => name.to_owned(),
                1 => name.to_ascii_lowercase(),
                _ => name.to_ascii_uppercase(),
            };
            let (before, after) = &self.around;
            headers.push((name, [before.as_bytes(), &value, after.as_bytes()].concat()));
        };
        for origin in self.origins {
            let value = match origin {
                OriginChoice::Any(value) => value,
                OriginChoice::Near(meeting) => meeting.origin(&config.allow_origins),
            };
            add("Origin", value);
        }
        for method in self.requested_methods {
            let value = match method {
                MethodChoice::Listed(index) if !config.allow_methods.is_empty() => {
                    index.get(&config.allow_methods).clone()
                }
                MethodChoice::Listed(_) => "POST".to_owned(),
                MethodChoice::Any(value) => value,
            };
            add("Access-Control-Request-Method", value.into_bytes());
        }
        for value in self.lines.values(&config.allow_headers) {
            add("Access-Control-Request-Headers", value);
        }
        if let Some(value) = self.private_network {
            add("Access-Control-Request-Private-Network", value.into_bytes());
        }
        Message { method: self.method.into_bytes(), headers }
    }
}
