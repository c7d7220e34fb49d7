//! [`origin_regex`]: any text as a regular expression for origins (P9).

use cors_testing::checks::check_origin_regex;

/// Reads a text as an expression. What is drawn from its automaton depends on nothing but the text.
pub fn origin_regex(input: &[u8]) {
    let Ok(text) = str::from_utf8(input) else { return };
    // FNV-1a of the text, and from there xorshift.
    let mut state = input.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, &byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    check_origin_regex(text, &mut || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 32) as u32
    });
}
