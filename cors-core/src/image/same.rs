//! Comparison of short texts: most are too short for a call of `memcmp` to pay.

/// Returns true if the texts are equal.
#[inline]
pub(super) fn same(one: &[u8], other: &[u8]) -> bool {
    if one.len() != other.len() {
        return false;
    }
    if one.len() < 8 {
        return one.iter().zip(other).all(|(one, other)| one == other);
    }
    let (mut left, mut right) = (one, other);
    // Not `chunks_exact`: its iterators divide by a length, and the compiler does not always see that this is not zero.
    while let (Some((block, after)), Some((other_block, other_after))) =
        (left.split_first_chunk::<8>(), right.split_first_chunk())
    {
        if block != other_block {
            return false;
        }
        (left, right) = (after, other_after);
    }
    one.last_chunk::<8>() == other.last_chunk()
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
