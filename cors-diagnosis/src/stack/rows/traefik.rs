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
            text: r#"http:
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
        customResponseHeaders: # The application's own fields give way.
          Access-Control-Allow-Origin: ""
          Access-Control-Allow-Credentials: ""
          Access-Control-Expose-Headers: ""
"#,
        },
    ],
    notes: &[],
    limits: NONE,
};
