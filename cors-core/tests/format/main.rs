//! The format of an image, byte for byte (I1 to I5): what the compiler writes is what a second writer writes, made from the
//! description of the format and in no hurry. An image that was written once is read by every later version.

#![allow(clippy::indexing_slicing, clippy::unwrap_used, reason = "a test's helpers may stop it, too")]

#[path = "../properties/seal.rs"]
mod seal;
mod sets;
mod writer;

use std::collections::HashMap;

use cors_core::{Config, ImageError, Policy, Request, Risk};

use seal::{HEADER_LEN, seal};
use sets::{hash, home, homes, seeds};

#[track_caller]
fn assert_written(config: &Config<'_>) -> Vec<u8> {
    let mut image = vec![0x55; config.image_len()];
    let compiled = config.compile_into(&mut image).unwrap().as_bytes().to_vec();
    let expected = writer::image(config);
    assert_eq!(compiled.escape_ascii().to_string(), expected.escape_ascii().to_string(), "{config:?}");
    image
}

#[test]
fn seeds_are_splitmix64_made_odd() {
    // The first numbers that the generator's published source gives for the state 0.
    let published = [0xe220_a839_7b1d_cdaf_u64, 0x6e78_9e6a_a1b9_65f4, 0x06c4_5d18_8009_454f];
    assert!(seeds().take(3).eq(published.map(|number| number | 1)));
}

#[test]
fn images_are_as_the_format_says() {
    assert_written(&Config::NEW);
    let public = Config {
        allow_origins: &["*"],
        allow_methods: &["*"],
        allow_headers: &["*", "Authorization"],
        expose_headers: &["*"],
        max_age: Some(0),
        ..Config::NEW
    };
    assert_written(&public);
    let credentials = Config {
        expose_headers: &[],
        allow_credentials: true,
        max_age: Some(86_400),
        accept_risks: &[Risk::AnyOriginWithCredentials],
        ..public
    };
    assert_written(&credentials);
    assert_written(&Config {
        allow_origins: &[
            "https://app.example.com",
            "https://*.example.org",
            "https://*.example.org",
            "https://app.example.com",
            "https://*.a-domain-of-more-than-sixty-four-bytes.with-its-labels.and-its-port.example:8443",
            "https://pr-*-team.example.net:*",
            "https://preview-*.example.net",
            "https://*-docs.example.net",
            "https://*.example.net:*",
            "http://127.0.0.1:*",
            "https://[::1]:*",
            "x-app://a",
            "null",
        ],
        allow_methods: &["put", "PATCH", "delete"],
        allow_headers: &["Content-Type", "X", "x", "X-Request-ID", "Authorization"],
        expose_headers: &["ETag", "Content-Type", "X-Total"],
        allow_credentials: true,
        max_age: Some(7200),
        allow_private_network: true,
        preflight_status: 299,
        accept_risks: &[Risk::NullOrigin, Risk::PublicSuffix, Risk::NullOrigin, Risk::InsecureOrigin],
        is_public_suffix: None,
    });
}

/// Of every length, since a hash is taken eight bytes at a time.
#[test]
fn sets_are_as_the_format_says() {
    let labels = ["a", "bc", "def", "ghij", "klmno", "pqrstu", "vwxyz01", "23456789"];
    for count in 1..200 {
        let names: Vec<_> = (0..count).map(|n| format!("{}-{n}", labels[n % labels.len()])).collect();
        let origins: Vec<_> = names.iter().map(|name| format!("https://{name}.example")).collect();
        let wildcards: Vec<_> = names.iter().map(|name| format!("https://*.{name}.example")).collect();
        let patterns: Vec<_> = origins.iter().chain(&wildcards).map(String::as_str).collect();
        let names: Vec<_> = names.iter().map(String::as_str).collect();
        assert_written(&Config { allow_origins: &patterns, allow_headers: &names, ..Config::NEW });
    }
}

/// 32 slots are looked at and no more (I4): a text that would lie further away makes the writer take the next seed.
#[test]
fn the_first_seed_that_keeps_searches_short_is_taken() {
    const COUNT: usize = 200;
    let homes = homes(COUNT);
    let [first, second] = [0, 1].map(|n| seeds().nth(n).unwrap());
    let is_home = |text: &str, place| home(hash(first, text.as_bytes()), homes) == place;
    for place in [0, 1, 7, homes - 1] {
        for (crowd, seed) in [(31, first), (32, first), (33, second)] {
            let texts = (0..).map(|n| format!("https://host{n}.example.com"));
            let crowded = texts.clone().filter(|text| is_home(text, place)).take(crowd);
            // Far enough away, so that they are in nobody's way.
            let rest = texts.filter(|text| is_home(text, homes / 2)).take(1);
            let fill = std::iter::repeat_n("https://app.example".to_owned(), COUNT - crowd - 1);
            let origins: Vec<_> = crowded.chain(rest).chain(fill).collect();
            let origins: Vec<_> = origins.iter().map(String::as_str).collect();
            let image = assert_written(&Config { allow_origins: &origins, ..Config::NEW });
            assert_eq!(
                image[16..24],
                seed.to_le_bytes(),
                "{crowd} texts at home in place {place} of {homes}"
            );
        }
    }
}

