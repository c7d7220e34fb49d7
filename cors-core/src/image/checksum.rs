//! Fletcher-64: finds every change of a single bit, and all but one in 2⁶⁴ other changes.

const MODULUS: u64 = 0xffff_ffff;

/// Returns the sums, modulo 2³² − 1, of the little-endian 32-bit words of `bytes` and of those sums. A last word is
/// filled with zeros.
pub(super) fn fletcher64(bytes: &[u8]) -> u64 {
    // The number of words that can be added before the sum of sums passes 2⁶⁴.
    const WORDS: usize = 65_536;
    let (mut sum, mut sum_of_sums) = (0_u64, 0_u64);
    for block in bytes.chunks(WORDS * 4) {
        for chunk in block.chunks(4) {
            let mut word = [0; 4];
            word.iter_mut().zip(chunk).for_each(|(to, from)| *to = *from);
            sum = sum.wrapping_add(u32::from_le_bytes(word).into());
            sum_of_sums = sum_of_sums.wrapping_add(sum);
        }
        sum %= MODULUS;
        sum_of_sums %= MODULUS;
    }
    sum_of_sums << 32 | sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_values() {
        // The test values of the Wikipedia article "Fletcher's checksum".
        assert_eq!(fletcher64(b"abcde"), 0xc8c6_c527_6463_62c6);
        assert_eq!(fletcher64(b"abcdef"), 0xc8c7_2b27_6463_c8c6);
        assert_eq!(fletcher64(b"abcdefgh"), 0x312e_2b28_ccca_c8c6);
    }

    #[test]
    fn sums_do_not_overflow() {
        // 2³² − 1 is 0 modulo itself, however many of them there are.
        assert_eq!(fletcher64(&std::vec![0xff; 1 << 20]), 0);
    }
}
