//! The stack `cors-py-fastapi`.

use crate::stack::row::{Layer, Row, Template, DOUBLE, NONE};

pub(super) const ROW: Row = Row {
    name: "cors-py-fastapi",
    other_names: &["cors-py-starlette", "cors-py-asgi"],
    title: "FastAPI, Starlette, with cors-py",
    layer: Layer::Application,
    is_run: true,
    signs: &[],
    command: None,
    parts: &[
        Template {
            place: "main.py, the last line: around the application",
            language: "python",
            list: DOUBLE,
            text: "from cors_py.asgi import CORSMiddleware

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