/// Hashes only say where to look: of two texts with the same one, a policy that has one does not allow the other.
#[test]
fn texts_with_equal_hashes_are_told_apart() {
    let seed = seeds().next().unwrap();
    let (mut by_hash, mut collisions) = (HashMap::new(), Vec::new());
    for n in 0..400_000 {
        let host = format!("host{n}.example");
        for text in [format!("https://{host}"), host] {
            if let Some(other) = by_hash.insert(hash(seed, text.as_bytes()), text.clone()) {
                collisions.push([other, text]);
            }
        }
    }
    let (mut origins, mut names) = (0, 0);
    for [one, other] in &collisions {
        let both = [one.as_str(), other.as_str()];
        if both.iter().all(|text| text.contains("://")) {
            let image = assert_written(&Config { allow_origins: &both, ..Config::NEW });
            assert!(Policy::from_bytes(&image).is_ok(), "{both:?}");
        }
        for (listed, asked) in [(one, other), (other, one)] {
            let origin = ["https://a.example"];
            let is_origin = listed.contains("://");
            let config = if is_origin {
                Config { allow_origins: &[listed], ..Config::NEW }
            } else {
                Config { allow_origins: &origin, allow_headers: &[listed], ..Config::NEW }
            };
            let image = assert_written(&config);
            let policy = Policy::from_bytes(&image).unwrap();
            let allows = |text: &str| {
                let origin = if is_origin { text } else { origin[0] };
                let headers = [
                    ("origin", origin),
                    ("access-control-request-method", "GET"),
                    ("access-control-request-headers", if is_origin { "" } else { text }),
                ];
                policy.evaluate(&Request::from_headers("OPTIONS", headers)).is_allowed()
            };
            assert!(allows(listed) && !allows(asked), "{listed} {asked}");
            *if is_origin { &mut origins } else { &mut names } += 1;
        }
    }
    assert!(origins > 0 && names > 0, "{collisions:?}");
}

/// Slots are as the writer puts them, or the image is refused: not beside a text's hash, not elsewhere, not twice.
#[test]
fn slots_that_nobody_writes_are_refused() {
    const SLOTS: usize = HEADER_LEN;
    let origins: Vec<_> = (0..20).map(|n| format!("https://host{n}.example")).collect();
    let origins: Vec<_> = origins.iter().map(String::as_str).collect();
    let written = assert_written(&Config { allow_origins: &origins, ..Config::NEW });
    let count = sets::slots(origins.len());
    let slot = |index: usize| &written[SLOTS + index * 8..][..8];
    let mut forgeries = Vec::new();
    let mut forge = |changes: &[(usize, &[u8])]| {
        let mut image = written.clone();
        for (index, bytes) in changes {
            image[SLOTS + index * 8..][..8].copy_from_slice(bytes);
        }
        forgeries.push(image);
    };
    for index in 0..count {
        let (hash, offset) = slot(index).split_at(4);
        let hash = u32::from_le_bytes(hash.try_into().unwrap());
        for other in [hash.wrapping_add(1), hash.wrapping_sub(1), 0, u32::MAX - 1] {
            forge(&[(index, &[&other.to_le_bytes(), offset].concat())]);
        }
        for other in (0..count).filter(|other| slot(*other) != slot(index)) {
            forge(&[(index, slot(other))]);
            forge(&[(index, slot(other)), (other, slot(index))]);
        }
    }
    for mut image in forgeries.into_iter().filter(|image| *image != written) {
        seal(&mut image);
        assert_eq!(
            Policy::from_bytes(&image),
            Err(ImageError::Malformed("slots")),
            "{}",
            image.escape_ascii()
        );
    }
}

#[test]
fn other_versions_are_named() {
    let mut image = assert_written(&Config::NEW);
    for version in [0_u16, 2, 256, u16::MAX] {
        image[4..6].copy_from_slice(&version.to_le_bytes());
        assert_eq!(Policy::from_bytes(&image), Err(ImageError::UnsupportedVersion(version)));
    }
}
