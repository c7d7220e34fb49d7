//! Which of several policies a path falls under (A9).

use cors_core::adapter::{self, FoundPrefix, PathPrefix, RequestPath};

use crate::memory::{bytes, put, text};

/// Reads a prefix of paths as an operator writes it (A9). Returns true, and the output is the prefix for [`find_prefix`]; or
/// false, and the output is what is wrong with it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn parse_prefix(prefix: *const u8, length: usize) -> bool {
    // SAFETY: the host's, see `bytes`.
    let prefix = unsafe { text(prefix, length) };
    let parsed = PathPrefix::parse(prefix);
    let output = match &parsed {
        Ok(_) => prefix.trim_end_matches('/').as_bytes().to_vec(),
        Err(error) => error.to_string().into_bytes(),
    };
    put(output);
    parsed.is_ok()
}

/// Returns the place of the longest prefix that covers a path, -1 if none does, -2 if the path is ambiguous (A9).
///
/// `prefixes` are outputs of [`parse_prefix`], a line feed after each. The path is as it was sent, or, if `is_decoded`,
/// with its escapes decoded once.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn find_prefix(
    prefixes: *const u8,
    prefixes_length: usize,
    path: *const u8,
    path_length: usize,
    is_decoded: bool,
) -> i32 {
    // SAFETY: the host's, see `bytes`.
    let (prefixes, path) = unsafe { (text(prefixes, prefixes_length), bytes(path, path_length)) };
    let path = if is_decoded { RequestPath::Decoded(path) } else { RequestPath::Raw(path) };
    let prefixes: Vec<PathPrefix<&str>> = prefixes
        .split_terminator('\n')
        .filter_map(
            |prefix| if prefix.is_empty() { Some(PathPrefix::EVERY) } else { PathPrefix::parse(prefix).ok() },
        )
        .collect();
    match adapter::find_prefix(path, &prefixes) {
        FoundPrefix::At(index) => i32::try_from(index).unwrap_or(i32::MAX),
        FoundPrefix::Nowhere => -1,
        FoundPrefix::Ambiguous => -2,
    }
}
