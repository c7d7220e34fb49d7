"""`tests/vectors/adapters.json`, by way of ASGI, WSGI, Flask and Django."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote_to_bytes

import django_site  # noqa: F401
import pytest
import vectors
from cors_py import Policy, Site
from cors_py.asgi import CORSMiddleware as ASGIMiddleware
from cors_py.django import CorsMiddleware, current_site
from cors_py.flask import CORS
from cors_py.wsgi import CORSMiddleware as WSGIMiddleware
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpResponse
from django.test import override_settings
from flask import Flask, Response

# Django's settings are the process's.
pytestmark = pytest.mark.parallel_threads(1)

Headers = list[tuple[str, str]]
Answer = tuple[bool, int, Headers]
"""Whether the application was asked, and the status and the headers of the response."""


def by_asgi(site: Site, request: dict[str, Any], middleware: type[ASGIMiddleware] = ASGIMiddleware) -> Answer:
    sent: list[dict[str, Any]] = []
    reached: list[bool] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        reached.append(True)
        headers = [(name.encode(), value.encode()) for name, value in request["application"]["headers"]]
        await send({"type": "http.response.start", "status": request["application"]["status"], "headers": headers})
        await send({"type": "http.response.body", "body": b""})

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": request["method"],
        "path": unquote_to_bytes(request["path"]).decode(),
        "raw_path": request["path"].encode(),
        "root_path": request.get("mount", ""),
        "scheme": request.get("scheme", "http"),
        "headers": [(name.encode(), value.encode()) for name, value in request["headers"]],
    }
    asyncio.run(middleware(app, site=site)(scope, None, send))  # type: ignore[arg-type]
    return bool(reached), sent[0]["status"], [(name.decode(), value.decode()) for name, value in sent[0]["headers"]]


def by_asgi_below(site: Site, request: dict[str, Any]) -> Answer:
    """As a server does whose `path` is without the `root_path`."""
    mount = request.get("mount", "")

    class Middleware(ASGIMiddleware):
        async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
            await super().__call__({**scope, "path": scope["path"][len(mount) :]}, receive, send)

    return by_asgi(site, request, Middleware)


def environ_of(request: dict[str, Any]) -> dict[str, Any]:
    mount = request.get("mount", "")
    named = {"HTTP_" + name.upper().replace("-", "_"): value for name, value in request["headers"]}
    return {
        "REQUEST_METHOD": request["method"],
        "SCRIPT_NAME": mount,
        "PATH_INFO": unquote_to_bytes(request["path"]).decode("latin-1")[len(mount) :],
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.url_scheme": request.get("scheme", "http"),
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": io.StringIO(),
        **named,
    }


def served(app: Callable[..., Any], request: dict[str, Any]) -> tuple[int, Headers]:
    started: list[tuple[str, Headers]] = []

    def start_response(status: str, headers: Headers, exc_info: Any = None) -> Callable[[bytes], None]:
        started.append((status, headers))
        return lambda part: None

    list(app(environ_of(request), start_response))
    return int(started[-1][0][:3]), started[-1][1]


def by_wsgi(site: Site, request: dict[str, Any]) -> Answer:
    reached: list[bool] = []

    def app(environ: Any, start_response: Any) -> list[bytes]:
        reached.append(True)
        headers = [(name, value) for name, value in request["application"]["headers"]]
        start_response(f"{request['application']['status']} Status", headers)
        return [b""]

    status, headers = served(WSGIMiddleware(app, site=site), request)
    return bool(reached), status, headers


def by_flask(site: Site, request: dict[str, Any]) -> Answer:
    reached: list[bool] = []
    app = Flask("vectors", static_folder=None)
    CORS(app, site=site)

    @app.before_request
    def answer() -> Response:
        reached.append(True)
        response = Response(status=request["application"]["status"])
        for name, value in request["application"]["headers"]:
            response.headers.add(name, value)
        return response

    status, headers = served(app, request)
    return bool(reached), status, headers


def by_django(request: dict[str, Any]) -> Answer:
    reached: list[bool] = []

    def answer(_: Any) -> HttpResponse:
        reached.append(True)
        response = HttpResponse(status=request["application"]["status"])
        for name, value in request["application"]["headers"]:
            # A response of Django's has one line of each name.
            response[name] = f"{response[name]}, {value}" if name in response else value
        return response

    response = CorsMiddleware(answer)(WSGIRequest(environ_of(request)))
    assert isinstance(response, HttpResponse)
    return bool(reached), response.status_code, list(response.items())


CASES = vectors.load("adapters.json", {"rule", "name", "policies", "options", "requests"})
KEYS = {
    "method",
    "path",
    "mount",
    "sees",
    "scheme",
    "headers",
    "application",
    "reaches",
    "status",
    "fields",
    "vary",
    "denial",
}
OPTIONS = {"enforce", "passthrough", "own_origins", "shadow"}


def compiled(config: dict[str, Any]) -> Policy:
    return Policy(**vectors.settings(config))


def decoded(case: dict[str, Any]) -> list[dict[str, Any]]:
    """The requests for adapters that see a path decoded."""
    return [request for request in case["requests"] if request.get("sees") != "raw"]


def expected(request: dict[str, Any]) -> Any:
    assert set(request) <= KEYS | {"difference"}, request
    return (
        (request["reaches"], request["status"]),
        sorted((name, value) for name, value in request["fields"]),
        [] if request["vary"] is None else [request["vary"]],
        [request["denial"]] if "denial" in request else [],
        [tuple(request["difference"])] if "difference" in request else [],
    )


def seen(answer: Answer, site: Site) -> Any:
    reached, status, headers = answer
    names = [[verdict.value if verdict is not None else "allowed" for verdict in pair] for pair in site.differences]
    return (
        (reached, status),
        sorted((name.lower(), value) for name, value in headers if name.lower().startswith("access-control-")),
        [value for name, value in headers if name.lower() == "vary"],
        [denial.value for denial, count in site.denials.items() if count],
        [tuple(pair) for pair in names],
    )


@pytest.mark.parametrize("adapter", [by_asgi, by_asgi_below, by_wsgi, by_flask])
@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['rule']} {case['name']}")
def test_adapters(adapter: Callable[[Site, dict[str, Any]], Answer], case: dict[str, Any]) -> None:
    options = dict(case["options"])
    assert set(options) <= OPTIONS, options
    shadow = options.pop("shadow", None)
    for request in decoded(case):
        site = Site(
            policies={prefix: compiled(config) for prefix, config in case["policies"].items()},
            shadow=None if shadow is None else compiled(shadow),
            **options,
        )
        assert seen(adapter(site, request), site) == expected(request), request


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['rule']} {case['name']}")
def test_django(case: dict[str, Any]) -> None:
    options = case["options"]
    for request in decoded(case):
        settings = {
            "CORS_POLICIES": {prefix: compiled(config) for prefix, config in case["policies"].items()},
            "CORS_SHADOW_POLICY": compiled(options["shadow"]) if "shadow" in options else None,
            "CORS_ENFORCE": options.get("enforce", False),
            "CORS_PASSTHROUGH": options.get("passthrough", False),
            "CORS_OWN_ORIGINS": options.get("own_origins", []),
        }
        with override_settings(**settings):
            assert seen(by_django(request), current_site()) == expected(request), request
