//! The stack `fastapi`.

use crate::stack::row::{Layer, Row, Template, DOUBLE, NONE};
use crate::stack::signs::{likely, possible};

pub(super) const ROW: Row = Row {
    name: "fastapi",
    other_names: &["starlette"],
    title: "FastAPI, Starlette",
    layer: Layer::Application,
    is_run: true,
    signs: &[likely("server", "uvicorn"), likely("server", "hypercorn"), possible("server", "gunicorn")],
    command: None,
    parts: &[
        Template {
            place: "main.py, the last line: around the application, so that an unhandled exception's response has the fields, too",
            language: "python",
            list: DOUBLE,
            text: "from starlette.middleware.cors import CORSMiddleware

app = CORSMiddleware(
    app,
    allow_origins=[{{origins}}],
    allow_methods=[{{methods}}],
    allow_headers=[{{headers}}],
@exposed     expose_headers=[{{exposed}}],
@credentials     allow_credentials=True,
    max_age={{max-age}},
)
",
        },
    ],
    notes: &[],
    limits: NONE,
};
