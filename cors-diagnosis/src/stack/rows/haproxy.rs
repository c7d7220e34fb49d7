//! The stack `haproxy`.

use crate::stack::row::{Layer, Row, Template, NONE, SPACES};

pub(super) const ROW: Row = Row {
    name: "haproxy",
    other_names: &[],
    title: "HAProxy",
    layer: Layer::Gateway,
    is_run: true,
    signs: &[],
    command: Some("haproxy -c -f haproxy.cfg"),
    parts: &[
        Template {
            place: "haproxy.cfg, in the frontend, before authentication",
            language: "haproxy",
            list: SPACES,
            text: r#"@each-exact http-request set-var(txn.cors_origin) str({{origin}}) if { req.fhdr(origin) -m str {{origin}} } { req.fhdr_cnt(origin) 1 }
@each-pattern http-request set-var(txn.cors_origin) req.fhdr(origin) if { req.fhdr(origin) -m reg '^{{expression}}$' } { req.fhdr_cnt(origin) 1 }
http-request set-var(txn.cors_preflight) bool(true) if METH_OPTIONS { req.hdr(access-control-request-method) -m found }
http-after-response del-header access-control-allow- -m beg
http-after-response del-header access-control-expose-headers
http-after-response set-header access-control-allow-origin %[var(txn.cors_origin)] if { var(txn.cors_origin) -m found }
@credentials http-after-response set-header access-control-allow-credentials true if { var(txn.cors_origin) -m found }
@exposed http-after-response set-header access-control-expose-headers "{{field-exposed}}" if { var(txn.cors_origin) -m found }
http-after-response set-header access-control-allow-methods "{{field-methods}}" if { var(txn.cors_preflight) -m bool }
@headers http-after-response set-header access-control-allow-headers "{{field-headers}}" if { var(txn.cors_preflight) -m bool }
http-after-response set-header access-control-max-age {{max-age}} if { var(txn.cors_preflight) -m bool }
http-after-response add-header vary origin
http-request return status 204 if { var(txn.cors_preflight) -m bool }
"#,
        },
    ],
    notes: &[],
    limits: NONE,
};
