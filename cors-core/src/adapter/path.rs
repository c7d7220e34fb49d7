//! Which of several path prefixes a request falls under (A9).

use core::error::Error;
use core::fmt;

/// The path of a request, by what its server has done to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequestPath<'a> {
    /// As it was sent, with its percent-escapes.
    Raw(&'a [u8]),
    /// With its percent-escapes decoded once, as WSGI and ASGI hand it on.
    Decoded(&'a [u8]),
}

/// Returns the place of the longest prefix that covers the path; `None` if none does.
///
/// A prefix covers the path that it is and all paths below it, segment by segment: `/api` covers `/api` and `/api/orders`,
/// not `/apis`. A path is compared with its percent-escapes decoded once, and letters have to agree in case.
///
/// ```
/// use cors_core::adapter::{PathPrefix, RequestPath, find_prefix};
///
/// let prefixes = [PathPrefix::parse("/")?, PathPrefix::parse("/api")?];
/// assert_eq!(find_prefix(RequestPath::Raw(b"/%61pi/orders"), &prefixes), Some(1));
/// assert_eq!(find_prefix(RequestPath::Raw(b"/apis"), &prefixes), Some(0));
/// # Ok::<(), cors_core::adapter::PathPrefixError<'_>>(())
/// ```
#[inline]
pub fn find_prefix<'p, S: AsRef<str> + 'p>(
    path: RequestPath<'_>,
    prefixes: impl IntoIterator<Item = &'p PathPrefix<S>>,
) -> Option<usize> {
    let mut found = None;
    let mut longest = None;
    for (index, prefix) in prefixes.into_iter().enumerate() {
        if longest < Some(prefix.len()) && prefix.covers(path) {
            longest = Some(prefix.len());
            found = Some(index);
        }
    }
    found
}

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
        if text.bytes().any(|byte| matches!(byte, b'?' | b'#' | b'*' | b'{' | b'}')) {
            return error(PathPrefixErrorKind::NotAPath);
        }
        if text.bytes().any(|byte| byte == b'%') {
            return error(PathPrefixErrorKind::Encoded);
        }
        if text.split('/').any(|segment| matches!(segment, "." | "..")) {
            return error(PathPrefixErrorKind::DotSegment);
        }
        Ok(PathPrefix(text.trim_end_matches('/')))
    }

    /// Returns the same prefix as another text, which may own its bytes: `to::<Box<str>>()`.
    pub fn to<S: From<&'a str>>(self) -> PathPrefix<S> {
        PathPrefix(self.0.into())
    }
}

impl<S: AsRef<str>> PathPrefix<S> {
    /// Returns true if the path is the prefix, or lies below it.
    #[inline]
    pub fn covers(&self, path: RequestPath<'_>) -> bool {
        let prefix = self.0.as_ref().as_bytes();
        match path {
            _ if prefix.is_empty() => true,
            RequestPath::Decoded(path) => {
                path.strip_prefix(prefix).is_some_and(|rest| matches!(rest.first(), None | Some(b'/')))
            }
            RequestPath::Raw(path) => {
                let mut decoded = Decoded(path);
                prefix.iter().all(|&byte| decoded.next() == Some(byte))
                    && matches!(decoded.next(), None | Some(b'/'))
            }
        }
    }

    #[inline]
    fn len(&self) -> usize {
        self.0.as_ref().len()
    }
}

/// The bytes of a path with its percent-escapes decoded, once. What is not an escape stands for itself.
struct Decoded<'p>(&'p [u8]);

impl Iterator for Decoded<'_> {
    type Item = u8;

    #[inline]
    fn next(&mut self) -> Option<u8> {
        let (&first, rest) = self.0.split_first()?;
        self.0 = rest;
        let escaped = match rest {
            [high, low, rest @ ..] if first == b'%' => hex(*high).zip(hex(*low)).map(|digits| (digits, rest)),
            _ => None,
        };
        Some(match escaped {
            Some(((high, low), rest)) => {
                self.0 = rest;
                high << 4 | low
            }
            None => first,
        })
    }
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| value.try_into().ok())
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
    fn a9_a_prefix_covers_whole_segments() {
        let cases: [(&str, &[&str], &[&str]); 4] = [
            ("/", &["/", "/a", "/a/b", "*", ""], &[]),
            (
                "/api",
                &["/api", "/api/", "/api/orders", "/%61pi", "/api%2Forders", "/ap%69/x"],
                &["/apis", "/ap", "/API", "/v1/api", "/api%20", "/%2561pi", "/", "*", "/api%"],
            ),
            ("/api/", &["/api", "/api/x"], &["/apix"]),
            ("/é/b", &["/%C3%A9/b", "/%c3%a9/b/c", "/é/b"], &["/%c3/b", "/e/b"]),
        ];
        for (text, inside, outside) in cases {
            let prefix = PathPrefix::parse(text).unwrap();
            for path in inside {
                assert!(prefix.covers(RequestPath::Raw(path.as_bytes())), "{text} {path}");
            }
            for path in outside {
                assert!(!prefix.covers(RequestPath::Raw(path.as_bytes())), "{text} {path}");
            }
        }
    }

    #[test]
    fn a9_a_decoded_path_is_not_decoded_again() {
        let prefix = PathPrefix::parse("/api").unwrap();
        for (path, expected) in
            [("/api", true), ("/api/", true), ("/api/%61", true), ("/%61pi", false), ("/apis", false)]
        {
            assert_eq!(prefix.covers(RequestPath::Decoded(path.as_bytes())), expected, "{path}");
        }
    }

    #[test]
    fn a9_the_longest_prefix_wins_in_any_order() {
        let prefixes = ["/", "/api", "/api/admin", "/apis"].map(|text| PathPrefix::parse(text).unwrap());
        let cases = [
            ("/", "/"),
            ("/other", "/"),
            ("/api", "/api"),
            ("/api/adm", "/api"),
            ("/api/administrator", "/api"),
            ("/api/admin", "/api/admin"),
            ("/api/admin/users", "/api/admin"),
            ("/api/%61dmin", "/api/admin"),
            ("/apis/admin", "/apis"),
        ];
        for turn in 0..prefixes.len() {
            let mut turned = prefixes;
            turned.rotate_left(turn);
            for (path, expected) in cases {
                let found =
                    find_prefix(RequestPath::Raw(path.as_bytes()), &turned).map(|index| turned[index]);
                assert_eq!(found, PathPrefix::parse(expected).ok(), "{path}");
            }
        }
        let none: [PathPrefix<&str>; 0] = [];
        assert_eq!(find_prefix(RequestPath::Raw(b"/"), &none), None);
        assert_eq!(find_prefix(RequestPath::Raw(b"/other"), &prefixes[1..]), None);
    }

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
            ("/a%20b", r#"the path prefix "/a%20b" has a percent sign; write it decoded"#),
            (
                "/a/../b",
                r#"the path prefix "/a/../b" has a segment of dots; write the path that it leads to"#,
            ),
        ];
        for (text, message) in cases {
            assert_eq!(PathPrefix::parse(text).unwrap_err().to_string(), message);
        }
        let error = PathPrefixError::new("/api", PathPrefixErrorKind::Duplicate);
        assert_eq!(
            error.to_string(),
            r#"the path prefix "/api" has a policy already; leave one of the two out"#
        );
    }
}
