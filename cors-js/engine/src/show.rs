//! What a policy says, as a policy file in JSON.

use cors_core::Policy;
use cors_policy_file::OwnedConfig;

use crate::memory::{bytes, put};

/// Makes the config of an image the output, as JSON.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn show(image: *const u8, length: usize) {
    // SAFETY: the host's, see `bytes`.
    let policy = Policy::from_trusted_bytes(unsafe { bytes(image, length) });
    put(serde_json::to_vec(&OwnedConfig::from(policy)).unwrap_or_default());
}
