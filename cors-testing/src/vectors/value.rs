//! [`Value`]: the bytes of a vector, written so that a file stays readable text.

use std::fmt;

use serde::{Deserialize, Deserializer};

use crate::OwnedConfig;

/// A text, bytes in hexadecimal, or a text repeated.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum Value {
    /// A text.
    Text(String),
    /// `{"hex": …}`.
    Hex(Hex),
    /// `{"repeat": …, "times": …}`.
    Repeat(Repeated),
}

/// Bytes in hexadecimal.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hex {
    hex: HexBytes,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "String")]
struct HexBytes(Vec<u8>);

/// A prefix, a text so many times, and a suffix.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "tests/vectors/README.md documents these fields")]
pub struct Repeated {
    pub repeat: String,
    pub times: usize,
    #[serde(default)]
    pub prefix: String,
    #[serde(default)]
    pub suffix: String,
}

impl Value {
    /// Returns the bytes.
    pub fn bytes(&self) -> Vec<u8> {
        match self {
            Value::Text(text) => text.clone().into_bytes(),
            Value::Hex(Hex { hex }) => hex.0.clone(),
            Value::Repeat(Repeated { repeat, times, prefix, suffix }) => {
                [prefix.as_str(), &repeat.repeat(*times), suffix].concat().into_bytes()
            }
        }
    }

    /// Returns the bytes as a text. Panics if they are not UTF-8, as what an operator writes always is.
    pub fn text(&self) -> String {
        String::from_utf8(self.bytes()).unwrap_or_else(|_| panic!("a vector's {self} must be UTF-8"))
    }
}

impl TryFrom<String> for HexBytes {
    type Error = &'static str;

    fn try_from(hex: String) -> Result<Self, Self::Error> {
        let pairs = hex.as_bytes().chunks(2).map(|pair| match pair {
            [high, low] if pair.iter().all(u8::is_ascii_hexdigit) => Ok(digit(*high) << 4 | digit(*low)),
            _ => Err("hex takes pairs of hexadecimal digits"),
        });
        pairs.collect::<Result<_, _>>().map(HexBytes)
    }
}

fn digit(byte: u8) -> u8 {
    match byte {
        b'0'..=b'9' => byte - b'0',
        _ => byte.to_ascii_lowercase() - b'a' + 10,
    }
}

/// Deserializes a config whose texts are values.
pub fn config<'de, D: Deserializer<'de>>(deserializer: D) -> Result<OwnedConfig, D::Error> {
    Ok(OwnedConfig::<Value>::deserialize(deserializer)?.map(Value::text))
}

/// As written in the file, since that is what one searches for.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Text(text) => write!(f, "{text:?}"),
            Value::Hex(Hex { hex }) => write!(f, "b\"{}\"", hex.0.escape_ascii()),
            Value::Repeat(Repeated { repeat, times, prefix, suffix }) => {
                write!(f, "{prefix:?} + {repeat:?} * {times} + {suffix:?}")
            }
        }
    }
}
