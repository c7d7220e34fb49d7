"""What gunicorn serves in `test_wsgi`."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from typing import Any

from common import OTHERS, POLICY
from cors_py import Policy, Site
from cors_py.wsgi import CORSMiddleware

site = Site(POLICY, policies={"/public": Policy(allow_origins=["*"])})
goes_on = threading.Event()


def application(environ: dict[str, Any], start_response: Any) -> Any:
    path = environ["PATH_INFO"]
    headers = [("Content-Type", "text/plain"), ("Vary", "Accept")]
    if path == "/crash":
        raise RuntimeError("crash")
    if path == "/late-crash":
        start_response("200 OK", headers)
        return late_crash()
    if path == "/stream":
        start_response("200 OK", headers)
        return stream()
    if path == "/go-on":
        goes_on.set()
    if path == "/swap":
        site.swap(OTHERS if site.rules.only is not OTHERS else POLICY)
    if path == "/write":
        start_response("200 OK", headers)(b"written")
        return []
    if path == "/file":
        start_response("200 OK", headers)
        return environ["wsgi.file_wrapper"](open(os.devnull, "rb"))
    if path == "/own-fields":
        headers += [("Access-Control-Allow-Origin", "*"), ("Access-Control-Max-Age", "7")]
    start_response("404 Not Found" if path == "/missing" else "200 OK", headers)
    return [environ["REQUEST_METHOD"].encode()]


def late_crash() -> Iterator[bytes]:
    raise RuntimeError("late crash")
    yield b"never"


def stream() -> Iterator[bytes]:
    yield b"first"
    yield b"second" if goes_on.wait(30) else b"nobody listened"


served = CORSMiddleware(application, site=site)
