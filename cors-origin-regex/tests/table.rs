//! Expressions that people write, and what is known of each.

#![allow(clippy::unwrap_used, reason = "a test's helpers may stop it, too")]

use cors_origin_regex::{Confinement, Dialect, Expression, Refusal};

/// With the places that each is confined to, a wildcard as `*.`.
const TAKEN: &[(&str, &[&str])] = &[
    (r"https://.*\.example\.com", &["https://*.example.com"]),
    (r"https://.+\.example\.com\.", &["https://*.example.com."]),
    (r"https://([a-z0-9-]+\.)?example\.com(:\d+)?", &["https://example.com", "https://*.example.com"]),
    (r"https://([a-z0-9-]+\.)*example\.com", &["https://example.com", "https://*.example.com"]),
    (r"^https://[^.]+[.]example[.]com$", &["https://*.example.com"]),
    (r"http://localhost:\d+", &["http://localhost"]),
    (r"http://localhost(:[0-9]{1,5})?", &["http://localhost"]),
    (
        r"http://(localhost|127\.0\.0\.1|\[::1\]):\d+",
        &["http://127.0.0.1", "http://[::1]", "http://localhost"],
    ),
    (r"http://.*\.localhost", &["http://*.localhost"]),
    (r"https://(www|app)\.example\.com", &["https://*.example.com"]),
    // Nobody registers a name under `example` (P6).
    (r"https://a\.example|https://b\.example", &["https://*.example"]),
    (r"https://.*\.internal", &["https://*.internal"]),
    (r"http://.*\.home\.arpa(:\d+)?", &["http://*.home.arpa"]),
    (r"https://(app|admin)\.example\.(com|org)", &["https://*.example.com", "https://*.example.org"]),
    (r"https://pr-[0-9]+\.example\.co\.uk", &["https://*.example.co.uk"]),
    (r"https?://.*\.example\.com", &["http://*.example.com", "https://*.example.com"]),
    (r"http://localhost|https://.*\.example\.com", &["http://localhost", "https://*.example.com"]),
    (r"(?i)HTTPS://.*\.Example\.com", &["https://*.example.com"]),
    ("(?x) https:// .* \\. example \\. com # a comment", &["https://*.example.com"]),
    // One origin is nobody else's, whatever suffix it is under.
    (r"https://my-app\.github\.io", &["https://my-app.github.io"]),
    (r"https://.*\.my-app\.github\.io", &["https://*.my-app.github.io"]),
    (r"https://.*\.app\.amazonaws\.com", &["https://*.app.amazonaws.com"]),
    // Applications' origins are what they are, one by one.
    (r"capacitor://localhost|https://localhost", &["capacitor://localhost", "https://localhost"]),
    (r"capacitor://(localhost)?", &["capacitor://", "capacitor://localhost"]),
    (r"app://\.", &["app://."]),
    (r"(https|app)://(example\.com)?", &["app://", "app://example.com", "https://example.com"]),
];

/// With the text that is advised, where one is near. No origin matches them, or they are patterns (P3 to P5).
const NOT_EXPRESSIONS: &[(&str, &str)] = &[
    ("", ""),
    ("null", ""),
    (r"example\.com", ""),
    (r"example\.com$", ""),
    (r"\.example\.com$", r"https://.*\.example\.com$"),
    (r"/^https:\/\/app\.example\.com$/", r"^https:\/\/app\.example\.com$"),
    (r"/^https:\/\/app\.Example\.com$/i", r"(?i)^https:\/\/app\.Example\.com$"),
    (r"https://.*\.Example\.com", r"https://.*\.example\.com"),
    (r"https://App\.example\.com\D", ""),
    (r"https://app\.example\.com/", r"https://app\.example\.com"),
    (r"https://app\.example\.com/.*", r"https://app\.example\.com"),
    (r"https:\/\/app\.example\.com\/api", r"https://app\.example\.com"),
    (r"https://app\.example\.com:4430000", ""),
    (r"https://app\.example\.com:443", r"https://app\.example\.com"),
    (r"http://app\.example\.com:80", r"http://app\.example\.com"),
    (r"https://app\.example\.com$x", ""),
    (r"x^https://app\.example\.com", ""),
    ("*", "*"),
    ("https://*.example.com", "https://*.example.com"),
    ("https://pr-*.example.com:*", "https://pr-*.example.com:*"),
    ("http://localhost:*", "http://localhost:*"),
    ("*.example.com", "https://*.example.com"),
    ("https://*example.com", "https://*.example.com"),
    ("https://(a", ""),
    ("https://[z-a]", ""),
    ("https://**", ""),
];

