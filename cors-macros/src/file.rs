//! `policy_file!`: reads the file, and includes it for rustc, so that cargo tracks its changes.

use std::path::{Path, PathBuf};
use std::{env, fs};

use cors_policy_file::{Compiled, Error, Format, compile, text_of};
use proc_macro2::TokenStream;
use quote::quote;
use syn::LitStr;

use crate::expansion::{self, message};

pub(crate) fn expand(path: &LitStr) -> TokenStream {
    let written = path.value();
    let (absolute, tracked) = if Path::new(&written).is_absolute() {
        (PathBuf::from(&written), quote!(#written))
    } else {
        let folder = env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default();
        let tracked = quote!(::core::concat!(::core::env!("CARGO_MANIFEST_DIR"), "/", #written));
        (Path::new(&folder).join(&written), tracked)
    };
    let bytes = match fs::read(&absolute) {
        Ok(bytes) => bytes,
        Err(error) => {
            let sentence = format!("{}: {error}", absolute.display());
            return expansion::expand(Err(vec![syn::Error::new(path.span(), sentence)]));
        }
    };
    let policy = expansion::expand(image_of(path, &written, &bytes));
    // Cargo asks rustc which files it read. Nothing refers to the constant, so the program does not contain it.
    quote!({
        const _: &[::core::primitive::u8] = ::core::include_bytes!(#tracked);
        #policy
    })
}

fn image_of(path: &LitStr, written: &str, bytes: &[u8]) -> Result<Vec<u8>, Vec<syn::Error>> {
    let error = |sentence: String| syn::Error::new(path.span(), sentence);
    let text = text_of(bytes).map_err(|none| vec![error(format!("{written}: {none}"))])?;
    compile(Format::of(Path::new(written), text), text).map(Compiled::into_image).map_err(|failed| {
        match failed {
            Error::Problems(problems) => {
                let errors = problems.iter().map(|problem| {
                    let (line, column) = problem.line_and_column(text);
                    error(format!("{written}:{line}:{column}: {}", message(problem)))
                });
                errors.collect()
            }
            other => vec![error(format!("{written}: {other}"))],
        }
    })
}
