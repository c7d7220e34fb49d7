//! The stack `express`.

use crate::stack::row::{Layer, Row, Template, NONE, SINGLE};
use crate::stack::signs::{likely, sure};

/// Returns the lines: what imports the function, and what calls it, which is the same for whoever takes the same options.
macro_rules! lines {
    ($import:literal) => {
        concat!(
            $import,
            "

app.use(cors({
  origin: [{{origins}}],
  methods: [{{methods}}],
  allowedHeaders: [{{headers}}],
@exposed   exposedHeaders: [{{exposed}}],
@credentials   credentials: true,
  maxAge: {{max-age}},
}));
"
        )
    };
}
pub(super) use lines;

pub(super) const TEMPLATE: Template = Template {
    place: "server.js, before authentication and the routes",
    language: "js",
    list: SINGLE,
    text: lines!("const cors = require('cors');"),
};

pub(super) const ROW: Row = Row {
    name: "express",
    other_names: &[],
    title: "Express",
    layer: Layer::Application,
    is_run: true,
    signs: &[sure("x-powered-by", "express"), likely("set-cookie", "connect.sid")],
    command: Some("npm install cors"),
    parts: &[TEMPLATE],
    notes: &[],
    limits: NONE,
};
