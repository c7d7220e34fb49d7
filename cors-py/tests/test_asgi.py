"""The ASGI adapter around Starlette and FastAPI, under uvicorn and hypercorn, by HTTP/1.1 and HTTP/2."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import fastapi
import httpx
import pytest
from cors_py import ConfigError, Policy
from cors_py.asgi import CORSMiddleware
from servers import PATIENCE, client, running_hypercorn, running_uvicorn
from starlette.applications import Starlette
from starlette.background import BackgroundTask
from starlette.middleware import Middleware
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.middleware.errors import ServerErrorMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Mount, Route

ORIGIN = "https://app.example.com"
EVIL = "https://evil.example"
POLICY = Policy(
    allow_origins=[ORIGIN], allow_methods=["PUT"], allow_headers=["x-token"], allow_credentials=True, max_age=60
)
PREFLIGHT = {"origin": ORIGIN, "access-control-request-method": "PUT", "access-control-request-headers": "x-token"}

Serve = Callable[[Any], AbstractContextManager[httpx.Client]]


@pytest.fixture(params=["uvicorn", "hypercorn", "hypercorn, HTTP/2"])
def serve(request: pytest.FixtureRequest) -> Serve:
    running = running_uvicorn if request.param == "uvicorn" else running_hypercorn
    is_http2 = "HTTP/2" in request.param

    @contextlib.contextmanager
    def served(app: Any) -> Iterator[httpx.Client]:
        with running(app) as address, client(address, http1=not is_http2, http2=is_http2) as connected:
            yield connected

    return served


class Authentication:
    """A middleware that lets nobody in without credentials."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http" and not any(name == b"authorization" for name, _ in scope["headers"]):
            return await PlainTextResponse("who are you?", 401)(scope, receive, send)
        await self.app(scope, receive, send)


class Site:
    """An application with what applications have."""

    def __init__(self) -> None:
        self.goes_on = threading.Event()
        self.background_ran = threading.Event()
        self.lives: list[str] = []
        self.calls: list[str] = []

    def routes(self) -> list[Any]:
        return [
            Route("/fine", self.fine, methods=["GET", "PUT"]),
            Route("/own-fields", self.own_fields),
            Route("/redirect", self.redirect),
            Route("/not-modified", self.not_modified),
            Route("/crash", self.crash),
            Route("/stream", self.stream),
            Mount("/sub", Starlette(routes=[Route("/fine", self.fine), Route("/crash", self.crash)])),
        ]

    @contextlib.asynccontextmanager
    async def lifespan(self, app: Any) -> AsyncIterator[dict[str, str]]:
        self.lives.append("begins")
        yield {"state": "shared"}
        self.lives.append("ends")

    async def fine(self, request: Request) -> Response:
        self.calls.append(request.method)
        await request.body()
        return PlainTextResponse(request.state.state, headers={"vary": "accept"})

    async def own_fields(self, request: Request) -> Response:
        headers = {"access-control-allow-origin": "*", "access-control-max-age": "7", "vary": "origin"}
        return PlainTextResponse("", headers=headers)

    async def redirect(self, request: Request) -> Response:
        return RedirectResponse("/fine")

    async def not_modified(self, request: Request) -> Response:
        return Response(status_code=304, headers={"etag": '"1"'})

    async def crash(self, request: Request) -> Response:
        raise RuntimeError("crash")

    async def stream(self, request: Request) -> Response:
        async def parts() -> AsyncIterator[bytes]:
            yield b"first"
            # The client has to have the first part for this one to come.
            for _ in range(int(PATIENCE * 100)):
                if self.goes_on.is_set():
                    break
                await asyncio.sleep(0.01)
            yield b"second" if self.goes_on.is_set() else b"nobody listened"

        return StreamingResponse(parts(), background=BackgroundTask(self.background_ran.set))


def starlette_app(site: Site, *middleware: Middleware, **options: Any) -> Any:
    return Starlette(routes=site.routes(), lifespan=site.lifespan, middleware=list(middleware), **options)


def fastapi_app(site: Site, *middleware: Middleware, **options: Any) -> Any:
    return fastapi.FastAPI(routes=site.routes(), lifespan=site.lifespan, middleware=list(middleware), **options)


def added(site: Site) -> Any:
    return starlette_app(site, Middleware(CORSMiddleware, policy=POLICY), Middleware(Authentication))


