//! The stack `cors-engine-express`.

use crate::stack::row::{Layer, Row, Template, NONE, SINGLE};

pub(super) const ROW: Row = Row {
    name: "cors-engine-express",
    other_names: &[],
    title: "Express, with cors-engine",
    layer: Layer::Application,
    is_run: true,
    signs: &[],
    command: None,
    parts: &[
        Template {
            place: "server.js, before authentication and the routes",
            language: "js",
            list: SINGLE,
            text: "import cors from 'cors-engine';

app.use(cors({
  origin: [{{origins}}],
  methods: [{{methods}}],
  allowedHeaders: [{{headers}}],
@exposed   exposedHeaders: [{{exposed}}],
@credentials   credentials: true,
  maxAge: {{max-age}},
}));
",
        },
    ],
    notes: &[],
    limits: NONE,
};
