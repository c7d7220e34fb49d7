//! [`Settings`]: a document read as a config. A value of the wrong type is reported and, where it is plain what was meant,
//! taken for that, so that the values next to it are checked, too.

use std::borrow::Cow;
use std::collections::HashSet;
use std::ops::Range;

use cors_core::{ConfigField, Risk};

use crate::diagnostic::{Cause, Diagnostic, Scalar, Setting};
use crate::document::{Document, Field, Located, Value};
use crate::nearest::nearest;
use crate::owned_config::OwnedConfig;
use crate::places::Places;
use crate::problems::Problems;
use crate::repair;
use crate::words::Words;

/// What a document says, not yet checked.
pub(crate) struct Settings<'s> {
    pub(crate) config: OwnedConfig<Cow<'s, str>>,
    pub(crate) places: Places,
}

impl<'s> Settings<'s> {
    pub(crate) fn read(document: Document<'s>, words: &Words, problems: &mut Problems) -> Self {
        let settings = Settings { config: OwnedConfig::default(), places: Places::default() };
        let mut reader = Reader { settings, words, problems };
        let mut seen = HashSet::new();
        for Field { name, value } in document {
            let Some(field) = reader.field(&name) else { continue };
            if seen.contains(&name.value) {
                reader.problems.push(Diagnostic::duplicate(&name.value, name.span));
            } else {
                seen.insert(name.value);
            }
            reader.set(field, value);
        }
        reader.settings
    }
}

const REGEX: &str = "a policy has no regular expressions; write patterns such as https://*.example.com among `allow_origins`, \
    or give the expression to an adapter, such as CORSMiddleware and Site in Python";

struct Reader<'s, 'r> {
    settings: Settings<'s>,
    words: &'r Words,
    problems: &'r mut Problems,
}

