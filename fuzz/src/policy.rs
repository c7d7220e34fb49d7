//! [`policy`]: the compiled policy and the naive interpreter decide alike.

use cors_core::{Origin, Policy};
use cors_testing::{Answer, Message, OwnedConfig, OwnedConfigExt, naive};

use crate::config_text::valid_config;
use crate::instances;
use crate::lines::paragraphs;
use crate::request_text;

/// Reads a config, and requests.
pub fn policy(input: &[u8]) {
    let paragraphs = paragraphs(input);
    let config = valid_config(&paragraphs[0]);
    let image = config.compile();
    let policy = Policy::from_bytes(&image).expect("an image");
    let asked = request_text::messages(&paragraphs[1..]);
    for message in asked.iter().chain(&instances::messages(&config)) {
        check_message(&config, &policy, message);
    }
}

fn check_message(config: &OwnedConfig, policy: &Policy<'_>, message: &Message) {
    let request = message.request();
    let naive = config.with(|config| naive::evaluate(config, message, &mut |_| false));
    assert_eq!(Answer::from(&policy.evaluate(&request)), naive, "{message:?}");

    // E12
    let is_trusted = |origin: &[u8]| origin.len().is_multiple_of(2);
    let naive = config.with(|config| naive::evaluate(config, message, &mut |origin| is_trusted(origin)));
    let decision = policy.evaluate_with(&request, |origin: &Origin<'_>| is_trusted(origin.as_bytes()));
    assert_eq!(Answer::from(&decision), naive, "{message:?}");
}
