"""The part that all adapters share: it finds the policy of a request, answers where that is due, and counts denials.

An adapter asks its `Site`: `rules` once per request, `rules.policy_for(path)` (for WSGI `rules.policy_of(environ)`), `policy.evaluate(...)`, and, unless the
decision `is_routine`, `review`. It sends the `Answer` that it gets, or else the application's response, with the decision's
fields in either.
"""

from __future__ import annotations

import functools
import logging
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from http import HTTPStatus
from typing import Any, cast

from ._errors import ConfigError
from ._names import Denial
from ._native import (
    Decision,
    OriginRegex,
    Policy,
    Prefixes,
    Tally,
    check_origin,
    describe,
    is_same_origin,
)
from ._paths import Way, environ_way, joined, same_policy
from ._peers import Regexes, regex_texts
from ._settings import Settings, checked_bool, checked_callable, is_async, is_list, kept, meant, open_risks
from ._typing import Headers

Verdict = Denial | None

NO_POLICY = "; write Policy(), which allows nothing, or leave the path out, where no shorter one has a policy"

_PHRASED = {status.value for status in HTTPStatus}


class Answer:
    """A response made without the application: its status, its body, and the fields that describe the body."""

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
    """Maps paths to policies (A9). Immutable."""

    __slots__ = ("_prefixes", "by_prefix", "only", "shadow")

    def __init__(
        self,
        policy: Policy | None = None,
        policies: Mapping[str, Policy] | None = None,
        shadow: Policy | None = None,
    ) -> None:
        if policies is not None and not isinstance(policies, Mapping):
            raise TypeError(
                f"policies: a dict of paths and policies is expected, not {type(policies).__name__}; "
                'write {"/public": Policy(...)}'
            )
        by_prefix = dict(policies or {})
        if policy is not None:
            by_prefix.setdefault("/", policy)
        named = [("policy", policy), *((f"policies[{path!r}]", member) for path, member in by_prefix.items())]
        for name, member in [*named, ("shadow", shadow)]:
            if not isinstance(member, Policy) and (member is not None or name.startswith("policies")):
                advice = NO_POLICY if member is None else "; write Policy(...)"
                raise TypeError(f"{name}: a Policy is expected, not {type(member).__name__}{advice}")
        self._prefixes = Prefixes(by_prefix)
        self.by_prefix: Mapping[Any, Policy] = by_prefix
        """The policies by the prefix of the paths that they are for."""
        self.only = policy if list(by_prefix) == ["/"] else None
        """The one policy of every path, if there is one."""
        self.shadow = shadow
        """A policy that is evaluated as well, without effect (A8)."""

    @property
    def policies(self) -> list[Policy]:
        """All policies except the shadow."""
        return list(self.by_prefix.values())

    def policy_for(self, path: str) -> Policy | None:
        """Returns the policy with the longest prefix of the path that ends at a segment. Where the path can be read in
        several ways, under different policies, it is one that denies every request as `Denial.AMBIGUOUS_PATH`.

        `path` is the one that the browser sent, the place where the application is mounted included, decoded, once."""
        return self.only or self._prefixes.policy_for(path)

    def policy_at(self, ways: Sequence[Way]) -> Policy | None:
        """Returns the policy for a path that is taken apart in these ways."""
        return self.only or same_policy(self._prefixes.policy_for(joined(*way)) for way in ways)

    def policy_of(self, environ: Mapping[str, Any]) -> Policy | None:
        """Returns the policy for the path of a WSGI request."""
        return self.policy_at([environ_way(environ)])


