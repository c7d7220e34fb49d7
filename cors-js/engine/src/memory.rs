//! The memory that host and module share.

use alloc::alloc::{Layout, alloc, dealloc};
use alloc::vec::Vec;
use core::cell::UnsafeCell;
use core::{ptr, slice};

/// Every block is aligned for words, which requests and decisions are made of.
const ALIGNMENT: usize = 8;

/// Returns the address of a new block of `length` bytes, or null if there is no memory.
#[unsafe(no_mangle)]
pub extern "C" fn allocate(length: usize) -> *mut u8 {
    match Layout::from_size_align(length.max(1), ALIGNMENT) {
        // SAFETY: the layout has a size.
        Ok(layout) => unsafe { alloc(layout) },
        Err(_) => ptr::null_mut(),
    }
}

/// Gives back a block that [`allocate`] returned for this length.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn release(block: *mut u8, length: usize) {
    if let Ok(layout) = Layout::from_size_align(length.max(1), ALIGNMENT) {
        // SAFETY: the host gives the block that it got for this length, once.
        unsafe { dealloc(block, layout) }
    }
}

/// Returns the bytes at an address.
///
/// They are the host's until the function returns to it, which is before anything else can write to them.
pub(crate) unsafe fn bytes<'a>(data: *const u8, length: usize) -> &'a [u8] {
    if length == 0 {
        return &[];
    }
    // SAFETY: the host gives the address and the length of a block that it has written.
    unsafe { slice::from_raw_parts(data, length) }
}

/// Returns the text at an address. The host writes UTF-8; anything else counts as no text.
#[cfg(feature = "full")]
pub(crate) unsafe fn text<'a>(data: *const u8, length: usize) -> &'a str {
    // SAFETY: as above.
    core::str::from_utf8(unsafe { bytes(data, length) }).unwrap_or_default()
}

/// What one function at a time uses: the module has one thread, and none of its functions calls back.
pub(crate) struct Shared<T>(UnsafeCell<T>);

// SAFETY: see above.
unsafe impl<T> Sync for Shared<T> {}

impl<T> Shared<T> {
    pub(crate) const fn new(value: T) -> Self {
        Shared(UnsafeCell::new(value))
    }

    /// Calls `f` with the value. `f` must not come here again.
    pub(crate) fn with<R>(&self, f: impl FnOnce(&mut T) -> R) -> R {
        // SAFETY: one thread, and one borrow at a time.
        f(unsafe { &mut *self.0.get() })
    }
}

static OUTPUT: Shared<Vec<u8>> = Shared::new(Vec::new());

/// An output that is larger than this is given back with the next one.
const KEPT: usize = 64 * 1024;

/// Makes these bytes the output.
#[cfg(feature = "full")]
pub(crate) fn put(bytes: Vec<u8>) {
    OUTPUT.with(|output| *output = bytes);
}

/// Writes the output anew, into memory that it has already.
pub(crate) fn write(f: impl FnOnce(&mut Vec<u8>)) {
    OUTPUT.with(|output| {
        if output.capacity() > KEPT {
            *output = Vec::new();
        }
        output.clear();
        f(output);
    });
}

/// Returns the address of the output of the function that was called last.
#[unsafe(no_mangle)]
pub extern "C" fn output_data() -> *const u8 {
    OUTPUT.with(|output| output.as_ptr())
}

/// Returns the length of that output in bytes.
#[unsafe(no_mangle)]
pub extern "C" fn output_length() -> usize {
    OUTPUT.with(|output| output.len())
}
