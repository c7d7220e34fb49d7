//! The stack `cors-py-fastapi`.

use super::fastapi;
use crate::stack::row::{Row, Template};

pub(super) const ROW: Row = Row {
    name: "cors-py-fastapi",
    other_names: &["cors-py-starlette", "cors-py-asgi"],
    title: "FastAPI, Starlette, with cors-py",
    signs: &[],
    command: Some("pip install ./cors/cors-py  # where ./cors is a clone of this project; takes Rust"),
    parts: &[Template { place: "main.py, after app = FastAPI(…): around everything else", text: fastapi::lines!("from cors_py.asgi import CORSMiddleware"), ..fastapi::TEMPLATE }],
    ..fastapi::ROW
};
