"""The Django middleware beside django-cors-headers's, around one view, without a server: the middleware alone, then in a
whole project."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import cases
import django
from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory, override_settings
from measure import Overhead, overheads, report

settings.configure(ALLOWED_HOSTS=["*"], SECRET_KEY="bench")
django.setup()

import cors_py.django  # noqa: E402
import corsheaders.middleware  # noqa: E402


def view(request: HttpRequest) -> HttpResponse:
    return HttpResponse(b"{}", content_type="application/json", headers={"etag": '"1"'})


def call(app: Callable[[HttpRequest], Any], method: str, headers: dict[str, str]) -> Callable[[], None]:
    """Answers one request, which is made anew as a server's would be."""
    environ = RequestFactory().generic(method, "/orders/7", headers=headers).environ

    def run() -> None:
        app(WSGIRequest(environ))

    return run


def main() -> None:
    rows: dict[str, dict[str, Overhead]] = {}
    for count in cases.COUNTS:
        policy = cases.settings(count)
        with override_settings(
            CORS_ALLOWED_ORIGINS=policy["allow_origins"],
            CORS_ALLOW_METHODS=policy["allow_methods"],
            CORS_ALLOW_HEADERS=policy["allow_headers"],
            CORS_ALLOW_CREDENTIALS=policy["allow_credentials"],
            CORS_PREFLIGHT_MAX_AGE=policy["max_age"],
        ):
            apps = {
                "cors_py": cors_py.django.CorsMiddleware(view),
                "django-cors-headers": corsheaders.middleware.CorsMiddleware(view),
            }
            for case, (method, headers) in cases.requests(count).items():
                variants = {name: call(app, method, headers) for name, app in apps.items()}
                # A preflight is the middleware's alone: the view is not asked, and only the request is to subtract.
                bare = call((lambda _: None) if case == "preflight" else view, method, headers)
                rows[f"{case}, {count:,} origins"] = overheads(bare, variants)
    report("Django", "cors_py", "django-cors-headers", rows)


if __name__ == "__main__":
    main()
