"""What the application under test does: the table of routes.json, for frameworks in Python."""

from __future__ import annotations

import asyncio
import json
import os
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import NamedTuple

# Which of the four policies the subject is to have.
POLICY = os.environ["CONFORMANCE_POLICY"]
TENANTS = [f"https://tenant-{number}.example.com" for number in range(1000)]


class Route(NamedTuple):
    path: str
    methods: list[str]
    status: int
    fields: list[tuple[str, str]]
    body: bytes
    kind: str


def _route(row: dict[str, object]) -> Route:
    return Route(
        str(row["path"]),
        list(row["methods"]),  # type: ignore[call-overload]
        int(row.get("status", 200)),  # type: ignore[call-overload]
        [(name, value) for name, value in row["fields"]],  # type: ignore[attr-defined]
        str(row.get("body", "")).encode(),
        str(row.get("kind", "")),
    )


_TABLE = json.loads(Path(os.environ["CONFORMANCE_ROUTES"]).read_text())
ROUTES = [_route(row) for row in _TABLE.values() if row["methods"]]


class Broken(Exception):
    """What the route "error" raises, and nothing catches."""


def answer(route: Route, accept_encoding: str) -> tuple[int, list[tuple[str, str]], bytes]:
    """Returns status, fields and body of a route that does not stream."""
    if route.kind == "error":
        raise Broken
    if route.kind == "encoding":
        return route.status, route.fields, b"for gzip\n" if "gzip" in accept_encoding else b"for others\n"
    return route.status, route.fields, route.body


def pieces() -> Iterator[bytes]:
    """Yields the body of the route "stream"."""
    yield b"first\n"
    time.sleep(1)
    yield b"second\n"


async def async_pieces() -> AsyncIterator[bytes]:
    """Yields the same."""
    yield b"first\n"
    await asyncio.sleep(1)
    yield b"second\n"
