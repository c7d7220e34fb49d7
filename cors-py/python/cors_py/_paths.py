"""The path of a request, as servers and applications take it apart (A9).

A `Way` is a mount without a slash at its end, empty at the root, and the path below it. WSGI has one way for each request. Servers of
ASGI differ in whether `path` begins with `root_path`, and a path may look as if it did.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ._native import Policy, ambiguous_path_policy, path_readings

Way = tuple[str, str]

# A path that is read in one way alone.
_PLAIN = re.compile(r"(?:/[^/.%;\\][^/%;\\]*)*/?")


def environ_way(environ: Mapping[str, Any]) -> Way:
    """Returns the way of a WSGI request. The server has decoded the path's escapes, and WSGI hands on its bytes as Latin-1."""
    mount: str = environ.get("SCRIPT_NAME", "")
    path: str = environ.get("PATH_INFO", "")
    return _decoded(mount.rstrip("/")), _decoded(path)


def environ_path(environ: Mapping[str, Any]) -> str:
    """Returns the path that the browser sent."""
    return joined(*environ_way(environ))


def ways_of(root: str, path: str) -> list[Way]:
    """Returns each way to take a path apart of which it is not known whether it begins with the mount `root`; the first is
    Starlette's, which takes a path below the mount for a whole one."""
    mount = root.rstrip("/")
    if not mount:
        return [("", path)]
    if path == mount or path.startswith(mount + "/"):
        return [(mount, path[len(mount) :])]
    ways = [(mount, path)]
    if _is_read_below(mount, path):
        ways.append(("", path))
    if mount in path:
        # Quart takes off what is before the mount, too.
        ways.append((mount, path.partition(mount)[2]))
    return ways


def sent_path(root: str, path: str) -> str:
    """Returns the path that the browser sent, by the first of the `ways_of` it."""
    return joined(*ways_of(root, path)[0])


def joined(mount: str, path: str) -> str:
    """Returns the whole path."""
    return mount + path if not mount or not path or path.startswith("/") else f"{mount}/{path}"


def agreed_policy(ways: Iterable[Way], policy_of_reading: Callable[[str], Policy | None]) -> Policy | None:
    """Returns what `policy_of_reading` returns for each way to read what is below the mount; where that differs, the policy of
    ambiguous paths."""
    paths: set[str] = set()
    for mount, path in ways:
        found = _readings_below(mount, path or "/")
        if found is None:
            return ambiguous_path_policy()
        paths |= found
    return same_policy(policy_of_reading(path) for path in paths)


def same_policy(policies: Iterable[Policy | None]) -> Policy | None:
    """Returns the policy that each of these is, or else the policy of ambiguous paths."""
    first, *others = policies
    return first if all(policy is first for policy in others) else ambiguous_path_policy()


def _readings_below(mount: str, path: str) -> set[str] | None:
    """Returns what servers take for the path below the mount, whether they resolve it or the whole path; None where that depends on
    their order, and where the whole path leads out of the mount."""
    readings = path_readings(path)
    if readings is None or not mount or not any("/../" in reading + "/" for reading in readings):
        return readings
    whole = path_readings(mount + path)
    if whole is None or not all((reading + "/").startswith(mount + "/") for reading in whole):
        return None
    return readings | {reading[len(mount) :] or "/" for reading in whole}


def _is_read_below(mount: str, path: str) -> bool:
    """Returns true if some server takes the path for one below the mount, in any case of its letters."""
    readings = {path} if _PLAIN.fullmatch(path) else path_readings(path)
    beginning = folded(mount) + "/"
    return readings is None or any((folded(reading) + "/").startswith(beginning) for reading in readings)


def folded(text: str) -> str:
    """Returns a text that is the same for each text that differs from this one in the case of its letters alone, as the engine
    compares prefixes."""
    return text.lower() if text.isascii() else text.lower().upper().lower().replace("\u0307", "")


def _decoded(path: str) -> str:
    return path if path.isascii() else path.encode("latin-1", "replace").decode("utf-8", "replace")


def not_a_path(expression: str) -> str | None:
    """Returns what to write in place of an expression that no path matches, because paths begin with a slash; None for one that
    some path may match."""
    begin = re.match(r"(?:\(\?[a-zA-Z]+\))?(?:\^|\\A)?", expression)
    at = begin.end() if begin is not None else 0
    first, then = expression[at : at + 1], expression[at + 1 : at + 2]
    if "|" in expression or not (first.isalnum() or first in ("_", "-")) or then in ("*", "?", "{"):
        return None
    return f"no path begins without a slash; write {expression[:at] + '/' + expression[at:]!r}"