def added_to_fastapi(site: Site) -> Any:
    return fastapi_app(site, Middleware(CORSMiddleware, policy=POLICY), Middleware(Authentication))


def around(site: Site) -> Any:
    return CORSMiddleware(starlette_app(site, Middleware(Authentication)), policy=POLICY)


@pytest.mark.parametrize("build", [added, added_to_fastapi, around])
def test_every_response(serve: Serve, build: Callable[[Site], Any]) -> None:
    site = Site()
    with serve(build(site)) as client:
        expected_http = "HTTP/2" if client._transport._pool._http2 else "HTTP/1.1"  # type: ignore[attr-defined]
        for method, path, status, signed_in, vary in [
            ("GET", "/fine", 200, True, "accept, origin"),
            ("PUT", "/fine", 200, True, "accept, origin"),
            ("GET", "/sub/fine", 200, True, "accept, origin"),
            ("GET", "/own-fields", 200, True, "origin"),
            ("GET", "/redirect", 307, True, "origin"),
            ("GET", "/not-modified", 304, True, "origin"),
            ("GET", "/missing", 404, True, "origin"),
            ("DELETE", "/fine", 405, True, "origin"),
            ("OPTIONS", "/fine", 405, True, "origin"),
            ("GET", "/crash", 500, True, "origin"),
            ("GET", "/sub/crash", 500, True, "origin"),
            ("GET", "/fine", 401, False, "origin"),
        ]:
            headers = {"authorization": "me"} if signed_in else {}
            for origin, sees in [(ORIGIN, True), (EVIL, False), (None, False)]:
                named = headers if origin is None else {**headers, "origin": origin}
                response = client.request(method, path, headers=named)
                case = (method, path, origin)
                assert (response.status_code, response.http_version) == (status, expected_http), case
                fields = [(name, value) for name, value in response.headers.multi_items() if name.startswith("access-")]
                credentials = ("access-control-allow-credentials", "true")
                assert fields == ([("access-control-allow-origin", ORIGIN), credentials] if sees else []), case
                assert response.headers.get_list("vary") == [vary], case
    assert site.lives == ["begins", "ends"]


@pytest.mark.parametrize("build", [added, added_to_fastapi, around])
def test_a_preflight_comes_first(serve: Serve, build: Callable[[Site], Any]) -> None:
    site = Site()
    with serve(build(site)) as client:
        for path in ("/fine", "/missing", "/crash"):
            response = client.options(path, headers=PREFLIGHT)
            assert (response.status_code, response.content) == (204, b"")
            assert {name: value for name, value in response.headers.items() if name[:7] == "access-"} == {
                "access-control-allow-origin": ORIGIN,
                "access-control-allow-credentials": "true",
                "access-control-allow-methods": "PUT",
                "access-control-allow-headers": "x-token",
                "access-control-max-age": "60",
            }
            assert "content-length" not in response.headers, "RFC 9110 8.6"
        denied = client.options("/fine", headers={**PREFLIGHT, "origin": EVIL})
        assert (denied.status_code, denied.text) == (403, "CORS: the policy does not allow this origin\n")
        assert denied.headers["vary"] == "origin"
    assert site.calls == []


@pytest.mark.parametrize("build", [added, around])
def test_streams_and_background_tasks(serve: Serve, build: Callable[[Site], Any]) -> None:
    site = Site()
    headers = {"authorization": "me", "origin": ORIGIN}
    with serve(build(site)) as client, client.stream("GET", "/stream", headers=headers) as response:
        assert response.headers["access-control-allow-origin"] == ORIGIN
        parts = response.iter_raw()
        assert next(parts) == b"first"
        site.goes_on.set()
        assert b"".join(parts) == b"second"
    assert site.background_ran.wait(PATIENCE)


class Passing:
    """A middleware that lets everything pass, as that of an instrumentation does."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await self.app(scope, receive, send)


def instrumented(app: Starlette) -> Starlette:
    """What OpenTelemetry makes of an application: its own span and a further handler of errors around the application's."""
    build = app.build_middleware_stack
    app.build_middleware_stack = lambda: ServerErrorMiddleware(Passing(build()))  # type: ignore[method-assign]
    return app


