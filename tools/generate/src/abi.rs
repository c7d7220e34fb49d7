//! `tests/c/abi.c`: the values that a C compiler compares with those of `cors.h`.

use crate::layout::Types;
use crate::rows::{self, Row};
use crate::{Result, block};

/// The bytes of a pointer of the machines that the test runs on.
const WORD: usize = 8;

/// Makes the tables of `tests/c/abi.c`.
pub(crate) fn table(written: &str) -> Result<String> {
    let types = Types::read()?;
    let text = block::replace(written, "layouts", &layouts(&types)?)?;
    let text = block::replace(&text, "constants", &constants(&types)?)?;
    block::replace(&text, "names", &names())
}

fn layouts(types: &Types) -> Result<Vec<String>> {
    let mut lines = Vec::new();
    for (name, ty) in types.aliases.iter().filter(|(name, _)| name != "cors_bool") {
        lines.push(format!("SIZE({name}, {});", types.room(ty, WORD)?.size));
    }
    for each in &types.structs {
        let (offsets, whole) = types.offsets(each, WORD)?;
        lines.push(String::new());
        lines.push(format!("SIZE({}, {});", each.name, whole.size));
        lines.extend(
            offsets.iter().map(|(member, offset)| format!("OFFSET({}, {member}, {offset});", each.name)),
        );
    }
    Ok(lines)
}

fn constants(types: &Types) -> Result<Vec<String>> {
    let mut lines = Vec::new();
    for table in rows::tables() {
        lines.extend(table.constants().map(|(name, row)| format!("EXPECT_EQ({}, {name});", row.number)));
    }
    for name in types.limits.keys() {
        lines.push(format!("EXPECT_EQ({}, {name});", types.limit(name)?));
    }
    Ok(lines)
}

fn names() -> Vec<String> {
    let mut lines = Vec::new();
    let tables = [
        ("codes", rows::codes()),
        ("denials", rows::denials()),
        ("fields", rows::fields()),
        ("risks", rows::risks()),
    ];
    for (name, rows) in tables {
        lines.push(format!("static const struct named {name}[] = {{"));
        lines.extend(rows.iter().map(entry));
        lines.push("};".to_owned());
    }
    lines
}

fn entry(row: &Row) -> String {
    format!("    {{{}, {:?}, {:?}}},", row.number, row.name, row.message)
}
