//! `Display` and `Debug` of the engine's types: the texts of messages, logs and debuggers.

use cors_core::{
    CompileError, Config, Denial, FieldOp, ImageError, Kind, Origin, OriginErrorKind, OriginPattern, Policy,
    PolicyBuf, Request, Verdict,
};

fn config<'a>(origins: &'a [&'a str]) -> Config<'a> {
    Config { allow_origins: origins, allow_headers: &["x-a"], ..Config::NEW }
}

#[test]
fn origins() {
    for (text, port, expected) in [
        ("https://a.example", Some(443), "Origin(\"https://a.example\")"),
        ("http://a.example", Some(80), "Origin(\"http://a.example\")"),
        ("ftp://a.example", Some(21), "Origin(\"ftp://a.example\")"),
        ("wss://a.example:8443", Some(8443), "Origin(\"wss://a.example:8443\")"),
        ("x-app://a", None, "Origin(\"x-app://a\")"),
        ("app://.", None, "Origin(\"app://.\")"),
        ("capacitor://", None, "Origin(\"capacitor://\")"),
        ("null", None, "Origin(\"null\")"),
    ] {
        let origin = Origin::parse(text.as_bytes()).unwrap();
        assert_eq!(origin.port_or_default(), port, "{text}");
        assert_eq!(origin.to_string(), text);
        assert_eq!(format!("{origin:?}"), expected);
    }
}

#[test]
fn origins_of_this_machine() {
    for text in ["http://localhost:3000", "https://app.localhost", "http://127.0.0.1", "http://[::1]:8080"] {
        assert!(Origin::parse(text.as_bytes()).unwrap().is_local(), "{text}");
    }
    for text in ["http://localhost.example", "http://127.example", "http://0.0.0.0", "http://[::2]", "null"] {
        assert!(!Origin::parse(text.as_bytes()).unwrap().is_local(), "{text}");
    }
}

#[test]
fn errors_of_origins() {
    use OriginErrorKind as Kind;
    for (text, kind, index, expected) in [
        ("", Kind::Scheme, 0, "no valid scheme followed by `://` (at byte 0)"),
        ("https:/a", Kind::Scheme, 5, "no valid scheme followed by `://` (at byte 5)"),
        ("https://a/", Kind::HostByte, 9, "a byte that no serialized host has (at byte 9)"),
        ("https://a..b", Kind::EmptyLabel, 10, "the host is empty or has an empty label (at byte 10)"),
        ("app://a/", Kind::HostByte, 7, "a byte that no serialized host has (at byte 7)"),
        ("app://:80", Kind::EmptyLabel, 6, "the host is empty or has an empty label (at byte 6)"),
        ("https://1.2.3", Kind::Ipv4, 8, "the host ends in a number and is not an IPv4 address (at byte 8)"),
        (
            "https://[::01]",
            Kind::Ipv6,
            8,
            "the host is not an IPv6 address in its serialized form (at byte 8)",
        ),
        ("https://a:x", Kind::Port, 10, "the port is not a number from 0 to 65535 (at byte 10)"),
        ("https://a:443", Kind::DefaultPort, 10, "the port is the scheme's default (at byte 10)"),
    ] {
        let error = Origin::parse(text.as_bytes()).unwrap_err();
        assert_eq!((error.kind(), error.index()), (kind, index), "{text}");
        assert_eq!(error.to_string(), expected);
    }
}

#[test]
fn patterns() {
    for (text, is_wildcard) in [
        ("*", true),
        ("https://*.example.com", true),
        ("https://example.com:*", true),
        ("https://example.com", false),
        ("app://.", false),
        ("file://", false),
        ("null", false),
    ] {
        let pattern = OriginPattern::parse(text).unwrap();
        assert_eq!(pattern.is_wildcard(), is_wildcard, "{text}");
        assert_eq!(pattern.to_string(), text);
        assert_eq!(format!("{pattern:?}"), format!("OriginPattern({text:?})"));
    }
    let error = OriginPattern::parse("https://Example.com").unwrap_err();
    assert_eq!(error.text(), "https://Example.com");
    assert_eq!(
        error.to_string(),
        "\"https://Example.com\": not in the form that a browser sends, so it would never match; \
         write https://example.com"
    );
}

#[test]
fn what_to_write_instead() {
    for (text, replacement) in [
        ("https://Example.com", Some("https://example.com")),
        ("example.com", Some("https://example.com")),
        ("wss://example.com", Some("https://example.com")),
        (" NULL ", Some("null")),
        ("file:///a", None),
        (" file://", Some("file://")),
        ("App://./", Some("app://.")),
        ("app://*", None),
        ("https://xn--f.example", None),
    ] {
        let advice = OriginPattern::parse(text).unwrap_err().advice().unwrap();
        assert_eq!(advice.replacement(), replacement, "{text}");
    }
}

#[test]
fn configs() {
    let methods = ["PUT", " PATCH "];
    let config = Config { allow_methods: &methods, max_age: Some(90_000), ..Config::NEW };
    assert_eq!(
        format!("{config:?}"),
        "Config { allow_origins: [], allow_methods: [\"PUT\", \" PATCH \"], allow_headers: [], expose_headers: [], \
         allow_credentials: false, max_age: Some(90000), allow_private_network: false, preflight_status: 204, \
         accept_risks: [], .. }"
    );
    let mut errors = Vec::new();
    config.check(|error| errors.push(error));
    let problems: Vec<_> = errors
        .iter()
        .map(|error| format!("{} {:?} {}", error.field(), error.index(), error.value()))
        .collect();
    assert_eq!(problems, ["allow_methods Some(1)  PATCH ", "max_age None 90000"]);
    assert_eq!(errors[0].advice().unwrap().replacement(), Some("PATCH"));

    for (error, expected) in [
        (CompileError::Config(errors[0]), errors[0].to_string()),
        (
            CompileError::BufferTooSmall { needed: 120 },
            "the buffer is too small: the image takes 120 bytes".to_owned(),
        ),
        (CompileError::TooLarge, "the image would be longer than 4 GiB".to_owned()),
    ] {
        assert_eq!(error.to_string(), expected);
    }
}

#[test]
fn decisions() {
    let mut image = [0; 512];
    let policy = config(&["https://a.example"]).compile_into(&mut image).unwrap();
    let request = Request::from_headers(
        "OPTIONS",
        [
            ("origin", "https://a.example"),
            ("access-control-request-method", "GET"),
            ("access-control-request-method", "PUT"),
            ("access-control-request-headers", "x-\r\n"),
        ],
    );
    assert_eq!(
        format!("{request:?}"),
        "Request { method: \"OPTIONS\", origin: \"https://a.example\", access_control_request_method: several, \
         access_control_request_headers: [\"x-\\r\\n\"], access_control_request_private_network: false }"
    );
    let decision = policy.evaluate(&request);
    assert!(!decision.is_allowed());
    assert_eq!(
        format!("{decision:?}"),
        "Decision { kind: Preflight, verdict: Denied(MultipleRequestMethods), status: Some(403), \
         fields: [vary: origin (Append)] }"
    );
    let request = Request::from_headers("GET", [("origin", "https://a.example")]);
    let decision = policy.evaluate(&request);
    assert!(decision.is_allowed());
    let fields: Vec<_> = decision.fields().map(|field| format!("{field:?}")).collect();
    assert_eq!(fields, ["access-control-allow-origin: https://a.example (Replace)", "vary: origin (Append)"]);
    assert_eq!(format!("{:?}", Request::new("GET")).matches("absent").count(), 2);
}

#[test]
fn words() {
    assert_eq!(
        [Kind::NotCors, Kind::Actual, Kind::Preflight].map(|kind| kind.to_string()),
        ["not-cors", "actual", "preflight"]
    );
    assert_eq!([FieldOp::Replace, FieldOp::Append].map(FieldOp::name), ["replace", "append"]);
    assert_eq!(Verdict::Allowed.to_string(), "allowed");
    assert_eq!(
        Verdict::Denied(Denial::OriginNotAllowed).to_string(),
        "denied: the policy does not allow this origin"
    );
    for denial in Denial::ALL {
        assert_eq!(denial.to_string(), denial.message());
        assert_eq!(format!("{denial:?}"), denial.name());
        assert!(denial.message().starts_with("the "), "{denial}");
    }
}

#[test]
fn policies() {
    let (mut one, mut other) = ([0; 512], [0; 512]);
    let one = config(&["https://a.example"]).compile_into(&mut one).unwrap();
    let other = config(&["https://b.example"]).compile_into(&mut other).unwrap();
    assert!(one == Policy::from_bytes(one.as_bytes()).unwrap() && one != other);
    let expected = format!("Policy {{ image_len: {}, allow_credentials: false, .. }}", one.as_bytes().len());
    assert_eq!(format!("{one:?}"), expected);
    let owned = PolicyBuf::<512>::from_bytes(one.as_bytes()).unwrap();
    assert_eq!(format!("{owned:?}"), expected);
    assert!(owned.policy().allows_origin(&Origin::parse(b"https://a.example").unwrap()));
    assert!(!owned.policy().allows_origin(&Origin::parse(b"https://b.example").unwrap()));
}

#[test]
fn images() {
    let mut image = [0; 512];
    let policy = config(&["https://a.example"]).compile_into(&mut image).unwrap();
    let bytes = policy.as_bytes();
    // image/layout.rs: eight bytes, little-endian, behind all others.
    let (contents, checksum) = bytes.split_last_chunk().unwrap();
    assert_eq!(policy.checksum(), u64::from_le_bytes(*checksum));

    for (bytes, expected) in [
        (bytes, true),
        (contents, true),
        (b"cors", true),
        (b"cors\x01\0", true),
        (b"", false),
        (b"cor", false),
        (b"cors_origins = []", false),
        (b"cors\r\n", false),
        (b"allow_origins = []", false),
        (b"Cors\x01\0", false),
    ] {
        assert_eq!(Policy::is_image(bytes), expected, "{}", bytes.escape_ascii());
    }
}

#[test]
fn errors_of_images() {
    for (error, expected) in [
        (ImageError::NotAnImage, "not an image: it does not begin with `cors`"),
        (ImageError::UnsupportedVersion(1), "an image of format version 1; this program reads version 2"),
        (ImageError::CutShort { expected: 120, actual: 7 }, "an image cut short: 7 bytes of 120"),
        (ImageError::TooLong { expected: 120, actual: 127 }, "an image of 120 bytes with 7 more after it"),
        (ImageError::Checksum, "a damaged image: its checksum is not that of its contents"),
        (
            ImageError::Malformed("flags"),
            "an image that this program's compiler did not write: its flags cannot be",
        ),
        (ImageError::BufferTooSmall { needed: 120 }, "the buffer is too small: the image takes 120 bytes"),
    ] {
        assert_eq!(error.to_string(), expected);
    }
}
