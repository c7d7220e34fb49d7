"""The application for WSGI, without a framework."""

from __future__ import annotations

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from routes import ROUTES, answer, pieces

_BY_PATH = {route.path: route for route in ROUTES}


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    method = environ["REQUEST_METHOD"]
    route = _BY_PATH.get(environ["PATH_INFO"])
    if route is None:
        status, fields, body = 404, [], b"nothing\n"
    elif method not in route.methods and not (method == "HEAD" and "GET" in route.methods):
        status, fields, body = 405, [("Allow", ", ".join(route.methods))], b"no\n"
    elif route.kind == "stream":
        start_response("200 OK", [("Content-Type", "text/plain")])
        return pieces()
    else:
        status, fields, body = answer(route, environ.get("HTTP_ACCEPT_ENCODING", ""))
    start_response(f"{status} {HTTPStatus(status).phrase}", [("Content-Type", "text/plain"), *fields])
    return [] if method == "HEAD" else [body]
