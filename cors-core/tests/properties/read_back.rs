//! What a policy says of itself.

use cors_core::Policy;

use crate::owned_config::OwnedConfig;

pub(crate) fn read_back(policy: &Policy<'_>) -> OwnedConfig {
    OwnedConfig {
        allow_origins: policy.allow_origins().map(str::to_owned).collect(),
        allow_methods: policy.allow_methods().map(str::to_owned).collect(),
        allow_headers: policy.allow_headers().map(str::to_owned).collect(),
        expose_headers: policy.expose_headers().map(str::to_owned).collect(),
        allow_credentials: policy.allow_credentials(),
        max_age: policy.max_age(),
        allow_private_network: policy.allow_private_network(),
        preflight_status: policy.preflight_status(),
        accept_risks: policy.accept_risks().collect(),
        knows_public_suffixes: false,
    }
}
