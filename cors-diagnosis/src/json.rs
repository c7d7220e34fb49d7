//! JSON, read as far as a HAR file needs it: a tree over the text, in which nothing is copied and no number is computed.
//!
//! A file of a hundred megabytes is mostly the bodies of responses, which nobody asks for here: a text is unescaped when it is asked for.

use std::borrow::Cow;

/// How deep lists and objects may lie in each other.
const MAX_DEPTH: usize = 128;

/// A value.
#[derive(Clone, Debug, PartialEq)]
pub enum Json<'t> {
    /// `null`.
    Null,
    /// `true` or `false`.
    Truth(bool),
    /// A number, as it is written.
    Number(&'t str),
    /// A text.
    Text(Text<'t>),
    /// A list.
    List(Vec<Json<'t>>),
    /// An object. Of fields with one name, the last counts.
    Object(Vec<(Text<'t>, Json<'t>)>),
}

/// What stands between quotation marks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Text<'t>(&'t str);

/// Where a text stops being JSON; both count from 1, the column in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The line.
    pub line: usize,
    /// The character in the line.
    pub column: usize,
}

impl<'t> Json<'t> {
    /// Reads a text that is JSON from its beginning to its end.
    ///
    /// ```
    /// use cors_diagnosis::json::Json;
    ///
    /// let file = Json::read(r#"{"log": {"status": 200, "url": "a\u002fb"}}"#).unwrap();
    /// let log = file.get("log").unwrap();
    /// assert_eq!(log.get("status").and_then(Json::whole_number), Some(200));
    /// assert_eq!(log.get("url").and_then(Json::text).unwrap(), "a/b");
    /// assert_eq!(Json::read("{\n}}").unwrap_err().line, 2);
    /// ```
    pub fn read(text: &'t str) -> Result<Self, Place> {
        let mut reader = Reader { text, at: 0 };
        let value = reader.value(MAX_DEPTH);
        reader.skip_spaces();
        value.filter(|_| reader.at == text.len()).ok_or_else(|| reader.place())
    }

    /// Returns the field of an object.
    pub fn get(&self, name: &str) -> Option<&Self> {
        match self {
            Json::Object(fields) => {
                fields.iter().rev().find(|(other, _)| other.get() == name).map(|(_, value)| value)
            }
            _ => None,
        }
    }

    /// Returns the elements of a list.
    pub fn list(&self) -> Option<&[Self]> {
        match self {
            Json::List(elements) => Some(elements),
            _ => None,
        }
    }

    /// Returns a text.
    pub fn text(&self) -> Option<Cow<'t, str>> {
        match self {
            Json::Text(text) => Some(text.get()),
            _ => None,
        }
    }

    /// Returns a number that is written without a fraction and an exponent, and is not too large.
    pub fn whole_number(&self) -> Option<i64> {
        match self {
            Json::Number(digits) => digits.parse().ok(),
            _ => None,
        }
    }

    /// Returns whether something is so.
    pub fn truth(&self) -> Option<bool> {
        match self {
            Json::Truth(is) => Some(*is),
            _ => None,
        }
    }
}

impl<'t> Text<'t> {
    /// Returns the text. A half of a surrogate pair becomes U+FFFD.
    pub fn get(self) -> Cow<'t, str> {
        let Some((before, rest)) = self.0.split_once('\\') else { return Cow::Borrowed(self.0) };
        let mut text = before.to_owned();
        let mut rest = rest;
        loop {
            let mut characters = rest.chars();
            match characters.next() {
                Some('b') => text.push('\u{8}'),
                Some('f') => text.push('\u{c}'),
                Some('n') => text.push('\n'),
                Some('r') => text.push('\r'),
                Some('t') => text.push('\t'),
                Some('u') => {
                    let (character, after) = code_point(characters.as_str());
                    text.push(character);
                    characters = after.chars();
                }
                Some(other) => text.push(other),
                None => {}
            }
            let Some((between, after)) = characters.as_str().split_once('\\') else {
                text.push_str(characters.as_str());
                return Cow::Owned(text);
            };
            text.push_str(between);
            rest = after;
        }
    }
}

