//! Images with damage, every case of it: refused, or harmless (I2). Each is taken as it is; with its length and its
//! checksum made to fit; and without any check.

use cors_core::{ImageError, Policy, Risk};
use cors_testing::checks::{use_if_accepted, use_unchecked};
use cors_testing::seal::{CHECKSUM_LEN, HEADER_LEN, START, seal};
use cors_testing::{Message, OwnedConfig, OwnedConfigExt};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;

/// So many images are made of the parts of two others.
const SPLICES: usize = 10_000;

#[test]
fn starts_and_checksums_are_as_the_format_says() {
    for config in samples() {
        let image = config.compile();
        assert!(image.starts_with(&START));
        let mut again = image.clone();
        seal(&mut again);
        assert_eq!(image, again);
    }
}

#[test]
fn every_flipped_bit_is_found() {
    for config in samples() {
        let image = config.compile();
        for bit in 0..image.len() * 8 {
            let mut flipped = image.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            assert!(Policy::from_bytes(&flipped).is_err(), "bit {bit} of {}", image.escape_ascii());
            try_damaged(flipped);
        }
    }
}

#[test]
fn every_truncation_is_found() {
    for config in samples() {
        let image = config.compile();
        for len in 0..image.len() {
            let error = Policy::from_bytes(&image[..len]).unwrap_err();
            let cut_short = matches!(error, ImageError::CutShort { .. } | ImageError::NotAnImage);
            assert!(cut_short, "{len} of {} bytes: {error}", image.len());
            try_damaged(image[..len].to_vec());
        }
    }
}

/// By so many bytes as an image of such a policy has, whatever they are.
#[test]
fn every_extension_is_found() {
    for config in samples() {
        let image = config.compile();
        for more in 1..=image.len() {
            for fill in [0, 0xff, b'*', b','] {
                let mut longer = image.clone();
                longer.resize(image.len() + more, fill);
                let expected = ImageError::TooLong { expected: image.len(), actual: longer.len() };
                assert_eq!(Policy::from_bytes(&longer), Err(expected));
                try_damaged(longer);
            }
        }
    }
}

/// The front of one image and the back of another, cut anywhere.
#[test]
fn splices_are_harmless() {
    let images = samples().map(|config| config.compile());
    let mut runner = TestRunner::deterministic();
    let cut = (0..images.len(), 0..images.len(), 0..=1000_usize, 0..=1000_usize);
    for _ in 0..SPLICES {
        let (one, other, front, back) = cut.new_tree(&mut runner).expect("no filters").current();
        let part = |image: &[u8], share: usize| image.len() * share / 1000;
        let mut spliced = images[one][..part(&images[one], front)].to_vec();
        spliced.extend(&images[other][part(&images[other], back)..]);
        try_damaged(spliced);
    }
}

fn try_damaged(image: Vec<u8>) {
    let messages = messages();
    use_unchecked(&image, &messages);
    use_if_accepted(&image, &messages);
    let forged = forged(image);
    use_unchecked(&forged, &messages);
    use_if_accepted(&forged, &messages);
}

/// With the length and the checksum that these contents should have.
fn forged(mut image: Vec<u8>) -> Vec<u8> {
    image.truncate(image.len() & !3);
    if image.len() >= HEADER_LEN + CHECKSUM_LEN {
        let len = u32::try_from(image.len()).unwrap();
        image[8..12].copy_from_slice(&len.to_le_bytes());
        seal(&mut image);
    }
    image
}

/// Requests that meet the samples' patterns, and some that do not.
fn messages() -> Vec<Message> {
    let origins = [
        "https://app.example.com",
        "https://a.b.example.org",
        "https://pr-1-team.example.net:8443",
        "http://127.0.0.1:3000",
        "null",
        "https://evil.test",
        "https://Example.com",
    ];
    let field = |name: &str, value: &str| (name.to_owned(), value.as_bytes().to_vec());
    let preflight = [
        field("access-control-request-method", "PUT"),
        field("access-control-request-headers", "content-type, x-request-id"),
        field("access-control-request-private-network", "true"),
    ];
    let preflights = origins.map(|origin| [vec![field("origin", origin)], preflight.to_vec()].concat());
    let mut messages: Vec<_> =
        preflights.map(|headers| Message { method: b"OPTIONS".to_vec(), headers }).into();
    messages.push(Message { method: b"GET".to_vec(), headers: vec![field("origin", origins[1])] });
    messages.push(Message { method: b"GET".to_vec(), headers: vec![] });
    messages
}

/// A few small policies, with something in every section.
fn samples() -> [OwnedConfig; 3] {
    let list = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect::<Vec<_>>();
    let empty = OwnedConfig::default();
    let public = OwnedConfig {
        allow_origins: list(&["*"]),
        allow_methods: list(&["*"]),
        allow_headers: list(&["*", "authorization"]),
        expose_headers: list(&["*"]),
        ..empty.clone()
    };
    let full = OwnedConfig {
        allow_origins: list(&[
            "https://app.example.com",
            "https://*.example.org",
            "https://pr-*-team.example.net:*",
            "http://127.0.0.1:*",
            "null",
        ]),
        allow_methods: list(&["PUT", "DELETE"]),
        allow_headers: list(&["content-type", "authorization", "x-request-id"]),
        expose_headers: list(&["etag"]),
        allow_credentials: true,
        max_age: Some(7200),
        allow_private_network: true,
        preflight_status: 200,
        accept_risks: vec![Risk::NullOrigin],
    };
    [empty, public, full]
}
