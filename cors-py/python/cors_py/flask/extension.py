"""`CORS` and `cross_origin`."""

from __future__ import annotations

import functools
import inspect
import logging
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NoReturn, TypeVar, cast

from flask import Blueprint, Flask, current_app
from flask.blueprints import BlueprintSetupState
from werkzeug.local import LocalProxy

from .._names import Denial
from .._native import Policy
from .._settings import checked_bool, kept
from .._site import Site, checked_site, site_of, synchronous
from .._typing import Unpack
from .around import NAME, Around, Route
from .options import Options, RouteOptions, check_alone, merged_options, policy_of_options, taken, unknown_configuration
from .resources import Pattern, Resources, parse_resources

_View = TypeVar("_View", bound=Callable[..., Any])


class CORS:
    """CORS for a Flask application or a blueprint.

    Takes a `policy`, `policies` by path or a `site`, or else the options of flask-cors, with its defaults: as arguments,
    as `CORS_*` of the application's configuration, or both; then the arguments count. It stands around the whole
    application: a preflight is answered before any function of Flask's runs, and every response has the fields, those of
    error handlers and unhandled exceptions included.

    A route's `cross_origin` counts before its blueprint's `CORS`, and the blueprint's before the application's. An
    application has one `CORS`, whose `resources` or `policies` hold as many policies as there are.

    - `handle_errors`: where an exception leaves the application, answer 500 with the fields, and raise it again for the
      server to log. True by default, except in tests (`app.testing`) and under Werkzeug's debugger.
    - `policy`, `policies`, `shadow`, `enforce`, `own_origins`, `passthrough`, `allow_origin` and `logger` are those of a `Site`.

    Raises `ConfigError` with every problem, and `TypeError` for an argument of a wrong type or an unknown name.
    """

    def __init__(
        self,
        app: Flask | Blueprint | None = None,
        *,
        policy: Policy | None = None,
        policies: Mapping[str, Policy] | None = None,
        shadow: Policy | None = None,
        enforce: bool = False,
        own_origins: Iterable[str] = (),
        passthrough: bool = False,
        allow_origin: Callable[[str], bool] | None = None,
        logger: logging.Logger | None = None,
        site: Site | None = None,
        handle_errors: bool | None = None,
        **options: Unpack[Options],
    ) -> None:
        if handle_errors is not None:
            checked_bool("handle_errors", handle_errors)
        options = taken(options)
        conduct: dict[str, Any] = {
            "shadow": shadow,
            "enforce": enforce,
            "own_origins": kept("own_origins", own_origins),
            "passthrough": passthrough,
            "allow_origin": allow_origin,
            "logger": logger,
        }
        # Wrong arguments are errors here, and not where `init_app` is called.
        synchronous(Site(Policy(), **conduct) if site is None else checked_site(site))

        def refuse() -> NoReturn:
            raise TypeError(f"policies has them all; remove {', '.join(options)}")

        self._is_whole = site is not None or policy is not None or policies is not None
        self._site = site_of(site, policy, options, refuse, policies=policies, **conduct) if self._is_whole else None
        self._conduct = conduct
        self._options = options
        self._handle_errors = handle_errors
        self._around: Around | None = None
        if app is not None:
            self.init_app(app)

    def init_app(self, app: Flask | Blueprint, **options: Unpack[Options]) -> None:
        """Puts CORS around the application, or around the answers of the blueprint's routes. `options` count before those of
        the constructor."""
        options = taken(options)
        if options and self._is_whole:
            raise TypeError(f"there is a policy already; remove {', '.join(options)}")
        for given in (self._options, options):
            if "automatic_options" in given:
                raise TypeError("automatic_options is an option of cross_origin; write passthrough=True here")
        given: Any = app
        if type(given) is LocalProxy:
            # `current_app`, which is bound while this runs, and not when a request comes.
            app = cast(Flask, given._get_current_object())
        if not isinstance(app, (Flask, Blueprint)):
            raise TypeError(
                f"app: a Flask application or a Blueprint is expected, not {type(app).__name__}; for others there are "
                "cors_py.wsgi and cors_py.asgi"
            )
        if isinstance(app, Blueprint):
            self._site = site = self._made({}, options)
            app.record(functools.partial(self._on_registration, site))
            return
        for warning in unknown_configuration(app.config):
            logging.getLogger(NAME).warning(warning)
        site = self._made(app.config, options)
        around = Around.of(app)
        if around.site is not None:
            raise RuntimeError("the application has a CORS; write all policies there, in resources or policies")
        around.check_routes()
        around.site = self._site = site
        around.handle_errors = self._handle_errors
        self._around = around

    def _made(self, config: Mapping[str, Any], options: Options) -> Site:
        if self._is_whole and self._site is not None:
            return self._site
        every = merged_options(config, self._options, options)
        resources = [
            (pattern, policy_of_options(merged_options(config, self._options, options, own)))
            for pattern, own in parse_resources(every.get("resources"))
        ]
        return _site_of(Resources(resources, self._conduct["shadow"]), self._conduct)

    def _on_registration(self, site: Site, state: BlueprintSetupState) -> None:
        self._around = Around.of(cast(Flask, state.app))
        self._around.blueprints[state.name] = site

    @property
    def site(self) -> Site:
        """The policies and their counts, for the last application or blueprint that `init_app` was given."""
        if self._site is None:
            raise RuntimeError("init_app comes first")
        return self._site

    @property
    def denials(self) -> dict[Denial, int]:
        """The number of requests denied, by reason, for the whole application with its blueprints and routes."""
        counts: Counter[Denial] = Counter()
        for site in (self._around and self._around.sites) or [self.site]:
            counts.update(site.denials)
        return dict(counts)


