"""The Django middleware and django-cors-headers's, around one view, without a server: under WSGI, then under ASGI."""

from __future__ import annotations

import functools
import io
from collections.abc import Callable
from typing import Any

import cases
import django
from django.conf import settings
from django.core.handlers.asgi import ASGIRequest
from django.core.handlers.wsgi import WSGIRequest
from django.core.signals import setting_changed
from django.http import HttpRequest, HttpResponse
from django.test import AsyncRequestFactory, RequestFactory
from measure import Call, report

settings.configure(ALLOWED_HOSTS=["*"], SECRET_KEY="bench")
django.setup()

import cors_py.django  # noqa: E402
import corsheaders.middleware  # noqa: E402


def view(request: HttpRequest) -> HttpResponse:
    return HttpResponse(b"{}", content_type="application/json", headers={"etag": '"1"'})


async def async_view(request: HttpRequest) -> HttpResponse:
    return view(request)


async def nothing(request: HttpRequest) -> None:
    pass


def call(app: Callable[[HttpRequest], Any], method: str, headers: dict[str, str]) -> Call:
    """Answers one request, which is made anew as a server makes it."""
    environ = RequestFactory().generic(method, "/orders/7", headers=headers).environ
    return lambda: app(WSGIRequest(environ))


def async_call(app: Callable[[HttpRequest], Any], method: str, headers: dict[str, str]) -> Call:
    """Answers one request under ASGI. Nothing waits, so that a single step runs the coroutine to its end."""
    scope = AsyncRequestFactory().generic(method, "/orders/7", headers=headers).scope
    body = io.BytesIO()

    def run() -> None:
        try:
            app(ASGIRequest(scope, body)).send(None)
        except StopIteration:
            return
        raise AssertionError("something waits")

    return run


def made(is_async: bool, count: int, case: str) -> tuple[Call, dict[str, Call]]:
    around, to_call = (async_view, async_call) if is_async else (view, call)
    apps = {
        "cors_py": cors_py.django.CorsMiddleware(around),
        "django-cors-headers": corsheaders.middleware.CorsMiddleware(around),
    }
    method, headers = cases.requests(count)[case]
    # The middleware answers a preflight alone: the view is not called, and only the request's cost is subtracted.
    empty = nothing if is_async else lambda _: None
    bare = to_call(empty if case == "preflight" else around, method, headers)
    return bare, {name: to_call(app, method, headers) for name, app in apps.items()}


def made_with_settings(is_async: bool, count: int, case: str) -> tuple[Call, dict[str, Call]]:
    policy = cases.settings(count)
    settings.CORS_ALLOWED_ORIGINS = policy["allow_origins"]
    settings.CORS_ALLOW_METHODS = policy["allow_methods"]
    settings.CORS_ALLOW_HEADERS = policy["allow_headers"]
    settings.CORS_ALLOW_CREDENTIALS = policy["allow_credentials"]
    settings.CORS_PREFLIGHT_MAX_AGE = policy["max_age"]
    setting_changed.send(sender=None, setting="CORS_ALLOWED_ORIGINS", value=None, enter=True)
    return made(is_async, count, case)


if __name__ == "__main__":
    for title, is_async in [("Django, WSGI", False), ("Django, ASGI", True)]:
        rows = cases.measured(functools.partial(made_with_settings, is_async))
        report(title, "cors_py", rows, "django-cors-headers")
