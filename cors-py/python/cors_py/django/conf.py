"""The settings: those of django-cors-headers, or a policy."""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple, cast

from django.conf import settings
from django.core.signals import setting_changed

from .._errors import ConfigError, Problem
from .._native import OriginRegex, Policy
from .._paths import not_a_path
from .._peers import peer_policy, refusal, regex_text
from .._settings import Settings, checked_bool, is_list, kept, meant, misnamed
from .._site import NO_POLICY, Site
from .defaults import default_headers, default_methods

# The older names, which django-cors-headers still reads if the newer one is not set.
_ALIASES = {
    "CORS_ALLOW_ALL_ORIGINS": "CORS_ORIGIN_ALLOW_ALL",
    "CORS_ALLOWED_ORIGINS": "CORS_ORIGIN_WHITELIST",
    "CORS_ALLOWED_ORIGIN_REGEXES": "CORS_ORIGIN_REGEX_WHITELIST",
}

# The settings of a policy, in django-cors-headers's names except for the last two.
_POLICY = (
    "CORS_ALLOW_ALL_ORIGINS",
    "CORS_ALLOWED_ORIGINS",
    "CORS_ALLOWED_ORIGIN_REGEXES",
    "CORS_ALLOW_METHODS",
    "CORS_ALLOW_HEADERS",
    "CORS_ALLOW_CREDENTIALS",
    "CORS_EXPOSE_HEADERS",
    "CORS_PREFLIGHT_MAX_AGE",
    "CORS_ALLOW_PRIVATE_NETWORK",
    "CORS_PREFLIGHT_STATUS",
    "CORS_ACCEPT_RISKS",
)
_OTHERS = (
    "CORS_URLS_REGEX",
    "CORS_POLICY",
    "CORS_POLICIES",
    "CORS_SHADOW_POLICY",
    "CORS_ENFORCE",
    "CORS_OWN_ORIGINS",
    "CORS_PASSTHROUGH",
)

_KNOWN = frozenset({*_POLICY, *_OTHERS, *_ALIASES.values()})

# Settings that django-cors-headers no longer reads, with advice.
_REMOVED = {
    "CORS_MODEL": "connect a receiver to cors_py.django.check_request_enabled",
    "CORS_REPLACE_HTTPS_REFERER": "write the origins into CSRF_TRUSTED_ORIGINS",
}


class Configuration(NamedTuple):
    """The settings that a request depends on."""

    site: Site
    urls_regex: re.Pattern[str] | None
    """The pattern that the paths with CORS begin with; None for all paths."""


_configuration: Configuration | None = None
_lock = threading.Lock()


def configuration() -> Configuration:
    """Returns the configuration, which is read when it is first asked for. Raises `ConfigError` and `TypeError`."""
    global _configuration
    if _configuration is None:
        with _lock:
            if _configuration is None:
                _configuration = read()
    return _configuration


def current_site() -> Site:
    """Returns the site that the settings make, to swap its policies and to read its counts."""
    return configuration().site


def read() -> Configuration:
    """Reads the settings as they are now."""
    policy, policies, regex = _policies()
    shadow = _given("CORS_SHADOW_POLICY")
    try:
        site = Site(
            policy,
            policies=policies,
            shadow=None if shadow is None else _policy_in("CORS_SHADOW_POLICY", shadow),
            enforce=_bool("CORS_ENFORCE"),
            own_origins=_list("CORS_OWN_ORIGINS", ()),
            passthrough=_bool("CORS_PASSTHROUGH"),
            allow_origin_regex=regex,
        )
    except (TypeError, ValueError) as error:
        names = {"own_origins:": "CORS_OWN_ORIGINS:", "policies:": "CORS_POLICIES:"}
        first = str(error).partition(" ")[0]
        if first in names and not isinstance(error, ConfigError):
            raise type(error)(str(error).replace(first, names[first], 1)) from None
        raise
    return Configuration(site, _urls_regex())


