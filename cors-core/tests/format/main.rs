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

/// Pairs of texts with the same hash, of origins and of names.
fn collisions() -> [Vec<[String; 2]>; 2] {
    let seed = seeds().next().unwrap();
    ["https://", ""].map(|scheme| {
        let mut known = HashMap::new();
        let texts = (0..200_000).map(|n| format!("{scheme}host{n}.example"));
        texts
            .filter_map(|text| {
                known.insert(hash(seed, text.as_bytes()), text.clone()).map(|other| [other, text])
            })
            .collect()
    })
}

/// Hashes only say where to look: of two texts with the same one, a policy that has one does not allow the other.
#[test]
fn texts_with_equal_hashes_are_told_apart() {
    let [origins, names] = collisions();
    assert!(!origins.is_empty() && !names.is_empty());
    let allows = |config: &Config<'_>, origin: &str, name: &str| {
        let image = assert_written(config);
        let headers = [
            ("origin", origin),
            ("access-control-request-method", "GET"),
            ("access-control-request-headers", name),
        ];
        Policy::from_bytes(&image).unwrap().evaluate(&Request::from_headers("OPTIONS", headers)).is_allowed()
    };
    for [one, other] in &origins {
        for (listed, asked) in [(one, other), (other, one)] {
            let config = Config { allow_origins: &[listed], ..Config::NEW };
            assert!(allows(&config, listed, "") && !allows(&config, asked, ""), "{listed} {asked}");
        }
        let both = Config { allow_origins: &[one, other], ..Config::NEW };
        assert!(allows(&both, one, "") && allows(&both, other, ""), "{one} {other}");
    }
    let origin = "https://a.example";
    for [one, other] in &names {
        for (listed, asked) in [(one, other), (other, one)] {
            let config = Config { allow_origins: &[origin], allow_headers: &[listed], ..Config::NEW };
            assert!(allows(&config, origin, listed) && !allows(&config, origin, asked), "{listed} {asked}");
        }
        let both = Config { allow_origins: &[origin], allow_headers: &[one, other], ..Config::NEW };
        assert!(allows(&both, origin, one) && allows(&both, origin, other), "{one} {other}");
    }
}

/// Slots are as the writer puts them, or the image is refused: not beside a text's hash, not elsewhere, not twice, of several
/// texts that are the same not of a later one, and of those with the same hash not in another order.
#[test]
fn slots_that_nobody_writes_are_refused() {
    let [origins, names] = collisions();
    let hosts: Vec<_> = (0..20).map(|n| format!("https://host{n}.example")).collect();
    let patterns: Vec<_> = origins[0].iter().chain(&hosts).chain(&hosts[3..5]).map(String::as_str).collect();
    let wildcards: Vec<_> = hosts.iter().map(|host| host.replace("://", "://*.")).collect();
    let wildcards: Vec<_> = wildcards.iter().chain(&wildcards[3..5]).map(String::as_str).collect();
    let names: Vec<_> = names[0]
        .iter()
        .chain([&hosts[0], &hosts[1], &hosts[0]])
        .map(|text| text.replace("https://", ""))
        .collect();
    let names: Vec<_> = names.iter().map(String::as_str).collect();
    for config in [
        Config { allow_origins: &patterns, ..Config::NEW },
        Config { allow_origins: &wildcards, ..Config::NEW },
        Config { allow_headers: &names, ..Config::NEW },
    ] {
        let written = assert_written(&config);
        for mut image in with_other_slots(&written).into_iter().filter(|image| *image != written) {
            seal(&mut image);
            assert_eq!(
                Policy::from_bytes(&image),
                Err(ImageError::Malformed("slots")),
                "{}",
                image.escape_ascii()
            );
        }
    }
}

/// The image with one slot changed, in each of many ways, or two. It has slots of one kind, which are the first section.
fn with_other_slots(written: &[u8]) -> Vec<Vec<u8>> {
    let number = |at: usize| u32::from_le_bytes(written[at..at + 4].try_into().unwrap());
    let count: u32 = (0..3).map(|section| number(48 + section * 8 + 4) / 8).sum();
    let slot = |index: u32| &written[HEADER_LEN + index as usize * 8..][..8];
    let mut forgeries = Vec::new();
    let mut forge = |changes: &[(u32, &[u8])]| {
        let mut image = written.to_vec();
        for (index, bytes) in changes {
            image[HEADER_LEN + *index as usize * 8..][..8].copy_from_slice(bytes);
        }
        forgeries.push(image);
    };
    for index in 0..count {
        let (hash, offset) = slot(index).split_at(4);
        let number = u32::from_le_bytes(hash.try_into().unwrap());
        for other in [number.wrapping_add(1), number.wrapping_sub(1), 0, u32::MAX - 1] {
            forge(&[(index, &[&other.to_le_bytes(), offset].concat())]);
        }
        for other in 0..1000_u32 {
            forge(&[(index, &[hash, &other.to_le_bytes()].concat())]);
        }
        for other in 0..count {
            forge(&[(index, slot(other))]);
            forge(&[(index, slot(other)), (other, slot(index))]);
        }
    }
    forgeries
}

#[test]
fn other_versions_are_named() {
    let mut image = assert_written(&Config::NEW);
    for version in [0_u16, 2, 256, u16::MAX] {
        image[4..6].copy_from_slice(&version.to_le_bytes());
        assert_eq!(Policy::from_bytes(&image), Err(ImageError::UnsupportedVersion(version)));
    }
}
