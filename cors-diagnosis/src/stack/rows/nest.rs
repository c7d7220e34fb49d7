//! The stack `nest`.

use crate::stack::row::{Layer, Row, Template, NONE, SINGLE};

pub(super) const ROW: Row = Row {
    name: "nest",
    other_names: &["nestjs"],
    title: "NestJS",
    layer: Layer::Application,
    is_run: true,
    signs: &[],
    command: None,
    parts: &[
        Template {
            place: "main.ts, after NestFactory.create",
            language: "ts",
            list: SINGLE,
            text: "app.enableCors({
  origin: [{{origins}}],
  methods: [{{methods}}],
  allowedHeaders: [{{headers}}],
@exposed   exposedHeaders: [{{exposed}}],
@credentials   credentials: true,
  maxAge: {{max-age}},
});
",
        },
    ],
    notes: &[],
    limits: NONE,
};
