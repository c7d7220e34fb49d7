//! The stack `fastify`.

use crate::stack::row::{Layer, Row, Template, NONE, SINGLE};

/// Returns the lines: what imports the function, and what calls it, which is the same for whoever takes the same options.
macro_rules! lines {
    ($import:literal) => {
        concat!(
            $import,
            "

await app.register(cors, {
  origin: [{{origins}}],
  methods: [{{methods}}],
  allowedHeaders: [{{headers}}],
@exposed   exposedHeaders: [{{exposed}}],
@credentials   credentials: true,
  maxAge: {{max-age}},
});
"
        )
    };
}
pub(super) use lines;

pub(super) const TEMPLATE: Template = Template {
    place: "server.mjs, before other plugins, hooks and routes: with await, without which hooks that follow come first",
    language: "js",
    list: SINGLE,
    text: lines!("import cors from '@fastify/cors';"),
};

pub(super) const ROW: Row = Row {
    name: "fastify",
    other_names: &[],
    title: "Fastify",
    layer: Layer::Application,
    is_run: true,
    signs: &[],
    command: Some("npm install @fastify/cors"),
    parts: &[TEMPLATE],
    notes: &[],
    limits: NONE,
};
