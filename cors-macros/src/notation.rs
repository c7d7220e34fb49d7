//! `policy!`: reads Rust's tokens as the fields and values of a policy.

use std::ops::Range;

use cors_policy_file::{Compiled, Document, Error, Field, Located, Value, compile_document};
use proc_macro2::{Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream};
use syn::{Ident, Lit, LitInt, Token, bracketed, token};

use crate::expansion::message;

/// The macro's input. A place of the document is a number: the index of its tokens in `places`.
pub(crate) struct Notation {
    document: Document<'static>,
    places: Places,
}

impl Notation {
    /// Returns the image, or every problem at the tokens at fault.
    pub(crate) fn compile(self) -> Result<Vec<u8>, Vec<syn::Error>> {
        compile_document(self.document).map(Compiled::into_image).map_err(|error| match error {
            Error::Problems(problems) => {
                problems.iter().map(|problem| self.places.error(problem.span(), message(problem))).collect()
            }
            other => vec![syn::Error::new(Span::call_site(), other)],
        })
    }
}

impl Parse for Notation {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let mut places = Places::default();
        let document = comma_separated(input, |input| {
            let name = input.call(Ident::parse_any)?;
            input.parse::<Token![:]>()?;
            let text = name.unraw().to_string();
            let words = if text == RISKS { Words::AreTexts } else { Words::AreNone };
            let name = Located { value: text.into(), span: places.add(&name) };
            Ok(Field { name, value: value(input, words, &mut places)? })
        })?;
        Ok(Notation { document, places })
    }
}

const RISKS: &str = "accept_risks";

/// Whether a path, such as `Risk::NullOrigin`, counts as its last name.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Words {
    AreTexts,
    AreNone,
}

fn value(input: ParseStream<'_>, words: Words, places: &mut Places) -> syn::Result<Located<Value<'static>>> {
    if input.peek(token::Bracket) {
        let entries;
        let bracket = bracketed!(entries in input);
        let span = places.add(&List(bracket));
        let entries = comma_separated(&entries, |entry| value(entry, words, places))?;
        return Ok(Located { value: Value::List(entries), span });
    }
    // Up to the comma, so that a value that a policy cannot have is one problem and does not hide the others.
    let mut tokens = Vec::new();
    while !input.is_empty() && !input.peek(Token![,]) {
        tokens.push(input.parse::<TokenTree>()?);
    }
    if tokens.is_empty() {
        return Err(input.error("expected a value"));
    }
    let value = match path_end(&tokens) {
        Some(name) if words == Words::AreTexts => Value::String(name.to_string().into()),
        _ => single(tokens.iter().cloned().collect()),
    };
    Ok(Located { value, span: places.add(&tokens.into_iter().collect::<TokenStream>()) })
}

fn comma_separated<T>(
    input: ParseStream<'_>,
    mut parse: impl FnMut(ParseStream<'_>) -> syn::Result<T>,
) -> syn::Result<Vec<T>> {
    let mut all = Vec::new();
    while !input.is_empty() {
        all.push(parse(input)?);
        if !input.is_empty() {
            input.parse::<Token![,]>()?;
        }
    }
    Ok(all)
}

/// Returns the last name of a path.
fn path_end(tokens: &[TokenTree]) -> Option<&Ident> {
    let is_path = |tokens: &[TokenTree]| {
        tokens.iter().all(|token| match token {
            TokenTree::Ident(_) => true,
            TokenTree::Punct(punct) => punct.as_char() == ':',
            TokenTree::Group(_) | TokenTree::Literal(_) => false,
        })
    };
    match tokens.split_last()? {
        (TokenTree::Ident(name), path) if is_path(path) && name != "true" && name != "false" => Some(name),
        _ => None,
    }
}

/// Reads a value that is not a list.
fn single(tokens: TokenStream) -> Value<'static> {
    match syn::parse2(tokens.clone()) {
        Ok(Lit::Str(text)) => Value::String(text.value().into()),
        Ok(Lit::Int(number)) => Value::Integer(integer(&number, i64::MAX)),
        Ok(Lit::Bool(boolean)) => Value::Boolean(boolean.value),
        Ok(Lit::Float(number)) => Value::Fraction(number.base10_parse().unwrap_or(f64::NAN)),
        Ok(Lit::Char(_)) => Value::other("a character"),
        Ok(Lit::ByteStr(bytes)) => {
            let text = String::from_utf8(bytes.value()).ok().map(Into::into);
            Value::Other { kind: "a byte string".into(), text }
        }
        Ok(_) => Value::other("a literal of another type"),
        Err(_) => match syn::parse2::<Negative>(tokens) {
            Ok(Negative(number)) => Value::Integer(integer(&number, i64::MIN)),
            Err(_) => Value::other("an expression"),
        },
    }
}

fn integer(number: &LitInt, out_of_range: i64) -> i64 {
    let sign = if out_of_range < 0 { -1 } else { 1 };
    number.base10_parse::<i64>().map_or(out_of_range, |number| number.saturating_mul(sign))
}

/// `-1`
struct Negative(LitInt);

impl Parse for Negative {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        input.parse::<Token![-]>()?;
        input.parse().map(Negative)
    }
}

/// The brackets of a list, which are its place.
struct List(token::Bracket);

impl ToTokens for List {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        self.0.surround(tokens, |_| {});
    }
}

/// The tokens of the places so far.
#[derive(Default)]
struct Places(Vec<TokenStream>);

impl Places {
    fn add(&mut self, tokens: &impl ToTokens) -> Range<usize> {
        let place = self.0.len();
        self.0.push(tokens.to_token_stream());
        place..place.saturating_add(1)
    }

    fn error(&self, place: Range<usize>, message: String) -> syn::Error {
        match self.0.get(place.start) {
            Some(tokens) => syn::Error::new_spanned(tokens, message),
            None => syn::Error::new(Span::call_site(), message),
        }
    }
}
