"""Quart with quart-cors."""

import re
from collections.abc import Callable

from quart import Quart, Response, request
from quart_cors import cors
from routes import POLICY, ROUTES, TENANTS, Route, answer, async_pieces

OPTIONS = {
    "credentials": {
        "allow_origin": [
            "https://app.example.com",
            "https://admin.example.com:8443",
            re.compile(r"^https://([a-z0-9-]+\.)+preview\.example\.org$"),
        ],
        "allow_methods": ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"],
        "allow_headers": ["Content-Type", "Authorization", "X-Requested-With"],
        "expose_headers": ["X-Request-Id"],
        "allow_credentials": True,
        "max_age": 600,
    },
    "public": {
        "allow_origin": "*",
        "allow_methods": ["GET", "HEAD", "POST", "PUT"],
        "allow_headers": ["Content-Type"],
        "expose_headers": ["X-Request-Id"],
        "max_age": 600,
    },
    "thousand": {
        "allow_origin": TENANTS,
        "allow_methods": ["GET", "HEAD", "POST", "PUT", "DELETE"],
        "allow_headers": ["Content-Type"],
        "allow_credentials": True,
        "max_age": 600,
    },
    "methods": {
        "allow_origin": "https://app.example.com",
        "allow_methods": ["GET", "HEAD", "POST", "PUT"],
        "allow_headers": ["Content-Type"],
    },
}
app = Quart(__name__)


def view(route: Route) -> Callable[[], object]:
    async def respond() -> Response:
        if route.kind == "stream":
            return Response(async_pieces())
        status, fields, body = answer(route, request.headers.get("Accept-Encoding", ""))
        response = Response(body, status)
        for name, value in fields:
            response.headers.add(name, value)
        return response

    return respond


for row in ROUTES:
    app.add_url_rule(row.path, row.path, view(row), methods=row.methods)
app = cors(app, **OPTIONS[POLICY])
