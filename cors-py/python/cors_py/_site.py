"""What every adapter does with a request: which policy it falls under, what is answered at once, what is counted.

An adapter asks its `Site`: `rules` once per request, `rules.policy_for(path)`, `policy.evaluate(...)`, and, unless the
decision `is_routine`, `review`. It sends the `Answer` that it gets, or else the application's response, with the decision's
fields in either.
"""

from __future__ import annotations

import functools
import logging
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from ._names import Denial
from ._native import Decision, OriginRegex, Policy, Tally, describe

if TYPE_CHECKING:
    from ._native import _Headers

Verdict = Denial | None

_PHRASED = {status.value for status in HTTPStatus}


class Answer:
    """A response that the application has no part in: its status, its body, and the fields that go with that."""

    __slots__ = ("asgi_headers", "body", "headers", "status", "status_line")

    def __init__(self, status: int, body: bytes) -> None:
        self.status = status
        self.body = body
        self.headers: list[tuple[str, str]] = []
        if body:
            self.headers += [("content-type", "text/plain; charset=utf-8"), ("content-length", str(len(body)))]
        elif status != 204:
            self.headers += [("content-length", "0")]
        phrase = HTTPStatus(status).phrase if status in _PHRASED else "OK"
        self.status_line = f"{status} {phrase}"
        self.asgi_headers = [(name.encode(), value.encode()) for name, value in self.headers]


@functools.cache
def _answer(status: int, denial: Denial | None = None) -> Answer:
    return Answer(status, b"" if denial is None else f"CORS: {denial.message}\n".encode())


class Rules:
    """Which policy a path falls under (A9). Immutable."""

    __slots__ = ("_by_prefix", "_lengths", "only", "shadow")

    def __init__(
        self,
        policy: Policy | None = None,
        policies: Mapping[str, Policy] | None = None,
        shadow: Policy | None = None,
    ) -> None:
        by_prefix = {_prefix(path): policy for path, policy in (policies or {}).items()}
        if policy is not None:
            by_prefix.setdefault("", policy)
        for member in (*by_prefix.values(), shadow):
            if member is not None and not isinstance(member, Policy):
                raise TypeError(f"a Policy is expected, not {type(member).__name__}")
        self.only = policy if list(by_prefix) == [""] else None
        """The one policy of every path, if there is one."""
        self.shadow = shadow
        """A policy to be tried beside the others, without effect (A8)."""
        self._by_prefix = by_prefix
        self._lengths = sorted({len(prefix) for prefix in by_prefix}, reverse=True)

    @property
    def policies(self) -> list[Policy]:
        """All but the shadow."""
        return list(self._by_prefix.values())

    def policy_for(self, path: str) -> Policy | None:
        """The policy with the longest prefix of the path that ends at a segment. `path` is decoded, once."""
        if self.only is not None:
            return self.only
        for length in self._lengths:
            if length == len(path) or path[length : length + 1] == "/":
                policy = self._by_prefix.get(path[:length])
                if policy is not None:
                    return policy
        return None


def _prefix(path: str) -> str:
    if path and not path.startswith("/"):
        raise ValueError(f"policies: {path!r} is no path; write {'/' + path!r}")
    for character in "*?#%":
        if character in path:
            raise ValueError(
                f"policies: {path!r}: a prefix such as '/api' stands for all below it, and is written decoded; "
                f"remove the {character!r}"
            )
    return path.rstrip("/")


