//! A map of any format as a [`Rule`]: by the names that the format has for its fields.

use std::ops::Range;

use cors_policy_file::nearest;

use crate::finding::{DUPLICATE_FIELD, Finding, UNKNOWN_FIELD};
use crate::judge::not_judged;
use crate::matcher::Matcher;
use crate::node::{Entry, Node, SPREAD, Value};
use crate::rule::{OriginEntry, Program, Rule, Spot};

/// What is read of a text.
#[derive(Debug, Default)]
pub(crate) struct Read {
    pub(crate) rules: Vec<Rule>,
    pub(crate) findings: Vec<Finding>,
    /// The places that are read and have become part of another place's rule.
    pub(crate) places: Vec<Range<usize>>,
}

/// The names of a rule's fields in a format. Of several the first is the one to write.
pub(crate) struct Fields {
    pub(crate) program: &'static Program,
    pub(crate) origins: &'static [&'static str],
    pub(crate) methods: &'static [&'static str],
    pub(crate) headers: &'static [&'static str],
    pub(crate) exposed: &'static [&'static str],
    pub(crate) credentials: &'static [&'static str],
    pub(crate) max_age: &'static [&'static str],
    /// Fields that are taken and are none of these.
    pub(crate) others: &'static [&'static str],
    /// Fields that have to be there.
    pub(crate) required: &'static [&'static str],
    pub(crate) list: List,
    pub(crate) written_age: WrittenAge,
    /// Whether other fields are reported.
    pub(crate) is_closed: bool,
}

/// How a list is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum List {
    Array,
    /// A text with commas.
    Commas,
    Either,
    /// An element for each entry.
    Repeated,
}

/// How a max-age is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum WrittenAge {
    /// A number.
    Seconds,
    /// A text such as `1h30m`.
    Duration,
    Either,
}

pub(crate) const NONE: Fields = Fields {
    program: &crate::rule::PLAIN,
    origins: &[],
    methods: &[],
    headers: &[],
    exposed: &[],
    credentials: &[],
    max_age: &[],
    others: &[],
    required: &[],
    list: List::Array,
    written_age: WrittenAge::Seconds,
    is_closed: true,
};

/// The names of most gateways in YAML.
pub(crate) const CAMEL_CASE: Fields = Fields {
    origins: &["allowOrigins"],
    methods: &["allowMethods"],
    headers: &["allowHeaders"],
    exposed: &["exposeHeaders"],
    credentials: &["allowCredentials"],
    max_age: &["maxAge"],
    ..NONE
};

/// The same names as Python, Lua and Terraform write them.
pub(crate) const SNAKE_CASE: Fields = Fields {
    origins: &["allow_origins"],
    methods: &["allow_methods"],
    headers: &["allow_headers"],
    exposed: &["expose_headers"],
    credentials: &["allow_credentials"],
    max_age: &["max_age"],
    ..NONE
};

impl Read {
    /// Adds what was read elsewhere in the text.
    pub(crate) fn extend(&mut self, other: Read) {
        self.rules.extend(other.rules);
        self.findings.extend(other.findings);
        self.places.extend(other.places);
    }

    /// Gives each value another place.
    pub(crate) fn relocate(&mut self, place: impl Fn(&Range<usize>) -> Range<usize>) {
        let rules = self.rules.iter_mut().flat_map(Rule::spans);
        let findings = self.findings.iter_mut().map(|finding| &mut finding.span);
        for span in rules.chain(findings).chain(&mut self.places) {
            *span = place(span);
        }
    }

    /// Adds the rule of a map.
    pub(crate) fn rule(
        &mut self,
        node: &Node,
        fields: &Fields,
        matcher: impl Fn(&Node) -> Matcher,
    ) -> &mut Rule {
        let mut rule = Rule::new(fields.program, node.span.clone());
        let mut seen: Vec<&str> = Vec::new();
        for entry in node.entries() {
            let key = entry.key.as_str();
            let is = |names: &[&str]| names.contains(&key);
            if seen.contains(&key) && key != SPREAD && fields.list != List::Repeated {
                let what = format!("`{key}` stands there for the second time: the first has no effect");
                self.findings
                    .push(Finding::error(DUPLICATE_FIELD, &entry.key_span, what).fix("write it once"));
                // Parsers keep the last.
                if is(fields.origins) {
                    rule.origins.clear();
                } else if is(fields.methods) {
                    rule.methods.clear();
                } else if is(fields.headers) {
                    rule.headers.clear();
                } else if is(fields.exposed) {
                    rule.exposed.clear();
                }
            }
            seen.push(key);
            if key == SPREAD {
                self.findings.push(not_judged(&entry.key_span, "what is spread in here"));
                continue;
            }
            if is(fields.origins) {
                for item in self.list(entry, fields.list) {
                    let text = item.scalar().unwrap_or_default().to_owned();
                    let matcher = if is_computed(&item) { Matcher::Unknown } else { matcher(&item) };
                    rule.origins.push(OriginEntry { text, span: item.span.clone(), matcher });
                }
            } else if is(fields.methods) {
                rule.methods.extend(self.texts(entry, fields.list));
            } else if is(fields.headers) {
                rule.headers.extend(self.texts(entry, fields.list));
            } else if is(fields.exposed) {
                rule.exposed.extend(self.texts(entry, fields.list));
            } else if is(fields.credentials) {
                rule.credentials = self.boolean(entry);
            } else if is(fields.max_age) {
                rule.max_age = self.max_age(entry, fields.written_age);
            } else if fields.is_closed && !is(fields.others) {
                self.unknown(entry, fields);
            }
        }
        for required in fields.required {
            if !node.has(required) {
                let what = format!("{} needs the field `{required}`", fields.program.title);
                let span = node.span.start..node.span.start.saturating_add(1).min(node.span.end);
                self.findings
                    .push(Finding::error("missing-field", &span, what).fix(format!("add {required}")));
            }
        }
        let index = self.rules.len();
        self.rules.push(rule);
        // It was pushed just now.
        #[expect(clippy::indexing_slicing, reason = "the index of the last rule")]
        &mut self.rules[index]
    }

