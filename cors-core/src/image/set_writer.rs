//! Writes a set of texts, in its section and no other memory (I3, C8).

use core::cmp::Ordering;
use core::mem;

use super::layout::SLOT_LEN;
use super::set::{Places, Slot};

/// A slot section while it is filled.
pub(super) struct SetWriter<'a> {
    slots: &'a mut [[u8; SLOT_LEN]],
    len: usize,
}

impl<'a> SetWriter<'a> {
    pub(super) fn new(section: &'a mut [u8]) -> Self {
        SetWriter { slots: section.as_chunks_mut().0, len: 0 }
    }

    /// Adds a text. The section has a slot for each.
    pub(super) fn add(&mut self, slot: Slot) {
        if let Some(next) = self.slots.get_mut(self.len) {
            *next = slot.to_bytes();
            self.len = self.len.saturating_add(1);
        }
    }

    /// Puts the slots where they belong, and returns true if the set is crowded. `compare` orders two texts by their offsets.
    pub(super) fn finish(self, compare: impl Fn(u32, u32) -> Ordering) -> bool {
        let SetWriter { slots, len } = self;
        let Some((used, unused)) = slots.split_at_mut_checked(len) else { return false };
        unused.fill(Slot::EMPTY);
        used.sort_unstable_by(|one, other| {
            let (one, other) = (Slot::read(one), Slot::read(other));
            // The first of equal texts stays.
            one.compare(other, &compare).then(one.offset.cmp(&other.offset))
        });
        let len = remove_repeated(used, |one, other| compare(one, other) == Ordering::Equal);
        let mut places = Places::of(slots.len());
        let hashes = slots.iter().take(len).map(|slot| Slot::read(slot).hash);
        let is_crowded = !hashes.map(|hash| places.next(hash)).all(|place| place.is_some());
        if !is_crowded {
            spread(slots, len);
        }
        is_crowded
    }
}

/// Moves slots of different texts to the front, empties the others, and returns how many differ. Equal ones lie side by side.
fn remove_repeated(slots: &mut [[u8; SLOT_LEN]], is_same: impl Fn(u32, u32) -> bool) -> usize {
    let mut len = 0_usize;
    let mut last: Option<Slot> = None;
    for index in 0..slots.len() {
        let Some(bytes) = slots.get(index).copied() else { break };
        let slot = Slot::read(&bytes);
        if last.is_some_and(|last| last.hash == slot.hash && is_same(last.offset, slot.offset)) {
            continue;
        }
        last = Some(slot);
        if let Some(to) = slots.get_mut(len) {
            *to = bytes;
        }
        len = len.saturating_add(1);
    }
    slots.iter_mut().skip(len).for_each(|slot| *slot = Slot::EMPTY);
    len
}

/// Moves the first `len` slots to their places, which are those of a set that is not crowded.
fn spread(slots: &mut [[u8; SLOT_LEN]], len: usize) {
    // From the end of the section each slot moves forward or stays: the slots behind it fit behind its place.
    let start = slots.len().saturating_sub(len);
    slots.copy_within(..len, start);
    slots.iter_mut().take(start).for_each(|slot| *slot = Slot::EMPTY);
    let mut places = Places::of(slots.len());
    for index in start..slots.len() {
        let Some(bytes) = slots.get_mut(index).map(|slot| mem::replace(slot, Slot::EMPTY)) else {
            return;
        };
        let place = places.next(Slot::read(&bytes).hash);
        if let Some(to) = place.and_then(|place| slots.get_mut(place)) {
            *to = bytes;
        }
    }
}
