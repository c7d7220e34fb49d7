//! [`Fault`]: why a function did nothing; and texts in a caller's buffer.

use core::convert::Infallible;
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

    /// A member of a config.
    pub(crate) const fn member(field: cors_field_id) -> Self {
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

/// Why a function failed: its caller, or by `C` the engine.
pub(crate) enum Fault<C = Infallible> {
    Null(Place),
    Size(&'static str),
    Length(Place),
    Value(Place),
    Utf8(Place),
    Engine(C),
}

/// An error of the engine's. Each function has its own, and programs link no other's text.
pub(crate) trait Cause: fmt::Display {
    fn code(&self) -> cors_code;

    fn place(&self) -> (cors_field_id, usize) {
        (CORS_FIELD_NONE, CORS_INDEX_NONE)
    }

    fn risk(&self) -> u32 {
        0
    }

    fn needed(&self) -> usize {
        0
    }
}

impl Cause for Infallible {
    fn code(&self) -> cors_code {
        match *self {}
    }
}

impl Cause for ImageError {
    fn code(&self) -> cors_code {
        CORS_ERROR_IMAGE
    }
}

impl Cause for ConfigError<'_> {
    fn code(&self) -> cors_code {
        CORS_ERROR_CONFIG
    }

    fn place(&self) -> (cors_field_id, usize) {
        (field_id(self.field()), self.index().unwrap_or(CORS_INDEX_NONE))
    }

    fn risk(&self) -> u32 {
        match self.problem() {
            Problem::Risk(risk) => risk_bit(risk),
            _ => 0,
        }
    }
}

impl Cause for CompileError<'_> {
    fn code(&self) -> cors_code {
        match self {
            CompileError::Config(error) => error.code(),
            CompileError::BufferTooSmall { .. } => CORS_ERROR_BUFFER,
            CompileError::Collisions => CORS_ERROR_COLLISIONS,
            // What else can stop a compiler of checked configs is their size.
            _ => CORS_ERROR_LENGTH,
        }
    }

    fn place(&self) -> (cors_field_id, usize) {
        match self {
            CompileError::Config(error) => error.place(),
            _ => (CORS_FIELD_NONE, CORS_INDEX_NONE),
        }
    }

    fn risk(&self) -> u32 {
        match self {
            CompileError::Config(error) => error.risk(),
            _ => 0,
        }
    }

    fn needed(&self) -> usize {
        match self {
            CompileError::BufferTooSmall { needed } => *needed,
            _ => 0,
        }
    }
}

impl<C: Cause> Fault<C> {
    pub(crate) fn code(&self) -> cors_code {
        match self {
            Fault::Null(_) => CORS_ERROR_NULL,
            Fault::Size(_) => CORS_ERROR_SIZE,
            Fault::Length(_) => CORS_ERROR_LENGTH,
            Fault::Value(_) => CORS_ERROR_VALUE,
            Fault::Utf8(_) => CORS_ERROR_UTF8,
            Fault::Engine(cause) => cause.code(),
        }
    }

    fn place(&self) -> (cors_field_id, usize) {
        match self {
            Fault::Null(place) | Fault::Length(place) | Fault::Value(place) | Fault::Utf8(place) => {
                (place.field, place.index)
            }
            Fault::Size(_) => (CORS_FIELD_NONE, CORS_INDEX_NONE),
            Fault::Engine(cause) => cause.place(),
        }
    }

    fn risk(&self) -> u32 {
        match self {
            Fault::Engine(cause) => cause.risk(),
            _ => 0,
        }
    }

    fn needed(&self) -> usize {
        match self {
            Fault::Engine(cause) => cause.needed(),
            _ => 0,
        }
    }

    /// A fault of the caller's, where the engine could have been at fault, too.
    pub(crate) fn of_caller(fault: &Fault) -> Self {
        match *fault {
            Fault::Null(place) => Fault::Null(place),
            Fault::Size(name) => Fault::Size(name),
            Fault::Length(place) => Fault::Length(place),
            Fault::Value(place) => Fault::Value(place),
            Fault::Utf8(place) => Fault::Utf8(place),
            Fault::Engine(never) => match never {},
        }
    }
}

impl From<Fault> for Fault<ImageError> {
    fn from(fault: Fault) -> Self {
        Fault::of_caller(&fault)
    }
}

impl From<Fault> for Fault<CompileError<'_>> {
    fn from(fault: Fault) -> Self {
        Fault::of_caller(&fault)
    }
}

impl<C: Cause> fmt::Display for Fault<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::Null(place) => write!(f, "{place}: NULL, or not aligned"),
            Fault::Size(name) => write!(
                f,
                "{name}: its member size is none that this library knows; begin with the _INIT macro of its type, \
                 and use no library that is older than the header"
            ),
            Fault::Length(place) => write!(f, "{place}: too long"),
            Fault::Value(place) => write!(f, "{place}: none of the values that it can have"),
            Fault::Utf8(place) => write!(f, "{place}: not UTF-8"),
            Fault::Engine(cause) => cause.fmt(f),
        }
    }
}

/// The code of a result, whose fault is told in `error` unless that is NULL.
///
/// # Safety
///
/// `error` is NULL, or points to room for one that nobody else reads or writes.
pub(crate) unsafe fn answer<C: Cause>(error: *mut cors_error, result: Result<(), Fault<C>>) -> cors_code {
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
pub(crate) fn told<C: Cause>(fault: &Fault<C>) -> cors_error {
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