    fn unknown(&mut self, entry: &Entry, fields: &Fields) {
        let title = fields.program.title;
        let known: Vec<&'static str> = [
            fields.origins,
            fields.methods,
            fields.headers,
            fields.exposed,
            fields.credentials,
            fields.max_age,
            fields.others,
        ]
        .iter()
        .flat_map(|names| names.iter().copied())
        .collect();
        let what = format!("{title} has no field `{}`", entry.key);
        let finding = Finding::error(UNKNOWN_FIELD, &entry.key_span, what);
        self.findings.push(match nearest(&entry.key, known.iter().copied()) {
            Some(meant) => finding.fix(format!("did you mean {meant}?")),
            None => finding.fix(format!("the fields are {}", known.join(", "))),
        });
    }

    /// Returns the entries of a list; a value of another type is reported, and taken for what it means.
    pub(crate) fn list(&mut self, entry: &Entry, list: List) -> Vec<Node> {
        let node = &entry.node;
        match (&node.value, list) {
            (Value::List(items), List::Array | List::Either) => items.clone(),
            (Value::Null, _) => Vec::new(),
            (Value::Or(default), _) => {
                let mut items = vec![Node { span: node.span.clone(), value: Value::Unknown }];
                // The program makes a list of it.
                if let Value::Text(text) = &default.value {
                    items.extend(split(text, &default.span));
                } else {
                    let entry = Entry { node: (**default).clone(), ..entry.clone() };
                    items.extend(self.list(&entry, list));
                }
                items
            }
            _ if is_computed(node) => {
                vec![Node { span: node.span.clone(), value: Value::Unknown }]
            }
            (Value::Text(text), List::Commas) => split(text, &node.span),
            (Value::Text(_) | Value::Expression(..), List::Either | List::Repeated)
            | (Value::Boolean(_), List::Either) => vec![node.clone()],
            (Value::List(items), _) => {
                self.wrong(node, &entry.key, "a text with commas");
                items.clone()
            }
            (Value::Text(text), _) => {
                self.wrong(node, &entry.key, "a list of strings");
                split(text, &node.span)
            }
            _ => {
                let wanted = if list == List::Commas { "a text with commas" } else { "a list of strings" };
                self.wrong(node, &entry.key, wanted);
                Vec::new()
            }
        }
    }

    fn texts(&mut self, entry: &Entry, list: List) -> Vec<Spot<String>> {
        let list = if list == List::Either && matches!(entry.node.value, Value::Text(_)) {
            List::Commas
        } else {
            list
        };
        let mut texts = Vec::new();
        for item in self.list(entry, list) {
            if is_computed(&item) {
                let what = format!("a value of `{}`", entry.key);
                self.findings.push(not_judged(&item.span, &what));
                continue;
            }
            match item.scalar() {
                Some(text) if text.is_empty() && item.text().is_some() && list != List::Array => {}
                Some(text) => texts.push(Spot { value: text.to_owned(), span: item.span }),
                None => self.wrong(&item, &entry.key, "a string"),
            }
        }
        texts
    }

    pub(crate) fn boolean(&mut self, entry: &Entry) -> Option<Spot<bool>> {
        let value = match &entry.node.value {
            Value::Boolean(boolean) => *boolean,
            Value::Null => return None,
            Value::Or(default) => {
                self.unknown_value(entry);
                return self.boolean(&Entry { node: (**default).clone(), ..entry.clone() });
            }
            _ if is_computed(&entry.node) => {
                self.unknown_value(entry);
                return None;
            }
            value => {
                let meant = matches!(value, Value::Text(text) if text.eq_ignore_ascii_case("true"));
                // XML has texts alone.
                if !matches!(value, Value::Text(text) if text == "true" || text == "false")
                    || !is_xml(&entry.node)
                {
                    self.wrong(&entry.node, &entry.key, "true or false");
                }
                meant
            }
        };
        Some(Spot { value, span: entry.node.span.clone() })
    }

    fn max_age(&mut self, entry: &Entry, written: WrittenAge) -> Option<Spot<i64>> {
        let duration = entry.node.text().filter(|_| written != WrittenAge::Seconds).and_then(seconds);
        let is_unknown = is_computed(&entry.node) || matches!(entry.node.value, Value::Null);
        match duration {
            Some(value) => Some(Spot { value, span: entry.node.span.clone() }),
            None if written == WrittenAge::Duration && !is_unknown => {
                self.wrong(&entry.node, &entry.key, "a duration such as \"24h\"");
                None
            }
            None => self.number(entry),
        }
    }

    pub(crate) fn number(&mut self, entry: &Entry) -> Option<Spot<i64>> {
        let span = entry.node.span.clone();
        match &entry.node.value {
            Value::Or(default) => {
                self.unknown_value(entry);
                self.number(&Entry { node: (**default).clone(), ..entry.clone() })
            }
            _ if is_computed(&entry.node) => {
                self.unknown_value(entry);
                None
            }
            Value::Number(number) | Value::Text(number) => {
                let Ok(value) = number.trim().parse::<f64>() else {
                    self.wrong(&entry.node, &entry.key, "a number of seconds");
                    return None;
                };
                if value.fract() != 0.0 {
                    self.wrong(&entry.node, &entry.key, "a whole number of seconds");
                }
                #[expect(
                    clippy::cast_possible_truncation,
                    reason = "a number that is too great is the greatest"
                )]
                let value = value as i64;
                Some(Spot { value, span })
            }
            Value::Null => None,
            _ => {
                self.wrong(&entry.node, &entry.key, "a number of seconds");
                None
            }
        }
    }

    /// Reports a value that only the program knows.
    fn unknown_value(&mut self, entry: &Entry) {
        self.findings.push(not_judged(&entry.node.span, &format!("the value of `{}`", entry.key)));
    }

    pub(crate) fn wrong(&mut self, node: &Node, key: &str, wanted: &str) {
        let what = format!("`{key}` is {}, and has to be {wanted}", node.kind());
        self.findings.push(Finding::error("wrong-type", &node.span, what).fix(format!("write {wanted}")));
    }
}

