//! The stack `hono`.

use crate::stack::row::{Layer, Row, Template, NONE, SINGLE};

/// Returns the lines: what imports the function, and what calls it, which is the same for whoever takes the same options.
macro_rules! lines {
    ($import:literal) => {
        concat!(
            $import,
            "

app.use('*', cors({
  origin: [{{origins}}],
  allowMethods: [{{methods}}],
@headers   allowHeaders: [{{headers}}],
@!headers   allowHeaders: ['Accept'], // An empty list would allow every header.
@exposed   exposeHeaders: [{{exposed}}],
@credentials   credentials: true,
  maxAge: {{max-age}},
}));
"
        )
    };
}
pub(super) use lines;

pub(super) const TEMPLATE: Template = Template {
    place: "the application, before all other middleware and the routes",
    language: "js",
    list: SINGLE,
    text: lines!("import { cors } from 'hono/cors';"),
};

pub(super) const ROW: Row = Row {
    name: "hono",
    other_names: &[],
    title: "Hono",
    layer: Layer::Application,
    is_run: true,
    signs: &[],
    command: None,
    parts: &[TEMPLATE],
    notes: &[],
    limits: NONE,
};
