"""The application in Django, for settings that a subject adds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed, StreamingHttpResponse
from django.urls import path
from routes import ROUTES, Route, answer, pieces

SETTINGS: dict[str, Any] = {
    "ALLOWED_HOSTS": ["*"],
    "SECRET_KEY": "conformance",
    "ROOT_URLCONF": "on_django",
    "LOGGING_CONFIG": None,
    "APPEND_SLASH": False,
}


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
