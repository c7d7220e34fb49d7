//! Policy → format → policy: the same where the export is exact, and never one that allows more.

#![allow(
    clippy::format_collect,
    clippy::unwrap_used,
    reason = "a test's helpers may stop it, and its texts are short"
)]

use cors_core::{Origin, OriginPattern};
use cors_formats::{Format, NOT_JUDGED, NotExported, Severity, export, read};
use cors_policy_file::OwnedConfig;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

const ORIGINS: [&str; 10] = [
    "https://app.example.com",
    "https://shop.example.com:8443",
    "https://*.example.org",
    "https://pr-*-team.example.net",
    "https://*-team.example.net",
    "https://dev.example.com:*",
    "http://localhost:3000",
    "http://*.test:*",
    "https://[::1]:8443",
    "capacitor://localhost",
];

/// Origins near those above, which pages have or could have.
const ASKED: [&str; 22] = [
    "https://app.example.com",
    "http://app.example.com",
    "https://app.example.com:8443",
    "https://shop.example.com:8443",
    "https://shop.example.com",
    "https://a.example.org",
    "https://a.b.example.org",
    "https://example.org",
    "https://xexample.org",
    "https://a.example.org.evil.test",
    "https://pr-1-team.example.net",
    "https://pr-1.x-team.example.net",
    "https://evil-team.example.net",
    "https://dev.example.com",
    "https://dev.example.com:9000",
    "https://dev.example.com.evil.test",
    "http://localhost:3000",
    "http://localhost",
    "http://a.test:8080",
    "http://a.test",
    "https://[::1]:8443",
    "capacitor://localhost",
];

fn policies() -> impl Strategy<Value = OwnedConfig> {
    let names = |names: &'static [&'static str]| subsequence(names, 0..=names.len());
    (
        subsequence(&ORIGINS[..], 1..=ORIGINS.len()),
        names(&["PUT", "DELETE", "PATCH", "PURGE", "ALL", "M$"]),
        select(vec![false, false, true]),
        names(&["range", "x-a", "authorization", "x-*", "x-$'"]),
        names(&["x-request-id", "etag"]),
        any::<bool>(),
        select(vec![None, Some(5), Some(600), Some(7200)]),
    )
        .prop_map(|(origins, methods, any_method, headers, exposed, credentials, max_age)| {
            let texts = |texts: Vec<&str>| texts.into_iter().map(str::to_owned).collect::<Vec<_>>();
            OwnedConfig {
                allow_origins: texts(origins),
                allow_methods: if any_method { texts(vec!["*"]) } else { texts(methods) },
                allow_headers: texts(headers),
                expose_headers: texts(exposed),
                allow_credentials: credentials,
                max_age,
                accept_risks: vec![cors_core::Risk::InsecureOrigin],
                ..OwnedConfig::default()
            }
        })
}

fn allows(patterns: &[String], origin: &str) -> bool {
    let origin = Origin::parse(origin.as_bytes()).unwrap();
    patterns.iter().any(|pattern| OriginPattern::parse(pattern).unwrap().matches(&origin))
}

/// The name of a file with this text.
fn file(format: Format) -> &'static str {
    match format.name() {
        "envoy" | "istio" | "gateway-api" | "traefik" => "cors.yaml",
        "nginx" | "apache" | "haproxy" | "caddy" => "cors.conf",
        name if name.ends_with("-xml") => "cors.xml",
        _ => "cors.json",
    }
}

