//! JSON for a page: what is asked is read from a tree, and an answer is written straight into a text.
//!
//! `serde_json` does the same with more code: its writer can fail in the middle of everything, and what serde derives for reading is
//! made anew for each object. The module of wasm that a browser loads does without it.

use std::borrow::Cow;
use std::fmt::{self, Display, Write as _};

use cors_diagnosis::json::{Json, Place};
use serde::Serialize;
use serde::ser::{
    Error, Impossible, SerializeMap, SerializeSeq, SerializeStruct, SerializeTuple, SerializeTupleStruct,
    Serializer,
};

/// Returns an answer as JSON.
pub(crate) fn written(answer: &impl Serialize) -> String {
    let mut text = String::new();
    // Answers are structs, lists, texts, numbers and what may be missing.
    match answer.serialize(Writer(&mut text)) {
        Ok(()) => text,
        Err(never) => match never {},
    }
}

/// What cannot be written: there is none. No answer has a variant with several fields, nor a flattened number.
#[derive(Debug)]
pub(crate) enum Never {}

impl Error for Never {
    fn custom<T: Display>(_: T) -> Self {
        std::process::abort()
    }
}

impl Display for Never {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {}
    }
}

impl std::error::Error for Never {}

struct Writer<'t>(&'t mut String);

/// The elements of a list, or the fields of an object, as far as they are written.
struct Elements<'t> {
    text: &'t mut String,
    is_first: bool,
    end: char,
}

impl<'t> Elements<'t> {
    fn new(text: &'t mut String, begin: char, end: char) -> Self {
        text.push(begin);
        Elements { text, is_first: true, end }
    }

    fn next(&mut self) -> Writer<'_> {
        if !self.is_first {
            self.text.push(',');
        }
        self.is_first = false;
        Writer(self.text)
    }

    fn field(&mut self, name: &str) -> Writer<'_> {
        quote(self.next().0, name);
        self.text.push(':');
        Writer(self.text)
    }

    fn ended(self) {
        self.text.push(self.end);
    }
}

fn quote(text: &mut String, value: &str) {
    text.push('"');
    for character in value.chars() {
        match character {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            '\t' => text.push_str("\\t"),
            // Writing to a string does not fail.
            '\0'..' ' => _ = write!(text, "\\u{:04x}", u32::from(character)),
            _ => text.push(character),
        }
    }
    text.push('"');
}

impl<'t> Serializer for Writer<'t> {
    type Ok = ();
    type Error = Never;
    type SerializeSeq = Elements<'t>;
    type SerializeTuple = Elements<'t>;
    type SerializeTupleStruct = Elements<'t>;
    type SerializeTupleVariant = Impossible<(), Never>;
    type SerializeMap = Elements<'t>;
    type SerializeStruct = Elements<'t>;
    type SerializeStructVariant = Impossible<(), Never>;

    fn serialize_bool(self, value: bool) -> Result<(), Never> {
        self.0.push_str(if value { "true" } else { "false" });
        Ok(())
    }

    fn serialize_i8(self, value: i8) -> Result<(), Never> {
        self.serialize_i64(value.into())
    }

    fn serialize_i16(self, value: i16) -> Result<(), Never> {
        self.serialize_i64(value.into())
    }

    fn serialize_i32(self, value: i32) -> Result<(), Never> {
        self.serialize_i64(value.into())
    }

    fn serialize_i64(self, value: i64) -> Result<(), Never> {
        _ = write!(self.0, "{value}");
        Ok(())
    }

    fn serialize_u8(self, value: u8) -> Result<(), Never> {
        self.serialize_u64(value.into())
    }

    fn serialize_u16(self, value: u16) -> Result<(), Never> {
        self.serialize_u64(value.into())
    }

    fn serialize_u32(self, value: u32) -> Result<(), Never> {
        self.serialize_u64(value.into())
    }

    fn serialize_u64(self, value: u64) -> Result<(), Never> {
        _ = write!(self.0, "{value}");
        Ok(())
    }

    fn serialize_f32(self, value: f32) -> Result<(), Never> {
        self.serialize_f64(value.into())
    }

