"""The application in Django."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import django
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed, StreamingHttpResponse
from django.urls import path
from routes import ROUTES, Route, answer, pieces


def application(options: dict[str, Any], **installed: list[str]) -> WSGIHandler:
    """Returns the application with settings that a subject adds."""
    settings.configure(
        ALLOWED_HOSTS=["*"],
        SECRET_KEY="conformance",
        ROOT_URLCONF="on_django",
        LOGGING_CONFIG=None,
        APPEND_SLASH=False,
        **options,
        **installed,
    )
    django.setup()
    return get_wsgi_application()


def _view(route: Route) -> Callable[[HttpRequest], HttpResponseBase]:
    def view(request: HttpRequest) -> HttpResponseBase:
        if request.method not in [*route.methods, "HEAD"]:
            return HttpResponseNotAllowed(route.methods)
        if route.kind == "stream":
            return StreamingHttpResponse(pieces())
        status, fields, body = answer(route, request.headers.get("Accept-Encoding", ""))
        return HttpResponse(body, status=status, headers=dict(fields))

    return view


urlpatterns = [path(route.path[1:], _view(route)) for route in ROUTES]
