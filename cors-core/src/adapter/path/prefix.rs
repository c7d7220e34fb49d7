//! [`PathPrefix`]: a prefix as an operator writes it.

use core::error::Error;
use core::fmt;

/// A prefix of paths: whole segments, decoded. `S` is a `&str`, or a text that owns its bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PathPrefix<S>(
    /// Without slashes at its end; empty for every path.
    S,
);

impl<'a> PathPrefix<&'a str> {
    /// The prefix of every path.
    pub const EVERY: PathPrefix<&'static str> = PathPrefix("");

    /// Reads a prefix as an operator writes it: `/api`, or `/` for every path. Slashes at its end count for nothing.
    pub fn parse(text: &'a str) -> Result<Self, PathPrefixError<'a>> {
        let error = |kind| Err(PathPrefixError::new(text, kind));
        if !text.starts_with('/') {
            return error(PathPrefixErrorKind::NoSlash);
        }
        if text.bytes().any(|byte| matches!(byte, b'?' | b'#' | b'*' | b'{' | b'}' | b'\\' | b';')) {
            return error(PathPrefixErrorKind::NotAPath);
        }
        if text.bytes().any(|byte| byte == b'%') {
            return error(PathPrefixErrorKind::Encoded);
        }
        if text.split('/').any(|segment| matches!(segment, "." | "..")) {
            return error(PathPrefixErrorKind::DotSegment);
        }
        if before_parameter(text).is_some() {
            return error(PathPrefixErrorKind::Parameter);
        }
        let prefix = text.trim_end_matches('/');
        if prefix.as_bytes().windows(2).any(|two| two == b"//") {
            return error(PathPrefixErrorKind::EmptySegment);
        }
        Ok(PathPrefix(prefix))
    }

    /// Returns the same prefix as another text, which may own its bytes: `to::<Box<str>>()`.
    pub fn to<S: From<&'a str>>(self) -> PathPrefix<S> {
        PathPrefix(self.0.into())
    }
}

/// Returns the path before the first segment that a router would take for a parameter: `:id`, `<id>`, `[id]`.
fn before_parameter(text: &str) -> Option<&str> {
    let is_parameter = |segment: &str| segment.len() > 1 && segment.starts_with([':', '<', '[']);
    let mut start = 0;
    for segment in text.split('/') {
        if is_parameter(segment) {
            return text.get(..start).map(|before| before.trim_end_matches('/'));
        }
        start += segment.len() + 1;
    }
    None
}

/// A prefix, as [`find_prefix`](super::find_prefix) takes it: a [`PathPrefix`] of a text that is borrowed, or a reference to any.
pub trait PrefixText<'p> {
    /// Returns the text without slashes at its end; empty for every path.
    fn prefix_text(self) -> &'p str;
}

impl<'p> PrefixText<'p> for PathPrefix<&'p str> {
    #[inline]
    fn prefix_text(self) -> &'p str {
        self.0
    }
}

impl<'p, S: AsRef<str>> PrefixText<'p> for &'p PathPrefix<S> {
    #[inline]
    fn prefix_text(self) -> &'p str {
        self.0.as_ref()
    }
}

/// Why a text is not taken as a prefix. As text it gives the prefix and what to write instead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PathPrefixError<'a> {
    prefix: &'a str,
    kind: PathPrefixErrorKind,
}

/// What is wrong with a prefix.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PathPrefixErrorKind {
    /// The prefix does not begin with a slash.
    NoSlash,
    /// The prefix has a byte that a path cannot have, or a wildcard.
    NotAPath,
    /// The prefix has a percent sign: paths are compared decoded.
    Encoded,
    /// The prefix has a segment `.` or `..`.
    DotSegment,
    /// The prefix has a segment such as `:id`, which is a parameter to routers. Here it would be a text that no path has.
    Parameter,
    /// The prefix has an empty segment, which most servers drop.
    EmptySegment,
    /// The prefix has a policy already. An adapter reports this: [`PathPrefix::parse`] sees one prefix alone.
    Duplicate,
}

