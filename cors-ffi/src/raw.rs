//! Checked reads and writes through the pointers that C passes.

use core::ffi::{c_char, c_void};
use core::{ptr, slice};

use crate::text::{Fault, Place};
use crate::types::cors_string;

/// The most bytes that an object can have.
const MAX_LEN: usize = isize::MAX as usize;

/// Returns what `pointer` points to.
///
/// # Safety
///
/// It is NULL, or points to a `T` that nobody changes during `'a`.
pub(crate) unsafe fn object<'a, T>(pointer: *const T, name: &'static str) -> Result<&'a T, Fault> {
    check(pointer, Place::of(name))?;
    // SAFETY: it is aligned, and by the caller's promise points to a `T`.
    Ok(unsafe { &*pointer })
}

/// Returns what `pointer` points to: a struct that begins with its own size, a `usize`.
///
/// A size that this library does not know is an error even if it is larger: the library would silently ignore members of a
/// newer header. When a struct grows, its former sizes have to remain valid.
///
/// # Safety
///
/// It is NULL, or points to as many bytes as its first member counts, which nobody changes during `'a`.
pub(crate) unsafe fn sized<'a, T>(pointer: *const T, name: &'static str) -> Result<&'a T, Fault> {
    // SAFETY: by the caller's promise at least the first member exists.
    let size: &usize = unsafe { object(pointer.cast(), name)? };
    if *size != size_of::<T>() {
        return Err(Fault::Size(name));
    }
    // SAFETY: by the caller's promise it points to `size` bytes, which are a `T`.
    unsafe { object(pointer, name) }
}

/// Returns the `count` objects that `pointer` points to.
///
/// # Safety
///
/// It is NULL, or points to `count` objects `T` that nobody changes during `'a`.
pub(crate) unsafe fn objects<'a, T>(pointer: *const T, count: usize, place: Place) -> Result<&'a [T], Fault> {
    if count == 0 {
        return Ok(&[]);
    }
    let len = count.checked_mul(size_of::<T>()).filter(|len| *len <= MAX_LEN);
    if len.and_then(|len| pointer.addr().checked_add(len)).is_none() {
        return Err(Fault::Length(place));
    }
    check(pointer, place)?;
    // SAFETY: it is aligned, no longer than an object can be, and by the caller's promise points to `count` objects.
    Ok(unsafe { slice::from_raw_parts(pointer, count) })
}

/// Returns the bytes of a string.
///
/// # Safety
///
/// It is NULL, or points to `len` bytes that nobody changes during `'a`.
pub(crate) unsafe fn bytes<'a>(string: cors_string, place: Place) -> Result<&'a [u8], Fault> {
    // SAFETY: by the caller's promise; a `char` is a byte.
    unsafe { objects(string.data.cast(), string.len, place) }
}

/// A buffer to write into, whose contents may be uninitialized.
pub(crate) struct Buffer {
    pointer: *mut u8,
    len: usize,
}

impl Buffer {
    pub(crate) fn new(pointer: *mut c_void, len: usize, name: &'static str) -> Result<Buffer, Fault> {
        let place = Place::of(name);
        if len > MAX_LEN || pointer.addr().checked_add(len).is_none() {
            return Err(Fault::Length(place));
        }
        if len > 0 {
            check(pointer.cast::<u8>(), place)?;
        }
        Ok(Buffer { pointer: pointer.cast(), len })
    }

    /// Returns the first `len` bytes, set to 0; or an empty slice if the buffer has fewer.
    ///
    /// # Safety
    ///
    /// Nobody else reads or writes them during `'a`.
    pub(crate) unsafe fn front<'a>(self, len: usize) -> &'a mut [u8] {
        if len == 0 || len > self.len {
            return &mut [];
        }
        // SAFETY: it points to `len` bytes at least, nobody else uses them, and `write_bytes` initializes them.
        unsafe {
            ptr::write_bytes(self.pointer, 0, len);
            slice::from_raw_parts_mut(self.pointer, len)
        }
    }
}

/// Fails if the pointer is NULL or not aligned.
pub(crate) fn check<T>(pointer: *const T, place: Place) -> Result<(), Fault> {
    if pointer.is_null() || !pointer.is_aligned() { Err(Fault::Null(place)) } else { Ok(()) }
}

/// Writes a result to where the caller asked for it.
///
/// # Safety
///
/// `pointer` is NULL, or points to room for a `T` that nobody else reads or writes.
pub(crate) unsafe fn write<T>(pointer: *mut T, value: T, name: &'static str) -> Result<(), Fault> {
    check(pointer, Place::of(name))?;
    // SAFETY: it is aligned, and by the caller's promise there is room.
    unsafe { pointer.write(value) };
    Ok(())
}

/// Returns these bytes as C reads them.
pub(crate) fn string(bytes: &[u8]) -> cors_string {
    cors_string { data: bytes.as_ptr().cast::<c_char>(), len: bytes.len() }
}
