"""The ASGI middleware and Starlette's, around one application, without a server and without an event loop."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import cases
import cors_py.asgi
import starlette.middleware.cors
from measure import Call, report


async def application(scope: Any, receive: Any, send: Any) -> None:
    # A new list each time: Starlette's middleware adds to it.
    headers = [(b"content-type", b"application/json"), (b"content-length", b"2"), (b"etag", b'"1"')]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"{}"})


async def receive() -> dict[str, Any]:
    return {"type": "http.request", "body": b"", "more_body": False}


async def send(message: Any) -> None:
    pass


class Passing:
    """The smallest middleware."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await self.app(scope, receive, send)


class Wrapping(Passing):
    """The smallest middleware that the response passes through."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        def through(message: Any) -> Any:
            return send(message)

        await self.app(scope, receive, through)


async def answering(scope: Any, receive: Any, send: Any) -> None:
    """The smallest middleware that answers itself."""
    await send({"type": "http.response.start", "status": 204, "headers": []})
    await send({"type": "http.response.body", "body": b""})


def call(app: Any, method: str, headers: dict[str, str]) -> Callable[[], None]:
    """Answers one request. Nothing waits, so that a single step runs the coroutine to its end."""
    scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": "/orders/7",
        "raw_path": b"/orders/7",
        "query_string": b"",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
    }

    def run() -> None:
        try:
            app(scope, receive, send).send(None)
        except StopIteration:
            return
        raise AssertionError("something waits")

    return run


def made(count: int, case: str) -> tuple[Call, dict[str, Call]]:
    settings: Any = cases.settings(count)
    apps = {
        "cors_py": cors_py.asgi.CORSMiddleware(application, **settings),
        "Starlette": starlette.middleware.cors.CORSMiddleware(application, **settings),
    }
    method, headers = cases.requests(count)[case]
    if case == "preflight":
        # The middleware answers alone, so that the application inside is not compared.
        return lambda: None, {name: call(app, method, headers) for name, app in (apps | {"answers": answering}).items()}
    apps |= {"passes": Passing(application), "wraps": Wrapping(application)}
    return call(application, method, headers), {name: call(app, method, headers) for name, app in apps.items()}


if __name__ == "__main__":
    report("ASGI", "cors_py", cases.measured(made), "Starlette")
