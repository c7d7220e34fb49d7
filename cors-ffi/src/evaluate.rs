//! What a policy says of a request.

use core::ptr;

use cors_core::{Decision, Origin, Policy, Request};

use crate::raw;
use crate::text::{Fault, Place};
use crate::types::{
    CORS_DENIAL_NONE, CORS_KIND_NOT_CORS, CORS_MAX_FIELDS, CORS_OK, cors_code, cors_decision, cors_field,
    cors_policy, cors_request, cors_string,
};

/// Decides a request. Takes no lock, allocates nothing, and reads nothing but its arguments: any number of threads may
/// evaluate the same policy at once.
///
/// Of a preflight (`CORS_KIND_PREFLIGHT`) the decision is the whole answer: its status and its fields, no body. To any
/// other response add the fields, whatever its status: errors and redirects need them, too. A field of
/// `CORS_OP_REPLACE` takes the place of those that the application sent; one of `CORS_OP_APPEND` stands beside them.
/// Take away `Access-Control-` fields of the application's own even where the decision has none: they would undo a denial.
///
/// On an error the decision has no fields, and the browser keeps the response from the page.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cors_evaluate(
    policy: *const cors_policy,
    request: *const cors_request,
    decision: *mut cors_decision,
) -> cors_code {
    if let Err(fault) = raw::check(decision, Place::of("decision")) {
        return fault.code();
    }
    // SAFETY: the pointers are what the header says.
    unsafe {
        write_head(decision, (CORS_KIND_NOT_CORS, CORS_DENIAL_NONE, 0, 0));
        match policy_of(policy).and_then(|policy| Ok((policy, request_of(request)?))) {
            Ok((policy, request)) => {
                write_decision(decision, &policy.evaluate(&request));
                CORS_OK
            }
            Err(fault) => fault.code(),
        }
    }
}

/// Tells whether some pattern of the policy allows an origin, as for a WebSocket handshake. False for what is none, and
/// on an error.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cors_policy_allows_origin(policy: *const cors_policy, origin: cors_string) -> bool {
    // SAFETY: the pointers are what the header says.
    let (policy, origin) = unsafe { (policy_of(policy), raw::bytes(origin, Place::of("origin"))) };
    match (policy, origin.map(Origin::parse)) {
        (Ok(policy), Ok(Ok(origin))) => policy.allows_origin(&origin),
        _ => false,
    }
}

/// # Safety
///
/// `policy` is NULL, or one that `cors_policy_compile` or `cors_policy_load` wrote, whose bytes are still there.
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
/// `request` is NULL, or points to one whose pointers are what [`cors_request`] says.
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

/// # Safety
///
/// There is room for a decision that nobody else reads or writes.
unsafe fn write_decision(to: *mut cors_decision, decision: &Decision<'_>) {
    let mut count = 0_u32;
    for (index, field) in decision.fields().take(CORS_MAX_FIELDS).enumerate() {
        let field = cors_field {
            name: raw::string(field.name.as_bytes()),
            value: raw::string(field.value),
            op: field.op as u8,
        };
        // SAFETY: `index` is below the length of the array.
        unsafe { (&raw mut (*to).fields).cast::<cors_field>().add(index).write(field) };
        count = count.saturating_add(1);
    }
    let denial = decision.denial().map_or(CORS_DENIAL_NONE, |denial| denial as u8);
    // SAFETY: by the caller's promise.
    unsafe { write_head(to, (decision.kind() as u8, denial, decision.status().unwrap_or(0), count)) };
}

/// # Safety
///
/// As for [`write_decision`].
unsafe fn write_head(to: *mut cors_decision, (kind, denial, status, field_count): (u8, u8, u16, u32)) {
    // SAFETY: by the caller's promise. The fields may not be initialized, and no reference is made.
    unsafe {
        ptr::write(&raw mut (*to).kind, kind);
        ptr::write(&raw mut (*to).denial, denial);
        ptr::write(&raw mut (*to).status, status);
        ptr::write(&raw mut (*to).field_count, field_count);
    }
}
