//! [`ConfigError`]: one problem of a config, with its place, its reason and what to write instead.

use core::error::Error;
use core::fmt;

use crate::config::field::ConfigField;
use crate::config::problem::Problem;
use crate::config::risk::Risk;
use crate::config::rules;
use crate::field::is_token;
use crate::pattern::advice::{self, Advice};
use crate::text::Quoted;

/// One problem of a [`Config`](crate::Config).
///
/// [`Display`](fmt::Display) writes it in one line:
/// `allow_origins[0] "https://a.example/": not in the form that a browser sends …; write https://a.example`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConfigError<'a> {
    pub(crate) config_field: ConfigField,
    pub(crate) index: Option<usize>,
    pub(crate) value: Value<'a>,
    pub(crate) problem: Problem,
    /// The risks of the pattern that the advice gives, as far as the config does not accept them: their [bits](Risk::bit).
    pub(crate) advised_risks: u8,
}

/// The value at fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Value<'a> {
    Text(&'a str),
    Number(u32),
}

impl<'a> ConfigError<'a> {
    pub(crate) fn number(config_field: ConfigField, value: u32, problem: Problem) -> Self {
        ConfigError { config_field, index: None, value: Value::Number(value), problem, advised_risks: 0 }
    }

    /// Returns the config's field.
    pub fn field(&self) -> ConfigField {
        self.config_field
    }

    /// Returns which entry of the config's field, counted from 0; `None` if the field is not a list.
    pub fn index(&self) -> Option<usize> {
        self.index
    }

    /// Returns the value that is at fault.
    pub fn value(&self) -> impl fmt::Display + 'a {
        self.value
    }

    /// Returns what is wrong with the value.
    pub fn problem(&self) -> Problem {
        self.problem
    }

    /// Returns what to do about the problem, in the imperative.
    pub fn advice(&self) -> Option<Advice<'a>> {
        let text = match self.value {
            Value::Text(text) => text,
            Value::Number(_) => "",
        };
        let fixed = match self.problem {
            Problem::Pattern(kind) => {
                let risks = Risk::ALL.into_iter().filter(|risk| self.advised_risks & risk.bit() != 0);
                return advice::for_pattern(text, kind)
                    .map(|advice| advice.with_risks(risks.map(Risk::name)));
            }
            Problem::NotAToken => match unwrapped(text) {
                trimmed if trimmed != text && is_token(trimmed.as_bytes()) => {
                    return self.advice_to_write(trimmed);
                }
                trimmed if trimmed.contains([',', ' ']) => "write each name as an entry of its own",
                _ => "write a name of letters, digits and !#$%&'*+-.^_`|~",
            },
            Problem::NameTooLong => "write a shorter name",
            Problem::NotAlone if self.config_field == ConfigField::AllowHeaders => {
                "remove the others, which it covers (except authorization), or the `*`"
            }
            Problem::NotAlone => "remove the others, which it covers, or the `*`",
            Problem::ForbiddenMethod | Problem::ForbiddenRequestHeader | Problem::ForbiddenResponseHeader => {
                "remove it"
            }
            Problem::ResponseHeader => "remove it: this list holds the names that pages set on requests",
            Problem::RequestHeader => "remove it: this list holds the names that pages read from responses",
            Problem::ExposedWildcardWithCredentials => "write the names",
            Problem::MaxAgeTooLong => "write 86400 or less",
            Problem::TooManyStarPlaces => {
                "write one pattern such as https://*.example.com for several of them, or divide the policy by path"
            }
            Problem::TooManyMethods => "write `*` alone, or fewer methods",
            Problem::PreflightStatusNotOk => "write 204 or another status from 200 to 299",
            Problem::Risk(risk) => match risk {
                Risk::NullOrigin => "remove it, or add NullOrigin to accept_risks",
                Risk::AnyOriginWithCredentials => {
                    "list the origins, or add AnyOriginWithCredentials to accept_risks"
                }
                Risk::InsecureOrigin => "write https, or add InsecureOrigin to accept_risks",
                Risk::LocalFileOrigin => {
                    "serve the pages over https, or by a scheme of the application's own, or add LocalFileOrigin to accept_risks"
                }
                Risk::PublicSuffix => "write your own names under it, or add PublicSuffix to accept_risks",
            },
        };
        Some(Advice::fixed(fixed))
    }
}

impl<'a> ConfigError<'a> {
    /// Returns the advice to write a name, or what to do about the problem that the name has.
    fn advice_to_write(&self, name: &'a str) -> Option<Advice<'a>> {
        let next = match self.config_field {
            // Whether it may stand depends on the rest of the config.
            ConfigField::ExposeHeaders if name == "*" => {
                return Some(Advice::fixed("write `*` alone, or with credentials the names"));
            }
            _ if name == "*" => return Some(Advice::fixed("write `*` alone")),
            ConfigField::AllowMethods => rules::method_problem(name, true),
            ConfigField::AllowHeaders => rules::header_problem(name, true),
            ConfigField::ExposeHeaders => rules::exposed_problem(name, true, true),
            _ => None,
        };
        match next {
            None => Some(Advice::write_word(name)),
            Some(problem) => ConfigError { value: Value::Text(name), problem, ..*self }.advice(),
        }
    }
}

impl fmt::Display for ConfigError<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.config_field)?;
        if let Some(index) = self.index {
            write!(f, "[{index}]")?;
        }
        match self.value {
            Value::Text(text) => write!(f, " {}: ", Quoted(text))?,
            Value::Number(number) => write!(f, " {number}: ")?,
        }
        write!(f, "{}", self.problem)?;
        match self.advice() {
            Some(advice) => write!(f, "; {advice}"),
            None => Ok(()),
        }
    }
}

impl Error for ConfigError<'_> {}

impl fmt::Display for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Text(text) => f.write_str(text),
            Value::Number(number) => number.fmt(f),
        }
    }
}

/// Returns the text without what is left around it from a list, from JSON or from an environment file.
fn unwrapped(text: &str) -> &str {
    text.trim_matches(|character: char| {
        character.is_whitespace() || matches!(character, '"' | ',' | ';' | '[' | ']' | '(' | ')')
    })
}
