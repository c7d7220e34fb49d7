"""The application in Flask."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask, Response, request
from routes import ROUTES, Route, answer, pieces


def _view(route: Route) -> Callable[[], Response]:
    def view() -> Response:
        if route.kind == "stream":
            return Response(pieces())
        status, fields, body = answer(route, request.headers.get("Accept-Encoding", ""))
        response = Response(body, status)
        for name, value in fields:
            response.headers.add(name, value)
        return response

    return view


def add_routes(app: Flask) -> None:
    for route in ROUTES:
        app.add_url_rule(
            route.path,
            route.path,
            _view(route),
            methods=route.methods,
            provide_automatic_options=False if "OPTIONS" in route.methods else None,
        )
