//! Path prefixes that end at a segment (A9).

use std::error::Error;
use std::fmt;

/// A prefix of paths, decoded: whole segments, without a slash at its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Prefix(Box<str>);

impl Prefix {
    /// Every path.
    pub(crate) fn root() -> Self {
        Prefix("".into())
    }

    pub(crate) fn parse(text: &str) -> Result<Self, PrefixError> {
        let error = |kind| Err(PrefixError { prefix: text.to_owned(), kind });
        if !text.starts_with('/') {
            return error(PrefixErrorKind::NoSlash);
        }
        if text.contains(['?', '#', '*', '{', '}']) {
            return error(PrefixErrorKind::NotAPath);
        }
        if text.contains('%') {
            return error(PrefixErrorKind::Encoded);
        }
        if text.split('/').any(|segment| matches!(segment, "." | "..")) {
            return error(PrefixErrorKind::DotSegment);
        }
        Ok(Prefix(text.trim_end_matches('/').into()))
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// True for the path that the prefix is, and for those below it.
    #[inline]
    pub(crate) fn covers(&self, path: &str) -> bool {
        if self.0.is_empty() {
            return true;
        }
        let mut decoded = Decoded(path.as_bytes());
        self.0.bytes().all(|byte| decoded.next() == Some(byte)) && matches!(decoded.next(), None | Some(b'/'))
    }
}

/// The bytes of a path with its percent-escapes decoded, once. What is no escape stands for itself.
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

/// A text that is no prefix of paths, or one that is there already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrefixError {
    prefix: String,
    kind: PrefixErrorKind,
}

/// What is wrong with a prefix.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PrefixErrorKind {
    /// It does not begin with a slash.
    NoSlash,
    /// It has what no path has, or a wildcard.
    NotAPath,
    /// It has a percent sign: paths are compared decoded.
    Encoded,
    /// It has a segment `.` or `..`, which no request's path has.
    DotSegment,
    /// It has a policy already.
    Duplicate,
}

impl PrefixError {
    pub(crate) fn duplicate(prefix: &str) -> Self {
        PrefixError { prefix: prefix.to_owned(), kind: PrefixErrorKind::Duplicate }
    }

    /// The text.
    pub fn prefix(&self) -> &str {
        &self.prefix
    }

    /// What is wrong with it.
    pub fn kind(&self) -> PrefixErrorKind {
        self.kind
    }
}

impl fmt::Display for PrefixError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let prefix = &self.prefix;
        write!(f, "the path prefix {prefix:?} ")?;
        match self.kind {
            PrefixErrorKind::NoSlash => write!(f, "begins without a slash; write {:?}", format!("/{prefix}")),
            PrefixErrorKind::NotAPath => f.write_str(
                "is no path; write the path alone, such as \"/api\", which covers all that is below it",
            ),
            PrefixErrorKind::Encoded => f.write_str("has a percent sign; write it decoded"),
            PrefixErrorKind::DotSegment => {
                f.write_str("has a segment of dots; write the path that it leads to")
            }
            PrefixErrorKind::Duplicate => f.write_str("has a policy already; leave one of the two out"),
        }
    }
}

impl Error for PrefixError {}

#[cfg(test)]
mod tests {
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
            let prefix = Prefix::parse(text).unwrap();
            for path in inside {
                assert!(prefix.covers(path), "{text} {path}");
            }
            for path in outside {
                assert!(!prefix.covers(path), "{text} {path}");
            }
        }
    }

    #[test]
    fn what_is_no_prefix() {
        let cases = [
            ("api", r#"the path prefix "api" begins without a slash; write "/api""#),
            ("", r#"the path prefix "" begins without a slash; write "/""#),
            (
                "/api/*",
                r#"the path prefix "/api/*" is no path; write the path alone, such as "/api", which covers all that is below it"#,
            ),
            (
                "/a?b",
                r#"the path prefix "/a?b" is no path; write the path alone, such as "/api", which covers all that is below it"#,
            ),
            ("/a%20b", r#"the path prefix "/a%20b" has a percent sign; write it decoded"#),
            (
                "/a/../b",
                r#"the path prefix "/a/../b" has a segment of dots; write the path that it leads to"#,
            ),
        ];
        for (text, message) in cases {
            assert_eq!(Prefix::parse(text).unwrap_err().to_string(), message);
        }
    }
}
