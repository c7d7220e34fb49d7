//! The stack `cors-py-django`.

use crate::stack::row::{Layer, Row, Template, DOUBLE, NONE};

pub(super) const ROW: Row = Row {
    name: "cors-py-django",
    other_names: &[],
    title: "Django, with cors-py",
    layer: Layer::Application,
    is_run: true,
    signs: &[],
    command: None,
    parts: &[
        Template {
            place: "settings.py, after INSTALLED_APPS and MIDDLEWARE",
            language: "python",
            list: DOUBLE,
            text: r#"INSTALLED_APPS = [*INSTALLED_APPS, "cors_py.django"]
MIDDLEWARE = ["cors_py.django.CorsMiddleware", *MIDDLEWARE]
CORS_ALLOWED_ORIGINS = [{{origins}}]
CORS_ALLOW_METHODS = [{{methods}}]
CORS_ALLOW_HEADERS = [{{headers}}]
@exposed CORS_EXPOSE_HEADERS = [{{exposed}}]
@credentials CORS_ALLOW_CREDENTIALS = True
CORS_PREFLIGHT_MAX_AGE = {{max-age}}
"#,
        },
    ],
    notes: &[],
    limits: NONE,
};
