//! The format of an image, byte for byte (I1 to I5): the compiler writes the same bytes as a second writer, made from the
//! description of the format, which need not be fast. Every later version reads an image that was written once.

#![allow(clippy::indexing_slicing, clippy::unwrap_used, reason = "a test's helpers may stop it, too")]

mod sets;
mod writer;

use std::collections::HashMap;

use cors_core::{Config, ImageError, Origin, Policy, Request, Risk};
use cors_testing::seal::{HEADER_LEN, seal};

use sets::{hash, hash_name, home, homes};

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

/// A search looks at no more than 32 slots (I4): a set is crowded if a text would lie further away, or past the last slot.
#[test]
fn sets_are_crowded_only_where_a_search_would_be_long() {
    const COUNT: usize = 200;
    let homes = homes(COUNT);
    for place in [0, 1, 7, homes - 1] {
        for (crowd, is_crowded) in [(31, false), (32, false), (33, true)] {
            let texts = (0..).map(|n| format!("https://host{n}.example.com"));
            let together = texts.clone().filter(|text| home(hash(text), homes) == place).take(crowd);
            // Far enough away from the other texts not to move them.
            let rest = texts.filter(|text| home(hash(text), homes) == homes / 2).take(1);
            let fill = std::iter::repeat_n("https://app.example".to_owned(), COUNT - crowd - 1);
            let origins: Vec<_> = together.chain(rest).chain(fill).collect();
            let image = assert_allowed(&origins);
            assert_eq!(image[7] == 1, is_crowded, "{crowd} texts at home in place {place} of {homes}");
        }
    }
}

/// A set of 32 texts is never crowded, wherever their homes are.
#[test]
fn small_sets_are_never_crowded() {
    for count in 1..=33 {
        let homes = homes(count);
        let texts = (0..).map(|n| format!("https://host{n}.example.com"));
        let origins: Vec<_> = texts.filter(|text| home(hash(text), homes) == homes - 1).take(count).collect();
        let image = assert_allowed(&origins);
        assert_eq!(image[7] == 1, count == 33, "{count} texts at home in the last place");
    }
}

fn allows(policy: &Policy<'_>, origin: &str) -> bool {
    policy.allows_origin(&Origin::parse(origin.as_bytes()).unwrap())
}

/// Compiles these origins, and evaluates each of them and others that are similar.
#[track_caller]
fn assert_allowed(origins: &[String]) -> Vec<u8> {
    let listed: Vec<_> = origins.iter().map(String::as_str).collect();
    let image = assert_written(&Config { allow_origins: &listed, ..Config::NEW });
    let policy = Policy::from_bytes(&image).unwrap();
    for origin in origins {
        assert!(allows(&policy, origin), "{origin}");
        for other in [format!("{origin}:8443"), origin.replace("://", "://x")] {
            assert!(!allows(&policy, &other), "{other}");
        }
    }
    image
}

