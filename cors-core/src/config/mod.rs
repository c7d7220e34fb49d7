//! [`Config`]: the operator's description of a policy, before it is checked (rules C1 to C7).

pub(crate) mod check;
pub(crate) mod error;
mod field;
#[cfg(feature = "psl")]
mod public_suffix;
mod risk;

pub use error::{CompileError, ConfigError, Problem};
pub use field::ConfigField;
#[cfg(feature = "psl")]
pub use public_suffix::is_public_suffix;
pub use risk::Risk;

use core::fmt;

/// What a policy should allow, in strings: a [`ConfigOf`] `&str`.
pub type Config<'a> = ConfigOf<'a, &'a str>;

/// What a policy should allow, as the operator describes it: borrowed, and not yet checked. `S` is whatever holds a text:
/// `&str` in a [`Config`], or `String`, or a type of the caller's.
///
/// Nothing is allowed by default; start from [`Config::NEW`] and name what should be. [`check`](Self::check)
/// reports every problem, [`compile_into`](Self::compile_into) makes a [`Policy`](crate::Policy).
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

    /// The methods that pages may use beside GET, HEAD and POST, which are always allowed; or `*` alone for any.
    ///
    /// `delete`, `get`, `head`, `options`, `post` and `put` are taken in any case, as the Fetch standard normalizes
    /// them; all others are case-sensitive. CONNECT, TRACE and TRACK cannot be allowed.
    pub allow_methods: &'a [S],

    /// The request header names that pages may set beside the safelisted ones; or `*` for any.
    ///
    /// In any case. Without credentials the Fetch standard's `*` does not cover `authorization`, which may
    /// therefore stand beside it.
    pub allow_headers: &'a [S],

    /// The response header names that pages may read beside the safelisted ones; or `*` alone for any, without
    /// credentials.
    pub expose_headers: &'a [S],

    /// Whether pages may send cookies, client certificates and HTTP authentication, and read what comes back.
    pub allow_credentials: bool,

    /// For how many seconds a browser may keep the answer to a preflight, at most [`Config::MAX_MAX_AGE`].
    /// `None` leaves the field out, which browsers take for 5 seconds; 0 keeps nothing.
    pub max_age: Option<u32>,

    /// Whether to answer `Access-Control-Request-Private-Network`, which browsers no longer send.
    pub allow_private_network: bool,

    /// The status of the answer to an allowed preflight, 200 to 299.
    pub preflight_status: u16,

    /// The risks that the operator knows of and takes. A setting that has one is refused until it is named here.
    pub accept_risks: &'a [Risk],

    /// Tells whether a domain such as `github.io` is a public suffix, under which anyone can have a name.
    ///
    /// Without it [`Risk::PublicSuffix`] is never seen. With the feature `psl`, `is_public_suffix` of this crate
    /// asks the public suffix list.
    pub is_public_suffix: Option<&'a PublicSuffixes<'a>>,
}

/// A predicate: is this domain a public suffix?
pub(crate) type PublicSuffixes<'a> = dyn Fn(&str) -> bool + Sync + 'a;

impl Config<'_> {
    /// Allows nothing: the start of every config.
    pub const NEW: Config<'static> = Config {
        allow_origins: &[],
        allow_methods: &[],
        allow_headers: &[],
        expose_headers: &[],
        allow_credentials: false,
        max_age: None,
        allow_private_network: false,
        preflight_status: 204,
        accept_risks: &[],
        is_public_suffix: None,
    };

    /// The most seconds that any browser keeps the answer to a preflight: a day (Firefox; others keep less).
    pub const MAX_MAX_AGE: u32 = 86_400;

    /// The most bytes of a method or a header name.
    pub const MAX_NAME_LEN: usize = 256;
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

impl Default for Config<'_> {
    fn default() -> Self {
        Config::NEW
    }
}
