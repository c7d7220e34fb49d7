"""The resources of flask-cors, which map paths to policies: literal paths and regular expressions, most specific first."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, cast
from urllib.parse import unquote, urlsplit

from .._names import Denial
from .._native import Decision, OriginRegex, Policy, ambiguous_path_policy
from .._paths import Way, agreed_policy, folded, not_a_path
from .._site import Rules
from .._typing import Headers

Pattern = str | re.Pattern[str]

# flask-cors reads a text with any of these characters as an expression.
REGEX_CHARACTERS = frozenset("*\\]?$^[]()")

_EVERY_PATH = ("*", "/*", ".*", "/.*")


class Resources(Rules):
    """Maps a path to the policy of the first resource that matches it. Immutable.

    As in flask-cors, the path is the one inside of the application, below the place where it is mounted."""

    __slots__ = ("_resources",)

    def __init__(self, resources: Iterable[tuple[Pattern, Policy]], shadow: Policy | None = None) -> None:
        super().__init__(None, {}, shadow)
        resources = list(resources)
        self.by_prefix = dict(resources)
        self._resources = [(_matchers(pattern), policy) for pattern, policy in resources]
        if resources and resources[0][0] in _EVERY_PATH:
            self.only = resources[0][1]

    def policy_for(self, path: str) -> Policy | None:
        """Returns the policy of the first resource that matches this path, however it is read (A9)."""
        return self.policy_at([("", path)])

    def policy_at(self, ways: Sequence[Way]) -> Policy | None:
        return self.only or agreed_policy(ways, self._first)

    def _first(self, path: str) -> Policy | None:
        for (matches, matches_any_case), policy in self._resources:
            if matches(path):
                return policy
            if matches_any_case is not None and matches_any_case(folded(path)):
                return ambiguous_path_policy()
        return None


class RegexPolicy:
    """A policy and regular expressions of its own; those of a `Site` count for every path."""

    __slots__ = ("policy", "regex")

    def __init__(self, policy: Policy, regex: OriginRegex) -> None:
        self.policy = policy
        self.regex = regex

    @property
    def allow_methods(self) -> tuple[str, ...]:
        return self.policy.allow_methods

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, RegexPolicy):
            return NotImplemented
        return self.policy == other.policy and self.regex == other.regex

    def __hash__(self) -> int:
        return hash((self.policy, self.regex))

    def evaluate(
        self, method: str | bytes, headers: Headers, allow_origin: Callable[[str], bool] | None = None
    ) -> Decision:
        decision = self.policy.evaluate(method, headers, self.regex)
        if allow_origin is not None and decision.denial is Denial.ORIGIN_NOT_ALLOWED:
            return self.policy.evaluate(method, headers, allow_origin)
        return decision


def with_regex(policy: Policy, regex: OriginRegex | None) -> Policy:
    """Returns the policy with its expressions. Nothing else of it is used than `evaluate`
    and `allow_methods`."""
    return policy if regex is None else cast(Policy, RegexPolicy(policy, regex))


def parse_resources(resources: object) -> list[tuple[Pattern, Mapping[str, Any]]]:
    """Returns each pattern with its own options, in the order in which they are tried."""
    if isinstance(resources, Mapping):
        pairs = list(cast("Mapping[Pattern, Mapping[str, Any]]", resources).items())
        for pattern, options in pairs:
            _check(pattern)
            if not isinstance(options, Mapping):
                raise TypeError(f"resources: {pattern!r}: a dict of options is expected, not {type(options).__name__}")
        return sorted(pairs, key=lambda pair: _rank(pair[0]))
    if isinstance(resources, (str, re.Pattern)):
        return [(_check(cast(object, resources)), {})]
    if isinstance(resources, Iterable) and not isinstance(resources, (bytes, bytearray)):
        return [(_check(pattern), {}) for pattern in cast("Iterable[Pattern]", resources)]
    raise TypeError(
        f"resources: a pattern, several, or a dict of patterns and options is expected, not {type(resources).__name__}"
    )


def _check(pattern: object) -> Pattern:
    """Returns the pattern. Raises `ValueError` for one that no path matches, `TypeError` for one of another type."""
    text = _text(cast("re.Pattern[Any]", pattern).pattern if isinstance(pattern, re.Pattern) else pattern)
    advice = not_a_path(text) if isinstance(pattern, re.Pattern) else _advice_about(text)
    if advice is not None:
        raise ValueError(f"resources: {text!r}: {advice}")
    return cast(Pattern, pattern)


def _advice_about(text: str) -> str | None:
    """Returns what to write for a text that is not a path, or that matches none; None for others."""
    if not text:
        return "no path is empty; write '/*' for all paths"
    if re.match(r"""\s*[\[{(]\s*["'{]""", text):
        return "a list or a dict in a text; write it without quotation marks around it, or json.loads(...) of the text"
    if re.search(r",\s*/", text):
        return "several paths in one text; write each as an entry of its own"
    if "://" in text:
        return f"an address; write its path, such as {(urlsplit(text).path or '/*')!r}"
    literal = text.removesuffix("*") if text.endswith("/*") else text
    if _is_regex(literal):
        return not_a_path(text)
    if "|" in text:
        return "| is a letter of a path, because the text has nothing else of an expression; write each path as an entry of its own"
    if not text.startswith("/"):
        return f"no path begins without a slash; write {'/' + text!r}"
    placed = re.sub(r"<[^<>]*>|\{[^{}]*\}", "[^/]+", text)
    if placed != text:
        return f"the names of a route's parts are not read; write {placed!r}"
    if "%" in text:
        return f"paths are compared decoded; write {unquote(text)!r}"
    if text.endswith("/") and text != "/":
        return f"it is this path alone, with its slash; write {text + '*'!r} for all that is below it"
    return None


def _rank(pattern: Pattern) -> tuple[int, int, int, int]:
    """Returns the rank in flask-cors's order: literal paths, compiled expressions, others; in each, most segments first."""
    if isinstance(pattern, re.Pattern):
        return 1, 0, -pattern.pattern.count("/"), -len(pattern.pattern)
    _text(pattern)
    return int(_is_regex(pattern)), 1, -pattern.count("/"), -len(pattern)


_Matches = Callable[[str], object]


def _matchers(pattern: Pattern) -> tuple[_Matches, _Matches | None]:
    """Returns what matches a path, and what matches a folded one, unless the pattern is an expression:
    that says itself which case it means."""
    matcher = _matcher(pattern)
    is_literal = isinstance(pattern, str) and (not _is_regex(pattern) or not _is_regex(pattern.removesuffix("/*")))
    return matcher, _matcher(folded(pattern)) if is_literal and isinstance(pattern, str) else None


def _matcher(pattern: Pattern) -> _Matches:
    if isinstance(pattern, re.Pattern):
        return pattern.match
    text = _text(pattern)
    if not _is_regex(text):
        return text.__eq__
    if text in _EVERY_PATH:
        return lambda path: True
    # As an expression, `/api/*` also matches `/apis`. People write it for the paths below `/api`.
    if text.endswith("/*") and not _is_regex(text[:-2]):
        prefix = text[:-1]
        return lambda path: path.startswith(prefix) or path == prefix[:-1]
    try:
        return re.compile(text).match
    except re.error as error:
        raise ValueError(f"resources: {text!r} is no regular expression: {error}") from None


def _is_regex(text: str) -> bool:
    return not REGEX_CHARACTERS.isdisjoint(text)


def _text(pattern: object) -> str:
    if not isinstance(pattern, str):
        raise TypeError(f"resources: a str or a compiled pattern is expected, not {type(pattern).__name__}")
    return pattern
