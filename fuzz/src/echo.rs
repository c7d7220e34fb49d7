//! [`echo`]: a response repeats no part of a request except those that E9 names.

use cors_core::Policy;
use cors_testing::OwnedConfigExt;
use cors_testing::checks::check_echoes;

use crate::config_text::valid_config;
use crate::lines::paragraphs;
use crate::request_text;

/// Reads a config, and requests; every origin that parses is trusted, so that responses echo as much as they can.
pub fn echo(input: &[u8]) {
    let paragraphs = paragraphs(input);
    let mut config = valid_config(&paragraphs[0]);
    let messages = request_text::messages(&paragraphs[1..]);
    // The config as it stands, and as the policy that echoes most.
    for echoes_all in [false, true] {
        if echoes_all {
            config.allow_credentials = true;
            config.allow_methods = vec!["*".to_owned()];
            config.allow_headers = vec!["*".to_owned()];
            config.expose_headers.clear();
        }
        let image = config.compile();
        let policy = Policy::from_bytes(&image).expect("an image");
        messages.iter().for_each(|message| check_echoes(&policy, message, true));
    }
}
