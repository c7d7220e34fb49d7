//! Explanations: what stands in a fetch's way, how near the policy comes, and where engines disagree.

#![cfg(feature = "browser")]
#![allow(clippy::unwrap_used, reason = "a test's helpers may stop it, too")]

mod clues;
mod server;
mod whole;

use cors_core::browser::{CredentialsMode, Engine, Fetch, FetchError, Header, Mode};
use cors_core::explain::{Difference, Explanation, ObstacleKind, Requests, near_miss, near_misses};
use cors_core::{Config, Denial, Origin, Risk};

const PAGE: &str = "https://app.example.com";

fn origin(text: &str) -> Origin<'_> {
    Origin::parse(text.as_bytes()).unwrap()
}

fn fetch(page: &str) -> Fetch<'_> {
    Fetch::new(origin(page), "https://api.example.net/orders")
}

/// Calls `f` with the explanation.
fn explain<R>(
    config: &Config<'_>,
    fetch: &Fetch<'_>,
    engine: Engine,
    f: impl FnOnce(&Explanation<'_>) -> R,
) -> R {
    let (mut image, mut buffer) = (vec![0; config.image_len()], vec![0; 1 << 16]);
    let policy = config.compile_into(&mut image).unwrap();
    let requests = Requests::of(fetch, engine, &mut buffer).unwrap();
    f(&requests.explain(&policy))
}

fn obstacles(config: &Config<'_>, fetch: &Fetch<'_>) -> Vec<ObstacleKind> {
    explain(config, fetch, Engine::Standard, |explanation| {
        let kinds: Vec<_> = explanation.obstacles().map(|obstacle| obstacle.kind()).collect();
        assert_eq!(explanation.is_ok(), kinds.is_empty(), "{explanation}");
        kinds
    })
}

/// Explanations list everything that stands in the way, in this order, and nothing else.
#[test]
fn what_stands_in_the_way() {
    use ObstacleKind as Kind;
    let allowing = Config {
        allow_origins: &[PAGE],
        allow_methods: &["PUT"],
        allow_headers: &["x-a"],
        allow_credentials: true,
        ..Config::NEW
    };
    let nothing = Config::NEW;
    let any_header = Config { allow_origins: &[PAGE], allow_headers: &["*"], ..Config::NEW };
    let and_authorization = Config { allow_headers: &["*", "authorization"], ..any_header };
    let echoing = Config { allow_credentials: true, ..any_header };

    let headers = |name| [Header::new("accept", "*/*"), Header::new(name, "1")];
    let (listed, other, authorization) = (headers("X-A"), headers("x-b"), headers("authorization"));
    let response = headers("Access-Control-Allow-Origin");
    let both = [response[1], other[1]];
    let plain = fetch(PAGE);
    let put = Fetch { method: "put", credentials: CredentialsMode::Include, headers: &listed, ..plain };
    let with = |headers| Fetch { headers, ..plain };
    let own = "https://app.example.com/orders";

    let all = [Kind::Origin, Kind::Credentials, Kind::Method, Kind::Headers];
    for (config, fetch, expected) in [
        (&allowing, plain, &[][..]),
        (&allowing, put, &[]),
        (&nothing, plain, &[Kind::Origin]),
        (&nothing, put, &all),
        (&any_header, put, &[Kind::Credentials, Kind::Method]),
        // Nobody is asked.
        (&nothing, Fetch { url: own, ..put }, &[]),
        (&nothing, Fetch { mode: Mode::NoCors, ..plain }, &[]),
        (&nothing, Fetch { mode: Mode::SameOrigin, url: own, ..put }, &[]),
        (&nothing, Fetch { method: "P UT", ..put }, &[Kind::Call(FetchError::MalformedMethod)]),
        (&allowing, Fetch { mode: Mode::SameOrigin, ..put }, &[Kind::Mode]),
        (&nothing, Fetch { mode: Mode::SameOrigin, ..plain }, &[Kind::Mode, Kind::Origin]),
        // Headers, of which `accept` needs no preflight.
        (&allowing, with(&other), &[Kind::Headers]),
        (&allowing, with(&response), &[Kind::ResponseHeaders]),
        (&allowing, with(&both), &[Kind::ResponseHeaders, Kind::Headers]),
        (&any_header, with(&other), &[]),
        (&any_header, with(&response), &[]),
        (&any_header, with(&authorization), &[Kind::Headers]),
        (&and_authorization, with(&authorization), &[]),
        (&echoing, with(&authorization), &[]),
    ] {
        assert_eq!(obstacles(config, &fetch), expected, "{config:?} {fetch:?}");
    }
}

/// E6, E7: 128 names and 8192 bytes, where the policy repeats them.
#[test]
fn names_that_are_repeated_are_bounded() {
    let names = |count: usize, len: usize| -> Vec<String> {
        (0..count).map(|n| format!("{n:03}{}", "x".repeat(len - 3))).collect()
    };
    // 31 names of 255 bytes, one of what is left, and 31 commas.
    let bytes = |total: usize| [names(31, 255), vec!["y".repeat(total - 31 * 256)]].concat();
    for (names, fits) in [
        (names(128, 4), true),
        (names(129, 4), false),
        (bytes(8191), true),
        (bytes(8192), true),
        (bytes(8193), false),
    ] {
        let headers: Vec<_> = names.iter().map(|name| Header::new(name, "1")).collect();
        let plain = Fetch { headers: &headers, ..fetch(PAGE) };
        let with_credentials = Fetch { credentials: CredentialsMode::Include, ..plain };
        let open = Config { allow_origins: &[PAGE], allow_headers: &["*"], ..Config::NEW };
        let echoing = Config { allow_credentials: true, ..open };
        let listed: Vec<_> = names.iter().map(String::as_str).collect();
        let listing = Config { allow_headers: &listed, ..echoing };
        let too_many = if fits { vec![] } else { vec![ObstacleKind::HeaderCount] };

        assert_eq!(obstacles(&echoing, &plain), too_many);
        assert_eq!(obstacles(&echoing, &with_credentials), too_many);
        let denial =
            explain(&echoing, &plain, Engine::Standard, |explanation| explanation.denial().map(Denial::name));
        assert_eq!(denial, (!fits).then_some("HeadersTooLong"));
        // Once the policy allows credentials, it will repeat the names.
        assert_eq!(
            obstacles(&open, &with_credentials),
            [vec![ObstacleKind::Credentials], too_many.clone()].concat()
        );
        if names.len() == 129 {
            assert_eq!(obstacles(&open, &plain), []);
            assert_eq!(obstacles(&listing, &with_credentials), []);
        }
    }
}

/// B5: no fix adds an origin that `check` would refuse, or one by http that is allowed by https.
#[test]
fn pages_of_http() {
    const SHOP: &str = "http://shop.example.net";
    let base = Config { allow_origins: &[PAGE], ..Config::NEW };
    let add = "add http://shop.example.net to allow_origins";
    let serve =
        "serve the page over https, as https://shop.example.net, and list that origin in allow_origins";
    let serve_only = "serve the page over https, as https://shop.example.net";
    for (allow_credentials, credentials, allow_origins, accept_risks, expected) in [
        (false, CredentialsMode::Omit, &[PAGE][..], &[][..], add),
        (true, CredentialsMode::Omit, &[PAGE], &[], serve),
        (false, CredentialsMode::Include, &[PAGE], &[], serve),
        (true, CredentialsMode::Include, &[PAGE], &[], serve),
        (true, CredentialsMode::Include, &[PAGE], &[Risk::InsecureOrigin], add),
        (true, CredentialsMode::Include, &[PAGE], &[Risk::NullOrigin], serve),
        (false, CredentialsMode::Omit, &["https://*.example.net"], &[], serve_only),
        (true, CredentialsMode::Include, &["https://*.example.net"], &[Risk::InsecureOrigin], serve_only),
    ] {
        let config = Config { allow_credentials, allow_origins, accept_risks, ..base };
        let fetch = Fetch { credentials, ..fetch(SHOP) };
        let fixes = explain(&config, &fetch, Engine::Standard, |explanation| {
            let origin = explanation.obstacles().find(|obstacle| obstacle.kind() == ObstacleKind::Origin);
            origin.unwrap().fixes().map(|fix| fix.to_string()).collect::<Vec<_>>()
        });
        assert_eq!(
            fixes,
            [expected],
            "{allow_credentials} {credentials:?} {allow_origins:?} {accept_risks:?}"
        );
    }
}

/// B5: one fix of each obstacle together make the fetch succeed, so that none counts on a page or an address that another changes.
#[test]
fn fixes_of_several_obstacles() {
    let config = Config { allow_origins: &["https://shop.example.net"], ..Config::NEW };
    // Once the address has its scheme, a page of https may not ask for it.
    let page = Fetch { url: "localhost:8080", ..fetch("http://shop.example.net") };
    let fixes = |kind, config: &Config<'_>, fetch: &Fetch<'_>, engine| {
        explain(config, fetch, engine, |explanation| {
            let of_kind = explanation.obstacles().filter(|obstacle| obstacle.kind() == kind);
            of_kind.flat_map(|obstacle| obstacle.fixes()).map(|fix| fix.to_string()).collect::<Vec<_>>()
        })
    };
    assert_eq!(
        fixes(ObstacleKind::Origin, &config, &page, Engine::WebKit),
        ["add http://shop.example.net to allow_origins"]
    );
    let public = Fetch { url: "api.example.net", ..page };
    assert_eq!(
        fixes(ObstacleKind::Origin, &config, &public, Engine::WebKit),
        ["open the page at https://shop.example.net", "add http://shop.example.net to allow_origins"]
    );
    // The port has to change, and by https another one.
    let blocked = Fetch { url: "http://api.example.com:4190/", ..page };
    assert_eq!(
        fixes(ObstacleKind::Origin, &config, &blocked, Engine::Standard),
        ["add http://shop.example.net to allow_origins"]
    );
    // A page of no server has none to ask.
    let file = Fetch { url: "https://api.example.com:6667/", ..fetch("file://") };
    assert_eq!(fixes(ObstacleKind::Port, &config, &file, Engine::Standard).len(), 1);
    assert_eq!(
        fixes(ObstacleKind::Port, &config, &Fetch { url: file.url, ..page }, Engine::Standard).len(),
        2
    );
    // The page has to come by https, and its origin of today would be of no use in the list.
    let any = Config { allow_origins: &["*"], ..Config::NEW };
    let near = Fetch { url: "http://localhost:8080/", credentials: CredentialsMode::Include, ..page };
    assert_eq!(fixes(ObstacleKind::LocalNetwork, &any, &near, Engine::Standard).len(), 1);
    assert_eq!(
        fixes(ObstacleKind::Credentials, &any, &near, Engine::Standard),
        ["fetch without credentials: leave `credentials: \"include\"` out"]
    );
}

/// Pages of applications: their origins are listed as they are, and no pattern or other page is suggested for them (P6).
#[test]
fn pages_of_applications() {
    for (page, listed, expected) in [
        ("app://.", PAGE, "add app://. to allow_origins"),
        ("app://.", "app://", "add app://. to allow_origins"),
        ("capacitor://localhost", "https://localhost", "add capacitor://localhost to allow_origins"),
        ("capacitor://", "capacitor://localhost", "add capacitor:// to allow_origins"),
        (
            "chrome-extension://abcdefghijklmnop",
            "chrome-extension://ponmlkjihgfedcba",
            "add chrome-extension://abcdefghijklmnop to allow_origins",
        ),
        (
            "file://",
            PAGE,
            "give the page an origin of its own: serve it over http or https, not from a file; give a sandboxed frame \
             allow-same-origin, if you trust what is in it; let no redirect lead from one origin to another",
        ),
    ] {
        let config = Config { allow_origins: &[listed], ..Config::NEW };
        let fetch = Fetch { credentials: CredentialsMode::Include, ..fetch(page) };
        for engine in Engine::ALL {
            let fixes = explain(&config, &fetch, engine, |explanation| {
                let origin =
                    explanation.obstacles().filter(|obstacle| obstacle.kind() == ObstacleKind::Origin);
                origin.flat_map(|obstacle| obstacle.fixes()).map(|fix| fix.to_string()).collect::<Vec<_>>()
            });
            assert_eq!(fixes, [expected], "{page} {listed}");
        }
        let config = Config { allow_origins: &[page], accept_risks: &[Risk::LocalFileOrigin], ..config };
        assert_eq!(obstacles(&config, &Fetch { credentials: CredentialsMode::Omit, ..fetch }), []);
    }
}

/// What a fix adds is what a config takes, and no more than the page asks for.
#[test]
fn what_no_policy_can_list() {
    let fixes = |config: &Config<'_>, fetch: &Fetch<'_>| {
        explain(config, fetch, Engine::Standard, |explanation| {
            let fixes = explanation.obstacles().flat_map(|obstacle| obstacle.fixes());
            fixes.map(|fix| fix.to_string()).collect::<Vec<_>>()
        })
    };
    let config = Config { allow_origins: &[PAGE], allow_methods: &["PUT"], ..Config::NEW };
    for page in ["file://host", "ws://a.com", "https://xn--zz.com"] {
        let other = "serve the page from another origin: a policy can list this one in no form";
        assert_eq!(fixes(&config, &fetch(page)), [other], "{page}");
        let any = Config { allow_origins: &["*"], ..Config::NEW };
        let fetch = Fetch { credentials: CredentialsMode::Include, ..fetch(page) };
        assert_eq!(fixes(&any, &fetch), ["fetch without credentials: leave `credentials: \"include\"` out"]);
    }
    let long = "M".repeat(257);
    let full: Vec<_> = (0..128).map(|n| format!("M{n}")).collect();
    let full: Vec<_> = full.iter().map(String::as_str).collect();
    let full = Config { allow_methods: &full, ..config };
    for (config, method, expected) in [
        (&config, "*", "use another method"),
        (&config, &long[..], "use another method"),
        (&config, &long[1..], &*format!("add {} to allow_methods", &long[1..])),
        (&full, "PATCH", "use another method"),
    ] {
        assert_eq!(fixes(config, &Fetch { method, ..fetch(PAGE) }), [expected], "{method}");
    }
    let long = "x".repeat(257);
    for name in ["*", &long] {
        let headers = [Header::new(name, "1"), Header::new("x-a", "1")];
        let fetch = Fetch { headers: &headers, ..fetch(PAGE) };
        assert_eq!(obstacles(&config, &fetch), [ObstacleKind::UnlistableHeaders, ObstacleKind::Headers]);
        assert_eq!(
            fixes(&config, &fetch),
            [format!("take {name} out of the fetch"), "add x-a to allow_headers".to_owned()]
        );
    }
}

#[test]
fn differences() {
    use Difference as D;
    for (page, text, expected, sentence) in [
        (
            PAGE,
            "https://app.example.com/",
            &[D::TrailingSlash][..],
            "it ends in a slash, and an origin has no path",
        ),
        (
            PAGE,
            "https://app.example.com/x",
            &[D::Path],
            "it goes on after the host, and an origin ends there",
        ),
        (
            PAGE,
            "https://APP.example.com",
            &[D::Case],
            "it has capital letters, and browsers write an origin without",
        ),
        (
            PAGE,
            "https://app.example.com:443",
            &[D::DefaultPort],
            "it has the scheme's default port, which browsers leave out",
        ),
        (PAGE, "app.example.com", &[D::MissingScheme], "it has no scheme"),
        (PAGE, "https://me@app.example.com", &[D::UserInfo], "it has a user name"),
        (PAGE, "'https://app.example.com'", &[D::Quotes], "it stands in quotation marks"),
        (PAGE, "https://*.example.com", &[D::LiteralPattern], "it is a pattern, and a browser knows none"),
        (PAGE, "http://app.example.com", &[D::Scheme], "the scheme differs"),
        (PAGE, "https://app.example.com:8443", &[D::Port], "the port differs"),
        ("https://www.a.example", "https://a.example", &[D::PageHasWww], "the page has `www.` in front"),
        ("https://a.example", "https://www.a.example", &[D::PageLacksWww], "the page has no `www.` in front"),
        ("https://a.example.", "https://a.example", &[D::PageHasDot], "the page's host ends in a dot"),
        ("https://a.example", "https://a.example.", &[D::PageLacksDot], "the page's host ends in no dot"),
        (
            "http://localhost:3000",
            "http://127.0.0.1:3000",
            &[D::Loopback],
            "both are this machine, and to a browser two hosts",
        ),
        (
            "https://example.com",
            "https://*.example.com",
            &[D::Apex],
            "its `*` stands for one label or more, and the page has none there",
        ),
        (
            "https://a.shop.example",
            "https://shop.example",
            &[D::Subdomain],
            "the page is on a subdomain of it",
        ),
        (
            "https://shop.example",
            "https://a.shop.example",
            &[D::Parent],
            "it is on a subdomain of the page's host",
        ),
        ("https://shop.example", "https://shob.example", &[D::OneCharacter], "one character differs"),
        (PAGE, "https://admin.example.com", &[D::Sibling], "it is another name under the same domain"),
        ("app://.", "app://main", &[D::Host], "the host differs"),
        (
            PAGE,
            "https://app.example.com, https://b.test",
            &[D::List],
            "it lists several origins, and a browser takes one",
        ),
        (PAGE, "https://app.example.com?", &[D::Path], "it goes on after the host, and an origin ends there"),
        (PAGE, "https://app.example.com#", &[D::Path], "it goes on after the host, and an origin ends there"),
        (PAGE, "://app.example.com", &[D::MissingScheme], "it has no scheme"),
        (PAGE, "wss://app.example.com", &[D::Scheme], "the scheme differs"),
        ("http://a.example", "ws://a.example", &[D::Scheme], "the scheme differs"),
        (
            "http://[::1]",
            "http://[::1]/",
            &[D::TrailingSlash],
            "it ends in a slash, and an origin has no path",
        ),
        (
            "http://localhost:3000",
            "http://localhost:3000/",
            &[D::TrailingSlash],
            "it ends in a slash, and an origin has no path",
        ),
    ] {
        let page = origin(page);
        let miss = near_miss(&page, text).unwrap_or_else(|| panic!("{page} {text}"));
        assert_eq!(miss.differences().collect::<Vec<_>>(), expected, "{page} {text}");
        assert_eq!(miss.to_string(), format!("{text}: {sentence}"));
        assert!(format!("{miss:?}").contains(&format!("differences: {expected:?}")), "{miss:?}");
    }
    for text in [PAGE, "https://example.org", "null", "", "x"] {
        assert_eq!(near_miss(&origin(PAGE), text), None, "{text}");
    }
    assert_eq!(near_miss(&origin("http://localhost:3000"), "http://shop.example:3000"), None);
}

/// P3, P5: whether a pattern that a server sends as it stands would allow the page.
#[test]
fn patterns_taken_literally() {
    for (page, pattern, allows) in [
        ("https://a.b.example.com", "https://*.example.com", true),
        ("https://pr-1.example.com", "https://pr-*.example.com", true),
        ("https://pr-1.b.example.com", "https://pr-*.example.com", false),
        ("https://pr-.example.com", "https://pr-*.example.com", false),
        ("https://a_b-docs.example.com", "https://*-docs.example.com", false),
    ] {
        let page = origin(page);
        let literal =
            near_miss(&page, pattern).is_some_and(|miss| miss.differences().eq([Difference::LiteralPattern]));
        assert_eq!(literal, allows, "{page} {pattern}");
    }
}

/// The closest come first; texts that lie much farther are left out.
#[test]
fn the_nearest_come_first() {
    const SIBLING: &str = "https://admin.example.com";
    const PARENT: &str = "https://b.app.example.com";
    const TYPO: &str = "https://apt.example.com";
    const SUBDOMAIN: &str = "https://example.com";
    const APEX: &str = "https://app.example.com.";
    const PORT: &str = "https://app.example.com:8443";
    const SLASH: &str = "https://app.example.com/";
    let farther_last = [SLASH, PORT, APEX, SUBDOMAIN, TYPO, PARENT, SIBLING];
    for pair in farther_last.windows(2) {
        let found: Vec<_> = near_misses(&origin(PAGE), [pair[1], pair[0]]).map(|miss| miss.text()).collect();
        assert_eq!(found, pair);
    }
    for (texts, found) in [([TYPO, SLASH], &[SLASH][..]), ([SUBDOMAIN, SLASH], &[SLASH, SUBDOMAIN])] {
        assert_eq!(near_misses(&origin(PAGE), texts).map(|miss| miss.text()).collect::<Vec<_>>(), found);
    }
    let found: Vec<_> =
        near_misses(&origin(PAGE), [SIBLING, SLASH, PORT, SLASH]).map(|miss| miss.text()).collect();
    assert_eq!(found, [SLASH, PORT]);
}

/// The engines let `*` cover `authorization`, the standard does not.
#[test]
fn engines_that_disagree() {
    let config = Config { allow_origins: &[PAGE], allow_headers: &["*"], ..Config::NEW };
    let headers = [Header::new("Authorization", "Bearer x")];
    let fetch = Fetch { headers: &headers, ..fetch(PAGE) };
    let texts = |engine| {
        explain(&config, &fetch, engine, |explanation| {
            let disagreements: Vec<_> = explanation.disagreements().collect();
            for disagreement in &disagreements {
                assert_ne!(disagreement.is_ok(), explanation.is_ok());
                assert!(disagreement.header().unwrap() == "authorization");
            }
            disagreements.iter().map(ToString::to_string).collect::<Vec<_>>()
        })
    };
    assert_eq!(
        texts(Engine::Standard),
        [
            "in Chromium the fetch succeeds: there `*` covers authorization",
            "in Firefox the fetch succeeds: there `*` covers authorization",
            "in WebKit the fetch succeeds: there `*` covers authorization",
        ]
    );
    assert_eq!(
        texts(Engine::WebKit),
        ["by the standard the fetch is blocked: there `*` does not cover authorization"]
    );
    // A client hint, which Chromium asks nobody about.
    let headers = [Header::new("dpr", "2")];
    let fetch = Fetch { headers: &headers, ..fetch };
    let config = Config { allow_headers: &[], ..config };
    let texts = |engine| {
        explain(&config, &fetch, engine, |explanation| {
            explanation.disagreements().map(|disagreement| disagreement.to_string()).collect::<Vec<_>>()
        })
    };
    assert_eq!(
        texts(Engine::Standard),
        ["in Chromium the fetch succeeds: there the header dpr needs no preflight"]
    );
    assert_eq!(
        texts(Engine::Chromium),
        [
            "by the standard the fetch is blocked: there the header dpr needs a preflight",
            "in Firefox the fetch is blocked: there the header dpr needs a preflight",
            "in WebKit the fetch is blocked: there the header dpr needs a preflight",
        ]
    );
}

/// Firefox repeats a name as often as the page sets it, and so may ask for more than a policy repeats.
#[test]
fn engines_that_repeat_names() {
    let config =
        Config { allow_origins: &[PAGE], allow_headers: &["*"], allow_credentials: true, ..Config::NEW };
    let names: Vec<_> = (0..65).map(|n| format!("x-{n}")).collect();
    let headers: Vec<_> = names.iter().chain(&names).map(|name| Header::new(name, "1")).collect();
    let fetch = Fetch { headers: &headers, ..fetch(PAGE) };
    for engine in Engine::ALL {
        explain(&config, &fetch, engine, |explanation| {
            assert_eq!(explanation.is_ok(), engine != Engine::Firefox);
            let texts: Vec<_> = explanation
                .disagreements()
                .map(|other| {
                    assert_eq!(other.header(), None);
                    (other.engine(), other.to_string())
                })
                .collect();
            if engine != Engine::Firefox {
                let firefox =
                    "in Firefox the fetch is blocked: there the preflight names more than a policy repeats";
                assert_eq!(texts, [(Engine::Firefox, firefox.to_owned())]);
                return;
            }
            assert_eq!(texts.len(), 3);
            for (_, text) in texts {
                let ends = "the fetch succeeds: there the preflight names no more than a policy repeats";
                assert!(text.ends_with(ends), "{text}");
            }
        });
    }
}
