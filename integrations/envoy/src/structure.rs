//! `google.protobuf.Struct` to JSON: the form in which Envoy 1.40 hands on a configuration that is written in place. Its manual
//! says that Envoy makes JSON of it, and control planes such as Istio's do.

use std::fmt::Write as _;
use std::ops::ControlFlow;

/// How deep objects and lists may lie in each other: a configuration needs four.
const DEPTH: usize = 32;

/// Returns the JSON text of a serialized `Struct`; `None` for bytes that are not one.
pub(crate) fn json_of(bytes: &[u8]) -> Option<String> {
    // What begins otherwise has no member.
    bytes.starts_with(&[tag(1, LENGTH)]).then(|| object(bytes, DEPTH)).flatten()
}

/// The members of a message that the fields of `each` are: a number, or bytes.
enum Content<'a> {
    Varint(u64),
    Double(f64),
    Bytes(&'a [u8]),
}

fn object(bytes: &[u8], depth: usize) -> Option<String> {
    let mut text = String::from("{");
    each_field(bytes, |number, content| {
        let (1, Content::Bytes(entry)) = (number, content) else { return None };
        let (mut name, mut member) = (String::from("\"\""), String::from("null"));
        each_field(entry, |number, content| {
            match (number, content) {
                (1, Content::Bytes(bytes)) => name = string(bytes)?,
                (2, Content::Bytes(bytes)) => member = value(bytes, depth.checked_sub(1)?)?,
                _ => return None,
            }
            Some(())
        })?;
        let separator = if text.len() > 1 { "," } else { "" };
        let _ = write!(text, "{separator}{name}:{member}");
        Some(())
    })?;
    text.push('}');
    Some(text)
}

fn value(bytes: &[u8], depth: usize) -> Option<String> {
    let mut text = String::from("null");
    each_field(bytes, |number, content| {
        text = match (number, content) {
            (1, Content::Varint(_)) => String::from("null"),
            (2, Content::Double(number)) => self::number(number)?,
            (3, Content::Bytes(bytes)) => string(bytes)?,
            (4, Content::Varint(truth)) => (truth != 0).to_string(),
            (5, Content::Bytes(bytes)) => object(bytes, depth)?,
            (6, Content::Bytes(bytes)) => list(bytes, depth)?,
            _ => return None,
        };
        Some(())
    })?;
    Some(text)
}

fn list(bytes: &[u8], depth: usize) -> Option<String> {
    let mut text = String::from("[");
    each_field(bytes, |number, content| {
        let (1, Content::Bytes(entry)) = (number, content) else { return None };
        let separator = if text.len() > 1 { "," } else { "" };
        let _ = write!(text, "{separator}{}", value(entry, depth.checked_sub(1)?)?);
        Some(())
    })?;
    text.push(']');
    Some(text)
}

fn string(bytes: &[u8]) -> Option<String> {
    serde_json::to_string(str::from_utf8(bytes).ok()?).ok()
}

/// A `Struct` has one kind of number; the numbers of a policy are whole.
fn number(number: f64) -> Option<String> {
    const WHOLE: f64 = 9e15;
    if number.fract() == 0.0 && number.abs() < WHOLE {
        return Some(format!("{number:.0}"));
    }
    serde_json::to_string(&number).ok()
}

/// Calls `each` with every field of a message. Returns `None` if the bytes are not a message, or if `each` does.
fn each_field<'a>(bytes: &'a [u8], mut each: impl FnMut(u64, Content<'a>) -> Option<()>) -> Option<()> {
    let mut rest = bytes;
    while !rest.is_empty() {
        let key = varint(&mut rest)?;
        let content = match u8::try_from(key & 7).ok()? {
            VARINT => Content::Varint(varint(&mut rest)?),
            DOUBLE => {
                let (bytes, after) = rest.split_first_chunk::<8>()?;
                rest = after;
                Content::Double(f64::from_le_bytes(*bytes))
            }
            LENGTH => {
                let length = usize::try_from(varint(&mut rest)?).ok()?;
                let (bytes, after) = rest.split_at_checked(length)?;
                rest = after;
                Content::Bytes(bytes)
            }
            _ => return None,
        };
        each(key >> 3, content)?;
    }
    Some(())
}

