"""Sanic with the CORS of sanic-ext."""

import os
import re
from collections.abc import Callable
from typing import Any

from routes import POLICY, ROUTES, TENANTS, Route, answer, async_pieces
from sanic import HTTPResponse, Request, Sanic
from sanic_ext import Extend

OPTIONS: dict[str, dict[str, Any]] = {
    "credentials": {
        "CORS_ORIGINS": [
            "https://app.example.com",
            "https://admin.example.com:8443",
            re.compile(r"^https://([a-z0-9-]+\.)+preview\.example\.org$"),
        ],
        "CORS_METHODS": ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"],
        "CORS_ALLOW_HEADERS": ["content-type", "authorization", "x-requested-with"],
        "CORS_EXPOSE_HEADERS": ["x-request-id"],
        "CORS_SUPPORTS_CREDENTIALS": True,
        "CORS_MAX_AGE": 600,
    },
    "public": {
        "CORS_ORIGINS": "*",
        "CORS_METHODS": ["GET", "HEAD", "POST", "PUT"],
        "CORS_ALLOW_HEADERS": ["content-type"],
        "CORS_EXPOSE_HEADERS": ["x-request-id"],
        "CORS_MAX_AGE": 600,
    },
    "thousand": {
        "CORS_ORIGINS": TENANTS,
        "CORS_METHODS": ["GET", "HEAD", "POST", "PUT", "DELETE"],
        "CORS_ALLOW_HEADERS": ["content-type"],
        "CORS_SUPPORTS_CREDENTIALS": True,
        "CORS_MAX_AGE": 600,
    },
    "methods": {
        "CORS_ORIGINS": "https://app.example.com",
        "CORS_METHODS": ["GET", "HEAD", "POST", "PUT"],
        "CORS_ALLOW_HEADERS": ["content-type"],
    },
}
app = Sanic("conformance")
app.config.update(OPTIONS[POLICY])
Extend(app)


def handler(route: Route) -> Callable[[Request], Any]:
    async def respond(request: Request) -> HTTPResponse | None:
        if route.kind == "stream":
            response = await request.respond(content_type="text/plain")
            async for piece in async_pieces():
                await response.send(piece)
            await response.eof()
            return None
        status, fields, body = answer(route, request.headers.get("accept-encoding", ""))
        return HTTPResponse(body or None, status=status, headers=dict(fields), content_type="text/plain")

    return respond


for row in ROUTES:
    app.add_route(handler(row), row.path, methods=row.methods, name=row.path.strip("/").replace("-", "_"))
if __name__ == "__main__":
    app.run(host="127.0.0.1", port=int(os.environ["PORT"]), single_process=True, motd=False, access_log=False)
