//! The order in which Chromium reads a request's headers, when it reports one of several that are not allowed.
//!
//! Chromium keeps the headers in a hash table of its own (`HTTPHeaderMap`), in whose order it reads them. The hash has a
//! constant seed, so that the order is always the same; how the table grows is as observed with 2 to 17 headers.

use heapless::Vec;

use crate::browser::header::HeaderName;
use crate::browser::options::Api;

/// The most headers for which the order is known. If there are more, the first by name is reported.
const MAX_HEADERS: usize = 62;

/// The least table that holds them all.
const MAX_SLOTS: usize = 128;

/// Returns the names of a request's headers in the table's order, if they are not too many. `fetch()` puts them into the
/// table sorted, `XMLHttpRequest` as they came.
pub(crate) fn in_hash_order<'a>(
    names: impl Iterator<Item = HeaderName<'a>>,
    api: Api,
) -> Option<Vec<HeaderName<'a>, MAX_HEADERS>> {
    let mut listed: Vec<HeaderName<'a>, MAX_HEADERS> = Vec::new();
    for name in names {
        if !listed.contains(&name) {
            listed.push(name).ok()?;
        }
    }
    if api != Api::XmlHttpRequest {
        listed.sort_unstable();
    }
    let size = table_size(listed.len());
    let mut slots: Vec<Option<HeaderName<'a>>, MAX_SLOTS> = Vec::new();
    slots.resize(size, None).ok()?;
    for name in listed {
        // Open addressing: one step further, then two, then three.
        let mut index = hash(name);
        for step in 1..=size {
            let slot = slots.get_mut(index & size.wrapping_sub(1))?;
            if slot.is_none() {
                *slot = Some(name);
                break;
            }
            index = index.wrapping_add(step);
        }
    }
    Some(slots.into_iter().flatten().collect())
}

fn table_size(count: usize) -> usize {
    let least = count.saturating_add(1).saturating_mul(2).saturating_add(1);
    least.next_power_of_two().clamp(8, MAX_SLOTS)
}

/// The low 24 bits of `rapidhash` over the name in lower case as UTF-16, with the default seed.
fn hash(name: HeaderName<'_>) -> usize {
    let units = Units(name.as_written().as_bytes());
    let low = usize::try_from(units.rapidhash() & 0xff_ffff).unwrap_or_default();
    if low == 0 { 0x80_0000 } else { low }
}

const SEED: u64 = 0xbdd8_9aa9_8270_4029;
const SECRET: [u64; 3] = [0x2d35_8dcc_aa6c_78a5, 0x8bb8_4b93_962e_acc9, 0x4b33_a62e_d433_d4a3];

/// A name as UTF-16 code units. Positions and lengths count units.
struct Units<'a>(&'a [u8]);

impl Units<'_> {
    fn rapidhash(&self) -> u64 {
        let [secret0, secret1, secret2] = SECRET;
        let len = self.0.len();
        let bytes = u64::try_from(len.saturating_mul(2)).unwrap_or_default();
        let mut seed = SEED ^ mix(SEED ^ secret0, secret1) ^ bytes;
        let (a, b) = match len {
            1 => (self.unit(0), 0),
            2..=8 => {
                let last = len.saturating_sub(2);
                let delta = if len < 4 { 0 } else { 2 };
                (
                    self.read32(0) << 32 | self.read32(last),
                    self.read32(delta) << 32 | self.read32(last.saturating_sub(delta)),
                )
            }
            _ => {
                let (mut at, mut left) = (0_usize, len);
                if left > 24 {
                    let (mut seed1, mut seed2) = (seed, seed);
                    while left >= 24 {
                        seed = mix(self.read64(at) ^ secret0, self.read64(at.saturating_add(4)) ^ seed);
                        seed1 = mix(
                            self.read64(at.saturating_add(8)) ^ secret1,
                            self.read64(at.saturating_add(12)) ^ seed1,
                        );
                        seed2 = mix(
                            self.read64(at.saturating_add(16)) ^ secret2,
                            self.read64(at.saturating_add(20)) ^ seed2,
                        );
                        at = at.saturating_add(24);
                        left = left.saturating_sub(24);
                    }
                    seed ^= seed1 ^ seed2;
                }
                if left > 8 {
                    seed = mix(self.read64(at) ^ secret2, self.read64(at.saturating_add(4)) ^ seed ^ secret1);
                    if left > 16 {
                        seed = mix(
                            self.read64(at.saturating_add(8)) ^ secret2,
                            self.read64(at.saturating_add(12)) ^ seed,
                        );
                    }
                }
                (self.read64(len.saturating_sub(8)), self.read64(len.saturating_sub(4)))
            }
        };
        let (low, high) = multiply(a ^ secret1, b ^ seed);
        mix(low ^ secret0 ^ bytes, high ^ secret1)
    }

    fn unit(&self, at: usize) -> u64 {
        self.0.get(at).map_or(0, |byte| u64::from(byte.to_ascii_lowercase()))
    }

    fn read32(&self, at: usize) -> u64 {
        self.unit(at) | self.unit(at.saturating_add(1)) << 16
    }

    fn read64(&self, at: usize) -> u64 {
        self.read32(at) | self.read32(at.saturating_add(2)) << 32
    }
}

