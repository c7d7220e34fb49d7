//! The texts that requests consist of.

use core::iter::repeat_n;
use core::mem;

use crate::vector::{Text, Value};

include!(concat!(env!("OUT_DIR"), "/texts.rs"));

/// Returns a text's bytes.
pub fn bytes(text: Text) -> &'static [u8] {
    TEXTS[usize::from(text)]
}

/// Returns a text that is UTF-8.
pub fn str(text: Text) -> &'static str {
    str::from_utf8(bytes(text)).expect("a name")
}

impl Value {
    /// Returns the bytes: a text as it is, or written to the front of `room`, which is shortened by them. Returns `None` if
    /// `room` is too small.
    pub fn bytes<'r>(&self, room: &mut &'r mut [u8]) -> Option<&'r [u8]> {
        let [prefix, repeat, suffix] = [self.prefix, self.repeat, self.suffix].map(bytes);
        if self.times == 0 {
            return Some(suffix);
        }
        let len = prefix.len() + repeat.len() * self.times + suffix.len();
        let (bytes, rest) = mem::take(room).split_at_mut_checked(len)?;
        *room = rest;
        let all = prefix.iter().chain(repeat_n(repeat, self.times).flatten()).chain(suffix);
        bytes.iter_mut().zip(all).for_each(|(to, from)| *to = *from);
        Some(bytes)
    }
}
