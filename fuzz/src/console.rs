//! [`console`]: any text that a developer pastes.

use cors_core::browser::recognize;

/// Reads any text as a message of a browser's console.
pub fn console(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    let Some(recognized) = recognize(&text) else { return };
    let parts = [
        recognized.kind,
        recognized.url,
        recognized.redirected_from,
        recognized.origin,
        recognized.parameter,
    ];
    for part in parts.into_iter().flatten() {
        assert!(text.contains(part), "{part:?} is not in {text:?}");
    }
    // A browser's message is recognized among other lines of the console.
    let among_others = format!("index.html:1\n{text}\nUncaught (in promise)");
    assert!(recognize(&among_others).is_some(), "{text:?}");
}
