//! The stack `flask`.

use crate::stack::row::{Layer, Row, Template, DOUBLE, NONE};
use crate::stack::signs::{likely, possible};

pub(super) const ROW: Row = Row {
    name: "flask",
    other_names: &["flask-cors"],
    title: "Flask",
    layer: Layer::Application,
    is_run: true,
    signs: &[likely("server", "werkzeug"), possible("server", "gunicorn")],
    command: Some("pip install flask-cors"),
    parts: &[
        Template {
            place: "app.py, after app = Flask(…)",
            language: "python",
            list: DOUBLE,
            text: "from flask_cors import CORS

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
    notes: &["Authentication in before_request has to let OPTIONS pass: a preflight carries no cookies and no Authorization."],
    limits: NONE,
};
