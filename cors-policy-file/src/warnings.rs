//! What is legal in a policy, and probably not meant.

use cors_core::ConfigField;

use crate::diagnostic::{Cause, Diagnostic, Scalar, Setting};
use crate::reader::{Settings, example};
use crate::repair::unquoted;
use crate::words::Words;

/// Returns the warnings, each kind once for a field.
pub(crate) fn warnings(settings: &Settings<'_>, words: &Words) -> Vec<Diagnostic> {
    let mut warnings: Vec<Diagnostic> = no_origin(settings, words).into_iter().collect();
    let config = &settings.config;
    warnings.extend(
        [
            quoted_name(settings, ConfigField::AllowMethods, &config.allow_methods),
            quoted_name(settings, ConfigField::AllowHeaders, &config.allow_headers),
            quoted_name(settings, ConfigField::ExposeHeaders, &config.expose_headers),
        ]
        .into_iter()
        .flatten(),
    );
    warnings.sort_by_key(|warning| warning.span().start);
    warnings
}

fn no_origin(settings: &Settings<'_>, words: &Words) -> Option<Diagnostic> {
    let field = ConfigField::AllowOrigins;
    settings.config.allow_origins.is_empty().then(|| {
        let setting = Setting { field, index: None, value: None };
        let reason = "no page of another origin may read anything: allow_origins is empty";
        let help = format!("list the origins of your pages: {field} = {}", example(field, words));
        Diagnostic::of_setting(Cause::NoOrigin, settings.places.span(field), setting, reason)
            .with_title(reason)
            .with_help(help)
    })
}

/// An apostrophe and a backtick may stand in a token, so a name keeps them.
fn quoted_name(settings: &Settings<'_>, field: ConfigField, names: &[impl AsRef<str>]) -> Option<Diagnostic> {
    let (position, name) =
        names.iter().map(AsRef::as_ref).enumerate().find(|(_, name)| unquoted(name) != *name)?;
    let (index, span) = settings.places.entry(field, position);
    let setting = Setting { field, index, value: Some(Scalar::Text(name.to_owned())) };
    let reason = "the quotation marks within the text are part of the name";
    let help = format!("write {}", unquoted(name));
    Some(Diagnostic::of_setting(Cause::QuotedName, span, setting, reason).with_help(help))
}
