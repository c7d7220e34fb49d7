//! [`CorsBuilder`]: a policy, field by field.

use std::env::{self, VarError};
use std::fmt;
use std::future::Future;
use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use cors_core::{ConfigError, ConfigField, ConfigOf, Origin, Risk};

use crate::asking::{AllowOrigin, OriginCache};
use crate::compiled::CompiledPolicy;
use crate::error::{PolicyError, PolicyProblem};
use crate::head::RequestHead;
use crate::layer::CorsLayer;

/// A policy that is written field by field, with the names of [`Config`](crate::Config)'s fields, and owns its texts.
///
/// Nothing is allowed until it is named. A list that is given twice grows. [`build`](Self::build) checks all of it and
/// returns every problem, each with what to write instead, so that a mistake ends the program when it starts:
///
/// ```no_run
/// use std::error::Error;
/// use std::time::Duration;
///
/// use axum::{Router, routing::get};
/// use cors_tower::CorsLayer;
///
/// fn main() -> Result<(), Box<dyn Error>> {
///     let cors = CorsLayer::builder()
///         .allow_origins(["https://app.example.com", "https://*.example.org"])
///         .allow_origins_from_env("CORS_ORIGINS")
///         .allow_methods(["PUT", "DELETE"])
///         .allow_headers(["content-type", "authorization"])
///         .allow_credentials(true)
///         .max_age(Duration::from_secs(7200))
///         .build()?;
///     let app: Router = Router::new().route("/orders", get(|| async { "no orders" })).layer(cors);
///     # drop(app);
///     Ok(())
/// }
/// ```
#[derive(Clone)]
#[must_use = "a builder does nothing until it is built"]
pub struct CorsBuilder {
    allow_origins: Vec<String>,
    allow_methods: Vec<String>,
    allow_headers: Vec<String>,
    expose_headers: Vec<String>,
    allow_credentials: bool,
    max_age: Option<Duration>,
    allow_private_network: bool,
    preflight_status: u16,
    accept_risks: Vec<Risk>,
    allow_origin: Option<AllowOrigin>,
    variables: Vec<Variable>,
    /// Of the variables that hold no origin.
    problems: Vec<PolicyProblem>,
}

/// An environment variable, and which of the origins it holds.
#[derive(Clone, Debug)]
struct Variable {
    name: String,
    origins: Range<usize>,
}

impl CorsBuilder {
    pub(crate) fn new() -> Self {
        let new = ConfigOf::<String>::NEW;
        CorsBuilder {
            allow_origins: Vec::new(),
            allow_methods: Vec::new(),
            allow_headers: Vec::new(),
            expose_headers: Vec::new(),
            allow_credentials: new.allow_credentials,
            max_age: None,
            allow_private_network: new.allow_private_network,
            preflight_status: new.preflight_status,
            accept_risks: Vec::new(),
            allow_origin: None,
            variables: Vec::new(),
            problems: Vec::new(),
        }
    }

    /// Adds origins whose pages may read responses: exact ones, or patterns such as `https://*.example.com`, or `*`. See
    /// [`Config::allow_origins`](crate::Config::allow_origins).
    ///
    /// ```
    /// use cors_tower::CorsLayer;
    ///
    /// let from_settings: Vec<String> = vec!["https://app.example.com".into(), "http://localhost:*".into()];
    /// let layer = CorsLayer::builder().allow_origins(from_settings).build()?;
    /// # Ok::<(), cors_tower::PolicyError>(())
    /// ```
    pub fn allow_origins<S: Into<String>>(mut self, origins: impl IntoIterator<Item = S>) -> Self {
        self.allow_origins.extend(origins.into_iter().map(Into::into));
        self
    }

    /// Adds the origins that an environment variable holds, separated by commas. White space around an origin does not
    /// count.
    ///
    /// A variable that is not set, or holds no origin, is a problem that [`build`](Self::build) returns: a policy without
    /// the origins that it was meant to have would show in browsers alone. Problems of an origin have the variable's name:
    /// `CORS_ORIGINS[1] "https://Example.com": …; write https://example.com`.
    pub fn allow_origins_from_env(self, variable: &str) -> Self {
        self.allow_origins_of(variable, env::var(variable))
    }

