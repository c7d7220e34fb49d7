//! What Python sees: members of enums, literal types and keyword arguments.

use cors_core::ConfigField;
use cors_core::browser::Engine;

use crate::rows::{self, Row};
use crate::{Result, block};

/// Makes the members of the enums of `_names.py`.
pub(crate) fn names(written: &str) -> Result<String> {
    let member = |row: Row| format!("{} = \"{}\"", row.shouty(), row.name);
    let text =
        block::replace(written, "Denial", &rows::denials().into_iter().map(member).collect::<Vec<_>>())?;
    block::replace(&text, "Risk", &rows::risks().into_iter().map(member).collect::<Vec<_>>())
}

/// Makes the literal types, the keyword arguments and the properties of `_native.pyi`.
pub(crate) fn stubs(written: &str) -> Result<String> {
    let names = |rows: Vec<Row>| rows.iter().map(|row| row.name).collect();
    let literals = [
        ("_Kind", names(rows::kinds())),
        ("_FieldOp", names(rows::ops())),
        ("_Engine", Engine::ALL.into_iter().map(Engine::name).collect::<Vec<_>>()),
    ];
    let literals = literals.map(|(name, values)| {
        let values: Vec<_> = values.into_iter().map(|value| format!("\"{value}\"")).collect();
        format!("{name}: TypeAlias = Literal[{}]", values.join(", "))
    });
    let arguments = ConfigField::ALL.map(|field| {
        let ty = Hints::of(field);
        format!("{field}: {} = {},", ty.argument, ty.default)
    });
    let properties = ConfigField::ALL.iter().flat_map(|&field| {
        ["@property".to_owned(), format!("def {field}(self) -> {}: ...", Hints::of(field).property)]
    });
    let text = block::replace(written, "literals", &literals)?;
    let text = block::replace(&text, "arguments", &arguments)?;
    let text = block::replace(&text, "arguments-of-check", &arguments)?;
    block::replace(&text, "properties", &properties.collect::<Vec<_>>())
}

/// Makes the members of `Settings` in `_settings.py`.
pub(crate) fn settings(written: &str) -> Result<String> {
    let members = ConfigField::ALL.map(|field| format!("{field}: {}", Hints::of(field).argument));
    block::replace(written, "Settings", &members)
}

/// A field's types and its default.
struct Hints {
    argument: &'static str,
    default: &'static str,
    property: &'static str,
}

impl Hints {
    fn of(field: ConfigField) -> Hints {
        let (argument, default, property) = match field {
            ConfigField::AllowOrigins
            | ConfigField::AllowMethods
            | ConfigField::AllowHeaders
            | ConfigField::ExposeHeaders => ("Iterable[str]", "()", "tuple[str, ...]"),
            ConfigField::AcceptRisks => ("Iterable[Risk | str]", "()", "tuple[Risk, ...]"),
            ConfigField::MaxAge => ("int | None", "None", "int | None"),
            ConfigField::PreflightStatus => ("int", "204", "int"),
            _ => ("bool", "False", "bool"),
        };
        Hints { argument, default, property }
    }
}
