//! What was probably meant by a text that a field does not take. Nothing is returned that the engine would refuse, so that
//! the advice to write it can be followed.

use cors_core::{Config, ConfigField, Risk};

use crate::document::Value;
use crate::nearest::nearest;
use crate::owned_config::OwnedConfig;

/// Returns the entries that `text` stands for: a list separated by commas or white space, a list in JSON or Python, or a
/// single entry, with or without quotation marks.
pub(crate) fn entries(field: ConfigField, text: &str) -> Option<Vec<String>> {
    let text = text.trim();
    let pieces = pieces(text).map(|piece| entry(field, piece)).collect::<Option<Vec<_>>>();
    let entries = pieces.or_else(|| Some(vec![entry(field, text)?]))?;
    accepts(field, &entries.iter().map(String::as_str).collect::<Vec<_>>()).then_some(entries)
}

/// Returns the number that `value` stands for, or the nearest that the field takes.
pub(crate) fn number(field: ConfigField, value: &Value<'_>) -> Option<i64> {
    let number = match value {
        Value::Fraction(fraction) => whole(*fraction)?,
        value => {
            let text = value.text()?.trim();
            text.parse().ok().or_else(|| whole(text.parse().ok()?))?
        }
    };
    match field {
        ConfigField::MaxAge => Some(number.clamp(0, Config::MAX_MAX_AGE.into())),
        _ => (200..=299).contains(&number).then_some(number),
    }
}

/// Returns the truth value that `value` stands for.
pub(crate) fn boolean(value: &Value<'_>) -> Option<bool> {
    let text = match value {
        Value::Null => return Some(false),
        Value::Integer(number @ (0 | 1)) => return Some(*number == 1),
        value => value.text()?.trim(),
    };
    let is = |words: &[&str]| words.iter().any(|word| text.eq_ignore_ascii_case(word));
    if is(&["true", "yes", "on", "1"]) {
        Some(true)
    } else {
        is(&["false", "no", "off", "0", ""]).then_some(false)
    }
}

/// Returns the whole number that a fraction such as 60.0 is.
fn whole(fraction: f64) -> Option<i64> {
    const MOST: f64 = 1e9;
    #[expect(clippy::cast_possible_truncation, reason = "it is whole, and small enough")]
    (fraction.fract() == 0.0 && fraction.abs() < MOST).then_some(fraction as i64)
}

fn pieces(text: &str) -> impl Iterator<Item = &str> {
    let in_brackets = ["[]", "()", "{}"].iter().find_map(|brackets| {
        let (open, close) = brackets.split_at_checked(1)?;
        text.strip_prefix(open)?.strip_suffix(close)
    });
    let text = in_brackets.unwrap_or(text);
    text.split(separates).filter(|piece| !piece.is_empty())
}

/// True for what separates the entries of a list.
fn separates(character: char) -> bool {
    character.is_whitespace() || matches!(character, ',' | ';')
}

/// Returns the entry, or what the engine would write in its place.
fn entry(field: ConfigField, text: &str) -> Option<String> {
    let text = unquoted(text);
    if accepts(field, &[text]) {
        return Some(text.to_owned());
    }
    if field == ConfigField::AcceptRisks {
        // A list of risks is like one of them, too.
        if text.contains(separates) {
            return None;
        }
        return nearest(text, Risk::ALL.map(Risk::name)).map(str::to_owned);
    }
    let mut replacement = None;
    with(field, &[text], |config| {
        config.check(|error| {
            replacement = error.advice().and_then(|advice| advice.replacement().map(str::to_owned));
        });
    });
    replacement.filter(|replacement| accepts(field, &[replacement]))
}

/// Returns the text without the quotation marks around it.
pub(crate) fn unquoted(text: &str) -> &str {
    for quote in ['"', '\'', '`'] {
        let inner = text.strip_prefix(quote).and_then(|text| text.strip_suffix(quote));
        if let Some(inner) = inner {
            return inner.trim();
        }
    }
    text
}

fn accepts(field: ConfigField, texts: &[&str]) -> bool {
    if field == ConfigField::AcceptRisks {
        return texts.iter().all(|text| Risk::from_name(text).is_some());
    }
    let mut accepted = true;
    with(field, texts, |config| config.check(|_| accepted = false));
    accepted
}

/// Calls `f` with a config that has only these entries. Risks are another matter, and reported by themselves.
fn with(field: ConfigField, texts: &[&str], f: impl FnOnce(&Config<'_>)) {
    let mut config = OwnedConfig { accept_risks: Risk::ALL.to_vec(), ..OwnedConfig::default() };
    if let Some(list) = config.list_mut(field) {
        list.extend(texts);
    }
    f(&config.config());
}