def name_in_use(name: str) -> str:
    """Returns the setting's name, or the older name if that one is set."""
    older = _ALIASES.get(name)
    return older if older is not None and not hasattr(settings, name) and hasattr(settings, older) else name


def unknown_settings() -> list[tuple[str, str | None]]:
    """Returns each `CORS_*` that has no effect, with the name that is perhaps meant."""
    names = [name for name in dir(settings) if name.startswith("CORS_") and name not in {*_KNOWN, *_REMOVED}]
    refused = {problem.field for problem in _refusals()}
    return [(name, meant(name, _KNOWN)) for name in names if name not in refused]


def _policies() -> tuple[Policy | None, dict[str, Policy], OriginRegex | None]:
    policy = _given("CORS_POLICY")
    policies = _given("CORS_POLICIES")
    if policy is None and policies is None:
        policy, regex = _policy_of_settings()
        return policy, {}, regex
    refusals = list(_refusals())
    others = [name_in_use(name) for name in (*_POLICY, "CORS_URLS_REGEX") if hasattr(settings, name_in_use(name))]
    for name in others:
        value = getattr(settings, name)
        refusals.append(refusal(name, value, "CORS_POLICY and CORS_POLICIES say it all", "remove it"))
    if refusals:
        raise ConfigError(tuple(refusals))
    if policies is not None and not isinstance(policies, Mapping):
        raise TypeError(f"CORS_POLICIES: a dict of paths and policies is expected, not {type(policies).__name__}")
    by_path = cast("Mapping[str, object]", policies or {})
    return (
        None if policy is None else _policy_in("CORS_POLICY", policy),
        {path: _policy_in(f"CORS_POLICIES[{path!r}]", given) for path, given in by_path.items()},
        None,
    )


def _policy_in(name: str, given: object) -> Policy:
    if isinstance(given, Policy):
        return given
    if isinstance(given, (str, os.PathLike)):
        return Policy.from_file(cast("str | os.PathLike[str]", given))
    advice = NO_POLICY if given is None else ""
    raise TypeError(f"{name}: a Policy or the path of a policy file is expected, not {type(given).__name__}{advice}")


def _policy_of_settings() -> tuple[Policy, OriginRegex | None]:
    every = _bool("CORS_ALLOW_ALL_ORIGINS")
    regexes = [] if every else _regexes()
    max_age = _given("CORS_PREFLIGHT_MAX_AGE", 86400)
    if max_age is None or isinstance(max_age, bool):
        raise TypeError(f"CORS_PREFLIGHT_MAX_AGE: a number of seconds is expected, not {max_age}; write 0 to send none")
    is_negative = isinstance(max_age, int) and max_age < 0
    own: Settings = {
        "allow_origins": ["*"] if every else _list("CORS_ALLOWED_ORIGINS", ()),
        "allow_methods": _list("CORS_ALLOW_METHODS", default_methods),
        "allow_headers": _list("CORS_ALLOW_HEADERS", default_headers),
        "expose_headers": _list("CORS_EXPOSE_HEADERS", ()),
        "allow_credentials": _bool("CORS_ALLOW_CREDENTIALS"),
        "max_age": None if max_age == 0 or is_negative else max_age,
        "allow_private_network": _bool("CORS_ALLOW_PRIVATE_NETWORK"),
        "preflight_status": _given("CORS_PREFLIGHT_STATUS", 204),
        "accept_risks": _list("CORS_ACCEPT_RISKS", ()),
    }
    names = {
        "allow_origins": name_in_use("CORS_ALLOW_ALL_ORIGINS" if every else "CORS_ALLOWED_ORIGINS"),
        "allow_origin_regex": name_in_use("CORS_ALLOWED_ORIGIN_REGEXES"),
        "allow_methods": "CORS_ALLOW_METHODS",
        "allow_headers": "CORS_ALLOW_HEADERS",
        "expose_headers": "CORS_EXPOSE_HEADERS",
        "allow_credentials": "CORS_ALLOW_CREDENTIALS",
        "max_age": "CORS_PREFLIGHT_MAX_AGE",
        "allow_private_network": "CORS_ALLOW_PRIVATE_NETWORK",
        "preflight_status": "CORS_PREFLIGHT_STATUS",
        "accept_risks": "CORS_ACCEPT_RISKS",
    }
    texts = [regex_text(names["allow_origin_regex"], regex) for regex in regexes]
    refusals = list(_refusals())
    if is_negative:
        refusals.append(
            refusal(
                "CORS_PREFLIGHT_MAX_AGE",
                max_age,
                "fewer than no seconds",
                "write 0, so that browsers keep a preflight for the few seconds of their own",
            )
        )
    return peer_policy(own, texts, names, refusals, whole={"allow_origins": True} if every else {})