def cross_origin(
    by_position: Pattern | Iterable[Pattern] | None = None,
    /,
    *,
    policy: Policy | None = None,
    site: Site | None = None,
    **options: Unpack[RouteOptions],
) -> Callable[[_View], _View]:
    """CORS for a route: a view function, a view class's `decorators`, or a method of one.

    Takes a `policy` or a `site`, or else the options of flask-cors, for which `CORS_*` and its defaults stand in; `origins`
    may come without its name. With `automatic_options=False` the view answers preflights itself.

    The preflight is answered around the application, before anything else runs. Where only a method of a view class has a
    `cross_origin`, the application cannot be told of it: write `CORS(app, resources=[])`.

    Raises `ConfigError` and `TypeError` here for what no configuration mends. What depends on the configuration is an error
    when the application has both, the route and its `CORS`.
    """
    if callable(by_position):
        raise TypeError("cross_origin: parentheses are missing; write @cross_origin()")
    if by_position is not None:
        if "origins" in options:
            raise TypeError("origins is given twice")
        options["origins"] = by_position
    for name, given, kind in (("policy", policy, Policy), ("site", site, Site)):
        if given is not None and not isinstance(given, kind):
            raise TypeError(f"{name}: a {kind.__name__} is expected, not {type(given).__name__}")
    if (policy is not None) + (site is not None) + bool(options) > 1:
        raise TypeError("a policy, a site or options are expected, one of these")
    if policy is not None:
        site = Site(policy)
    if site is not None:
        synchronous(site)
    options = taken(options)
    check_alone(options)

    def site_for(config: Mapping[str, Any]) -> Site:
        if site is not None:
            return site
        every = merged_options(config, options)
        conduct = {"passthrough": not every.get("automatic_options", True)}
        return _site_of(Resources([("*", policy_of_options(every))]), conduct)

    def decorate(view: _View) -> _View:
        if not callable(view):
            raise TypeError(f"cross_origin: a view function is expected, not {type(view).__name__}")
        is_async = inspect.iscoroutinefunction(view)

        @functools.wraps(view)
        def decorated(*args: Any, **kwargs: Any) -> Any:
            if NAME not in current_app.extensions:
                raise RuntimeError(
                    "cross_origin needs a CORS around the application, which sees a preflight before all else, and this "
                    "view was added where it cannot see the application; write CORS(app, resources=[])"
                )
            return current_app.ensure_sync(view)(*args, **kwargs) if is_async else view(*args, **kwargs)

        setattr(decorated, NAME, Route(site_for))
        decorated.required_methods = _Registration(view)  # type: ignore[attr-defined]
        return cast(_View, decorated)

    return decorate


class _Registration:
    """Flask looks what methods a view requires when the view is added to an application: there a route puts CORS around its
    application, if nothing else has."""

    def __init__(self, view: Callable[..., Any]) -> None:
        self._methods = tuple(getattr(view, "required_methods", ()))

    def __iter__(self) -> Iterator[str]:
        frame = inspect.currentframe()
        app = frame.f_back.f_locals.get("self") if frame is not None and frame.f_back is not None else None
        if isinstance(app, Flask):
            Around.of(app)
        return iter(self._methods)


def _site_of(rules: Resources, conduct: Mapping[str, Any]) -> Site:
    site = Site(Policy(), **conduct)
    site.rules = rules
    return site
