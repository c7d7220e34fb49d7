//! What to change of a response, so that it has the policy's fields and no other of their names (A3).

use cors_core::adapter::{is_policy_field, merge_vary};

use crate::compiled::Fields;

/// A change of a response's fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Edit<'a> {
    /// Removes every line of this name.
    Remove(&'a str),
    /// Puts this value into the place of the one line of this name.
    Replace(&'a str, &'a [u8]),
    /// Adds a line.
    Add(&'a str, &'a [u8]),
}

/// Calls `edit` with each change, in order. `lines` are the response's names and values, the names in lower case; `origin` is
/// the request's.
///
/// A response that has no field of these names gets additions alone, and one that has nothing to change gets none.
pub(crate) fn edit_response(
    lines: &[(&[u8], &[u8])],
    fields: &Fields,
    origin: &str,
    mut edit: impl FnMut(Edit<'_>),
) {
    let mut removed: Vec<&[u8]> = Vec::new();
    let mut vary_lines = 0_usize;
    for (name, _) in lines {
        if is_policy_field(name) && !removed.contains(name) {
            removed.push(name);
        }
        vary_lines = vary_lines.saturating_add(usize::from(*name == b"vary"));
    }
    for name in removed {
        if let Ok(name) = str::from_utf8(name) {
            edit(Edit::Remove(name));
        }
    }
    if fields.echoes_origin {
        edit(Edit::Add("access-control-allow-origin", origin.as_bytes()));
    }
    for (name, value) in &fields.replaced {
        edit(Edit::Add(name, value.as_bytes()));
    }
    let Some(vary) = &fields.vary else { return };
    let upstream = || lines.iter().filter(|(name, _)| *name == b"vary").map(|(_, value)| *value);
    let Some(merged) = merge_vary(upstream, vary.as_bytes()) else { return };
    let mut line = Vec::with_capacity(merged.len());
    merged.for_each_piece(|piece| line.extend_from_slice(piece));
    match vary_lines {
        0 => edit(Edit::Add("vary", &line)),
        1 => edit(Edit::Replace("vary", &line)),
        _ => {
            edit(Edit::Remove("vary"));
            edit(Edit::Add("vary", &line));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edits(lines: &[(&str, &str)], fields: &Fields) -> Vec<String> {
        let lines: Vec<_> = lines.iter().map(|(name, value)| (name.as_bytes(), value.as_bytes())).collect();
        let mut edits = Vec::new();
        edit_response(&lines, fields, "https://a.example", |edit| {
            edits.push(match edit {
                Edit::Remove(name) => format!("- {name}"),
                Edit::Replace(name, value) => format!("= {name}: {}", value.escape_ascii()),
                Edit::Add(name, value) => format!("+ {name}: {}", value.escape_ascii()),
            });
        });
        edits
    }

    #[test]
    fn a3_additions_removals_and_one_line_of_vary() {
        const ORIGIN: &str = "+ access-control-allow-origin: https://a.example";
        const EXPOSED: &str = "+ access-control-expose-headers: x-total";
        type Case<'a> = (&'a [(&'a str, &'a str)], &'a Fields, &'a [&'a str]);
        let denied = Fields { vary: Some("origin".into()), ..Fields::default() };
        let allowed = Fields {
            echoes_origin: true,
            replaced: vec![("access-control-expose-headers", "x-total".into())],
            ..denied.clone()
        };
        let cases: [Case<'_>; 9] = [
            (&[], &Fields::default(), &[]),
            (&[(":status", "200"), ("vary", "accept")], &Fields::default(), &[]),
            (&[(":status", "200")], &denied, &["+ vary: origin"]),
            (&[(":status", "200")], &allowed, &[ORIGIN, EXPOSED, "+ vary: origin"]),
            (&[("vary", "accept, Origin")], &allowed, &[ORIGIN, EXPOSED]),
            (&[("vary", "accept")], &denied, &["= vary: accept, origin"]),
            (
                &[("vary", "accept"), ("vary", "cookie")],
                &denied,
                &["- vary", "+ vary: accept, cookie, origin"],
            ),
            (
                &[("access-control-allow-origin", "*"), ("access-control-allow-origin", "x"), ("vary", "*")],
                &denied,
                &["- access-control-allow-origin"],
            ),
            (
                &[
                    ("access-control-allow-new", "1"),
                    ("access-control-allow-origin", "*"),
                    ("access-control-x", "1"),
                ],
                &allowed,
                &[
                    "- access-control-allow-new",
                    "- access-control-allow-origin",
                    ORIGIN,
                    EXPOSED,
                    "+ vary: origin",
                ],
            ),
        ];
        for (lines, fields, expected) in cases {
            assert_eq!(edits(lines, fields), expected, "{lines:?} {fields:?}");
        }
    }
}
