//! Each rule of adapters, in the process.

use std::sync::{Arc, Mutex};

use axum::body::Body;
use cors_tower::{
    CompiledPolicy, Config, CorsLayer, Decided, Denial, Kind, Origin, Policies, RequestHead, Risk, Verdict,
};
use http::{HeaderValue, Response, StatusCode};
use tower::ServiceExt;

use crate::support::{
    ALLOWED, CONFIG, PAGE, answering, ask, compile, get, layer, lines, preflight, request, text,
};

#[tokio::test]
async fn a1_a_preflight_is_answered_and_nothing_else_is() {
    let answer = ask(&layer(), preflight("/", PAGE, "PUT")).await;
    assert_eq!(answer.status(), 204);
    assert_eq!(
        lines(answer.headers()),
        [
            "access-control-allow-credentials: true",
            "access-control-allow-headers: content-type",
            "access-control-allow-methods: PUT",
            "access-control-allow-origin: https://app.example.com",
            "access-control-max-age: 60",
            "vary: origin",
        ]
    );
    assert_eq!(text(answer).await, "");

    let denied = ask(&layer(), preflight("/", "https://evil.example", "PUT")).await;
    assert_eq!((denied.status().as_u16(), lines(denied.headers())), (403, vec!["vary: origin".to_owned()]));

    let others = [
        request("OPTIONS", "/", &[("origin", PAGE)]),
        request("OPTIONS", "/", &[("access-control-request-method", "PUT")]),
        request("options", "/", &[("origin", PAGE), ("access-control-request-method", "PUT")]),
        request("GET", "/", &[("origin", PAGE), ("access-control-request-method", "PUT")]),
        get("/", PAGE),
        get("/", "https://evil.example"),
    ];
    for other in others {
        let request = format!("{other:?}");
        assert_eq!(text(ask(&layer(), other).await).await, "the application", "{request}");
    }
}

#[tokio::test]
async fn a2_every_status_gets_the_fields() {
    for status in [200, 204, 206, 301, 304, 400, 401, 404, 500, 503] {
        let service =
            answering(&layer(), move |_| Response::builder().status(status).body(Body::empty()).unwrap());
        let response = service.oneshot(get("/", PAGE)).await.unwrap();
        assert_eq!(
            (response.status().as_u16(), &lines(response.headers())[..]),
            (status, &ALLOWED.map(str::to_owned)[..])
        );
    }
}

#[tokio::test]
async fn a3_the_policy_replaces_what_the_application_set() {
    let application = |_| {
        let mut response = Response::new(Body::empty());
        for (name, value) in [
            ("access-control-allow-origin", "*"),
            ("access-control-allow-origin", "https://other.example"),
            ("access-control-allow-methods", "TRACE"),
            ("access-control-expose-headers", "*"),
            ("vary", "accept-encoding"),
            ("x-total", "1"),
        ] {
            response.headers_mut().append(name, HeaderValue::from_static(value));
        }
        response
    };
    let cases: [(&str, &[&str]); 2] = [
        (
            PAGE,
            &[
                "access-control-allow-credentials: true",
                "access-control-allow-origin: https://app.example.com",
                "access-control-expose-headers: x-total",
                "vary: accept-encoding, origin",
                "x-total: 1",
            ],
        ),
        ("https://evil.example", &["vary: accept-encoding, origin", "x-total: 1"]),
    ];
    for (origin, expected) in cases {
        let response = answering(&layer(), application).oneshot(get("/", origin)).await.unwrap();
        assert_eq!(lines(response.headers()), expected, "{origin}");
    }
}

#[tokio::test]
async fn a4_a_swap_counts_for_services_that_are_there() {
    let layer = layer();
    let service = answering(&layer, |_| Response::new(Body::empty()));
    let allows = async |origin: &str| {
        let response = service.clone().oneshot(get("/", origin)).await.unwrap();
        response.headers().contains_key("access-control-allow-origin")
    };
    assert!(allows(PAGE).await && !allows("https://new.example").await);
    layer.handle().store(compile(&Config { allow_origins: &["https://new.example"], ..CONFIG }));
    assert!(!allows(PAGE).await && allows("https://new.example").await);
    layer.handle().store(Policies::new());
    assert!(!allows(PAGE).await && !allows("https://new.example").await);
    assert!(layer.handle().load().find("/").is_none());
}

