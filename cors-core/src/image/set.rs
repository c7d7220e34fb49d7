//! A set of texts in an image (I4), as [`layout`](super::layout) describes it: finding a text, and checking the set.

use core::cmp::Ordering;

use super::layout::{MAX_PROBES, SLOT_LEN, home, home_count};

/// A slot section and the text section that it belongs to.
#[derive(Clone, Copy)]
pub(super) struct Set<'a> {
    pub(super) slots: &'a [u8],
    pub(super) texts: &'a [u8],
    homes: usize,
    /// The slots lie without gaps.
    is_crowded: bool,
}

/// A text to look for.
pub(super) trait Key {
    /// Returns true if `texts` begins with this text.
    fn is_first_of(&self, texts: &[u8]) -> bool;

    /// Compares this text with the one that `texts` begins with.
    fn compare_with_first_of(&self, texts: &[u8]) -> Ordering;
}

impl Key for &dyn Key {
    fn is_first_of(&self, texts: &[u8]) -> bool {
        (**self).is_first_of(texts)
    }

    fn compare_with_first_of(&self, texts: &[u8]) -> Ordering {
        (**self).compare_with_first_of(texts)
    }
}

impl<'a> Set<'a> {
    #[inline]
    pub(super) fn new(slots: &'a [u8], texts: &'a [u8], is_crowded: bool) -> Self {
        Set { slots, texts, homes: home_count(slots.len() / SLOT_LEN), is_crowded }
    }

    /// Returns the offset of the text that equals `key`, whose hash is `hash`. A search takes at most [`MAX_PROBES`] steps and
    /// one comparison, unless texts were chosen to have equal hashes; in a crowded set it takes as many steps as the number of
    /// slots has bits, each with at most one comparison.
    #[inline]
    pub(super) fn find(&self, hash: u32, key: &impl Key) -> Option<u32> {
        if self.is_crowded {
            return self.find_among_crowded(hash, key);
        }
        let first = home(hash, self.homes);
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
            if self.texts.get(slot.offset as usize..).is_some_and(|texts| key.is_first_of(texts)) {
                return Some(slot.offset);
            }
        }
        None
    }

    /// Does what [`find`](Self::find) does, by a call: for searches that are seldom.
    #[inline(never)]
    pub(super) fn find_by_call(&self, hash: u32, key: &dyn Key) -> Option<u32> {
        self.find(hash, &key)
    }

    #[cold]
    #[inline(never)]
    fn find_among_crowded(&self, hash: u32, key: &dyn Key) -> Option<u32> {
        let mut slots = self.slots;
        loop {
            let middle = slots.len() / SLOT_LEN / 2 * SLOT_LEN;
            let (before, from_middle) = slots.split_at_checked(middle)?;
            let (slot, after) = from_middle.split_first_chunk::<SLOT_LEN>()?;
            let slot = Slot::read(slot);
            let order = hash.cmp(&slot.hash).then_with(|| match self.texts.get(slot.offset as usize..) {
                Some(texts) => key.compare_with_first_of(texts),
                None => Ordering::Less,
            });
            slots = match order {
                Ordering::Less => before,
                Ordering::Equal => return Some(slot.offset),
                Ordering::Greater => after,
            };
        }
    }

    /// Returns the number of slots in use; `None` if one of them does not lie where the writer puts it. `compare` orders two
    /// texts by their offsets.
    pub(super) fn count(&self, compare: impl Fn(u32, u32) -> Ordering) -> Option<usize> {
        let slots = self.slots.chunks_exact(SLOT_LEN);
        if !slots.remainder().is_empty() {
            return None;
        }
        let mut places = Places::of(slots.len());
        let mut count = 0_usize;
        let mut last: Option<Slot> = None;
        let mut fits = true;
        for (index, slot) in slots.map(Slot::read).enumerate() {
            if slot.is_empty() {
                if slot.hash != u32::MAX {
                    return None;
                }
                continue;
            }
            if last.is_some_and(|last| last.compare(slot, &compare) != Ordering::Less) {
                return None;
            }
            let place = places.next(slot.hash);
            fits &= place.is_some();
            let expected = if self.is_crowded { Some(count) } else { place };
            if expected != Some(index) {
                return None;
            }
            last = Some(slot);
            count = count.saturating_add(1);
        }
        (fits != self.is_crowded).then_some(count)
    }
}

/// The places of slots, in the order of their hashes, in a set that is not crowded.
pub(super) struct Places {
    slots: usize,
    homes: usize,
    next: usize,
}

impl Places {
    pub(super) fn of(slots: usize) -> Self {
        Places { slots, homes: home_count(slots), next: 0 }
    }

    /// Returns the place of the next slot; `None` if it would make the set crowded.
    pub(super) fn next(&mut self, hash: u32) -> Option<usize> {
        let home = home(hash, self.homes);
        let place = home.max(self.next);
        self.next = place.saturating_add(1);
        (place < self.slots && place.saturating_sub(home) < MAX_PROBES).then_some(place)
    }
}

#[derive(Clone, Copy)]
pub(super) struct Slot {
    pub(super) hash: u32,
    pub(super) offset: u32,
}

impl Slot {
    pub(super) const EMPTY: [u8; SLOT_LEN] = [0xff; SLOT_LEN];

    #[inline]
    pub(super) fn read(bytes: &[u8]) -> Slot {
        let both = bytes.first_chunk().map_or(u64::MAX, |bytes| u64::from_le_bytes(*bytes));
        #[allow(clippy::cast_possible_truncation)] // its two halves
        let (hash, offset) = (both as u32, (both >> 32) as u32);
        Slot { hash, offset }
    }

    pub(super) fn to_bytes(self) -> [u8; SLOT_LEN] {
        (u64::from(self.offset) << 32 | u64::from(self.hash)).to_le_bytes()
    }

    fn is_empty(self) -> bool {
        self.offset == u32::MAX
    }

    pub(super) fn compare(self, other: Slot, compare: impl Fn(u32, u32) -> Ordering) -> Ordering {
        self.hash.cmp(&other.hash).then_with(|| compare(self.offset, other.offset))
    }
}
