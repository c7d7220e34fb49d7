//! A reader of what JavaScript writes in a call: strings, objects and arrays of them; any other expression is passed over. Every step
//! takes a character or ends, so that any text ends.

/// A value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Literal {
    /// A string, or a template without what its expressions give.
    Text(String),
    /// An object, by its keys.
    Object(Vec<(String, Literal)>),
    /// An array.
    Array(Vec<Literal>),
    /// `null` or `undefined`.
    Null,
    /// Anything else.
    Other,
}

impl Literal {
    pub(super) fn text(&self) -> Option<&str> {
        match self {
            Literal::Text(text) => Some(text),
            _ => None,
        }
    }

    pub(super) fn get(&self, key: &str) -> Option<&Literal> {
        match self {
            Literal::Object(members) => members.iter().find(|(name, _)| name == key).map(|(_, value)| value),
            _ => None,
        }
    }
}

/// What is left of a text.
pub(super) struct Script<'t> {
    pub(super) rest: &'t str,
}

/// Objects that are nested more deeply are passed over as a whole.
const MAX_DEPTH: usize = 16;

impl Script<'_> {
    /// Reads the arguments of a call, up to its closing bracket or the end of the text. Returns nothing where a bracket closes that was
    /// not opened.
    pub(super) fn arguments(&mut self) -> Option<Vec<Literal>> {
        self.list(')', MAX_DEPTH)
    }

    /// Reads values up to this bracket, or to the end of the text. Returns nothing where another bracket closes.
    fn list(&mut self, end: char, depth: usize) -> Option<Vec<Literal>> {
        let mut values = Vec::new();
        loop {
            self.skip();
            match self.rest.chars().next() {
                None => return Some(values),
                Some(character) if character == end => {
                    self.take();
                    return Some(values);
                }
                Some(',') => self.take(),
                Some(')' | ']' | '}') => {
                    self.take();
                    return None;
                }
                Some(_) => values.push(self.value(depth)),
            }
        }
    }

    fn take(&mut self) {
        let mut characters = self.rest.chars();
        characters.next();
        self.rest = characters.as_str();
    }

    /// Passes over white space and comments.
    fn skip(&mut self) {
        loop {
            self.rest = self.rest.trim_start();
            let after = match self.rest.get(..2) {
                Some("//") => self.rest.split_once('\n').map_or("", |(_, after)| after),
                Some("/*") => self.rest.split_once("*/").map_or("", |(_, after)| after),
                _ => return,
            };
            self.rest = after;
        }
    }

    fn value(&mut self, depth: usize) -> Literal {
        self.skip();
        let literal = match self.rest.chars().next() {
            Some('"' | '\'' | '`') => Literal::Text(self.string()),
            Some('{') if depth > 0 => self.object(depth.saturating_sub(1)),
            Some('[') if depth > 0 => {
                self.take();
                self.list(']', depth.saturating_sub(1)).map_or(Literal::Other, Literal::Array)
            }
            Some('n') if depth > 0 => self.made_headers(depth.saturating_sub(1)),
            _ => Literal::Other,
        };
        let word =
            self.rest.get(..self.rest.find(|character: char| !is_word(character)).unwrap_or(self.rest.len()));
        let is_null = literal == Literal::Other && matches!(word, Some("null" | "undefined"));
        // What stands behind a string makes it an expression.
        let is_alone = !self.expression();
        match literal {
            _ if is_null => Literal::Null,
            Literal::Array(_) if !is_alone => Literal::Other,
            literal @ (Literal::Object(_) | Literal::Array(_) | Literal::Text(_)) => literal,
            _ => Literal::Other,
        }
    }

    /// Reads `new Headers(…)`: what it is made of.
    fn made_headers(&mut self, depth: usize) -> Literal {
        let after = self.rest.strip_prefix("new").map(str::trim_start);
        let after = after.and_then(|rest| rest.strip_prefix("Headers")).map(str::trim_start);
        let Some(arguments) = after.and_then(|rest| rest.strip_prefix('(')) else { return Literal::Other };
        self.rest = arguments;
        match self.list(')', depth).map(|arguments| arguments.into_iter().next()) {
            Some(Some(literal)) => literal,
            Some(None) => Literal::Object(Vec::new()),
            None => Literal::Other,
        }
    }

    /// Passes over the rest of an expression. Returns true if there was any.
    fn expression(&mut self) -> bool {
        let (mut depth, mut is_any) = (0_usize, false);
        while let Some(character) = self.rest.chars().next() {
            match character {
                '"' | '\'' | '`' => {
                    self.string();
                    is_any = true;
                    continue;
                }
                ',' | ')' | ']' | '}' if depth == 0 => return is_any,
                '(' | '[' | '{' => depth = depth.saturating_add(1),
                ')' | ']' | '}' => depth = depth.saturating_sub(1),
                _ => {}
            }
            is_any |= !character.is_whitespace();
            self.take();
        }
        is_any
    }

    fn object(&mut self, depth: usize) -> Literal {
        self.take();
        let mut members = Vec::new();
        loop {
            self.skip();
            match self.rest.chars().next() {
                None => return Literal::Object(members),
                Some('}') => {
                    self.take();
                    return Literal::Object(members);
                }
                Some(',' | ')' | ']') => self.take(),
                Some('"' | '\'') => {
                    let key = self.string();
                    self.member(key, depth, &mut members);
                }
                Some(_) => {
                    let len =
                        self.rest.find(|character: char| !is_word(character)).unwrap_or(self.rest.len());
                    let (key, rest) = self.rest.split_at(len);
                    let key = key.to_owned();
                    self.rest = rest;
                    self.member(key, depth, &mut members);
                }
            }
        }
    }

    /// Reads what follows a key: its value, or nothing, as in `{ method }` and `{ ...rest }`. The latter has no key.
    fn member(&mut self, key: String, depth: usize, members: &mut Vec<(String, Literal)>) {
        self.skip();
        if let Some(rest) = self.rest.strip_prefix(':') {
            self.rest = rest;
            let value = self.value(depth);
            members.push((key, value));
        } else {
            let is_spread = self.rest.starts_with("...");
            self.expression();
            if !key.is_empty() || is_spread {
                members.push((key, Literal::Other));
            }
        }
    }

    fn string(&mut self) -> String {
        let mut characters = self.rest.chars();
        let mark = characters.next();
        let mut text = String::new();
        while let Some(character) = characters.next() {
            match character {
                character if Some(character) == mark => break,
                '\\' => match characters.next() {
                    Some('n') => text.push('\n'),
                    Some('r') => text.push('\r'),
                    Some('t') => text.push('\t'),
                    Some('u') => {
                        let digits: String = characters.clone().take(4).collect();
                        let number = u32::from_str_radix(&digits, 16).ok().and_then(char::from_u32);
                        if let Some(character) = number {
                            text.push(character);
                            characters = characters.as_str().get(digits.len()..).unwrap_or_default().chars();
                        }
                    }
                    Some(other) => text.push(other),
                    None => {}
                },
                other => text.push(other),
            }
        }
        self.rest = characters.as_str();
        text
    }
}

fn is_word(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '_' | '$')
}
