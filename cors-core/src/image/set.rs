//! A set of texts in an image: found with one hash, at most [`MAX_PROBES`] probes and one comparison (I4).

use super::layout::{MAX_PROBES, SLOT_LEN, home, home_count};

/// A slot section and the text section that it belongs to.
#[derive(Clone, Copy)]
pub(super) struct Set<'a> {
    pub(super) slots: &'a [u8],
    pub(super) texts: &'a [u8],
}

impl<'a> Set<'a> {
    /// The offset of the text with this `hash` for which `matches` is true of all that follows from its start.
    #[inline]
    pub(super) fn find(&self, hash: u32, matches: impl Fn(&'a [u8]) -> bool) -> Option<u32> {
        let first = home(hash, home_count(self.slots.len() / SLOT_LEN));
        let window = self.slots.get(first.checked_mul(SLOT_LEN)?..)?;
        for slot in window.chunks_exact(SLOT_LEN).take(MAX_PROBES) {
            let slot = Slot::read(slot);
            if slot.hash < hash {
                continue;
            }
            if slot.hash > hash {
                break;
            }
            // An empty slot points past every text.
            if self.texts.get(slot.offset as usize..).is_some_and(&matches) {
                return Some(slot.offset);
            }
        }
        None
    }
}

impl Set<'_> {
    /// The number of slots in use; `None` if they are not in their order or one of the others is not empty.
    ///
    /// Their places need no check of their own: a text is [found](Self::find) only behind its home, with no gap and no larger
    /// hash between.
    pub(super) fn count(&self) -> Option<usize> {
        let slots = self.slots.chunks_exact(SLOT_LEN);
        let whole = slots.remainder().is_empty();
        let mut count = 0_usize;
        let mut last = None;
        for slot in slots.map(Slot::read) {
            if slot.is_empty() {
                if slot.hash != u32::MAX {
                    return None;
                }
                continue;
            }
            // Of texts with the same hash the first comes first.
            let this = Some((slot.hash, slot.offset));
            if this <= last {
                return None;
            }
            last = this;
            count = count.saturating_add(1);
        }
        whole.then_some(count)
    }
}

#[derive(Clone, Copy)]
pub(super) struct Slot {
    pub(super) hash: u32,
    pub(super) offset: u32,
}

impl Slot {
    const EMPTY: u32 = u32::MAX;

    #[inline]
    pub(super) fn read(bytes: &[u8]) -> Slot {
        let both = bytes.first_chunk().map_or(u64::MAX, |bytes| u64::from_le_bytes(*bytes));
        #[allow(clippy::cast_possible_truncation)] // its two halves
        let (hash, offset) = (both as u32, (both >> 32) as u32);
        Slot { hash, offset }
    }

    fn is_empty(self) -> bool {
        self.offset == Slot::EMPTY
    }

    fn to_bytes(self) -> [u8; SLOT_LEN] {
        (u64::from(self.offset) << 32 | u64::from(self.hash)).to_le_bytes()
    }
}

/// A slot section while it is filled. It begins with every byte all ones.
pub(super) struct SetWriter<'a> {
    slots: &'a mut [u8],
    homes: usize,
}

/// Some text would lie further from its home than a search looks.
pub(super) struct TooFar;

impl<'a> SetWriter<'a> {
    pub(super) fn new(slots: &'a mut [u8]) -> Self {
        slots.fill(0xff);
        let homes = home_count(slots.len() / SLOT_LEN);
        SetWriter { slots, homes }
    }

    /// Adds a text, unless one is there of which `is_same` is true, given its offset.
    pub(super) fn insert(&mut self, new: Slot, is_same: impl Fn(u32) -> bool) -> Result<(), TooFar> {
        let mut index = home(new.hash, self.homes);
        loop {
            let slot = self.get(index).ok_or(TooFar)?;
            if slot.is_empty() || slot.hash > new.hash {
                break;
            }
            if slot.hash == new.hash && is_same(slot.offset) {
                return Ok(());
            }
            index = index.saturating_add(1);
        }
        // Slots lie in the order of their hashes: each further one moves up by one, as far as the next gap.
        let mut moving = new;
        loop {
            if index.saturating_sub(home(moving.hash, self.homes)) >= MAX_PROBES {
                return Err(TooFar);
            }
            let slot = self.get(index).ok_or(TooFar)?;
            self.put(index, moving);
            if slot.is_empty() {
                return Ok(());
            }
            moving = slot;
            index = index.saturating_add(1);
        }
    }

    fn get(&self, index: usize) -> Option<Slot> {
        let start = index.checked_mul(SLOT_LEN)?;
        self.slots.get(start..)?.first_chunk::<SLOT_LEN>().map(|slot| Slot::read(slot))
    }

    fn put(&mut self, index: usize, slot: Slot) {
        let rest = self.slots.get_mut(index.saturating_mul(SLOT_LEN)..);
        if let Some(bytes) = rest.and_then(<[u8]>::first_chunk_mut) {
            *bytes = slot.to_bytes();
        }
    }
}
