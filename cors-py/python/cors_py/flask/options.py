"""The options of flask-cors, and the policy compiled from them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, MutableMapping
from datetime import timedelta
from typing import Any, TypedDict, TypeVar, cast

from .._errors import ConfigError, Problem
from .._names import Risk
from .._native import Policy
from .._peers import is_compiled, peer_policy, refusal, regex_text
from .._settings import Settings, any_alone, any_header, checked_bool, kept, meant, misnamed
from .resources import REGEX_CHARACTERS, Pattern, with_regex

_Names = str | Iterable[str] | None


class RouteOptions(TypedDict, total=False):
    """The options of flask-cors for a route, and the settings of a `Policy` for which flask-cors has no name."""

    origins: Pattern | Iterable[Pattern]
    methods: _Names
    allow_headers: _Names
    expose_headers: _Names
    supports_credentials: bool
    max_age: timedelta | int | str | None
    send_wildcard: bool
    vary_header: bool
    automatic_options: bool
    always_send: bool
    allow_private_network: bool
    preflight_status: int
    accept_risks: Iterable[Risk | str]


class Options(RouteOptions, total=False):
    """The options of flask-cors for an application."""

    resources: Pattern | Iterable[Pattern] | Mapping[Pattern, Mapping[str, Any]]
    intercept_exceptions: bool


_GivenOptions = TypeVar("_GivenOptions", RouteOptions, Options)

_BOOLEANS = frozenset(
    {
        "allow_private_network",
        "always_send",
        "automatic_options",
        "intercept_exceptions",
        "send_wildcard",
        "supports_credentials",
        "vary_header",
    }
)

# The defaults of flask-cors that are not None or False.
_DEFAULTS: Options = {
    "origins": "*",
    "methods": ["GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE"],
    "allow_headers": "*",
    "vary_header": True,
    "automatic_options": True,
    "resources": "/*",
    "intercept_exceptions": True,
    "always_send": True,
}
_KNOWN = frozenset(Options.__annotations__) | frozenset(RouteOptions.__annotations__)

# The names of the options in the configuration.
_SETTINGS = frozenset(f"CORS_{name.upper()}" for name in _KNOWN)


def _option(setting: str) -> str:
    return setting.removeprefix("CORS_").lower()


# The other arguments of `CORS` and `cross_origin`.
_ARGUMENTS = frozenset(
    {
        "allow_origin",
        "enforce",
        "handle_errors",
        "logger",
        "own_origins",
        "passthrough",
        "policies",
        "policy",
        "shadow",
        "site",
    }
)

# The options' names for the settings of a policy.
_NAMES = {
    "allow_origins": "origins",
    "allow_origin_regex": "origins",
    "allow_methods": "methods",
    "allow_credentials": "supports_credentials",
}


def merged_options(config: Mapping[str, Any], *options: Mapping[str, Any]) -> Options:
    """Merges the defaults, `CORS_*` of the application's configuration, and the options; the last value counts."""
    _check_names(config, options)
    merged: dict[str, Any] = dict(_DEFAULTS)
    for name in _KNOWN:
        setting = f"CORS_{name.upper()}"
        value = config.get(setting)
        if value is None:
            continue
        if isinstance(value, Iterator):
            # The configuration is read for each route, and an iterator returns its entries only once.
            value = kept(setting, value)
            if isinstance(config, MutableMapping):
                config[setting] = value
        if name in _BOOLEANS:
            checked_bool(setting, value, f"; in the environment FLASK_{setting}=true or false, as JSON has them")
        merged[name] = value
    for given in options:
        for name, value in given.items():
            if name not in _KNOWN:
                raise TypeError(f"{name!r} is not an option of CORS{_meant(name)}")
            if name in _BOOLEANS:
                checked_bool(name, value)
            elif value is None and name in ("origins", "methods", "allow_headers", "resources"):
                raise TypeError(
                    f"{name}: a name or a list of them is expected, not None; write [], or leave the option out"
                )
        merged.update(given)
    return cast(Options, merged)


