//! Bytes that no compiler wrote: refused, or harmless (I2).

mod change;

use cors_core::{Policy, Risk};
use cors_testing::checks::use_if_accepted;
use cors_testing::seal::{CHECKSUM_LEN, HEADER_LEN, START, seal};
use cors_testing::sets::refit;
use cors_testing::strategies::{self, DecisionCase, cases};
use cors_testing::{OwnedConfig, OwnedConfigExt, naive};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use change::{Change, change};

proptest! {
    #![proptest_config(cases(4000))]

    #[test]
    fn arbitrary_bytes_do_not_panic(bytes in vec(any::<u8>(), 0..512)) {
        use_if_accepted(&bytes, &[]);
    }

    /// Changes an image and repairs the parts that are easily checked.
    #[test]
    fn arbitrary_contents_do_not_panic(
        header in vec(any::<u8>(), HEADER_LEN),
        sections in vec(any::<u8>(), 0..64),
    ) {
        let mut image = header;
        image.extend(sections);
        image.truncate(image.len() & !3);
        image.extend([0; CHECKSUM_LEN]);
        let len = u32::try_from(image.len()).unwrap();
        image[..8].copy_from_slice(&[&START[..], &[0, 0]].concat());
        image[8..12].copy_from_slice(&len.to_le_bytes());
        seal(&mut image);
        use_if_accepted(&image, &[]);
    }
}

proptest! {
    #![proptest_config(cases(3000))]

    /// Changes that whoever forges an image would make, the checksum made to fit.
    #[test]
    fn forged_images_are_refused_or_harmless(case in strategies::decision_case(6), changes in vec(change(), 1..4)) {
        use_if_accepted(&forge(&case, &changes), &case.messages);
    }

    /// Bytes that pass are bytes that the compiler writes.
    #[test]
    fn accepted_forgeries_are_images(case in strategies::decision_case(0), changes in vec(change(), 1..4)) {
        let image = forge(&case, &changes);
        if let Ok(policy) = Policy::from_bytes(&image) {
            let read_back = OwnedConfig::from(policy);
            prop_assert!(read_back.with(naive::is_valid), "{:?}", read_back);
            prop_assert!(read_back.compile() == image, "{} of {:?}", image.escape_ascii(), read_back);
        }
    }
}

/// The parts that only a forger writes wrongly, and that the checks must therefore name.
#[test]
fn images_that_no_config_has_are_refused() {
    let list = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect::<Vec<_>>();
    let config = OwnedConfig {
        allow_origins: list(&["https://example.com", "https://*.example.com", "http://a", "nulm://a"]),
        allow_methods: list(&["PUT", "TRACF"]),
        allow_headers: list(&["x-token"]),
        expose_headers: list(&["etag", "pragmb", "set-cookif"]),
        max_age: Some(77),
        ..OwnedConfig::default()
    };
    let star = OwnedConfig { expose_headers: list(&["*"]), ..OwnedConfig::default() };
    let null = OwnedConfig {
        allow_origins: list(&["null"]),
        accept_risks: vec![Risk::NullOrigin],
        ..OwnedConfig::default()
    };
    let stars = OwnedConfig { expose_headers: list(&["x", "y"]), ..OwnedConfig::default() };
    let forgeries: [(&str, &OwnedConfig, &[u8], &[u8]); 23] = [
        ("flag without a meaning", &star, b"cors\x02\0\0\0", b"cors\x02\0\0\x80"),
        ("flag of a wildcard that is none", &star, b"cors\x02\0\0\0", b"cors\x02\0\x40\0"),
        ("risk taken and not accepted", &config, b"cors\x02\0\x40", b"cors\x02\0\x41"),
        ("risk taken and no more accepted", &null, b"\xcc\0\x01\x81", b"\xcc\0\0\x81"),
        ("risk without a name", &null, b"\xcc\0\x01\x81", b"\xcc\0\x81\x81"),
        ("status that is not ok", &star, b"\xcc\0\0\xc1", b"\x2c\x01\0\xc1"),
        ("response field without a value", &star, b"\xcc\0\0\xc1", b"\xcc\0\0\xc5"),
        ("response field left out", &config, b"\xcc\0\0\xdd", b"\xcc\0\0\xcd"),
        ("section elsewhere", &star, b"\x80\0\0\0\0\0\0\0", b"\x84\0\0\0\0\0\0\0"),
        ("section beyond the end", &star, b"\x80\0\0\0\0\0\0\0", b"\x80\0\0\0\xfc\xff\xff\xff"),
        ("padding", &star, b"*\0\0\0", b"*\0\0x"),
        ("origin in upper case", &config, b"https://example", b"https://Example"),
        ("forbidden method", &config, b"TRACF", b"TRACE"),
        ("method that is no token", &config, b"TRACF", b"TRA\r\n"),
        ("method not normalized", &config, b"PUT, TRACF", b"put, TRACF"),
        ("header in upper case", &config, b"x-token", b"X-Token"),
        ("exposed header in upper case", &config, b"etag", b"ETag"),
        ("exposed header that every page may read", &config, b"pragmb", b"pragma"),
        ("exposed header that no page may read", &config, b"set-cookif", b"set-cookie"),
        ("exposed `*` with credentials", &star, b"cors\x02\0\0", b"cors\x02\0\x01"),
        ("exposed `*` beside a name", &stars, b"x, y", b"x, *"),
        ("max-age with a zero before it", &config, b"77\0\0", b"07\0\0"),
        ("length of no label", &star, &[0; 8], &[1, 0, 0, 0, 0, 0, 0, 0]),
    ];
    let accepted = forgeries.iter().filter(|(what, config, from, to)| {
        let mut image = config.compile();
        let at = image.windows(from.len()).position(|window| window == *from);
        let at = at.unwrap_or_else(|| panic!("{what}: not in {}", image.escape_ascii()));
        image[at..at + to.len()].copy_from_slice(to);
        let mut fitting = image.clone();
        refit(&mut fitting);
        [image, fitting].iter_mut().any(|image| {
            seal(image);
            Policy::from_bytes(image).is_ok()
        })
    });
    let accepted: Vec<_> = accepted.map(|(what, ..)| what).collect();
    assert!(accepted.is_empty(), "{accepted:#?}");
}

/// The property above proves more than that the checksum refuses changed bytes.
#[test]
fn some_forgeries_are_accepted() {
    let mut runner = TestRunner::deterministic();
    let strategy = (strategies::decision_case(0), vec(change(), 1..4));
    let accepted = (0..1000).filter(|_| {
        let (case, changes) = strategy.new_tree(&mut runner).expect("no filters").current();
        Policy::from_bytes(&forge(&case, &changes)).is_ok()
    });
    let accepted = accepted.count();
    eprintln!("{accepted} of 1000 forgeries are accepted");
    assert!((50..950).contains(&accepted), "{accepted}");
}

fn forge(case: &DecisionCase, changes: &[Change]) -> Vec<u8> {
    let mut image = case.config.compile();
    for change in changes {
        change.apply(&mut image);
    }
    seal(&mut image);
    image
}
