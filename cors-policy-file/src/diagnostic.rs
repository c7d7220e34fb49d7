//! [`Diagnostic`]: a problem of a policy file, with its place and what to do about it.

use std::fmt;
use std::ops::Range;

use cors_core::{ConfigError, ConfigField, Problem, Risk};

/// A problem, or a risk that the policy does not accept, or a warning.
///
/// [`Display`](fmt::Display) writes it in one line, without its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    span: Range<usize>,
    cause: Cause,
    setting: Option<Setting>,
    title: String,
    reason: String,
    help: Option<String>,
}

/// What kind of thing is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Cause {
    /// The text is not in the format's grammar.
    Syntax,
    /// A field that policies do not have.
    UnknownField,
    /// A field that stands there for the second time.
    DuplicateField,
    /// A value of a type that the field does not take.
    WrongType,
    /// A number of seconds below zero.
    Negative,
    /// A name among the accepted risks that is not a risk's.
    UnknownRisk,
    /// A value that [`Config::check`](cors_core::Config::check) refuses.
    Refused(Problem),
    /// A warning: the policy allows no origin.
    NoOrigin,
    /// A warning: a name in quotation marks, which are part of the name.
    QuotedName,
}

/// The setting that is at fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// The field of the policy.
    pub field: ConfigField,
    /// Which entry of the field, from 0, where that is a list.
    pub index: Option<usize>,
    /// What stands there, if it is of the right type.
    pub value: Option<Scalar>,
}

/// A value that is not a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scalar {
    /// A text.
    Text(String),
    /// A whole number, the nearest where it is out of the range.
    Number(i64),
}

impl Diagnostic {
    pub(crate) fn new(cause: Cause, span: Range<usize>, title: impl Into<String>) -> Self {
        let title = title.into();
        Diagnostic { span, cause, setting: None, reason: title.clone(), title, help: None }
    }

    /// Makes a diagnostic of a setting, whose title is `field: reason`.
    pub(crate) fn of_setting(
        cause: Cause,
        span: Range<usize>,
        setting: Setting,
        reason: impl Into<String>,
    ) -> Self {
        let reason = reason.into();
        let title = format!("{}: {reason}", setting.field);
        Diagnostic { span, cause, setting: Some(setting), title, reason, help: None }
    }

    /// Makes a diagnostic of an error that the engine's check found at `span`.
    pub(crate) fn refused(
        error: &ConfigError<'_>,
        span: Range<usize>,
        setting: Setting,
        help: Option<String>,
    ) -> Self {
        let problem = error.problem();
        let what = match problem {
            // The risk's name is printed next to the title.
            Problem::Risk(risk) => risk.consequence().to_owned(),
            problem => problem.to_string(),
        };
        Diagnostic {
            span,
            cause: Cause::Refused(problem),
            title: format!("{}: {what}", setting.field),
            setting: Some(setting),
            reason: problem.to_string(),
            help,
        }
    }

    /// Makes a diagnostic of a field that stands there for the second time.
    pub(crate) fn duplicate(name: &str, span: Range<usize>) -> Self {
        let title = format!("duplicate field `{}`", name.escape_debug());
        Diagnostic::new(Cause::DuplicateField, span, title)
            .with_help("write it once; of two, one would have no effect")
    }

    pub(crate) fn with_title(self, title: impl Into<String>) -> Self {
        Diagnostic { title: title.into(), ..self }
    }

    pub(crate) fn with_help(self, help: impl Into<String>) -> Self {
        Diagnostic { help: Some(help.into()), ..self }
    }

    /// Returns the place: bytes of the text, or what the spans of the [`Document`](crate::Document) are.
    pub fn span(&self) -> Range<usize> {
        self.span.clone()
    }

    /// Returns the kind of thing that is wrong.
    pub fn cause(&self) -> Cause {
        self.cause
    }

    /// Returns the setting at fault, unless the form of the file is what is wrong.
    pub fn setting(&self) -> Option<&Setting> {
        self.setting.as_ref()
    }

    /// Returns the risk, if that is the problem.
    pub fn risk(&self) -> Option<Risk> {
        match self.cause {
            Cause::Refused(Problem::Risk(risk)) => Some(risk),
            _ => None,
        }
    }

    /// Returns what is wrong, and in which field, in one line.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// Returns what is wrong, without the field and the value.
    pub fn reason(&self) -> &str {
        &self.reason
    }

    /// Returns what to do about it, in the imperative.
    pub fn help(&self) -> Option<&str> {
        self.help.as_deref()
    }

    /// Returns where the problem begins in `text`, which was compiled: the line and the character in it, both from 1.
    pub fn line_and_column(&self, text: &str) -> (usize, usize) {
        let before = text.get(..self.span.start).unwrap_or(text);
        let lines = before.bytes().filter(|&byte| byte == b'\n').count();
        let line = before.rsplit_once('\n').map_or(before, |(_, line)| line);
        (lines.saturating_add(1), line.chars().count().saturating_add(1))
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.title)?;
        match &self.help {
            Some(help) => write!(f, "; {help}"),
            None => Ok(()),
        }
    }
}