def _check_names(config: Mapping[str, Any], options: Iterable[Mapping[str, Any]]) -> None:
    """Raises `TypeError` for a name of the configuration that is nearly a setting's (A11). An application may have such a name of
    its own, and give its value as an argument."""
    for name in config:
        close = misnamed(str(name), _SETTINGS)
        if close is not None and config.get(close) is None and not any(_gives(given, close) for given in options):
            raise TypeError(f"{name} is not a setting; write {close}, or remove it")


def _gives(options: Mapping[str, Any], setting: str) -> bool:
    """Returns true if the options, or those of one of their resources, have what the setting is for."""
    resources = options.get("resources")
    inner = cast("Mapping[object, object]", resources).values() if isinstance(resources, Mapping) else ()
    return any(isinstance(each, Mapping) and _option(setting) in each for each in (options, *inner))


def taken(options: _GivenOptions) -> _GivenOptions:
    """Returns the options with each iterator's entries in a list: they are read for each application and each resource."""
    return cast(_GivenOptions, {name: kept(name, value) for name, value in options.items()})


def unknown_configuration(config: Mapping[str, Any]) -> list[str]:
    """Returns a warning for each `CORS_*` of the configuration that has no effect."""
    names = [name for name in config if str(name).startswith("CORS_") and name not in _SETTINGS]
    return [f"{name} has no effect{_meant(_option(name), 'CORS_')}" for name in names]


def _meant(name: str, prefix: str = "") -> str:
    close = meant(name, _KNOWN if prefix else _KNOWN | _ARGUMENTS)
    return f"; perhaps {prefix + (close.upper() if prefix else close)} is meant" if close else ""


def check_alone(options: Mapping[str, Any]) -> None:
    """Raises `ConfigError` with the problems of these options that no configuration mends, and `TypeError`."""
    try:
        policy_of_options(merged_options({}, options))
    except ConfigError as error:
        # A risk may be accepted there, and an option that is refused may not be refused together with others.
        problems = [problem for problem in error.problems if problem.field in options]
        lasting = tuple(problem for problem in problems if problem.risk is None and problem.kind != "Unsupported")
        if lasting:
            raise ConfigError(lasting) from None


def policy_of_options(options: Options) -> Policy:
    """Raises `ConfigError` with every problem and every option that is not supported, `TypeError` for a wrong type."""
    options = taken(options)
    patterns, regexes = _origins(options.get("origins"))
    origins = list(patterns.values())
    credentials = _setting(options, "supports_credentials", False)
    settings: Settings = {
        "allow_origins": origins,
        "allow_methods": any_alone([name.upper() for name in _names("methods", options.get("methods"))]),
        "allow_headers": any_header(_names("allow_headers", options.get("allow_headers"))),
        "expose_headers": _names("expose_headers", options.get("expose_headers")),
        "allow_credentials": credentials,
        "max_age": _seconds(options.get("max_age")),
        "allow_private_network": _setting(options, "allow_private_network", False),
        "preflight_status": _setting(options, "preflight_status", 204),
        "accept_risks": _setting(options, "accept_risks", ()),
    }
    is_constant = origins == ["*"] and not credentials
    positions = {"allow_origins": list(patterns), "allow_origin_regex": list(regexes)}
    refusals = list(_refusals(options, is_constant))
    return with_regex(*peer_policy(settings, list(regexes.values()), _NAMES, refusals, positions))


def _refusals(options: Options, is_constant: bool) -> Iterable[Problem]:
    """Yields the options of flask-cors that this package refuses. `is_constant`: every response has the same fields."""
    if not options.get("vary_header", True) and not is_constant:
        yield refusal(
            "vary_header",
            False,
            "a cache would answer one origin with another's response",
            "remove it: Vary is sent where the response depends on the origin, and nowhere else",
        )
    if not options.get("always_send", True) and is_constant:
        yield refusal(
            "always_send",
            False,
            "a cache would answer a page with the response to a request without Origin, which has no field",
            "remove it: any origin is allowed with the same field in every response",
        )
    if not options.get("intercept_exceptions", True):
        yield refusal(
            "intercept_exceptions",
            False,
            "a page could not read an error, and its developer would see a CORS error in its place",
            "remove it: every response has the fields",
        )
    if options.get("send_wildcard") and not is_constant and "*" in _listed("origins", options.get("origins")):
        yield refusal(
            "send_wildcard",
            True,
            "browsers refuse * in a response with credentials",
            "list the origins, or remove supports_credentials",
        )

    for name in _listed("allow_headers", options.get("allow_headers") or ()):
        if _is_regex_of_names(name):
            yield refusal(
                "allow_headers",
                name,
                "regular expressions of header names are not supported, because a browser is told names",
                "list the names, or write '*' for any",
            )


