"""The adapter for WSGI: every such application, whatever its framework."""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ._native import OriginRegex, Policy, wsgi_run
from ._paths import environ_path
from ._peers import Regexes, regex_texts
from ._settings import Settings, checked_bool, checked_callable, policy_of
from ._site import Site, site_of, synchronous
from ._typing import Unpack

Environ = dict[str, Any]
StartResponse = Callable[..., Callable[[bytes], object]]
App = Callable[[Environ, StartResponse], Iterable[bytes]]


class WSGISettings(Settings, total=False):
    """The arguments of `Policy`, and regular expressions."""

    allow_origin_regex: Regexes | None


class CORSMiddleware:
    """CORS around a WSGI application.

    Takes a `policy`, or a policy's settings by their names, or a `site`.

    >>> from cors_py import Policy
    >>> def app(environ, start_response): ...
    >>> app = CORSMiddleware(app, policy=Policy(allow_origins=["https://app.example.com"]))

    It should be the outermost middleware, so that the answers of the others have the fields, too.

    - `handle_errors`: where the application raises before it calls `start_response`, answer 500 with the fields, and raise
      the exception again once that is sent, for the server to log. True by default, except under Werkzeug's debugger, which
      shows a page of its own. This class cannot see another kind of middleware around itself; if that middleware makes
      responses of exceptions, write False, or put it inside.
    - The other arguments are those of a `Site`.
    """

    def __init__(
        self,
        app: App,
        *,
        policy: Policy | None = None,
        policies: Mapping[str, Policy] | None = None,
        shadow: Policy | None = None,
        enforce: bool = False,
        own_origins: Iterable[str] = (),
        passthrough: bool = False,
        allow_origin: Callable[[str], bool] | None = None,
        handle_errors: bool | None = None,
        logger: logging.Logger | None = None,
        site: Site | None = None,
        **settings: Unpack[WSGISettings],
    ) -> None:
        checked_callable(
            "app", app, ["environ", "start_response"], "a WSGI application", "; for ASGI there is cors_py.asgi"
        )
        self.app = app
        made = site_of(
            site,
            policy,
            settings,
            lambda: _named(settings),
            policies=policies,
            shadow=shadow,
            enforce=enforce,
            own_origins=own_origins,
            passthrough=passthrough,
            allow_origin=allow_origin,
            logger=logger,
        )
        self.site = synchronous(made)
        """The policies, and the counts."""
        if handle_errors is not None:
            checked_bool("handle_errors", handle_errors)
        self._handles_errors = functools.partial(handles_errors, handle_errors)

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        return serve(self.app, self.site, self._handles_errors, environ, start_response)


def _named(settings: WSGISettings) -> tuple[Policy, OriginRegex | None]:
    named = settings.copy()
    regexes = named.pop("allow_origin_regex", None)
    return policy_of(named, [] if regexes is None else regex_texts("allow_origin_regex", regexes))


def serve(
    app: App,
    site: Site,
    handles_errors: Callable[[Environ], bool],
    environ: Environ,
    start_response: StartResponse,
    restrict: Callable[[Policy], Policy] | None = None,
) -> Iterable[bytes]:
    """Answers a request as `CORSMiddleware` does. `restrict` returns what of the policy counts for the request (A10)."""
    rules = site.rules
    policy = rules.only or rules.policy_of(environ)
    if policy is None:
        return app(environ, start_response)
    if restrict is not None:
        policy = restrict(policy)
    method = environ["REQUEST_METHOD"]
    decision = site.decide(policy, method, environ)
    if not decision.is_routine or rules.shadow is not None:
        answer = site.review(decision, rules.shadow, method, environ_path(environ), environ)
        if answer is not None:
            start_response(answer.status_line, decision.merge_wsgi(answer.headers))
            return [answer.body] if answer.body else []
    return wsgi_run(app, environ, start_response, decision, handles_errors)


def handles_errors(setting: bool | None, environ: Environ) -> bool:
    """Returns whether an exception is answered here: the operator's setting, or else false under Werkzeug's debugger."""
    return "werkzeug.debug.preserve_context" not in environ if setting is None else setting
