"""Sends the same request N times through an application, alone or behind a middleware: what `count-instructions` counts.

python requests_of_asgi.py (application|cors-py|Starlette) (none|allowed|denied|preflight) N
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[MutableMapping[str, Any], Receive, Send], Awaitable[None]]

SETTINGS: dict[str, Any] = {
    "allow_origins": ["https://app.example.com"],
    "allow_methods": ["PUT", "DELETE"],
    "allow_headers": ["content-type", "authorization", "x-request-id"],
    "allow_credentials": True,
    "max_age": 7200,
}

HEADERS = [
    (b"host", b"api.example.com"),
    (b"connection", b"keep-alive"),
    (b"user-agent", b"Mozilla/5.0 (X11; Linux x86_64)"),
    (b"accept", b"application/json"),
    (b"sec-fetch-site", b"cross-site"),
    (b"sec-fetch-mode", b"cors"),
    (b"referer", b"https://app.example.com/"),
    (b"accept-encoding", b"gzip, deflate, br"),
    (b"accept-language", b"en-GB,en;q=0.9"),
]

ASKED = [
    (b"access-control-request-method", b"PUT"),
    (b"access-control-request-headers", b"authorization,content-type,x-request-id"),
]


async def application(scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
    headers = [(b"content-type", b"application/json")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"{}"})


def behind(who: str) -> App:
    # Only the one that is counted is imported.
    if who == "cors-py":
        from cors_py.asgi import CORSMiddleware

        return CORSMiddleware(application, **SETTINGS)
    if who == "Starlette":
        from starlette.middleware import cors

        return cors.CORSMiddleware(application, **SETTINGS)
    return application


def scope_of(kind: str) -> MutableMapping[str, Any]:
    origin = b"https://evil.example.net" if kind == "denied" else b"https://app.example.com"
    return {
        "type": "http",
        "method": "OPTIONS" if kind == "preflight" else "GET",
        "path": "/orders",
        "root_path": "",
        "query_string": b"",
        "scheme": "https",
        "headers": [
            *HEADERS[:4],
            *([] if kind == "none" else [(b"origin", origin)]),
            *HEADERS[4:],
            *(ASKED if kind == "preflight" else []),
        ],
    }


async def receive() -> Message:
    return {"type": "http.request"}


async def send(message: Message) -> None: ...


async def main(who: str, kind: str, count: int) -> None:
    app, scope = behind(who), scope_of(kind)
    for _ in range(count):
        await app(dict(scope), receive, send)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3])))
