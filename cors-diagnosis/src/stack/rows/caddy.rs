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
@!patterns @each-origin     header Origin {{origin}}
@patterns     header_regexp Origin `^(?:{{origin-pattern}})$`
}
@preflight {
    method OPTIONS
    header Access-Control-Request-Method *
}
header +Vary Origin
header @cors {
    Access-Control-Allow-Origin {header.Origin}
@credentials     Access-Control-Allow-Credentials true
@exposed     Access-Control-Expose-Headers "{{field-exposed}}"
}
handle @preflight {
    header @cors {
        Access-Control-Allow-Methods "{{field-methods}}"
@headers         Access-Control-Allow-Headers "{{field-headers}}"
        Access-Control-Max-Age {{max-age}}
    }
    respond 204
}
# basic_auth and forward_auth belong into a handle { … } below: elsewhere Caddy runs them before this one.
"#,
        },
        Template {
            place: "Caddyfile, in each reverse_proxy, so that the application's own fields give way",
            language: "caddyfile",
            list: SPACES,
            text: "header_down -Access-Control-*
",
        },
    ],
    notes: &[],
    limits: NONE,
};
