//! [`CompiledPolicy`]: a policy with the header values that it needs.

use std::fmt;
use std::future::Future;
use std::sync::{Arc, OnceLock};

use cors_core::{Config, ConfigOf, Decision, ImageError, Origin, Policy, Request, Verdict};
use http::header::ACCESS_CONTROL_ALLOW_ORIGIN;
use http::{HeaderMap, HeaderName, HeaderValue};

use crate::asking::{AllowOrigin, Answer, OriginCache};
use crate::builder::CorsBuilder;
use crate::error::PolicyError;
use crate::fields::{Fields, value_of};
use crate::head::RequestHead;

/// A policy that owns its image, and the header values of its responses, made once. A clone is a reference count.
#[derive(Clone)]
pub struct CompiledPolicy {
    compiled: Arc<Compiled>,
}

/// What was decided about a request that is not a preflight, without the reason.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Outcome {
    NotCors,
    Allowed,
    Denied,
}

impl From<Verdict> for Outcome {
    fn from(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Allowed => Outcome::Allowed,
            Verdict::Denied(_) => Outcome::Denied,
        }
    }
}

struct Compiled {
    image: Box<[u8]>,
    allow_origin: Option<AllowOrigin>,
    /// True for the policy of ambiguous paths (A9).
    is_ambiguous: bool,
    /// What a response gets by the verdict on its request, as the engine says it (E3).
    not_cors: Fields,
    allowed: Fields,
    denied: Fields,
    /// The answer to a preflight of an allowed origin, which is echoed; `None` if it depends on more.
    preflight: Option<HeaderMap>,
}

impl CompiledPolicy {
    /// Begins a policy, which [`CorsBuilder::build_policy`] ends.
    pub fn builder() -> CorsBuilder {
        CorsBuilder::new()
    }

    /// Checks and compiles a config. The error has every problem of it.
    ///
    /// The lists may be of any text: `ConfigOf { allow_origins: &vec_of_strings, ..ConfigOf::NEW }`.
    /// [`CorsLayer::builder`](crate::CorsLayer::builder) takes the same fields one by one.
    pub fn compile(config: &ConfigOf<'_, impl AsRef<str>>) -> Result<Self, PolicyError> {
        let mut image = vec![0; config.image_len()];
        if let Err(error) = config.compile_into(&mut image) {
            return Err(PolicyError::of_config(config, error));
        }
        Ok(CompiledPolicy::new(image.into(), None))
    }

    /// Checks an image, such as `cors compile` makes.
    ///
    /// It takes any bytes. The error says what is wrong with bytes that are not an image, or are a damaged one.
    pub fn from_image(image: impl Into<Box<[u8]>>) -> Result<Self, ImageError> {
        let image = image.into();
        Policy::from_bytes(&image)?;
        Ok(CompiledPolicy::new(image, None))
    }

    /// Returns a policy that lets the application decide about origins: `allow_origin` is asked about those that are
    /// well-formed and that no pattern of the policy allows (E12), about `null` only if the policy accepts
    /// `Risk::NullOrigin`: any site can send it, and it would pass a check such as "does not end in `.evil.example`". So it is
    /// with the scheme `file` and `Risk::LocalFileOrigin`.
    ///
    /// It sees the request, too. A preflight has no cookies and none of the header fields that a page sets, so that what
    /// depends on them denies the request that follows. The response has `Vary: origin` alone: if it depends on more, the
    /// service inside names that in its own `Vary`.
    ///
    /// The request waits for the answer, so that `allow_origin` should look into memory alone; for a database there is
    /// [`allow_origins_by_async`](Self::allow_origins_by_async). A policy of `*` without
    /// credentials does not look at the origin, and never asks.
    ///
    /// ```
    /// use cors_tower::CorsLayer;
    ///
    /// // Extensions of the browser read the feeds, and no page does.
    /// let layer = CorsLayer::builder()
    ///     .allow_origins_by(|origin, request| {
    ///         origin.scheme() == Some("chrome-extension") && request.uri().path().starts_with("/feeds/")
    ///     })
    ///     .build()?;
    /// # Ok::<(), cors_tower::PolicyError>(())
    /// ```
    #[must_use]
    pub fn allow_origins_by(
        &self,
        allow_origin: impl Fn(&Origin<'_>, &RequestHead<'_>) -> bool + Send + Sync + 'static,
    ) -> Self {
        self.asking(AllowOrigin::Now(Arc::new(allow_origin)))
    }

