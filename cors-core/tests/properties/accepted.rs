//! Bytes that pass for an image mean what they say.

use cors_core::Policy;

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
