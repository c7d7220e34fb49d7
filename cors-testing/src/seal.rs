//! [`seal`]: gives an image the checksum of its contents, whatever they are, so that a reader looks at the rest.

/// The magic and the format version, at the start of an image.
pub const START: [u8; 6] = *b"cors\x02\0";
/// The length of the header, at the start of an image.
pub const HEADER_LEN: usize = 128;
/// The length of the checksum, at the end of an image.
pub const CHECKSUM_LEN: usize = 8;

/// Writes the checksum of the contents: Fletcher-64 over 32-bit words. The length has to be a multiple of 4.
pub fn seal(image: &mut [u8]) {
    let at = image.len() - CHECKSUM_LEN;
    let (mut sum, mut sum_of_sums) = (0_u64, 0_u64);
    for word in (0..at).step_by(4) {
        sum = (sum + u64::from(word_at(image, word))) % 0xffff_ffff;
        sum_of_sums = (sum_of_sums + sum) % 0xffff_ffff;
    }
    image[at..].copy_from_slice(&(sum_of_sums << 32 | sum).to_le_bytes());
}

/// Returns the little-endian word at that offset.
pub fn word_at(image: &[u8], at: usize) -> u32 {
    u32::from_le_bytes(image[at..at + 4].try_into().expect("four bytes"))
}

/// Returns the place and the length of a section.
pub fn place(image: &[u8], section: usize) -> (usize, usize) {
    let entry = 56 + section * 8;
    (word_at(image, entry) as usize, word_at(image, entry + 4) as usize)
}
