//! [`image`]: bytes that no compiler wrote. They are refused, or harmless (I2).

use cors_core::Policy;
use cors_testing::checks::{check_echoes, use_if_accepted, use_unchecked};
use cors_testing::seal::{CHECKSUM_LEN, HEADER_LEN, START, seal};
use cors_testing::sets::refit;
use cors_testing::{Message, OwnedConfig, OwnedConfigExt};

use crate::config_text::valid_config;
use crate::instances;
use crate::lines::paragraphs;
use crate::request_text;

/// The separator of the image's bytes and the requests.
pub const REQUESTS: &[u8] = b"\n\nrequests\n\n";

/// Reads an image, and requests to it. The image is taken as it comes; with its checksum corrected; with the magic, the
/// version and the length corrected as well; and with the sets that its texts have.
pub fn image(input: &[u8]) {
    let (image, requests) = split(input);
    let messages = request_text::messages(&paragraphs(requests));
    try_image(image, &messages);
    if let Some(forged) = sealed(image) {
        try_image(&forged, &messages);
        let mut forged = mended(forged);
        try_image(&forged, &messages);
        refit(&mut forged);
        try_image(&mended(forged), &messages);
    }
}

/// Compiles a config in the form of the inputs, for the seeds.
pub fn compile(config: &[u8]) -> Vec<u8> {
    valid_config(&paragraphs(config).concat()).compile()
}

fn split(input: &[u8]) -> (&[u8], &[u8]) {
    match input.windows(REQUESTS.len()).rposition(|window| window == REQUESTS) {
        Some(at) => (&input[..at], &input[at + REQUESTS.len()..]),
        None => (input, &[]),
    }
}

fn sealed(image: &[u8]) -> Option<Vec<u8>> {
    let len = image.len() & !3;
    let mut forged = image.get(..len).filter(|_| len >= CHECKSUM_LEN)?.to_vec();
    seal(&mut forged);
    Some(forged)
}

fn mended(mut image: Vec<u8>) -> Vec<u8> {
    let len = u32::try_from(image.len()).expect("an input is short");
    if image.len() >= HEADER_LEN + CHECKSUM_LEN {
        image[..START.len()].copy_from_slice(&START);
        image[8..12].copy_from_slice(&len.to_le_bytes());
        seal(&mut image);
    }
    image
}

fn try_image(image: &[u8], messages: &[Message]) {
    use_unchecked(image, messages);
    if let Ok(policy) = Policy::from_bytes(image) {
        let config = OwnedConfig::from(policy).to_strings();
        use_unchecked(image, &instances::messages(&config));
        let again = config.compile();
        assert!(again == image, "no compiler wrote {}", image.escape_ascii());
        use_if_accepted(image, messages);
        use_if_accepted(image, &instances::messages(&config));
        messages.iter().for_each(|message| check_echoes(&policy, message, false));
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::*;

    /// After a change of the format, `cargo run --example seeds` writes them anew.
    #[test]
    fn seeds_are_images() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/image");
        let seeds: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        assert!(!seeds.is_empty());
        for seed in seeds {
            let input = fs::read(&seed).unwrap();
            Policy::from_bytes(split(&input).0).unwrap_or_else(|error| panic!("{}: {error}", seed.display()));
        }
    }
}
