//! The stack `cors-engine-hono`.

use super::hono;
use crate::stack::row::{Row, Template};

pub(super) const ROW: Row = Row {
    name: "cors-engine-hono",
    other_names: &[],
    title: "Hono, with cors-engine",
    signs: &[],
    command: Some("./cors/cors-js/build && npm install ./cors/cors-js  # where ./cors is a clone of this project; takes Rust"),
    parts: &[Template { text: hono::lines!("import { cors } from 'cors-engine/hono';"), ..hono::TEMPLATE }],
    ..hono::ROW
};
