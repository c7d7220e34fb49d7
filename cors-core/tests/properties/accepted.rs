//! Bytes that pass for an image mean what they say, and those that nobody checked do no harm.

use cors_core::{Origin, Policy};

use crate::echo::check_echoes;
use crate::message::Message;
use crate::naive;
use crate::read_back::read_back;

/// Reads and evaluates what passes for an image.
pub(crate) fn use_if_accepted(bytes: &[u8], messages: &[Message]) {
    let Ok(policy) = Policy::from_bytes(bytes) else {
        return;
    };
    let read_back = read_back(&policy);
    for message in messages {
        let request = message.request();
        let decision = policy.evaluate(&request);
        let naive = read_back.with(|config| naive::evaluate(config, message, &mut |_| false));
        assert_eq!(decision.kind(), naive.kind);
        assert_eq!(decision.verdict(), naive.verdict, "{message:?} of {read_back:?}");
        assert_eq!(decision.status(), naive.status);
        check_echoes(&policy, message, true);
    }
}

/// Calls everything that a policy of these bytes has: at worst it answers wrongly, and what it lists and sends is bounded by
/// the lengths of the image and the request.
pub(crate) fn use_unchecked(bytes: &[u8], messages: &[Message]) {
    let policy = Policy::from_trusted_bytes(bytes);
    let lists = [
        policy.allow_origins().count(),
        policy.allow_methods().count(),
        policy.allow_headers().count(),
        policy.expose_headers().count(),
    ];
    assert!(lists.into_iter().all(|count| count <= bytes.len()));
    let _ = (policy.max_age(), policy.preflight_status(), policy.accept_risks().count());
    let _ = (read_back(&policy), format!("{policy:?}"));
    for message in messages {
        let request = message.request();
        let decision = policy.evaluate_with(&request, Origin::is_opaque);
        assert!(decision.fields().count() <= 7 + request.access_control_request_headers().len());
        let _ = format!("{decision:?}");
        for origin in message.values("origin") {
            let _ = Origin::parse(origin).is_ok_and(|origin| policy.allows_origin(&origin));
        }
    }
}