/// Returns the seconds of a duration such as `1h30m`.
fn seconds(text: &str) -> Option<i64> {
    let mut total = 0_f64;
    let mut rest = text.trim();
    while !rest.is_empty() {
        let digits = rest.find(|character: char| !(character.is_ascii_digit() || character == '.'))?;
        let number: f64 = rest.get(..digits)?.parse().ok()?;
        let unit_and_rest = rest.get(digits..)?;
        let end =
            unit_and_rest.find(|character: char| character.is_ascii_digit()).unwrap_or(unit_and_rest.len());
        total += number
            * match unit_and_rest.get(..end)? {
                "h" => 3600.0,
                "m" => 60.0,
                "s" => 1.0,
                "ms" => 0.001,
                _ => return None,
            };
        rest = unit_and_rest.get(end..)?;
    }
    #[expect(clippy::cast_possible_truncation, reason = "a number that is too great is the greatest")]
    (!text.trim().is_empty()).then_some(total as i64)
}

/// Returns true for what only the running program knows: an expression, a function of CloudFormation, a text with a variable in it.
pub(crate) fn is_computed(node: &Node) -> bool {
    match &node.value {
        Value::Unknown | Value::Or(_) => true,
        Value::Map(entries) => {
            entries.iter().any(|entry| entry.key == "Ref" || entry.key.starts_with("Fn::"))
        }
        Value::Text(text) => has_variable(text),
        _ => false,
    }
}

/// Returns true for a text into which a program puts a value before it is read: `https://${DOMAIN}`.
pub(crate) fn has_variable(text: &str) -> bool {
    ["${", "{{", "$(", "<%", "%{"].iter().any(|sign| text.contains(sign))
        || text.strip_prefix('$').is_some_and(|name| {
            !name.is_empty() && name.chars().all(|character| character.is_alphanumeric() || character == '_')
        })
}

/// Returns true for a text that stands without quotation marks, as in XML.
fn is_xml(node: &Node) -> bool {
    node.text().is_some_and(|text| node.span.len() == text.len())
}

/// Returns the entries of a list with commas, each with its place as far as the text is written plainly.
pub(crate) fn split(text: &str, span: &Range<usize>) -> Vec<Node> {
    let quotes = span.len().saturating_sub(text.len());
    let start = if quotes == 0 || quotes == 2 { Some(span.start.saturating_add(quotes / 2)) } else { None };
    let mut offset = 0_usize;
    let mut entries = Vec::new();
    for part in text.split(',') {
        let trimmed = part.trim();
        let lead = part.len().saturating_sub(part.trim_start().len());
        if !trimmed.is_empty() {
            let span = match start {
                Some(start) => {
                    let start = start.saturating_add(offset).saturating_add(lead);
                    start..start.saturating_add(trimmed.len())
                }
                None => span.clone(),
            };
            entries.push(Node { span, value: Value::Text(trimmed.to_owned()) });
        }
        offset = offset.saturating_add(part.len()).saturating_add(1);
    }
    entries
}
