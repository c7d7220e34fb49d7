//! The format of an image, byte for byte (I1 to I5): the compiler writes the same bytes as a second writer, made from the
//! description of the format, which need not be fast. Every later version reads an image that was written once.

#![allow(clippy::indexing_slicing, clippy::unwrap_used, reason = "a test's helpers may stop it, too")]

mod writer;

use std::collections::{HashMap, HashSet};

use cors_core::{Config, ImageError, Origin, Policy, Request, Risk};
use cors_testing::seal::{HEADER_LEN, place, seal};
use cors_testing::sets::{Seed, bucket, sets};

#[track_caller]
fn assert_written(config: &Config<'_>) -> Vec<u8> {
    let mut image = vec![0x55; config.image_len()];
    let compiled = config.compile_into(&mut image).unwrap().as_bytes().to_vec();
    let expected = writer::image(config);
    assert_eq!(compiled.escape_ascii().to_string(), expected.escape_ascii().to_string(), "{config:?}");
    image
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
            "app://.",
            "capacitor://",
            "file://",
            "null",
        ],
        allow_methods: &["put", "PATCH", "delete"],
        allow_headers: &["Content-Type", "X", "x", "X-Request-ID", "Authorization"],
        expose_headers: &["ETag", "Content-Type", "X-Total"],
        allow_credentials: true,
        max_age: Some(7200),
        allow_private_network: true,
        preflight_status: 299,
        accept_risks: &[
            Risk::NullOrigin,
            Risk::PublicSuffix,
            Risk::NullOrigin,
            Risk::LocalFileOrigin,
            Risk::InsecureOrigin,
        ],
        is_public_suffix: None,
    });
}

/// Texts of every length, since the hash takes eight bytes at a time.
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

fn allows(policy: &Policy<'_>, origin: &str) -> bool {
    policy.allows_origin(&Origin::parse(origin.as_bytes()).unwrap())
}

/// Compiles these origins.
#[track_caller]
fn compile(origins: &[String]) -> Vec<u8> {
    let listed: Vec<_> = origins.iter().map(String::as_str).collect();
    assert_written(&Config { allow_origins: &listed, ..Config::NEW })
}

/// Compiles these origins, and evaluates each of them and others that are similar.
#[track_caller]
fn assert_allowed(origins: &[String]) -> Vec<u8> {
    let image = compile(origins);
    let policy = Policy::from_bytes(&image).unwrap();
    for origin in origins {
        assert!(allows(&policy, origin), "{origin}");
        for other in [format!("{origin}:8443"), origin.replace("://", "://x")] {
            assert!(!allows(&policy, &other), "{other}");
        }
    }
    image
}

/// Somebody who may add origins to a policy cannot make searches long (C8, I4). The test searches a million origins for those
/// that lie in the same buckets as long as nobody adds them, and adds them to a thousand honest ones.
#[test]
fn origins_that_were_chosen_to_collide_do_not_collide() {
    const HONEST: usize = 1000;
    const CHOSEN: usize = 2560;
    let mut origins: Vec<_> = (0..HONEST).map(|n| format!("https://tenant{n}.example.com")).collect();
    let seed = seed(&compile(&origins));
    let bucket = |origin: &String| bucket(seed.hash(origin.as_bytes()), HONEST + CHOSEN);
    let mut found: Vec<_> = (0..1_000_000).map(|n| format!("https://a{n}.evil.example")).collect();
    found.sort_by_cached_key(bucket);
    let chosen =
        found.windows(CHOSEN).min_by_key(|window| bucket(&window[CHOSEN - 1]) - bucket(&window[0])).unwrap();
    assert!(bucket(&chosen[CHOSEN - 1]) - bucket(&chosen[0]) < 16, "the search has found no crowd");
    origins.extend_from_slice(chosen);
    let image = assert_allowed(&origins);
    // Of so many random numbers, one in 10,000 makes a bucket longer.
    assert!(longest_bucket(&image) < 12, "{}", longest_bucket(&image));
}

/// Returns the number of slots in the longest bucket of exact patterns.
fn longest_bucket(image: &[u8]) -> u32 {
    let (start, len) = place(image, 0);
    let places = &image[start..start + (len / 12 + 1) * 4];
    let places: Vec<_> = places.as_chunks().0.iter().map(|place| u32::from_le_bytes(*place)).collect();
    places.windows(2).map(|ends| (ends[1] - ends[0]) / 8).max().unwrap()
}

fn seed(image: &[u8]) -> Seed {
    Seed::from_bytes(image[40..56].try_into().unwrap())
}