    fn allow_origins_of(mut self, variable: &str, value: Result<String, VarError>) -> Self {
        const ADVICE: &str = "set it to origins separated by commas, such as https://app.example.com";
        let fault = match value {
            Ok(value) => {
                let before = self.allow_origins.len();
                let origins = value.split(',').map(str::trim).filter(|origin| !origin.is_empty());
                self.allow_origins.extend(origins.map(str::to_owned));
                let origins = before..self.allow_origins.len();
                if !origins.is_empty() {
                    self.variables.push(Variable { name: variable.to_owned(), origins });
                    return self;
                }
                "holds no origin"
            }
            Err(VarError::NotPresent) => "is not set",
            Err(VarError::NotUnicode(_)) => "is not in UTF-8",
        };
        let text = format!("the environment variable {variable} {fault}; {ADVICE}");
        self.problems.push(PolicyProblem::without_origins(text));
        self
    }

    /// Adds methods that pages may use in addition to GET, HEAD and POST; or `*` alone for any. See
    /// [`Config::allow_methods`](crate::Config::allow_methods).
    pub fn allow_methods<S: Into<String>>(mut self, methods: impl IntoIterator<Item = S>) -> Self {
        self.allow_methods.extend(methods.into_iter().map(Into::into));
        self
    }

    /// Adds names of request headers that pages may set in addition to the safelisted ones; or `*` for any. See
    /// [`Config::allow_headers`](crate::Config::allow_headers).
    pub fn allow_headers<S: Into<String>>(mut self, names: impl IntoIterator<Item = S>) -> Self {
        self.allow_headers.extend(names.into_iter().map(Into::into));
        self
    }

    /// Adds names of response headers that pages may read in addition to the safelisted ones; or `*` alone for any. See
    /// [`Config::expose_headers`](crate::Config::expose_headers).
    pub fn expose_headers<S: Into<String>>(mut self, names: impl IntoIterator<Item = S>) -> Self {
        self.expose_headers.extend(names.into_iter().map(Into::into));
        self
    }

    /// Sets whether pages may send cookies, client certificates and HTTP authentication, and read what comes back. The
    /// default is `false`.
    pub fn allow_credentials(mut self, allow_credentials: bool) -> Self {
        self.allow_credentials = allow_credentials;
        self
    }

    /// Sets for how long a browser may keep the response to a preflight: a day at most, in whole seconds, so that a
    /// fraction of a second is dropped. Without it browsers keep the response for 5 seconds.
    pub fn max_age(mut self, max_age: Duration) -> Self {
        self.max_age = Some(max_age);
        self
    }

    /// Sets whether to answer `Access-Control-Request-Private-Network`, which browsers no longer send. The default is
    /// `false`.
    pub fn allow_private_network(mut self, allow_private_network: bool) -> Self {
        self.allow_private_network = allow_private_network;
        self
    }

    /// Sets the status of the response to an allowed preflight, 200 to 299. The default is 204.
    pub fn preflight_status(mut self, preflight_status: u16) -> Self {
        self.preflight_status = preflight_status;
        self
    }

    /// Accepts risks: a setting that has one is refused until the risk is named. See [`Risk`].
    pub fn accept_risks(mut self, risks: impl IntoIterator<Item = Risk>) -> Self {
        self.accept_risks.extend(risks);
        self
    }

    /// Lets the application decide about origins that no pattern allows: see
    /// [`CompiledPolicy::allow_origins_by`]. Of two closures the last is asked.
    pub fn allow_origins_by(
        mut self,
        allow_origin: impl Fn(&Origin<'_>, &RequestHead<'_>) -> bool + Send + Sync + 'static,
    ) -> Self {
        self.allow_origin = Some(AllowOrigin::Now(Arc::new(allow_origin)));
        self
    }

    /// Lets the application decide about origins and waits for it: see
    /// [`CompiledPolicy::allow_origins_by_async`]. Of two closures the last is asked.
    pub fn allow_origins_by_async<F>(
        mut self,
        cache: OriginCache,
        allow_origin: impl Fn(String) -> F + Send + Sync + 'static,
    ) -> Self
    where
        F: Future<Output = Option<bool>> + Send + 'static,
    {
        self.allow_origin = Some(AllowOrigin::later(cache, allow_origin));
        self
    }