/// With the part at fault, and what the advice says to write.
const REFUSED: &[(&str, &str, &str)] = &[
    (r".*", ".*", ""),
    (r"https://.*", ".*", ""),
    (r".*example\.com", ".*", "https://*.example.com"),
    (r".*\.domain\.com", ".*", "https://*.domain.com"),
    (r"http.*domain\.com", ".*", "https://*.domain.com"),
    (r"(?i)https://.*domain\.com", ".*", "https://*.domain.com"),
    (r"https://.*example\.com:\d{4}", ".*", "https://*.example.com:*"),
    (r"https://example\.[a-z]+", "[a-z]+", ""),
    (r"https://my-app-.*\.vercel\.app", ".*", "https://my-app-*.vercel.app"),
    (r"https://my-app-[a-z0-9]+-team\.vercel\.app", "[a-z0-9]+", "https://my-app-*-team.vercel.app"),
    (r"^https://my-app-(\d+|[a-z]+)\.vercel\.app(:\d+)?$", "[a-z]+", "https://my-app-*.vercel.app:*"),
    (r"https://.*--mysite\.netlify\.app", ".*", "https://*--mysite.netlify.app"),
    (r"https?://.*--mysite\.netlify\.app", ".*", "https://*--mysite.netlify.app"),
    (r"http://.*example\.com", ".*", "http://*.example.com"),
    // It matches no name under a domain.
    (r"https://shop[a-z]+example\.com", "[a-z]+", ""),
    // The port is at fault.
    (r"https://.*\.example\.com:.*", ".*", "https://*.example.com:*"),
    (r"https://example\.com:.*", ".*", "https://example.com:*"),
    (r"https://a\.example\.com|https://pr-.*\.vercel\.app", ".*", "https://pr-*.vercel.app"),
    (r"https://shop.*\.com", ".*", ""),
    // The label has a beginning, which a `*` for all names would leave out.
    (r"https://my.*shop\.com", ".*", ""),
    (r".*localhost.*", ".*", ""),
    (r"https://example\.com.*", ".*", ""),
    (r"https://example.com", ".", r"https://example\.com"),
    (r"http://127.0.0.1:\d+", ".", r"http://127\.0\.0\.1:\d+"),
    (r"https://.*.example.com", ".", r"https://.*\.example\.com"),
    (r"https://.*\.github\.io", ".*", ""),
    (r"https://.*\.com", ".*", ""),
    (r"https://.*\.kawasaki\.jp", ".*", ""),
    (r"https://.*\.compute\.amazonaws\.com", ".*", ""),
    (r"https://.*\.0\.1", ".*", ""),
    (r"https://(a|b|c.*)", ".*", ""),
    (r"[a-z]+://.*\.example\.com", "[a-z]+", "https://*.example.com"),
    // None of what it matches is under a domain.
    (r"https://(evil)*example\.com", "(evil)*", ""),
    (r"https://[^A](?i)example\.com", "[^A]", ""),
    (r"app://.*\.example\.com", r"\.", "list each"),
    (r"(app|https)://([a-z]+\.)?example\.com", r"\.", "list each"),
    (r"chrome-extension://[a-p]{32}", "[a-p]{32}", "list each"),
    (r"capacitor://.*", ".*", "list each"),
    // Set operations in one engine, characters in another.
    (r"https://.*[a-z&&[.]]example\.com", "[a-z&&[.]]", ""),
    ("(?x)https://.*[.#]\n]\\.example\\.com", "[.#]\n]", ""),
];

