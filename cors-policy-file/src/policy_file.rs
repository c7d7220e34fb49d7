//! A policy file's values, each with its place. What is of the wrong type is reported and, where it is plain what was
//! meant, taken for that, so that what stands beside it is checked, too.

use std::borrow::Cow;
use std::collections::HashSet;
use std::ops::Range;

use cors_core::Risk;

use crate::diagnostic::Diagnostic;
use crate::document::{Document, Field, Located, Value};
use crate::nearest::nearest;

/// The fields of a policy file: those of [`cors_core::Config`].
pub(crate) const FIELDS: [&str; 9] = [
    "allow_origins",
    "allow_methods",
    "allow_headers",
    "expose_headers",
    "allow_credentials",
    "max_age",
    "allow_private_network",
    "preflight_status",
    "accept_risks",
];

/// What a policy file says, not yet checked.
#[derive(Default)]
pub(crate) struct PolicyFile<'s> {
    pub(crate) allow_origins: Vec<Text<'s>>,
    pub(crate) allow_methods: Vec<Text<'s>>,
    pub(crate) allow_headers: Vec<Text<'s>>,
    pub(crate) expose_headers: Vec<Text<'s>>,
    pub(crate) allow_credentials: bool,
    pub(crate) max_age: Option<Located<u32>>,
    pub(crate) allow_private_network: bool,
    pub(crate) preflight_status: Option<Located<u16>>,
    pub(crate) accept_risks: Vec<Risk>,
}

pub(crate) type Text<'s> = Located<Cow<'s, str>>;

impl<'s> PolicyFile<'s> {
    pub(crate) fn new(document: Document<'s>, problems: &mut Vec<Diagnostic>) -> Self {
        let mut file = PolicyFile::default();
        let mut reader = Reader { problems };
        let mut seen = HashSet::new();
        for Field { name, value } in document {
            let Some(field) = reader.field(&name) else { continue };
            if !seen.insert(name.value.clone()) {
                reader.problems.push(Diagnostic::duplicate(&name.value, name.span));
            }
            file.set(field, value, &mut reader);
        }
        file
    }

    fn set(&mut self, field: &'static str, value: Located<Value<'s>>, reader: &mut Reader<'_>) {
        match field {
            "allow_origins" => self.allow_origins.extend(reader.texts(field, value)),
            "allow_methods" => self.allow_methods.extend(reader.texts(field, value)),
            "allow_headers" => self.allow_headers.extend(reader.texts(field, value)),
            "expose_headers" => self.expose_headers.extend(reader.texts(field, value)),
            "allow_credentials" => self.allow_credentials |= reader.boolean(field, &value),
            "allow_private_network" => self.allow_private_network |= reader.boolean(field, &value),
            "max_age" => self.max_age = reader.max_age(field, &value),
            "preflight_status" => self.preflight_status = reader.preflight_status(field, &value),
            "accept_risks" => {
                let names = reader.texts(field, value);
                self.accept_risks.extend(names.iter().filter_map(|name| reader.risk(name)));
            }
            _ => {}
        }
    }
}

struct Reader<'p> {
    problems: &'p mut Vec<Diagnostic>,
}

