//! A policy compiled in: this program has the evaluation, and no compiler. `tests/no_compiler.rs` looks.

use cors_core::{Policy, Request};
use cors_macros::policy;

static POLICY: Policy<'static> = policy! {
    allow_origins: ["https://app.example.com", "https://*.example.org"],
    allow_methods: ["PUT", "DELETE"],
    allow_headers: ["content-type"],
    allow_credentials: true,
};

fn main() {
    let request = Request::from_headers(
        "OPTIONS",
        [("origin", "https://shop.example.org"), ("access-control-request-method", "PUT")],
    );
    let decision = POLICY.evaluate(&request);
    println!("{}", decision.verdict());
    for field in decision.fields() {
        println!("{}: {}", field.name, field.value.escape_ascii());
    }
}
