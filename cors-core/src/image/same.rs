//! Comparing short texts: most are shorter than a call of `memcmp` is worth.

/// True if the texts are equal.
#[inline]
pub(super) fn same(one: &[u8], other: &[u8]) -> bool {
    if one.len() != other.len() {
        return false;
    }
    if one.len() < 8 {
        return one.iter().zip(other).all(|(one, other)| one == other);
    }
    let blocks = one.chunks_exact(8).zip(other.chunks_exact(8));
    blocks.into_iter().all(|(one, other)| one == other) && one.last_chunk::<8>() == other.last_chunk()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_byte_counts() {
        let text = b"https://app.example.com:8443/";
        for len in 0..=text.len() {
            let text = &text[..len];
            assert!(same(text, text));
            for at in 0..len {
                let mut other = text.to_vec();
                other[at] ^= 1;
                assert!(!same(text, &other), "byte {at} of {len}");
                assert!(!same(text, &text[..at]) && !same(&text[..at], text), "{at} of {len}");
            }
        }
    }
}