# A12: the handler runs once, and its answer is what the client gets.
@pytest.mark.parametrize("is_instrumented", [False, True])
@pytest.mark.parametrize("handled", [500, Exception])
@pytest.mark.parametrize("is_async", [True, False])
def test_the_applications_own_error_page(serve: Serve, handled: Any, is_async: bool, is_instrumented: bool) -> None:
    calls: list[str] = []

    def say(request: Request, error: Exception) -> Response:
        calls.append(str(error))
        return JSONResponse({"error": str(error)}, 503)

    async def say_later(request: Request, error: Exception) -> Response:
        return say(request, error)

    handlers = {handled: say_later if is_async else say}
    for order in ([], [Middleware(Passing)]):
        cors = Middleware(CORSMiddleware, policy=POLICY)
        app = starlette_app(Site(), *order, cors, exception_handlers=handlers)
        with serve(instrumented(app) if is_instrumented else app) as client:
            for origin, sees in [(ORIGIN, ORIGIN), (EVIL, None), (ORIGIN, ORIGIN)]:
                response = client.get("/crash", headers={"origin": origin})
                assert (response.status_code, response.json()) == (503, {"error": "crash"})
                assert response.headers.get("access-control-allow-origin") == sees
                assert response.headers["vary"] == "origin"
        assert calls == ["crash"] * 3
        calls.clear()


def test_starlettes_own_error_page_under_an_instrumentation(serve: Serve) -> None:
    with serve(instrumented(starlette_app(Site(), Middleware(CORSMiddleware, policy=POLICY)))) as client:
        response = client.get("/crash", headers={"origin": ORIGIN})
        assert (response.status_code, response.text) == (500, "Internal Server Error")
        assert response.headers["access-control-allow-origin"] == ORIGIN


@pytest.mark.parametrize("framework", [Starlette, fastapi.FastAPI])
def test_a_refused_policy_stops_the_server(framework: Any, caplog: pytest.LogCaptureFixture, tmp_path: Path) -> None:
    app = framework()
    app.add_middleware(CORSMiddleware, allow_origins=["https://App.example.com/"])
    messages = [{"type": "lifespan.startup"}]
    sent: list[Any] = []

    async def receive() -> Any:
        return messages.pop()

    async def send(message: Any) -> None:
        sent.append(message)

    with pytest.raises(ConfigError, match="write https://app.example.com"):
        asyncio.run(app({"type": "lifespan", "asgi": {"version": "3.0"}, "state": {}}, receive, send))
    (message,) = sent
    assert message["type"] == "lifespan.startup.failed"
    assert "write https://app.example.com" in message["message"]
    (record,) = [record for record in caplog.records if record.name == "cors_py"]
    assert record.levelno == logging.CRITICAL and "write https://app.example.com" in record.getMessage()

    # uvicorn itself, which takes any other exception for an application without a lifespan.
    site = tmp_path / "refused.py"
    site.write_text(
        f"from {framework.__module__} import {framework.__name__}\n"
        "from cors_py.asgi import CORSMiddleware\n"
        f"app = {framework.__name__}()\n"
        "app.add_middleware(CORSMiddleware, allow_origins=['https://App.example.com/'])\n"
    )
    command = [sys.executable, "-m", "uvicorn", "--port", "0", "--app-dir", str(tmp_path), "refused:app"]
    run = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE)
    assert run.returncode == 3
    assert "CORSMiddleware is refused: allow_origins[0]" in run.stderr


def test_a_refused_policy_is_an_error_where_it_is_made() -> None:
    async def made_later() -> None:
        CORSMiddleware(bare_crash, allow_origins=["https://App.example.com/"])

    with pytest.raises(ConfigError):
        asyncio.run(made_later())


def test_starlettes_debug_page(serve: Serve) -> None:
    with serve(starlette_app(Site(), Middleware(CORSMiddleware, policy=POLICY), debug=True)) as client:
        response = client.get("/crash", headers={"origin": ORIGIN, "accept": "text/html"})
        assert response.status_code == 500 and "Traceback" in response.text
        assert response.headers["access-control-allow-origin"] == ORIGIN


