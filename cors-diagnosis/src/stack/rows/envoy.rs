//! The stack `envoy`.

use crate::stack::row::{Layer, Row, Template, DOUBLE, NONE};
use crate::stack::signs::{likely, sure};

pub(super) const ROW: Row = Row {
    name: "envoy",
    other_names: &["istio"],
    title: "Envoy",
    layer: Layer::Gateway,
    is_run: true,
    signs: &[sure("server", "envoy"), likely("x-envoy-*", "")],
    command: Some("envoy --mode validate -c envoy.yaml"),
    parts: &[
        Template {
            place: "envoy.yaml, first in http_filters",
            language: "yaml",
            list: DOUBLE,
            text: r#"- name: envoy.filters.http.cors
  typed_config:
    "@type": type.googleapis.com/envoy.extensions.filters.http.cors.v3.Cors
"#,
        },
        Template {
            place: "envoy.yaml, in the virtual host",
            language: "yaml",
            list: DOUBLE,
            text: r#"typed_per_filter_config:
  envoy.filters.http.cors:
    "@type": type.googleapis.com/envoy.extensions.filters.http.cors.v3.CorsPolicy
    allow_origin_string_match:
@each-origin     - exact: "{{origin}}"
    allow_methods: "{{field-methods}}"
@headers     allow_headers: "{{field-headers}}"
@exposed     expose_headers: "{{field-exposed}}"
@credentials     allow_credentials: true
    max_age: "{{max-age}}"
    forward_not_matching_preflights: false
response_headers_to_add:
- header: { key: vary, value: origin }
  append_action: APPEND_IF_EXISTS_OR_ADD
response_headers_to_remove: # The application's own fields give way.
- access-control-allow-origin
- access-control-allow-credentials
- access-control-expose-headers
"#,
        },
    ],
    notes: &[],
    limits: NONE,
};
