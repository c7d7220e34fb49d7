//! [`Pattern`]: a text with holes, found in another by its letters alone.

use std::ops::Range;

use super::text::{Text, letters_of};

/// The most letters in the place of a hole: a longer text is not a message.
const MAX_HOLE_LEN: usize = 4096;

/// The fewest letters at a text's end that are taken for what follows a hole.
const LEAST_AFTER_HOLE: usize = 5;

/// The mark of a part whose end is not in the text.
pub(crate) const CUT: char = '…';

/// The place of what differs from message to message. It is written in braces: `{url}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hole {
    /// The value, the method, the header name or the malformed element at fault.
    Parameter,
    /// The address asked for; after redirects, the last.
    Url,
    /// The address that the page asked for, where that redirected.
    RedirectedFrom,
    /// The address to which the request for another was redirected.
    RedirectedTo,
    /// The page's origin.
    Origin,
    /// What the page used, as Chromium names it.
    Kind,
    /// The response's status.
    Status,
    /// A word that is of no use.
    Other,
}

impl Hole {
    const ALL: [(&'static str, Hole); 8] = [
        ("parameter", Hole::Parameter),
        ("url", Hole::Url),
        ("redirected_from", Hole::RedirectedFrom),
        ("redirected_to", Hole::RedirectedTo),
        ("origin", Hole::Origin),
        ("kind", Hole::Kind),
        ("status", Hole::Status),
        ("other", Hole::Other),
    ];

    fn from_name(name: &str) -> Option<Hole> {
        Hole::ALL.iter().find(|(other, _)| *other == name).map(|&(_, hole)| hole)
    }

    /// Returns true for what is one word, and may stand at an end of a pattern.
    fn is_word(self) -> bool {
        !matches!(self, Hole::Parameter)
    }
}

/// A pattern in pieces: literals with a hole between two of them, and perhaps one at either end.
#[derive(Clone, Debug)]
pub(crate) struct Pattern {
    literals: Vec<String>,
    /// The hole before each literal; the last is the one at the end.
    holes: Vec<Option<Hole>>,
}

/// Where a pattern was found, in letters, and what stands in its holes.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    pub(crate) range: Range<usize>,
    /// The letters that the literals have.
    pub(crate) weight: usize,
    pub(crate) parts: Vec<(Hole, String)>,
}

impl Pattern {
    pub(crate) fn parse(text: &str) -> Self {
        let mut pattern = Pattern { literals: Vec::new(), holes: Vec::new() };
        let mut hole = None;
        let mut rest = text;
        loop {
            let next = rest.split_once('{').and_then(|(before, after)| {
                let (name, after) = after.split_once('}')?;
                Some((before, Hole::from_name(name)?, after))
            });
            let literal = letters_of(next.map_or(rest, |(before, ..)| before));
            if !literal.is_empty() {
                pattern.literals.push(literal);
                pattern.holes.push(hole.take());
            }
            match next {
                Some((_, found, after)) => (hole, rest) = (Some(found), after),
                None => break,
            }
        }
        pattern.holes.push(hole);
        pattern
    }

    /// Returns the letters that the literals have.
    pub(crate) fn weight(&self) -> usize {
        self.literals.iter().map(String::len).sum()
    }

    /// True if a literal has these letters.
    pub(crate) fn has(&self, letters: &str) -> bool {
        self.literals.iter().any(|literal| literal.contains(letters))
    }

    /// Returns every place of the pattern.
    pub(crate) fn find_all(&self, text: &Text) -> Vec<Found> {
        let anchor = self.literals.iter().enumerate().max_by_key(|(_, literal)| literal.len());
        let Some((anchor, literal)) = anchor else { return Vec::new() };
        let mut found: Vec<Found> = Vec::new();
        for (start, _) in text.letters().match_indices(literal.as_str()) {
            if found.last().is_some_and(|last| start < last.range.end) {
                continue;
            }
            found.extend(self.around(text, anchor, start));
        }
        found
    }

