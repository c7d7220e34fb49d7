//! The table of `docs/formats.md`: how each format says what a policy may have.

use cors_formats::{Feature, Format};

use crate::{Result, block};

/// Returns the page with the present table and notes.
pub(crate) fn page(text: &str) -> Result<String> {
    let written: Vec<Format> =
        Format::all().filter(|format| !format.is_variant() && format.is_written()).collect();
    let mut table = vec![
        format!("| | {} |", Feature::ALL.map(Feature::name).join(" | ")),
        format!("|---|{}", "---|".repeat(Feature::ALL.len())),
    ];
    for format in &written {
        let words = Feature::ALL.map(|feature| match (feature, format.methods()) {
            (Feature::Methods, Some(_)) => "some",
            (feature, _) => format.says(feature).word(),
        });
        table.push(format!("| {} | {} |", format.title(), words.join(" | ")));
    }
    let mut notes = Vec::new();
    for format in &written {
        if let Some(methods) = format.methods() {
            notes.push(format!("- {}, methods: {}", format.title(), methods.join(", ")));
        }
        for feature in Feature::ALL {
            let saying = format.says(feature);
            if let Some(how) = saying.how() {
                notes.push(format!("- {}, {}: {}: {how}", format.title(), feature.name(), saying.word()));
            }
        }
    }
    let mut names = vec!["| name | format | written |".to_owned(), "|---|---|---|".to_owned()];
    for format in Format::all() {
        let way = if format.is_written() { "yes" } else { "only read" };
        names.push(format!("| `{}` | {} | {way} |", format.name(), format.title()));
    }
    let text = block::replace(text, "names", &names)?;
    let text = block::replace(&text, "table", &table)?;
    block::replace(&text, "notes", &notes)
}
