//! The stack `caddy`.

use crate::stack::row::{Layer, Row, Template, NONE, SPACES};
use crate::stack::signs::sure;

pub(super) const ROW: Row = Row {
    name: "caddy",
    other_names: &[],
    title: "Caddy",
    layer: Layer::Gateway,
    is_run: true,
    signs: &[sure("server", "caddy"), sure("via", "caddy")],
    command: Some("caddy validate"),
    parts: &[
        Template {
            place: "Caddyfile, in the site's block",
            language: "caddyfile",
            list: SPACES,
            text: r#"@cors {
@each-origin     header Origin {{origin}}
}
@preflight {
    method OPTIONS
    header Access-Control-Request-Method *
}
header {
    -Access-Control-Allow-Origin
    -Access-Control-Allow-Credentials
    -Access-Control-Expose-Headers
    +Vary Origin
    defer
}
header @cors {
    Access-Control-Allow-Origin {header.Origin}
@credentials     Access-Control-Allow-Credentials true
@exposed     Access-Control-Expose-Headers "{{field-exposed}}"
    defer
}
handle @preflight {
    header @cors {
        Access-Control-Allow-Methods "{{field-methods}}"
@headers         Access-Control-Allow-Headers "{{field-headers}}"
        Access-Control-Max-Age {{max-age}}
    }
    respond 204
}
handle {
    # What the block had until now, authentication among it, belongs here.
}
"#,
        },
    ],
    notes: &[],
    limits: NONE,
};
