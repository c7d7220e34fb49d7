//! [`PolicyHandle`]: swaps the policies of layers that are serving (A4).

use std::sync::Arc;

use arc_swap::ArcSwap;

use crate::policies::Policies;

/// Swaps the policies of a layer, and of all services and clones that come from it, while they serve.
///
/// A swap is one atomic step for all paths and the shadow: each request is decided by the old policies or by the new ones.
/// No request waits for a swap.
///
/// ```
/// use cors_tower::{CompiledPolicy, CorsLayer, Policies};
///
/// let layer = CorsLayer::new(Policies::new());
/// let handle = layer.handle();
/// // Later, on any thread:
/// handle.store(CompiledPolicy::builder().allow_origins(["https://app.example.com"]).build_policy()?);
/// # Ok::<(), cors_tower::PolicyError>(())
/// ```
#[derive(Clone, Debug)]
pub struct PolicyHandle {
    policies: Arc<ArcSwap<Policies>>,
}

impl PolicyHandle {
    pub(crate) fn new(policies: Arc<ArcSwap<Policies>>) -> Self {
        PolicyHandle { policies }
    }

    /// Puts these policies in the place of the others, for all requests from now on.
    pub fn store(&self, policies: impl Into<Policies>) {
        self.policies.store(Arc::new(policies.into()));
    }

    /// Returns the policies by which requests are decided now.
    pub fn load(&self) -> Arc<Policies> {
        self.policies.load_full()
    }
}
