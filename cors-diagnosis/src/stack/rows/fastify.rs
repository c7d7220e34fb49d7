//! The stack `fastify`.

use crate::stack::row::{Layer, Row, Template, NONE, SINGLE};

pub(super) const ROW: Row = Row {
    name: "fastify",
    other_names: &[],
    title: "Fastify",
    layer: Layer::Application,
    is_run: true,
    signs: &[],
    command: Some("npm install @fastify/cors"),
    parts: &[
        Template {
            place: "server.mjs, before other plugins, hooks and routes: with await, without which hooks that follow come first",
            language: "js",
            list: SINGLE,
            text: "import cors from '@fastify/cors';

await app.register(cors, {
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
