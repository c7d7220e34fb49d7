"""A site with files for everybody under /public, and others that only one site may read; an application that is mounted in it; and a
site that enforces its policy."""

from __future__ import annotations

import os
import posixpath
from typing import Any
from urllib.parse import unquote

from cors_py import Policy, Site
from cors_py.asgi import CORSMiddleware

PUBLIC = Policy(allow_origins=["*"])
STRICT = Policy(allow_origins=["https://app.example.com"], allow_credentials=True)

_log = open(os.environ["E2E_LOG"], "ab", buffering=0)  # noqa: SIM115


async def files(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Serves any path, resolved as a file server does it, and as one behind another that has decoded once already."""
    if scope["type"] == "websocket":
        await receive()
        _log.write(b"opened " + scope["path"].encode() + b"\n")
        await send({"type": "websocket.accept"})
        await receive()
        return
    if scope["type"] != "http":
        return
    path = posixpath.normpath(unquote(scope["path"]).replace("\\", "/")).lstrip("/")
    _log.write(f"{scope['method']} {path}\n".encode())
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/plain")]})
    await send({"type": "http.response.body", "body": path.encode()})


async def site(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Has another application below /v1, as frameworks mount one. Its prefixes are those that the browser sees."""
    if scope["path"].startswith("/v1/"):
        return await mounted({**scope, "root_path": "/v1"}, receive, send)
    await app(scope, receive, send)


app = CORSMiddleware(files, site=Site(policies={"/public": PUBLIC, "/": STRICT}))
mounted = CORSMiddleware(files, site=Site(policies={"/": PUBLIC, "/v1/admin": STRICT}))
enforcing = CORSMiddleware(files, site=Site(STRICT, enforce=True), check_websocket_origin=True)
