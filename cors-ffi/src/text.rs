//! [`Fault`]: why a function did nothing, as a `cors_error`; and texts in a caller's buffer.

use core::convert::Infallible;
use core::ffi::c_char;
use core::fmt::{self, Write};

use cors_core::{CompileError, ConfigError, ConfigField, ImageError, Problem};

use crate::code::Code;
use crate::types::{
    CORS_FIELD_NONE, CORS_INDEX_NONE, CORS_MESSAGE_SIZE, cors_code, cors_error, cors_field_id, risk_bit,
};

/// The argument or the member that a fault is about, and its entry.
#[derive(Clone, Copy)]
pub(crate) struct Place {
    name: &'static str,
    field: cors_field_id,
    index: usize,
}

impl Place {
    /// Returns the place of the argument with this name.
    pub(crate) const fn of(name: &'static str) -> Self {
        Place { name, field: CORS_FIELD_NONE, index: CORS_INDEX_NONE }
    }

    /// Returns the place of a member of a config.
    pub(crate) const fn member(field: ConfigField) -> Self {
        Place { name: field.name(), field: field.number(), index: CORS_INDEX_NONE }
    }

    /// Returns the place of an entry of the list at this place.
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

/// Why a function failed: the caller's mistake, or an error `C` of the engine.
pub(crate) enum Fault<C = Infallible> {
    Null(Place),
    Size(&'static str),
    Length(Place),
    Value(Place),
    Utf8(Place),
    Engine(C),
}

/// An engine error, generic per function, so that a program links only the messages that it can produce.
pub(crate) trait Cause: fmt::Display {
    fn code(&self) -> Code;

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
    fn code(&self) -> Code {
        match *self {}
    }
}

impl Cause for ImageError {
    fn code(&self) -> Code {
        Code::Image
    }
}

impl Cause for ConfigError<'_> {
    fn code(&self) -> Code {
        Code::Config
    }

    fn place(&self) -> (cors_field_id, usize) {
        (self.field().number(), self.index().unwrap_or(CORS_INDEX_NONE))
    }

    fn risk(&self) -> u32 {
        match self.problem() {
            Problem::Risk(risk) => risk_bit(risk),
            _ => 0,
        }
    }
}

impl Cause for CompileError<'_> {
    fn code(&self) -> Code {
        match self {
            CompileError::Config(error) => error.code(),
            CompileError::BufferTooSmall { .. } => Code::Buffer,
            // Otherwise the image of a checked config is too large.
            _ => Code::Length,
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
    pub(crate) fn code(&self) -> Code {
        match self {
            Fault::Null(_) => Code::Null,
            Fault::Size(_) => Code::Size,
            Fault::Length(_) => Code::Length,
            Fault::Value(_) => Code::Value,
            Fault::Utf8(_) => Code::Utf8,
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

    /// Widens a caller's mistake to the fault of a function that can also have an engine error.
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
                "{name}: this library does not know its member size; begin with the _INIT macro of its type, and \
                 use a library that is not older than the header"
            ),
            Fault::Length(place) => write!(f, "{place}: too long"),
            Fault::Value(place) => write!(f, "{place}: not one of its values"),
            Fault::Utf8(place) => write!(f, "{place}: not UTF-8"),
            Fault::Engine(cause) => cause.fmt(f),
        }
    }
}

/// Returns the code of a result, and writes its fault to `error` unless that is NULL.
///
/// # Safety
///
/// `error` is NULL, or points to room for one that nobody else reads or writes.
pub(crate) unsafe fn answer<C: Cause>(error: *mut cors_error, result: Result<(), Fault<C>>) -> cors_code {
    let Err(fault) = result else {
        return Code::Ok.number();
    };
    if !error.is_null() && error.is_aligned() {
        // SAFETY: it is aligned, and by the caller's promise there is room.
        unsafe { error.write(error_of(&fault)) };
    }
    fault.code().number()
}

/// Returns a fault as C reads it.
pub(crate) fn error_of<C: Cause>(fault: &Fault<C>) -> cors_error {
    let (field, index) = fault.place();
    let mut message = [0; CORS_MESSAGE_SIZE];
    let message_len = render(&mut message, fault);
    cors_error {
        code: fault.code().number(),
        field,
        risk: fault.risk(),
        index,
        needed: fault.needed(),
        message_len,
        message: message.map(|byte| c_char::from_ne_bytes([byte])),
    }
}

/// Writes as much of the text as the buffer has room for, with a NUL after it, and returns the length of the whole text.
pub(crate) fn render(buffer: &mut [u8], text: &dyn fmt::Display) -> usize {
    let mut writer = Truncating { buffer, len: 0, is_full: false, whole: 0 };
    // `Truncating` never fails.
    let _ = write!(writer, "{text}");
    let Truncating { buffer, len, whole, .. } = writer;
    if let Some(end) = buffer.get_mut(len) {
        *end = 0;
    }
    whole
}

/// Keeps the whole characters at the beginning of a text, and room for a NUL.
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
