"""The cases that every language runs: `tests/vectors` of the project."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

FOLDER = Path(os.environ.get("CORS_VECTORS", Path(__file__).parents[2] / "tests" / "vectors"))


def load(name: str, *keys: set[str]) -> list[dict[str, Any]]:
    """The cases of a file. Each has the fields of one of `keys`, and no other."""
    cases = json.loads((FOLDER / name).read_text(encoding="utf-8"))
    assert cases, f"{name} is empty"
    for case in cases:
        assert set(case) in keys, f"{name}: fields {sorted(case)}"
    return cases


def value(given: Any) -> bytes:
    """A `<value>` of the vectors."""
    if isinstance(given, str):
        return given.encode()
    if "hex" in given:
        return bytes.fromhex(given["hex"])
    assert {"repeat", "times"} <= set(given) <= {"repeat", "times", "prefix", "suffix"}, given
    return (given.get("prefix", "") + given["repeat"] * given["times"] + given.get("suffix", "")).encode()


def text(given: Any) -> str:
    return value(given).decode()


SUFFIXES = {"com", "co.uk", "uk", "io", "github.io", "example"}
"""The public suffixes of the vectors."""


def settings(config: dict[str, Any]) -> dict[str, Any]:
    """The arguments of `Policy` for a config of the vectors."""
    lists = ("allow_origins", "allow_methods", "allow_headers", "expose_headers")
    arguments = {name: [text(entry) for entry in given] if name in lists else given for name, given in config.items()}
    return {**arguments, "is_public_suffix": SUFFIXES.__contains__}
