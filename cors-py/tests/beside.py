"""Cases of the same application behind a peer and behind an adapter of ours, and the same requests. Where the two answer
differently, the case says in what, and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from common import APP, ASKS, EVIL

FROM_APP = {"origin": APP}
FROM_EVIL = {"origin": EVIL}
ASKS_APP = {**FROM_APP, **ASKS}
ASKS_EVIL = {**FROM_EVIL, **ASKS}

ORIGIN, CREDENTIALS, METHODS, HEADERS, AGE, EXPOSE = (
    f"access-control-{name}"
    for name in (
        "allow-origin",
        "allow-credentials",
        "allow-methods",
        "allow-headers",
        "max-age",
        "expose-headers",
    )
)


@dataclass(frozen=True)
class Case:
    """`theirs` and `ours`: the parts of the answers that differ, `status` among them."""

    name: str
    settings: Mapping[str, Any]
    headers: Mapping[str, str]
    method: str = "GET"
    path: str = "/"
    theirs: Mapping[str, Any] = field(default_factory=dict)
    ours: Mapping[str, Any] = field(default_factory=dict)
    why: str = ""

    def check(self, theirs: Mapping[str, Any], ours: Mapping[str, Any]) -> None:
        """That these answers differ in what the case says, and in nothing else."""
        differing = {name for name in {*theirs, *ours} if theirs.get(name) != ours.get(name)}
        told = {name for name in {*self.theirs, *self.ours} if self.theirs.get(name) != self.ours.get(name)}
        assert differing == told, (theirs, ours)
        assert {name: theirs[name] for name in self.theirs} == self.theirs
        assert {name: ours[name] for name in self.ours} == self.ours
        assert bool(told) == bool(self.why), "a difference has its reason"


def answered(status: int, headers: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """What of an answer is compared."""
    found: dict[str, Any] = {"status": status}
    for name, value in headers:
        name = name.lower()
        if name[:7] == "access-" or name == "vary":
            found[name] = ", ".join(filter(None, [found.get(name), value.lower() if name == "vary" else value]))
    return found
