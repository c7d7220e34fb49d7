//! The stack `cloudflare-rules`.

use crate::stack::row::{Layer, Row, Template, NONE, SPACES};
use crate::stack::signs::possible;

pub(super) const ROW: Row = Row {
    name: "cloudflare-rules",
    other_names: &["cloudflare", "transform-rules", "cloudflare-transform-rules"],
    title: "Cloudflare Transform Rules",
    layer: Layer::Service,
    is_run: false,
    signs: &[possible("cf-ray", "")],
    command: None,
    parts: &[
        Template {
            place: "Rules, Transform Rules, Modify Response Header: one rule for each origin",
            language: "text",
            list: SPACES,
            text: r#"@each-origin When incoming requests match: any(http.request.headers["origin"][*] eq "{{origin}}")
@each-origin   Set static  Access-Control-Allow-Origin    {{origin}}
@each-origin @credentials   Set static  Access-Control-Allow-Credentials    true
@each-origin @exposed   Set static  Access-Control-Expose-Headers    {{field-exposed}}
@each-origin   Set static  Access-Control-Allow-Methods    {{field-methods}}
@each-origin @headers   Set static  Access-Control-Allow-Headers    {{field-headers}}
@each-origin   Set static  Access-Control-Max-Age    {{max-age}}
A rule for all incoming requests:
  Add static  Vary    Origin
"#,
        },
    ],
    notes: &["A rule cannot answer a preflight: the server behind has to answer OPTIONS with a status of 200 to 299. A Worker can."],
    limits: NONE,
};
