//! [`ConfigError`]: one problem of a config, with its place, its reason and what to write instead.

use core::error::Error;
use core::fmt;

use crate::config::{ConfigField, Risk};
use crate::field;
use crate::pattern::PatternErrorKind;
use crate::pattern::advice::{self, Advice};
use crate::text::Quoted;

/// One problem of a [`Config`](crate::Config).
///
/// [`Display`](fmt::Display) gives it in one line:
/// `allow_origins[0] "https://a.example/": not in the form that a browser sends …; write https://a.example`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConfigError<'a> {
    pub(crate) field: ConfigField,
    pub(crate) index: Option<usize>,
    pub(crate) value: Value<'a>,
    pub(crate) problem: Problem,
}

/// What stands in the config.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Value<'a> {
    Text(&'a str),
    Number(u32),
}

impl<'a> ConfigError<'a> {
    pub(crate) fn number(field: ConfigField, value: u32, problem: Problem) -> Self {
        ConfigError { field, index: None, value: Value::Number(value), problem }
    }

    /// The field of the config.
    pub fn field(&self) -> ConfigField {
        self.field
    }

    /// Which entry of the field, from 0, where the field is a list.
    pub fn index(&self) -> Option<usize> {
        self.index
    }

    /// What stands there.
    pub fn value(&self) -> impl fmt::Display + 'a {
        self.value
    }

    /// What is wrong with it.
    pub fn problem(&self) -> Problem {
        self.problem
    }

    /// What to do about it, where that can be told.
    pub fn advice(&self) -> Option<Advice<'a>> {
        let text = match self.value {
            Value::Text(text) => text,
            Value::Number(_) => "",
        };
        let fixed = match self.problem {
            Problem::Pattern(kind) => return advice::for_pattern(text, kind),
            Problem::NotAToken => match text.trim() {
                trimmed if trimmed != text && field::is_token(trimmed.as_bytes()) => {
                    return Some(Advice::write_word(trimmed));
                }
                trimmed if trimmed.contains([',', ' ']) => "write each name as an entry of its own",
                _ => "write a name of letters, digits and !#$%&'*+-.^_`|~",
            },
            Problem::NameTooLong => "write a shorter name",
            Problem::NotAlone if self.field == ConfigField::AllowHeaders => {
                "remove the others, which it covers (but for authorization), or the `*`"
            }
            Problem::NotAlone => "remove the others, which it covers, or the `*`",
            Problem::ForbiddenMethod | Problem::ForbiddenRequestHeader | Problem::ForbiddenResponseHeader => {
                "remove it"
            }
            Problem::ResponseHeader => "remove it: this list holds the names that pages set on requests",
            Problem::RequestHeader => "remove it: this list holds the names that pages read from responses",
            Problem::ExposedWildcardWithCredentials => "write the names",
            Problem::MaxAgeTooLong => "write 86400 or less",
            Problem::PreflightStatusNotOk => "write 204 or another status from 200 to 299",
            Problem::Risk(risk) => match risk {
                Risk::NullOrigin => "remove it, or add NullOrigin to accept_risks",
                Risk::AnyOriginWithCredentials => {
                    "list the origins, or add AnyOriginWithCredentials to accept_risks"
                }
                Risk::InsecureOrigin => "write https, or add InsecureOrigin to accept_risks",
                Risk::PublicSuffix => "write your own names under it, or add PublicSuffix to accept_risks",
            },
        };
        Some(Advice::fixed(fixed))
    }
}

impl fmt::Display for ConfigError<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.field)?;
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

/// What is wrong with a value of a config.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Problem {
    /// No origin pattern (P2, P6, P7).
    Pattern(PatternErrorKind),
    /// A method or header name that is no token of RFC 9110.
    NotAToken,
    /// A name of more than [`Config::MAX_NAME_LEN`](crate::Config::MAX_NAME_LEN) bytes.
    NameTooLong,
    /// `*` beside names that it covers.
    NotAlone,
    /// CONNECT, TRACE or TRACK (C2).
    ForbiddenMethod,
    /// A request header that only the browser sets (C3).
    ForbiddenRequestHeader,
    /// A response field of the CORS protocol among the request headers (C3).
    ResponseHeader,
    /// A response header that no page can read (C4).
    ForbiddenResponseHeader,
    /// A request field of the CORS protocol among the response headers (C4).
    RequestHeader,
    /// `*` among the exposed headers, with credentials (C4).
    ExposedWildcardWithCredentials,
    /// More than [`Config::MAX_MAX_AGE`](crate::Config::MAX_MAX_AGE) seconds (C5).
    MaxAgeTooLong,
    /// A preflight status outside 200 to 299.
    PreflightStatusNotOk,
    /// A risk that the config does not accept (C6).
    Risk(Risk),
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Problem::Pattern(kind) => return kind.fmt(f),
            Problem::NotAToken => "not a token, so no HTTP message can carry it",
            Problem::NameTooLong => "longer than 256 bytes",
            Problem::NotAlone => "`*` stands beside names that it covers",
            Problem::ForbiddenMethod => "no page can send this method",
            Problem::ForbiddenRequestHeader => "the browser sets it, so it never appears in a preflight",
            Problem::ResponseHeader => "a response header of the CORS protocol",
            Problem::ForbiddenResponseHeader => "no page can read it, exposed or not",
            Problem::RequestHeader => "a request header of the CORS protocol",
            Problem::ExposedWildcardWithCredentials => {
                "with credentials, a browser takes `*` for the name of a header"
            }
            Problem::MaxAgeTooLong => "no browser keeps a preflight for longer than a day, 86400 seconds",
            Problem::PreflightStatusNotOk => {
                "a browser takes a preflight's answer only with a status from 200 to 299"
            }
            Problem::Risk(risk) => return write!(f, "risk {risk}: {}", risk.consequence()),
        })
    }
}

/// Why a config did not compile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CompileError<'a> {
    /// The first problem of the config; [`Config::check`](crate::Config::check) reports them all.
    Config(ConfigError<'a>),
    /// The buffer is smaller than the image, which takes this many bytes: [`Config::image_len`](crate::Config::image_len).
    BufferTooSmall {
        /// The image's length in bytes.
        needed: usize,
    },
    /// The image would be longer than 4 GiB.
    TooLarge,
    /// No seed of those tried gives a table with the bound on its probes: the origins were made to collide.
    Collisions,
}

impl fmt::Display for CompileError<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CompileError::Config(error) => error.fmt(f),
            CompileError::BufferTooSmall { needed } => {
                write!(f, "the buffer is too small: the image takes {needed} bytes")
            }
            CompileError::TooLarge => f.write_str("the image would be longer than 4 GiB"),
            CompileError::Collisions => f.write_str("the origins collide under every seed that was tried"),
        }
    }
}

impl Error for CompileError<'_> {}

impl<'a> From<ConfigError<'a>> for CompileError<'a> {
    fn from(error: ConfigError<'a>) -> Self {
        CompileError::Config(error)
    }
}