    /// JSON has no infinity.
    fn serialize_f64(self, value: f64) -> Result<(), Never> {
        if value.is_finite() {
            _ = write!(self.0, "{value}");
            return Ok(());
        }
        self.serialize_unit()
    }

    fn serialize_char(self, value: char) -> Result<(), Never> {
        self.serialize_str(value.encode_utf8(&mut [0; 4]))
    }

    fn serialize_str(self, value: &str) -> Result<(), Never> {
        quote(self.0, value);
        Ok(())
    }

    fn serialize_bytes(self, value: &[u8]) -> Result<(), Never> {
        self.collect_seq(value)
    }

    fn serialize_none(self) -> Result<(), Never> {
        self.serialize_unit()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Never> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), Never> {
        self.0.push_str("null");
        Ok(())
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<(), Never> {
        self.serialize_unit()
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, name: &'static str) -> Result<(), Never> {
        self.serialize_str(name)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<(), Never> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        name: &'static str,
        value: &T,
    ) -> Result<(), Never> {
        let mut fields = Elements::new(self.0, '{', '}');
        value.serialize(fields.field(name))?;
        fields.ended();
        Ok(())
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Elements<'t>, Never> {
        Ok(Elements::new(self.0, '[', ']'))
    }

    fn serialize_tuple(self, _: usize) -> Result<Elements<'t>, Never> {
        self.serialize_seq(None)
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Elements<'t>, Never> {
        self.serialize_seq(None)
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Impossible<(), Never>, Never> {
        std::process::abort()
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Elements<'t>, Never> {
        Ok(Elements::new(self.0, '{', '}'))
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Elements<'t>, Never> {
        self.serialize_map(None)
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Impossible<(), Never>, Never> {
        std::process::abort()
    }
}

impl SerializeSeq for Elements<'_> {
    type Ok = ();
    type Error = Never;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Never> {
        value.serialize(self.next())
    }

    fn end(self) -> Result<(), Never> {
        self.ended();
        Ok(())
    }
}

impl SerializeTuple for Elements<'_> {
    type Ok = ();
    type Error = Never;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Never> {
        value.serialize(self.next())
    }

    fn end(self) -> Result<(), Never> {
        self.ended();
        Ok(())
    }
}

impl SerializeTupleStruct for Elements<'_> {
    type Ok = ();
    type Error = Never;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Never> {
        value.serialize(self.next())
    }

    fn end(self) -> Result<(), Never> {
        self.ended();
        Ok(())
    }
}

impl SerializeMap for Elements<'_> {
    type Ok = ();
    type Error = Never;

    /// A name is a text: what else a map could have is written as it is.
    fn serialize_key<T: Serialize + ?Sized>(&mut self, name: &T) -> Result<(), Never> {
        name.serialize(self.next())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Never> {
        self.text.push(':');
        value.serialize(Writer(self.text))
    }

    fn end(self) -> Result<(), Never> {
        self.ended();
        Ok(())
    }
}

impl SerializeStruct for Elements<'_> {
    type Ok = ();
    type Error = Never;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), Never> {
        value.serialize(self.field(name))
    }

    fn end(self) -> Result<(), Never> {
        self.ended();
        Ok(())
    }
}

/// The fields of an object that is asked. One that is missing, or `null`, has its type's default; one of another type is an error.
pub(crate) struct Fields<'t>(Json<'t>);

impl<'t> Fields<'t> {
    /// Reads an object.
    pub(crate) fn read(text: &'t [u8]) -> Result<Self, String> {
        let text = std::str::from_utf8(text).map_err(|error| error.to_string())?;
        match Json::read(text) {
            Ok(object @ Json::Object(_)) => Ok(Fields(object)),
            Ok(_) => Err("no object".to_owned()),
            Err(Place { line, column }) => Err(format!("line {line}, column {column}")),
        }
    }

    /// An error where the field is missing.
    pub(crate) fn needed(&self, name: &str) -> Result<&Self, String> {
        self.0.get(name).map(|_| self).ok_or_else(|| format!("{name} is missing"))
    }

