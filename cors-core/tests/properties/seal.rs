//! The checksum of an image, made to fit whatever is in it.

/// The header's length, at an image's start, and the checksum's, at its end.
pub(crate) const HEADER_LEN: usize = 112;
pub(crate) const CHECKSUM_LEN: usize = 8;

/// Makes the checksum that of the contents: Fletcher-64 over 32-bit words.
pub(crate) fn seal(image: &mut [u8]) {
    let at = image.len() - CHECKSUM_LEN;
    let (mut sum, mut sum_of_sums) = (0_u64, 0_u64);
    for word in (0..at).step_by(4) {
        sum = (sum + u64::from(word_at(image, word))) % 0xffff_ffff;
        sum_of_sums = (sum_of_sums + sum) % 0xffff_ffff;
    }
    image[at..].copy_from_slice(&(sum_of_sums << 32 | sum).to_le_bytes());
}

pub(crate) fn word_at(image: &[u8], at: usize) -> u32 {
    u32::from_le_bytes(image[at..at + 4].try_into().unwrap())
}
