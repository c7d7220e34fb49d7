//! The rows of the tables, as the writers of all languages need them.

use cors_core::{ConfigField, Denial, FieldOp, Kind, Risk};
use heck::{ToShoutySnakeCase, ToSnakeCase};

use crate::code::Code;

/// A variant of an enum.
pub(crate) struct Row {
    /// The variant's name in Rust.
    variant: String,
    /// The number in C.
    pub(crate) number: i64,
    /// The name that programs print, and policy files use.
    pub(crate) name: &'static str,
    /// The sentence; for enums that have none, empty.
    pub(crate) message: &'static str,
    /// The comment in C.
    pub(crate) comment: String,
}

impl Row {
    fn new(variant: &impl std::fmt::Debug, number: impl Into<i64>) -> Row {
        Row {
            variant: format!("{variant:?}"),
            number: number.into(),
            name: "",
            message: "",
            comment: String::new(),
        }
    }

    /// The name in snake case.
    pub(crate) fn snake(&self) -> String {
        self.variant.to_snake_case()
    }

    /// The name in upper case.
    pub(crate) fn shouty(&self) -> String {
        self.variant.to_shouty_snake_case()
    }
}

/// An enum, as C and C++ see it.
pub(crate) struct Table {
    /// The type of its numbers in C.
    pub(crate) ty: &'static str,
    /// What its constants in C begin with, after `CORS_`.
    prefix: &'static str,
    /// Its name in C++.
    pub(crate) cpp: &'static str,
    pub(crate) rows: Vec<Row>,
}

impl Table {
    /// Returns the rows, each with the name of its constant in C.
    pub(crate) fn constants(&self) -> impl Iterator<Item = (String, &Row)> {
        self.rows.iter().map(|row| {
            // Codes are `CORS_OK` and errors.
            let prefix = if self.ty == "cors_code" && row.number == 0 { "" } else { self.prefix };
            (format!("CORS_{prefix}{}", row.shouty()), row)
        })
    }
}

/// Returns every enum that C and C++ see.
pub(crate) fn tables() -> [Table; 6] {
    [
        Table { ty: "cors_code", prefix: "ERROR_", cpp: "code", rows: codes() },
        Table { ty: "u32", prefix: "RISK_", cpp: "risk", rows: risks() },
        Table { ty: "cors_field_id", prefix: "FIELD_", cpp: "config_field", rows: fields() },
        Table { ty: "cors_kind", prefix: "KIND_", cpp: "kind", rows: kinds() },
        Table { ty: "cors_denial", prefix: "DENIAL_", cpp: "denial", rows: denials() },
        Table { ty: "cors_op", prefix: "OP_", cpp: "op", rows: ops() },
    ]
}

pub(crate) fn codes() -> Vec<Row> {
    let row = |code: Code| Row {
        message: code.message(),
        comment: code.documentation().to_owned(),
        ..Row::new(&code, code.number())
    };
    Code::ALL.map(row).into()
}

pub(crate) fn denials() -> Vec<Row> {
    let row = |denial: Denial| Row {
        name: denial.name(),
        message: denial.message(),
        comment: sentence(denial.message()),
        ..Row::new(&denial, denial.number())
    };
    Denial::ALL.map(row).into()
}

pub(crate) fn fields() -> Vec<Row> {
    let row = |field: ConfigField| Row {
        name: field.name(),
        comment: format!(" `{}`\n", field.name()),
        ..Row::new(&field, field.number())
    };
    ConfigField::ALL.map(row).into()
}

pub(crate) fn kinds() -> Vec<Row> {
    let row = |kind: Kind| Row {
        name: kind.name(),
        comment: kind.documentation().to_owned(),
        ..Row::new(&kind, kind.number())
    };
    Kind::ALL.map(row).into()
}

pub(crate) fn ops() -> Vec<Row> {
    let row = |op: FieldOp| Row {
        name: op.name(),
        comment: op.documentation().to_owned(),
        ..Row::new(&op, op.number())
    };
    FieldOp::ALL.map(row).into()
}

/// The risks. Their numbers in C are bits.
pub(crate) fn risks() -> Vec<Row> {
    let row = |risk: Risk| Row {
        name: risk.name(),
        comment: risk.documentation().to_owned(),
        ..Row::new(&risk, 1 << (risk.number() - 1))
    };
    Risk::ALL.map(row).into()
}

/// A message as a line of a comment.
fn sentence(message: &str) -> String {
    let mut characters = message.chars();
    let first = characters.next().map(|first| first.to_ascii_uppercase());
    format!(" {}{}.\n", first.into_iter().collect::<String>(), characters.as_str())
}
