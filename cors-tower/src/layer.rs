//! [`CorsLayer`]: the policies and how they are applied.

use std::sync::Arc;

use cors_core::Origin;
use tower_layer::Layer;

use crate::builder::CorsBuilder;
use crate::compiled::CompiledPolicy;
use crate::event::{Denied, Difference};
use crate::handle::PolicyHandle;
use crate::options::Options;
use crate::policies::Policies;
use crate::service::Cors;

/// Answers preflights and gives every response its fields, by one policy or by one for each path.
///
/// Clones, and the services that it wraps, share the policies: [`handle`](Self::handle) swaps them for all. The
/// options are set before that, and stay.
#[derive(Clone, Debug)]
pub struct CorsLayer {
    options: Arc<Options>,
}

impl CorsLayer {
    /// Begins a policy, which is written field by field: nothing is allowed until it is named.
    ///
    /// ```
    /// use cors_tower::CorsLayer;
    ///
    /// let layer = CorsLayer::builder().allow_origins(["https://app.example.com"]).allow_credentials(true).build()?;
    /// # Ok::<(), cors_tower::PolicyError>(())
    /// ```
    pub fn builder() -> CorsBuilder {
        CorsBuilder::new()
    }

    /// Makes a layer for data that everybody may read without signing in: any origin, any method, any header, and no
    /// credentials.
    ///
    /// Browsers send such requests without cookies. What a server gives to whoever can reach it, because it stands in a
    /// private network or looks at the client's address, is not public: any page that a person inside visits reads it.
    pub fn permissive() -> Self {
        CorsLayer::new(CompiledPolicy::permissive())
    }

    /// Makes a layer with this policy, or with these for each path.
    ///
    /// It takes a [`CompiledPolicy`], [`Policies`], and the [`Policy`](crate::Policy) that `cors_macros::policy!` compiles
    /// with the program, which then depends on `cors-core` by that name, too:
    ///
    /// ```
    /// use cors_macros::policy;
    /// use cors_tower::{CorsLayer, Policy};
    ///
    /// static POLICY: Policy<'static> = policy! { allow_origins: ["https://app.example.com"], allow_credentials: true };
    ///
    /// let layer = CorsLayer::new(POLICY);
    /// ```
    pub fn new(policies: impl Into<Policies>) -> Self {
        CorsLayer { options: Arc::new(Options::new(policies.into())) }
    }

    /// Returns what swaps the policies while they serve (A4).
    pub fn handle(&self) -> PolicyHandle {
        PolicyHandle::new(Arc::clone(&self.options.policies))
    }

    /// Sets whether a denied actual request is answered with 403 (A6). Otherwise the service inside answers, and the
    /// browser keeps the response from the page. The default is `false`.
    ///
    /// WebSocket handshakes are refused as well: browsers let any page make one, and with `enforce` only pages of allowed
    /// origins open a socket. A request from the server's own pages is never refused; see
    /// [`own_origins`](Self::own_origins) for how those are recognized.
    #[must_use]
    pub fn enforce(self, enforce: bool) -> Self {
        self.with(|options| options.enforce = enforce)
    }

    /// Sets the origins of the site's own pages, which are never refused and not reported (A6).
    ///
    /// They count for requests without `Sec-Fetch-Site`, which alone decides where a browser sends it. Without any, such
    /// a request is the site's own if its `Origin` is the address that it was sent to. HTTP/1.1 does not carry the scheme,
    /// so that the host and port alone are compared there, and a page of `http://` passes for one of `https://`: name the
    /// origins of a site that browsers reach over TLS.
    ///
    /// ```
    /// use cors_tower::{CorsLayer, Origin, Policies};
    ///
    /// let layer = CorsLayer::new(Policies::new()).enforce(true).own_origins([Origin::parse(b"https://shop.example")?]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn own_origins<'o>(self, origins: impl IntoIterator<Item = Origin<'o>>) -> Self {
        self.with(|options| {
            options.own_origins = origins.into_iter().map(|origin| origin.as_bytes().into()).collect();
        })
    }

    /// Sets whether the service inside answers preflights, for one that has its own use for `OPTIONS`. The fields are
    /// still added. The status is the service's, and a browser accepts 200 to 299 alone (A7). The default is `false`.
    #[must_use]
    pub fn passthrough(self, passthrough: bool) -> Self {
        self.with(|options| options.passthrough = passthrough)
    }

    /// Sets whether a [`Decided`](crate::Decided) is left in the response's extensions, for a log that is written further
    /// out. It costs an allocation for each request. The default is `false`.
    #[must_use]
    pub fn record(self, record: bool) -> Self {
        self.with(|options| options.record = record)
    }

    /// Calls `on_denial` for each denied request (A5), before the request is answered. A request from the site's own pages
    /// is not reported, because no browser stops it.
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
        self.with(|options| options.on_denial = Some(Arc::new(on_denial)))
    }

    /// Calls `on_difference` for each CORS request on which the [shadow](Policies::shadow) decides otherwise (A8).
    #[must_use]
    pub fn on_difference(self, on_difference: impl Fn(&Difference<'_>) + Send + Sync + 'static) -> Self {
        self.with(|options| options.on_difference = Some(Arc::new(on_difference)))
    }

    fn with(mut self, set: impl FnOnce(&mut Options)) -> Self {
        set(Arc::make_mut(&mut self.options));
        self
    }
}

impl<S> Layer<S> for CorsLayer {
    type Service = Cors<S>;

    fn layer(&self, inner: S) -> Cors<S> {
        Cors::new(inner, Arc::clone(&self.options))
    }
}
