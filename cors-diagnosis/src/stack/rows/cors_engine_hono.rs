//! The stack `cors-engine-hono`.

use crate::stack::row::{Layer, Row, Template, NONE, SINGLE};

pub(super) const ROW: Row = Row {
    name: "cors-engine-hono",
    other_names: &[],
    title: "Hono, with cors-engine",
    layer: Layer::Application,
    is_run: true,
    signs: &[],
    command: None,
    parts: &[
        Template {
            place: "the application, before all other middleware and the routes",
            language: "js",
            list: SINGLE,
            text: "import { cors } from 'cors-engine/hono';

app.use('*', cors({
  origin: [{{origins}}],
  allowMethods: [{{methods}}],
@headers   allowHeaders: [{{headers}}],
@!headers   allowHeaders: ['Accept'], // An empty list would allow every header.
@exposed   exposeHeaders: [{{exposed}}],
@credentials   credentials: true,
  maxAge: {{max-age}},
}));
",
        },
    ],
    notes: &[],
    limits: NONE,
};