impl<'s> Reader<'s, '_> {
    /// Returns the field of that name, or of the nearest.
    fn field(&mut self, name: &Located<Cow<'s, str>>) -> Option<ConfigField> {
        if let Some(field) = ConfigField::from_name(&name.value) {
            return Some(field);
        }
        let names = ConfigField::ALL.map(ConfigField::name);
        let is_regex = name.value.to_ascii_lowercase().contains("regex");
        let meant = if is_regex { None } else { nearest(&name.value, names) };
        let help = match meant {
            None if is_regex => REGEX.to_owned(),
            Some(field) => format!("did you mean `{field}`?"),
            None => format!("the {}s of a policy are {}", self.words.field, names.join(", ")),
        };
        let title = format!("unknown {} `{}`", self.words.field, name.value.escape_debug());
        let problem = Diagnostic::new(Cause::UnknownField, name.span.clone(), title);
        self.problems.push(problem.with_help(help));
        meant.and_then(ConfigField::from_name)
    }

    fn set(&mut self, field: ConfigField, value: Located<Value<'s>>) {
        self.settings.places.of(field).span = value.span.clone();
        match field {
            ConfigField::MaxAge => self.settings.config.max_age = self.max_age(field, &value),
            ConfigField::PreflightStatus => {
                if let Some(status) = self.integer(field, &value, "a status from 200 to 299") {
                    // A number that does not fit is not such a status, either.
                    self.settings.config.preflight_status = u16::try_from(status).unwrap_or(u16::MAX);
                }
            }
            ConfigField::AcceptRisks => {
                let names = self.texts(field, value);
                for (index, name) in names.iter().enumerate() {
                    let risk = self.risk(field, index, name);
                    self.settings.config.accept_risks.extend(risk);
                }
            }
            field if self.settings.config.boolean_mut(field).is_some() => {
                let given = self.boolean(field, &value);
                // Of two, the one that is true: what it needs is checked, too.
                if let Some(boolean) = self.settings.config.boolean_mut(field) {
                    *boolean |= given;
                }
            }
            field => {
                let texts = self.texts(field, value);
                if let Some(list) = self.settings.config.list_mut(field) {
                    list.extend(texts);
                }
            }
        }
    }

    fn texts(&mut self, field: ConfigField, value: Located<Value<'s>>) -> Vec<Cow<'s, str>> {
        let Located { value, span } = value;
        let value = match value {
            Value::List(entries) => return self.entries(field, entries),
            value => value,
        };
        let meant = value.text().and_then(|text| repair::entries(field, text));
        let help = match (&meant, &value) {
            (Some(meant), _) if meant.len() <= LONGEST_HELP => {
                format!("write {}", self.words.list(meant.iter().map(String::as_str)))
            }
            (_, Value::Null) => format!("write [], or leave the {} out", self.words.field),
            _ => format!("write it like {}", example(field, self.words)),
        };
        self.wrong(field, None, &span, &value, &self.words.list_of_strings(), help);
        let meant = meant.unwrap_or_default();
        let places = &mut self.settings.places.of(field).entries;
        places.extend(meant.iter().map(|_| (None, span.clone())));
        meant.into_iter().map(Cow::from).collect()
    }

    fn entries(&mut self, field: ConfigField, entries: Vec<Located<Value<'s>>>) -> Vec<Cow<'s, str>> {
        let mut texts = Vec::new();
        for (index, Located { value, span }) in entries.into_iter().enumerate() {
            match value {
                Value::String(text) => {
                    self.settings.places.of(field).entries.push((Some(index), span));
                    texts.push(text);
                }
                other => self.wrong_entry(field, index, &span, &other),
            }
        }
        texts
    }

    fn wrong_entry(&mut self, field: ConfigField, index: usize, span: &Range<usize>, value: &Value<'s>) {
        let meant = value.text().and_then(|text| repair::entries(field, text));
        let help = match (meant.as_deref(), value) {
            (Some([meant]), _) => format!("write {}", self.words.quoted(meant)),
            (_, Value::Null) => "leave the entry out".to_owned(),
            _ => format!("write each entry as {}, in quotation marks", self.words.string),
        };
        self.wrong(field, Some(index), span, value, self.words.string, help);
    }

    fn boolean(&mut self, field: ConfigField, value: &Located<Value<'s>>) -> bool {
        let Located { value, span } = value;
        if let Value::Boolean(boolean) = value {
            return *boolean;
        }
        let meant = repair::boolean(value);
        let expected = self.words.true_or_false();
        let mut help = match meant {
            Some(meant) => format!("write {}", self.words.truth(meant)),
            None => format!("write {expected}"),
        };
        if matches!(value, Value::String(_)) {
            help.push_str(WITHOUT_QUOTATION_MARKS);
        }
        self.wrong(field, None, span, value, &expected, help);
        meant.unwrap_or(false)
    }

    fn max_age(&mut self, field: ConfigField, value: &Located<Value<'s>>) -> Option<u32> {
        let seconds = self.integer(field, value, "a whole number of seconds")?;
        if seconds < 0 {
            let setting = Setting { field, index: None, value: Some(Scalar::Number(seconds)) };
            let help = format!(
                "write 0, so that no browser keeps a preflight, or leave the {} out",
                self.words.field
            );
            let problem =
                Diagnostic::of_setting(Cause::Negative, value.span.clone(), setting, "fewer than no seconds");
            self.problems.push(problem.with_help(help));
            return None;
        }
        // A number that does not fit is too large for the engine's check, too.
        Some(u32::try_from(seconds).unwrap_or(u32::MAX))
    }

    fn integer(&mut self, field: ConfigField, value: &Located<Value<'s>>, expected: &str) -> Option<i64> {
        let Located { value, span } = value;
        if let Value::Integer(number) = value {
            self.settings.places.of(field).number = Some(*number);
            return Some(*number);
        }
        let meant = repair::number(field, value);
        let help = match (meant, value) {
            (Some(meant), Value::String(_)) => format!("write {meant}{WITHOUT_QUOTATION_MARKS}"),
            (Some(meant), _) => format!("write {meant}"),
            (None, Value::Null) => format!("leave the {} out", self.words.field),
            _ => format!("write it like {}", example(field, self.words)),
        };
        self.wrong(field, None, span, value, expected, help);
        meant
    }

    /// Returns the risk of that name, or of the nearest: assuming that it was meant, the settings which need it are not
    /// reported as well.
    fn risk(&mut self, field: ConfigField, position: usize, name: &str) -> Option<Risk> {
        let names = Risk::ALL.map(Risk::name);
        Risk::from_name(name).or_else(|| {
            let meant = nearest(name, names);
            let help = match meant {
                Some(risk) => format!("did you mean `{risk}`?"),
                None => format!("the risks are {}", names.join(", ")),
            };
            let (index, span) = self.settings.places.entry(field, position);
            let setting = Setting { field, index, value: Some(Scalar::Text(name.to_owned())) };
            let problem = Diagnostic::of_setting(Cause::UnknownRisk, span, setting, "unknown risk")
                .with_title(format!("{field}: unknown risk {name:?}"));
            self.problems.push(problem.with_help(help));
            meant.and_then(Risk::from_name)
        })
    }

    fn wrong(
        &mut self,
        field: ConfigField,
        index: Option<usize>,
        span: &Range<usize>,
        found: &Value<'s>,
        expected: &str,
        help: String,
    ) {
        let setting = Setting { field, index, value: None };
        let found = found.kind(self.words);
        let reason = format!("{found} where {expected} should be");
        let problem = Diagnostic::of_setting(Cause::WrongType, span.clone(), setting, reason);
        self.problems.push(problem.with_help(help));
    }
}

const WITHOUT_QUOTATION_MARKS: &str = ", without quotation marks";

/// A list in advice has at most this many entries.
const LONGEST_HELP: usize = 20;

/// Returns what to write in a field.
pub(crate) fn example(field: ConfigField, words: &Words) -> String {
    match field {
        ConfigField::AllowOrigins => words.list(["https://app.example.com"]),
        ConfigField::AllowMethods => words.list(["PUT", "DELETE"]),
        ConfigField::AllowHeaders => words.list(["content-type"]),
        ConfigField::ExposeHeaders => words.list(["x-request-id"]),
        ConfigField::AcceptRisks => words.list([Risk::InsecureOrigin.name()]),
        ConfigField::MaxAge => "7200".to_owned(),
        ConfigField::PreflightStatus => "204".to_owned(),
        _ => words.truth(true).to_owned(),
    }
}
