//! Configs: an operator's description of a policy, and whether it may stand (rules C1 to C10).
//!
//! Takes a [`Config`]. Reports every [`ConfigError`] in it, or none. Called by `image`, which compiles configs and checks
//! images by the same `rules`, by `explain`, and by whoever writes a policy.

mod check;
mod compile_error;
mod error;
mod field;
mod problem;
#[cfg(feature = "psl")]
mod public_suffix;
mod risk;
pub(crate) mod rules;

pub use compile_error::CompileError;
pub use error::ConfigError;
pub use field::ConfigField;
pub use problem::Problem;
#[cfg(feature = "psl")]
pub use public_suffix::{has_public_suffix_below, is_public_suffix, is_shared_domain};
pub use risk::Risk;

use core::fmt;

use crate::pattern::StarPlaces;

/// What a policy should allow, in strings: a [`ConfigOf`] `&str`.
pub type Config<'a> = ConfigOf<'a, &'a str>;

/// What a policy should allow, as the operator describes it: borrowed, and not yet checked. `S` is whatever holds a text:
/// `&str` in a [`Config`], or `String`, or a type of the caller's.
///
/// Nothing is allowed by default: start from [`Config::NEW`] and name what the policy should allow. [`check`](Self::check)
/// reports every problem; [`compile_into`](Self::compile_into) makes a [`Policy`](crate::Policy).
///
/// ```
/// use cors_core::{Config, Policy};
///
/// let config = Config {
///     allow_origins: &["https://app.example.com", "https://*.example.org"],
///     allow_methods: &["PUT", "DELETE"],
///     allow_headers: &["content-type", "authorization"],
///     allow_credentials: true,
///     max_age: Some(7200),
///     ..Config::NEW
/// };
/// let mut image = [0; 512];
/// let policy: Policy<'_> = config.compile_into(&mut image)?;
/// assert!(policy.allow_credentials());
/// # Ok::<(), cors_core::CompileError<'_>>(())
/// ```
#[derive(Clone, Copy)]
pub struct ConfigOf<'a, S> {
    /// The origins whose pages may read responses, each an [`OriginPattern`](crate::OriginPattern).
    pub allow_origins: &'a [S],

    /// The methods that pages may use in addition to GET, HEAD and POST, which are always allowed; or `*` alone for any.
    ///
    /// `delete`, `get`, `head`, `options`, `post` and `put` may be written in any case, as the Fetch standard normalizes
    /// them; all others are case-sensitive. CONNECT, TRACE and TRACK cannot be allowed. At most [`Config::MAX_METHODS`].
    pub allow_methods: &'a [S],

    /// The names, in any case, of the request headers that pages may set in addition to the safelisted ones; or `*` for
    /// any.
    ///
    /// Without credentials the Fetch standard's `*` does not cover `authorization`, so the list may have both.
    pub allow_headers: &'a [S],

    /// The names of the response headers that pages may read in addition to the safelisted ones; or, without credentials,
    /// `*` alone for any.
    pub expose_headers: &'a [S],

    /// Whether pages may send cookies, client certificates and HTTP authentication, and read what comes back.
    pub allow_credentials: bool,

    /// The seconds for which a browser may keep the response to a preflight, at most [`Config::MAX_MAX_AGE`]. With `None`
    /// the response does not have the header field, and browsers keep it for 5 seconds; 0 forbids keeping it.
    pub max_age: Option<u32>,

    /// Whether to answer `Access-Control-Request-Private-Network`, which browsers no longer send.
    pub allow_private_network: bool,

    /// The status of the response to an allowed preflight, 200 to 299.
    pub preflight_status: u16,

    /// The risks that the operator accepts. A setting that has a risk is refused until the risk is named here.
    pub accept_risks: &'a [Risk],

    /// Returns true for a domain under which strangers have names: a public suffix such as `github.io`, or a domain such as
    /// `amazonaws.com`, which has some below it.
    ///
    /// With the feature `psl`, [`Config::NEW`] asks the public suffix list. Without this predicate [`Risk::PublicSuffix`] is
    /// found only where one label alone stands to the right of the `*`.
    pub is_public_suffix: Option<&'a PublicSuffixes<'a>>,
}

/// A predicate that returns true for a public suffix.
pub(crate) type PublicSuffixes<'a> = dyn Fn(&str) -> bool + Sync + 'a;

#[cfg(feature = "psl")]
const NEW_PUBLIC_SUFFIXES: Option<&PublicSuffixes<'static>> = Some(&is_shared_domain);
#[cfg(not(feature = "psl"))]
const NEW_PUBLIC_SUFFIXES: Option<&PublicSuffixes<'static>> = None;

impl<S> ConfigOf<'_, S> {
    /// The config that allows nothing, from which every config starts. Its texts are of the type that the other fields have:
    ///
    /// ```
    /// use cors_core::{Config, ConfigOf};
    ///
    /// let origins = vec![String::from("https://app.example.com")];
    /// let config = ConfigOf { allow_origins: &origins, ..ConfigOf::NEW };
    /// let mut image = vec![0; config.image_len()];
    /// assert!(config.compile_into(&mut image).is_ok());
    /// assert_eq!(Config::NEW.allow_origins.len(), 0);
    /// ```
    pub const NEW: Self = ConfigOf {
        allow_origins: &[],
        allow_methods: &[],
        allow_headers: &[],
        expose_headers: &[],
        allow_credentials: false,
        max_age: None,
        allow_private_network: false,
        preflight_status: 204,
        accept_risks: &[],
        is_public_suffix: NEW_PUBLIC_SUFFIXES,
    };
}

impl Config<'_> {
    /// The most seconds for which any browser keeps the response to a preflight: a day (Firefox; others keep less).
    pub const MAX_MAX_AGE: u32 = 86_400;

    /// The most bytes of a method or a header name.
    pub const MAX_NAME_LEN: usize = 256;

    /// The most entries of [`allow_methods`](Self::allow_methods), each of which a preflight may be compared with (C10).
    pub const MAX_METHODS: usize = 128;

    /// The most places in a label, counted by the bytes before and after, at which patterns such as
    /// `https://pr-*-team.example.com` have their `*`; those with `:*` count apart (C9).
    pub const MAX_STAR_PLACES: usize = StarPlaces::MAX;
}

impl<S> ConfigOf<'_, S> {
    pub(crate) fn accepts(&self, risk: Risk) -> bool {
        self.accept_risks.contains(&risk)
    }
}

impl<S: fmt::Debug> fmt::Debug for ConfigOf<'_, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Config")
            .field("allow_origins", &self.allow_origins)
            .field("allow_methods", &self.allow_methods)
            .field("allow_headers", &self.allow_headers)
            .field("expose_headers", &self.expose_headers)
            .field("allow_credentials", &self.allow_credentials)
            .field("max_age", &self.max_age)
            .field("allow_private_network", &self.allow_private_network)
            .field("preflight_status", &self.preflight_status)
            .field("accept_risks", &self.accept_risks)
            .finish_non_exhaustive()
    }
}

impl<S> Default for ConfigOf<'_, S> {
    fn default() -> Self {
        ConfigOf::NEW
    }
}
