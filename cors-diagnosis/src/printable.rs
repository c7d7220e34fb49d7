//! Text from elsewhere, as it may be shown.

/// Escapes the characters that a terminal would not show, or not in their place.
pub(crate) fn printable(text: &str) -> String {
    let mut printable = String::with_capacity(text.len());
    for character in text.chars() {
        if cors_core::is_printable(character) {
            printable.push(character);
        } else {
            printable.extend(character.escape_default());
        }
    }
    printable
}
