//! The module's memory: what is taken is never given back. A host makes a new instance for each question, which begins with no memory.
//!
//! So nothing has to be freed, and the compiler leaves out the code that would: a twentieth of the module.

use core::alloc::{GlobalAlloc, Layout};
use core::arch::wasm32::memory_grow;
use core::sync::atomic::{AtomicUsize, Ordering::Relaxed};

const PAGE: usize = 1 << 16;
/// The fewest pages by which the memory grows.
const GROWTH: usize = 16;

struct Memory {
    /// The first byte that is free.
    next: AtomicUsize,
    /// The first byte behind those that are free.
    end: AtomicUsize,
}

#[global_allocator]
static MEMORY: Memory = Memory { next: AtomicUsize::new(0), end: AtomicUsize::new(0) };

impl Memory {
    /// Returns the address of a block that nobody has had, or 0 if there is none.
    #[inline(never)]
    fn take(&self, size: usize, align: usize) -> usize {
        let place = |next: usize| {
            let begin = next.checked_next_multiple_of(align)?;
            let end = begin.checked_add(size)?;
            (end <= self.end.load(Relaxed)).then_some((begin, end))
        };
        let found = place(self.next.load(Relaxed)).or_else(|| {
            self.grow(size.checked_add(align)?)?;
            place(self.next.load(Relaxed))
        });
        let Some((begin, end)) = found else { return 0 };
        self.next.store(end, Relaxed);
        begin
    }

    /// Gets pages for at least `size` bytes more.
    fn grow(&self, size: usize) -> Option<()> {
        let pages = size.div_ceil(PAGE).max(GROWTH);
        let begin = match memory_grow(0, pages) {
            usize::MAX => return None,
            page => page.checked_mul(PAGE)?,
        };
        if begin != self.end.load(Relaxed) {
            self.next.store(begin, Relaxed);
        }
        // The last byte of an address space of 4 GiB is left.
        self.end.store(begin.saturating_add(pages.saturating_mul(PAGE)), Relaxed);
        Some(())
    }
}

// SAFETY: a block is aligned, has its size, and no two have a byte in common: `next` only rises, and is behind each. There is one thread.
unsafe impl GlobalAlloc for Memory {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        core::ptr::with_exposed_provenance_mut(self.take(layout.size(), layout.align()))
    }

    /// Pages come as zeros, and no byte is handed out twice.
    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        core::ptr::with_exposed_provenance_mut(self.take(layout.size(), layout.align()))
    }

    #[inline(always)]
    unsafe fn dealloc(&self, _: *mut u8, _: Layout) {}

    /// The last block grows where it is.
    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        if size <= layout.size() {
            return block;
        }
        let end = block.expose_provenance().wrapping_add(layout.size());
        let more = size - layout.size();
        if end == self.next.load(Relaxed) && self.take(more, 1) == end {
            return block;
        }
        let new: *mut u8 = core::ptr::with_exposed_provenance_mut(self.take(size, layout.align()));
        if !new.is_null() {
            // SAFETY: both have the old size, and the new block has no byte of the old one.
            unsafe { core::ptr::copy_nonoverlapping(block, new, layout.size()) };
        }
        new
    }
}
