//! The expansion of both macros: a policy over a constant, or an error for each problem.

use cors_policy_file::Diagnostic;
use proc_macro2::{Literal, TokenStream};
use quote::quote;

/// Returns the policy in an image; or the errors next to an empty policy, so that rustc adds no errors of its own.
pub(crate) fn expand(image: Result<Vec<u8>, Vec<syn::Error>>) -> TokenStream {
    match image {
        Ok(image) => {
            let image = Literal::byte_string(&image);
            quote!(::cors_core::Policy::from_trusted_bytes(#image))
        }
        Err(errors) => {
            let errors = errors.iter().map(syn::Error::to_compile_error);
            quote!({ #(#errors)* ::cors_core::Policy::from_trusted_bytes(&[]) })
        }
    }
}

/// Formats the problem as rustc does, with the help on a line of its own.
pub(crate) fn message(problem: &Diagnostic) -> String {
    let title = match problem.risk() {
        Some(risk) => format!("risk {risk}: {}", problem.title()),
        None => problem.title().to_owned(),
    };
    match problem.help() {
        Some(help) => format!("{title}\nhelp: {help}"),
        None => title,
    }
}