class Site:
    """The policies of an application, and the counts of what they denied. Adapters share one, or make their own.

    - `policy` is for every path; `policies` are for the paths below a prefix, the longest of which counts. Prefixes are of
      the paths that the browser sends: they begin with the place where the application is mounted. A request whose path
      can be read in several ways, under different policies, is denied.
    - `shadow` is evaluated as well, without effect: each request that it would decide otherwise is counted and logged.
    - `enforce` answers 403 to an actual request that is denied. CORS leaves that to the browser. A request from the
      site's own pages is never refused.
    - `own_origins` are the origins of those pages, for a server that does not see its own address, for example behind
      a proxy that ends TLS. They count where the browser sends no `Sec-Fetch-Site`.
    - `passthrough` leaves preflights to the application, and adds the fields to its answers.
    - `allow_origin` decides about an origin that neither a pattern nor `allow_origin_regex` allows.
      A policy with credentials needs expressions that are shown to confine the origin (P9).

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
        own_origins: Iterable[str] = (),
        passthrough: bool = False,
        allow_origin: Callable[[str], Any] | None = None,
        allow_origin_regex: OriginRegex | Regexes | None = None,
        logger: logging.Logger | None = None,
    ) -> None:
        if policy is None and not policies:
            raise TypeError("a policy is missing; Policy() allows nothing")
        # A method of an expression asks the expression, and has to be proved as it is (P9).
        owner = getattr(allow_origin, "__self__", None)
        if isinstance(owner, OriginRegex):
            allow_origin = owner
        if isinstance(allow_origin, OriginRegex):
            allow_origin, allow_origin_regex = None, allow_origin
        if allow_origin is not None:
            advice = "" if callable(allow_origin) else "; a list of origins is allow_origins"
            checked_callable("allow_origin", allow_origin, ["origin"], "a function of an origin", advice)
        if allow_origin_regex is not None and not isinstance(allow_origin_regex, OriginRegex):
            allow_origin_regex = OriginRegex(regex_texts("allow_origin_regex", allow_origin_regex))
        if logger is not None and not isinstance(logger, (logging.Logger, logging.LoggerAdapter)):
            raise TypeError(f"logger: a logging.Logger is expected, not {type(logger).__name__}")
        self.rules = _proved(Rules(policy, policies, shadow), allow_origin_regex)
        """The policies in force. A request reads this once, and so sees one policy throughout (A4)."""
        self.enforce = checked_bool("enforce", enforce)
        self.own_origins = _origins(own_origins)
        self.passthrough = checked_bool("passthrough", passthrough)
        self.allow_origin = allow_origin
        self.allow_origin_regex = allow_origin_regex
        """The argument `allow_origin` for `Policy.evaluate`."""
        self._logger = logger if logger is not None else logging.getLogger("cors_py")
        self.is_logged = self._logger.isEnabledFor
        """Returns true if the log takes messages of this level."""
        self.tally = Tally()
        """The counts behind `denials`."""
        self._has_told_of_proxies = False
        self._differences: Counter[tuple[Verdict, Verdict]] = Counter()
        self._lock = threading.Lock()

    def __repr__(self) -> str:
        rules = self.rules
        arguments = [repr(rules.only)] if rules.only is not None else [f"policies={rules.by_prefix!r}"]
        if rules.shadow is not None:
            arguments.append(f"shadow={rules.shadow!r}")
        arguments += [f"{name}=True" for name in ("enforce", "passthrough") if getattr(self, name)]
        if self.own_origins:
            arguments.append(f"own_origins={self.own_origins!r}")
        for name in ("allow_origin", "allow_origin_regex"):
            if getattr(self, name) is not None:
                arguments.append(f"{name}={getattr(self, name)!r}")
        return f"Site({', '.join(arguments)})"

    def swap(
        self,
        policy: Policy | None = None,
        *,
        policies: Mapping[str, Policy] | None = None,
        shadow: Policy | None = None,
    ) -> None:
        """Replaces all policies by these, at once. A request that has begun keeps the policy that it began with."""
        if policy is None and not policies:
            raise TypeError("a policy is missing; Policy() allows nothing")
        self.rules = _proved(Rules(policy, policies, shadow), self.allow_origin_regex)

    @property
    def denials(self) -> dict[Denial, int]:
        """The number of requests denied, by reason (A5)."""
        return self.tally.counts()

    @property
    def differences(self) -> dict[tuple[Verdict, Verdict], int]:
        """How often the shadow's verdict differed, by the policy's and the shadow's; None is allowed (A8)."""
        with self._lock:
            return dict(self._differences)

    def decide(self, policy: Policy, method: str, headers: Headers) -> Decision:
        """Returns the decision, after regular expressions and `allow_origin` (E12). It is for adapters that do not await."""
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
        headers: Headers,
        scheme: str | None = None,
    ) -> Answer | None:
        """Counts and logs a decision that is not routine, or that a shadow is compared with, and returns the answer to
        send in the application's place, if there is one. `scheme` is the server's, if the headers are not an environ."""
        if shadow is not None:
            self._compare(decision, shadow, method, path, headers)
        denial = None if self.is_own(decision, headers, scheme) else self.tally.count(decision)
        if denial is not None and self.is_logged(logging.INFO):
            self.log(denial, method, path, headers)
        status = decision.status
        if status is not None:
            return None if self.passthrough else _answer(status, denial if status == 403 else None)
        if self.enforce and denial is not None:
            if not (self._has_told_of_proxies or self.own_origins) and _may_be_own(headers, scheme):
                self._has_told_of_proxies = True
                self._logger.warning("%s: %s", _BEHIND_A_PROXY, describe(method, path, headers))
            return _answer(403, denial if method != "HEAD" else None)
        return None

    def log(self, denial: Denial, method: str, path: str, headers: Headers) -> None:
        """Writes a denial into the log."""
        self._logger.info("denied, %s: %s", denial.value, describe(method, path, headers))

    def is_own(self, decision: Decision, headers: Headers, scheme: str | None) -> bool:
        """Returns true for an actual request that is denied and comes from the site's own pages (A6)."""
        if decision.denial is None or decision.kind != "actual":
            return False
        if scheme is None and not self.own_origins:
            return decision.same_origin
        return is_same_origin(headers, scheme, self.own_origins)

    def _compare(self, decision: Decision, shadow: Policy, method: str, path: str, headers: Headers) -> None:
        would = shadow.evaluate(method, headers).denial
        if would == decision.denial:
            return
        with self._lock:
            self._differences[decision.denial, would] += 1
        if self.is_logged(logging.INFO):
            names = [verdict.value if verdict is not None else "allowed" for verdict in (decision.denial, would)]
            self._logger.info("%s, and by the shadow %s: %s", *names, describe(method, path, headers))


