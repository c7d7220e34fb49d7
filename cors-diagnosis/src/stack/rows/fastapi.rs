//! The stack `fastapi`.

use crate::stack::row::{Layer, Row, Template, DOUBLE, NONE};
use crate::stack::signs::{likely, possible};

/// Returns the lines: what imports the function, and what calls it, which is the same for whoever takes the same options.
macro_rules! lines {
    ($import:literal) => {
        concat!(
            $import,
            "

build_middleware_stack = app.build_middleware_stack
app.build_middleware_stack = lambda: CORSMiddleware(
    build_middleware_stack(),
    allow_origins=[{{origins}}],
    allow_methods=[{{methods}}],
    allow_headers=[{{headers}}],
@exposed     expose_headers=[{{exposed}}],
@credentials     allow_credentials=True,
    max_age={{max-age}},
)
"
        )
    };
}
pub(super) use lines;

pub(super) const TEMPLATE: Template = Template {
    place: "main.py, after app = FastAPI(…): around everything else, so that an unhandled exception's response has the fields, too",
    language: "python",
    list: DOUBLE,
    text: lines!("from starlette.middleware.cors import CORSMiddleware"),
};

pub(super) const ROW: Row = Row {
    name: "fastapi",
    other_names: &["starlette"],
    title: "FastAPI, Starlette",
    layer: Layer::Application,
    is_run: true,
    signs: &[likely("server", "uvicorn"), likely("server", "hypercorn"), possible("server", "gunicorn")],
    command: None,
    parts: &[TEMPLATE],
    notes: &[],
    limits: NONE,
};
