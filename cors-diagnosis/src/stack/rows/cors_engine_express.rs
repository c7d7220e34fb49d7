//! The stack `cors-engine-express`.

use super::express;
use crate::stack::row::{Row, Template};

pub(super) const ROW: Row = Row {
    name: "cors-engine-express",
    other_names: &[],
    title: "Express, with cors-engine",
    signs: &[],
    command: Some("./cors/cors-js/build && npm install ./cors/cors-js  # where ./cors is a clone of this project; takes Rust"),
    parts: &[Template { text: express::lines!("import cors from 'cors-engine';"), ..express::TEMPLATE }],
    ..express::ROW
};
