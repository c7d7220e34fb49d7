//! The stack `flask`.

use crate::stack::row::{Layer, Limits, Row, Template, DOUBLE, NONE};
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
            place: "app.py, after app = Flask(…), before authentication",
            language: "python",
            list: DOUBLE,
            text: r#"from flask import request
from flask_cors import CORS


@app.before_request
def answer_preflights():
    if request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers:
        return "", 204


@app.after_request
def vary_by_origin(response):
    response.vary.add("Origin")
    return response


CORS(
    app,
    origins=[{{origins}}],
    methods=[{{methods}}],
    allow_headers=[{{headers}}],
@exposed     expose_headers=[{{exposed}}],
@credentials     supports_credentials=True,
    max_age={{max-age}},
)
"#,
        },
    ],
    notes: &[],
    limits: Limits { ipv6: false, ..NONE },
};
