"""What the tests of the adapters share: the pages and their policy, what is looked at in an answer, and rules that are the same
for every framework."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
from cors_py import Policy
from servers import PATIENCE, client

APP = "https://app.example.com"
OTHER = "https://other.example"
EVIL = "https://evil.example"

POLICY = Policy(
    allow_origins=[APP], allow_methods=["PUT"], allow_headers=["x-token"], allow_credentials=True, max_age=60
)
OTHERS = Policy(allow_origins=[OTHER])
"""What `POLICY` is swapped for."""

ASKS = {"access-control-request-method": "PUT", "access-control-request-headers": "x-token"}
CREDENTIALS = {"access-control-allow-credentials": "true"}

BY_PATH = {"/public": Policy(allow_origins=["*"]), "/public/deep": OTHERS}
UNDER_BY_PATH = [
    ("/public/fine", "*"),
    ("/public", "*"),
    ("/public/deep/er", OTHER),
    ("/public%2Fdeep", OTHER),
    ("/public%252Fdeep", None),
    ("/publican", None),
    ("/Public/fine", None),
    ("/fine", None),
]
"""Paths, and the origin in what `OTHER` is answered there (A9)."""


def fields(response: Any) -> dict[str, str]:
    """The fields of the CORS protocol in an answer, of any client's."""
    items = response.headers.multi_items() if isinstance(response, httpx.Response) else response.headers.items()
    found = [(name.lower(), value) for name, value in items if name.lower()[:7] == "access-"]
    assert len(found) == len(dict(found)), f"twice: {found}"
    return dict(found)


def allowed(origin: str, **others: str) -> dict[str, str]:
    return {"access-control-allow-origin": origin, **others}


def check_response(http: httpx.Client, path: str, status: int, vary: str) -> None:
    """A2, A3: what pages get of a response under `POLICY`."""
    for origin, sees in [(APP, True), (EVIL, False), (None, False)]:
        response = http.get(path, headers={} if origin is None else {"origin": origin})
        assert response.status_code == status
        assert fields(response) == (allowed(APP, **CREDENTIALS) if sees else {}), origin
        assert response.headers.get_list("vary") == [vary]


def check_preflight(http: httpx.Client, path: str) -> None:
    """A1: that `POLICY` answers in the application's place."""
    response = http.options(path, headers={**ASKS, "origin": APP})
    assert (response.status_code, response.content) == (204, b"")
    assert "content-type" not in response.headers
    assert fields(response) == {
        **allowed(APP, **CREDENTIALS),
        "access-control-allow-methods": "PUT",
        "access-control-allow-headers": "x-token",
        "access-control-max-age": "60",
    }
    denied = http.options(path, headers={**ASKS, "origin": EVIL})
    told = (denied.status_code, denied.text, fields(denied))
    assert told == (403, "CORS: the policy does not allow this origin\n", {})


def check_swapping(address: str, path: str, swap: Callable[[httpx.Client], object]) -> None:
    """A4: under load, `swap` puts `OTHERS` in the place of `POLICY` and back. No answer is of both, and one to a request that
    begins after a swap is of the policy that it put there."""
    of = {APP: allowed(APP, **CREDENTIALS), OTHER: allowed(OTHER), EVIL: {}}
    ended = threading.Event()
    seen: set[str] = set()

    def load() -> None:
        with client(address) as http:
            while not ended.is_set():
                for origin, right in of.items():
                    response = http.get(path, headers={"origin": origin})
                    assert response.status_code == 200
                    assert fields(response) in (right, {}), origin
                    assert response.headers["vary"].lower().endswith("origin")
                    if fields(response):
                        seen.add(origin)

    with ThreadPoolExecutor(4) as threads, client(address) as http:
        loads = [threads.submit(load) for _ in range(4)]
        end = time.monotonic() + PATIENCE
        try:
            # At least until the load has seen both policies in force.
            for turn in itertools.count():
                if turn >= 60 and turn % 2 == 0 and (seen == {APP, OTHER} or time.monotonic() > end):
                    break
                swap(http)
                now, before = (OTHER, APP) if turn % 2 == 0 else (APP, OTHER)
                assert fields(http.get(path, headers={"origin": now})) == of[now]
                assert fields(http.get(path, headers={"origin": before})) == {}
        finally:
            ended.set()
        for answered in loads:
            answered.result()
    assert seen == {APP, OTHER}, "both were in force"
