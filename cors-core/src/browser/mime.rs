//! MIME types, as the MIME Sniffing standard parses them.

use crate::browser::header::{is_http_white_space, trim};
use crate::field::is_token;

/// A parsed MIME type, without its parameters: those never make parsing fail.
#[derive(Clone, Copy, Debug)]
pub(crate) struct MimeType<'a> {
    kind: &'a [u8],
    subtype: &'a [u8],
}

impl<'a> MimeType<'a> {
    /// MIME Sniffing, "parse a MIME type".
    pub(crate) fn parse(text: &'a [u8]) -> Option<Self> {
        let text = trim(text, is_http_white_space);
        let slash = text.iter().position(|&byte| byte == b'/')?;
        let (kind, rest) = (text.get(..slash)?, text.get(slash.checked_add(1)?..)?);
        let subtype = rest.split(|&byte| byte == b';').next()?;
        // White space may stand at the end only: `text/plain ;` is a media type, and `text/ plain` is not.
        let end = subtype.iter().rposition(|&byte| !is_http_white_space(byte))?.checked_add(1)?;
        let subtype = subtype.get(..end)?;
        (is_token(kind) && is_token(subtype)).then_some(MimeType { kind, subtype })
    }

    /// True if the essence is `kind/subtype`, both in lower case.
    pub(crate) fn is(&self, kind: &str, subtype: &str) -> bool {
        self.kind.eq_ignore_ascii_case(kind.as_bytes())
            && self.subtype.eq_ignore_ascii_case(subtype.as_bytes())
    }

    /// True for the types that a form can send, which Fetch safelists.
    pub(crate) fn is_safelisted(&self) -> bool {
        self.is("application", "x-www-form-urlencoded")
            || self.is("multipart", "form-data")
            || self.is("text", "plain")
    }
}

/// True for a `content-type` that Firefox safelists: the type ends at the first blank or `;`, and
/// whatever stands between a blank and a `;` is passed over. There may be no comma, and no `;` at the end after another.
pub(crate) fn is_safelisted_in_firefox(text: &[u8]) -> bool {
    let is_blank = |byte: &u8| matches!(byte, b' ' | b'\t');
    let parts = text.split(|&byte| byte == b';').count();
    let kind = text.split(|byte| is_blank(byte) || *byte == b';').next().unwrap_or_default();
    let is_whole = match parts {
        1 => kind.len() == text.len(),
        2 => true,
        _ => !text.ends_with(b";"),
    };
    is_whole
        && !text.contains(&b',')
        && MimeType::parse(kind).is_some_and(|mime_type| mime_type.is_safelisted())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mime_types() {
        for (text, expected) in [
            ("text/plain", true),
            (" \r\n\ttext/plain\t ", true),
            ("Text/PLAIN", true),
            ("text/plain;", true),
            ("text/plain ;", true),
            ("text/plain\t; charset=utf-8", true),
            ("text/plain;charset", true),
            ("text/plain;=;;x=\"", true),
            ("text/plain;a=,b", true),
            ("text/plain;/", true),
            ("text/ plain", false),
            ("text /plain", false),
            ("text/plain,", false),
            ("text/plain, text/plain", false),
            ("text/plain x;a=b", false),
            ("text/plain/x", false),
            ("text/", false),
            ("text/ ;a=b", false),
            ("/plain", false),
            ("text", false),
            ("text;/plain", false),
            (";text/plain", false),
            ("\"text\"/plain", false),
            ("text/plain\0", false),
            ("text/pl\u{e9}in", false),
            ("*/*", true),
            ("", false),
            (" ", false),
        ] {
            assert_eq!(MimeType::parse(text.as_bytes()).is_some(), expected, "{text:?}");
        }
    }

    #[test]
    fn safelisted_ones() {
        for (text, expected) in [
            ("text/plain", true),
            ("multipart/form-data; boundary=x", true),
            ("APPLICATION/X-WWW-FORM-URLENCODED", true),
            ("text/html", false),
            ("text/plainer", false),
            ("application/json", false),
            ("application/csp-report", false),
            ("plain/text", false),
        ] {
            assert_eq!(MimeType::parse(text.as_bytes()).unwrap().is_safelisted(), expected, "{text:?}");
        }
    }

    #[test]
    fn safelisted_in_firefox() {
        for (text, expected) in [
            ("text/plain", true),
            ("Text/Plain;charset=utf-8", true),
            ("text/plain;", true),
            ("text/plain ;", true),
            ("text/plain; a=b", true),
            ("text/plain;;a=b", true),
            ("text/plain;;", false),
            ("text/plain;a=b;", false),
            ("text/plain x;a=b", true),
            ("text/plain x", false),
            ("text/ plain", false),
            ("text/plain,", false),
            ("text/plain;a=,b", false),
            ("text/html", false),
            ("", false),
        ] {
            assert_eq!(is_safelisted_in_firefox(text.as_bytes()), expected, "{text:?}");
        }
    }
}
