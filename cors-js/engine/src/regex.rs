//! Regular expressions for origins: matched whole and in linear time, and proved where credentials are allowed (P9).

use std::boxed::Box;

use cors_core::{Origin, Risk};
use cors_origin_regex::{Dialect, Expression};
use regex_automata::nfa::thompson::{Compiler, Config, NFA, WhichCaptures, pikevm};
use regex_automata::{Anchored, Input};
use regex_syntax::hir::{Hir, Look};

use crate::compile::put_problems;
use crate::memory::{bytes, put, text};
use crate::problem::{Problem, Value};

/// An expression, ready to match.
pub struct OriginRegex {
    vm: pikevm::PikeVM,
    cache: pikevm::Cache,
}

/// The most memory of a compiled expression, in bytes: the default of the crate `regex`.
const MAX_SIZE: usize = 10 << 20;

/// Compiles an expression in JavaScript's notation. Returns its address; or null, and the output is the problem in JSON, in a list.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn regex_compile(source: *const u8, length: usize) -> *mut OriginRegex {
    // SAFETY: the host's, see `bytes`.
    let source = unsafe { text(source, length) };
    match compiled(source) {
        Ok(regex) => Box::into_raw(Box::new(regex)),
        Err(problem) => {
            put_problems(&[*problem]);
            std::ptr::null_mut()
        }
    }
}

fn compiled(source: &str) -> Result<OriginRegex, Box<Problem>> {
    let problem = |reason: String, advice: Option<String>| {
        Box::new(
            Problem {
                value: Some(Value::Text(source.to_owned())),
                advice,
                ..Problem::of_the_whole("Regex", reason)
            }
            .composed(),
        )
    };
    let expression = Expression::parse(source, Dialect::JavaScript)
        .map_err(|error| problem(error.to_string(), error.advice().map(str::to_owned)))?;
    let config = Config::new().nfa_size_limit(Some(MAX_SIZE)).which_captures(WhichCaptures::None);
    let nfa: NFA = Compiler::new()
        .configure(config)
        .build_from_hir(&whole(expression.hir().clone()))
        .map_err(|error| problem(error.to_string(), Some("repeat less in it".to_owned())))?;
    let vm = pikevm::PikeVM::new_from_nfa(nfa).map_err(|error| problem(error.to_string(), None))?;
    Ok(OriginRegex { cache: vm.create_cache(), vm })
}

/// Makes the risks of an expression the output, for a policy with credentials: problems in JSON.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn regex_risks(source: *const u8, length: usize) {
    // SAFETY: the host's, see `bytes`.
    let source = unsafe { text(source, length) };
    let mut problems = Vec::new();
    if let Ok(expression) = Expression::parse(source, Dialect::JavaScript) {
        let mut add = |risk: Risk, reason: String, advice: &str| {
            let advice = Some(format!("{advice}, or add {risk} to acceptRisks"));
            let value = Some(Value::Text(source.to_owned()));
            let kind = format!("{:?}", cors_core::Problem::Risk(risk));
            let problem =
                Problem { value, advice, risk: Some(risk.name()), ..Problem::of_the_whole(&kind, reason) };
            problems.push(problem.composed());
        };
        if let Err(refusal) = expression.confinement() {
            add(Risk::AnyOriginWithCredentials, refusal.reason, &refusal.advice);
        }
        if expression.may_be_insecure() {
            let consequence = Risk::InsecureOrigin.consequence();
            let reason = format!("it lets in origins that are not shown to be https: {consequence}");
            add(Risk::InsecureOrigin, reason, "begin it with https://");
        }
    }
    put(serde_json::to_vec(&problems).unwrap_or_default());
}

/// Returns true if the expression matches the origin, from its first byte to its last. `null` has to be listed by its name (P7).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn regex_matches(regex: *mut OriginRegex, origin: *const u8, length: usize) -> bool {
    // SAFETY: the host's, see `bytes`, and an address of `regex_compile` that it has not released.
    let (OriginRegex { vm, cache }, origin) = unsafe { (&mut *regex, bytes(origin, length)) };
    if !Origin::parse(origin).is_ok_and(|origin| !origin.is_opaque()) {
        return false;
    }
    vm.is_match(cache, Input::new(origin).anchored(Anchored::Yes))
}

/// Anchors the expression at the first byte and the last, whatever flags or alternatives are in it.
fn whole(tree: Hir) -> Hir {
    Hir::concat(vec![Hir::look(Look::Start), tree, Hir::look(Look::End)])
}

/// Gives an expression back.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn regex_release(regex: *mut OriginRegex) {
    // SAFETY: an address of `regex_compile`, once.
    drop(unsafe { Box::from_raw(regex) });
}
