//! The stack `cors-engine-koa`.

use super::koa;
use crate::stack::row::{Row, Template};

pub(super) const ROW: Row = Row {
    name: "cors-engine-koa",
    other_names: &[],
    title: "Koa, with cors-engine",
    signs: &[],
    command: Some("./cors/cors-js/build && npm install ./cors/cors-js  # where ./cors is a clone of this project; takes Rust"),
    parts: &[Template { text: koa::lines!("import cors from 'cors-engine/koa';"), ..koa::TEMPLATE }],
    ..koa::ROW
};
