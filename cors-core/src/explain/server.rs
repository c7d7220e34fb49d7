//! [`ServerAdvice`]: what a failure means, and what a server has to send instead.

use core::fmt::{self, Write};

use crate::browser::{Cause, CorsError, Element, ErrorKind, Fetch, Parameter, Recognized, Stage};

/// The meaning of a failure, in plain words, and what to change on the server. [`Display`](fmt::Display) writes the latter.
///
/// ```
/// use cors_core::browser::recognize;
/// use cors_core::explain::ServerAdvice;
///
/// let text = "… from origin 'https://app.example.com' has been blocked by CORS policy: Method PATCH is not allowed by \
///             Access-Control-Allow-Methods in preflight response.";
/// let advice = ServerAdvice::for_message(&recognize(text).unwrap());
/// assert_eq!(
///     advice.to_string(),
///     "Answer the preflight with PATCH in the field: `Access-Control-Allow-Methods: PATCH`, with the other methods \
///      that pages use beside it. GET, HEAD and POST need not be there.",
/// );
/// ```
#[derive(Clone, Copy, Debug)]
pub struct ServerAdvice<'a> {
    cause: Cause,
    stage: Option<Stage>,
    origin: Option<&'a str>,
    parameter: Data<'a>,
    status: Option<u16>,
}

#[derive(Clone, Copy, Debug)]
enum Data<'a> {
    Unknown,
    Text(&'a str),
    Parameter(Parameter<'a>),
    Element(Element<'a>),
}

impl<'a> ServerAdvice<'a> {
    /// Returns the advice for an error, after a fetch.
    pub fn for_error(error: &CorsError<'a>, fetch: &Fetch<'a>) -> Self {
        let parameter = match *error {
            CorsError::InvalidAllowMethodsPreflightResponse { element }
            | CorsError::InvalidAllowHeadersPreflightResponse { element } => Data::Element(element),
            error => Data::Parameter(error.parameter()),
        };
        let status = match *error {
            CorsError::MissingAllowOriginHeader { status, .. }
            | CorsError::PreflightInvalidStatus { status }
            | CorsError::PreflightDisallowedRedirect { status } => Some(status),
            _ => None,
        };
        ServerAdvice {
            cause: Cause::Error(error.kind()),
            stage: Some(error.stage()),
            origin: Some(fetch.origin.as_str()),
            parameter,
            status,
        }
    }

    /// Returns the advice for a console message.
    pub fn for_message(recognized: &Recognized<'a>) -> Self {
        ServerAdvice {
            cause: recognized.cause,
            stage: recognized.stage,
            origin: recognized.origin,
            parameter: recognized.parameter.map_or(Data::Unknown, Data::Text),
            status: recognized.status,
        }
    }

    /// Returns the same advice for a page of this origin, which Firefox's messages lack.
    #[must_use]
    pub fn with_origin(self, origin: &'a str) -> Self {
        ServerAdvice { origin: Some(origin), ..self }
    }

    /// Returns what the failure means.
    pub fn meaning(&self) -> &'static str {
        match self.cause.text() {
            Ok(text) => text.meaning,
            Err(kind) => kind.meaning(),
        }
    }
}

/// Writes what to change.
impl fmt::Display for ServerAdvice<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.cause.text() {
            Ok(text) => f.write_str(text.advice),
            Err(kind) => self.write_for(f, kind),
        }
    }
}

