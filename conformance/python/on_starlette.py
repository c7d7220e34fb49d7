"""The application in Starlette."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

from routes import ROUTES, Route, answer
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route as StarletteRoute


async def _pieces() -> AsyncIterator[bytes]:
    yield b"first\n"
    await asyncio.sleep(1)
    yield b"second\n"


def _endpoint(route: Route) -> Callable[[Request], Any]:
    async def endpoint(request: Request) -> Response:
        if route.kind == "stream":
            return StreamingResponse(_pieces())
        status, fields, body = answer(route, request.headers.get("accept-encoding", ""))
        response = Response(body, status)
        for name, value in fields:
            response.headers.append(name, value)
        return response

    return endpoint


ROUTES_OF_STARLETTE = [StarletteRoute(route.path, _endpoint(route), methods=route.methods) for route in ROUTES]