impl<'a> PathPrefixError<'a> {
    /// Makes the error of this kind about a prefix, for an adapter that keeps the two or has found a duplicate.
    pub fn new(prefix: &'a str, kind: PathPrefixErrorKind) -> Self {
        PathPrefixError { prefix, kind }
    }

    /// Returns the text that was given as a prefix.
    pub fn prefix(&self) -> &'a str {
        self.prefix
    }

    /// Returns what is wrong with it.
    pub fn kind(&self) -> PathPrefixErrorKind {
        self.kind
    }
}

impl fmt::Display for PathPrefixError<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let prefix = self.prefix;
        write!(f, "the path prefix {prefix:?} ")?;
        match self.kind {
            PathPrefixErrorKind::NoSlash => {
                write!(f, "begins without a slash; write \"/{}\"", prefix.escape_debug())
            }
            PathPrefixErrorKind::NotAPath => f.write_str(
                "is not a path; write the path alone, such as \"/api\", which covers all that is below it",
            ),
            PathPrefixErrorKind::Encoded => f.write_str("has a percent sign; write it decoded"),
            PathPrefixErrorKind::DotSegment => {
                f.write_str("has a segment of dots; write the path that it leads to")
            }
            PathPrefixErrorKind::Parameter => {
                let before = before_parameter(prefix).filter(|before| !before.is_empty()).unwrap_or("/");
                write!(
                    f,
                    "has a parameter of a router; write \"{}\", which covers all that is below it",
                    before.escape_debug()
                )
            }
            PathPrefixErrorKind::EmptySegment => {
                f.write_str("has two slashes, one behind the other; write one")
            }
            PathPrefixErrorKind::Duplicate => f.write_str("has a policy already; leave one of the two out"),
        }
    }
}

impl Error for PathPrefixError<'_> {}

#[cfg(test)]
mod tests {
    use std::string::ToString;

    use super::*;

    #[test]
    fn a_text_that_is_not_a_prefix() {
        let cases = [
            ("api", r#"the path prefix "api" begins without a slash; write "/api""#),
            ("", r#"the path prefix "" begins without a slash; write "/""#),
            (
                "/api/*",
                r#"the path prefix "/api/*" is not a path; write the path alone, such as "/api", which covers all that is below it"#,
            ),
            (
                "/a?b",
                r#"the path prefix "/a?b" is not a path; write the path alone, such as "/api", which covers all that is below it"#,
            ),
            (
                "/a\\b",
                r#"the path prefix "/a\\b" is not a path; write the path alone, such as "/api", which covers all that is below it"#,
            ),
            (
                "/users/:id/orders",
                r#"the path prefix "/users/:id/orders" has a parameter of a router; write "/users", which covers all that is below it"#,
            ),
            (
                "/users/<int:id>",
                r#"the path prefix "/users/<int:id>" has a parameter of a router; write "/users", which covers all that is below it"#,
            ),
            (
                "/[slug]",
                r#"the path prefix "/[slug]" has a parameter of a router; write "/", which covers all that is below it"#,
            ),
            ("/a%20b", r#"the path prefix "/a%20b" has a percent sign; write it decoded"#),
            ("/a//b/", r#"the path prefix "/a//b/" has two slashes, one behind the other; write one"#),
            (
                "/a/../b",
                r#"the path prefix "/a/../b" has a segment of dots; write the path that it leads to"#,
            ),
        ];
        for (text, message) in cases {
            assert_eq!(PathPrefix::parse(text).unwrap_err().to_string(), message);
        }
        // A colon within a segment, or alone, is one.
        for text in ["/v1/things:cancel", "/a/:", "/a:80/b", "/x[1]"] {
            assert!(PathPrefix::parse(text).is_ok(), "{text}");
        }
        let error = PathPrefixError::new("/api", PathPrefixErrorKind::Duplicate);
        assert_eq!(
            error.to_string(),
            r#"the path prefix "/api" has a policy already; leave one of the two out"#
        );
    }
}