_BEHIND_A_PROXY = (
    "enforce refused a request that is perhaps of the site's own pages: a server behind a proxy that ends TLS does not know the "
    "address that browsers see; name the site's origins in own_origins (CORS_OWN_ORIGINS in Django), or have the server read "
    "what the proxy forwards"
)


def _may_be_own(headers: Headers, scheme: str | None) -> bool:
    """Returns true for a request that may come from the site's own pages through a proxy which ends TLS or sends another host."""
    fields = _fields(headers)
    if "sec-fetch-site" in fields:
        return False
    hosts = [fields[name] for name in ("host", "x-forwarded-host") if name in fields]
    address = [("origin", fields.get("origin", ""))]
    return any(is_same_origin([*address, ("host", host)], "https", []) for host in hosts)


def _fields(headers: Headers) -> dict[str, str]:
    """Returns the fields by their names in lower case."""
    pairs: Iterable[tuple[Any, Any]] = (
        cast("Mapping[Any, Any]", headers).items() if isinstance(headers, Mapping) else headers
    )
    fields = {_text(name).lower(): _text(value) for name, value in pairs}
    if "request_method" in fields:
        # A WSGI environ.
        return {name[5:].replace("_", "-"): value for name, value in fields.items() if name.startswith("http_")}
    return fields


def _text(part: object) -> str:
    return part.decode("latin-1") if isinstance(part, bytes) else str(part)


def _origins(origins: Iterable[str]) -> list[str]:
    if isinstance(origins, (str, bytes)):
        raise TypeError(f"own_origins: several origins are expected, not {type(origins).__name__}; write [{origins!r}]")
    if not is_list(origins):
        raise TypeError(f"own_origins: several origins are expected, not {type(origins).__name__}; write a list")
    origins = list(kept("own_origins", origins))
    for origin in origins:
        if not isinstance(origin, str):
            raise TypeError(f"own_origins: a str is expected, not {type(origin).__name__}")
        try:
            check_origin(origin)
        except ValueError as error:
            raise ValueError(f"own_origins: {origin!r}: {error}{_advice_about(origin)}") from None
        if origin == "null" or origin.startswith("file:"):
            whose = "a page in a sandboxed frame, of any site," if origin == "null" else "any file that a person opens"
            raise ValueError(f"own_origins: {origin!r}: {whose} has this origin; write that of the site's pages")
    return origins


