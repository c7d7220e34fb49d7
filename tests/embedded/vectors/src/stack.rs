//! [`used`]: measures the stack that a function uses, by painting it before and counting the painted words afterwards.

use cortex_m::register::msp;

/// The painted bytes: more than anything here uses.
const PAINTED: usize = 16 * 1024;
const PAINT: u32 = 0xDEAD_BEEF;

/// Returns the bytes of stack that `f` and its callees use.
#[inline(never)]
pub fn used(f: &mut dyn FnMut()) -> usize {
    let top = msp::read() as usize & !3;
    let bottom = (top - PAINTED) as *mut u32;
    let words = PAINTED / size_of::<u32>();
    // SAFETY: it is RAM, the main program's arrays lie above, and nothing lives below the stack pointer: there are no
    // interrupts, and the loop calls nothing.
    (0..words).for_each(|word| unsafe { bottom.add(word).write_volatile(PAINT) });
    f();
    // SAFETY: as above.
    let untouched = (0..words).take_while(|&word| unsafe { bottom.add(word).read_volatile() } == PAINT);
    PAINTED - untouched.count() * size_of::<u32>()
}
