//! The stack `gcs`.

use crate::stack::row::{Layer, Limits, Row, Template, DOUBLE, NONE};
use crate::stack::signs::sure;

pub(super) const ROW: Row = Row {
    name: "gcs",
    other_names: &["google-cloud-storage"],
    title: "Google Cloud Storage",
    layer: Layer::Service,
    is_run: false,
    signs: &[sure("server", "uploadserver"), sure("x-guploader-uploadid", ""), sure("x-goog-*", "")],
    command: Some("gcloud storage buckets update gs://NAME --cors-file=cors.json"),
    parts: &[
        Template {
            place: "cors.json",
            language: "json",
            list: DOUBLE,
            text: r#"[
  {
    "origin": [{{origins}}],
    "method": [{{methods}}],
    "responseHeader": [{{all-headers}}],
    "maxAgeSeconds": {{max-age}}
  }
]
"#,
        },
    ],
    notes: &["responseHeader is one list for what pages set and for what they read."],
    limits: Limits { credentials: false, ..NONE },
};
