//! The stack `nginx`.

use crate::stack::row::{Layer, Row, Template, DOUBLE, NONE};
use crate::stack::signs::sure;

pub(super) const ROW: Row = Row {
    name: "nginx",
    other_names: &[],
    title: "nginx",
    layer: Layer::Gateway,
    is_run: true,
    signs: &[sure("server", "nginx"), sure("server", "openresty")],
    command: Some("nginx -t"),
    parts: &[
        Template {
            place: "nginx.conf, in http { … }",
            language: "nginx",
            list: DOUBLE,
            text: r#"map $http_origin $cors_origin {
    default "";
@each-exact     "{{origin}}" "{{origin}}";
@each-pattern     "~^{{expression}}$" $http_origin;
}
map "$request_method $http_access_control_request_method" $cors_preflight {
    default "";
    "~^OPTIONS ." 1;
}
@credentials map $cors_origin $cors_credentials {
@credentials     default "true";
@credentials     "" "";
@credentials }
@exposed map $cors_origin $cors_exposed {
@exposed     default "{{field-exposed}}";
@exposed     "" "";
@exposed }
map "$cors_preflight$cors_origin" $cors_methods {
    default "";
    "~^1." "{{field-methods}}";
}
@headers map "$cors_preflight$cors_origin" $cors_headers {
@headers     default "";
@headers     "~^1." "{{field-headers}}";
@headers }
map "$cors_preflight$cors_origin" $cors_max_age {
    default "";
    "~^1." "{{max-age}}";
}
"#,
        },
        Template {
            place: "nginx.conf, in server { … }: a location with an add_header of its own inherits none of these, and needs them all again",
            language: "nginx",
            list: DOUBLE,
            text: "add_header Access-Control-Allow-Origin $cors_origin always;
@credentials add_header Access-Control-Allow-Credentials $cors_credentials always;
@exposed add_header Access-Control-Expose-Headers $cors_exposed always;
add_header Access-Control-Allow-Methods $cors_methods always;
@headers add_header Access-Control-Allow-Headers $cors_headers always;
add_header Access-Control-Max-Age $cors_max_age always;
add_header Vary Origin always;
proxy_hide_header Access-Control-Allow-Origin;
proxy_hide_header Access-Control-Allow-Credentials;
proxy_hide_header Access-Control-Expose-Headers;
if ($cors_preflight) {
    return 204;
}
",
        },
    ],
    notes: &[],
    limits: NONE,
};
