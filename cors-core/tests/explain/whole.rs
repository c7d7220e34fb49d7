//! Explanations as a whole, line by line.

use cors_core::browser::{Api, CredentialsMode, Engine, Fetch, Header, Mode};
use cors_core::explain::{Actor, Place, Step};
use cors_core::{Config, Denial, Risk};

use crate::{PAGE, explain, fetch, origin};

fn text_of(config: &Config<'_>, fetch: &Fetch<'_>, engine: Engine) -> String {
    explain(config, fetch, engine, |explanation| format!("{explanation}"))
}

#[track_caller]
fn assert_text(config: &Config<'_>, fetch: &Fetch<'_>, engine: Engine, expected: &[&str]) {
    let text = text_of(config, fetch, engine);
    assert_eq!(text.lines().collect::<Vec<_>>(), expected);
}

#[test]
fn a_fetch_that_succeeds() {
    let config = Config {
        allow_origins: &[PAGE],
        allow_methods: &["PUT"],
        expose_headers: &["ETag", "X-Total"],
        max_age: Some(600),
        ..Config::NEW
    };
    let headers = [Header::new("Cookie", "a=b"), Header::new("Accept", "*/*")];
    let fetch = Fetch { method: "put", headers: &headers, ..fetch(PAGE) };
    assert_text(
        &config,
        &fetch,
        Engine::Standard,
        &[
            "the page at https://app.example.com calls fetch: put https://api.example.net/orders, Cookie: a=b, \
             Accept: */*",
            "the server is of another origin",
            "the browser drops the header cookie, which the page may not set",
            "the browser has to ask first: the method is PUT, and only GET, HEAD and POST need none",
            "the browser asks: OPTIONS, access-control-request-method: PUT",
            "the policy: allowed",
            "the server answers 204, access-control-allow-origin: https://app.example.com, \
             access-control-allow-methods: PUT, access-control-max-age: 600, vary: origin",
            "the browser accepts the answer",
            "the browser keeps the answer for 600 seconds",
            "the browser sends the request: PUT, origin: https://app.example.com",
            "the policy: allowed",
            "the server responds 200, access-control-allow-origin: https://app.example.com, \
             access-control-expose-headers: etag, x-total, vary: origin",
            "the browser accepts the response",
            "the page reads the status, the body and the safelisted headers, etag, x-total",
        ],
    );
    let any = Config { expose_headers: &["*"], max_age: Some(0), ..config };
    let text = text_of(&any, &fetch, Engine::Standard);
    assert!(text.contains("\nthe browser does not keep the answer, and will ask again\n"), "{text}");
    assert!(text.ends_with("\nthe page reads the status, the body and all headers"), "{text}");
}

#[test]
fn fetches_that_need_no_policy() {
    let own = Fetch { url: "https://app.example.com/orders", ..fetch(PAGE) };
    assert_text(
        &Config::NEW,
        &own,
        Engine::Chromium,
        &[
            "the page at https://app.example.com calls fetch: GET https://app.example.com/orders",
            "the server is of the page's own origin: CORS does not apply",
            "the browser sends the request: GET, with the server's cookies",
            "the server responds 200, vary: origin",
            "the page reads the status, the body and all headers",
        ],
    );
    let opaque = Fetch { mode: Mode::NoCors, ..fetch("null") };
    let text = text_of(&Config::NEW, &opaque, Engine::Standard);
    assert!(text.contains("\nthe server is of another origin, as all are to an opaque one\n"), "{text}");
    assert!(text.ends_with("\nthe page gets an opaque response, of which it can read nothing"), "{text}");
    assert_text(
        &Config::NEW,
        &Fetch { method: "TRACE", ..own },
        Engine::Standard,
        &[
            "the page at https://app.example.com calls fetch: TRACE https://app.example.com/orders",
            "the call throws: no page can send CONNECT, TRACE or TRACK",
            "obstacle: no page can send CONNECT, TRACE or TRACK",
            "  fix: use another method",
        ],
    );
    assert_text(
        &Config { allow_origins: &[PAGE], ..Config::NEW },
        &Fetch { mode: Mode::SameOrigin, ..fetch(PAGE) },
        Engine::Chromium,
        &[
            "the page at https://app.example.com calls fetch: GET https://api.example.net/orders",
            "the server is of another origin",
            "the browser makes no request: DisallowedByMode",
            "the page gets TypeError: Failed to fetch",
            "obstacle: the mode same-origin lets no request leave the page's own origin",
            "  fix: fetch in the mode cors, which is the default",
        ],
    );
}

