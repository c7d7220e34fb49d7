"""What every application in Python does: answers from files, a log, policies by path. `E2E_*` name their places."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple

from cors_py import Policy


class Answer(NamedTuple):
    status: int
    fields: list[tuple[str, str]]
    body: bytes


def policies() -> dict[str, Policy]:
    folder = Path(os.environ["E2E_POLICIES"])
    return {f"/{path.stem}": Policy.from_file(path) for path in folder.glob("*.cors")}


def _answer(path: Path) -> Answer:
    head, _, body = path.read_bytes().partition(b"\n\n")
    status, *lines = head.decode().split("\n")
    return Answer(int(status), [(name, value) for name, value in (line.split(": ", 1) for line in lines)], body)


_answers = {path.stem: _answer(path) for path in Path(os.environ["E2E_ANSWERS"]).glob("*.http")}
_log = open(os.environ["E2E_LOG"], "ab", buffering=0)  # noqa: SIM115


def answer(method: str, path: str, query: str) -> Answer:
    """The answer to a request, which is noted; raises where a crash is wanted."""
    target = f"{path}?{query}" if query else path
    _log.write(f"{method} {target}\n".encode())
    found = _answers[path.split("/")[2]]
    if query.startswith("to="):
        return found._replace(fields=[*found.fields, ("location", query.removeprefix("to="))])
    return found
