"""The application for ASGI."""

from __future__ import annotations

from typing import Any

from cors_py import Site
from cors_py.asgi import CORSMiddleware
from site_files import answer, policies


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    if scope["type"] != "http":
        return
    status, fields, body = answer(scope["method"], scope["path"], scope["query_string"].decode())
    headers = [(name.encode(), value.encode()) for name, value in fields]
    headers.append((b"content-length", str(len(body)).encode()))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})


app = CORSMiddleware(application, site=Site(policies=policies()))