#[test]
fn calls_that_throw() {
    let headers = |name: &'static str, value: &'static str| [Header::new(name, value)];
    let (name, value) = (headers("x a", "1"), headers("x-a", "1\n2"));
    let plain = fetch(PAGE);
    for (fetch, fix) in [
        (Fetch { method: "P UT", ..plain }, "write a method of letters"),
        (Fetch { method: "TRACE", ..plain }, "use another method"),
        (Fetch { headers: &name, ..plain }, "write a header name of letters, digits and hyphens"),
        (Fetch { headers: &value, ..plain }, "write a header value in one line"),
        (Fetch { method: "PUT", mode: Mode::NoCors, ..plain }, "fetch in the mode cors"),
    ] {
        let text = text_of(&Config::NEW, &fetch, Engine::Standard);
        assert!(text.ends_with(&format!("\n  fix: {fix}")), "{text}");
    }
}

#[test]
fn a_fetch_with_everything_in_its_way() {
    let config = Config {
        allow_origins: &["https://www.shop.example", "*"],
        allow_methods: &["PATCH"],
        expose_headers: &["*"],
        ..Config::NEW
    };
    let headers = [Header::new("X-B", "1"), Header::new("x-a", "1")];
    let fetch = Fetch {
        method: "patch",
        headers: &headers,
        credentials: CredentialsMode::Include,
        api: Api::XmlHttpRequest,
        upload_listener: true,
        ..fetch("http://shop.example")
    };
    let text = text_of(&config, &fetch, Engine::Firefox);
    let (steps, obstacles) = text.split_at(text.find("\nobstacle").unwrap());
    assert!(steps.ends_with("\nthe page gets an error event, and the status 0"), "{steps}");
    assert!(
        steps.contains("calls XMLHttpRequest: patch https://api.example.net/orders, with credentials, with a listener on its upload, X-B: 1, x-a: 1\n"),
        "{steps}"
    );
    assert!(steps.contains(", access-control-request-headers: x-a,x-b\n"), "{steps}");
    let expected = [
        "",
        "obstacle: the fetch is made with credentials, and the policy answers `*`, which does not count for them",
        "  fix: ask without credentials: do not set withCredentials",
        "obstacle: the page writes the method patch, the policy lists PATCH, and methods are case-sensitive",
        "  fix: write PATCH, in upper case, in the page",
        "  or: add patch to allow_methods",
        "obstacle: the policy does not list the headers x-a, x-b",
        "  fix: add x-a, x-b to allow_headers",
    ];
    assert_eq!(obstacles.lines().collect::<Vec<_>>(), expected);
}

/// The obstacles with their near misses and fixes, of a plain fetch from this page.
fn obstacles(config: &Config<'_>, page: &str) -> Vec<String> {
    let text = text_of(config, &fetch(page), Engine::Standard);
    text.lines().filter(|line| line.starts_with([' ', 'o'])).map(str::to_owned).collect()
}

#[test]
fn origins_that_are_not_listed() {
    for (listed, page, expected) in [
        (
            "https://shop.example",
            "http://shop.example",
            &[
                "obstacle: the policy does not list the page's origin, http://shop.example",
                "  near miss: the page is http://shop.example, but the policy lists https://shop.example: the scheme differs",
                "  fix: open the page at https://shop.example",
            ][..],
        ),
        (
            "http://shop.example",
            "https://shop.example",
            &[
                "obstacle: the policy does not list the page's origin, https://shop.example",
                "  near miss: the page is https://shop.example, but the policy lists http://shop.example: the scheme differs",
                "  fix: add https://shop.example to allow_origins",
            ],
        ),
        (
            "https://www.shop.example",
            "https://shop.example",
            &[
                "obstacle: the policy does not list the page's origin, https://shop.example",
                "  near miss: the page is https://shop.example, but the policy lists https://www.shop.example: \
                 the page has no `www.` in front",
                "  fix: add https://shop.example to allow_origins",
                "  or: open the page at https://www.shop.example",
            ],
        ),
        (
            "https://shop.example",
            "https://a.shop.example",
            &[
                "obstacle: the policy does not list the page's origin, https://a.shop.example",
                "  near miss: the page is https://a.shop.example, but the policy lists https://shop.example: \
                 the page is on a subdomain of it",
                "  fix: add https://a.shop.example to allow_origins",
            ],
        ),
        (
            "http://localhost:3000",
            "http://localhost:5173",
            &[
                "obstacle: the policy does not list the page's origin, http://localhost:5173",
                "  near miss: the page is http://localhost:5173, but the policy lists http://localhost:3000: the port differs",
                "  fix: add http://localhost:5173 to allow_origins",
            ],
        ),
        (
            "http://localhost:3000",
            "http://127.0.0.1:3000",
            &[
                "obstacle: the policy does not list the page's origin, http://127.0.0.1:3000",
                "  near miss: the page is http://127.0.0.1:3000, but the policy lists http://localhost:3000: \
                 both are this machine, and to a browser two hosts",
                "  fix: open the page at http://localhost:3000",
                "  or: add http://127.0.0.1:3000 to allow_origins",
            ],
        ),
        (
            "https://other.test",
            "null",
            &[
                "obstacle: the page's origin is opaque: a browser writes `null` for a sandboxed frame, a page opened as a \
                 file, a data: page and a redirect across origins, and nobody can tell one from another",
                "  fix: give the page an origin of its own: serve it over http or https, not from a file; give a sandboxed \
                 frame allow-same-origin, if you trust what is in it; let no redirect lead from one origin to another",
            ],
        ),
    ] {
        assert_eq!(obstacles(&Config { allow_origins: &[listed], ..Config::NEW }, page), expected);
    }
}

