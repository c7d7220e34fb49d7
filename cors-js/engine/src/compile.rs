//! Policies of options and of files are checked and compiled.

use std::borrow::Cow;

use cors_core::{ConfigField, Origin};
use cors_policy_file::{Document, Field, Format, Located, Places, Value, Words, compile_document_with};
use serde_json::Value as Json;

use crate::memory::{bytes, put, text};
use crate::problem::{Names, Problem, field_of_option, problems_of};

/// JavaScript's words for what policies are made of.
const WORDS: Words = Words { field: "option", ..Words::FILE };

/// Compiles the policy of options, in JSON as `cors-js/src/options.js` writes it: pairs of a name and a value. Returns true, and
/// the output is the image; or false, and the output is the problems in JSON.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn compile(options: *const u8, length: usize) -> bool {
    // SAFETY: the host's, see `bytes`.
    let options = unsafe { text(options, length) };
    let pairs: Vec<(String, Json)> = serde_json::from_str(options).unwrap_or_default();
    let (document, mut problems) = document(pairs);
    match compile_document_with(document, &WORDS, &cors_core::is_shared_domain) {
        Ok(compiled) if problems.is_empty() => {
            put(compiled.into_image());
            return true;
        }
        Ok(_) => {}
        Err(error) => problems.extend(problems_of(&error, Names::Options, None)),
    }
    put_problems(&problems);
    false
}

/// Compiles a policy file, whose format the name tells or else the content. Returns as [`compile`] does.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn compile_file(
    name: *const u8,
    name_length: usize,
    file: *const u8,
    length: usize,
) -> bool {
    // SAFETY: the host's, see `bytes`.
    let (name, file) = unsafe { (text(name, name_length), bytes(file, length)) };
    let problems = match cors_policy_file::text_of(file) {
        Err(error) => vec![Problem::of_the_whole("NotAPolicyFile", error.to_string())],
        Ok(text) => match cors_policy_file::compile(Format::of(name.as_ref(), text), text) {
            Ok(compiled) => {
                put(compiled.into_image());
                return true;
            }
            Err(error) => problems_of(&error, Names::File, Some(text)),
        },
    };
    put_problems(&problems);
    false
}

/// Returns true for an origin as a browser sends it; else the output is what is wrong and what to write.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn check_origin(origin: *const u8, length: usize) -> bool {
    // SAFETY: the host's, see `bytes`.
    let origin = unsafe { text(origin, length) };
    let Err(error) = Origin::parse(origin.as_bytes()) else { return true };
    let advice = match cors_core::OriginPattern::parse(origin) {
        Ok(_) => Some("write each origin on its own".to_owned()),
        Err(error) => error.advice().map(|advice| advice.to_string()),
    };
    put(advice.map_or_else(|| error.to_string(), |advice| format!("{error}; {advice}")).into_bytes());
    false
}

pub(crate) fn put_problems(problems: &[Problem]) {
    // An array of strings and numbers has nothing that JSON lacks.
    put(serde_json::to_vec(problems).unwrap_or_default());
}

/// Returns the document of the options, whose fields stand in the order of a config, and the problems of names that are those
/// of policy files.
fn document(mut pairs: Vec<(String, Json)>) -> (Document<'static>, Vec<Problem>) {
    pairs.sort_by_key(|(name, _)| {
        ConfigField::ALL.into_iter().position(|field| Names::Options.of(field) == name.as_str())
    });
    let mut places = Places::default();
    let mut problems = Vec::new();
    let mut document = Document::new();
    for (name, value) in pairs {
        let field = field_of_option(&name).or_else(|| {
            let field = ConfigField::from_name(&name)?;
            problems.push(of_files(&name, field));
            Some(field)
        });
        let name = field.map_or(Cow::from(name), |field| field.name().into());
        let name = places.next(name);
        document.push(Field { name, value: value_of(value, &mut places) });
    }
    (document, problems)
}

fn of_files(name: &str, field: ConfigField) -> Problem {
    let option = Names::Options.of(field);
    let problem = Problem::of_the_whole("UnknownField", format!("unknown option `{name}`"));
    let advice = Some(format!("write `{option}`; Policy.fromJson takes the names of policy files"));
    Problem { advice, is_type_error: true, ..problem }.composed()
}

fn value_of(json: Json, places: &mut Places) -> Located<Value<'static>> {
    match json {
        Json::Array(entries) => {
            let entries = entries.into_iter().map(|entry| places.next(scalar(entry))).collect();
            places.next(Value::List(entries))
        }
        other => places.next(scalar(other)),
    }
}

fn scalar(json: Json) -> Value<'static> {
    // A whole number that has more digits than an integer comes as a fraction, too.
    const OUT_OF_RANGE: f64 = 9e18;
    match json {
        Json::Null => Value::Null,
        Json::Bool(boolean) => Value::Boolean(boolean),
        Json::String(text) => Value::String(text.into()),
        Json::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(number), _) => Value::Integer(number),
            (None, Some(OUT_OF_RANGE..)) => Value::Integer(i64::MAX),
            (None, Some(..=-9e18)) => Value::Integer(i64::MIN),
            (None, number) => Value::Fraction(number.unwrap_or_default()),
        },
        Json::Array(_) => Value::other("a list"),
        // What JSON lacks: its kind, and the text that it stands for.
        Json::Object(mut other) => {
            let mut text = |name| match other.remove(name) {
                Some(Json::String(text)) => Some(text),
                _ => None,
            };
            let kind = text("kind").unwrap_or_else(|| "an object".to_owned());
            Value::Other { kind: kind.into(), text: text("text").map(Into::into) }
        }
    }
}
