"""The application in Starlette."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from routes import ROUTES, Route, answer, async_pieces
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route as StarletteRoute


def _endpoint(route: Route) -> Callable[[Request], Any]:
    async def endpoint(request: Request) -> Response:
        if route.kind == "stream":
            return StreamingResponse(async_pieces())
        status, fields, body = answer(route, request.headers.get("accept-encoding", ""))
        response = Response(body, status)
        for name, value in fields:
            response.headers.append(name, value)
        return response

    return endpoint


ROUTES_OF_STARLETTE = [StarletteRoute(route.path, _endpoint(route), methods=route.methods) for route in ROUTES]
