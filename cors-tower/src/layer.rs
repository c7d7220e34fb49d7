//! [`CorsLayer`]: the policies and how they are applied.

use std::fmt;
use std::sync::Arc;

use arc_swap::ArcSwap;
use tower_layer::Layer;

use crate::event::{Denied, Difference};
use crate::handle::PolicyHandle;
use crate::policies::Policies;
use crate::service::Cors;

/// Answers preflights and gives every response its fields, by one policy or by one for each path.
///
/// Clones, and the services that it wraps, share the policies: [`handle`](Self::handle) swaps them for all. The
/// options are set before that, and stay.
#[derive(Clone, Debug)]
pub struct CorsLayer {
    shared: Arc<Shared>,
}

/// What every service of a layer shares.
#[derive(Clone)]
pub(crate) struct Shared {
    pub(crate) policies: Arc<ArcSwap<Policies>>,
    pub(crate) enforce: bool,
    pub(crate) passthrough: bool,
    pub(crate) record: bool,
    pub(crate) on_denial: Option<OnDenial>,
    pub(crate) on_difference: Option<OnDifference>,
}

type OnDenial = Arc<dyn Fn(&Denied<'_>) + Send + Sync>;
type OnDifference = Arc<dyn Fn(&Difference<'_>) + Send + Sync>;

impl CorsLayer {
    /// A layer with this policy, or with these for each path.
    pub fn new(policies: impl Into<Policies>) -> Self {
        CorsLayer {
            shared: Arc::new(Shared {
                policies: Arc::new(ArcSwap::from_pointee(policies.into())),
                enforce: false,
                passthrough: false,
                record: false,
                on_denial: None,
                on_difference: None,
            }),
        }
    }

    /// What swaps the policies while they serve (A4).
    pub fn handle(&self) -> PolicyHandle {
        PolicyHandle::new(Arc::clone(&self.shared.policies))
    }

    /// Whether to answer 403 to a denied actual request (A6). Without it the service inside answers, whatever it
    /// does, and the browser keeps the response from the page.
    ///
    /// That includes WebSocket handshakes, which browsers let any page make: with `enforce`, only pages of allowed
    /// origins open one. A request from the server's own origin is never refused: browsers send `Origin` on those,
    /// too.
    #[must_use]
    pub fn enforce(self, enforce: bool) -> Self {
        self.with(|shared| shared.enforce = enforce)
    }

    /// Whether the service inside answers preflights, as one does that has its own use for `OPTIONS`. The fields are
    /// still added; the status is the service's, and a browser takes it from 200 to 299 only (A7).
    #[must_use]
    pub fn passthrough(self, passthrough: bool) -> Self {
        self.with(|shared| shared.passthrough = passthrough)
    }

    /// Whether to leave what was decided in the response's extensions, as a [`Decided`](crate::Decided), for a log
    /// that is written further out. It costs an allocation for each request.
    #[must_use]
    pub fn record(self, record: bool) -> Self {
        self.with(|shared| shared.record = record)
    }

    /// Calls `on_denial` for each denied request (A5), before it is answered; but not for the server's own pages,
    /// which no browser stops.
    ///
    /// ```
    /// use std::sync::Arc;
    /// use std::sync::atomic::{AtomicU64, Ordering};
    ///
    /// use cors_tower::{CorsLayer, Denial, Policies};
    ///
    /// let counts: Arc<[AtomicU64; Denial::ALL.len()]> = Arc::default();
    /// let layer = CorsLayer::new(Policies::new()).on_denial({
    ///     let counts = Arc::clone(&counts);
    ///     move |denied| {
    ///         // The numbers of denials are stable, from 1.
    ///         if let Some(count) = counts.get(denied.denial() as usize - 1) {
    ///             count.fetch_add(1, Ordering::Relaxed);
    ///         }
    ///     }
    /// });
    /// ```
    #[must_use]
    pub fn on_denial(self, on_denial: impl Fn(&Denied<'_>) + Send + Sync + 'static) -> Self {
        self.with(|shared| shared.on_denial = Some(Arc::new(on_denial)))
    }

    /// Calls `on_difference` for each CORS request on which the [shadow](Policies::shadow) decides otherwise (A8).
    #[must_use]
    pub fn on_difference(self, on_difference: impl Fn(&Difference<'_>) + Send + Sync + 'static) -> Self {
        self.with(|shared| shared.on_difference = Some(Arc::new(on_difference)))
    }

    fn with(mut self, set: impl FnOnce(&mut Shared)) -> Self {
        set(Arc::make_mut(&mut self.shared));
        self
    }
}

impl<S> Layer<S> for CorsLayer {
    type Service = Cors<S>;

    fn layer(&self, inner: S) -> Cors<S> {
        Cors::new(inner, Arc::clone(&self.shared))
    }
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shared")
            .field("policies", &self.policies.load())
            .field("enforce", &self.enforce)
            .field("passthrough", &self.passthrough)
            .field("record", &self.record)
            .field("on_denial", &self.on_denial.is_some())
            .field("on_difference", &self.on_difference.is_some())
            .finish()
    }
}