/// Returns the character of the digits after `\u`, and what comes after it; a pair takes the second half as well.
fn code_point(text: &str) -> (char, &str) {
    let unit = |text: &str| u32::from_str_radix(text.get(..4)?, 16).ok();
    let (first, after) = (unit(text).unwrap_or(0xfffd), text.get(4..).unwrap_or_default());
    let second = after.strip_prefix("\\u").filter(|_| (0xd800..0xdc00).contains(&first)).and_then(unit);
    match second.filter(|second| (0xdc00..0xe000).contains(second)) {
        Some(second) => {
            let number = 0x1_0000 + ((first & 0x3ff) << 10) + (second & 0x3ff);
            (
                char::from_u32(number).unwrap_or(char::REPLACEMENT_CHARACTER),
                after.get(6..).unwrap_or_default(),
            )
        }
        None => (char::from_u32(first).unwrap_or(char::REPLACEMENT_CHARACTER), after),
    }
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Reader<'t> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn skip_while(&mut self, is: impl Fn(u8) -> bool) -> usize {
        let begin = self.at;
        while self.peek().is_some_and(&is) {
            self.at += 1;
        }
        self.at - begin
    }

    fn skip_spaces(&mut self) {
        self.skip_while(|byte| matches!(byte, b' ' | b'\n' | b'\r' | b'\t'));
    }

    /// Returns true, and is behind it, if `byte` comes next.
    fn takes(&mut self, byte: u8) -> bool {
        let is_next = self.peek() == Some(byte);
        self.at += usize::from(is_next);
        is_next
    }

    /// Like [`takes`](Self::takes), behind spaces.
    fn takes_behind_spaces(&mut self, byte: u8) -> bool {
        self.skip_spaces();
        self.takes(byte)
    }

    fn value(&mut self, depth: usize) -> Option<Json<'t>> {
        self.skip_spaces();
        match self.peek()? {
            b'"' => self.quoted().map(Json::Text),
            b'[' => self.elements(b']', depth, Self::value).map(Json::List),
            b'{' => self
                .elements(b'}', depth, |reader, depth| {
                    reader.skip_spaces();
                    let name = reader.quoted()?;
                    let value = reader.takes_behind_spaces(b':').then(|| reader.value(depth))??;
                    Some((name, value))
                })
                .map(Json::Object),
            b't' => self.word("true", Json::Truth(true)),
            b'f' => self.word("false", Json::Truth(false)),
            b'n' => self.word("null", Json::Null),
            _ => self.number(),
        }
    }

    fn word(&mut self, word: &str, value: Json<'t>) -> Option<Json<'t>> {
        self.text.get(self.at..)?.starts_with(word).then(|| {
            self.at += word.len();
            value
        })
    }

    fn elements<T>(
        &mut self,
        end: u8,
        depth: usize,
        element: fn(&mut Self, usize) -> Option<T>,
    ) -> Option<Vec<T>> {
        let depth = depth.checked_sub(1)?;
        self.at += 1;
        let mut elements = Vec::new();
        if self.takes_behind_spaces(end) {
            return Some(elements);
        }
        loop {
            elements.push(element(self, depth)?);
            if self.takes_behind_spaces(end) {
                return Some(elements);
            }
            if !self.takes(b',') {
                return None;
            }
        }
    }

    fn quoted(&mut self) -> Option<Text<'t>> {
        if !self.takes(b'"') {
            return None;
        }
        let begin = self.at;
        loop {
            self.skip_while(|byte| byte >= b' ' && byte != b'"' && byte != b'\\');
            if self.peek()? == b'"' {
                let text = self.text.get(begin..self.at)?;
                self.at += 1;
                return Some(Text(text));
            }
            if !self.takes(b'\\') {
                return None;
            }
            match self.peek()? {
                b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => self.at += 1,
                b'u' => {
                    let digits = self.text.as_bytes().get(self.at + 1..self.at + 5)?;
                    if !digits.iter().all(u8::is_ascii_hexdigit) {
                        return None;
                    }
                    self.at += 5;
                }
                _ => return None,
            }
        }
    }

    fn number(&mut self) -> Option<Json<'t>> {
        let begin = self.at;
        self.takes(b'-');
        if !self.takes(b'0') {
            self.digits()?;
        }
        if self.takes(b'.') {
            self.digits()?;
        }
        if self.takes(b'e') || self.takes(b'E') {
            _ = self.takes(b'+') || self.takes(b'-');
            self.digits()?;
        }
        self.text.get(begin..self.at).map(Json::Number)
    }

    fn digits(&mut self) -> Option<()> {
        (self.skip_while(|byte| byte.is_ascii_digit()) > 0).then_some(())
    }

    fn place(&self) -> Place {
        let before = String::from_utf8_lossy(self.text.as_bytes().get(..self.at).unwrap_or_default());
        let line = before.rsplit('\n').next().unwrap_or_default();
        Place { line: before.matches('\n').count() + 1, column: line.chars().count() + 1 }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What `serde_json` makes of the same tree.
    fn is_same(ours: &Json<'_>, other: &serde_json::Value) -> bool {
        use serde_json::Value;
        match (ours, other) {
            (Json::Null, Value::Null) => true,
            (Json::Truth(is), Value::Bool(other)) => is == other,
            (Json::Number(digits), Value::Number(other)) => {
                digits.parse::<f64>().ok() == other.as_f64()
                    && other.as_i64().is_none_or(|other| ours.whole_number() == Some(other))
            }
            (Json::Text(text), Value::String(other)) => text.get() == *other,
            (Json::List(ours), Value::Array(others)) => {
                ours.len() == others.len()
                    && ours.iter().zip(others).all(|(ours, other)| is_same(ours, other))
            }
            (Json::Object(fields), Value::Object(others)) => {
                fields.iter().all(|(name, _)| others.contains_key(&*name.get()))
                    && others
                        .iter()
                        .all(|(name, other)| ours.get(name).is_some_and(|ours| is_same(ours, other)))
            }
            _ => false,
        }
    }

    #[test]
    fn what_is_json_and_what_is_not() {
        for text in [
            "null",
            " true\n",
            "[]",
            "{ }",
            "[1,-0, 0.5,1e9,2E-3]",
            r#"{"a":{"b":[{}]},"a":1}"#,
            r#""\"\\\/\b\f\n\r\té\ud83e\udd80""#,
            "\"\u{7f}\u{2028}\"",
            "123456789012345678901234567890",
            r#"{"é":"","":[[[]]]}"#,
        ] {
            let other = serde_json::from_str(text).unwrap();
            assert!(is_same(&Json::read(text).unwrap(), &other), "{text}");
        }
        for text in [
            "",
            " ",
            "nul",
            "truth",
            "[",
            "[1",
            "[1,",
            "[1,]",
            "[,1]",
            "{",
            "{\"a\"",
            "{\"a\":",
            "{\"a\":1",
            "{\"a\":1,}",
            "{a:1}",
            "{'a':1}",
            "01",
            "-",
            "1.",
            ".5",
            "1e",
            "+1",
            "\"",
            "\"\\",
            "\"\\x\"",
            "\"\\u12\"",
            "\"\\u12g4\"",
            "\"\n\"",
            "\"\u{1}\"",
            "1 2",
            "[]]",
            "NaN",
            "\"\\u+123\"",
            "\u{feff}1",
        ] {
            assert!(Json::read(text).is_err(), "{text:?}");
            assert!(serde_json::from_str::<serde_json::Value>(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn halves_of_pairs_are_replaced() {
        for (text, expected) in
            [(r#""\ud800""#, "\u{fffd}"), (r#""\udc00x""#, "\u{fffd}x"), (r#""\ud800A""#, "\u{fffd}A")]
        {
            assert_eq!(Json::read(text).unwrap().text().unwrap(), expected, "{text}");
        }
    }

    #[test]
    fn the_place_of_what_is_wrong() {
        for (text, line, column) in
            [("", 1, 1), ("{\n  \"a\": x}", 2, 8), ("[\"ü\" 1]", 1, 6), ("[1,\n", 2, 1)]
        {
            assert_eq!(Json::read(text).unwrap_err(), Place { line, column }, "{text:?}");
        }
    }

    #[test]
    fn a_text_that_lies_too_deep() {
        let nested = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
        assert!(Json::read(&nested(MAX_DEPTH)).is_ok());
        assert!(Json::read(&nested(MAX_DEPTH + 1)).is_err());
        assert!(Json::read(&"{\"a\":".repeat(100_000)).is_err());
    }

    proptest! {
        #[test]
        fn any_text_is_read_as_serde_json_reads_it(text in r#"([\[\]{}:,\-0-9.eE ]|"|\\|\\u[0-9a-f]{4}|"a"|null|true|false|é){0,12}"#) {
            match (Json::read(&text), serde_json::from_str::<serde_json::Value>(&text)) {
                (Ok(ours), Ok(other)) => prop_assert!(is_same(&ours, &other)),
                (Err(_), Err(_)) => {}
                // What no number of a machine can be, and halves of pairs.
                (Ok(_), Err(error)) => prop_assert!(error.to_string().contains("out of range") || error.to_string().contains("surrogate") || error.to_string().contains("hex escape"), "{text}: {error}"),
                (Err(place), Ok(_)) => prop_assert!(false, "{text}: {place:?}"),
            }
        }

        #[test]
        fn a_text_comes_back(text in any::<String>()) {
            let written = serde_json::to_string(&text).unwrap();
            prop_assert_eq!(Json::read(&written).unwrap().text().unwrap(), text);
        }
    }
}