class Site:
    """The policies of an application, and what came of them. Adapters share one, or make their own.

    - `policy` is for every path; `policies` for those below a prefix, the longest of which counts.
    - `shadow` is evaluated beside them, without effect: what it would decide otherwise is counted and logged.
    - `enforce` answers 403 to an actual request that is denied. CORS leaves that to the browser. A request from the
      site's own pages is never refused.
    - `passthrough` leaves preflights to the application, and adds the fields.
    - `allow_origin` is asked for an origin that no pattern allows, and `allow_origin_regex` before it.

    >>> from cors_py import Policy, Site
    >>> site = Site(Policy(allow_origins=["https://app.example.com"]), policies={"/public": Policy(allow_origins=["*"])})
    >>> site.swap(Policy(allow_origins=["https://new.example.com"]))
    >>> sum(site.denials.values())
    0
    """

    def __init__(
        self,
        policy: Policy | None = None,
        *,
        policies: Mapping[str, Policy] | None = None,
        shadow: Policy | None = None,
        enforce: bool = False,
        passthrough: bool = False,
        allow_origin: Callable[[str], Any] | None = None,
        allow_origin_regex: OriginRegex | None = None,
        logger: logging.Logger | None = None,
    ) -> None:
        if policy is None and not policies:
            raise TypeError("a policy is missing; Policy() allows nothing")
        self.rules = Rules(policy, policies, shadow)
        """What counts now. A request reads it once, and so sees one policy throughout (A4)."""
        self.enforce = enforce
        self.passthrough = passthrough
        if isinstance(allow_origin, OriginRegex):
            allow_origin, allow_origin_regex = None, allow_origin
        self.allow_origin = allow_origin
        self.allow_origin_regex = allow_origin_regex
        """To be given to `Policy.evaluate`."""
        self._logger = logger if logger is not None else logging.getLogger("cors_py")
        self._tally = Tally()
        self._differences: Counter[tuple[Verdict, Verdict]] = Counter()
        self._lock = threading.Lock()

    def swap(
        self,
        policy: Policy | None = None,
        *,
        policies: Mapping[str, Policy] | None = None,
        shadow: Policy | None = None,
    ) -> None:
        """Puts these in the place of all that there were, at once. Requests under way keep what they began with."""
        if policy is None and not policies:
            raise TypeError("a policy is missing; Policy() allows nothing")
        self.rules = Rules(policy, policies, shadow)

    @property
    def denials(self) -> dict[Denial, int]:
        """How many requests were denied, by reason (A5)."""
        return self._tally.counts()

    @property
    def differences(self) -> dict[tuple[Verdict, Verdict], int]:
        """How often the shadow's verdict was another: the policy's and the shadow's, None for allowed (A8)."""
        with self._lock:
            return dict(self._differences)

    def decide(self, policy: Policy, method: str, headers: _Headers) -> Decision:
        """The decision, with what regular expressions and `allow_origin` say (E12). For adapters that do not wait."""
        decision = policy.evaluate(method, headers, self.allow_origin_regex)
        if self.allow_origin is not None and decision.denial is Denial.ORIGIN_NOT_ALLOWED:
            return policy.evaluate(method, headers, self.allow_origin)
        return decision

    def review(
        self,
        decision: Decision,
        shadow: Policy | None,
        method: str,
        path: str,
        headers: _Headers,
    ) -> Answer | None:
        """What is to be done about a decision that is not routine, or beside which there is a shadow: counts and logs it,
        and tells what to answer in the application's place."""
        if shadow is not None:
            self._compare(decision, shadow, method, path, headers)
        denial = self._tally.count(decision)
        if denial is not None and self._logger.isEnabledFor(logging.INFO):
            self._logger.info("denied, %s: %s", denial.value, describe(method, path, headers))
        status = decision.status
        if status is not None:
            return None if self.passthrough else _answer(status, denial if status == 403 else None)
        if self.enforce and denial is not None:
            return _answer(403, denial if method != "HEAD" else None)
        return None

    def _compare(self, decision: Decision, shadow: Policy, method: str, path: str, headers: _Headers) -> None:
        would = shadow.evaluate(method, headers).denial
        if would == decision.denial:
            return
        with self._lock:
            self._differences[decision.denial, would] += 1
        if self._logger.isEnabledFor(logging.INFO):
            names = [verdict.value if verdict is not None else "allowed" for verdict in (decision.denial, would)]
            self._logger.info("%s, and by the shadow %s: %s", *names, describe(method, path, headers))


def site_of(
    site: Site | None,
    policy: Policy | None,
    settings: Mapping[str, object],
    compiled: Callable[[], tuple[Policy, OriginRegex | None]],
    *,
    policies: Mapping[str, Policy] | None,
    shadow: Policy | None,
    enforce: bool,
    passthrough: bool,
    allow_origin: Callable[[str], Any] | None,
    logger: logging.Logger | None,
) -> Site:
    """What a middleware's arguments come to: `site`, or else one of their own, whose policy is `policy` or what the
    settings are `compiled` to. Raises `TypeError` where they say the same thing twice."""
    if site is not None:
        if settings or policy or policies or shadow or enforce or passthrough or allow_origin or logger:
            raise TypeError("site has the policies; write the other arguments there")
        return site
    regex = None
    if settings or (policy is None and not policies):
        if policy is not None:
            raise TypeError(f"policy has them all; remove {', '.join(settings)}")
        policy, regex = compiled()
    return Site(
        policy,
        policies=policies,
        shadow=shadow,
        enforce=enforce,
        passthrough=passthrough,
        allow_origin=allow_origin,
        allow_origin_regex=regex,
        logger=logger,
    )
