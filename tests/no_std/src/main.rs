//! Compiles and evaluates a policy where there is neither std nor an allocator. `cors-core/tests/no_std.rs` builds
//! and runs it; the exit status says which check failed, 0 that none did.

#![no_std]
#![no_main]

use core::ffi::c_int;
use core::panic::PanicInfo;

use cors_core::{Config, Decision, Denial, FieldOp, HeaderField, Kind, Policy, Request, Verdict};

const CONFIG: Config<'static> = Config {
    allow_origins: &["https://app.example.com", "https://*.example.org", "https://pr-*.example.net:*"],
    allow_methods: &["PUT", "delete"],
    allow_headers: &["Content-Type", "authorization"],
    expose_headers: &["X-Request-Id"],
    allow_credentials: true,
    max_age: Some(7200),
    ..Config::NEW
};

const PREFLIGHT: [(&str, &str); 4] = [
    ("Host", "api.example.com"),
    ("Origin", "https://shop.eu.example.org"),
    ("Access-Control-Request-Method", "PUT"),
    ("Access-Control-Request-Headers", "content-type"),
];

// SAFETY: no other `main` is linked: the C start-up code calls this one.
#[unsafe(no_mangle)]
extern "C" fn main() -> c_int {
    match run() {
        Ok(()) => 0,
        Err(failure) => failure as c_int,
    }
}

/// Which check failed: the exit status.
#[derive(Clone, Copy)]
enum Failure {
    Compile = 1,
    ImageLength,
    BufferTooSmall,
    FromBytes,
    PreflightKind,
    PreflightVerdict,
    PreflightStatus,
    PreflightFields,
    DeniedPreflight,
    ActualKind,
    ActualVerdict,
    ActualStatus,
    ActualFields,
    WildcardPort,
    DeniedActual,
}

fn run() -> Result<(), Failure> {
    let mut buffer = [0; 1024];
    let compiled = CONFIG.compile_into(&mut buffer).map_err(|_| Failure::Compile)?;
    let image = compiled.as_bytes();
    check(image.len() == CONFIG.image_len(), Failure::ImageLength)?;
    check(CONFIG.compile_into(&mut [0; 64]).is_err(), Failure::BufferTooSmall)?;
    let policy = Policy::from_bytes(image).map_err(|_| Failure::FromBytes)?;
    preflights(&policy)?;
    actual_requests(&policy)
}

fn preflights(policy: &Policy<'_>) -> Result<(), Failure> {
    let request = Request::from_headers("OPTIONS", PREFLIGHT);
    let decision = policy.evaluate(&request);
    check(decision.kind() == Kind::Preflight, Failure::PreflightKind)?;
    check(decision.verdict() == Verdict::Allowed, Failure::PreflightVerdict)?;
    check(decision.status() == Some(204), Failure::PreflightStatus)?;
    let expected = [
        replace("access-control-allow-origin", b"https://shop.eu.example.org"),
        replace("access-control-allow-credentials", b"true"),
        replace("access-control-allow-methods", b"PUT, DELETE"),
        replace("access-control-allow-headers", b"content-type, authorization"),
        replace("access-control-max-age", b"7200"),
        vary(),
    ];
    check(decision.fields().eq(expected), Failure::PreflightFields)?;

    let denied = Request::from_headers(
        "OPTIONS",
        [("origin", "https://example.org"), ("access-control-request-method", "PUT")],
    );
    let decision = policy.evaluate(&denied);
    check(is_denied(&decision) && decision.status() == Some(403), Failure::DeniedPreflight)
}

fn actual_requests(policy: &Policy<'_>) -> Result<(), Failure> {
    let request = Request::from_headers("GET", [("Origin", "https://app.example.com")]);
    let decision = policy.evaluate(&request);
    check(decision.kind() == Kind::Actual, Failure::ActualKind)?;
    check(decision.verdict() == Verdict::Allowed, Failure::ActualVerdict)?;
    check(decision.status().is_none(), Failure::ActualStatus)?;
    let expected = [
        replace("access-control-allow-origin", b"https://app.example.com"),
        replace("access-control-allow-credentials", b"true"),
        replace("access-control-expose-headers", b"x-request-id"),
        vary(),
    ];
    check(decision.fields().eq(expected), Failure::ActualFields)?;

    let preview = Request::from_headers("GET", [("origin", "https://pr-7.example.net:8443")]);
    check(policy.evaluate(&preview).is_allowed(), Failure::WildcardPort)?;

    let denied = Request::from_headers("GET", [("origin", "https://app.example.com.evil.test")]);
    check(is_denied(&policy.evaluate(&denied)), Failure::DeniedActual)
}

fn is_denied(decision: &Decision<'_>) -> bool {
    decision.denial() == Some(Denial::OriginNotAllowed) && decision.fields().eq([vary()])
}

fn check(holds: bool, failure: Failure) -> Result<(), Failure> {
    if holds { Ok(()) } else { Err(failure) }
}

fn replace<'a>(name: &'static str, value: &'a [u8]) -> HeaderField<'a> {
    HeaderField { name, value, op: FieldOp::Replace }
}

fn vary() -> HeaderField<'static> {
    HeaderField { name: "vary", value: b"origin", op: FieldOp::Append }
}

#[link(name = "c")]
unsafe extern "C" {
    safe fn abort() -> !;
}

#[panic_handler]
fn panic(_: &PanicInfo<'_>) -> ! {
    abort()
}

/// The precompiled `core` names the unwinder's entry, which nothing calls where a panic aborts.
// SAFETY: no unwinder is linked, so no other definition is either.
#[unsafe(no_mangle)]
extern "C" fn rust_eh_personality() {}
