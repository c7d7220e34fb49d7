//! The stack `apache`.

use crate::stack::row::{Layer, Row, Template, DOUBLE, NONE};
use crate::stack::signs::{likely, sure};

pub(super) const ROW: Row = Row {
    name: "apache",
    other_names: &["httpd"],
    title: "Apache",
    layer: Layer::Gateway,
    is_run: true,
    signs: &[sure("server", "apache/"), likely("server", "apache")],
    command: Some("a2enmod headers rewrite setenvif"),
    parts: &[
        Template {
            place: "the virtual host",
            language: "apache",
            list: DOUBLE,
            text: r#"SetEnvIf Origin "^(?:{{origin-pattern}})$" CORS_ORIGIN=$0
Header unset Access-Control-Allow-Origin
Header unset Access-Control-Allow-Credentials
Header unset Access-Control-Expose-Headers
Header always set Access-Control-Allow-Origin "%{CORS_ORIGIN}e" env=CORS_ORIGIN
@credentials Header always set Access-Control-Allow-Credentials "true" env=CORS_ORIGIN
@exposed Header always set Access-Control-Expose-Headers "{{field-exposed}}" env=CORS_ORIGIN
Header always merge Vary "Origin"
RewriteEngine On
RewriteCond %{REQUEST_METHOD} =OPTIONS
RewriteCond %{HTTP:Access-Control-Request-Method} .
RewriteRule ^ - [E=CORS_PREFLIGHT:1,R=204,L]
Header always set Access-Control-Allow-Methods "{{field-methods}}" env=CORS_PREFLIGHT
@headers Header always set Access-Control-Allow-Headers "{{field-headers}}" env=CORS_PREFLIGHT
Header always set Access-Control-Max-Age "{{max-age}}" env=CORS_PREFLIGHT
"#,
        },
    ],
    notes: &["In .htaccess a preflight would be answered after authentication."],
    limits: NONE,
};