#[test]
fn expressions_that_are_confined() {
    for (text, expected) in TAKEN {
        assert_eq!(
            confinement(text).map(|confinement| written(&confinement)),
            Ok(expected.iter().map(|&place| place.to_owned()).collect()),
            "{text}"
        );
    }
}

#[test]
fn expressions_that_are_refused_with_the_part_at_fault() {
    for (text, part, advice) in REFUSED {
        let refusal = confinement(text).expect_err(text);
        let found = &text[refusal.span.clone()];
        assert_eq!(found, *part, "{text}");
        match *advice {
            "" => assert_eq!(refusal.advice, "list the origins, such as https://*.example.com", "{text}"),
            // The hosts of applications have no wildcards (P6).
            "list each" => {
                assert!(refusal.advice.starts_with("list each origin of an application's"), "{text}");
                assert!(!refusal.advice.contains('*'), "{text}");
            }
            advice => assert_eq!(written_by(&refusal.advice), advice, "{text}"),
        }
    }
}

#[test]
fn a_risk_of_the_pattern_is_named() {
    for (text, risk) in [
        (r"https://my-app-.*\.vercel\.app", "PublicSuffix"),
        (r"http://.*example\.com", "InsecureOrigin"),
        (r"https://.*example\.com", ""),
    ] {
        let advice = confinement(text).expect_err(text).advice;
        assert_eq!(
            advice.split("accept the risk ").nth(1).unwrap_or_default().split(' ').next().unwrap(),
            risk,
            "{text}"
        );
    }
}

#[test]
fn what_stands_for_the_port_is_called_the_port() {
    for (text, is_port) in [
        (r"https://.*\.example\.com:.*", true),
        (r"https://example\.com:.+", true),
        (r"https://example\.com.*", false),
        (r"https://.*", false),
    ] {
        let reason = confinement(text).expect_err(text).reason;
        assert_eq!(reason.contains("the digits of the port"), is_port, "{text}: {reason}");
    }
}

#[test]
fn what_is_not_an_expression_for_origins() {
    for (text, advice) in NOT_EXPRESSIONS {
        let error = Expression::parse(text, Dialect::Python).expect_err(text);
        assert_eq!(error.advice().map(written_by).unwrap_or_default(), *advice, "{text}");
        assert!(!error.to_string().contains("linear"), "{text}: {error}");
    }
}

/// What the advice says to write.
fn written_by(advice: &str) -> &str {
    advice.strip_prefix("write ").unwrap_or(advice).split(" among").next().unwrap()
}

#[test]
fn only_what_is_shown_to_be_https_is_secure() {
    for (text, expected) in [
        (r"https://.*\.example\.com", false),
        (r"https://.*", false),
        (r"http://localhost:\d+", false),
        (r"http://localhost|https://.*\.example\.com", false),
        (r".*", true),
        (r"https?://.*", true),
        (r"https?://.*\.example\.com", true),
        (r"http://(localhost|intranet\.example\.com)", true),
        (r"http://localhost.*", true),
        (r"chrome-extension://[a-p]{32}", false),
        (r"capacitor://localhost|https://localhost", false),
        (r"(capacitor|http)://app\.example\.com", true),
        (r"ftp://files\.example\.com", true),
    ] {
        assert_eq!(Expression::parse(text, Dialect::Python).unwrap().may_be_insecure(), expected, "{text}");
    }
}

#[test]
fn files_are_named_by_their_scheme() {
    for (text, expected) in [
        ("file://", true),
        (r"(?i)FILE:\/\/.*", true),
        (r"https://.*\.example\.com|file://", true),
        (r"(file|https)://.*", true),
        (r"files?://", true),
        (r"files://x", false),
        (r"https://file\.example\.com", false),
        (r"https://file:\d+", false),
        (".*", false),
        ("[a-z]+://.*", false),
        (r"[^h].*", false),
    ] {
        assert_eq!(Expression::parse(text, Dialect::Python).unwrap().names_local_files(), expected, "{text}");
    }
}

