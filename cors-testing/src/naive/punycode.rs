//! Punycode (RFC 3492), for P2: the decoding procedure, as section 6.2 has it, with the characters that it makes.

/// Returns the text that is encoded, an A-label without its `xn--`.
pub fn decode(encoded: &str) -> Option<String> {
    let (basic, digits) = match encoded.rsplit_once('-') {
        // Without ASCII characters there is no delimiter, and a hyphen is no digit.
        Some(("", _)) => return None,
        Some(parts) => parts,
        None => ("", encoded),
    };
    let mut output: Vec<char> = basic.chars().collect();
    let (mut n, mut i, mut bias) = (128_u64, 0_u64, 72_u64);
    let mut digits = digits.chars().peekable();
    while digits.peek().is_some() {
        let old_i = i;
        let (mut weight, mut k) = (1_u64, 36_u64);
        loop {
            let digit = "abcdefghijklmnopqrstuvwxyz0123456789".find(digits.next()?)? as u64;
            i += digit * weight;
            let t = if k <= bias { 1 } else { (k - bias).min(26) };
            if digit < t {
                break;
            }
            weight *= 36 - t;
            k += 36;
            // Section 6.4: what does not fit into 32 bits is not an encoding.
            if i > u64::from(u32::MAX) || weight > u64::from(u32::MAX) {
                return None;
            }
        }
        let len = output.len() as u64 + 1;
        let mut delta = (i - old_i) / if old_i == 0 { 700 } else { 2 };
        delta += delta / len;
        let mut steps = 0;
        while delta > 455 {
            delta /= 35;
            steps += 36;
        }
        bias = steps + 36 * delta / (delta + 38);
        n += i / len;
        i %= len;
        output.insert(usize::try_from(i).ok()?, char::from_u32(u32::try_from(n).ok()?)?);
        i += 1;
    }
    Some(output.into_iter().collect())
}

#[test]
fn labels() {
    // Section 7.1 (B, L), and names in daily use.
    for (encoded, label) in [
        ("bcher-kva", "b\u{fc}cher"),
        ("mnchen-3ya", "m\u{fc}nchen"),
        ("tda", "\u{fc}"),
        ("e1afmkfd", "\u{43f}\u{440}\u{438}\u{43c}\u{435}\u{440}"),
        (
            "ihqwcrb4cv8a8dqg056pqjye",
            "\u{4ed6}\u{4eec}\u{4e3a}\u{4ec0}\u{4e48}\u{4e0d}\u{8bf4}\u{4e2d}\u{6587}",
        ),
        ("3b-ww4c5e180e575a65lsy2b", "3\u{5e74}b\u{7d44}\u{91d1}\u{516b}\u{5148}\u{751f}"),
        ("a-", "a"),
        ("", ""),
    ] {
        assert_eq!(decode(encoded).as_deref(), Some(label), "{encoded}");
    }
    for encoded in ["f", "0", "-tda", "-", "tda_", "bcher-k_va", "ib9b", "99999999", "bcher-kv"] {
        assert_eq!(decode(encoded), None, "{encoded}");
    }
}