def _advice_about(origin: str) -> str:
    """Returns what a policy would advise for an origin that is none."""
    try:
        Policy(allow_origins=[origin])
    except ConfigError as refused:
        return "".join(f"; {problem.advice}" for problem in refused.problems[:1] if problem.advice)
    return ""


def origin_to_ask(policy: Policy, method: str, headers: Headers) -> str | None:
    """Returns the origin that the application decides about, as the engine asks (E12), or None: about `null` the engine asks
    only if the policy accepts `NullOrigin`, and about the scheme `file` only if it accepts `LocalFileOrigin`.
    """
    asked: list[str] = []

    def note(origin: str) -> bool:
        asked.append(origin)
        return False

    policy.evaluate(method, headers, note)
    return asked[0] if asked else None


def _proved(rules: Rules, regex: OriginRegex | None) -> Rules:
    """Returns the rules. Raises `ConfigError` if one accepts not every risk that the expressions have with it (P9)."""
    if regex is not None:
        for policy in rules.policies:
            problems = open_risks(regex, policy.accept_risks, has_credentials=policy.allow_credentials)
            if problems:
                raise ConfigError(tuple(problems))
    return rules


def checked_site(site: object) -> Site:
    """Returns a site. Raises `TypeError` for anything else."""
    if not isinstance(site, Site):
        raise TypeError(f"site: a Site is expected, not {type(site).__name__}; write Site(policy)")
    return site


def synchronous(site: Site) -> Site:
    """Returns the site. Raises `TypeError` if it has to await an answer about an origin."""
    if is_async(site.allow_origin):
        raise TypeError(
            "allow_origin: a coroutine function is for ASGI, and nothing awaits it here; write a function that returns "
            "True or False"
        )
    return site


_SETTINGS = frozenset(Settings.__annotations__) | {"allow_origin_regex"}
_ARGUMENTS = sorted(
    _SETTINGS
    | {"policy", "policies", "shadow", "enforce", "passthrough", "allow_origin", "logger", "site", "handle_errors"}
    | {"check_websocket_origin", "own_origins"}
)


def _meant(name: str) -> str:
    if name in _ARGUMENTS:
        return " here"
    close = meant(name, _ARGUMENTS)
    return f"; did you mean `{close}`?" if close else f"; the arguments are {', '.join(_ARGUMENTS)}"


def site_of(
    site: Site | None,
    policy: Policy | None,
    settings: Mapping[str, object],
    compiled: Callable[[], tuple[Policy, OriginRegex | None]],
    *,
    policies: Mapping[str, Policy] | None,
    shadow: Policy | None,
    enforce: bool,
    own_origins: Iterable[str],
    passthrough: bool,
    allow_origin: Callable[[str], Any] | None,
    logger: logging.Logger | None,
) -> Site:
    """Returns the site of a middleware's arguments: `site`, or a new one, whose policy is `policy` or the settings
    `compiled`. Raises `TypeError` where the arguments say the same thing twice."""
    if site is not None:
        checked_site(site)
        if (
            settings
            or policy
            or policies is not None
            or shadow
            or enforce
            or own_origins
            or passthrough
            or allow_origin
            or logger
        ):
            raise TypeError("site has the policies; write the other arguments there")
        return site
    regex = None
    if settings or (policy is None and policies is None):
        if policy is not None:
            raise TypeError(f"policy has them all; remove {', '.join(settings)}")
        for name in settings if policies is None else ():
            if name not in _SETTINGS:
                raise TypeError(f"unknown argument `{name}`{_meant(name)}")
        policy, regex = compiled()
    return Site(
        policy,
        policies=policies,
        shadow=shadow,
        enforce=enforce,
        own_origins=own_origins,
        passthrough=passthrough,
        allow_origin=allow_origin,
        allow_origin_regex=regex,
        logger=logger,
    )
