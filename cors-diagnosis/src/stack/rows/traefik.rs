//! The stack `traefik`.

use crate::stack::row::{Layer, Row, Template, DOUBLE, NONE};

pub(super) const ROW: Row = Row {
    name: "traefik",
    other_names: &[],
    title: "Traefik",
    layer: Layer::Gateway,
    is_run: true,
    signs: &[],
    command: None,
    parts: &[
        Template {
            place: "dynamic configuration; the router has `middlewares: [cors]`, before those that authenticate",
            language: "yaml",
            list: DOUBLE,
            text: "http:
  middlewares:
    cors:
      headers:
        accessControlAllowOriginList: [{{origins}}]
        accessControlAllowMethods: [{{methods}}]
@headers         accessControlAllowHeaders: [{{headers}}]
@exposed         accessControlExposeHeaders: [{{exposed}}]
@credentials         accessControlAllowCredentials: true
        accessControlMaxAge: {{max-age}}
        addVaryHeader: true
",
        },
    ],
    notes: &["Take the application's own CORS fields away: for other origins Traefik passes them on."],
    limits: NONE,
};