#[test]
fn work_is_bounded() {
    for text in [
        r"https://(a|aa|aaa)?(a|aa|aaa)?(a|aa|aaa)?(a|aa|aaa)?(a|aa|aaa)?(a|aa|aaa)?(a|aa|aaa)?(a|aa|aaa)?(a|aa|aaa)?\.com",
        r"https://((a{0,50}){0,50}){0,50}",
        r"https://(((a?)*)*)*(b?)*\.com",
    ] {
        let refused = confinement(text).is_err();
        assert!(refused, "{text}");
    }
}

#[test]
fn javascript_reads_some_escapes_as_letters() {
    for text in [r"https://.*\aexample\.com", r"https://.*\pLexample\.com", r"https://[]a]\.example\.com"] {
        assert!(Expression::parse(text, Dialect::JavaScript).unwrap().confinement().is_err(), "{text}");
    }
    let plain = Expression::parse(r"^https:\/\/[\w\-]+\.example\.com$", Dialect::JavaScript).unwrap();
    assert_eq!(written(&plain.confinement().unwrap()), ["https://*.example.com"]);
}

/// Python's `re` reads `*+` as possessive: here `a*+` would be `(?:a*)+`, which gives back what it has taken.
#[test]
fn a_quantifier_after_another_is_refused() {
    for (text, found, once) in [
        (r"https://[a-z]*+a\.example\.com", "+", r"https://[a-z]*a\.example\.com"),
        (r"https://([a-z]++a)\.example\.com", "+", r"https://([a-z]+a)\.example\.com"),
        (
            r"https://a\.example\.com|https://[a-z]{2}+\.example\.com",
            "+",
            r"https://a\.example\.com|https://[a-z]{2}\.example\.com",
        ),
        (r"https://[a-z]?+a\.example\.com", "+", r"https://[a-z]?a\.example\.com"),
        (r"https://[a-z]*{2}\.example\.com", "{2}", r"https://[a-z]*\.example\.com"),
    ] {
        for dialect in [Dialect::Python, Dialect::JavaScript] {
            let error = Expression::parse(text, dialect).unwrap_err();
            assert!(error.to_string().starts_with(&format!("{found} after another quantifier: ")), "{error}");
            assert_eq!(error.advice(), Some(&*format!("write {once}")), "{text}");
        }
    }
    for text in [
        r"https://(?:[a-z]*)+\.example\.com",
        r"https://[a-z]+?\.example\.com",
        r"https://[*+]\.example\.com",
    ] {
        let refused = Expression::parse(text, Dialect::Python).map_err(|error| error.to_string());
        assert!(!refused.is_err_and(|error| error.contains("quantifier")), "{text}");
    }
}

#[test]
fn what_takes_more_than_linear_time_does_not_parse() {
    for text in [r"https://(?!a)b\.example", r"(a)\1", r"https://a\.example\Z", r"(?>a)"] {
        let error = Expression::parse(text, Dialect::Python).unwrap_err();
        assert!(error.advice().unwrap().starts_with("write "), "{text}");
    }
}

fn confinement(text: &str) -> Result<Confinement, Refusal> {
    Expression::parse(text, Dialect::Python).unwrap().confinement()
}

fn written(confinement: &Confinement) -> Vec<String> {
    let star = |is_wildcard| if is_wildcard { "*." } else { "" };
    let places = confinement.places.iter();
    places.map(|place| format!("{}://{}{}", place.scheme, star(place.is_wildcard), place.host)).collect()
}

/// Found by fuzzing: each step of the advice doubled the text.
#[test]
fn references_that_grow_end() {
    for text in [
        r"http://(loc127\.0\.0\1|\[::::1\.1|\[::::1\]):\d+",
        r"(a)(\1\1)(\2\2)(\3\3)(\4\4)(\5\5)(\6\6)(\7\7)(\8\8)(\9\9)(\10\10)",
    ] {
        let error = Expression::parse(text, Dialect::Python).unwrap_err();
        assert!(error.advice().is_none_or(|advice| advice.len() < 1200), "{text}: {error}");
    }
}