class ConflictOnError:
    """A middleware that makes a response of an exception, unless one has begun: as the ASGI specification has it."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        starts = 0

        async def counted(message: Any) -> None:
            nonlocal starts
            starts += message["type"] == "http.response.start"
            assert starts < 2, "a second response"
            await send(message)

        try:
            await self.app(scope, receive, counted)
        except RuntimeError:
            await PlainTextResponse("conflict", 409)(scope, receive, counted)


class ConflictByCallNext(BaseHTTPMiddleware):
    async def dispatch(self, request: Request, call_next: Any) -> Response:
        try:
            response: Response = await call_next(request)
        except RuntimeError:
            return PlainTextResponse("conflict", 409)
        return response


async def bare_crash(scope: Any, receive: Any, send: Any) -> None:
    assert scope["type"] == "http"
    raise RuntimeError("crash")


@pytest.mark.parametrize("conflict", [ConflictOnError, ConflictByCallNext])
def test_a_middleware_that_answers_exceptions(serve: Serve, conflict: Any) -> None:
    cors = Middleware(CORSMiddleware, policy=POLICY)
    for order, sees in [([cors, Middleware(conflict)], True), ([Middleware(conflict), cors], False)]:
        with serve(starlette_app(Site(), *order)) as client:
            response = client.get("/crash", headers={"origin": ORIGIN})
            # Its answer in either order; with the fields only if it stands inside.
            assert (response.status_code, response.text) == (409, "conflict")
            assert ("access-control-allow-origin" in response.headers) is sees
            assert "access-control-allow-origin" in client.get("/fine", headers={"origin": ORIGIN}).headers


def test_what_is_around_an_application_without_a_framework(serve: Serve) -> None:
    for app, status, sees in [
        (CORSMiddleware(bare_crash, policy=POLICY), 500, True),
        (ConflictOnError(CORSMiddleware(bare_crash, policy=POLICY, handle_errors=False)), 409, False),
        (CORSMiddleware(ConflictOnError(bare_crash), policy=POLICY), 409, True),
    ]:
        with serve(app) as client:
            response = client.get("/", headers={"origin": ORIGIN})
            assert response.status_code == status
            assert ("access-control-allow-origin" in response.headers) is sees


def test_an_error_after_the_response_has_begun_is_the_servers(serve: Serve) -> None:
    async def breaks(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"10")]})
        await send({"type": "http.response.body", "body": b"half", "more_body": True})
        raise RuntimeError("breaks")

    with serve(CORSMiddleware(breaks, policy=POLICY)) as client, pytest.raises(httpx.RemoteProtocolError):
        client.get("/", headers={"origin": ORIGIN})


def test_starlettes_default_headers(serve: Serve) -> None:
    for listed, expected in [
        ([], ""),
        (["X-Token", "Content-Type"], ", x-token"),
    ]:
        with serve(CORSMiddleware(starlette_app(Site()), allow_origins=[ORIGIN], allow_headers=listed)) as client:
            headers = {
                **PREFLIGHT,
                "access-control-request-method": "POST",
                "access-control-request-headers": "content-type",
            }
            response = client.options("/fine", headers=headers)
            safelisted = "accept, accept-language, content-language, content-type"
            assert response.headers["access-control-allow-headers"] == safelisted + expected


def test_starlettes_arguments_without_their_names() -> None:
    cors = CORSMiddleware(bare_crash, [ORIGIN], ["PUT"], ["x-a"], True, r"https://pr-\d+\.example\.com")
    policy = cors.site.rules.only
    assert policy is not None
    assert (policy.allow_origins, policy.allow_methods, policy.allow_credentials) == ((ORIGIN,), ("PUT",), True)
    assert cors.site.allow_origin_regex is not None
    with pytest.raises(TypeError, match="allow_origins is given twice"):
        CORSMiddleware(bare_crash, [ORIGIN], allow_origins=[ORIGIN])
    with pytest.raises(TypeError, match="5 arguments after app are taken without their names"):
        CORSMiddleware(bare_crash, [ORIGIN], [], [], False, None, [])


def test_starlettes_arguments(serve: Serve) -> None:
    app = CORSMiddleware(
        starlette_app(Site()),
        allow_origins=["https://a.example"],
        allow_origin_regex=r"https://pr-\d+\.example\.com",
        allow_methods=["*"],
        allow_headers=["*"],
    )
    with serve(app) as client:
        for origin, allowed in [
            ("https://a.example", True),
            ("https://pr-7.example.com", True),
            ("https://pr-7.example.com.evil.example", False),
        ]:
            headers = {**PREFLIGHT, "origin": origin, "access-control-request-headers": "authorization,x-a"}
            response = client.options("/fine", headers=headers)
            assert (response.status_code == 204) is allowed, origin
            if allowed:
                assert response.headers["access-control-allow-origin"] == origin
                assert response.headers["access-control-allow-methods"] == "*"
                assert response.headers["access-control-allow-headers"] == "*, authorization"
                assert response.headers["access-control-max-age"] == "600", "Starlette's default"
