//! The stack `cors-engine-koa`.

use crate::stack::row::{Layer, Row, Template, NONE, SINGLE};

pub(super) const ROW: Row = Row {
    name: "cors-engine-koa",
    other_names: &[],
    title: "Koa, with cors-engine",
    layer: Layer::Application,
    is_run: true,
    signs: &[],
    command: None,
    parts: &[
        Template {
            place: "server.js, before all other middleware",
            language: "js",
            list: SINGLE,
            text: "import cors from 'cors-engine/koa';

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
