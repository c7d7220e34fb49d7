//! The stack `express`.

use crate::stack::row::{Layer, Row, Template, NONE, SINGLE};
use crate::stack::signs::{likely, sure};

pub(super) const ROW: Row = Row {
    name: "express",
    other_names: &[],
    title: "Express",
    layer: Layer::Application,
    is_run: true,
    signs: &[sure("x-powered-by", "express"), likely("set-cookie", "connect.sid")],
    command: Some("npm install cors"),
    parts: &[
        Template {
            place: "server.js, before authentication and the routes",
            language: "js",
            list: SINGLE,
            text: "const cors = require('cors');

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
