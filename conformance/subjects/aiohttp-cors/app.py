"""aiohttp with aiohttp-cors, whose methods are those of the routes."""

import os
from collections.abc import Callable
from typing import Any

import aiohttp_cors
from aiohttp import web
from aiohttp_cors import ResourceOptions
from routes import POLICY, ROUTES, TENANTS, Route, answer, async_pieces

OPTIONS = {
    "public": {
        "*": ResourceOptions(
            expose_headers=["X-Request-Id"],
            allow_headers=["Content-Type"],
            allow_methods=["GET", "HEAD", "POST", "PUT"],
            max_age=600,
        )
    },
    "thousand": {
        tenant: ResourceOptions(
            allow_credentials=True,
            allow_headers=["Content-Type"],
            allow_methods=["GET", "HEAD", "POST", "PUT", "DELETE"],
            max_age=600,
        )
        for tenant in TENANTS
    },
    "methods": {
        "https://app.example.com": ResourceOptions(
            allow_headers=["Content-Type"], allow_methods=["GET", "HEAD", "POST", "PUT"]
        )
    },
}

ALLOWED = {"GET", "HEAD", "POST", "PUT"} | ({"DELETE"} if POLICY == "thousand" else set())


def handler(route: Route) -> Callable[[web.Request], Any]:
    async def respond(request: web.Request) -> web.StreamResponse:
        if route.kind == "stream":
            response = web.StreamResponse()
            await response.prepare(request)
            async for piece in async_pieces():
                await response.write(piece)
            return response
        status, fields, body = answer(route, request.headers.get("Accept-Encoding", ""))
        return web.Response(status=status, headers=fields, body=body)

    return respond


app = web.Application()
cors = aiohttp_cors.setup(app, defaults=OPTIONS[POLICY])
for row in ROUTES:
    if "OPTIONS" in row.methods:
        continue
    resource = cors.add(app.router.add_resource(row.path))
    for method in row.methods:
        route = resource.add_route(method, handler(row))
        # Adding a route allows its method.
        if method in ALLOWED:
            cors.add(route)
web.run_app(app, host="127.0.0.1", port=int(os.environ["PORT"]), print=None)