    fn field<T>(&self, name: &str, of: impl FnOnce(&Json<'t>) -> Option<T>) -> Result<Option<T>, String> {
        match self.0.get(name) {
            None | Some(Json::Null) => Ok(None),
            Some(value) => of(value).map(Some).ok_or_else(|| format!("{name} is of another type")),
        }
    }

    /// Returns an object.
    pub(crate) fn object(&self, name: &str) -> Result<Fields<'t>, String> {
        let object = |value: &Json<'t>| matches!(value, Json::Object(_)).then(|| value.clone());
        Ok(Fields(self.field(name, object)?.unwrap_or(Json::Object(Vec::new()))))
    }

    /// Returns a text.
    pub(crate) fn text(&self, name: &str) -> Result<Cow<'t, str>, String> {
        Ok(self.field(name, Json::text)?.unwrap_or_default())
    }

    /// Returns a text, if there is one.
    pub(crate) fn text_if_any(&self, name: &str) -> Result<Option<String>, String> {
        Ok(self.field(name, Json::text)?.map(Cow::into_owned))
    }

    /// Returns whether something is so.
    pub(crate) fn is(&self, name: &str) -> Result<bool, String> {
        Ok(self.field(name, Json::truth)?.unwrap_or_default())
    }

    /// Returns a list of texts.
    pub(crate) fn texts(&self, name: &str) -> Result<Vec<String>, String> {
        let texts =
            |value: &Json<'t>| value.list()?.iter().map(|one| Some(one.text()?.into_owned())).collect();
        Ok(self.field(name, texts)?.unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use serde::Serialize;

    use super::{Fields, written};

    #[derive(Serialize)]
    struct Inner {
        number: u16,
        below: i32,
        #[serde(skip_serializing_if = "Option::is_none")]
        missing: Option<bool>,
    }

    #[derive(Serialize)]
    #[serde(rename_all = "kebab-case")]
    enum Kind {
        OneName,
        OfAText(&'static str),
    }

    #[derive(Serialize)]
    struct Outer {
        text: &'static str,
        #[serde(flatten)]
        inner: Inner,
        nothing: Option<Inner>,
        pair: [&'static str; 2],
        list: Vec<Inner>,
        kinds: Vec<Kind>,
        flag: bool,
        character: char,
        half: f64,
        unit: (),
    }

    #[test]
    fn an_answer_is_the_json_that_serde_json_writes() {
        let inner = |number| Inner { number, below: -1, missing: (number == 2).then_some(true) };
        let answer = Outer {
            text: "a \"quoted\" \\ line\nand\r\ttabs \u{1}\u{1f}\u{7f} ü 🦀 </script>",
            inner: inner(1),
            nothing: None,
            pair: ["", "b"],
            list: vec![inner(2), inner(3)],
            kinds: vec![Kind::OneName, Kind::OfAText("x")],
            flag: true,
            character: '"',
            half: 0.5,
            unit: (),
        };
        assert_eq!(written(&answer), serde_json::to_string(&answer).unwrap());
        assert_eq!(written(&Vec::<u8>::new()), "[]");
    }

    #[test]
    fn a_field_is_missing_or_of_its_type() {
        let fields = Fields::read(br#"{"a": "x", "b": true, "c": ["y"], "d": {"e": null}, "f": 1}"#).unwrap();
        assert_eq!(fields.text("a").unwrap(), "x");
        assert_eq!(fields.text("A").unwrap(), "");
        assert!(fields.is("b").unwrap());
        assert_eq!(fields.texts("c").unwrap(), ["y"]);
        assert_eq!(fields.object("d").unwrap().text_if_any("e").unwrap(), None);
        assert_eq!(fields.needed("f").unwrap().text("f").unwrap_err(), "f is of another type");
        assert_eq!(fields.needed("g").err().unwrap(), "g is missing");
        assert!(Fields::read(b"[]").is_err());
        assert!(Fields::read(b"\xff").is_err());
        assert!(Fields::read(b"{").is_err());
    }
}
