//! Splitting texts, as `str` does it, but so that the compiler sees that nothing panics: checking an image from elsewhere
//! takes no other way, and a test of the C library looks for what could.

/// What stands before the first `separator`, and what after it.
pub(crate) fn split_once<'t>(text: &'t str, separator: &str) -> Option<(&'t str, &'t str)> {
    let starts =
        |&at: &usize| text.as_bytes().get(at..).is_some_and(|rest| rest.starts_with(separator.as_bytes()));
    let at = (0..text.len()).find(starts)?;
    Some((text.get(..at)?, text.get(at.checked_add(separator.len())?..)?))
}

/// What stands between the separators: one text more than there are of them.
pub(crate) fn split<'t>(
    text: &'t str,
    separator: &'static str,
) -> impl Iterator<Item = &'t str> + Clone + use<'t> {
    let mut rest = Some(text);
    core::iter::from_fn(move || {
        let text = rest?;
        let (element, after) = match split_once(text, separator) {
            Some((element, after)) => (element, Some(after)),
            None => (text, None),
        };
        rest = after;
        Some(element)
    })
}

#[cfg(test)]
mod tests {
    use std::vec::Vec;

    use super::*;

    #[test]
    fn texts_are_split_as_str_does() {
        for text in ["", "a", ", ", "a, b", ", a", "a, ", "a,b, c", "a, , b", ",, ", "\u{e9}, \u{e9}", "a ,b"]
        {
            assert_eq!(split_once(text, ", "), text.split_once(", "), "{text:?}");
            let elements: Vec<&str> = split(text, ", ").collect();
            assert_eq!(elements, text.split(", ").collect::<Vec<_>>(), "{text:?}");
        }
    }
}
