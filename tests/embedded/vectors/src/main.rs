//! Runs the decision vectors on a Cortex-M3: compiles each config, compares the image with the one that another machine made,
//! loads it and evaluates the requests. The last lines print the counts of cases and failures, and the stack that was used.

#![no_std]
#![no_main]

mod stack;
mod text;
mod vector;

use core::hint::black_box;
use core::panic::PanicInfo;

use cors_core::{Config, Decision, Denial, Policy, Request, Risk};
use cors_macros::policy;
use cortex_m_rt::entry;
use cortex_m_semihosting::{debug, hprintln};
use heapless::Vec;
use serde::Deserialize;

use crate::vector::{DecisionCase, RequestCase};

static VECTORS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/vectors"));

static POLICY: Policy<'static> = policy! {
    allow_origins: ["https://app.example.com", "https://*.example.org"],
    allow_methods: ["PUT", "DELETE"],
    allow_headers: ["content-type"],
    allow_credentials: true,
    max_age: 7200,
};

/// Room for the values of one request that repeat a text: three times what a policy reads of one value.
const ROOM: usize = 24 * 1024;

#[derive(Default)]
struct Report {
    cases: usize,
    requests: usize,
    left_out: usize,
    failures: usize,
    compile_stack: usize,
    load_stack: usize,
    /// To evaluate a request.
    evaluate_stack: usize,
    /// To make a request of header fields, and to evaluate it.
    answer_stack: usize,
}

#[entry]
fn main() -> ! {
    let mut report = Report::default();
    let mut room = [0; ROOM];
    compiled_in(&mut report);
    let mut rest = VECTORS;
    let cases: usize = next(&mut rest);
    for _ in 0..cases {
        let case: DecisionCase<'_> = next(&mut rest);
        let policy = loaded(&case, &mut report);
        for number in 0..case.requests {
            let asked = next(&mut rest);
            ask(&policy, &asked, &mut room, &mut report, (case.name, number));
        }
    }
    let Report { cases, requests, left_out, failures, .. } = report;
    hprintln!("{} cases, {} requests, {} too long to hold, {} failures", cases, requests, left_out, failures);
    hprintln!("stack: evaluate {}", report.evaluate_stack);
    hprintln!("stack: request and evaluate {}", report.answer_stack);
    hprintln!("stack: load {}", report.load_stack);
    hprintln!("stack: compile {}", report.compile_stack);
    let whole = rest.is_empty() && failures == 0 && requests > 0;
    debug::exit(if whole { debug::EXIT_SUCCESS } else { debug::EXIT_FAILURE });
    unreachable!("the emulator has stopped");
}

fn next<T: Deserialize<'static>>(rest: &mut &'static [u8]) -> T {
    let (value, after) = postcard::take_from_bytes(rest).expect("vectors");
    *rest = after;
    value
}

/// The constant that `policy!` makes decides as its policy does.
fn compiled_in(report: &mut Report) {
    let request = Request::from_headers("GET", [("Origin", "https://shop.example.org")]);
    let decision = POLICY.evaluate(&request);
    let fields = [
        ("access-control-allow-origin", &b"https://shop.example.org"[..]),
        ("access-control-allow-credentials", b"true"),
        ("vary", b"origin"),
    ];
    if !decision.is_allowed() || !decision.fields().map(|field| (field.name, field.value)).eq(fields) {
        hprintln!("policy!: {:?}", decision);
        report.failures += 1;
    }
}

/// Returns the policy in the case's image, after this machine has compiled the same one.
fn loaded(case: &DecisionCase<'static>, report: &mut Report) -> Policy<'static> {
    report.cases += 1;
    let accept_risks: Vec<Risk, 4> =
        case.config.accept_risks.iter().filter_map(|name| Risk::from_name(name)).collect();
    let config = Config {
        allow_origins: &case.config.allow_origins,
        allow_methods: &case.config.allow_methods,
        allow_headers: &case.config.allow_headers,
        expose_headers: &case.config.expose_headers,
        allow_credentials: case.config.allow_credentials,
        max_age: case.config.max_age,
        allow_private_network: case.config.allow_private_network,
        preflight_status: case.config.preflight_status,
        accept_risks: &accept_risks,
        is_public_suffix: None,
    };
    let mut buffer = [0; 4096];
    let mut same = false;
    let compile_stack = stack::used(&mut || {
        let compiled = config.compile_into(&mut buffer);
        same = compiled.is_ok_and(|policy| policy.as_bytes() == case.image);
    });
    if !same {
        hprintln!("{}: another image than elsewhere", case.name);
        report.failures += 1;
    }
    let mut policy = None;
    let load_stack = stack::used(&mut || policy = Policy::from_bytes(black_box(case.image)).ok());
    report.compile_stack = report.compile_stack.max(compile_stack);
    report.load_stack = report.load_stack.max(load_stack);
    policy.expect("an image")
}

fn ask(
    policy: &Policy<'static>,
    asked: &RequestCase,
    mut room: &mut [u8],
    report: &mut Report,
    place: (&str, usize),
) {
    let method = asked.method.bytes(&mut room);
    let headers: Option<Vec<(&str, &[u8]), 48>> =
        asked.headers.iter().map(|(name, value)| Some((text::str(*name), value.bytes(&mut room)?))).collect();
    let (Some(method), Some(headers)) = (method, headers) else {
        report.left_out += 1;
        return;
    };
    report.requests += 1;
    let request = Request::from_headers(method, headers.iter().copied());
    report.evaluate_stack = report.evaluate_stack.max(stack::used(&mut || use_decision(policy, &request)));
    let answer_stack = stack::used(&mut || {
        use_decision(policy, &Request::from_headers(black_box(method), black_box(&headers).iter().copied()));
    });
    report.answer_stack = report.answer_stack.max(answer_stack);
    let decision = policy.evaluate(&request);
    if !answers(&decision, asked) {
        hprintln!("{}, request {}: {:?}", place.0, place.1, decision);
        report.failures += 1;
    }
}

/// Evaluates the request and iterates over the fields to send.
fn use_decision(policy: &Policy<'_>, request: &Request<'_>) {
    let decision = policy.evaluate(request);
    black_box((decision.kind(), decision.denial(), decision.status()));
    for field in decision.fields() {
        black_box(field);
    }
}

fn answers(decision: &Decision<'_>, asked: &RequestCase) -> bool {
    let expected =
        asked.fields.iter().map(|&(name, value, op)| (text::str(name), text::bytes(value), text::str(op)));
    decision.kind().name() == text::str(asked.kind)
        && decision.denial().map_or("allowed", Denial::name) == text::str(asked.verdict)
        && decision.status() == asked.status
        && decision.fields().map(|field| (field.name, field.value, field.op.name())).eq(expected)
}

#[panic_handler]
fn panic(info: &PanicInfo<'_>) -> ! {
    hprintln!("{}", info);
    debug::exit(debug::EXIT_FAILURE);
    loop {}
}