    /// Returns the pattern's place around the literal at `start`, which is number `anchor`.
    fn around(&self, text: &Text, anchor: usize, start: usize) -> Option<Found> {
        let letters = text.letters();
        let literal = self.literals.get(anchor)?;
        let mut places = Vec::with_capacity(self.literals.len());
        places.push(start..start.checked_add(literal.len())?);
        for literal in self.literals.iter().take(anchor).rev() {
            let end = places.first()?.start;
            let window = letters.get(floor(letters, end.saturating_sub(MAX_HOLE_LEN))..end)?;
            let base = end.checked_sub(window.len())?;
            let start = window
                .rmatch_indices(literal.as_str())
                .filter_map(|(index, _)| base.checked_add(index))
                .find(|&start| is_word(text, start, literal))?;
            places.insert(0, start..start.checked_add(literal.len())?);
        }
        for literal in self.literals.iter().skip(anchor.checked_add(1)?) {
            let end = places.last()?.end;
            let limit = floor(letters, end.saturating_add(MAX_HOLE_LEN).saturating_add(literal.len()));
            let start = letters
                .get(end..limit)?
                .match_indices(literal.as_str())
                .filter_map(|(index, _)| end.checked_add(index))
                .find(|&start| is_word(text, start, literal))?;
            places.push(start..start.checked_add(literal.len())?);
        }
        self.found(text, &places)
    }

    /// Returns what was found, given the places of the first literals: of all, unless the text was cut.
    fn found(&self, text: &Text, places: &[Range<usize>]) -> Option<Found> {
        let (first, last) = (places.first()?, places.last()?);
        let mut parts = Vec::new();
        let mut add = |hole: Hole, part: &str| parts.push((hole, tidy(hole, part)));
        if let Some(hole) = self.holes.first().copied().flatten() {
            let before = text.plain().get(..text.place(first.start)).unwrap_or_default();
            add(hole, last_word(before));
        }
        for ((place, next), hole) in places.iter().zip(places.iter().skip(1)).zip(self.holes.iter().skip(1)) {
            if let Some(hole) = *hole {
                add(hole, text.between(place.end..next.start));
            }
        }
        if let Some(hole) = self.holes.get(places.len()).copied().flatten() {
            let after = text.plain().get(text.end_of(last.end.checked_sub(1)?)..).unwrap_or_default();
            let part = if hole.is_word() { Some(first_word(after)) } else { value_at_front(after) };
            if let Some(part) = part {
                add(hole, part);
            }
        }
        Some(Found {
            range: first.start..last.end,
            weight: places.iter().map(ExactSizeIterator::len).sum(),
            parts,
        })
    }

    /// Returns the pattern's place behind the first `from` letters, if the text ends within it; `None` where fewer than
    /// `least` letters are there.
    pub(crate) fn find_cut(&self, text: &Text, from: usize, least: usize) -> Option<Found> {
        let letters = text.letters();
        let literal = self.literals.first()?;
        let mut places: Vec<Range<usize>> = Vec::new();
        // Whole literals, the first as near to the end as it goes.
        if let Some(start) = letters.get(from..)?.rfind(literal.as_str()) {
            let start = from.checked_add(start)?;
            places.push(start..start.checked_add(literal.len())?);
            for literal in self.literals.iter().skip(1) {
                let end = places.last()?.end;
                let Some(start) = letters.get(end..)?.find(literal.as_str()) else { break };
                let start = end.checked_add(start)?;
                places.push(start..start.checked_add(literal.len())?);
            }
        }
        if places.len() == self.literals.len() {
            return None;
        }
        let end = places.last().map_or(from, |place| place.end);
        let rest = letters.get(end..)?;
        let next = self.literals.get(places.len())?;
        let tail = (1..=next.len().min(rest.len()))
            .rev()
            .filter_map(|len| next.get(..len))
            .find(|prefix| rest.ends_with(prefix))
            // After a hole, a few letters are as likely those of the text that fills it.
            .filter(|tail| places.is_empty() || tail.len() >= LEAST_AFTER_HOLE || tail.len() == next.len());
        match tail {
            Some(tail) => places.push(letters.len().checked_sub(tail.len())?..letters.len()),
            // The text ends in a hole, which a message has in one line.
            None if !places.is_empty() && rest.len() <= MAX_HOLE_LEN && self.ends_in_hole(text, end) => {}
            None => return None,
        }
        let mut found = self.found(text, &places).filter(|found| found.weight >= least)?;
        // What fills the hole may go on behind the text's end.
        let is_open =
            tail.is_none() && self.holes.get(places.len()).copied().flatten() == Some(Hole::Parameter);
        if let Some((Hole::Parameter, part)) = found.parts.last_mut().filter(|_| is_open)
            && !part.ends_with(CUT)
        {
            part.push(CUT);
        }
        Some(found)
    }

    fn ends_in_hole(&self, text: &Text, from: usize) -> bool {
        let after = text.plain().get(text.end_of(from.saturating_sub(1))..).unwrap_or_default();
        self.holes.iter().any(Option::is_some) && !after.contains("\n\n")
    }

