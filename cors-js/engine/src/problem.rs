//! Problems as JSON, with the names of JavaScript where a policy is made of options.

use std::borrow::Cow;

use cors_core::{ConfigField, Risk};
use cors_policy_file::{Cause, Diagnostic, Error, Scalar};
use serde::Serialize;

/// A problem of a policy.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Problem {
    pub(crate) field: Option<String>,
    pub(crate) index: Option<usize>,
    pub(crate) value: Option<Value>,
    pub(crate) reason: String,
    pub(crate) advice: Option<String>,
    pub(crate) risk: Option<&'static str>,
    /// What kind of thing is wrong, as the vectors name it: `Pattern(NotCanonical)`.
    pub(crate) kind: String,
    /// Whether the value has a type, or the policy an option, that policies do not have: a mistake of the program.
    pub(crate) is_type_error: bool,
    pub(crate) line: Option<usize>,
    pub(crate) column: Option<usize>,
    /// The whole in a line.
    pub(crate) message: String,
}

/// A value that stands in a config.
#[derive(Serialize)]
#[serde(untagged)]
pub(crate) enum Value {
    Text(String),
    Number(i64),
}

/// How fields are called.
#[derive(Clone, Copy)]
pub(crate) enum Names {
    /// Those of policy files: `allow_origins`.
    File,
    /// Those of JavaScript: `allowOrigins`.
    Options,
}

impl Names {
    /// Returns the name of a field.
    pub(crate) fn of(self, field: ConfigField) -> Cow<'static, str> {
        match self {
            Names::File => field.name().into(),
            Names::Options => camel_case(field.name()).into(),
        }
    }

    /// Returns a sentence of the engine's with each field by its name.
    fn translate(self, sentence: &str) -> String {
        match self {
            Names::File => sentence.to_owned(),
            Names::Options => ConfigField::ALL
                .into_iter()
                .filter(|field| field.name().contains('_'))
                .fold(sentence.to_owned(), |text, field| text.replace(field.name(), &self.of(field))),
        }
    }
}

/// Returns the field of this name in JavaScript.
pub(crate) fn field_of_option(name: &str) -> Option<ConfigField> {
    ConfigField::ALL.into_iter().find(|field| Names::Options.of(*field) == name)
}

/// Returns the place for what decides about origins, and is not listed.
fn elsewhere(diagnostic: &Diagnostic, names: Names) -> Option<String> {
    let is_origins = diagnostic.setting().is_some_and(|setting| setting.field == ConfigField::AllowOrigins);
    if !is_origins || matches!(names, Names::File) || diagnostic.cause() != Cause::WrongType {
        return None;
    }
    let what = match diagnostic.reason() {
        reason if reason.starts_with("a RegExp ") => "new OriginRegex([/…/])",
        reason if reason.starts_with("a function ") => "the function",
        _ => return None,
    };
    Some(format!("list origins here, and pass {what} as `allowOrigin` where requests are decided"))
}

fn camel_case(name: &str) -> String {
    let mut words = name.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |mut text, word| {
        let mut letters = word.chars();
        text.extend(letters.next().map(|letter| letter.to_ascii_uppercase()));
        text.push_str(letters.as_str());
        text
    })
}

impl Problem {
    pub(crate) fn of(diagnostic: &Diagnostic, names: Names) -> Self {
        let setting = diagnostic.setting();
        let value = setting.and_then(|setting| setting.value.as_ref()).map(|value| match value {
            Scalar::Text(text) => Value::Text(text.clone()),
            Scalar::Number(number) => Value::Number(*number),
        });
        let problem = Problem {
            field: setting.map(|setting| names.of(setting.field).into_owned()),
            index: setting.and_then(|setting| setting.index),
            value,
            reason: names.translate(diagnostic.reason()),
            advice: elsewhere(diagnostic, names)
                .or_else(|| diagnostic.help().map(|help| names.translate(help))),
            risk: diagnostic.risk().map(Risk::name),
            kind: match diagnostic.cause() {
                Cause::Refused(problem) => format!("{problem:?}"),
                cause => format!("{cause:?}"),
            },
            // A file is data.
            is_type_error: matches!(names, Names::Options)
                && matches!(diagnostic.cause(), Cause::WrongType | Cause::UnknownField),
            line: None,
            column: None,
            message: String::new(),
        };
        problem.composed()
    }

    /// Makes a problem of the policy as a whole.
    pub(crate) fn of_the_whole(kind: &str, reason: String) -> Self {
        let problem = Problem {
            field: None,
            index: None,
            value: None,
            reason,
            advice: None,
            risk: None,
            kind: kind.to_owned(),
            is_type_error: false,
            line: None,
            column: None,
            message: String::new(),
        };
        problem.composed()
    }

    pub(crate) fn at(self, (line, column): (usize, usize)) -> Self {
        Problem { line: Some(line), column: Some(column), ..self }
    }

    /// Composes the message: `allowOrigins[0] "https://a/": …; write …`.
    pub(crate) fn composed(self) -> Self {
        let index = self.index.map(|index| format!("[{index}]")).unwrap_or_default();
        let value = match &self.value {
            Some(Value::Text(text)) => format!(" {text:?}"),
            Some(Value::Number(number)) => format!(" {number}"),
            None => String::new(),
        };
        let setting = self.field.as_ref().map(|field| format!("{field}{index}{value}: ")).unwrap_or_default();
        let advice = self.advice.as_ref().map(|advice| format!("; {advice}")).unwrap_or_default();
        Problem { message: format!("{setting}{}{advice}", self.reason), ..self }
    }
}

/// Returns the problems for which a policy was not compiled.
pub(crate) fn problems_of(error: &Error, names: Names, text: Option<&str>) -> Vec<Problem> {
    match error {
        Error::Problems(problems) => problems
            .iter()
            .map(|diagnostic| {
                let problem = Problem::of(diagnostic, names);
                match text {
                    Some(text) => problem.at(diagnostic.line_and_column(text)),
                    None => problem,
                }
            })
            .collect(),
        other => vec![Problem::of_the_whole("Unfit", other.to_string())],
    }
}
