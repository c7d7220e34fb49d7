//! The stack `cors-engine-fastify`.

use crate::stack::row::{Layer, Row, Template, NONE, SINGLE};

pub(super) const ROW: Row = Row {
    name: "cors-engine-fastify",
    other_names: &[],
    title: "Fastify, with cors-engine",
    layer: Layer::Application,
    is_run: true,
    signs: &[],
    command: None,
    parts: &[
        Template {
            place: "server.mjs, before other plugins, hooks and routes: with await, without which hooks that follow come first",
            language: "js",
            list: SINGLE,
            text: "import cors from 'cors-engine/fastify';

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