    /// Returns a policy that lets the application decide about origins and waits for it, such as for a database.
    ///
    /// It is asked as [`allow_origins_by`](Self::allow_origins_by) asks, and about the origin alone, because the answer is
    /// kept for it. The future's output is `None` where the answer is not known: the request is denied, and nothing is
    /// kept. The request waits for as long as the future takes. Requests that a pattern allows do not wait, and neither do
    /// requests about whose origin an answer is kept. A policy in the [shadow](crate::Policies::shadow) is compared only
    /// where it need not wait.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use cors_tower::{CorsLayer, OriginCache};
    /// # #[derive(Clone)]
    /// # struct Database;
    /// # impl Database {
    /// #     async fn has_origin(&self, _: &str) -> Result<bool, std::io::Error> { Ok(true) }
    /// # }
    ///
    /// # let database = Database;
    /// let layer = CorsLayer::builder()
    ///     .allow_credentials(true)
    ///     .allow_origins_by_async(OriginCache::new(Duration::from_secs(60)), move |origin| {
    ///         let database = database.clone();
    ///         async move { database.has_origin(&origin).await.ok() }
    ///     })
    ///     .build()?;
    /// # Ok::<(), cors_tower::PolicyError>(())
    /// ```
    #[must_use]
    pub fn allow_origins_by_async<F>(
        &self,
        cache: OriginCache,
        allow_origin: impl Fn(String) -> F + Send + Sync + 'static,
    ) -> Self
    where
        F: Future<Output = Option<bool>> + Send + 'static,
    {
        self.asking(AllowOrigin::later(cache, allow_origin))
    }

    pub(crate) fn asking(&self, allow_origin: AllowOrigin) -> Self {
        CompiledPolicy::new(self.compiled.image.clone(), Some(allow_origin))
    }