impl Reader<'_> {
    /// The field of that name, or of the nearest.
    fn field(&mut self, name: &Text<'_>) -> Option<&'static str> {
        if let Some(field) = FIELDS.into_iter().find(|&field| field == name.value) {
            return Some(field);
        }
        let meant = nearest(&name.value, FIELDS);
        let help = match meant {
            Some(field) => format!("did you mean `{field}`?"),
            None => format!("the fields of a policy are {}", FIELDS.join(", ")),
        };
        let title = format!("unknown field `{}`", name.value.escape_debug());
        self.problems.push(Diagnostic::error(name.span.clone(), title).with_help(help));
        meant
    }

    fn texts<'s>(&mut self, field: &str, value: Located<Value<'s>>) -> Vec<Text<'s>> {
        match value.value {
            Value::List(entries) => entries.into_iter().filter_map(|entry| self.text(field, entry)).collect(),
            Value::String(text) => {
                let help = format!("write [{text:?}]");
                self.wrong(field, &value.span, "a string", "a list of strings", help);
                vec![Located { value: text, span: value.span }]
            }
            other => {
                let help = example(field);
                self.wrong(field, &value.span, other.kind(), "a list of strings", help);
                Vec::new()
            }
        }
    }

    /// An entry of a list.
    fn text<'s>(&mut self, field: &str, entry: Located<Value<'s>>) -> Option<Text<'s>> {
        match entry.value {
            Value::String(text) => Some(Located { value: text, span: entry.span }),
            other => {
                let help = match other {
                    Value::Other("null") => "leave the entry out",
                    _ => "write each entry as a string, in quotation marks",
                };
                self.wrong(field, &entry.span, other.kind(), "a string", help);
                None
            }
        }
    }

    fn boolean(&mut self, field: &str, value: &Located<Value<'_>>) -> bool {
        let (meant, help) = match &value.value {
            Value::Boolean(boolean) => return *boolean,
            Value::String(text)
                if ["true", "yes", "on"].iter().any(|word| text.eq_ignore_ascii_case(word)) =>
            {
                (true, "write true, without quotation marks")
            }
            Value::String(_) => (false, "write true or false, without quotation marks"),
            _ => (false, "write true or false"),
        };
        self.wrong(field, &value.span, value.value.kind(), "true or false", help);
        meant
    }

    fn max_age(&mut self, field: &str, value: &Located<Value<'_>>) -> Option<Located<u32>> {
        let seconds = self.integer(field, value, "a whole number of seconds")?;
        if seconds < 0 {
            let title = format!("{field}: fewer than no seconds");
            let help = "write 0, so that no browser keeps a preflight, or leave the field out";
            self.problems.push(Diagnostic::error(value.span.clone(), title).with_help(help));
            return None;
        }
        // A number that does not fit is too large for the engine's check, too.
        Some(Located { value: u32::try_from(seconds).unwrap_or(u32::MAX), span: value.span.clone() })
    }

    fn preflight_status(&mut self, field: &str, value: &Located<Value<'_>>) -> Option<Located<u16>> {
        let status = self.integer(field, value, "a status from 200 to 299")?;
        // A number that does not fit is no such status, either.
        Some(Located { value: u16::try_from(status).unwrap_or(u16::MAX), span: value.span.clone() })
    }

    fn integer(&mut self, field: &str, value: &Located<Value<'_>>, expected: &str) -> Option<i64> {
        let (meant, help) = match &value.value {
            Value::Integer(number) => return Some(*number),
            Value::String(text) => match text.trim().parse::<u32>() {
                Ok(number) => (Some(number.into()), format!("write {number}, without quotation marks")),
                Err(_) => (None, example(field)),
            },
            Value::Other("null") => (None, "leave the field out".to_owned()),
            _ => (None, example(field)),
        };
        self.wrong(field, &value.span, value.value.kind(), expected, help);
        meant
    }

    /// The risk of that name, or of the nearest: it is reported once, not again for what has it.
    fn risk(&mut self, name: &Text<'_>) -> Option<Risk> {
        let names = Risk::ALL.map(Risk::name);
        Risk::from_name(&name.value).or_else(|| {
            let meant = nearest(&name.value, names);
            let help = match meant {
                Some(risk) => format!("did you mean `{risk}`?"),
                None => format!("the risks are {}", names.join(", ")),
            };
            let title = format!("accept_risks: unknown risk {:?}", name.value);
            self.problems.push(Diagnostic::error(name.span.clone(), title).with_help(help));
            meant.and_then(Risk::from_name)
        })
    }

    fn wrong(
        &mut self,
        field: &str,
        span: &Range<usize>,
        found: &str,
        expected: &str,
        help: impl Into<String>,
    ) {
        let title = format!("{field}: {found} where {expected} should be");
        self.problems.push(Diagnostic::error(span.clone(), title).with_help(help));
    }
}

/// What to write in a field.
fn example(field: &str) -> String {
    let value = match field {
        "allow_origins" => "[\"https://app.example.com\"]",
        "allow_methods" => "[\"PUT\", \"DELETE\"]",
        "allow_headers" => "[\"content-type\"]",
        "expose_headers" => "[\"x-request-id\"]",
        "accept_risks" => "[\"InsecureOrigin\"]",
        "max_age" => "7200",
        _ => "204",
    };
    format!("write it like {value}")
}
