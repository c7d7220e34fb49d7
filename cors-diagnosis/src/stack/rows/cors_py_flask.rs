//! The stack `cors-py-flask`.

use crate::stack::row::{Layer, Row, Template, DOUBLE, NONE};

pub(super) const ROW: Row = Row {
    name: "cors-py-flask",
    other_names: &[],
    title: "Flask, with cors-py",
    layer: Layer::Application,
    is_run: true,
    signs: &[],
    command: Some("pip install ./cors/cors-py  # where ./cors is a clone of this project; takes Rust"),
    parts: &[
        Template {
            place: "app.py, after app = Flask(…)",
            language: "python",
            list: DOUBLE,
            text: "from cors_py.flask import CORS

CORS(
    app,
    origins=[{{origins}}],
    methods=[{{methods}}],
    allow_headers=[{{headers}}],
@exposed     expose_headers=[{{exposed}}],
@credentials     supports_credentials=True,
    max_age={{max-age}},
)
",
        },
    ],
    notes: &[],
    limits: NONE,
};
