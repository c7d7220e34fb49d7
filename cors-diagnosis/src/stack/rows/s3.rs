//! The stack `s3`.

use crate::stack::row::{Layer, Limits, Row, Template, DOUBLE, NONE};
use crate::stack::signs::sure;

pub(super) const ROW: Row = Row {
    name: "s3",
    other_names: &["aws-s3", "amazon-s3"],
    title: "Amazon S3",
    layer: Layer::Service,
    is_run: false,
    signs: &[sure("server", "amazons3"), sure("x-amz-id-2", "")],
    command: Some("aws s3api put-bucket-cors --bucket NAME --cors-configuration file://cors.json"),
    parts: &[
        Template {
            place: "cors.json",
            language: "json",
            list: DOUBLE,
            text: r#"{
  "CORSRules": [
    {
      "AllowedOrigins": [{{origins}}],
      "AllowedMethods": [{{methods}}],
      "AllowedHeaders": [{{headers}}],
      "ExposeHeaders": [{{exposed}}],
      "MaxAgeSeconds": {{max-age}}
    }
  ]
}
"#,
        },
    ],
    notes: &["S3 sends the fields, and Vary, only where a rule matches: a cache in front of it needs Origin in its key.", "S3 sends Access-Control-Allow-Credentials to every origin that is listed."],
    limits: Limits { methods: Some(&["GET", "HEAD", "POST", "PUT", "DELETE"]), ..NONE },
};
