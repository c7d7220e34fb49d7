//! What the properties are tried on: configs and requests from the same few words, so that they meet.

mod configs;
mod messages;
mod names;
mod origins;
mod texts;

use proptest::collection::vec;
use proptest::prelude::*;

pub(crate) use configs::{any_config, config};
pub(crate) use names::token_list_lines;
pub(crate) use origins::origin;
pub(crate) use texts::pattern_like;

use crate::message::Message;
use crate::owned_config::OwnedConfig;

/// A config that compiles, and requests to it.
#[derive(Clone, Debug)]
pub(crate) struct Case {
    pub(crate) config: OwnedConfig,
    pub(crate) messages: Vec<Message>,
}

pub(crate) fn case(messages: usize) -> impl Strategy<Value = Case> {
    (config(), vec(messages::recipe(), messages)).prop_map(|(config, recipes)| {
        let messages = recipes.into_iter().map(|recipe| recipe.prepare(&config)).collect();
        Case { config, messages }
    })
}

/// One of these.
fn pick(words: &'static [&'static str]) -> impl Strategy<Value = String> + Clone {
    proptest::sample::select(words).prop_map(str::to_owned)
}
