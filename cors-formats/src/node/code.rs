//! Literals in programs of JavaScript and Python: what is called with which arguments, and what is assigned.
//!
//! No program is run and none is parsed as a whole. `name(…)` gives an entry `name`, whose node is a list of the arguments and,
//! last, a map of those that are named; `NAME = …` gives an entry whose node is the value. Whatever is not a literal is
//! [`Value::Unknown`].

use super::binding::Bindings;
use super::{Entry, Node, Value};

/// Returns a map of the calls of `calls` and of the assignments to names in capital letters.
pub(crate) fn code(text: &str, calls: &[&str], language: Language) -> Node {
    let mut reader = Reader::new(text, language);
    let bindings = Bindings::of(text, language);
    let mut entries: Vec<Entry> = Vec::new();
    while !reader.rest().is_empty() {
        reader.space();
        let start = reader.place;
        let word = reader.word();
        if word.is_empty() {
            // `config['CORS_ORIGINS'] = …`.
            if let Some(Value::Text(key)) = reader.quoted() {
                let span = start..reader.place;
                let after = reader.place;
                if key.starts_with("CORS_") && reader.take("]") {
                    reader.space();
                    if !reader.rest().starts_with("==") && reader.take("=") {
                        let node = reader.value(0);
                        entries.push(Entry { key, key_span: span, node });
                        continue;
                    }
                }
                reader.place = after;
            } else {
                reader.advance(1);
            }
            continue;
        }
        let span = start..reader.place;
        let after = reader.place;
        reader.space();
        // `require('cors')({ … })`, and `create<Application>(…)`.
        if word == "require" && ["('cors')(", "(\"cors\")("].iter().any(|call| reader.take(call)) {
            let node = reader.arguments(start, 0);
            entries.push(Entry { key: "cors".to_owned(), key_span: span, node });
            continue;
        }
        if calls.contains(&word) && reader.rest().starts_with('<') {
            let end = reader.rest().find(">(").filter(|end| *end < 80).map_or(0, |end| end.saturating_add(1));
            reader.advance(end);
        }
        if calls.contains(&word) && reader.take("(") {
            let node = reader.arguments(start, 0);
            entries.push(Entry { key: word.to_owned(), key_span: span, node });
        } else if is_setting(word) {
            let adds = ["+=", ".append(", ".extend("].into_iter().find(|sign| reader.take(sign));
            let closes = adds.is_some_and(|sign| sign.ends_with('('));
            reader.annotation();
            if adds.is_none() && (reader.rest().starts_with("==") || !reader.take("=")) {
                reader.place = after;
                continue;
            }
            let node = reader.value(0);
            let earlier = entries.iter_mut().rev().find(|entry| entry.key == word && adds.is_some());
            match earlier {
                // What is added belongs to the value that is there.
                Some(Entry { node: Node { value: Value::List(items), .. }, .. }) => match node.value {
                    Value::List(added) => items.extend(added),
                    _ => items.push(node),
                },
                _ if closes && !matches!(node.value, Value::List(_)) => {
                    let node = Node { span: node.span.clone(), value: Value::List(vec![node]) };
                    entries.push(Entry { key: word.to_owned(), key_span: span, node });
                }
                _ => entries.push(Entry { key: word.to_owned(), key_span: span, node }),
            }
        } else {
            reader.place = after;
        }
    }
    for entry in &mut entries {
        bindings.resolve(&mut entry.node, 0);
    }
    entries.extend(bindings.variables());
    Node { span: 0..text.len(), value: Value::Map(entries) }
}

/// What the keys of a program's variables begin with.
pub(crate) const VARIABLE: &str = "$variable ";

/// Returns true for a name in capital letters.
fn is_setting(word: &str) -> bool {
    word.starts_with(|first: char| first.is_ascii_uppercase())
        && word.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
}

pub(super) fn is_word(character: char) -> bool {
    character.is_alphanumeric() || "_$".contains(character)
}

/// The language of a program, where it makes a difference to a literal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Language {
    JavaScript,
    /// A backslash before a character that makes no escape stays in the text.
    Python,
}

/// The key of what is spread into a map, or into the arguments of a call, and is not known.
pub(crate) const SPREAD: &str = "...";

pub(super) struct Reader<'t> {
    text: &'t str,
    place: usize,
    language: Language,
}

const MAX_DEPTH: usize = 20;

impl<'t> Reader<'t> {
    pub(super) fn new(text: &'t str, language: Language) -> Self {
        Reader { text, place: 0, language }
    }

