"""The WSGI middleware around one application, next to the smallest middleware, without a server."""

from __future__ import annotations

import functools
import io
from collections.abc import Callable, Iterable
from typing import Any

import cases
import cors_py.wsgi
from measure import Call, report


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    start_response("200 OK", [("content-type", "application/json"), ("content-length", "2"), ("etag", '"1"')])
    return [b"{}"]


def generating(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """The same response in parts, as a framework returns it: it may fail until the last part."""
    start_response("200 OK", [("content-type", "application/json"), ("content-length", "2"), ("etag", '"1"')])
    yield b"{}"


class Passing:
    """The smallest middleware."""

    def __init__(self, app: Any) -> None:
        self.app = app

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        return self.app(environ, start_response)  # type: ignore[no-any-return]


class Wrapping(Passing):
    """The smallest middleware that the response's head passes through."""

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        def through(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            return start_response(status, headers)

        return self.app(environ, through)  # type: ignore[no-any-return]


def answering(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """The smallest middleware that answers itself."""
    start_response("204 No Content", [])
    return []


def call(app: Callable[..., Iterable[bytes]], method: str, headers: dict[str, str]) -> Callable[[], None]:
    """Answers one request as a server does."""
    environ: dict[str, Any] = {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "PATH_INFO": "/orders/7",
        "QUERY_STRING": "",
        "SERVER_NAME": "api.example.com",
        "SERVER_PORT": "443",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "https",
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        **{"HTTP_" + name.upper().replace("-", "_"): value for name, value in headers.items()},
    }

    def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Callable[[bytes], None]:
        return write

    def write(part: bytes) -> None:
        pass

    def run() -> None:
        body = app(environ.copy(), start_response)
        for _ in body:
            pass
        close = getattr(body, "close", None)
        if close is not None:
            close()

    return run


def made(inner: Callable[..., Iterable[bytes]], count: int, case: str) -> tuple[Call, dict[str, Call]]:
    settings: Any = cases.settings(count)
    apps = {"cors_py": cors_py.wsgi.CORSMiddleware(inner, **settings)}
    if case == "preflight":
        # The middleware answers alone, so that the application inside is not compared: only the request's own cost is.
        bare, floors = (lambda environ, start_response: ()), {"answers": answering}
    else:
        bare, floors = inner, {"passes": Passing(inner), "wraps": Wrapping(inner)}
    method, headers = cases.requests(count)[case]
    return call(bare, method, headers), {name: call(app, method, headers) for name, app in (apps | floors).items()}


if __name__ == "__main__":
    report("WSGI, a list", "cors_py", cases.measured(functools.partial(made, application)))
    report("WSGI, a generator", "cors_py", cases.measured(functools.partial(made, generating)))
