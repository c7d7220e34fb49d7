//! Fields as the host gives and takes them: the number of lines, the lengths of each name and value, and then each name and value
//! with a NUL behind it.

/// A name and a value.
pub(crate) type Line<'a> = (&'a [u8], &'a [u8]);

/// Reads lines. What the host has not written whole is left out.
pub(crate) fn read(bytes: &[u8]) -> Vec<Line<'_>> {
    let mut rest = bytes;
    let Some(count) = take_number(&mut rest) else { return Vec::new() };
    let Some((mut sizes, mut texts)) = rest.split_at_checked(count.saturating_mul(8)) else {
        return Vec::new();
    };
    let mut lines = Vec::with_capacity(count);
    while let (Some(name), Some(value)) = (take_number(&mut sizes), take_number(&mut sizes)) {
        let (Some(name), Some(value)) = (take_text(&mut texts, name), take_text(&mut texts, value)) else {
            break;
        };
        lines.push((name, value));
    }
    lines
}

/// Writes lines.
pub(crate) fn write(lines: &[Line<'_>]) -> Vec<u8> {
    let number = |size: usize| u32::try_from(size).unwrap_or(u32::MAX).to_le_bytes();
    let mut bytes = Vec::from(number(lines.len()));
    for (name, value) in lines {
        bytes.extend(number(name.len()));
        bytes.extend(number(value.len()));
    }
    for (name, value) in lines {
        for text in [name, value] {
            bytes.extend_from_slice(text);
            bytes.push(0);
        }
    }
    bytes
}

fn take_number(bytes: &mut &[u8]) -> Option<usize> {
    let (number, rest) = bytes.split_first_chunk::<4>()?;
    *bytes = rest;
    usize::try_from(u32::from_le_bytes(*number)).ok()
}

fn take_text<'a>(bytes: &mut &'a [u8], size: usize) -> Option<&'a [u8]> {
    let (text, rest) = bytes.split_at_checked(size)?;
    *bytes = rest.get(1..)?;
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let cases: [&[Line<'_>]; 3] =
            [&[], &[(b"vary", b"")], &[(b":status", b"200"), (b"vary", b"accept\xff"), (b"vary", b"x")]];
        for lines in cases {
            assert_eq!(read(&write(lines)), lines);
        }
        assert_eq!(write(&[(b"a", b"bc")]), b"\x01\0\0\0\x01\0\0\0\x02\0\0\0a\0bc\0");
    }

    #[test]
    fn what_is_cut_is_left_out() {
        let whole = write(&[(b"a", b"bc"), (b"d", b"")]);
        for length in 0..whole.len() {
            let lines = read(whole.get(..length).unwrap_or_default());
            assert!(lines.len() < 2 && lines.iter().all(|line| *line == (&b"a"[..], &b"bc"[..])), "{length}");
        }
        assert!(read(b"\xff\xff\xff\xff").is_empty());
    }
}
