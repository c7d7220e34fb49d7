//! [`Text`]: what was pasted, made plain, and its letters and digits alone, which is what recognisers compare.

use std::ops::Range;

/// A pasted text.
///
/// Quotation marks are lost in a shell, changed by a forum, or escaped; lines are wrapped, quoted with `>`, or joined. So
/// nothing but letters and digits is compared, in lower case, and each of them knows its place.
#[derive(Clone, Debug)]
pub(crate) struct Text {
    plain: String,
    letters: String,
    /// For each byte of `letters` the byte of `plain` at which its character begins.
    places: Vec<usize>,
}

impl Text {
    pub(crate) fn new(pasted: &str) -> Self {
        let plain = plain(pasted);
        let mut letters = String::with_capacity(plain.len());
        let mut places = Vec::with_capacity(plain.len());
        for (place, character) in plain.char_indices().filter(|(_, character)| character.is_alphanumeric()) {
            for lowercase in character.to_lowercase().filter(|character| character.is_alphanumeric()) {
                letters.push(lowercase);
                places.resize(letters.len(), place);
            }
        }
        Text { plain, letters, places }
    }

    /// Returns the text without escapes.
    pub(crate) fn plain(&self) -> &str {
        &self.plain
    }

    /// Returns the letters and digits, in lower case.
    pub(crate) fn letters(&self) -> &str {
        &self.letters
    }

    /// Returns what stands between these letters in the plain text, with what surrounds them up to the letters before and
    /// after.
    pub(crate) fn between(&self, letters: Range<usize>) -> &str {
        let start = match letters.start.checked_sub(1) {
            None => 0,
            Some(before) => self.end_of(before),
        };
        let end = self.place(letters.end);
        self.plain.get(start..end).unwrap_or_default()
    }

    /// Returns the place in the plain text of the letter at `index`, or its end.
    pub(crate) fn place(&self, index: usize) -> usize {
        self.places.get(index).copied().unwrap_or(self.plain.len())
    }

    /// Returns how many letters the first word has.
    pub(crate) fn first_word_len(&self) -> usize {
        let words = self.plain.split(|character: char| !character.is_alphanumeric());
        words.map(letters_of).find(|word| !word.is_empty()).map_or(0, |word| word.len())
    }

    /// Returns where the letter at `index` ends in the plain text.
    pub(crate) fn end_of(&self, index: usize) -> usize {
        let place = self.place(index);
        let rest = self.plain.get(place..).unwrap_or_default();
        place.saturating_add(rest.chars().next().map_or(0, char::len_utf8))
    }
}

/// Returns the letters and digits of a pattern's literal, in lower case.
pub(crate) fn letters_of(literal: &str) -> String {
    let letters = literal.chars().filter(|character| character.is_alphanumeric());
    letters.flat_map(char::to_lowercase).filter(|character| character.is_alphanumeric()).collect()
}

fn plain(pasted: &str) -> String {
    let text = without_terminal_codes(pasted);
    // A message in an address, such as one of a search or of a report.
    let is_encoded = |word: &str| word.matches("%20").count() >= 5 && !word.starts_with("http");
    let words = text.split_inclusive(char::is_whitespace);
    let text: String =
        words.map(|word| if is_encoded(word) { percent_decoded(word) } else { word.to_owned() }).collect();
    // What was escaped twice is unescaped twice.
    let mut text = unescaped(&text);
    for _ in 0..2 {
        if ["&amp;", "&#", "&quot;", "\\\""].iter().any(|escape| text.contains(escape)) {
            text = unescaped(&text);
        }
    }
    text
}

/// Takes out the codes that set colours in a terminal: `ESC [ … m`.
fn without_terminal_codes(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("\u{1b}[") {
        kept.push_str(before);
        rest = after.trim_start_matches(|character: char| character.is_ascii_digit() || character == ';');
        rest = rest.strip_prefix(|character: char| character.is_ascii_alphabetic()).unwrap_or(rest);
    }
    kept.push_str(rest);
    kept
}

fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let digits = after.get(..2).and_then(|digits| std::str::from_utf8(digits).ok());
        let byte = digits.filter(|_| first == b'%').and_then(|digits| u8::from_str_radix(digits, 16).ok());
        bytes.push(byte.unwrap_or(first));
        rest = if byte.is_some() { after.get(2..).unwrap_or_default() } else { after };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The escapes of HTML and of strings in JSON that stand for a character in a message.
const ESCAPES: [(&str, char); 16] = [
    ("&amp;", '&'),
    ("&quot;", '"'),
    ("&apos;", '\''),
    ("&lt;", '<'),
    ("&gt;", '>'),
    ("&nbsp;", ' '),
    ("&lsquo;", '‘'),
    ("&rsquo;", '’'),
    ("&ldquo;", '“'),
    ("&rdquo;", '”'),
    ("&laquo;", '«'),
    ("&raquo;", '»'),
    ("\\n", '\n'),
    ("\\r", '\n'),
    ("\\\"", '"'),
    ("\\'", '\''),
];

fn unescaped(text: &str) -> String {
    let is_one_line = !text.trim().contains('\n');
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(['&', '\\']) {
        let (before, escaped) = rest.split_at(start);
        plain.push_str(before);
        let named = ESCAPES.iter().find(|(escape, _)| escaped.starts_with(escape));
        // In a text of several lines `\n` may begin a folder's name.
        let named = named.filter(|(escape, _)| is_one_line || !matches!(*escape, "\\n" | "\\r"));
        let found = named
            .map(|&(escape, character)| (character, escape.len()))
            .or_else(|| numeric_entity(escaped))
            .or_else(|| unicode_escape(escaped));
        let (character, len) =
            found.unwrap_or_else(|| (if escaped.starts_with('&') { '&' } else { '\\' }, 1));
        plain.push(character);
        rest = escaped.get(len..).unwrap_or_default();
    }
    plain.push_str(rest);
    plain
}

/// Returns the character of `&#39;` or `&#x27;`, and the bytes that it takes.
fn numeric_entity(text: &str) -> Option<(char, usize)> {
    let digits = text.strip_prefix("&#")?;
    let (digits, _) = digits.split_once(';').filter(|(digits, _)| digits.len() <= 8)?;
    let number = match digits.strip_prefix(['x', 'X']) {
        Some(hexadecimal) => u32::from_str_radix(hexadecimal, 16),
        None => digits.parse(),
    };
    Some((char::from_u32(number.ok()?)?, digits.len().saturating_add(3)))
}

/// Returns the character of `\u0027`, and the bytes that it takes.
fn unicode_escape(text: &str) -> Option<(char, usize)> {
    let digits = text.strip_prefix("\\u")?.get(..4)?;
    Some((char::from_u32(u32::from_str_radix(digits, 16).ok()?)?, 6))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_texts() {
        for (pasted, expected) in [
            ("a &#x27;b&#39; &amp;c", "a 'b' &c"),
            ("a &bogus; &#; &", "a &bogus; &#; &"),
            ("x\u{200b}y", "x\u{200b}y"),
            ("\u{1b}[31mred\u{1b}[0m", "red"),
            ("say \\\"no\\\"\\nnext", "say \"no\"\nnext"),
            ("C:\\new\nline", "C:\\new\nline"),
            ("\\u0027a\\u2019", "'a’"),
            ("No%20%27Access%27%20a%20b%20c%20d\nx", "No 'Access' a b c d\nx"),
            ("at http://a/%20b and", "at http://a/%20b and"),
        ] {
            assert_eq!(Text::new(pasted).plain(), expected, "{pasted}");
        }
    }

    #[test]
    fn letters_and_their_places() {
        let text = Text::new("The 'Access-Control' É x");
        assert_eq!(text.letters(), "theaccesscontroléx");
        assert_eq!(text.between(3..9), " 'Access-");
        assert_eq!(text.between(0..3), "The '");
        let text = Text::new("a 'b' c");
        assert_eq!(text.between(1..2), " 'b' ");
        assert_eq!(text.between(2..2), "' ");
        assert_eq!(text.between(2..3), "' c");
    }
}
