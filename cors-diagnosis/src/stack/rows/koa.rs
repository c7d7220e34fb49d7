//! The stack `koa`.

use crate::stack::row::{Layer, Row, Template, NONE, SINGLE};
use crate::stack::signs::likely;

/// Returns the lines: what imports the function, and what calls it, which is the same for whoever takes the same options.
macro_rules! lines {
    ($import:literal) => {
        concat!(
            $import,
            "

const origins = [{{origins}}];
app.use(cors({
  origin: (ctx) => origins.includes(ctx.get('Origin')) ? ctx.get('Origin') : '',
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
    place: "server.js, before all other middleware",
    language: "js",
    list: SINGLE,
    text: lines!("const cors = require('@koa/cors');"),
};

pub(super) const ROW: Row = Row {
    name: "koa",
    other_names: &[],
    title: "Koa",
    layer: Layer::Application,
    is_run: true,
    signs: &[likely("set-cookie", "koa.sess"), likely("set-cookie", "koa:sess")],
    command: Some("npm install @koa/cors"),
    parts: &[TEMPLATE],
    notes: &[],
    limits: NONE,
};
