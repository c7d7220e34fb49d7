//! The stack `django`.

use crate::stack::row::{Layer, Row, Template, DOUBLE, NONE};
use crate::stack::signs::{likely, possible, sure};

/// Returns the lines: what installs the middleware, and its settings, which are the same for whoever takes the same names.
macro_rules! lines {
    ($install:literal) => {
        concat!(
            $install,
            r#"CORS_ALLOWED_ORIGINS = [{{origins}}]
CORS_ALLOW_METHODS = [{{methods}}]
CORS_ALLOW_HEADERS = [{{headers}}]
@exposed CORS_EXPOSE_HEADERS = [{{exposed}}]
@credentials CORS_ALLOW_CREDENTIALS = True
CORS_PREFLIGHT_MAX_AGE = {{max-age}}
"#
        )
    };
}
pub(super) use lines;

pub(super) const TEMPLATE: Template = Template {
    place: "settings.py, after INSTALLED_APPS and MIDDLEWARE",
    language: "python",
    list: DOUBLE,
    text: lines!(
        r#"INSTALLED_APPS = [*INSTALLED_APPS, "corsheaders"]
MIDDLEWARE = ["corsheaders.middleware.CorsMiddleware", *MIDDLEWARE]
"#
    ),
};

pub(super) const ROW: Row = Row {
    name: "django",
    other_names: &["django-cors-headers"],
    title: "Django",
    layer: Layer::Application,
    is_run: true,
    signs: &[sure("server", "wsgiserver"), likely("set-cookie", "csrftoken"), likely("server", "daphne"), possible("server", "gunicorn")],
    command: Some("pip install django-cors-headers"),
    parts: &[TEMPLATE],
    notes: &[],
    limits: NONE,
};
