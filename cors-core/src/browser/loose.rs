//! Finds a text in another that was copied from a screen: quotation marks of any kind are equal, and so is white space.

use crate::browser::console::{Hole, split_at_hole};

/// The most bytes in the place of a hole: a longer text is not a message.
const MAX_HOLE_LEN: usize = 4096;

/// Where a text was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Found<'t> {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) parts: Parts<'t>,
}

/// What stands in the places of holes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Parts<'t>([Option<&'t str>; Hole::ALL.len()]);

impl<'t> Parts<'t> {
    pub(crate) fn get(&self, hole: Hole) -> Option<&'t str> {
        self.0.get(hole as usize).copied().flatten()
    }

    pub(crate) fn set(&mut self, hole: Hole, text: &'t str) {
        if let Some(part) = self.0.get_mut(hole as usize) {
            *part = Some(text);
        }
    }

    /// Takes from `other` what is still missing.
    pub(crate) fn complete(&mut self, other: &Parts<'t>) {
        for (part, other) in self.0.iter_mut().zip(other.0) {
            *part = part.or(other);
        }
    }
}

/// Returns the first place of `template` in `text`. Each hole in the template stands for the shortest text that does,
/// and at the end of the template for the rest of the line.
pub(crate) fn find<'t>(text: &'t str, template: &str) -> Option<Found<'t>> {
    let (before, hole) = split_at_hole(template);
    positions(text).find_map(|start| {
        let mut parts = Parts::default();
        let mut end = match_at(text, start, before)?;
        let mut next = hole;
        while let Some((hole, after)) = next {
            let (literal, following) = split_at_hole(after);
            let rest = text.get(end..)?;
            let (len, after_literal) = if literal.is_empty() {
                let len = rest.find('\n').unwrap_or(rest.len());
                (len, end.checked_add(len)?)
            } else {
                positions(rest)
                    .take_while(|&len| len <= MAX_HOLE_LEN)
                    .find_map(|len| Some((len, match_at(text, end.checked_add(len)?, literal)?)))?
            };
            parts.set(hole, rest.get(..len)?.trim_end());
            (end, next) = (after_literal, following);
        }
        Some(Found { start, end, parts })
    })
}

/// Returns the last place of `pattern` in `text`.
pub(crate) fn find_last(text: &str, pattern: &str) -> Option<usize> {
    text.char_indices().rev().map(|(index, _)| index).find(|&start| match_at(text, start, pattern).is_some())
}

/// Returns where `pattern` ends in `text`, if it stands at the front.
pub(crate) fn match_front(text: &str, pattern: &str) -> Option<usize> {
    match_at(text, 0, pattern)
}

fn positions(text: &str) -> impl Iterator<Item = usize> {
    text.char_indices().map(|(index, _)| index)
}

/// Returns where `pattern` ends, if it stands at `start`.
fn match_at(text: &str, start: usize, pattern: &str) -> Option<usize> {
    let mut rest = text.get(start..)?;
    for wanted in pattern.chars() {
        let trimmed = if wanted == ' ' { rest.trim_start() } else { rest };
        rest = if wanted == ' ' {
            (trimmed.len() < rest.len()).then_some(trimmed)?
        } else {
            let mut characters = rest.chars();
            (fold(characters.next()?) == fold(wanted)).then_some(characters.as_str())?
        };
    }
    text.len().checked_sub(rest.len())
}

fn fold(character: char) -> char {
    match character {
        '‘' | '’' | '“' | '”' | '"' | '`' | '´' => '\'',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn found_or_not() {
        for (text, template, expected) in [
            ("say 'x' now", "'{url}'", Some("x")),
            ("say ‘x’ now", "\"{url}\" now", Some("x")),
            ("a b", "a b", Some("-")),
            ("a \n\t b", "a b", Some("-")),
            ("ab", "a b", None),
            ("Method Method PUT is not", "Method {url} is not", Some("Method PUT")),
            ("value: x y\nnext", "value: {url}", Some("x y")),
            ("value: ", "value: {url}", Some("")),
            ("value '' x", "value '{url}' x", Some("")),
            ("", "a", None),
        ] {
            let found = find(text, template).map(|found| found.parts.get(Hole::Url).unwrap_or("-"));
            assert_eq!(found, expected, "{template} in {text:?}");
        }
        let long = std::format!("'{}'", "x".repeat(MAX_HOLE_LEN + 1));
        assert_eq!(find(&long, "'{url}'"), None);
        assert_eq!(find_last("a b a b", "a b"), Some(4));
        assert_eq!(match_front("). Status", "). "), Some(3));
    }
    #[test]
    fn several_holes() {
        let found =
            find("[GET ‘/a’ from b: 404] c", "GET '{url}' from {origin}: {status}] {parameter}").unwrap();
        let parts = Hole::ALL.map(|hole| found.parts.get(hole));
        assert_eq!(parts, [Some("c"), Some("/a"), None, Some("b"), None, Some("404")]);
        assert_eq!((found.start, found.end), (1, 28));
        let mut parts = Parts::default();
        parts.set(Hole::Url, "/b");
        parts.complete(&found.parts);
        assert_eq!((parts.get(Hole::Url), parts.get(Hole::Origin)), (Some("/b"), Some("b")));
        assert_eq!(find("GET /a from b", "GET {url} from {origin}."), None);
    }
}
