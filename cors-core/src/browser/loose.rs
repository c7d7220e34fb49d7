//! Finding a text in another that was copied from a screen: quotation marks of any kind are equal, and so is white space.

use crate::browser::message::HOLE;

/// The most bytes of a parameter: what would be longer is no message.
const MAX_PARAMETER_LEN: usize = 4096;

/// Where a text was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Found<'t> {
    pub(crate) start: usize,
    pub(crate) end: usize,
    /// What stands in the place of `{}`.
    pub(crate) parameter: Option<&'t str>,
}

/// The first place of `template` in `text`. `{}` in it stands for the shortest text that does; at its end, for the rest
/// of the line.
pub(crate) fn find<'t>(text: &'t str, template: &str) -> Option<Found<'t>> {
    let (before, after) = match template.split_once(HOLE) {
        Some((before, after)) => (before, Some(after)),
        None => (template, None),
    };
    positions(text).find_map(|start| {
        let hole = match_at(text, start, before)?;
        let Some(after) = after else {
            return Some(Found { start, end: hole, parameter: None });
        };
        let rest = text.get(hole..)?;
        let (len, end) = if after.is_empty() {
            let len = rest.find('\n').unwrap_or(rest.len());
            (len, hole.checked_add(len)?)
        } else {
            positions(rest)
                .take_while(|&len| len <= MAX_PARAMETER_LEN)
                .find_map(|len| Some((len, match_at(text, hole.checked_add(len)?, after)?)))?
        };
        Some(Found { start, end, parameter: rest.get(..len).map(str::trim_end) })
    })
}

/// The last place of `pattern` in `text`.
pub(crate) fn find_last(text: &str, pattern: &str) -> Option<usize> {
    text.char_indices().rev().map(|(index, _)| index).find(|&start| match_at(text, start, pattern).is_some())
}

/// Where `pattern` ends in `text`, if it stands at the front.
pub(crate) fn match_front(text: &str, pattern: &str) -> Option<usize> {
    match_at(text, 0, pattern)
}

fn positions(text: &str) -> impl Iterator<Item = usize> {
    text.char_indices().map(|(index, _)| index)
}

/// Where `pattern` ends, if it stands at `start`.
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
        let parameter = |text, template| find(text, template).map(|found| found.parameter.unwrap_or("-"));
        for (text, template, expected) in [
            ("say 'x' now", "'{}'", Some("x")),
            ("say ‘x’ now", "\"{}\" now", Some("x")),
            ("a b", "a b", Some("-")),
            ("a \n\t b", "a b", Some("-")),
            ("ab", "a b", None),
            ("Method Method PUT is not", "Method {} is not", Some("Method PUT")),
            ("value: x y\nnext", "value: {}", Some("x y")),
            ("value: ", "value: {}", Some("")),
            ("value '' x", "value '{}' x", Some("")),
            ("", "a", None),
        ] {
            assert_eq!(parameter(text, template), expected, "{template} in {text:?}");
        }
        let long = std::format!("'{}'", "x".repeat(MAX_PARAMETER_LEN + 1));
        assert_eq!(find(&long, "'{}'"), None);
        assert_eq!(find_last("a b a b", "a b"), Some(4));
        assert_eq!(match_front("). Status", "). "), Some(3));
    }
}
