//! The stack `nginx-module`.

use crate::stack::row::{Layer, Row, Template, NONE, SPACES};

pub(super) const ROW: Row = Row {
    name: "nginx-module",
    other_names: &[],
    title: "nginx, with this project's module",
    layer: Layer::Gateway,
    is_run: true,
    signs: &[],
    command: Some("nginx -t"),
    parts: &[
        Template {
            place: "nginx.conf, in server { … } or location { … }",
            language: "nginx",
            list: SPACES,
            text: "cors on;
cors_allow_origins {{origins}};
cors_allow_methods {{methods}};
@headers cors_allow_headers {{headers}};
@exposed cors_expose_headers {{exposed}};
@credentials cors_allow_credentials on;
cors_max_age {{max-age}}s;
",
        },
    ],
    notes: &[],
    limits: NONE,
};
