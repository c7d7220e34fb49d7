"""The wrapper around a Flask application: it finds the `CORS` of a request, and does what WSGI's adapter does."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from flask import Request
from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.routing import RequestRedirect

from .. import wsgi
from .._native import Decision, wsgi_run
from .._site import Site, environ_path

if TYPE_CHECKING:
    from flask import Flask
    from werkzeug.routing import MapAdapter

# The key in the extensions of an application, and the attribute of a view.
NAME = "cors_py"

_REQUEST_METHOD = "HTTP_ACCESS_CONTROL_REQUEST_METHOD"


class Route:
    """The mark that `cross_origin` leaves at a view: it makes the view's site, for an application's configuration."""

    __slots__ = ("site_for",)

    def __init__(self, site_for: Callable[[Mapping[str, Any]], Site]) -> None:
        self.site_for = site_for


class Around:
    """The wrapper: one for each application, whether it, a blueprint or a route has CORS."""

    def __init__(self, app: Flask) -> None:
        self.site: Site | None = None
        self.handle_errors: bool | None = None
        self.blueprints: dict[str, Site] = {}
        """The sites of blueprints, by the name under which each is registered."""
        self._app = app
        self._inner: wsgi.App = app.wsgi_app
        self.sites: list[Site] = []
        """All sites, each once. Those of routes are added when a request comes."""
        self._routes: dict[Route, Site] = {}
        self._has_places = False
        self._enforces = False
        self._views = -1

    @staticmethod
    def of(app: Flask) -> Around:
        """Returns the wrapper of the application, and puts one around it if it has none."""
        around = app.extensions.get(NAME)
        if around is None:
            around = app.extensions[NAME] = Around(app)
            app.wsgi_app = around  # type: ignore[method-assign]
        return around

    def __call__(self, environ: wsgi.Environ, start_response: wsgi.StartResponse) -> Iterable[bytes]:
        if len(self._app.view_functions) != self._views:
            self._find_routes()
        if self._has_places:
            is_preflight = environ["REQUEST_METHOD"] == "OPTIONS" and _REQUEST_METHOD in environ
            if not (is_preflight or self._enforces):
                decide = functools.partial(self._decide, environ)
                return wsgi_run(self._inner, environ, start_response, decide, self._handles_errors)
            site = self._site_of(environ, self._endpoint(environ))
        else:
            site = self.site
        if site is None:
            return self._inner(environ, start_response)
        return wsgi.serve(self._inner, site, self._handles_errors, environ, start_response)

    def _handles_errors(self, environ: wsgi.Environ) -> bool:
        # A test expects the exception itself.
        told = False if self._app.testing and self.handle_errors is None else self.handle_errors
        return wsgi.handles_errors(told, environ)

    def _decide(self, environ: wsgi.Environ) -> Decision | None:
        """Returns the decision about a request that Flask routes before it is answered. Finding the route here, too, would
        take most of the time."""
        # Werkzeug leaves the request there. Flask's proxies take ten times as long.
        request = environ.get("werkzeug.request")
        rule = request.url_rule if isinstance(request, Request) else None
        site = self._site_of(environ, self._endpoint(environ) if rule is None else rule.endpoint)
        if site is None:
            return None
        rules = site.rules
        policy = rules.only or rules.policy_of(environ)
        if policy is None:
            return None
        method = environ["REQUEST_METHOD"]
        decision = site.decide(policy, method, environ)
        if not decision.is_routine or rules.shadow is not None:
            site.review(decision, rules.shadow, method, environ_path(environ), environ)
        return decision

    def _find_routes(self) -> None:
        views = self._app.view_functions
        routes = {route for view in views.values() for route in _routes_of(view)}
        for route in routes - self._routes.keys():
            self._routes[route] = route.site_for(self._app.config)
        self.sites = list(dict.fromkeys([*self.blueprints.values(), *self._routes.values()]))
        self._has_places = bool(self.sites)
        if self.site is not None:
            self.sites.append(self.site)
        self._enforces = any(site.enforce for site in self.sites)
        self._views = len(views)

    def _site_of(self, environ: wsgi.Environ, endpoint: str | None) -> Site | None:
        """Returns the innermost site that has a policy for this request."""
        if endpoint is None:
            return self.site
        route = _route_for(self._app.view_functions.get(endpoint), _method_of(environ))
        if route is not None:
            return self._routes[route]
        blueprint = endpoint
        while blueprint := blueprint.rpartition(".")[0]:
            site = self.blueprints.get(blueprint)
            if site is not None and site.rules.policy_of(environ) is not None:
                return site
        return self.site

    def _endpoint(self, environ: wsgi.Environ) -> str | None:
        """Returns the endpoint that Flask routes the request to, even if Flask then refuses the method or redirects (A2)."""
        method = _method_of(environ)
        try:
            adapter = self._app.create_url_adapter(self._app.request_class(environ))
            if adapter is None:
                return None
            try:
                return _matched(adapter, None, method)
            except MethodNotAllowed as error:
                return _matched(adapter, None, next(iter(error.valid_methods or ())))
            except RequestRedirect as error:
                path = unquote(urlsplit(error.new_url).path).removeprefix(adapter.script_name.rstrip("/"))
                return _matched(adapter, path, method)
        except (HTTPException, StopIteration):
            return None


def _method_of(environ: wsgi.Environ) -> str:
    """Returns the method of the request or, for a preflight, the method that it asks for."""
    method: str = environ["REQUEST_METHOD"]
    return environ.get(_REQUEST_METHOD, method) if method == "OPTIONS" else method


def _matched(adapter: MapAdapter, path: str | None, method: str) -> str:
    endpoint: str = adapter.match(path, method)[0]
    return endpoint


def _routes_of(view: Any) -> Iterator[Route]:
    names = [None, *(getattr(view, "methods", None) or ())]
    for name in names:
        route = _route_for(view, name)
        if route is not None:
            yield route


def _route_for(view: Any, method: str | None) -> Route | None:
    """Returns the mark of the view function, or that of the view class's method."""
    route = getattr(view, NAME, None)
    if route is None and method is not None:
        of_class = getattr(getattr(view, "view_class", None), method.lower(), None)
        route = getattr(of_class, NAME, None)
    return route if isinstance(route, Route) else None
