//! Writes an image field by field, by the description of the format in `image/layout.rs`.

use std::collections::BTreeMap;

use cors_core::Config;
use cors_testing::seal::{CHECKSUM_LEN, HEADER_LEN, seal};
use cors_testing::sets::{Seed, sets};

/// Returns the image of a config without a problem.
pub(crate) fn image(config: &Config<'_>) -> Vec<u8> {
    let texts = Texts::of(config);
    let seed = Seed::of(&texts.origins, texts.headers.as_bytes());
    let sets = sets(seed, &texts.origins, texts.headers.as_bytes()).unwrap();
    let kinds = Kinds::of(config.allow_origins);
    let star_lengths: Vec<u8> =
        kinds.before.iter().flat_map(BTreeMap::values).flat_map(|lengths| lengths.to_le_bytes()).collect();
    let Texts { origins, methods, headers: names, exposed, max_age } = texts;
    let sections = sets
        .into_iter()
        .chain([star_lengths, origins])
        .chain([names, methods, exposed, max_age].map(Into::into));

    let mut image = vec![0; HEADER_LEN];
    for (section, entry) in sections.zip((56..).step_by(8)) {
        let place = [image.len(), section.len()].map(|number| u32::try_from(number).unwrap().to_le_bytes());
        image[entry..entry + 8].copy_from_slice(&place.concat());
        image.extend(section);
        image.resize(image.len().next_multiple_of(4), 0);
    }
    image.resize(image.len() + CHECKSUM_LEN, 0);

    let len = u32::try_from(image.len()).unwrap();
    image[..4].copy_from_slice(b"cors");
    image[4] = 2;
    image[6] = flags(config, &kinds);
    image[8..12].copy_from_slice(&len.to_le_bytes());
    image[12..14].copy_from_slice(&config.preflight_status.to_le_bytes());
    for risk in config.accept_risks {
        image[14] |= 1 << (*risk as u8 - 1);
    }
    image[15] = fields(config);
    for (before, at) in kinds.before.iter().zip([16, 24]) {
        let after = before.keys().fold(0_u64, |bits, after| bits | 1 << after);
        image[at..at + 8].copy_from_slice(&after.to_le_bytes());
    }
    image[32..40].copy_from_slice(&kinds.domains.to_le_bytes());
    image[40..56].copy_from_slice(&seed.to_bytes());
    seal(&mut image);
    image
}

/// The sections that do not hold slots.
struct Texts {
    origins: Vec<u8>,
    methods: String,
    headers: String,
    exposed: String,
    max_age: String,
}

impl Texts {
    fn of(config: &Config<'_>) -> Texts {
        let origin =
            |text: &&str| [&u16::try_from(text.len()).unwrap().to_le_bytes(), text.as_bytes()].concat();
        Texts {
            origins: config.allow_origins.iter().flat_map(origin).collect(),
            // As far as these tests have methods that Fetch normalizes.
            methods: config.allow_methods.join(", ").replace("put", "PUT").replace("delete", "DELETE"),
            headers: config.allow_headers.join(", ").to_lowercase(),
            exposed: exposed(config).join(", ").to_lowercase(),
            max_age: config.max_age.map(|seconds| seconds.to_string()).unwrap_or_default(),
        }
    }
}

/// Returns the exposed names by C4, as far as these tests have names that a page may read anyway.
fn exposed<'a>(config: &Config<'a>) -> Vec<&'a str> {
    config.expose_headers.iter().copied().filter(|name| *name != "Content-Type").collect()
}

/// Returns the text before the `*` of the host, the text after it if there is a `*`, and whether `:*` ends the pattern.
fn wildcard(text: &str) -> Option<(&str, Option<&str>, bool)> {
    let any_port = text.ends_with(":*");
    let origin = text.strip_suffix(":*").unwrap_or(text);
    match origin.split_once('*') {
        Some((left, right)) => Some((left, Some(right), any_port)),
        None => any_port.then_some((origin, None, true)),
    }
}

/// The kinds of wildcards.
#[derive(Default)]
struct Kinds {
    flags: u8,
    /// For each number of bytes after the `*`, a bit for each number of bytes before it; of patterns without `:*`, and with it.
    before: [BTreeMap<usize, u64>; 2],
    domains: u64,
}

impl Kinds {
    fn of(patterns: &[&str]) -> Kinds {
        let mut kinds = Kinds::default();
        for pattern in patterns.iter().filter(|pattern| **pattern != "*") {
            kinds.flags |= match wildcard(pattern) {
                None => 0,
                Some((_, None, _)) => 1 << 5,
                Some((_, _, false)) => 1 << 6,
                Some((_, _, true)) => 1 << 7,
            };
            let Some((left, Some(right), any_port)) = wildcard(pattern) else { continue };
            let (_, before) = left.split_once("://").unwrap();
            let (after, _) = right.split_once('.').unwrap();
            if before.is_empty() && after.is_empty() {
                kinds.domains |= 1 << (right.len() % 64);
            } else {
                *kinds.before[usize::from(any_port)].entry(after.len()).or_default() |= 1 << before.len();
            }
        }
        kinds
    }
}

fn flags(config: &Config<'_>, kinds: &Kinds) -> u8 {
    kinds.flags
        | u8::from(config.allow_credentials)
        | u8::from(config.allow_origins.contains(&"*")) << 1
        | u8::from(config.allow_methods.contains(&"*")) << 2
        | u8::from(config.allow_headers.contains(&"*")) << 3
        | u8::from(config.allow_private_network) << 4
}

/// Returns the response fields that such a policy sends at some time (E3 to E6, E8).
fn fields(config: &Config<'_>) -> u8 {
    let echoes_headers = config.allow_credentials && config.allow_headers.contains(&"*");
    let is_public = !config.allow_credentials && config.allow_origins.contains(&"*");
    1 | u8::from(config.allow_credentials) << 1
        | u8::from(!config.allow_methods.is_empty()) << 2
        | u8::from(!config.allow_headers.is_empty() && !echoes_headers) << 3
        | u8::from(config.max_age.is_some()) << 4
        | u8::from(config.allow_private_network) << 5
        | u8::from(!exposed(config).is_empty()) << 6
        | u8::from(!is_public) << 7
}