def _is_regex_of_names(name: object) -> bool:
    if isinstance(name, str):
        return name not in ("*", ".*") and not REGEX_CHARACTERS.isdisjoint(name)
    return is_compiled(name)


def _origins(given: object) -> tuple[dict[int, str], dict[int, str]]:
    """Returns origins and patterns, then expressions, each by its place in the list."""
    patterns: dict[int, str] = {}
    regexes: dict[int, str] = {}
    for index, origin in enumerate(_listed("origins", given)):
        if origin in ("*", ".*"):
            return {index: "*"}, {}
        if isinstance(origin, str) and not _is_regex(origin):
            patterns[index] = origin
        else:
            regexes[index] = regex_text("origins", origin, ignore_case=True)
    return patterns, regexes


def _is_regex(origin: str) -> bool:
    """Returns true for a text that flask-cors reads as an expression, but not for a pattern like `https://*.example.com`."""
    if REGEX_CHARACTERS.isdisjoint(origin) or _is_several(origin):
        return False
    before, star, _ = origin.partition("*")
    if star and not before.endswith((".", "]", ")")) and (REGEX_CHARACTERS - {"*"}).isdisjoint(origin):
        return False
    problems = Policy.check(allow_origins=[origin], accept_risks=list(Risk))
    return bool(problems)


def _is_several(text: str) -> bool:
    """Returns true for a list in a text, such as `["https://a.example"]` of an environment: no expression for origins has a quotation
    mark at its beginning, or a comma but in `{1,3}`. The policy refuses it with advice."""
    begins = text.lstrip(" [").startswith(("'", '"'))
    return begins or "," in re.sub(r"\{\d*,\d*\}|\[[^\]]*\]", "", text)


def _names(field: str, given: object) -> list[str]:
    """Returns the names of an option that is a name or a list of names."""
    if given is None and field == "expose_headers":
        return []
    names: list[str] = []
    for name in _listed(field, given):
        if is_compiled(name) and field == "allow_headers":
            continue  # `_refusals` reports an expression.
        if not isinstance(name, str):
            raise TypeError(f"{field}: a name or a list of names is expected, not {_type(name)} in it")
        names.append("*" if name == ".*" else name)
    return names


def _listed(field: str, given: object) -> list[Any]:
    kind = type(given).__name__
    if isinstance(given, str) or is_compiled(given):
        return [given]
    is_list = isinstance(given, Iterable) and not isinstance(given, (bytes, bytearray, Mapping))
    if not is_list:
        raise TypeError(f"{field}: a str or a list of them is expected, not {kind}")
    entries = list(cast("Iterable[Any]", given))
    # A set has no order; the same configuration makes the same policy.
    return sorted(entries, key=str) if isinstance(given, (set, frozenset)) else entries


def _type(value: object) -> str:
    return type(value).__name__


def _setting(options: Options, name: str, default: Any) -> Any:
    """Returns a setting that a policy has as well: the policy checks it. In flask-cors, None means the default."""
    given = options.get(name)
    return default if given is None else given


def _seconds(max_age: object) -> int | None:
    if isinstance(max_age, timedelta):
        return int(max_age.total_seconds())
    if isinstance(max_age, str):
        try:
            return int(max_age)
        except ValueError:
            raise TypeError(f"max_age: a number of seconds is expected, not {max_age!r}") from None
    if max_age is None or (isinstance(max_age, int) and not isinstance(max_age, bool)):
        return max_age
    raise TypeError(
        f"max_age: a number of seconds or a timedelta is expected, not {_type(max_age)}; write it like 7200"
    )
