//! The stack `api-gateway`.

use crate::stack::row::{Layer, Row, Template, DOUBLE, NONE};
use crate::stack::signs::{likely, possible, sure};

pub(super) const ROW: Row = Row {
    name: "api-gateway",
    other_names: &["apigateway", "aws-api-gateway"],
    title: "Amazon API Gateway, HTTP API",
    layer: Layer::Service,
    is_run: false,
    signs: &[sure("apigw-requestid", ""), likely("x-amz-apigw-id", ""), likely("x-amzn-errortype", ""), possible("x-amzn-requestid", "")],
    command: Some("aws apigatewayv2 update-api --api-id ID --cors-configuration file://cors.json"),
    parts: &[
        Template {
            place: "cors.json",
            language: "json",
            list: DOUBLE,
            text: r#"{
  "AllowOrigins": [{{origins}}],
  "AllowMethods": [{{methods}}],
  "AllowHeaders": [{{headers}}],
  "ExposeHeaders": [{{exposed}}],
@credentials   "AllowCredentials": true,
@!credentials   "AllowCredentials": false,
  "MaxAge": {{max-age}}
}
"#,
        },
    ],
    notes: &["It answers preflights itself, and drops the CORS fields of the integration.", "A REST API has no such setting: there the integration sends the fields, and OPTIONS has a mock integration."],
    limits: NONE,
};
