//! The stack `koa`.

use crate::stack::row::{Layer, Row, Template, NONE, SINGLE};
use crate::stack::signs::likely;

pub(super) const ROW: Row = Row {
    name: "koa",
    other_names: &[],
    title: "Koa",
    layer: Layer::Application,
    is_run: true,
    signs: &[likely("set-cookie", "koa.sess"), likely("set-cookie", "koa:sess")],
    command: Some("npm install @koa/cors"),
    parts: &[
        Template {
            place: "server.js, before all other middleware",
            language: "js",
            list: SINGLE,
            text: "const cors = require('@koa/cors');

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
",
        },
    ],
    notes: &[],
    limits: NONE,
};
