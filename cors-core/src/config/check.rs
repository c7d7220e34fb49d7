//! [`Config::check`](crate::Config::check): finds every problem of a config (rules C2 to C10).

use core::ops::ControlFlow;

use crate::config::error::{ConfigError, Value};
use crate::config::field::ConfigField;
use crate::config::problem::Problem;
use crate::config::risk::Risk;
use crate::config::rules::{exposed_problem, has_risk, header_problem, is_wildcard_alone, method_problem};
use crate::config::{Config, ConfigOf};
use crate::pattern::advice::Advice;
use crate::pattern::{OriginPattern, PatternError, Shape, StarPlaces, TooManyPlaces};

impl<'a, S: AsRef<str>> ConfigOf<'a, S> {
    /// Reports every problem, in the order of the fields and of their entries. A config without a problem compiles, if the
    /// buffer is large enough.
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
        let mut places = StarPlaces::new();
        let origin_problems = |text| {
            let pattern = OriginPattern::parse(text);
            self.origin_problems(pattern).chain(star_place_problem(pattern.ok(), &mut places))
        };
        let visit_origin = &mut |error| visit(self.with_advised_risks(error));
        visit_list(ConfigField::AllowOrigins, self.allow_origins, origin_problems, visit_origin)?;

        let alone = self.allow_methods.len() == 1;
        let mut count = 0_usize;
        let method_problems = |name| {
            let surplus = (count == Config::MAX_METHODS).then_some(Problem::TooManyMethods);
            count = count.saturating_add(1);
            method_problem(name, alone).into_iter().chain(surplus)
        };
        visit_list(ConfigField::AllowMethods, self.allow_methods, method_problems, visit)?;

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

    /// Finds the fault of a pattern (P2), or the risks that it has and the config does not accept (C6).
    fn origin_problems(
        &self,
        pattern: Result<OriginPattern<'a>, PatternError<'a>>,
    ) -> impl Iterator<Item = Problem> {
        let (pattern, error) = match pattern {
            Ok(pattern) => (Some(pattern), None),
            Err(error) => (None, Some(Problem::Pattern(error.kind()))),
        };
        let refused = move |risk: &Risk| pattern.is_some_and(|pattern| self.refuses(&pattern, *risk));
        error.into_iter().chain(Risk::ALL.into_iter().filter(refused).map(Problem::Risk))
    }

    fn refuses(&self, pattern: &OriginPattern<'_>, risk: Risk) -> bool {
        !self.accepts(risk) && has_risk(pattern, risk, self.allow_credentials, self.is_public_suffix)
    }

    /// Returns the error with the risks that would be refused next, were its advice followed.
    fn with_advised_risks(&self, error: ConfigError<'a>) -> ConfigError<'a> {
        let advice = error.advice();
        let Some(Ok(pattern)) = advice.as_ref().and_then(Advice::replacement).map(OriginPattern::parse)
        else {
            return error;
        };
        let refused = Risk::ALL.into_iter().filter(|risk| self.refuses(&pattern, *risk));
        ConfigError { advised_risks: refused.fold(0, |bits, risk| bits | risk.bit()), ..error }
    }
}

/// Finds a place of a `*` that is one too many (C9), given those of the patterns before this one.
fn star_place_problem(pattern: Option<OriginPattern<'_>>, places: &mut StarPlaces) -> Option<Problem> {
    match pattern?.shape() {
        Shape::Wildcard(wildcard) => {
            places.add(&wildcard).err().map(|TooManyPlaces| Problem::TooManyStarPlaces)
        }
        Shape::Any | Shape::Exact => None,
    }
}

fn visit_list<'a, B, P: IntoIterator<Item = Problem>>(
    config_field: ConfigField,
    list: &'a [impl AsRef<str>],
    mut problems: impl FnMut(&'a str) -> P,
    visit: &mut impl FnMut(ConfigError<'a>) -> ControlFlow<B>,
) -> ControlFlow<B> {
    for (index, text) in list.iter().map(AsRef::as_ref).enumerate() {
        for problem in problems(text) {
            let value = Value::Text(text);
            visit(ConfigError { config_field, index: Some(index), value, problem, advised_risks: 0 })?;
        }
    }
    ControlFlow::Continue(())
}
