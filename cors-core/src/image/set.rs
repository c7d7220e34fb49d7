//! A set of texts in an image (I4), as [`layout`](super::layout) describes it: finding a text, and checking the set.

use core::cmp::Ordering;
use core::ops::Range;

use super::layout::{BUCKET_LEN, SLOT_LEN, bucket, bucket_count, buckets_len};

/// A slot section and the text section that it belongs to.
#[derive(Clone, Copy)]
pub(super) struct Set<'a> {
    pub(super) section: &'a [u8],
    pub(super) texts: &'a [u8],
}

/// A text to look for.
pub(super) trait Key {
    /// Returns true if `texts` begins with this text.
    fn is_first_of(&self, texts: &[u8]) -> bool;
}

impl Key for &dyn Key {
    fn is_first_of(&self, texts: &[u8]) -> bool {
        (**self).is_first_of(texts)
    }
}

impl Set<'_> {
    /// Returns the offset of the text that equals `key`, whose hash is `hash`. A search looks at the slots of one bucket, and
    /// compares texts whose hashes are equal.
    #[inline]
    pub(super) fn find(&self, hash: u32, key: &impl Key) -> Option<u32> {
        let bucket = bucket(hash, bucket_count(self.section.len()));
        for slot in self.section.get(self.place(bucket)?)?.chunks_exact(SLOT_LEN) {
            let slot = Slot::read(slot);
            if slot.hash == hash
                && self.texts.get(slot.offset as usize..).is_some_and(|texts| key.is_first_of(texts))
            {
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

    /// Returns the place of a bucket's slots in the section.
    #[inline]
    fn place(&self, bucket: usize) -> Option<Range<usize>> {
        let ends = self.section.get(bucket.wrapping_mul(BUCKET_LEN)..)?.first_chunk()?;
        let (start, end) = two_numbers(*ends);
        Some(start as usize..end as usize)
    }

    /// Returns the number of slots; `None` if the section is not as the writer leaves it. `compare` orders two texts by their
    /// offsets.
    pub(super) fn count(&self, compare: impl Fn(u32, u32) -> Ordering) -> Option<usize> {
        let buckets = bucket_count(self.section.len());
        let mut end = buckets_len(buckets);
        let mut last: Option<Slot> = None;
        let mut count = 0_usize;
        for number in 0..buckets {
            let place = self.place(number)?;
            // A bucket lies where the one before it ends.
            if place.start != end {
                return None;
            }
            end = place.end;
            let (slots, []) = self.section.get(place)?.as_chunks::<SLOT_LEN>() else { return None };
            for slot in slots.iter().map(|slot| Slot::read(slot)) {
                let is_next = last.is_none_or(|last| last.compare(slot, &compare) == Ordering::Less);
                if !is_next || bucket(slot.hash, buckets) != number {
                    return None;
                }
                last = Some(slot);
                count = count.saturating_add(1);
            }
        }
        self.section.get(end..)?.iter().all(|&byte| byte == 0).then_some(count)
    }
}

#[derive(Clone, Copy)]
pub(super) struct Slot {
    pub(super) hash: u32,
    pub(super) offset: u32,
}

impl Slot {
    #[inline]
    pub(super) fn read(bytes: &[u8]) -> Slot {
        let (hash, offset) = two_numbers(bytes.first_chunk().copied().unwrap_or_default());
        Slot { hash, offset }
    }

    pub(super) fn to_bytes(self) -> [u8; SLOT_LEN] {
        (u64::from(self.offset) << 32 | u64::from(self.hash)).to_le_bytes()
    }

    pub(super) fn compare(self, other: Slot, compare: impl Fn(u32, u32) -> Ordering) -> Ordering {
        self.hash.cmp(&other.hash).then_with(|| compare(self.offset, other.offset))
    }
}

#[inline]
#[allow(clippy::cast_possible_truncation)] // its two halves
fn two_numbers(bytes: [u8; 8]) -> (u32, u32) {
    let both = u64::from_le_bytes(bytes);
    (both as u32, (both >> 32) as u32)
}
