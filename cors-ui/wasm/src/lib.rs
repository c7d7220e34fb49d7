//! The answers to what a page asks, for a host in JavaScript: `cors-ui/page/engine.js` calls these functions.
//!
//! There are two modules, so that a page loads what it needs: one answers about policies, the other, with the feature `text`,
//! about texts and the software of servers.
//!
//! The host makes an instance, writes a question, as JSON, into a block that [`allocate`] returns, calls [`answer`], which takes the
//! block, and reads the answer at [`output_data`]. For the next question it makes another instance. The module has one thread, and
//! calls nothing of the host's.

#[cfg(target_arch = "wasm32")]
mod memory;

use std::alloc::{Layout, alloc};
use std::cell::RefCell;

thread_local! {
    static OUTPUT: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Returns the address of a new block of `length` bytes, or null if there is no memory.
#[unsafe(no_mangle)]
pub extern "C" fn allocate(length: usize) -> *mut u8 {
    match Layout::array::<u8>(length.max(1)) {
        // SAFETY: the layout has a size.
        Ok(layout) => unsafe { alloc(layout) },
        Err(_) => std::ptr::null_mut(),
    }
}

/// Answers the question in the block at `data`, which [`allocate`] returned for `length` bytes, gives the block back, and
/// returns the length of the answer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn answer(data: *mut u8, length: usize) -> usize {
    // SAFETY: the host has written all bytes of a block that has this length.
    let question = unsafe { Vec::from_raw_parts(data, length, length.max(1)) };
    let answer = if cfg!(feature = "text") {
        cors_ui::question::about_text(&question)
    } else {
        cors_ui::question::about_policy(&question)
    };
    let length = answer.len();
    OUTPUT.with_borrow_mut(|output| *output = answer);
    length
}

/// Returns the address of the last answer.
#[unsafe(no_mangle)]
pub extern "C" fn output_data() -> *const u8 {
    OUTPUT.with_borrow(|output| output.as_ptr())
}
