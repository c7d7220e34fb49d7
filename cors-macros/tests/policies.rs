//! What the macros leave in a program is what the config compiles to there.

use cors_core::{Config, Policy, Risk};
use cors_macros::{policy, policy_file};

static IN_A_STATIC: Policy<'static> = policy! {
    allow_origins: ["https://app.example.com", "https://*.example.org"],
    allow_methods: ["PUT", "DELETE"],
    allow_headers: ["content-type"],
    allow_credentials: true,
    max_age: 7200,
};

const EVERY_FIELD: Policy<'static> = policy! {
    accept_risks: [
        Risk::InsecureOrigin,
        NullOrigin,
        "PublicSuffix",
        cors_core::Risk::AnyOriginWithCredentials,
        LocalFileOrigin,
    ],
    preflight_status: 200,
    max_age: 0x10,
    allow_private_network: true,
    allow_credentials: true,
    expose_headers: ["x-request-id",],
    allow_headers: ["*", "authorization"],
    allow_methods: [r"*"],
    allow_origins: ["http://legacy.example.com", "null", "https://*.github.io", "\u{2a}", "file://"]
};

const NOTHING: Policy<'static> = policy! {};

static FROM_TOML: Policy<'static> = policy_file!("tests/policies/shop.toml");
static FROM_JSON: Policy<'static> = policy_file!("tests/policies/shop.json");

#[test]
fn the_image_is_that_of_the_config() {
    let shop = Config {
        allow_origins: &["https://app.example.com", "https://*.example.org"],
        allow_methods: &["PUT", "DELETE"],
        allow_headers: &["content-type"],
        allow_credentials: true,
        max_age: Some(7200),
        ..Config::NEW
    };
    let every_field = Config {
        allow_origins: &["http://legacy.example.com", "null", "https://*.github.io", "*", "file://"],
        allow_methods: &["*"],
        allow_headers: &["*", "authorization"],
        expose_headers: &["x-request-id"],
        allow_credentials: true,
        max_age: Some(16),
        allow_private_network: true,
        preflight_status: 200,
        accept_risks: &Risk::ALL,
        is_public_suffix: None,
    };
    let cases = [
        ("in a static", IN_A_STATIC, shop),
        ("every field", EVERY_FIELD, every_field),
        ("nothing", NOTHING, Config::NEW),
        ("TOML", FROM_TOML, shop),
        ("JSON", FROM_JSON, shop),
        ("in an expression", { policy!(allow_origins: ["null"], accept_risks: [NullOrigin]) }, {
            Config { allow_origins: &["null"], accept_risks: &[Risk::NullOrigin], ..Config::NEW }
        }),
    ];
    for (name, compiled_in, config) in cases {
        let mut image = [0; 1024];
        let compiled = config.compile_into(&mut image).unwrap();
        assert_eq!(compiled_in.as_bytes(), compiled.as_bytes(), "{name}");
        assert_eq!(Policy::from_bytes(compiled_in.as_bytes()).unwrap(), compiled, "{name}");
    }
}