    pub(super) fn place(&self) -> usize {
        self.place
    }

    pub(super) fn go_to(&mut self, place: usize) {
        self.place = place;
    }

    /// Passes over the type of a variable, if an assignment follows: `: CorsOptions`.
    pub(super) fn annotation(&mut self) {
        let start = self.place;
        self.space();
        if self.take(":") {
            let is_type = |character: char| is_word(character) || "<>[]|., '\"".contains(character);
            let end = self.rest().find(|character: char| !is_type(character)).unwrap_or_default();
            if end < 80 {
                self.advance(end);
                if self.rest().starts_with('=') {
                    return;
                }
            }
            self.place = start;
        }
        self.space();
    }

    /// Reads a literal: a text, a number, a boolean, or a list of them.
    pub(super) fn literal(&mut self) -> Option<Node> {
        self.space();
        let start = self.place;
        let value = match self.rest().chars().next()? {
            '[' => {
                self.advance(1);
                self.list(']', 0)
            }
            '/' => self.expression()?,
            _ => match self.quoted() {
                Some(value) => value,
                None => match self.word() {
                    "true" | "True" => Value::Boolean(true),
                    "false" | "False" => Value::Boolean(false),
                    _ => return None,
                },
            },
        };
        Some(Node { span: start..self.place, value })
    }

