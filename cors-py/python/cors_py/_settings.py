"""From the names that other packages have to a policy."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypedDict

from ._errors import ConfigError
from ._names import Risk
from ._native import OriginRegex, Policy


class Settings(TypedDict, total=False):
    """The arguments of `Policy` that adapters take, too."""

    allow_origins: Iterable[str]
    allow_methods: Iterable[str]
    allow_headers: Iterable[str]
    expose_headers: Iterable[str]
    allow_credentials: bool
    max_age: int | None
    allow_private_network: bool
    preflight_status: int
    accept_risks: Iterable[Risk | str]


def policy_of(settings: Settings, regexes: Iterable[str] = ()) -> tuple[Policy, OriginRegex | None]:
    """The policy of these settings, and what matches the regular expressions among the origins.

    Raises `ConfigError` with the problems of both.
    """
    problems = Policy.check(**settings)
    regex = None
    try:
        regex = OriginRegex(regexes)
    except ConfigError as error:
        problems.extend(error.problems)
    if regex is not None and settings.get("allow_credentials", False):
        accepted = set(settings.get("accept_risks", ()))
        problems.extend(problem for problem in regex.risks() if problem.risk not in accepted)
    if problems:
        raise ConfigError(tuple(problems))
    return Policy(**settings), regex if regex is not None and regex.patterns else None


def any_alone(names: Iterable[str]) -> Iterable[str]:
    """A list in which `*` covers the others, which is how most packages read it; other values as they are."""
    if isinstance(names, (str, bytes)):
        return names
    listed = list(names)
    return ["*"] if "*" in listed else listed


def any_header(names: Iterable[str]) -> Iterable[str]:
    """The same for request headers, where other packages mean `authorization`, too, which browsers do not."""
    listed = any_alone(names)
    return ["*", "authorization"] if listed == ["*"] else listed