fn varint(rest: &mut &[u8]) -> Option<u64> {
    let mut number = 0;
    let ended = rest.iter().take(10).enumerate().try_for_each(|(place, byte)| {
        number |= u64::from(byte & 0x7f) << (7 * place);
        if byte & 0x80 == 0 { ControlFlow::Break(place) } else { ControlFlow::Continue(()) }
    });
    let ControlFlow::Break(last) = ended else { return None };
    *rest = rest.get(last.checked_add(1)?..)?;
    Some(number)
}

const VARINT: u8 = 0;
const DOUBLE: u8 = 1;
const LENGTH: u8 = 2;

const fn tag(number: u8, kind: u8) -> u8 {
    number << 3 | kind
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What Envoy 1.40 handed on, in the order that it chose.
    const FROM_ENVOY: &[u8] = b"\n\x17\n\x11allow_credentials\x12\x02 \x01\n\x14\n\x07max_age\x12\t\x11\0\0\0\0\0 \xbc@\
        \n.\n\rallow_origins\x12\x1d2\x1b\n\x19\x1a\x17https://app.example.com\n\x1a\n\rallow_methods\x12\t2\x07\n\x05\x1a\x03PUT";

    #[test]
    fn what_envoy_hands_on() {
        assert_eq!(
            json_of(FROM_ENVOY).as_deref(),
            Some(
                r#"{"allow_credentials":true,"max_age":7200,"allow_origins":["https://app.example.com"],"allow_methods":["PUT"]}"#
            )
        );
    }

    #[test]
    fn every_kind_of_value() {
        let member = |value: &[u8]| {
            let mut entry = vec![tag(1, LENGTH), 1, b'a', tag(2, LENGTH), u8::try_from(value.len()).unwrap()];
            entry.extend(value);
            let mut bytes = vec![tag(1, LENGTH), u8::try_from(entry.len()).unwrap()];
            bytes.extend(entry);
            bytes
        };
        for (value, expected) in [
            (&b""[..], r#"{"a":null}"#),
            (b"\x08\0", r#"{"a":null}"#),
            (b"\x11\0\0\0\0\0\0\xf0\xbf", r#"{"a":-1}"#),
            (b"\x11\0\0\0\0\0\0\xf8\x3f", r#"{"a":1.5}"#),
            (b"\x1a\x03x\"y", r#"{"a":"x\"y"}"#),
            (b"\x20\0", r#"{"a":false}"#),
            (b"\x2a\0", r#"{"a":{}}"#),
            (b"\x32\0", r#"{"a":[]}"#),
            (b"\x32\x06\n\x02 \x01\n\0", r#"{"a":[true,null]}"#),
        ] {
            assert_eq!(json_of(&member(value)).as_deref(), Some(expected));
        }
    }

    #[test]
    fn what_is_not_a_struct() {
        let nested = (0..200).fold(Vec::new(), |inner: Vec<u8>, _| {
            // A list of one list.
            let mut bytes = vec![tag(6, LENGTH)];
            let mut entry = vec![tag(1, LENGTH)];
            push_length(&mut entry, inner.len());
            entry.extend(inner);
            push_length(&mut bytes, entry.len());
            bytes.extend(entry);
            bytes
        });
        let mut entry = vec![tag(2, LENGTH)];
        push_length(&mut entry, nested.len());
        entry.extend(nested);
        let mut deep = vec![tag(1, LENGTH)];
        push_length(&mut deep, entry.len());
        deep.extend(entry);
        for bytes in [
            b"".as_slice(),
            b"{}",
            b"\n{\n  \"enforce\": true\n}",
            b"\n\x01",
            b"\n\xff",
            b"\n\x02\n\x05",
            b"\x0a\x02\x0a\x00\xff",
            &deep,
        ] {
            assert_eq!(json_of(bytes), None, "{}", bytes.escape_ascii());
        }
        for length in 1..FROM_ENVOY.len() {
            // Whole members are a smaller object; anything else is refused, and nothing panics.
            if let Some(text) = json_of(&FROM_ENVOY[..length]) {
                assert!(text.ends_with('}'), "{text}");
            }
        }
    }

    fn push_length(bytes: &mut Vec<u8>, length: usize) {
        let mut rest = length;
        while rest > 0x7f {
            bytes.push(u8::try_from(rest & 0x7f).unwrap() | 0x80);
            rest >>= 7;
        }
        bytes.push(u8::try_from(rest).unwrap());
    }
}
