//! The stack `cors-engine-fastify`.

use super::fastify;
use crate::stack::row::{Row, Template};

pub(super) const ROW: Row = Row {
    name: "cors-engine-fastify",
    other_names: &[],
    title: "Fastify, with cors-engine",
    signs: &[],
    command: Some("./cors/cors-js/build && npm install ./cors/cors-js  # where ./cors is a clone of this project; takes Rust"),
    parts: &[Template { text: fastify::lines!("import cors from 'cors-engine/fastify';"), ..fastify::TEMPLATE }],
    ..fastify::ROW
};
