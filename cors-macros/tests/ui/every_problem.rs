use cors_core::Policy;
use cors_macros::policy;

static POLICY: Policy<'static> = policy! {
    allow_origins: [
        "https://app.example.com",
        "https://Shop.example.com:443/",
        "example.com",
        "https://*.github.io",
        "http://legacy.example.com",
    ],
    allow_methods: ["PUT", "TRACE"],
    allow_headers: ["content-type", "Cookie"],
    expose_headers: ["*"],
    allow_credentials: true,
    max_age: 100_000,
    preflight_status: 404,
};

fn main() {
    println!("{POLICY:?}");
}
