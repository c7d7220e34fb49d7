//! Writes a set of texts, in its section and no other memory (I3).

use core::cmp::Ordering;

use super::layout::{BUCKET_LEN, SLOT_LEN, bucket, bucket_count, buckets_len};
use super::set::Slot;

/// A slot section while it is filled.
pub(super) struct SetWriter<'a> {
    buckets: &'a mut [[u8; BUCKET_LEN]],
    slots: &'a mut [[u8; SLOT_LEN]],
    len: usize,
}

impl<'a> SetWriter<'a> {
    pub(super) fn new(section: &'a mut [u8]) -> Self {
        let buckets_len = buckets_len(bucket_count(section.len()));
        let (buckets, slots) = section.split_at_mut_checked(buckets_len).unwrap_or_default();
        SetWriter { buckets: buckets.as_chunks_mut().0, slots: slots.as_chunks_mut().0, len: 0 }
    }

    /// Adds a text. The section has a slot for each.
    pub(super) fn add(&mut self, slot: Slot) {
        if let Some(next) = self.slots.get_mut(self.len) {
            *next = slot.to_bytes();
            self.len = self.len.saturating_add(1);
        }
    }

    /// Puts the slots into their order, and writes where each bucket begins. `compare` orders two texts by their offsets.
    pub(super) fn finish(self, compare: impl Fn(u32, u32) -> Ordering) {
        let SetWriter { buckets, slots, len } = self;
        let used = slots.get_mut(..len).unwrap_or_default();
        used.sort_unstable_by(|one, other| {
            let (one, other) = (Slot::read(one), Slot::read(other));
            // The first of equal texts stays.
            one.compare(other, &compare).then(one.offset.cmp(&other.offset))
        });
        let len = remove_repeated(slots, len, |one, other| compare(one, other) == Ordering::Equal);
        // The last number says where the slots end.
        let count = buckets.len().saturating_sub(1);
        let mut owners = slots.iter().take(len).map(|slot| bucket(Slot::read(slot).hash, count)).peekable();
        let mut place = size_of_val(buckets);
        for (number, start) in buckets.iter_mut().enumerate() {
            // The image is shorter than 2³² bytes.
            *start = u32::try_from(place).unwrap_or(u32::MAX).to_le_bytes();
            while owners.next_if_eq(&number).is_some() {
                place = place.saturating_add(SLOT_LEN);
            }
        }
    }
}

/// Moves slots of different texts to the front of the first `len`, fills the others with zeros, and returns how many differ.
/// Equal ones lie side by side.
fn remove_repeated(slots: &mut [[u8; SLOT_LEN]], len: usize, is_same: impl Fn(u32, u32) -> bool) -> usize {
    let mut kept = 0_usize;
    let mut last: Option<Slot> = None;
    for index in 0..len {
        let Some(bytes) = slots.get(index).copied() else { break };
        let slot = Slot::read(&bytes);
        if last.is_some_and(|last| last.hash == slot.hash && is_same(last.offset, slot.offset)) {
            continue;
        }
        last = Some(slot);
        if let Some(to) = slots.get_mut(kept) {
            *to = bytes;
        }
        kept = kept.saturating_add(1);
    }
    slots.iter_mut().skip(kept).for_each(|slot| *slot = [0; SLOT_LEN]);
    kept
}
