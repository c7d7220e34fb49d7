//! [`Fault`]: why a function did nothing; and texts in a caller's buffer.

use core::ffi::c_char;
use core::fmt::{self, Write};

use cors_core::{CompileError, ConfigError, ImageError, Problem};

use crate::names::field_name;
use crate::types::{
    CORS_ERROR_BUFFER, CORS_ERROR_COLLISIONS, CORS_ERROR_CONFIG, CORS_ERROR_IMAGE, CORS_ERROR_LENGTH,
    CORS_ERROR_NULL, CORS_ERROR_SIZE, CORS_ERROR_UTF8, CORS_ERROR_VALUE, CORS_FIELD_NONE, CORS_INDEX_NONE,
    CORS_MESSAGE_SIZE, CORS_OK, cors_code, cors_error, cors_field_id, field_id, risk_bit,
};

/// Which argument or member, and which entry of it, a fault is about.
#[derive(Clone, Copy)]
pub(crate) struct Place {
    name: &'static str,
    field: cors_field_id,
    index: usize,
}

impl Place {
    pub(crate) const fn of(name: &'static str) -> Self {
        Place { name, field: CORS_FIELD_NONE, index: CORS_INDEX_NONE }
    }

    /// A list of a config.
    pub(crate) const fn list(field: cors_field_id) -> Self {
        Place { name: field_name(field), field, index: CORS_INDEX_NONE }
    }

    pub(crate) const fn entry(self, index: usize) -> Self {
        Place { index, ..self }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)?;
        if self.index == CORS_INDEX_NONE { Ok(()) } else { write!(f, "[{}]", self.index) }
    }
}

/// Why a function failed.
pub(crate) enum Fault<'a> {
    Null(Place),
    Size(&'static str),
    Length(Place),
    Value(&'static str),
    Utf8(Place),
    Config(ConfigError<'a>),
    Buffer { needed: usize },
    TooLarge,
    Collisions,
    Image(ImageError),
}

impl Fault<'_> {
    pub(crate) fn code(&self) -> cors_code {
        match self {
            Fault::Null(_) => CORS_ERROR_NULL,
            Fault::Size(_) => CORS_ERROR_SIZE,
            Fault::Length(_) | Fault::TooLarge => CORS_ERROR_LENGTH,
            Fault::Value(_) => CORS_ERROR_VALUE,
            Fault::Utf8(_) => CORS_ERROR_UTF8,
            Fault::Config(_) => CORS_ERROR_CONFIG,
            Fault::Buffer { .. } => CORS_ERROR_BUFFER,
            Fault::Collisions => CORS_ERROR_COLLISIONS,
            Fault::Image(_) => CORS_ERROR_IMAGE,
        }
    }

    fn place(&self) -> (cors_field_id, usize) {
        match self {
            Fault::Null(place) | Fault::Length(place) | Fault::Utf8(place) => (place.field, place.index),
            Fault::Config(error) => (field_id(error.field()), error.index().unwrap_or(CORS_INDEX_NONE)),
            _ => (CORS_FIELD_NONE, CORS_INDEX_NONE),
        }
    }

    fn risk(&self) -> u32 {
        match self {
            Fault::Config(error) => match error.problem() {
                Problem::Risk(risk) => risk_bit(risk),
                _ => 0,
            },
            _ => 0,
        }
    }

    fn needed(&self) -> usize {
        match self {
            Fault::Buffer { needed } => *needed,
            _ => 0,
        }
    }
}

impl fmt::Display for Fault<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::Null(place) => write!(f, "{place}: NULL, or not aligned"),
            Fault::Size(name) => write!(
                f,
                "{name}: its member size is none that this library knows; begin with the _INIT macro of its type, \
                 and use no library that is older than the header"
            ),
            Fault::Length(place) => write!(f, "{place}: too long"),
            Fault::Value(name) => write!(f, "{name}: none of the values that it can have"),
            Fault::Utf8(place) => write!(f, "{place}: not UTF-8"),
            Fault::Config(error) => error.fmt(f),
            Fault::Buffer { needed } => write!(f, "the buffer is too small: {needed} bytes are needed"),
            Fault::TooLarge => CompileError::TooLarge.fmt(f),
            Fault::Collisions => CompileError::Collisions.fmt(f),
            Fault::Image(error) => error.fmt(f),
        }
    }
}

impl<'a> From<CompileError<'a>> for Fault<'a> {
    fn from(error: CompileError<'a>) -> Self {
        match error {
            CompileError::Config(error) => Fault::Config(error),
            CompileError::BufferTooSmall { needed } => Fault::Buffer { needed },
            CompileError::Collisions => Fault::Collisions,
            // What else can stop a compiler of checked configs is their size.
            _ => Fault::TooLarge,
        }
    }
}

/// The code of a result, whose fault is told in `error` unless that is NULL.
///
/// # Safety
///
/// `error` is NULL, or points to room for one that nobody else reads or writes.
pub(crate) unsafe fn answer(error: *mut cors_error, result: Result<(), Fault<'_>>) -> cors_code {
    let Err(fault) = result else {
        return CORS_OK;
    };
    if !error.is_null() && error.is_aligned() {
        // SAFETY: it is aligned, and by the caller's promise there is room.
        unsafe { error.write(told(&fault)) };
    }
    fault.code()
}

/// A fault as C reads it.
pub(crate) fn told(fault: &Fault<'_>) -> cors_error {
    let (field, index) = fault.place();
    let mut message = [0; CORS_MESSAGE_SIZE];
    let message_len = render(&mut message, fault);
    cors_error {
        code: fault.code(),
        field,
        risk: fault.risk(),
        index,
        needed: fault.needed(),
        message_len,
        message: message.map(|byte| c_char::from_ne_bytes([byte])),
    }
}

/// Writes the text with a NUL after it, as much of it as there is room for, and returns its whole length.
pub(crate) fn render(buffer: &mut [u8], text: &dyn fmt::Display) -> usize {
    let mut writer = Truncating { buffer, len: 0, is_full: false, whole: 0 };
    // It does not fail.
    let _ = write!(writer, "{text}");
    let Truncating { buffer, len, whole, .. } = writer;
    if let Some(end) = buffer.get_mut(len) {
        *end = 0;
    }
    whole
}

/// Keeps the beginning of a text, whole characters of it, and room for a NUL.
struct Truncating<'b> {
    buffer: &'b mut [u8],
    len: usize,
    is_full: bool,
    whole: usize,
}

impl Write for Truncating<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.whole = self.whole.saturating_add(text.len());
        let room = self.buffer.len().saturating_sub(self.len).saturating_sub(1);
        let mut kept = if self.is_full { 0 } else { text.len().min(room) };
        while !text.is_char_boundary(kept) {
            kept = kept.saturating_sub(1);
        }
        self.is_full |= kept < text.len();
        let (from, to) = (text.as_bytes().get(..kept), self.buffer.get_mut(self.len..));
        if let (Some(from), Some(to)) = (from, to) {
            to.iter_mut().zip(from).for_each(|(to, from)| *to = *from);
        }
        self.len = self.len.saturating_add(kept);
        Ok(())
    }
}
