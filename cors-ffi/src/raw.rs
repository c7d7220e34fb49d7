//! Reading and writing what C points to: checked as far as it can be.

use core::ffi::{c_char, c_void};
use core::{ptr, slice};

use crate::text::Fault;
use crate::types::cors_string;

/// More bytes than any object has.
const MAX_LEN: usize = isize::MAX as usize;

/// What `pointer` points to.
///
/// # Safety
///
/// It is NULL, or points to a `T` that nobody changes during `'a`.
pub(crate) unsafe fn object<'a, T>(pointer: *const T, name: &'static str) -> Result<&'a T, Fault<'a>> {
    if pointer.is_null() || !pointer.is_aligned() {
        return Err(Fault::Null(name));
    }
    // SAFETY: it is aligned, and by the caller's promise points to a `T`.
    Ok(unsafe { &*pointer })
}

/// The `count` objects that `pointer` points to.
///
/// # Safety
///
/// It is NULL, or points to so many `T` that nobody changes during `'a`.
pub(crate) unsafe fn objects<'a, T>(
    pointer: *const T,
    count: usize,
    name: &'static str,
) -> Result<&'a [T], Fault<'a>> {
    if count == 0 {
        return Ok(&[]);
    }
    if count.checked_mul(size_of::<T>()).is_none_or(|len| len > MAX_LEN) {
        return Err(Fault::Length(name));
    }
    if pointer.is_null() || !pointer.is_aligned() {
        return Err(Fault::Null(name));
    }
    // SAFETY: it is aligned, no longer than an object can be, and by the caller's promise points to so many.
    Ok(unsafe { slice::from_raw_parts(pointer, count) })
}

/// The bytes of a string.
///
/// # Safety
///
/// It is NULL, or points to `len` bytes that nobody changes during `'a`.
pub(crate) unsafe fn bytes<'a>(string: cors_string, name: &'static str) -> Result<&'a [u8], Fault<'a>> {
    // SAFETY: by the caller's promise; a `char` is a byte.
    unsafe { objects(string.data.cast(), string.len, name) }
}

/// A buffer to write into. What was in it does not matter, and need not be initialized.
///
/// # Safety
///
/// It is NULL, or points to `len` bytes that nobody else reads or writes during `'a`.
pub(crate) unsafe fn buffer<'a>(
    pointer: *mut c_void,
    len: usize,
    name: &'static str,
) -> Result<&'a mut [u8], Fault<'a>> {
    if len == 0 {
        return Ok(&mut []);
    }
    if len > MAX_LEN {
        return Err(Fault::Length(name));
    }
    if pointer.is_null() {
        return Err(Fault::Null(name));
    }
    let pointer: *mut u8 = pointer.cast();
    // SAFETY: by the caller's promise it points to so many bytes, which are initialized after this.
    unsafe {
        ptr::write_bytes(pointer, 0, len);
        Ok(slice::from_raw_parts_mut(pointer, len))
    }
}

/// Writes what a caller asked for.
///
/// # Safety
///
/// `pointer` is NULL, or points to room for a `T` that nobody else reads or writes.
pub(crate) unsafe fn write<T>(pointer: *mut T, value: T, name: &'static str) -> Result<(), Fault<'static>> {
    if pointer.is_null() || !pointer.is_aligned() {
        return Err(Fault::Null(name));
    }
    // SAFETY: it is aligned, and by the caller's promise there is room.
    unsafe { pointer.write(value) };
    Ok(())
}

/// The string of these bytes.
pub(crate) fn string(bytes: &[u8]) -> cors_string {
    cors_string { data: bytes.as_ptr().cast::<c_char>(), len: bytes.len() }
}