    /// Returns the pattern's place if the text begins within its last literal, `None` where fewer than `least` letters are
    /// there.
    pub(crate) fn find_beheaded(&self, text: &Text, least: usize) -> Option<Found> {
        let (letters, literal) = (text.letters(), self.literals.last()?);
        let len = (0..literal.len())
            .filter_map(|start| literal.get(start..))
            .find(|suffix| letters.starts_with(suffix))?
            .len();
        (len >= least).then_some(Found { range: 0..len, weight: len, parts: Vec::new() })
    }
}

/// True unless a short literal, such as `at`, lies within a word or an address.
fn is_word(text: &Text, start: usize, literal: &str) -> bool {
    const LONG: usize = 8;
    let before = text.plain().get(..text.place(start)).and_then(|before| before.chars().next_back());
    let end = text.end_of(start.saturating_add(literal.len()).saturating_sub(1));
    let after = text.plain().get(end..).and_then(|after| after.chars().next());
    let is_gap = |character: Option<char>| {
        character.is_none_or(|character| {
            is_invisible(character)
                || character.is_whitespace()
                || is_quotation(character)
                || matches!(character, '(' | ')' | ':' | '>' | ',' | '.' | '*')
        })
    };
    literal.len() >= LONG || (is_gap(before) && is_gap(after))
}

/// Returns the greatest boundary of a character up to `index`.
fn floor(text: &str, index: usize) -> usize {
    (0..=index.min(text.len())).rev().find(|&index| text.is_char_boundary(index)).unwrap_or_default()
}

fn first_word(text: &str) -> &str {
    text.trim_start_matches(is_around).split(char::is_whitespace).next().unwrap_or_default()
}

fn last_word(text: &str) -> &str {
    text.trim_end_matches(is_around).rsplit(char::is_whitespace).next().unwrap_or_default()
}