/// Somebody who may add origins to a policy cannot stop it from compiling (C8). The test searches a million origins for those
/// whose homes are nearest to each other, and adds them to a thousand honest ones.
#[test]
fn origins_that_were_chosen_to_collide_compile() {
    const HONEST: usize = 1000;
    const CHOSEN: usize = 2560;
    let homes = homes(HONEST + CHOSEN);
    let honest = (0..HONEST).map(|n| format!("https://tenant{n}.example.com"));
    let mut found: Vec<_> = (0..1_000_000)
        .map(|n| format!("https://a{n}.evil.example"))
        .map(|origin| (home(hash(&origin), homes), origin))
        .collect();
    found.sort_unstable();
    let first = found.windows(CHOSEN).min_by_key(|window| window[CHOSEN - 1].0 - window[0].0).unwrap();
    assert!(first[CHOSEN - 1].0 - first[0].0 < 16, "the search has found no crowd");
    let origins: Vec<_> = honest.chain(first.iter().map(|(_, origin)| origin.clone())).collect();
    let image = assert_allowed(&origins);
    assert_eq!(image[7], 1, "crowded");
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

/// Returns pairs of texts with the same hash: pairs of origins, and pairs of names.
fn collisions() -> [Vec<[String; 2]>; 2] {
    let pairs = |scheme: &str, hash: fn(&str) -> u32| {
        let mut known = HashMap::new();
        let texts = (0..200_000).map(|n| format!("{scheme}host{n}.example"));
        texts.filter_map(|text| known.insert(hash(&text), text.clone()).map(|other| [other, text])).collect()
    };
    [pairs("https://", hash), pairs("", hash_name)]
}

/// Texts with equal hashes lie in the order of the texts, and a crowded set is searched for each of them.
#[test]
fn texts_with_equal_hashes_are_found_in_crowded_sets() {
    const COUNT: usize = 200;
    let [pairs, _] = collisions();
    let homes = homes(COUNT);
    let texts = (0..).map(|n| format!("https://host{n}.example.com"));
    let together: Vec<_> =
        texts.filter(|text| home(hash(text), homes) == 3).take(COUNT - 2 * pairs.len()).collect();
    let origins: Vec<_> = pairs.iter().flatten().cloned().chain(together).collect();
    let image = assert_allowed(&origins);
    assert_eq!(image[7], 1, "crowded");
    let listed: Vec<_> = origins.iter().map(String::as_str).collect();
    for [one, other] in &pairs {
        let without: Vec<_> = listed.iter().copied().filter(|text| text != one).collect();
        let image = assert_written(&Config { allow_origins: &without, ..Config::NEW });
        let policy = Policy::from_bytes(&image).unwrap();
        assert!(!allows(&policy, one) && allows(&policy, other), "{one}");
    }
}

/// Hashes only choose the place to look at: a policy with one of two texts with equal hashes does not allow the other text.
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

/// An image is refused unless its slots are as the writer puts them: with the text's hash, in their place, once, for the first
/// of equal texts, and for texts with equal hashes in the texts' order.
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

/// Returns images with one or two slots changed, in many ways. `written` has slots of one kind, which are its first section.
fn with_other_slots(written: &[u8]) -> Vec<Vec<u8>> {
    let number = |at: usize| u32::from_le_bytes(written[at..at + 4].try_into().unwrap());
    let count: u32 = (0..3).map(|section| number(40 + section * 8 + 4) / 8).sum();
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

/// Slots for another list, or in another layout, are refused: spare slots, and a crowded set that need not be crowded.
#[test]
fn other_tables_of_the_same_texts_are_refused() {
    let origins: Vec<_> = (0..50).map(|n| format!("https://host{n}.example")).collect();
    let listed: Vec<_> = origins.iter().map(String::as_str).collect();
    let written = assert_written(&Config { allow_origins: &listed, ..Config::NEW });
    let number = |at: usize| u32::from_le_bytes(written[at..at + 4].try_into().unwrap());
    let slots_len = number(44);
    let refuse = |mut image: Vec<u8>, what: &str| {
        seal(&mut image);
        assert_eq!(Policy::from_bytes(&image), Err(ImageError::Malformed("slots")), "{what}");
    };

    // The same slots, without gaps.
    let mut dense = written.clone();
    let slots = &mut dense[HEADER_LEN..HEADER_LEN + slots_len as usize];
    let used: Vec<u8> = slots.chunks(8).filter(|slot| *slot != [0xff; 8]).flatten().copied().collect();
    slots.fill(0xff);
    slots[..used.len()].copy_from_slice(&used);
    dense[7] |= 1;
    refuse(dense, "dense");

    // More empty slots after the others, where no home moves: each search still ends.
    for more in [1_u32, 2, 1000] {
        let mut image = written.clone();
        let end = HEADER_LEN + slots_len as usize;
        image.splice(end..end, std::iter::repeat_n(0xff, more as usize * 8));
        for (at, value) in [(8, number(8) + more * 8), (44, slots_len + more * 8)] {
            image[at..at + 4].copy_from_slice(&value.to_le_bytes());
        }
        for entry in (48..HEADER_LEN).step_by(8) {
            let offset = number(entry) + more * 8;
            image[entry..entry + 4].copy_from_slice(&offset.to_le_bytes());
        }
        refuse(image, "spare slots");
    }
}

#[test]
fn other_versions_are_named() {
    let mut image = assert_written(&Config::NEW);
    for version in [0_u16, 1, 3, 256, u16::MAX] {
        image[4..6].copy_from_slice(&version.to_le_bytes());
        assert_eq!(Policy::from_bytes(&image), Err(ImageError::UnsupportedVersion(version)));
    }
}