    /// Returns the policy.
    #[inline]
    pub fn policy(&self) -> Policy<'_> {
        Policy::from_trusted_bytes(&self.compiled.image)
    }

    /// Returns what stands for a policy where a path is ambiguous (A9): it denies every request as such.
    #[cold]
    pub(crate) fn of_ambiguous_paths() -> &'static Self {
        static POLICY: OnceLock<CompiledPolicy> = OnceLock::new();
        POLICY.get_or_init(|| CompiledPolicy::made(image_without_problems(&Config::NEW), None, true))
    }

    /// Returns the policy of [`CorsLayer::permissive`](crate::CorsLayer::permissive).
    pub(crate) fn permissive() -> Self {
        CompiledPolicy::new(image_without_problems(&PERMISSIVE), None)
    }

    fn new(image: Box<[u8]>, allow_origin: Option<AllowOrigin>) -> Self {
        CompiledPolicy::made(image, allow_origin, false)
    }

    fn made(image: Box<[u8]>, allow_origin: Option<AllowOrigin>, is_ambiguous: bool) -> Self {
        let policy = Policy::from_trusted_bytes(&image);
        let get =
            |origins: &[&'static str]| Request::from_headers("GET", origins.iter().map(|o| ("origin", *o)));
        let fields = |origins: &[&'static str]| {
            Fields::new(&policy.evaluate_with(&get(origins), |_| !is_ambiguous), SAMPLE_ORIGIN)
        };
        let preflight = |method, name, private_network| {
            let request = Request::from_headers(
                "OPTIONS",
                [
                    ("origin", SAMPLE_ORIGIN),
                    ("access-control-request-method", method),
                    ("access-control-request-headers", name),
                    ("access-control-request-private-network", private_network),
                ],
            );
            header_map(&policy.evaluate_with(&request, |_| true))
        };
        // A preflight that asks for as little as it can, and one that asks for something of each kind.
        let (least, most) = (preflight("GET", "", ""), preflight("POST", "x-sample", "true"));
        CompiledPolicy {
            compiled: Arc::new(Compiled {
                not_cors: fields(&[]),
                allowed: fields(&[SAMPLE_ORIGIN]),
                // Whatever the policy, two origins are denied (E2).
                denied: fields(&[SAMPLE_ORIGIN, SAMPLE_ORIGIN]),
                preflight: (least == most).then_some(least),
                allow_origin,
                is_ambiguous,
                image,
            }),
        }
    }

    /// Decides about the request. The error is the answer about its origin, if the application takes its time for that and has
    /// not `answered`.
    #[inline]
    pub(crate) fn evaluate<'d>(
        &'d self,
        request: &'d Request<'d>,
        head: &RequestHead<'_>,
        answered: Option<bool>,
    ) -> Result<Decision<'d>, Answer<bool>> {
        if self.compiled.is_ambiguous {
            return Ok(Decision::ambiguous_path(request));
        }
        let mut answer = None;
        let decision = self.policy().evaluate_with(request, |origin| match &self.compiled.allow_origin {
            None => false,
            Some(AllowOrigin::Now(allow_origin)) => allow_origin(origin, head),
            Some(AllowOrigin::Later(later)) => {
                answered.or_else(|| later.kept(origin.as_str())).unwrap_or_else(|| {
                    answer = Some(later.ask(origin.as_str().to_owned()));
                    false
                })
            }
        });
        answer.map_or(Ok(decision), Err)
    }

    /// Returns true if the policy alone says what a response gets: nobody is asked, and no path is ambiguous.
    #[inline]
    pub(crate) fn decides_alone(&self) -> bool {
        self.compiled.allow_origin.is_none() && !self.compiled.is_ambiguous
    }

    /// Returns the fields of the response to a request that is not a preflight.
    #[inline]
    pub(crate) fn fields(&self, outcome: Outcome) -> &Fields {
        match outcome {
            Outcome::NotCors => &self.compiled.not_cors,
            Outcome::Allowed => &self.compiled.allowed,
            Outcome::Denied => &self.compiled.denied,
        }
    }

    /// Returns the fields of the answer to a preflight.
    pub(crate) fn preflight(&self, decision: &Decision<'_>, origin: HeaderValue) -> HeaderMap {
        let is_origin_allowed = decision.status().is_some_and(|status| (200..300).contains(&status));
        let constant = if is_origin_allowed { self.constant_preflight(origin) } else { None };
        constant.unwrap_or_else(|| header_map(decision))
    }

    /// Returns the fields of the answer to a preflight of an allowed origin, unless they depend on what it asks for.
    #[inline]
    pub(crate) fn constant_preflight(&self, origin: HeaderValue) -> Option<HeaderMap> {
        let mut headers = self.compiled.preflight.clone()?;
        if let Some(value) = headers.get_mut(ACCESS_CONTROL_ALLOW_ORIGIN)
            && value == SAMPLE_ORIGIN
        {
            *value = origin;
        }
        Some(headers)
    }
}

/// Any page may read what anybody may read.
const PERMISSIVE: Config<'_> = Config {
    allow_origins: &["*"],
    allow_methods: &["*"],
    allow_headers: &["*"],
    expose_headers: &["*"],
    ..Config::NEW
};

/// Returns the image of a config that has no problem.
fn image_without_problems(config: &Config<'_>) -> Box<[u8]> {
    let mut image = vec![0; config.image_len()];
    // If it had one, the image would be of zeros, which allows nothing.
    let _ = config.compile_into(&mut image);
    image.into()
}

/// A copy of the policy, such as `cors_macros::policy!` makes.
impl From<Policy<'_>> for CompiledPolicy {
    fn from(policy: Policy<'_>) -> Self {
        CompiledPolicy::new(policy.as_bytes().into(), None)
    }
}

/// Returns the fields of a decision as a header map.
fn header_map(decision: &Decision<'_>) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for field in decision.fields() {
        // E6: what is echoed came as a field's value.
        if let Ok(value) = value_of(field.value) {
            headers.append(HeaderName::from_static(field.name), value);
        }
    }
    headers
}

/// An origin of no site, which shows where the policy echoes.
const SAMPLE_ORIGIN: &str = "https://origin.invalid";

impl fmt::Debug for CompiledPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CompiledPolicy")
            .field("policy", &self.policy())
            .field("allow_origins_by", &self.compiled.allow_origin)
            .finish_non_exhaustive()
    }
}