#[tokio::test]
async fn a5_denials_are_told_by_reason_and_escaped() {
    let denials = Arc::new(Mutex::new(Vec::new()));
    let layer = layer().on_denial({
        let denials = Arc::clone(&denials);
        move |denied| denials.lock().unwrap().push((denied.denial(), denied.is_refused(), denied.to_string()))
    });
    let requests = [
        get("/orders?token=secret", "https://evil.example"),
        preflight("/", PAGE, "DELETE"),
        get("/", "x"),
        get("/", PAGE),
        request("GET", "/", &[]),
        // The server's own page: no browser stops it.
        request("GET", "/", &[("origin", "https://own.example"), ("host", "own.example")]),
    ];
    for request in requests {
        ask(&layer, request).await;
    }
    let mut odd = get("/", PAGE);
    odd.headers_mut().insert("origin", HeaderValue::from_bytes(b"https://\xff\"\t\\").unwrap());
    ask(&layer, odd).await;
    let expected = [
        (
            Denial::OriginNotAllowed,
            r#"actual GET /orders from "https://evil.example": the policy does not allow this origin"#,
        ),
        (
            Denial::MethodNotAllowed,
            r#"preflight OPTIONS / from "https://app.example.com": the policy does not allow this method"#,
        ),
        (Denial::MalformedOrigin, r#"actual GET / from "x": the Origin field holds no serialized origin"#),
        (
            Denial::MalformedOrigin,
            r#"actual GET / from "https://\xff\"\t\\": the Origin field holds no serialized origin"#,
        ),
    ];
    let expected: Vec<_> = expected.map(|(denial, text)| (denial, false, text.to_owned())).into();
    assert_eq!(*denials.lock().unwrap(), expected);
}

#[tokio::test]
async fn a6_enforce_refuses_actual_requests_but_never_the_own_origin() {
    let cases: [(&[(&str, &str)], bool); 7] = [
        (&[("origin", PAGE)], false),
        (&[], false),
        (&[("origin", "https://evil.example")], true),
        (&[("origin", "null")], true),
        (&[("origin", "https://api.example"), ("host", "api.example")], false),
        (&[("origin", "https://evil.example"), ("sec-fetch-site", "same-origin")], false),
        (
            &[("origin", "https://evil.example"), ("host", "api.example"), ("sec-fetch-site", "cross-site")],
            true,
        ),
    ];
    for (fields, refused) in cases {
        for enforce in [false, true] {
            let response = ask(&layer().enforce(enforce), request("POST", "/", fields)).await;
            let expected = if refused && enforce { (403, "") } else { (200, "the application") };
            assert!(response.headers().contains_key("vary"), "{fields:?}");
            assert_eq!((response.status().as_u16(), text(response).await.as_str()), expected, "{fields:?}");
        }
    }
}

#[tokio::test]
async fn a6_the_own_origin_has_a_scheme_where_it_is_known() {
    let own =
        [Origin::parse(b"https://api.example").unwrap(), Origin::parse(b"https://www.example").unwrap()];
    // Target, origin, the status, and that with own origins named.
    let cases = [
        ("https://api.example/", "https://api.example", 200, 200),
        ("https://api.example/", "http://api.example", 403, 403),
        ("http://api.example/", "https://api.example", 403, 200),
        // HTTP/1.1 does not carry the scheme.
        ("/", "http://api.example", 200, 403),
        ("/", "https://www.example", 403, 200),
    ];
    for (target, origin, status, with_own_origins) in cases {
        let layer = layer().enforce(true);
        for (layer, expected) in [(layer.clone(), status), (layer.own_origins(own), with_own_origins)] {
            let request = request("POST", target, &[("origin", origin), ("host", "api.example")]);
            assert_eq!(ask(&layer, request).await.status(), expected, "{target} {origin}");
        }
    }
}

#[tokio::test]
async fn a7_passthrough_lets_the_application_answer_preflights() {
    let service = answering(&layer().passthrough(true), |request| {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::ACCEPTED;
        response.headers_mut().insert("x-method", request.method().as_str().parse().unwrap());
        response.headers_mut().insert("vary", HeaderValue::from_static("accept"));
        response.headers_mut().insert("access-control-allow-methods", HeaderValue::from_static("*"));
        response
    });
    let response = service.clone().oneshot(preflight("/", PAGE, "PUT")).await.unwrap();
    assert_eq!(response.status(), 202);
    assert_eq!(
        lines(response.headers()),
        [
            "access-control-allow-credentials: true",
            "access-control-allow-headers: content-type",
            "access-control-allow-methods: PUT",
            "access-control-allow-origin: https://app.example.com",
            "access-control-max-age: 60",
            "vary: accept, origin",
            "x-method: OPTIONS",
        ]
    );
    let denied = service.oneshot(preflight("/", "https://evil.example", "PUT")).await.unwrap();
    assert_eq!(denied.status(), 202);
    assert_eq!(lines(denied.headers()), ["vary: accept, origin", "x-method: OPTIONS"]);
}

#[tokio::test]
async fn a8_a_shadow_has_no_effect_and_its_differences_are_told() {
    let differences = Arc::new(Mutex::new(Vec::new()));
    let shadow =
        compile(&Config { allow_origins: &["https://new.example"], allow_methods: &["PUT"], ..Config::NEW });
    let policies = Policies::new()
        .at("/api", compile(&CONFIG))
        .unwrap()
        .shadow(Policies::new().at("/api", shadow.clone()).unwrap().at("/more", shadow).unwrap());
    let layer = CorsLayer::new(policies).on_difference({
        let differences = Arc::clone(&differences);
        move |difference| differences.lock().unwrap().push(difference.to_string())
    });
    let allowed = ask(&layer, get("/api", PAGE)).await;
    assert_eq!(lines(allowed.headers()), ALLOWED);
    let denied = ask(&layer, get("/api", "https://new.example")).await;
    assert_eq!(lines(denied.headers()), ["vary: origin"]);
    ask(&layer, get("/more", "https://new.example")).await;
    for same in [
        get("/api", "https://evil.example"),
        request("GET", "/api", &[]),
        get("/none", PAGE),
        preflight("/api", "https://evil.example", "PUT"),
    ] {
        ask(&layer, same).await;
    }
    assert_eq!(
        *differences.lock().unwrap(),
        [
            r#"actual GET /api from "https://app.example.com": allowed; in the shadow: denied: the policy does not allow this origin"#,
            r#"actual GET /api from "https://new.example": denied: the policy does not allow this origin; in the shadow: allowed"#,
            r#"actual GET /more from "https://new.example": no policy; in the shadow: allowed"#,
        ]
    );
}

#[tokio::test]
async fn a9_the_longest_prefix_decides_and_without_one_nothing_changes() {
    let public = compile(&Config { allow_origins: &["*"], ..Config::NEW });
    let layer = CorsLayer::new(
        Policies::new().at("/api", compile(&CONFIG)).unwrap().at("/api/public", public).unwrap(),
    );
    let cases: [(&str, &[&str]); 6] = [
        ("/api/orders?x=/api/public", &ALLOWED),
        ("/api/public", &["access-control-allow-origin: *"]),
        ("/api/pub%6Cic/x", &["access-control-allow-origin: *"]),
        ("/api/publication", &ALLOWED),
        // A server may take letters for the same in any case.
        ("/API/public", &["vary: origin"]),
        ("/", &[]),
    ];
    for (target, expected) in cases {
        assert_eq!(lines(ask(&layer, get(target, PAGE)).await.headers()), expected, "{target}");
    }
    // The application's own answer, where there is no policy.
    let service = answering(&layer, |_| {
        Response::builder().header("access-control-allow-origin", "own").body(Body::empty()).unwrap()
    });
    let response = service.oneshot(preflight("/other", PAGE, "PUT")).await.unwrap();
    assert_eq!(lines(response.headers()), ["access-control-allow-origin: own"]);
}

#[tokio::test]
async fn e12_the_application_decides_about_origins() {
    let policy = compile(&CONFIG).allow_origins_by(|origin, _| origin.host() == Some("tenant.example"));
    let layer = CorsLayer::new(policy);
    for (origin, allowed) in [
        (PAGE, true),
        ("https://tenant.example", true),
        ("https://tenant.example/", false),
        ("https://evil.example", false),
    ] {
        let response = ask(&layer, get("/", origin)).await;
        let expected = allowed.then(|| HeaderValue::from_str(origin).unwrap());
        assert_eq!(response.headers().get("access-control-allow-origin"), expected.as_ref(), "{origin}");
    }
}

#[tokio::test]
async fn e12_the_application_sees_the_request() {
    let layer = CorsLayer::builder()
        .allow_methods(["PUT"])
        .allow_origins_by(|origin, request| {
            let tenant = request.extensions().get::<&str>();
            let is_known = request.headers().contains_key("host") && request.uri().path() == "/orders";
            is_known && tenant.copied() == origin.host() && request.method() != "DELETE"
        })
        .build()
        .unwrap();
    let cases = [
        ("GET", "/orders", "tenant.example", true),
        ("OPTIONS", "/orders", "tenant.example", true),
        ("DELETE", "/orders", "tenant.example", false),
        ("GET", "/others", "tenant.example", false),
        ("GET", "/orders", "other.example", false),
    ];
    for (method, path, tenant, allowed) in cases {
        let fields =
            [("origin", "https://tenant.example"), ("host", "api"), ("access-control-request-method", "PUT")];
        let mut request = request(method, path, &fields);
        request.extensions_mut().insert(tenant);
        let response = ask(&layer, request).await;
        let is_allowed = response.headers().contains_key("access-control-allow-origin");
        assert_eq!(is_allowed, allowed, "{method} {path} {tenant}");
    }
}

#[tokio::test]
async fn e12_the_application_is_asked_about_null_only_where_its_risk_is_accepted() {
    for accept_risks in [&[][..], &[Risk::NullOrigin]] {
        let config = Config { allow_origins: &[PAGE], allow_credentials: true, accept_risks, ..Config::NEW };
        let not_evil = |origin: &Origin<'_>, _: &RequestHead<'_>| !origin.as_str().ends_with(".evil.example");
        let layer = CorsLayer::new(compile(&config).allow_origins_by(not_evil));
        let accepted = !accept_risks.is_empty();
        let response = ask(&layer, get("/", "null")).await;
        let echoed = response.headers().get("access-control-allow-origin");
        assert_eq!(echoed.map(HeaderValue::as_bytes), accepted.then_some(&b"null"[..]));
        let response = ask(&layer, preflight("/", "null", "GET")).await;
        assert_eq!(response.status(), if accepted { 204 } else { 403 });
    }
}

#[tokio::test]
async fn what_was_decided_is_recorded_where_it_is_asked_for() {
    let denied = Verdict::Denied(Denial::OriginNotAllowed);
    let cases = [
        (get("/", PAGE), Kind::Actual, Verdict::Allowed),
        (get("/", "https://evil.example"), Kind::Actual, denied),
        (request("GET", "/", &[]), Kind::NotCors, Verdict::Allowed),
        (preflight("/", PAGE, "DELETE"), Kind::Preflight, Verdict::Denied(Denial::MethodNotAllowed)),
    ];
    for (request, kind, verdict) in cases {
        for passthrough in [false, true] {
            let copy = || {
                let mut copy = self::request(request.method().as_str(), "/", &[]);
                *copy.headers_mut() = request.headers().clone();
                copy
            };
            let layer = layer().passthrough(passthrough);
            assert_eq!(ask(&layer, copy()).await.extensions().get::<Decided>(), None);
            let recorded = ask(&layer.record(true), copy()).await;
            assert_eq!(recorded.extensions().get(), Some(&Decided { kind, verdict }));
        }
    }
    let refused = ask(&layer().record(true).enforce(true), get("/", "https://evil.example")).await;
    assert_eq!(refused.extensions().get(), Some(&Decided { kind: Kind::Actual, verdict: denied }));
}

#[test]
fn an_image_is_loaded_and_a_damaged_one_is_not() {
    let policy = compile(&CONFIG);
    let image = policy.policy().as_bytes().to_vec();
    assert_eq!(CompiledPolicy::from_image(image.clone()).unwrap().policy(), policy.policy());
    for damaged in [&image[..image.len() - 1], b"", b"cors"] {
        assert!(CompiledPolicy::from_image(damaged).is_err());
    }
}

/// C6: the public suffix list is asked by default.
#[test]
fn names_that_strangers_share_are_refused() {
    for pattern in ["https://*.github.io", "https://*.amazonaws.com", "https://*.co.uk", "https://*.com"] {
        let config = Config { allow_origins: &[pattern], allow_credentials: true, ..Config::NEW };
        let refused = CompiledPolicy::compile(&config).map_err(|error| error.to_string());
        assert!(refused.is_err_and(|error| error.contains("PublicSuffix")), "{pattern}");
    }
}
