//! [`Problem`]: what can be wrong with a value of a config (rules C2 to C10).

use core::fmt;

use crate::config::risk::Risk;
use crate::pattern::PatternErrorKind;

/// What is wrong with a value of a config.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Problem {
    /// A text that is not a pattern (P2, P6, P7).
    Pattern(PatternErrorKind),
    /// A method or header name that is not a token of RFC 9110.
    NotAToken,
    /// A name of more than [`Config::MAX_NAME_LEN`](crate::Config::MAX_NAME_LEN) bytes.
    NameTooLong,
    /// `*` in a list with names that it covers.
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
    /// A `*` inside a label, at a place where no pattern before it has one, after
    /// [`Config::MAX_STAR_PLACES`](crate::Config::MAX_STAR_PLACES) others (C9).
    TooManyStarPlaces,
    /// A method after [`Config::MAX_METHODS`](crate::Config::MAX_METHODS) others (C10). Only the first of them is reported.
    TooManyMethods,
    /// A risk that the config does not accept (C6).
    Risk(Risk),
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Problem::Pattern(kind) => return kind.fmt(f),
            Problem::NotAToken => "not a token, so no HTTP message can carry it",
            Problem::NameTooLong => "longer than 256 bytes",
            Problem::NotAlone => "the list also has names that `*` covers",
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
            Problem::TooManyStarPlaces => {
                "the patterns' `*` stand at more than 128 different places in their labels"
            }
            Problem::TooManyMethods => {
                "the list has more than 128 methods, and a preflight is compared with each of them"
            }
            Problem::Risk(risk) => return write!(f, "risk {risk}: {}", risk.consequence()),
        })
    }
}
