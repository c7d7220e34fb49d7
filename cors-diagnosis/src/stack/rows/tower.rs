//! The stack `tower`.

use crate::stack::row::{Layer, Row, Template, DOUBLE, NONE};

pub(super) const ROW: Row = Row {
    name: "tower",
    other_names: &["axum", "cors-tower"],
    title: "tower, axum, with cors-tower",
    layer: Layer::Application,
    is_run: true,
    signs: &[],
    command: None,
    parts: &[
        Template {
            place: "main.rs, after the router's other layers",
            language: "rust",
            list: DOUBLE,
            text: "let cors = cors_tower::CorsLayer::builder()
    .allow_origins([{{origins}}])
    .allow_methods([{{methods}}])
@headers     .allow_headers([{{headers}}])
@exposed     .expose_headers([{{exposed}}])
@credentials     .allow_credentials(true)
    .max_age(std::time::Duration::from_secs({{max-age}}))
    .build()?;
let router = router.layer(cors);
",
        },
    ],
    notes: &[],
    limits: NONE,
};