    /// Checks the policy and makes a layer with it.
    pub fn build(self) -> Result<CorsLayer, PolicyError> {
        self.build_policy().map(CorsLayer::new)
    }

    /// Checks the policy and returns it: for [`Policies`](crate::Policies), by path, or for a
    /// [`PolicyHandle`](crate::PolicyHandle).
    pub fn build_policy(self) -> Result<CompiledPolicy, PolicyError> {
        let config = self.config();
        let mut problems = self.problems.clone();
        config.check(|error| problems.push(self.problem(&error)));
        if !problems.is_empty() {
            return Err(PolicyError::new(problems));
        }
        let policy = CompiledPolicy::compile(&config)?;
        Ok(match self.allow_origin {
            Some(allow_origin) => policy.asking(allow_origin),
            None => policy,
        })
    }

    fn config(&self) -> ConfigOf<'_, String> {
        ConfigOf {
            allow_origins: &self.allow_origins,
            allow_methods: &self.allow_methods,
            allow_headers: &self.allow_headers,
            expose_headers: &self.expose_headers,
            allow_credentials: self.allow_credentials,
            // What does not fit is more than a day.
            max_age: self.max_age.map(|max_age| u32::try_from(max_age.as_secs()).unwrap_or(u32::MAX)),
            allow_private_network: self.allow_private_network,
            preflight_status: self.preflight_status,
            accept_risks: &self.accept_risks,
            ..ConfigOf::NEW
        }
    }

    /// Returns the problem at the place where its value is written.
    fn problem(&self, error: &ConfigError<'_>) -> PolicyProblem {
        let index = error.index().filter(|_| error.field() == ConfigField::AllowOrigins);
        let Some(index) = index else { return PolicyProblem::refused(error) };
        let mut before: usize = 0;
        for Variable { name, origins } in &self.variables {
            if origins.contains(&index) {
                return PolicyProblem::refused_in(error, name, index.saturating_sub(origins.start));
            }
            if origins.end <= index {
                before = before.saturating_add(origins.len());
            }
        }
        // The program did not write the origins of the variables, and does not count them.
        PolicyProblem::refused_in(error, error.field().name(), index.saturating_sub(before))
    }
}

impl fmt::Debug for CorsBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CorsBuilder")
            .field("config", &self.config())
            .field("allow_origins_by", &self.allow_origin)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_variable_holds_origins_separated_by_commas() {
        let policy = CorsBuilder::new()
            .allow_origins_of("CORS_ORIGINS", Ok(" https://a.example,\thttps://*.b.example ,, ".into()))
            .build_policy()
            .unwrap();
        let origins: Vec<_> = policy.policy().allow_origins().collect();
        assert_eq!(origins, ["https://a.example", "https://*.b.example"]);
    }

    #[test]
    fn a_problem_is_where_its_value_is_written() {
        let refused = CorsBuilder::new()
            .allow_origins(["https://a.example"])
            .allow_origins_of("CORS_ORIGINS", Ok("https://b.example,https://B.example".into()))
            .allow_origins(["https://c.example", "https://C.example"])
            .build_policy();
        let reason = "not in the form that a browser sends, so it would never match";
        assert_eq!(
            refused.unwrap_err().to_string(),
            format!(
                "the CORS policy has 2 problems:\n  \
                 CORS_ORIGINS[1] \"https://B.example\": {reason}; write https://b.example\n  \
                 allow_origins[2] \"https://C.example\": {reason}; write https://c.example"
            )
        );
    }

    #[test]
    fn a_variable_without_an_origin_is_a_problem() {
        let cases = [
            (Err(VarError::NotPresent), "is not set"),
            (Ok(String::new()), "holds no origin"),
            (Ok(" , ".into()), "holds no origin"),
            (Err(VarError::NotUnicode("x".into())), "is not in UTF-8"),
        ];
        for (value, fault) in cases {
            let refused = CorsBuilder::new().allow_origins_of("CORS_ORIGINS", value).build_policy();
            assert_eq!(
                refused.unwrap_err().to_string(),
                format!(
                    "the CORS policy has a problem: the environment variable CORS_ORIGINS {fault}; \
                     set it to origins separated by commas, such as https://app.example.com"
                )
            );
        }
    }
}