/// Names that differ in bytes which differ like the two cases of a letter, but are not letters.
#[test]
fn names_that_differ_in_case_bits_alone_compile() {
    let names: Vec<String> =
        (0..64_u32).map(|n| (0..6).map(|bit| if n >> bit & 1 == 1 { '^' } else { '~' }).collect()).collect();
    let listed: Vec<_> = names.iter().map(String::as_str).collect();
    let config = Config { allow_origins: &["https://a.example"], allow_headers: &listed, ..Config::NEW };
    let image = assert_written(&config);
    let policy = Policy::from_bytes(&image).unwrap();
    for name in names.iter().map(String::as_str).chain(["^~^~^~^", "^~^~^"]) {
        let headers = [
            ("origin", "https://a.example"),
            ("access-control-request-method", "GET"),
            ("access-control-request-headers", name),
        ];
        let request = Request::from_headers("OPTIONS", headers);
        assert_eq!(policy.evaluate(&request).is_allowed(), listed.contains(&name), "{name}");
    }
}

/// Hashes only choose the place to look at: texts with equal hashes are told apart, listed or not, and lie in the order of the
/// texts. Among 200,000 origins there are about five such pairs.
#[test]
fn origins_with_equal_hashes_are_told_apart() {
    let origins: Vec<_> = (0..200_000).map(|n| format!("https://host{n}.example")).collect();
    let image = compile(&origins);
    let seed = seed(&image);
    let policy = Policy::from_bytes(&image).unwrap();
    let mut known = HashMap::new();
    let pairs: Vec<_> = origins
        .iter()
        .filter_map(|text| known.insert(seed.hash(text.as_bytes()), text).map(|other| [other, text]))
        .collect();
    assert!(!pairs.is_empty());
    for pair in pairs {
        assert!(pair.iter().all(|origin| allows(&policy, origin)), "{pair:?}");
        let mut image = image.clone();
        let slot = seed.hash(pair[0].as_bytes()).to_le_bytes();
        let [one, other] = [0, 1].map(|nth| {
            let slots = image[HEADER_LEN..].chunks_exact(4).enumerate().filter(|(_, word)| *word == slot);
            HEADER_LEN + slots.map(|(index, _)| index * 4).nth(nth).unwrap()
        });
        let slot = image[one..one + 8].to_vec();
        image.copy_within(other..other + 8, one);
        image[other..other + 8].copy_from_slice(&slot);
        seal(&mut image);
        assert_eq!(
            Policy::from_bytes(&image),
            Err(ImageError::Malformed("slots")),
            "{pair:?} in another order"
        );
    }
    let strangers = (0..200_000).map(|n| format!("https://host{n}.test"));
    let strangers: Vec<_> =
        strangers.filter(|text| known.contains_key(&seed.hash(text.as_bytes()))).collect();
    assert!(!strangers.is_empty());
    for stranger in strangers {
        assert!(!allows(&policy, &stranger), "{stranger}");
    }
}

#[test]
fn names_with_equal_hashes_are_told_apart() {
    let names: Vec<_> = (0..10_000).map(|n| format!("x-{n}")).collect();
    let listed: Vec<_> = names.iter().map(String::as_str).collect();
    let image = assert_written(&Config {
        allow_origins: &["https://a.example"],
        allow_headers: &listed,
        ..Config::NEW
    });
    let seed = seed(&image);
    let hashes: HashSet<_> = names.iter().map(|name| seed.hash(name.as_bytes())).collect();
    let policy = Policy::from_bytes(&image).unwrap();
    let allows = |name: &str| {
        let headers = [
            ("origin", "https://a.example"),
            ("access-control-request-method", "GET"),
            ("access-control-request-headers", name),
        ];
        policy.evaluate(&Request::from_headers("OPTIONS", headers)).is_allowed()
    };
    assert!(names.iter().all(|name| allows(name)));
    let strangers = (0..4_000_000).map(|n| format!("y-{n}"));
    let strangers: Vec<_> = strangers.filter(|name| hashes.contains(&seed.hash(name.as_bytes()))).collect();
    assert!(!strangers.is_empty());
    for stranger in strangers {
        assert!(!allows(&stranger), "{stranger}");
    }
}

