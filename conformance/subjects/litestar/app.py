"""Litestar with its CORSConfig."""

from collections.abc import Callable
from typing import Any

from litestar import HttpMethod, Litestar, Request, Response, route
from litestar.config.cors import CORSConfig
from litestar.datastructures import ResponseHeader
from litestar.response import Stream
from routes import POLICY, ROUTES, TENANTS, Route, answer, async_pieces

OPTIONS: dict[str, Any] = {
    "credentials": {
        "allow_origins": ["https://app.example.com", "https://admin.example.com:8443"],
        "allow_origin_regex": r"https://([a-z0-9-]+\.)+preview\.example\.org",
        "allow_methods": ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"],
        "allow_headers": ["content-type", "authorization", "x-requested-with"],
        "expose_headers": ["x-request-id"],
        "allow_credentials": True,
        "max_age": 600,
    },
    "public": {
        "allow_origins": ["*"],
        "allow_methods": ["GET", "HEAD", "POST", "PUT"],
        "allow_headers": ["content-type"],
        "expose_headers": ["x-request-id"],
        "max_age": 600,
    },
    "thousand": {
        "allow_origins": TENANTS,
        "allow_methods": ["GET", "HEAD", "POST", "PUT", "DELETE"],
        "allow_headers": ["content-type"],
        "allow_credentials": True,
        "max_age": 600,
    },
    "methods": {
        "allow_origins": ["https://app.example.com"],
        "allow_methods": ["GET", "HEAD", "POST", "PUT"],
        "allow_headers": ["content-type"],
        "max_age": 0,
    },
}


def handler(row: Route) -> Callable[..., Any]:
    # Litestar answers HEAD where a route names it.
    methods = [HttpMethod(method) for method in row.methods] + ([HttpMethod.HEAD] if "GET" in row.methods else [])

    @route(row.path, http_method=methods, status_code=200)
    async def respond(request: Request) -> Response:
        if row.kind == "stream":
            return Stream(async_pieces())
        status, fields, body = answer(row, request.headers.get("accept-encoding", ""))
        headers = [ResponseHeader(name=name, value=value) for name, value in fields]
        content = b"" if request.method == "HEAD" else body
        return Response(content, status_code=status, headers=headers, media_type="text/plain")

    return respond


app = Litestar([handler(row) for row in ROUTES], cors_config=CORSConfig(**OPTIONS[POLICY]))
