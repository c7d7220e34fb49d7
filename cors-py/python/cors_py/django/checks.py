"""System checks: they report problems of the settings before the first request."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning
from django.utils.module_loading import import_string

from .._errors import ConfigError, ImageError, Problem
from .conf import Configuration, read, unknown_settings
from .middleware import CorsMiddleware
from .signals import check_request_enabled

MIDDLEWARE = "cors_py.django.CorsMiddleware"


def check_settings(**_: Any) -> list[CheckMessage]:
    """Returns the messages of these checks.

    - `cors_py.E001` a problem of the policy, each by itself
    - `cors_py.E002` a setting of the wrong type
    - `cors_py.E003` a policy file that cannot be read
    - `cors_py.E004` django-cors-headers's middleware in addition to this one
    - `cors_py.W001` a `CORS_*` setting that has no effect
    - `cors_py.W002` a middleware before this one: it may answer a preflight, and its responses do not get the fields
    - `cors_py.W003` receivers of `check_request_enabled`, with credentials
    - `cors_py.W004` WhiteNoise's `*` on static files, which the policy of their path takes away
    - `cors_py.W005` `cors_py.django` in `INSTALLED_APPS`, and no middleware of it
    """
    messages: list[CheckMessage] = []
    try:
        configuration = read()
        site = configuration.site
    except ConfigError as error:
        messages.extend(_problem(problem) for problem in error.problems)
    except (OSError, ImageError) as error:
        messages.append(Error(str(error), id="cors_py.E003"))
    except (TypeError, ValueError) as error:
        messages.append(Error(str(error), id="cors_py.E002"))
    else:
        if check_request_enabled.receivers and any(policy.allow_credentials for policy in site.rules.policies):
            messages.append(_receivers())
        messages.extend(_white_noise(configuration))
    messages.extend(_unknown(name, meant) for name, meant in unknown_settings())
    messages.extend(_order(list(settings.MIDDLEWARE)))
    return messages


def _problem(problem: Problem) -> CheckMessage:
    message = problem.message.removesuffix(f"; {problem.advice}")
    return Error(message, hint=problem.advice, id="cors_py.E001")


def _receivers() -> CheckMessage:
    return Warning(
        "With credentials, a receiver of check_request_enabled that does not look at the request's origin lets every page "
        "act as the user who visits it.",
        hint="Have it look at request.headers['origin'], then silence this check.",
        id="cors_py.W003",
    )


def _white_noise(configuration: Configuration) -> list[CheckMessage]:
    is_there = any(name.startswith("whitenoise.") for name in settings.MIDDLEWARE)
    if not (is_there and getattr(settings, "WHITENOISE_ALLOW_ALL_ORIGINS", True)):
        return []
    url: str = "/" + (settings.STATIC_URL or "static/").lstrip("/")
    policy = configuration.site.rules.policy_for(url)
    regex = configuration.urls_regex
    if policy is None or policy.allow_origins == ("*",) or (regex is not None and regex.match(url) is None):
        return []
    return [
        Warning(
            f"WhiteNoise allows any origin to read {url}, and the policy of that path takes its field away.",
            hint=f"Have CORS_URLS_REGEX leave {url} out, write a policy for it into CORS_POLICIES, or set "
            "WHITENOISE_ALLOW_ALL_ORIGINS = False.",
            id="cors_py.W004",
        )
    ]


def _unknown(name: str, meant: str | None) -> CheckMessage:
    hint = f"Perhaps {meant} is meant." if meant is not None else "Remove it, if it is not another package's."
    return Warning(f"{name} has no effect.", hint=hint, id="cors_py.W001")


def _is_ours(name: str) -> bool:
    """Returns true for the middleware, and for a class that is derived from it. Django reports a name that cannot be imported."""
    try:
        middleware = import_string(name)
    except Exception:
        return False
    return isinstance(middleware, type) and issubclass(middleware, CorsMiddleware)


def _order(middleware: list[str]) -> list[CheckMessage]:
    messages: list[CheckMessage] = []
    ours = next((name for name in middleware if _is_ours(name)), None)
    peer = "corsheaders.middleware.CorsMiddleware"
    if ours is None:
        what = f"Write {MIDDLEWARE} in the place of {peer}" if peer in middleware else f"Write {MIDDLEWARE} first"
        messages.append(
            Warning(
                f"MIDDLEWARE is without {MIDDLEWARE}: no response gets a field of the policy.",
                hint=f"{what}, or remove cors_py.django from INSTALLED_APPS.",
                id="cors_py.W005",
            )
        )
    if ours is not None and middleware[0] != ours:
        messages.append(
            Warning(
                f"{middleware[0]} stands before {ours} in MIDDLEWARE: it may answer a preflight, and pages cannot read "
                "what it answers.",
                hint=f"Write {ours} first.",
                id="cors_py.W002",
            )
        )
    if ours is not None and peer in middleware:
        messages.append(Error(f"{peer} does the same as {ours}.", hint="Remove one.", id="cors_py.E004"))
    return messages