impl ServerAdvice<'_> {
    fn write_for(&self, f: &mut fmt::Formatter<'_>, kind: ErrorKind) -> fmt::Result {
        match kind {
            ErrorKind::MissingAllowOriginHeader => {
                f.write_str("Send ")?;
                self.write_allow_origin(f)?;
                f.write_str(match self.stage {
                    Some(Stage::Preflight) => {
                        " in answer to the preflight, an OPTIONS request, which has to come before authentication"
                    }
                    _ => " on this response, and on errors and redirects as well",
                })?;
                self.write_status(f)
            }
            ErrorKind::WildcardOriginNotAllowed => {
                f.write_str("Send ")?;
                self.write_allow_origin(f)?;
                f.write_str(" and `Access-Control-Allow-Credentials: true`, if that origin may act as the user")?;
                f.write_str("; or let the page fetch without credentials.")
            }
            ErrorKind::MultipleAllowOriginValues => {
                f.write_str("Look for the request's Origin in your list, and if it is there send ")?;
                self.write_allow_origin(f)?;
                f.write_str(", that one value. Add the field in one place only.")
            }
            ErrorKind::InvalidAllowOriginValue | ErrorKind::AllowOriginMismatch => {
                f.write_str("Send ")?;
                self.write_allow_origin(f)?;
                if self.parameter.is_empty() {
                    return f.write_char('.');
                }
                write!(f, " instead of `{}`.", self.parameter)
            }
            ErrorKind::InvalidAllowCredentials => f.write_str(
                "Send `Access-Control-Allow-Credentials: true`, in lower case, on the answer to the preflight and on the \
                 response, if that origin may act as the user; or let the page fetch without credentials.",
            ),
            ErrorKind::PreflightInvalidStatus => {
                f.write_str("Answer OPTIONS at this address with status 204 and the CORS fields, before routing ")?;
                f.write_str("and authentication")?;
                self.write_status(f)
            }
            ErrorKind::PreflightDisallowedRedirect => {
                f.write_str("Answer OPTIONS before any redirect; or let the page fetch the last address at once.")
            }
            ErrorKind::InvalidAllowMethodsPreflightResponse => {
                self.write_malformed(f, "Access-Control-Allow-Methods: PUT, DELETE")
            }
            ErrorKind::InvalidAllowHeadersPreflightResponse => {
                self.write_malformed(f, "Access-Control-Allow-Headers: Content-Type, Authorization")
            }
            ErrorKind::MethodDisallowedByPreflightResponse => self.write_method(f),
            ErrorKind::HeaderDisallowedByPreflightResponse => self.write_header(f),
            ErrorKind::RedirectContainsCredentials => {
                f.write_str("Redirect to an address without them.")
            }
            _ => f.write_str("Nothing. Let the page fetch in the mode `cors`, which is the default."),
        }
    }

    /// ``Access-Control-Allow-Origin: …` and `Vary: Origin``
    fn write_allow_origin(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let origin = self.origin.unwrap_or("(the value of the request's Origin)");
        write!(f, "`Access-Control-Allow-Origin: {origin}` (with `Vary: Origin`)")
    }

    fn write_status(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.status {
            Some(status) => write!(f, ". The status was {status}."),
            None => f.write_char('.'),
        }
    }

    fn write_malformed(&self, f: &mut fmt::Formatter<'_>, example: &str) -> fmt::Result {
        write!(
            f,
            "Send names with commas between them, as in `{example}`, without quotation marks or brackets"
        )?;
        if self.parameter.is_empty() {
            return f.write_char('.');
        }
        write!(f, ". `{}` is not a name.", self.parameter)
    }

    fn write_method(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.parameter.is_empty() {
            return f.write_str(
                "Answer the preflight with `Access-Control-Allow-Methods` and all methods that pages use.",
            );
        }
        let method = &self.parameter;
        write!(
            f,
            "Answer the preflight with {method} in the field: `Access-Control-Allow-Methods: {method}`, with "
        )?;
        f.write_str("the other methods that pages use beside it. GET, HEAD and POST need not be there.")?;
        if self.parameter.has_lowercase() {
            f.write_str(" Most likely the page has to write it in upper case.")?;
        }
        Ok(())
    }

    fn write_header(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.parameter.is_empty() {
            return f.write_str(
                "Answer the preflight with `Access-Control-Allow-Headers` and all headers that pages set.",
            );
        }
        let name = &self.parameter;
        let of_responses =
            ["access-control-allow-", "access-control-expose-headers", "access-control-max-age"];
        if of_responses.iter().any(|start| self.parameter.begins_with(start)) {
            return write!(
                f,
                "Nothing. Take {name} out of the fetch: it is for the server to send, in its response."
            );
        }
        write!(
            f,
            "Answer the preflight with {name} in the field: `Access-Control-Allow-Headers: {name}`, with the "
        )?;
        f.write_str(
            "other headers that pages set beside it. The browser names only the first that is missing.",
        )
    }
}

impl Data<'_> {
    fn is_empty(&self) -> bool {
        let mut seen = Seen::default();
        let _ = write!(seen, "{self}");
        seen.len == 0
    }

    fn has_lowercase(&self) -> bool {
        let mut seen = Seen::default();
        let _ = write!(seen, "{self}");
        seen.has_lowercase
    }

    fn begins_with(&self, prefix: &str) -> bool {
        let mut rest = Rest { prefix };
        // The error stands for a text that begins otherwise.
        write!(rest, "{self}").is_ok() && rest.prefix.is_empty()
    }
}

impl fmt::Display for Data<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Data::Unknown => Ok(()),
            Data::Text(text) => f.write_str(text),
            Data::Parameter(parameter) => parameter.fmt(f),
            Data::Element(element) => element.fmt(f),
        }
    }
}

/// The properties of a text that is only rendered.
#[derive(Default)]
struct Seen {
    len: usize,
    has_lowercase: bool,
}

impl Write for Seen {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.len = self.len.saturating_add(text.len());
        self.has_lowercase |= text.bytes().any(|byte| byte.is_ascii_lowercase());
        Ok(())
    }
}

/// The rest of a prefix that the text still has to begin with.
struct Rest<'p> {
    prefix: &'p str,
}

impl Write for Rest<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for character in text.chars() {
            let mut rest = self.prefix.chars();
            match rest.next() {
                None => return Ok(()),
                Some(wanted) if wanted.eq_ignore_ascii_case(&character) => self.prefix = rest.as_str(),
                Some(_) => return Err(fmt::Error),
            }
        }
        Ok(())
    }
}
