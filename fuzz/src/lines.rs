//! The form of inputs that have parts: lines of `name: value`, in paragraphs.
//!
//! A line that begins with a tab continues the line before it, after a line feed: so a value may hold any bytes, and
//! a person can read and write the fuzzer's inputs.

/// Returns the paragraphs, their lines without the line feed at the end. There is at least one paragraph.
pub(crate) fn paragraphs(input: &[u8]) -> Vec<Vec<Vec<u8>>> {
    let mut paragraphs = vec![Vec::new()];
    let input = input.strip_suffix(b"\n").unwrap_or(input);
    for line in input.split(|&byte| byte == b'\n') {
        let paragraph: &mut Vec<Vec<u8>> = paragraphs.last_mut().expect("there is one");
        match (line, paragraph.last_mut()) {
            ([], None) => {}
            ([], Some(_)) => paragraphs.push(Vec::new()),
            ([b'\t', rest @ ..], Some(last)) => {
                last.push(b'\n');
                last.extend(rest);
            }
            (line, _) => paragraph.push(line.to_vec()),
        }
    }
    paragraphs
}

/// Returns the name, and the value after its colon and a space; without a colon the whole line is the name.
pub(crate) fn name_and_value(line: &[u8]) -> (String, &[u8]) {
    let (name, value) = match line.iter().position(|&byte| byte == b':') {
        Some(colon) => (&line[..colon], &line[colon + 1..]),
        None => (line, &[][..]),
    };
    (text(name), value.strip_prefix(b" ").unwrap_or(value))
}

pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn lines_are_read() {
    let read = paragraphs(b"\na: 1\n\t2\n\t\nb\n\n\nc:d\n");
    assert_eq!(read, [vec![b"a: 1\n2\n".to_vec(), b"b".to_vec()], vec![b"c:d".to_vec()]]);
    assert_eq!(name_and_value(&read[0][0]), ("a".to_owned(), &b"1\n2\n"[..]));
    assert_eq!(name_and_value(b"b"), ("b".to_owned(), &b""[..]));
    assert_eq!(name_and_value(b"c:d"), ("c".to_owned(), &b"d"[..]));
    assert_eq!(paragraphs(b""), [Vec::<Vec<u8>>::new()]);
}
