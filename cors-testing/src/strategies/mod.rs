//! Generated configs, requests and fetches. All are made of the same few words, so that they meet.

mod configs;
#[cfg(feature = "browser")]
mod fetches;
mod messages;
mod names;
mod origins;
mod texts;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::Config as ProptestConfig;

pub use configs::{any_config, config};
#[cfg(feature = "browser")]
pub use fetches::fetch_case;
pub use names::token_list_lines;
pub use origins::{mistaken_pattern, origin, registrable};
pub use texts::pattern_like;

use crate::{Message, OwnedConfig};

/// A config that compiles, and requests to it.
#[derive(Clone, Debug)]
pub struct DecisionCase {
    /// The config.
    pub config: OwnedConfig,
    /// The requests.
    pub messages: Vec<Message>,
}

/// Returns configs, each with that number of requests.
pub fn decision_case(messages: usize) -> impl Strategy<Value = DecisionCase> {
    (config(), vec(messages::recipe(), messages)).prop_map(|(config, recipes)| {
        let messages = recipes.into_iter().map(|recipe| recipe.prepare(&config)).collect();
        DecisionCase { config, messages }
    })
}

/// Returns one of these words.
fn pick(words: &'static [&'static str]) -> impl Strategy<Value = String> + Clone {
    proptest::sample::select(words).prop_map(str::to_owned)
}

/// Returns a property's settings with that number of cases, scaled by `PROPTEST_CASES`: 256 leaves the number, 2560 makes it
/// ten times as large.
pub fn cases(count: u32) -> ProptestConfig {
    const USUAL: u32 = 256;
    let asked = ProptestConfig::default();
    let cases = (u64::from(count) * u64::from(asked.cases)).div_ceil(u64::from(USUAL));
    ProptestConfig { cases: cases.try_into().unwrap_or(u32::MAX), ..asked }
}