    pub(super) fn rest(&self) -> &'t str {
        self.text.get(self.place..).unwrap_or_default()
    }

    fn advance(&mut self, by: usize) {
        self.place = self.place.saturating_add(by).min(self.text.len());
        while !self.text.is_char_boundary(self.place) {
            self.place = self.place.saturating_add(1);
        }
    }

    pub(super) fn take(&mut self, text: &str) -> bool {
        let is_there = self.rest().starts_with(text);
        if is_there {
            self.advance(text.len());
        }
        is_there
    }

    /// Passes over white space and comments.
    pub(super) fn space(&mut self) {
        loop {
            let rest = self.rest();
            let trimmed = rest.trim_start();
            self.advance(rest.len().saturating_sub(trimmed.len()));
            if trimmed.starts_with("//") || trimmed.starts_with('#') {
                self.advance(trimmed.find('\n').unwrap_or(trimmed.len()));
            } else if trimmed.starts_with("/*") {
                self.advance(trimmed.find("*/").map_or(trimmed.len(), |end| end.saturating_add(2)));
            } else {
                return;
            }
        }
    }

    pub(super) fn word(&mut self) -> &'t str {
        let rest = self.rest();
        let end = rest.find(|character: char| !is_word(character));
        let word = rest.get(..end.unwrap_or(rest.len())).unwrap_or_default();
        self.advance(word.len());
        word
    }

    /// Passes over a text in quotation marks, or one character.
    pub(super) fn skip(&mut self) {
        if self.quoted().is_none() {
            self.advance(1);
        }
    }

    fn quoted(&mut self) -> Option<Value> {
        let start = self.place;
        let prefixed = self.rest();
        let is_raw = prefixed.starts_with(['r', 'R']);
        let body = prefixed.trim_start_matches(['r', 'R', 'b', 'u', 'f']);
        let prefix = prefixed.len().saturating_sub(body.len());
        let quote = body.chars().next().filter(|first| "\"'`".contains(*first) && prefix <= 2)?;
        self.advance(prefix.saturating_add(1));
        let mut text = String::new();
        let mut characters = self.rest().char_indices();
        while let Some((index, character)) = characters.next() {
            match character {
                '\\' if !is_raw && self.language == Language::Python => match characters.next() {
                    Some((_, 'n')) => text.push('\n'),
                    Some((_, 't')) => text.push('\t'),
                    Some((_, 'r')) => text.push('\r'),
                    Some((_, 'b')) => text.push('\u{8}'),
                    Some((_, '\n')) | None => {}
                    Some((_, escaped @ ('\\' | '\'' | '"'))) => text.push(escaped),
                    Some((_, other)) => text.extend(['\\', other]),
                },
                '\\' if !is_raw => text.extend(characters.next().map(|(_, escaped)| match escaped {
                    'n' => '\n',
                    't' => '\t',
                    escaped => escaped,
                })),
                '\\' => {
                    text.push('\\');
                    text.extend(characters.next().map(|(_, escaped)| escaped));
                }
                '\n' if quote != '`' => break,
                _ if character == quote => {
                    self.advance(index.saturating_add(1));
                    let is_template = (quote == '`' && text.contains("${")) || prefixed.starts_with('f');
                    return Some(if is_template { Value::Unknown } else { Value::Text(text) });
                }
                _ => text.push(character),
            }
        }
        self.place = start;
        None
    }

    /// Reads a regular expression between slashes.
    fn expression(&mut self) -> Option<Value> {
        let start = self.place;
        if !self.take("/") {
            return None;
        }
        let rest = self.rest();
        let (mut in_class, mut is_escaped) = (false, false);
        for (index, character) in rest.char_indices() {
            match character {
                _ if is_escaped => is_escaped = false,
                '\\' => is_escaped = true,
                '[' => in_class = true,
                ']' => in_class = false,
                '\n' => break,
                '/' if !in_class => {
                    let text = rest.get(..index).unwrap_or_default().replace("\\/", "/");
                    self.advance(index.saturating_add(1));
                    return Some(Value::Expression(text, self.word().contains('i')));
                }
                _ => {}
            }
        }
        self.place = start;
        None
    }

    pub(super) fn value(&mut self, depth: usize) -> Node {
        self.space();
        let start = self.place;
        let first = self.rest().chars().next().unwrap_or_default();
        let value = match first {
            _ if depth > MAX_DEPTH => Value::Unknown,
            '[' | '(' => {
                self.advance(1);
                let value = self.list(if first == '[' { ']' } else { ')' }, depth);
                let inside = self.text.get(start..self.place.saturating_sub(1)).unwrap_or_default();
                match value {
                    // Parentheses without a comma make no list.
                    Value::List(mut items)
                        if first == '(' && items.len() == 1 && !inside.trim_end().ends_with(',') =>
                    {
                        items.pop().map_or(Value::Unknown, |item| item.value)
                    }
                    value => value,
                }
            }
            '{' => {
                self.advance(1);
                self.map(depth)
            }
            '/' => self.expression().unwrap_or(Value::Unknown),
            _ => match self.quoted() {
                Some(Value::Text(text)) if self.language == Language::Python => {
                    self.joined(Value::Text(text), depth)
                }
                Some(value) => value,
                None => self.word_value(depth),
            },
        };
        let end = self.place;
        // What is computed with a literal is none.
        self.space();
        let goes_on = !self.rest().starts_with([',', ']', '}', ')', ';', ':'])
            && self.text.get(end..self.place).is_some_and(|space| !space.contains('\n'))
            && !self.rest().is_empty();
        if goes_on {
            self.skip_value();
            return Node { span: start..self.place, value: Value::Unknown };
        }
        Node { span: start..end, value }
    }

    /// Puts the texts together that stand side by side.
    fn joined(&mut self, first: Value, depth: usize) -> Value {
        let mut value = first;
        loop {
            let end = self.place;
            self.space();
            let is_same_line = self.text.get(end..self.place).is_some_and(|space| !space.contains('\n'));
            let next = if depth > 0 || is_same_line { self.quoted() } else { None };
            value = match (value, next) {
                (Value::Text(text), Some(Value::Text(more))) => Value::Text(text + &more),
                (_, Some(_)) => Value::Unknown,
                (value, None) => {
                    self.place = end;
                    return value;
                }
            };
        }
    }

    fn word_value(&mut self, depth: usize) -> Value {
        let word = self.word();
        match word {
            "true" | "True" => Value::Boolean(true),
            "false" | "False" => Value::Boolean(false),
            "null" | "None" | "undefined" => Value::Null,
            // `new RegExp('…', 'i')`.
            "new" if self.takes_constructor() => {
                let Value::List(items) = self.list(')', depth) else { return Value::Unknown };
                let flags = items.get(1).and_then(Node::text).unwrap_or_default();
                match items.first().map(|node| &node.value) {
                    Some(Value::Text(text)) => Value::Expression(text.clone(), flags.contains('i')),
                    Some(Value::Expression(text, ignore_case)) => {
                        Value::Expression(text.clone(), *ignore_case || flags.contains('i'))
                    }
                    _ => Value::Unknown,
                }
            }
            "dict" if self.language == Language::Python && depth < MAX_DEPTH && self.take("(") => {
                let arguments = self.arguments(self.place, depth.saturating_add(1));
                match arguments.items() {
                    [Node { value: Value::Map(entries), .. }] => Value::Map(entries.clone()),
                    _ => Value::Unknown,
                }
            }
            "re" if self.take(".compile(") => {
                let Value::List(items) = self.list(')', depth) else { return Value::Unknown };
                match items.first().and_then(Node::text) {
                    Some(text) => Value::Expression(text.to_owned(), items.len() > 1),
                    None => Value::Unknown,
                }
            }
            _ if !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit() || byte == b'_') => {
                Value::Number(word.replace('_', ""))
            }
            _ => {
                self.skip_value();
                Value::Unknown
            }
        }
    }

    fn takes_constructor(&mut self) -> bool {
        let start = self.place;
        self.space();
        if self.word() == "RegExp" {
            self.space();
            if self.take("(") {
                return true;
            }
        }
        self.place = start;
        false
    }

    /// Goes to the comma, closing bracket or line end that ends a value.
    fn skip_value(&mut self) {
        let mut depth = 0_usize;
        while let Some(next) = self.rest().chars().next() {
            match next {
                '/' if ["//", "/*"].iter().any(|comment| self.rest().starts_with(comment)) => {
                    self.space();
                    continue;
                }
                '(' | '[' | '{' => depth = depth.saturating_add(1),
                ')' | ']' | '}' | ',' | '\n' | ';' if depth == 0 => return,
                ')' | ']' | '}' => depth = depth.saturating_sub(1),
                _ => {}
            }
            self.skip();
        }
    }

    fn list(&mut self, close: char, depth: usize) -> Value {
        let mut items = Vec::new();
        loop {
            self.space();
            let before = self.place;
            if self.rest().is_empty() || self.take(close.encode_utf8(&mut [0; 4])) {
                return Value::List(items);
            }
            items.push(self.value(depth.saturating_add(1)));
            self.space();
            if !self.take(",") && self.place == before {
                self.advance(1);
            }
        }
    }

    /// Reads what is spread: `...base`, `**base`.
    fn spread(&mut self, depth: usize) -> Option<Vec<Entry>> {
        let start = self.place;
        if !self.take("...") && !self.take("**") {
            return None;
        }
        let after = self.place;
        if self.rest().starts_with('{')
            && let Node { value: Value::Map(entries), .. } = self.value(depth.saturating_add(1))
        {
            return Some(entries);
        }
        self.place = after;
        self.skip_value();
        let span = start..self.place;
        let node = Node { span: span.clone(), value: Value::Unknown };
        Some(vec![Entry { key: SPREAD.to_owned(), key_span: span, node }])
    }

    fn map(&mut self, depth: usize) -> Value {
        let mut entries = Vec::new();
        loop {
            self.space();
            let start = self.place;
            if self.rest().is_empty() || self.take("}") {
                return Value::Map(entries);
            }
            if let Some(spread) = self.spread(depth) {
                entries.extend(spread);
                self.space();
                self.take(",");
                continue;
            }
            // `["origin"]: …`, and `[name]: …`, which may be any.
            let is_computed = self.take("[");
            let key = match self.quoted() {
                Some(Value::Text(key)) => key,
                _ if is_computed => {
                    self.skip_value();
                    SPREAD.to_owned()
                }
                _ => self.word().to_owned(),
            };
            if is_computed {
                self.take("]");
            }
            let key_span = start..self.place;
            self.space();
            if self.take(":") {
                let node = self.value(depth.saturating_add(1));
                entries.push(Entry { key, key_span, node });
            } else if !key.is_empty() {
                // A variable of that name, or a method.
                let after = self.place;
                self.skip_value();
                let span = if self.place > after { start..self.place } else { key_span.clone() };
                entries.push(Entry { key, key_span, node: Node { span, value: Value::Unknown } });
            }
            self.space();
            if !self.take(",") && self.place == start {
                self.advance(1);
            }
        }
    }

    fn arguments(&mut self, start: usize, depth: usize) -> Node {
        let mut items = Vec::new();
        let mut named = Vec::new();
        loop {
            self.space();
            let before = self.place;
            if self.rest().is_empty() || self.take(")") {
                break;
            }
            if let Some(spread) = self.spread(depth) {
                named.extend(spread);
                self.space();
                self.take(",");
                continue;
            }
            let word = self.word();
            let key_span = before..self.place;
            self.space();
            if !word.is_empty() && !self.rest().starts_with("==") && self.take("=") {
                let node = self.value(depth.saturating_add(1));
                named.push(Entry { key: word.to_owned(), key_span, node });
            } else {
                self.place = before;
                items.push(self.value(depth.saturating_add(1)));
            }
            self.space();
            if !self.take(",") && self.place == before {
                self.advance(1);
            }
        }
        items.push(Node { span: start..self.place, value: Value::Map(named) });
        Node { span: start..self.place, value: Value::List(items) }
    }
}