/// An image is refused unless its slots are as the writer puts them: with the text's hash, in their bucket, once, for the first
/// of equal texts.
#[test]
fn slots_that_nobody_writes_are_refused() {
    let hosts: Vec<_> = (0..20).map(|n| format!("https://host{n}.example")).collect();
    let patterns: Vec<_> = hosts.iter().chain(&hosts[3..5]).map(String::as_str).collect();
    let wildcards: Vec<_> = hosts.iter().map(|host| host.replace("://", "://*.")).collect();
    let wildcards: Vec<_> = wildcards.iter().chain(&wildcards[3..5]).map(String::as_str).collect();
    let names: Vec<_> = [0, 1, 0, 2, 3, 1].map(|n: usize| hosts[n].replace("https://", "")).into();
    let names: Vec<_> = names.iter().map(String::as_str).collect();
    for config in [
        Config { allow_origins: &patterns, ..Config::NEW },
        Config { allow_origins: &wildcards, ..Config::NEW },
        Config { allow_headers: &names, ..Config::NEW },
    ] {
        let written = assert_written(&config);
        assert!(Policy::from_bytes(&written).is_ok(), "repeated texts leave room");
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

/// Returns images with one or two slots changed, or a bucket, in many ways. `written` has one set, which is its first section.
fn with_other_slots(written: &[u8]) -> Vec<Vec<u8>> {
    let count = (0..3).map(|section| place(written, section).1 / 12).sum();
    let place_of = |index: usize| HEADER_LEN + (count + 1) * 4 + index * 8;
    let slot = |index: usize| &written[place_of(index)..][..8];
    let mut forgeries = Vec::new();
    let mut forge = |changes: &[(usize, &[u8])]| {
        let mut image = written.to_vec();
        for (at, bytes) in changes {
            image[*at..][..bytes.len()].copy_from_slice(bytes);
        }
        forgeries.push(image);
    };
    for index in 0..count {
        let (hash, offset) = slot(index).split_at(4);
        let number = u32::from_le_bytes(hash.try_into().unwrap());
        for other in [number.wrapping_add(1), number.wrapping_sub(1), 0, u32::MAX - 1] {
            forge(&[(place_of(index), &[&other.to_le_bytes(), offset].concat())]);
        }
        for other in 0..1000_u32 {
            forge(&[(place_of(index), &[hash, &other.to_le_bytes()].concat())]);
        }
        for other in 0..count {
            forge(&[(place_of(index), slot(other))]);
            forge(&[(place_of(index), slot(other)), (place_of(other), slot(index))]);
        }
    }
    for bucket in 0..=count {
        let at = HEADER_LEN + bucket * 4;
        let start = u32::from_le_bytes(written[at..at + 4].try_into().unwrap());
        for by in [1, 4, 8, 16, 1000, u32::MAX / 2] {
            for other in [start.wrapping_add(by), start.wrapping_sub(by)] {
                forge(&[(at, &other.to_le_bytes())]);
            }
        }
    }
    forgeries
}

/// A set for another list, or with another seed, is refused, though each search in it would end.
#[test]
fn other_tables_of_the_same_texts_are_refused() {
    let origins: Vec<_> = (0..50).map(|n| format!("https://host{n}.example")).collect();
    let written = compile(&origins);
    let (start, len) = place(&written, 0);
    let refuse = |mut image: Vec<u8>, what: &'static str| {
        seal(&mut image);
        assert_eq!(Policy::from_bytes(&image), Err(ImageError::Malformed(what)));
    };

    for seed in [[0; 16], [0xff; 16]].map(Seed::from_bytes) {
        let mut image = written.clone();
        let (texts, texts_len) = place(&image, 4);
        let [set, ..] = sets(seed, &image[texts..texts + texts_len], b"").unwrap();
        image[start..start + len].copy_from_slice(&set);
        image[40..56].copy_from_slice(&seed.to_bytes());
        refuse(image, "seed");
    }

    let mut image = written.clone();
    let (texts, _) = place(&image, 4);
    image[texts + "__https://".len()] = b'x';
    refuse(image, "seed");

    // More room for slots after the others; where it is less than 12 bytes, no bucket moves.
    for more in [4, 8, 12, 24, 12_000] {
        let mut image = written.clone();
        image.splice(start + len..start + len, std::iter::repeat_n(0, more));
        let grow = |image: &mut [u8], at: usize| {
            let number =
                u32::from_le_bytes(image[at..at + 4].try_into().unwrap()) + u32::try_from(more).unwrap();
            image[at..at + 4].copy_from_slice(&number.to_le_bytes());
        };
        [8, 60].into_iter().chain((64..HEADER_LEN).step_by(8)).for_each(|at| grow(&mut image, at));
        refuse(image, "slots");
    }
}

/// C10: what the compiler refuses, an image from elsewhere does not bring in.
#[test]
fn more_than_128_methods_are_refused() {
    let names: Vec<_> = (0..129).map(|n| format!("M{n}")).collect();
    let methods: Vec<_> = names.iter().map(String::as_str).collect();
    let config = |count| Config { allow_methods: &methods[..count], ..Config::NEW };
    assert_written(&config(128));
    let image = writer::image(&config(129));
    assert_eq!(Policy::from_bytes(&image).unwrap_err(), ImageError::Malformed("methods"));
}

#[test]
fn other_versions_are_named() {
    let mut image = assert_written(&Config::NEW);
    for version in [0_u16, 1, 3, 256, u16::MAX] {
        image[4..6].copy_from_slice(&version.to_le_bytes());
        assert_eq!(Policy::from_bytes(&image), Err(ImageError::UnsupportedVersion(version)));
    }
}