/// Returns the value that stands in quotation marks, also in the next line, or else the rest of the line. There is none where
/// the text ends before it, or within it.
fn value_at_front(text: &str) -> Option<&str> {
    let is_gap = |character: char| character.is_whitespace() || matches!(character, ':' | '>' | '|');
    // The mark that closes what stands before.
    let (closed, unmarked) = match text.strip_prefix(is_quotation) {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let trimmed = unmarked.trim_start_matches(is_gap);
    if let Some(quoted) = trimmed.strip_prefix(is_quotation) {
        return quoted.split_once(is_quotation).map(|(value, _)| value);
    }
    if closed && !unmarked.starts_with(is_gap) {
        return unmarked.split_once(is_quotation).map(|(value, _)| value);
    }
    let line = unmarked.lines().next().unwrap_or_default();
    (!line.trim_matches(is_gap).is_empty()).then_some(line)
}

/// Returns true for what stands around a part and does not belong to it.
fn is_around(character: char) -> bool {
    character.is_whitespace()
        || is_invisible(character)
        || is_quotation(character)
        || matches!(character, '(' | '[' | ':' | ',' | '>' | '|')
}

pub(crate) fn is_invisible(character: char) -> bool {
    matches!(character, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2064}' | '\u{feff}')
}

pub(crate) fn is_quotation(character: char) -> bool {
    matches!(
        character,
        '\'' | '"'
            | '`'
            | '´'
            | '‘'
            | '’'
            | '‚'
            | '“'
            | '”'
            | '„'
            | '«'
            | '»'
            | '‹'
            | '›'
            | '「'
            | '」'
    )
}

/// Returns a part without what stands around it, and in one line.
fn tidy(hole: Hole, part: &str) -> String {
    let joined = joined(hole, part);
    let trimmed = joined.trim();
    if hole.is_word() {
        let address = match hole {
            Hole::Url | Hole::RedirectedFrom | Hole::RedirectedTo => address_in(part),
            _ => None,
        };
        let trimmed = address.as_deref().unwrap_or(trimmed);
        let trimmed = trimmed.trim_start_matches(is_around).trim_start_matches('<');
        let trimmed = trimmed.trim_end_matches(|character| {
            is_around(character) || matches!(character, '.' | ')' | ']' | ';' | '>')
        });
        return trimmed.to_owned();
    }
    let trimmed = trimmed.trim_start_matches(|character: char| character.is_whitespace() || character == ':');
    // A value may begin or end with any of these, except within its quotation marks.
    let inside = trimmed.strip_prefix(is_quotation).and_then(|rest| rest.rsplit_once(is_quotation));
    let value = match inside {
        Some((value, _)) => value,
        None => {
            trimmed.trim_matches(|character| is_quotation(character) || matches!(character, ',' | '.' | ';'))
        }
    };
    match (trimmed.strip_suffix("..."), value.strip_suffix("...")) {
        (Some(_), _) if inside.is_none() => format!("{}{CUT}", value.trim()),
        (_, Some(start)) => format!("{}{CUT}", start.trim()),
        _ => value.trim().to_owned(),
    }
}

/// Returns the first address with a scheme: a word, or more where it was broken within its quotation marks.
fn address_in(text: &str) -> Option<String> {
    let colon = text.find("://")?;
    let is_of_scheme = |character: char| character.is_ascii_alphanumeric() || matches!(character, '-' | '+');
    let scheme = text.get(..colon)?.rsplit(|character| !is_of_scheme(character)).next()?;
    let start = colon.checked_sub(scheme.len())?;
    // The address of a blob has the origin of its page in it.
    let before = text.get(..start)?.to_ascii_lowercase();
    let outer = ["blob:", "filesystem:"].into_iter().find(|outer| before.ends_with(outer));
    let start = start.checked_sub(outer.map_or(0, str::len))?;
    let mark = text.get(..start)?.chars().next_back().filter(|&character| is_quotation(character));
    let rest = text.get(start..)?;
    let quoted = mark.and_then(|_| rest.split_once(is_quotation)).map(|(quoted, _)| quoted);
    let mut lines = quoted.unwrap_or(rest).split('\n');
    let mut address = lines.next()?.trim_end().to_owned();
    if quoted.is_some() {
        lines.for_each(|line| address.push_str(line.trim_start_matches([' ', '\t', '>', '|']).trim_end()));
    }
    address.split_whitespace().next().map(str::to_owned)
}

/// Returns a part in one line: an address that was broken goes on at once, a value after a space.
fn joined(hole: Hole, part: &str) -> String {
    let mut lines = part.split('\n');
    let mut joined = lines.next().unwrap_or_default().trim_end().to_owned();
    for line in lines {
        let line = line.trim().trim_start_matches(['>', '|']).trim();
        if !hole.is_word() || hole == Hole::Kind {
            joined.push(' ');
        }
        joined.push_str(line);
    }
    if joined.is_empty() { part.trim().to_owned() } else { joined }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(pattern: &str, text: &str) -> Option<Vec<String>> {
        let found = Pattern::parse(pattern).find_all(&Text::new(text));
        found.into_iter().next().map(|found| found.parts.into_iter().map(|(_, part)| part).collect())
    }

    #[test]
    fn found_or_not() {
        for (pattern, text, expected) in [
            ("say {url} now", "say 'x' now", Some(vec!["x"])),
            ("say {url} now", "SAY “x”\n> now!", Some(vec!["x"])),
            ("say {url} now", "say x", None),
            ("Method {parameter} is not allowed", "Method Method PUT is not allowed", Some(vec!["PUT"])),
            ("value {parameter} that", "value '' that", Some(vec![""])),
            ("value {parameter} that", "value '*, *' that", Some(vec!["*, *"])),
            ("value {parameter} that", "value  that", Some(vec![""])),
            ("load {url}", "load http://a/b?c=d. Response to x", Some(vec!["http://a/b?c=d"])),
            ("load {url}", "load\n'http://a/'", Some(vec!["http://a/"])),
            ("{url} net::ERR_FAILED", "GET http://a/ net::ERR_FAILED 404", Some(vec!["http://a/"])),
            ("at {url} from", "at 'http://a/\n> b' from", Some(vec!["http://a/b"])),
            ("is {parameter}", "is a, b\nc", Some(vec!["a, b"])),
            ("a b", "ab", Some(vec![])),
        ] {
            let expected: Option<Vec<String>> =
                expected.map(|parts| parts.into_iter().map(str::to_owned).collect());
            assert_eq!(parts(pattern, text), expected, "{pattern} in {text:?}");
        }
    }

    #[test]
    fn cut_texts() {
        let pattern = Pattern::parse("The header contains multiple values {parameter}, but only one");
        for (text, expected) in [
            ("x The header contains mult", Some(24)),
            ("The header contains multiple values '*, *", Some(36)),
            ("The header contains multiple values '*', but on", Some(41)),
            ("The header", None),
            ("The header contains multiple values '*', but only one is", None),
            ("The header contains multiple values\n\nand then", None),
        ] {
            let found = pattern.find_cut(&Text::new(text), 0, 16).map(|found| found.weight);
            assert_eq!(found.is_some(), expected.is_some(), "{text}");
        }
        let beheaded = |text| pattern.find_beheaded(&Text::new(text), 6).map(|found| found.weight);
        assert_eq!(beheaded("t only one here"), Some(8));
        assert_eq!(beheaded("one here"), None);
    }
}
