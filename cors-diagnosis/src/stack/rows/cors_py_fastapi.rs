//! The stack `cors-py-fastapi`.

use super::fastapi;
use crate::stack::row::{Row, Template};

pub(super) const ROW: Row = Row {
    name: "cors-py-fastapi",
    other_names: &["cors-py-starlette", "cors-py-asgi"],
    title: "FastAPI, Starlette, with cors-py",
    signs: &[],
    command: None,
    parts: &[Template { place: "main.py, the last line: around the application", text: fastapi::lines!("from cors_py.asgi import CORSMiddleware"), ..fastapi::TEMPLATE }],
    ..fastapi::ROW
};
