"""Settings by the names of other packages: Python's regular expressions, and problems reported by the user's own names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeGuard

from ._errors import ConfigError, Problem
from ._native import OriginRegex, Policy
from ._settings import Settings, is_list, kept, policy_of

Regexes = str | re.Pattern[str] | Iterable[str | re.Pattern[str]]

# The letter of a flag of `re` inside a pattern. ASCII and UNICODE do not differ for the characters of an origin.
_FLAGS = {re.IGNORECASE: "i", re.MULTILINE: "m", re.DOTALL: "s", re.VERBOSE: "x"}


def peer_policy(
    settings: Settings,
    regexes: Sequence[str],
    names: Mapping[str, str],
    refusals: Sequence[Problem] = (),
    positions: Mapping[str, Sequence[int]] | None = None,
    whole: Mapping[str, object] | None = None,
) -> tuple[Policy, OriginRegex | None]:
    """Does what `policy_of` does, and reports problems, `refusals` included, by `names`: the user's names of the settings.

    `positions` maps a setting that holds a part of the user's list to the positions of its entries in that list, `whole` one
    that is no list of the user's to what the user wrote.
    """
    problems = list(refusals)
    try:
        made = policy_of(settings, regexes)
    except ConfigError as error:
        problems.extend(_renamed(problem, names, positions or {}, whole or {}) for problem in error.problems)
    except TypeError as error:
        raise TypeError(_with_names(_with_positions(str(error), positions or {}), names)) from None
    else:
        if not problems:
            return made
    raise ConfigError(tuple(problems))


def refusal(field: str, value: object, reason: str, advice: str) -> Problem:
    """Returns the problem of a refused setting of another package."""
    shown = value if isinstance(value, (str, int)) and not isinstance(value, bool) else repr(value)
    return Problem(
        message=f"{field} {value!r}: {reason}; {advice}",
        field=field,
        index=None,
        value=shown,
        reason=reason,
        advice=advice,
        kind="Unsupported",
    )


def regex_text(field: str, pattern: object, *, ignore_case: bool = False) -> str:
    """Returns the text of an expression, with the flags of a compiled one before it. `ignore_case` applies to a text only."""
    flags = ""
    text = pattern
    if is_compiled(pattern):
        text = pattern.pattern
        flags = "".join(letter for flag, letter in _FLAGS.items() if pattern.flags & flag)
    if not isinstance(text, str):
        raise TypeError(f"{field}: a str or a compiled pattern of str is expected, not {type(text).__name__}")
    if ignore_case and text is pattern and text != text.lower():
        flags = "i"
    return f"(?{flags}){text}" if flags else text


def regex_texts(field: str, given: object) -> list[str]:
    """Returns the texts of an expression, or of each in a list."""
    return [regex_text(field, regex) for regex in (kept(field, given) if is_list(given) else [given])]


def is_compiled(pattern: object) -> TypeGuard[re.Pattern[Any]]:
    """Returns true for a compiled expression, of `str` or `bytes`."""
    return isinstance(pattern, re.Pattern)


def _renamed(
    problem: Problem, names: Mapping[str, str], positions: Mapping[str, Sequence[int]], whole: Mapping[str, object]
) -> Problem:
    message, index, advice, value = problem.message, problem.index, problem.advice, problem.value
    field = problem.field or ""
    if field in whole:
        message = message.replace(f'{field}[{index}] "{value}"', f"{field} {whole[field]}", 1)
        index, value = None, str(whole[field])
    if index is not None and field in positions:
        message = _with_positions(message, positions)
        index = positions[field][index]
    return replace(
        problem,
        field=names.get(field, problem.field),
        index=index,
        value=value,
        message=_with_names(message, names),
        advice=advice if advice is None else _with_names(advice, names),
    )


def _with_positions(text: str, positions: Mapping[str, Sequence[int]]) -> str:
    def moved(place: re.Match[str]) -> str:
        of_field = positions.get(place[1])
        return place[0] if of_field is None else f"{place[1]}[{of_field[int(place[2])]}]"

    # At the beginning of a line: a value may hold anything.
    return re.sub(r"^([a-z_]+)\[(\d+)\]", moved, text, flags=re.MULTILINE)


def _with_names(text: str, names: Mapping[str, str]) -> str:
    # Whole words: `allow_origins` is not in `allow_origins_too`. A value stands in quotes and may hold anything, but is
    # shown and not read.
    return re.sub(r"\b[a-z]+(?:_[a-z]+)+\b", lambda word: names.get(word[0], word[0]), text)