proptest! {
    #[test]
    fn a_policy_that_comes_back_allows_no_more(policy in policies(), place in 0..Format::all().count()) {
        let format = Format::all().nth(place).unwrap();
        let exported = match export(&policy, format, false) {
            Ok(exported) => exported,
            Err(NotExported::Unwritten) => {
                prop_assert!(!format.is_written());
                return Ok(());
            }
            Err(NotExported::Wider(sentences) | NotExported::Nothing(sentences)) => {
                prop_assert!(!sentences.is_empty());
                return Ok(());
            }
            Err(NotExported::Policy(problem)) => panic!("{problem}"),
        };
        let reading = read(file(format), &exported.text, None).unwrap();
        // As the program compares them.
        for origin in ASKED {
            let is_allowed = reading.allows_origin(origin);
            prop_assert!(!is_allowed || allows(&policy.allow_origins, origin), "{format:?} lets in {origin}: {}", exported.text);
            if !exported.notes.iter().any(|note| note.starts_with("narrower")) {
                prop_assert_eq!(is_allowed, allows(&policy.allow_origins, origin), "{:?}: {}", format, origin);
            }
        }
        let imported = reading.policies(false);
        prop_assert_eq!(imported.len(), 1);
        let back = &imported[0].policy;
        let is_within = |names: &[String], known: &[String]| names.iter().all(|name| known.contains(name));
        prop_assert!(is_within(&back.allow_origins, &policy.allow_origins), "{:?}", back);
        let is_any = policy.allow_methods.iter().any(|method| method == "*");
        prop_assert!(is_any || is_within(&back.allow_methods, &policy.allow_methods), "{:?}", back);
        prop_assert!(!back.allow_credentials || policy.allow_credentials);
        prop_assert!(is_within(&back.allow_headers, &policy.allow_headers), "{:?}", back);
        // Google's headers are one list, and pages read some without permission.
        let readable = [policy.expose_headers.clone(), vec!["content-type".to_owned()]].concat();
        prop_assert!(is_within(&back.expose_headers, &readable), "{:?}", back);
        if !exported.notes.iter().any(|note| note.starts_with("narrower")) && !format.name().starts_with("gcs") {
            prop_assert_eq!(&back.allow_origins.iter().collect::<std::collections::BTreeSet<_>>(), &policy.allow_origins.iter().collect());
            prop_assert_eq!(&back.allow_methods, &policy.allow_methods);
            prop_assert_eq!(&back.allow_headers, &policy.allow_headers);
            prop_assert_eq!(&back.expose_headers, &policy.expose_headers);
            prop_assert_eq!(back.allow_credentials, policy.allow_credentials);
            prop_assert_eq!(back.max_age.unwrap_or(5), policy.max_age.unwrap_or(5));
        }
    }

    /// What is exported of a sound policy has nothing to be mended: `check` and `export` know a format alike.
    #[test]
    fn what_is_exported_of_a_sound_policy_is_sound(policy in policies(), place in 0..Format::all().count()) {
        let format = Format::all().nth(place).unwrap();
        let secure = |origin: &String| !origin.starts_with("http://") || origin.starts_with("http://localhost");
        let policy = OwnedConfig {
            allow_origins: policy.allow_origins.into_iter().filter(secure).collect(),
            // An upload without a header that it may set is warned of.
            allow_headers: [policy.allow_headers, vec!["content-type".to_owned()]].concat(),
            max_age: policy.max_age.or(Some(600)),
            accept_risks: Vec::new(),
            ..policy
        };
        let Ok(exported) = export(&policy, format, false) else { return Ok(()) };
        let reading = read(file(format), &exported.text, None).unwrap();
        prop_assert!(reading.formats().contains(&format) || format.is_variant(), "{:?}", reading.formats());
        prop_assert_eq!(reading.formats().len(), 1, "{:?}", reading.formats());
        let findings = reading.findings();
        let worse: Vec<_> =
            findings.iter().filter(|it| it.severity != Severity::Note || it.kind == NOT_JUDGED).collect();
        prop_assert!(worse.is_empty(), "{format:?}: {worse:?}\n{}", exported.text);
    }

    #[test]
    fn no_text_ends_the_reader(text in ".{0,200}", name in select(vec!["a.json", "a.yaml", "a.xml", "a.toml", "a.tf", "a.js", "a.py", "a.conf", "a"])) {
        if let Ok(reading) = read(name, &text, None) {
            for finding in reading.findings() {
                prop_assert!(text.get(finding.span.clone()).is_some(), "{finding:?}");
            }
            reading.policies(true);
        }
    }
}

#[test]
fn deep_texts_are_refused() {
    for (name, open) in
        [("a.json", "["), ("a.yaml", "["), ("a.tf", "a = ["), ("a.js", "cors(["), ("a.conf", "a {\n")]
    {
        let _ = read(name, &open.repeat(100_000), None);
    }
    let nested: String = (0..300).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect();
    assert!(read("a.yaml", &nested, None).is_err());
    let xml = format!("{}{}", "<a>".repeat(20_000), "</a>".repeat(20_000));
    assert!(read("a.xml", &xml, None).is_err());
    let laughs: String =
        (1..40).map(|index| format!("a{index}: &a{index} [*a{}, *a{}]\n", index - 1, index - 1)).collect();
    assert!(read("a.yaml", &format!("a0: &a0 [x, x]\n{laughs}"), None).is_err());
}
