//! The tables of `docs/conformance.md`: what the application under test offers, and what is checked.

use cors_conformance::{Route, checks};

use crate::{Result, block};

/// Returns the page with the present tables.
pub(crate) fn page(text: &str) -> Result<String> {
    let mut routes = vec!["| route | what the application does |".to_owned(), "|---|---|".to_owned()];
    routes.extend(Route::ALL.iter().map(|route| format!("| `{}` | {} |", route.name(), cell(route.about()))));
    let mut rows = vec![
        "| check | class | what passes | otherwise | source |".to_owned(),
        "|---|---|---|---|---|".to_owned(),
    ];
    rows.extend(checks().map(|check| {
        let (what, reason) = (cell(check.what), cell(check.reason));
        format!("| `{}` | {} | {what} | {reason} | {} |", check.name, check.class.name(), check.source)
    }));
    let text = block::replace(text, "routes", &routes)?;
    block::replace(&text, "checks", &rows)
}

/// Returns a text as a table's cell has it: a star is no emphasis.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('*', "\\*")
}
