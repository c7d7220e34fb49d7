//! [`config`]: from a config to an image, and back.

use cors_core::{CompileError, Policy, PolicyBuf};
use cors_testing::checks::check_config;
use cors_testing::{OwnedConfig, OwnedConfigExt};

use crate::config_text;
use crate::lines::paragraphs;

/// Reads a config, which may have problems.
pub fn config(input: &[u8]) {
    let lines = paragraphs(input).concat();
    let config = config_text::config(&lines);
    config.with(check_config);
    config.with_suffixes(check_config);
    check_image(&config_text::valid_config(&lines));
}

/// Checks I1 to I3.
fn check_image(config: &OwnedConfig) {
    let image = config.compile();
    let policy = Policy::from_bytes(&image).expect("what the compiler writes is an image");
    let again = OwnedConfig::from(policy);
    assert_eq!(again.allow_origins, config.allow_origins);
    assert_eq!(again.max_age, config.max_age);
    assert_eq!(again.preflight_status, config.preflight_status);
    assert_eq!(again.compile(), image, "what is read back compiles to the same bytes");

    config.with(|config| {
        let mut short = vec![0xaa; image.len() - 1];
        let needed = image.len();
        assert_eq!(config.compile_into(&mut short), Err(CompileError::BufferTooSmall { needed }));
        match PolicyBuf::<512>::compile(config) {
            Ok(policy) => assert_eq!(policy.policy().as_bytes(), image),
            Err(error) => assert!(needed > 512, "{error}"),
        }
    });
}
