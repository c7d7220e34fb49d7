//! The ways to a policy: field by field, from a config of any texts, or compiled with the program.

use std::error::Error;
use std::time::Duration;

use cors_macros::policy;
use cors_tower::{
    CompiledPolicy, Config, ConfigField, ConfigOf, CorsLayer, Policies, Policy, PolicyError, Problem, Risk,
};

use crate::support::{ALLOWED, PAGE, ask, compile, get, lines, preflight};

static POLICY: Policy<'static> = policy! {
    allow_origins: ["https://app.example.com"],
    expose_headers: ["x-total"],
    allow_credentials: true,
};

/// Each setter sets the field whose name it has.
#[test]
fn each_setter_is_a_field() {
    let built = CompiledPolicy::builder()
        .allow_origins(["null"])
        .allow_origins(vec![PAGE.to_owned()])
        .allow_methods(["PUT"])
        .allow_headers(["content-type"])
        .expose_headers(["x-total"])
        .allow_credentials(true)
        .max_age(Duration::from_millis(60_999))
        .allow_private_network(true)
        .preflight_status(200)
        .accept_risks([Risk::NullOrigin])
        .build_policy()
        .unwrap();
    let compiled = compile(&Config {
        allow_origins: &["null", PAGE],
        allow_methods: &["PUT"],
        allow_headers: &["content-type"],
        expose_headers: &["x-total"],
        allow_credentials: true,
        max_age: Some(60),
        allow_private_network: true,
        preflight_status: 200,
        accept_risks: &[Risk::NullOrigin],
        ..Config::NEW
    });
    assert_eq!(built.policy(), compiled.policy());
    let nothing = CompiledPolicy::builder().build_policy().unwrap();
    assert_eq!(nothing.policy(), compile(&Config::NEW).policy());
}

#[test]
fn texts_of_any_type_make_one_policy() {
    let origins: Vec<String> = vec![PAGE.to_owned()];
    let of_strings = CompiledPolicy::compile(&ConfigOf { allow_origins: &origins, ..ConfigOf::NEW }).unwrap();
    let of_strs = compile(&Config { allow_origins: &[PAGE], ..Config::NEW });
    assert_eq!(of_strings.policy(), of_strs.policy());
}

/// C6: what is refused in a config is refused in a builder, the public suffix list included.
#[test]
fn an_error_owns_every_problem() {
    fn policy_of(origins: &[String]) -> Result<CorsLayer, Box<dyn Error + Send + Sync>> {
        let config = ConfigOf { allow_origins: origins, allow_credentials: true, ..ConfigOf::NEW };
        Ok(CorsLayer::new(CompiledPolicy::compile(&config)?))
    }
    let origins = ["https://*.github.io", "https://a.example/"].map(str::to_owned);
    let config_error = policy_of(&origins).unwrap_err().downcast::<PolicyError>().unwrap();
    let built = CorsLayer::builder().allow_origins(origins).allow_credentials(true).build();
    let error = built.unwrap_err();
    assert_eq!(error, *config_error);
    let problems: Vec<_> =
        error.problems().iter().map(|problem| (problem.field(), problem.problem())).collect();
    assert_eq!(problems[0], (ConfigField::AllowOrigins, Some(Problem::Risk(Risk::PublicSuffix))));
    assert!(matches!(problems[..], [_, (ConfigField::AllowOrigins, Some(Problem::Pattern(_)))]));
    // What `main` prints of an error that it returns.
    assert_eq!(format!("{error:?}"), error.to_string());
    let [first, second] = error.problems() else { panic!("{error}") };
    assert!(first.to_string().ends_with("or add PublicSuffix to accept_risks"), "{first}");
    assert!(second.to_string().ends_with("write https://a.example"), "{second}");
}

#[test]
fn no_age_is_cut() {
    for seconds in [86_401, u64::from(u32::MAX) + 1, u64::MAX] {
        let refused = CorsLayer::builder().max_age(Duration::from_secs(seconds)).build().unwrap_err();
        assert_eq!(refused.problems()[0].problem(), Some(Problem::MaxAgeTooLong), "{seconds}");
    }
}

#[test]
fn the_environment_is_read() {
    // cargo sets it, to a folder.
    let refused = CorsLayer::builder().allow_origins_from_env("CARGO_MANIFEST_DIR").build().unwrap_err();
    let text = refused.problems()[0].to_string();
    assert!(text.starts_with("CARGO_MANIFEST_DIR[0] \""), "{text}");
    let refused = CorsLayer::builder().allow_origins_from_env("CORS_NOBODY_SETS_IT").build().unwrap_err();
    assert!(refused.to_string().contains("variable CORS_NOBODY_SETS_IT is not set"), "{refused}");
}

#[tokio::test]
async fn a_policy_of_the_macro_is_taken_as_it_is() {
    let at_path = Policies::new().at("/", POLICY).unwrap();
    for layer in
        [CorsLayer::new(POLICY), CorsLayer::new(at_path), CorsLayer::new(CompiledPolicy::from(POLICY))]
    {
        let response = ask(&layer, get("/", PAGE)).await;
        assert_eq!(lines(response.headers()), ALLOWED);
    }
}

/// E3, E6: without credentials, and so the same for everybody.
#[tokio::test]
async fn permissive_is_public() {
    let layer = CorsLayer::permissive();
    let response = ask(&layer, get("/", "https://any.example")).await;
    let public = ["access-control-allow-origin: *", "access-control-expose-headers: *"];
    assert_eq!(lines(response.headers()), public);
    let answer = ask(&layer, preflight("/", "null", "PATCH")).await;
    assert_eq!(answer.status(), 204);
    let any = ["headers", "methods", "origin"].map(|name| format!("access-control-allow-{name}: *"));
    assert_eq!(lines(answer.headers()), any);
}
