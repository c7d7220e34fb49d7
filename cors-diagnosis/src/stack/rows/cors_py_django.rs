//! The stack `cors-py-django`.

use super::django;
use crate::stack::row::{Row, Template};

pub(super) const ROW: Row = Row {
    name: "cors-py-django",
    other_names: &[],
    title: "Django, with cors-py",
    signs: &[],
    command: Some("pip install ./cors/cors-py  # where ./cors is a clone of this project; takes Rust"),
    parts: &[Template {
        text: django::lines!(
            r#"INSTALLED_APPS = [*INSTALLED_APPS, "cors_py.django"]
MIDDLEWARE = ["cors_py.django.CorsMiddleware", *MIDDLEWARE]
"#
        ),
        ..django::TEMPLATE
    }],
    ..django::ROW
};