#[test]
fn headers_and_credentials() {
    let authorization = [Header::new("Authorization", "Bearer x"), Header::new("vary", "a")];
    let config = Config { allow_origins: &[PAGE], allow_headers: &["*"], ..Config::NEW };
    let plain = Fetch { headers: &authorization, credentials: CredentialsMode::Include, ..fetch(PAGE) };
    let lines = |config: &Config<'_>, fetch: &Fetch<'_>| -> Vec<String> {
        let text = text_of(config, fetch, Engine::Standard);
        text.lines().filter(|line| line.starts_with([' ', 'o'])).map(str::to_owned).collect()
    };
    assert_eq!(
        lines(&config, &plain),
        [
            "obstacle: the fetch is made with credentials, and the policy does not allow them",
            "  fix: set allow_credentials = true",
            "  or: fetch without credentials: leave `credentials: \"include\"` out",
            "obstacle: the policy's `*` stands for every header but authorization",
            "  fix: add authorization to allow_headers, beside the `*`",
        ]
    );
    let response = [Header::new("Access-Control-Allow-Origin", "*")];
    let config = Config { allow_headers: &[], allow_credentials: true, ..config };
    assert_eq!(
        lines(&config, &Fetch { headers: &response, ..plain }),
        [
            "obstacle: the page sets access-control-allow-origin on its request, where only a response may have it",
            "  fix: take access-control-allow-origin out of the fetch",
        ]
    );
    let http = Config {
        allow_origins: &[PAGE, "http://shop.example"],
        accept_risks: &[Risk::NullOrigin],
        allow_credentials: false,
        ..config
    };
    assert_eq!(
        lines(&http, &Fetch { headers: &[], ..plain }),
        [
            "obstacle: the fetch is made with credentials, and the policy does not allow them",
            "  fix: fetch without credentials: leave `credentials: \"include\"` out",
        ]
    );
}

/// Who says what to whom, and the names of the steps, which JSON has.
#[test]
fn steps_of_a_fetch_that_is_blocked() {
    let fetch = Fetch { method: "PUT", ..fetch(PAGE) };
    explain(&Config::NEW, &fetch, Engine::WebKit, |explanation| {
        let text: Vec<_> = explanation
            .steps()
            .map(|step| {
                let [from, to] = [step.from(), step.to()].map(Actor::name);
                let error = step.error().map_or("", |error| error.name());
                format!("{} {from} {to} {error}", step.name()).trim_end().to_owned()
            })
            .collect();
        assert_eq!(
            text,
            [
                "call page browser",
                "cross-origin browser browser",
                "need-preflight browser browser",
                "preflight browser server",
                "preflight-decision server server",
                "preflight-response server browser",
                "preflight-check browser browser PreflightMissingAllowOriginHeader",
                "fail browser page",
            ]
        );
        assert!(matches!(explanation.steps().last(), Some(Step::Fail { is_sent: false, .. })));
        assert_eq!(explanation.error().unwrap().name(), "PreflightMissingAllowOriginHeader");
        // What the policy would say of a request that is not made, too.
        let decisions = [explanation.preflight_decision(), explanation.decision()].map(Option::unwrap);
        assert!(decisions.iter().all(|decision| decision.denial() == Some(Denial::OriginNotAllowed)));
        assert_eq!(explanation.preflight_response().unwrap().status, 403);
        assert!(explanation.requests().preflight().is_some());
        let obstacle = explanation.obstacles().next().unwrap();
        assert_eq!(obstacle.kind().name(), "origin");
        let fixes: Vec<_> = obstacle.fixes().map(|fix| (fix.name(), fix.place().name())).collect();
        assert_eq!(fixes, [("allow-origin", Place::Policy.name())]);
    });
    let refused = Fetch { mode: Mode::SameOrigin, ..fetch };
    explain(&Config::NEW, &refused, Engine::WebKit, |explanation| {
        let errors: Vec<_> =
            explanation.steps().filter_map(|step| Some((step.name(), step.error()?.name()))).collect();
        assert_eq!(errors, [("refuse", "DisallowedByMode")]);
    });
    assert_eq!(Place::Page.name(), "page");
    let plain = Fetch { method: "GET", ..fetch };
    explain(&Config::NEW, &plain, Engine::WebKit, |explanation| {
        let last = explanation.steps().last().unwrap().to_string();
        assert_eq!(last, "the page gets TypeError: Load failed, although the server has had the request");
        assert!(explanation.preflight_decision().is_none() && explanation.preflight_response().is_none());
    });
    assert_eq!(origin(PAGE).as_str(), PAGE);
}