fn mix(a: u64, b: u64) -> u64 {
    let (low, high) = multiply(a, b);
    low ^ high
}

/// The low and the high half of the product.
#[allow(clippy::cast_possible_truncation)] // that is what the halves are
fn multiply(a: u64, b: u64) -> (u64, u64) {
    let product = u128::from(a) * u128::from(b);
    (product as u64, (product >> 64) as u64)
}

#[cfg(test)]
mod tests {
    use std::vec::Vec as StdVec;

    use super::*;

    fn order(names: &[&'static str]) -> StdVec<&'static str> {
        let names = names.iter().copied().map(HeaderName::new);
        in_hash_order(names, Api::Fetch).unwrap().iter().map(HeaderName::as_written).collect()
    }

    #[test]
    fn first_of_those_that_chromium_named() {
        for (names, first) in [
            (&["x-a", "x-b", "x-c"][..], "x-c"),
            (&["content-type", "x-a", "x-requested-with"], "x-requested-with"),
            (&["content-type", "x-b", "x-c"], "x-c"),
            (&["content-type", "if-none-match", "x-b"], "if-none-match"),
            (&["x-c", "x-requested-with", "zz"], "zz"),
            (&["a-z", "authorization", "x-a"], "authorization"),
            (&["a-z", "if-none-match", "x-c"], "if-none-match"),
        ] {
            assert_eq!(order(names)[0], first, "{names:?}");
        }
    }

    /// Computed by another program, from the published algorithm, byte by byte over UTF-16. Chromium reads a single unit
    /// only once.
    #[test]
    fn hashes_are_those_of_the_published_algorithm() {
        let text = "X-0123456789-abcdefghijklmnopqrstuvwxyz-0123456789-abcdefghijklmnopqrstuvwxyz";
        for (len, expected) in [
            (1, 0xc69e_ae0d_f6b3_eaed_u64),
            (2, 0xcc81_9723_cb55_0f8c),
            (3, 0x4b15_d157_cec7_4caf),
            (4, 0xd5c2_4e5e_0f9d_5695),
            (8, 0x1ba4_5f59_7c1e_1da0),
            (9, 0xa341_8da1_8cac_b604),
            (16, 0x2d69_0308_74ea_52be),
            (17, 0x17e2_3f7a_7fa5_1d69),
            (24, 0xc2bb_97ca_33dc_e308),
            (25, 0x1eba_5073_5b25_2738),
            (32, 0x15db_8c76_ebf9_e129),
            (33, 0x1a50_5d75_4ce5_aa0c),
            (48, 0x1bc0_4851_79bb_e83c),
            (49, 0xe150_f626_9f2b_8dd7),
            (72, 0x1973_f900_6929_6ad7),
            (77, 0x7adc_610d_84ad_b512),
        ] {
            assert_eq!(Units(&text.as_bytes()[..len]).rapidhash(), expected, "{len}");
        }
    }

    #[test]
    fn names_of_all_lengths_come_through() {
        let long = "x-0123456789".repeat(10);
        let names: StdVec<&str> = (1..=62).map(|len| &long[..len]).collect();
        let ordered = in_hash_order(names.iter().map(|name| HeaderName::new(name)), Api::Fetch).unwrap();
        assert_eq!(ordered.len(), 62);
        assert!(names.iter().all(|name| ordered.iter().any(|other| other == name)));
        let many: StdVec<&str> = (1..=63).map(|len| &long[..len]).collect();
        assert!(in_hash_order(many.iter().map(|name| HeaderName::new(name)), Api::Fetch).is_none());
        assert!(in_hash_order(core::iter::empty(), Api::Fetch).unwrap().is_empty());
        // A name counts once, however often it comes.
        let same = (0..63).map(|index| HeaderName::new(if index % 2 == 0 { "a" } else { "A" }));
        assert_eq!(in_hash_order(same, Api::XmlHttpRequest).unwrap().len(), 1);
    }
}
