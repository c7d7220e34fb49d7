//! `cors_evaluate` and `cors_policy_allows_origin`.

use core::ptr;

use cors_core::{Decision, Denial, Kind, Policy, Request};

use crate::code::Code;
use crate::raw;
use crate::text::{Fault, Place};
use crate::types::{
    CORS_DENIAL_NONE, CORS_MAX_FIELDS, cors_code, cors_decision, cors_field, cors_policy, cors_request,
    cors_string,
};

/// Decides a request. Takes no lock, allocates nothing, and reads nothing but its arguments: any number of threads may
/// evaluate the same policy at once.
///
/// The decision is the whole answer to a preflight (`CORS_KIND_PREFLIGHT`): its status and its fields, no body. Add the
/// fields to any other response, whatever its status: errors and redirects need them, too. A field of `CORS_OP_REPLACE`
/// replaces those that the application sent; a field of `CORS_OP_APPEND` is added to them, or in the case of `vary` merged by
/// `cors_vary_merge`. Remove the application's own fields of a policy (`cors_is_policy_field`) even if the decision has none:
/// they would undo a denial.
///
/// On an error the decision has no fields, and the browser keeps the response from the page.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cors_evaluate(
    policy: *const cors_policy,
    request: *const cors_request,
    decision: *mut cors_decision,
) -> cors_code {
    // SAFETY: the pointers are as the header requires.
    unsafe { write_decided(decision, request, |request| Ok(policy_of(policy)?.evaluate(request))) }
}

/// Denies a request whose path falls under no one policy, as `cors_path_find` says: `CORS_DENIAL_AMBIGUOUS_PATH`. The decision is used
/// as that of `cors_evaluate`: 403 for a preflight, and `vary` for every response. A request without `Origin` is allowed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cors_evaluate_ambiguous_path(
    request: *const cors_request,
    decision: *mut cors_decision,
) -> cors_code {
    // SAFETY: the pointers are as the header requires.
    unsafe { write_decided(decision, request, |request| Ok(Decision::ambiguous_path(request))) }
}

/// Returns true if some pattern of the policy allows an origin, as for a WebSocket handshake. White space around the value
/// does not count. Returns false for a text that is not an origin, and on an error.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cors_policy_allows_origin(policy: *const cors_policy, origin: cors_string) -> bool {
    // SAFETY: the pointers are as the header requires.
    let (policy, origin) = unsafe { (policy_of(policy), raw::bytes(origin, Place::of("origin"))) };
    policy.is_ok_and(|policy| origin.is_ok_and(|value| policy.allows_origin_value(value)))
}

/// # Safety
///
/// `policy` is NULL, or points to a policy that `cors_policy_compile` or `cors_policy_load` wrote, whose bytes still exist.
pub(crate) unsafe fn policy_of<'a>(policy: *const cors_policy) -> Result<Policy<'a>, Fault> {
    // SAFETY: by the caller's promise.
    unsafe {
        let policy = raw::object(policy, "policy")?;
        if policy.data.is_null() {
            return Err(Fault::Null(Place::of("policy")));
        }
        raw::objects(policy.data, policy.len, Place::of("policy")).map(Policy::from_trusted_bytes)
    }
}

/// # Safety
///
/// `request` is NULL, or points to a request whose pointers are as [`cors_request`] requires.
unsafe fn request_of<'a>(request: *const cors_request) -> Result<Request<'a>, Fault> {
    // SAFETY: by the caller's promise.
    unsafe {
        let given = raw::sized(request, "request")?;
        let mut request = Request::new(raw::bytes(given.method, Place::of("method"))?);
        let place = Place::of("headers");
        for header in raw::objects(given.headers, given.header_count, place)? {
            request.add_header(raw::bytes(header.name, place)?, raw::bytes(header.value, place)?);
        }
        Ok(request)
    }
}

/// Writes what `decide` decides about a request; on an error, a decision without fields. `to` may be anything.
#[inline]
unsafe fn write_decided(
    to: *mut cors_decision,
    request: *const cors_request,
    decide: impl for<'r> FnOnce(&'r Request<'r>) -> Result<Decision<'r>, Fault>,
) -> cors_code {
    if let Err(fault) = raw::check(to, Place::of("decision")) {
        return fault.code().number();
    }
    // SAFETY: the pointer can be written to.
    unsafe {
        write_head(to, (Kind::NotCors.number(), CORS_DENIAL_NONE, 0, 0));
        let written = request_of(request).and_then(|request| {
            write_decision(to, &decide(&request)?);
            Ok(())
        });
        written.map_or_else(|fault| fault.code().number(), |()| Code::Ok.number())
    }
}

/// # Safety
///
/// `to` points to room for a decision that nobody else reads or writes.
unsafe fn write_decision(to: *mut cors_decision, decision: &Decision<'_>) {
    let mut count = 0_u32;
    for (index, field) in decision.fields().take(CORS_MAX_FIELDS).enumerate() {
        let field = cors_field {
            name: raw::string(field.name.as_bytes()),
            value: raw::string(field.value),
            op: field.op.number(),
        };
        // SAFETY: `index` is below the length of the array.
        unsafe { (&raw mut (*to).fields).cast::<cors_field>().add(index).write(field) };
        count = count.saturating_add(1);
    }
    let denial = decision.denial().map_or(CORS_DENIAL_NONE, Denial::number);
    // SAFETY: by the caller's promise.
    unsafe { write_head(to, (decision.kind().number(), denial, decision.status().unwrap_or(0), count)) };
}

/// # Safety
///
/// As for [`write_decision`].
unsafe fn write_head(to: *mut cors_decision, (kind, denial, status, field_count): (u8, u8, u16, u32)) {
    // SAFETY: by the caller's promise. No reference is made, since the fields may not be initialized.
    unsafe {
        ptr::write(&raw mut (*to).kind, kind);
        ptr::write(&raw mut (*to).denial, denial);
        ptr::write(&raw mut (*to).status, status);
        ptr::write(&raw mut (*to).field_count, field_count);
    }
}
