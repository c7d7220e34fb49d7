//! Bytes that pass for an image mean what they say, and bytes that nobody checked do no harm (I2).

use cors_core::{Origin, Policy};

use super::check_echoes;
use crate::{Message, OwnedConfig, OwnedConfigExt, naive};

/// Reads the bytes and, if they pass for an image, compares its answers with those to the config that it reads as.
pub fn use_if_accepted(bytes: &[u8], messages: &[Message]) {
    let Ok(policy) = Policy::from_bytes(bytes) else {
        return;
    };
    let read_back = OwnedConfig::from(policy);
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

/// Calls every method of a policy of these bytes without checking them. At worst the policy answers wrongly: what it lists
/// and sends is bounded by the lengths of the image and the request.
pub fn use_unchecked(bytes: &[u8], messages: &[Message]) {
    let policy = Policy::from_trusted_bytes(bytes);
    let lists = [
        policy.allow_origins().count(),
        policy.allow_methods().count(),
        policy.allow_headers().count(),
        policy.expose_headers().count(),
    ];
    assert!(lists.into_iter().all(|count| count <= bytes.len()));
    let _ = (policy.max_age(), policy.preflight_status(), policy.accept_risks().count());
    let _ = (OwnedConfig::from(policy), format!("{policy:?}"));
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