def _regexes() -> list[Any]:
    name = "CORS_ALLOWED_ORIGIN_REGEXES"
    value = _list(name, ())
    if not is_list(value):
        raise TypeError(f"{name_in_use(name)}: a list of expressions is expected, not {value!r}; write [{value!r}]")
    return [*value]


def _refusals() -> Iterable[Problem]:
    """Yields the settings that are gone, and those whose names are nearly those of settings (A11)."""
    has_policy = hasattr(settings, "CORS_POLICY") or hasattr(settings, "CORS_POLICIES")
    for name in dir(settings):
        close = None if name in _REMOVED else misnamed(name, _KNOWN)
        # A project may have such a name of its own, to give its value to the setting, or to a policy.
        if close is None or hasattr(settings, name_in_use(close)) or (has_policy and close not in _OTHERS):
            continue
        yield refusal(name, getattr(settings, name), "not a setting", f"write {close}, or remove it")
    for name, advice in _REMOVED.items():
        if hasattr(settings, name):
            value = getattr(settings, name)
            yield refusal(
                name, value, "this setting is gone, from django-cors-headers, too", f"remove it, and {advice}"
            )


def _urls_regex() -> re.Pattern[str] | None:
    given = _given("CORS_URLS_REGEX")
    if given is None or isinstance(given, re.Pattern):
        return cast("re.Pattern[str] | None", given)
    if not isinstance(given, str):
        raise TypeError(f"CORS_URLS_REGEX: a str or a compiled pattern is expected, not {type(given).__name__}")
    if given == r"^.*$":
        return None
    try:
        expression = re.compile(given)
    except re.error as error:
        raise ValueError(f"CORS_URLS_REGEX: {given!r} is not a regular expression: {error}") from None
    advice = not_a_path(given)
    if advice is not None:
        raise ValueError(f"CORS_URLS_REGEX: {given!r}: {advice}")
    return expression


def _given(name: str, default: Any = None) -> Any:
    return getattr(settings, name_in_use(name), default)


def _bool(name: str) -> bool:
    return checked_bool(name_in_use(name), _given(name, False))


_taken: dict[str, tuple[Iterator[Any], list[Any]]] = {}
"""Each setting that is an iterator, with its entries, which it returns only once: the system checks read the settings, too."""


def _list(name: str, default: Iterable[Any]) -> Any:
    """Returns a list of the settings. A value of another type is passed on: the policy refuses it with advice."""
    value = _given(name, default)
    if isinstance(value, Iterator):
        taken = _taken.get(name)
        if taken is None or taken[0] is not value:
            taken = _taken[name] = (cast("Iterator[Any]", value), kept(name_in_use(name), value))
        return taken[1]
    return [*value] if is_list(value) else value


def _on_setting_changed(*, setting: str, **_: object) -> None:
    """Forgets the configuration, so that `override_settings` takes effect at once."""
    global _configuration
    if setting.startswith("CORS_"):
        with _lock:
            _configuration = None


setting_changed.connect(_on_setting_changed, dispatch_uid="cors_py.django")
