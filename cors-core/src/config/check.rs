//! [`Config::check`]: finds every problem of a config (rules C2 to C7).

use core::ops::ControlFlow;

use crate::config::error::{ConfigError, Problem, Value};
use crate::config::{Config, ConfigField, ConfigOf, PublicSuffixes, Risk};
use crate::field;
use crate::origin::host;
use crate::pattern::{OriginPattern, Shape};
use crate::text;

impl<'a, S: AsRef<str>> ConfigOf<'a, S> {
    /// Reports every problem, in the order of the fields and of their entries; none means that the config
    /// compiles, given room.
    pub fn check(&self, mut report: impl FnMut(ConfigError<'a>)) {
        let _ = self.visit_problems(&mut |error| {
            report(error);
            ControlFlow::<()>::Continue(())
        });
    }

    pub(crate) fn first_problem(&self) -> Option<ConfigError<'a>> {
        self.visit_problems(&mut ControlFlow::Break).break_value()
    }

    fn visit_problems<B>(&self, visit: &mut impl FnMut(ConfigError<'a>) -> ControlFlow<B>) -> ControlFlow<B> {
        visit_list(ConfigField::AllowOrigins, self.allow_origins, |text| self.origin_problems(text), visit)?;

        let alone = self.allow_methods.len() == 1;
        visit_list(ConfigField::AllowMethods, self.allow_methods, |name| method_problem(name, alone), visit)?;

        let alone = is_wildcard_alone(self.allow_headers.iter().map(AsRef::as_ref));
        visit_list(ConfigField::AllowHeaders, self.allow_headers, |name| header_problem(name, alone), visit)?;

        let alone = self.expose_headers.len() == 1;
        let exposed_problem = |name| exposed_problem(name, alone, self.allow_credentials);
        visit_list(ConfigField::ExposeHeaders, self.expose_headers, exposed_problem, visit)?;

        if let Some(max_age) = self.max_age.filter(|&seconds| seconds > Config::MAX_MAX_AGE) {
            visit(ConfigError::number(ConfigField::MaxAge, max_age, Problem::MaxAgeTooLong))?;
        }
        if !(200..=299).contains(&self.preflight_status) {
            let status = self.preflight_status.into();
            visit(ConfigError::number(ConfigField::PreflightStatus, status, Problem::PreflightStatusNotOk))?;
        }
        ControlFlow::Continue(())
    }

    /// P2, and each risk of C6 that is not accepted.
    fn origin_problems(&self, text: &'a str) -> impl Iterator<Item = Problem> {
        let (pattern, error) = match OriginPattern::parse(text) {
            Ok(pattern) => (Some(pattern), None),
            Err(error) => (None, Some(Problem::Pattern(error.kind()))),
        };
        let refused = move |risk: &Risk| {
            let has_risk = |pattern: OriginPattern<'_>| {
                has_risk(&pattern, *risk, self.allow_credentials, self.is_public_suffix)
            };
            pattern.is_some_and(has_risk) && !self.accepts(*risk)
        };
        error.into_iter().chain(Risk::ALL.into_iter().filter(refused).map(Problem::Risk))
    }
}

/// C6.
pub(crate) fn has_risk(
    pattern: &OriginPattern<'_>,
    risk: Risk,
    credentials: bool,
    is_public_suffix: Option<&PublicSuffixes<'_>>,
) -> bool {
    match risk {
        Risk::NullOrigin => pattern.as_str() == "null",
        _ if !credentials => false,
        Risk::AnyOriginWithCredentials => pattern.as_str() == "*",
        Risk::InsecureOrigin => {
            pattern.scheme().is_some_and(|scheme| scheme != "https")
                && !pattern.host().is_some_and(host::is_local)
        }
        Risk::PublicSuffix => domain_under_wildcard(pattern).is_some_and(|domain| {
            let domain = domain.strip_suffix('.').unwrap_or(domain);
            !host::is_local(domain)
                && is_public_suffix.is_some_and(|is_public_suffix| is_public_suffix(domain))
        }),
    }
}

/// C2. `alone`: the list holds nothing else.
pub(crate) fn method_problem(method: &str, alone: bool) -> Option<Problem> {
    if method == "*" {
        return (!alone).then_some(Problem::NotAlone);
    }
    name_problem(method)
        .or_else(|| field::is_forbidden_method(method.as_bytes()).then_some(Problem::ForbiddenMethod))
}

/// C3. `alone`: whether the list [has room for a `*`](is_wildcard_alone).
pub(crate) fn header_problem(name: &str, alone: bool) -> Option<Problem> {
    if name == "*" {
        return (!alone).then_some(Problem::NotAlone);
    }
    if field::is_cors_response_header(name) {
        return Some(Problem::ResponseHeader);
    }
    name_problem(name)
        .or_else(|| field::is_forbidden_request_header(name).then_some(Problem::ForbiddenRequestHeader))
}

/// C3: a list of request headers has one `*` at most, and beside it nothing but `authorization`.
pub(crate) fn is_wildcard_alone<'n>(mut names: impl Iterator<Item = &'n str>) -> bool {
    let mut wildcards = 0_usize;
    names.all(|name| {
        wildcards = wildcards.saturating_add((name == "*").into());
        wildcards <= 1 && (name == "*" || name.eq_ignore_ascii_case("authorization"))
    })
}

/// C4. `alone`: the list holds nothing else.
pub(crate) fn exposed_problem(name: &str, alone: bool, credentials: bool) -> Option<Problem> {
    if name == "*" {
        return if credentials {
            Some(Problem::ExposedWildcardWithCredentials)
        } else {
            (!alone).then_some(Problem::NotAlone)
        };
    }
    if field::is_cors_request_header(name) {
        return Some(Problem::RequestHeader);
    }
    name_problem(name)
        .or_else(|| field::is_forbidden_response_header(name).then_some(Problem::ForbiddenResponseHeader))
}

fn visit_list<'a, B, P: IntoIterator<Item = Problem>>(
    field: ConfigField,
    list: &'a [impl AsRef<str>],
    problems: impl Fn(&'a str) -> P,
    visit: &mut impl FnMut(ConfigError<'a>) -> ControlFlow<B>,
) -> ControlFlow<B> {
    for (index, text) in list.iter().map(AsRef::as_ref).enumerate() {
        for problem in problems(text) {
            visit(ConfigError { field, index: Some(index), value: Value::Text(text), problem })?;
        }
    }
    ControlFlow::Continue(())
}

fn name_problem(name: &str) -> Option<Problem> {
    if !field::is_token(name.as_bytes()) {
        Some(Problem::NotAToken)
    } else if name.len() > Config::MAX_NAME_LEN {
        Some(Problem::NameTooLong)
    } else {
        None
    }
}

/// The domain right of the label with the `*`.
fn domain_under_wildcard<'a>(pattern: &OriginPattern<'a>) -> Option<&'a str> {
    match pattern.shape() {
        Shape::Wildcard(wildcard) if wildcard.star.is_some() => {
            text::split_once(pattern.host()?, ".").map(|(_, domain)| domain)
        }
        _ => None,
    }
}
