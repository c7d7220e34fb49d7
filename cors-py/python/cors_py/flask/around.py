"""The wrapper around a Flask application: it finds the `CORS` of a request, and does what WSGI's adapter does."""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from flask import Request
from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound
from werkzeug.routing import RequestRedirect

from .. import wsgi
from .._native import Decision, Policy, ambiguous_path_policy, wsgi_run
from .._paths import environ_path
from .._site import Site
from .methods import restricted

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
        self._routes: dict[Route, Site | Exception] = {}
        self._has_places = False
        self._enforces = False
        self._changes = -1
        app.view_functions = _Views(self, app.view_functions)

    @staticmethod
    def of(app: Flask) -> Around:
        """Returns the wrapper of the application, and puts one around it if it has none."""
        around = app.extensions.get(NAME)
        if around is None:
            around = app.extensions[NAME] = Around(app)
            app.wsgi_app = around  # type: ignore[method-assign]
        return around

    def __call__(self, environ: wsgi.Environ, start_response: wsgi.StartResponse) -> Iterable[bytes]:
        views = self._app.view_functions
        if not isinstance(views, _Views):
            views = self._app.view_functions = _Views(self, views)
            self._changes = -1
        if views.changes != self._changes:
            self._find_routes(views)
        restrict = None
        if self._has_places:
            is_preflight = environ["REQUEST_METHOD"] == "OPTIONS" and _REQUEST_METHOD in environ
            if not (is_preflight or self._enforces):
                decide = functools.partial(self._decide, environ)
                return wsgi_run(self._inner, environ, start_response, decide, self._handles_errors)
            matched = self._match(environ)
            site = self._site_of(environ, matched.endpoint(_method_of(environ)))
            if is_preflight and site is not None:
                restrict = functools.partial(self._restricted, environ, matched, site)
        else:
            site = self.site
        if site is None:
            return self._inner(environ, start_response)
        return wsgi.serve(self._inner, site, self._handles_errors, environ, start_response, restrict)

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
        method = _method_of(environ)
        endpoint = self._match(environ).endpoint(method) if rule is None else rule.endpoint
        site = self._site_of(environ, endpoint)
        if site is None:
            return None
        rules = site.rules
        policy = rules.only or rules.policy_of(environ)
        if policy is None:
            return None
        sent = environ["REQUEST_METHOD"]
        decision = site.decide(policy, sent, environ)
        if not decision.is_routine or rules.shadow is not None:
            site.review(decision, rules.shadow, sent, environ_path(environ), environ)
        return decision

    def check_routes(self) -> None:
        """Raises the errors of the routes that there are (A11)."""
        for view in self._app.view_functions.values():
            for route in _routes_of(view):
                route.site_for(self._app.config)

    def check_view(self, view: Any) -> None:
        """Raises the error of a view that is added; without a `CORS` of the application, the configuration may still change,
        and the error is logged (A11)."""
        for route in _routes_of(view):
            try:
                route.site_for(self._app.config)
            except (TypeError, ValueError) as error:
                if self.site is not None:
                    raise
                logging.getLogger(NAME).error(
                    "a cross_origin is refused, and its route answers 500, if CORS_* of the configuration do not change: %s",
                    error,
                )

    def _find_routes(self, views: _Views) -> None:
        changes = views.changes
        routes = {route for view in views.values() for route in _routes_of(view)}
        for route in routes - self._routes.keys():
            try:
                self._routes[route] = route.site_for(self._app.config)
            except (TypeError, ValueError) as error:
                # The configuration changed after the route was added. Other routes are served.
                logging.getLogger(NAME).error("a cross_origin is refused, and its route answers 500: %s", error)
                self._routes[route] = error
        of_routes = [site for site in self._routes.values() if isinstance(site, Site)]
        self.sites = list(dict.fromkeys([*self.blueprints.values(), *of_routes]))
        self._has_places = bool(self.blueprints or self._routes)
        if self.site is not None:
            self.sites.append(self.site)
        self._enforces = any(site.enforce for site in self.sites)
        self._changes = changes

    def _site_of(self, environ: wsgi.Environ, endpoint: str | None, method: str | None = None) -> Site | None:
        """Returns the innermost site that has a policy for this request, or for one with this method to the same address."""
        if endpoint is None:
            return self.site
        route = _route_for(self._app.view_functions.get(endpoint), method or _method_of(environ))
        if route is not None:
            site = self._routes[route]
            if isinstance(site, Exception):
                raise site.with_traceback(None)
            return site
        blueprint = endpoint
        while blueprint := blueprint.rpartition(".")[0]:
            site = self.blueprints.get(blueprint)
            if site is not None and site.rules.policy_of(environ) is not None:
                return site
        return self.site

    def _restricted(self, environ: wsgi.Environ, matched: _Matched, site: Site, policy: Policy) -> Policy:
        """Returns what of the policy answers a preflight, where other methods of the address have other policies (A10)."""
        if policy == ambiguous_path_policy():
            return policy
        asked = _method_of(environ)
        methods = matched.methods()
        if methods is None:
            # A route takes any method, and what a request asks for may be no method at all.
            listed = (method for method in policy.allow_methods if method != "*")
            methods = [*METHODS, *listed, *(() if Policy.check(allow_methods=[asked]) else (asked,))]

        def is_governed(method: str) -> bool:
            endpoint = matched.endpoint(method, routed=True)
            other = self._site_of(environ, endpoint, method)
            return endpoint is not None and (other is site or _is_same(site, policy, other, environ))

        governed = {method: method == asked or is_governed(method) for method in methods if method != "OPTIONS"}
        if all(governed.values()):
            # Flask itself answers OPTIONS, for the first of an address's views.
            return policy
        governed["OPTIONS"] = is_governed("OPTIONS")
        return restricted(policy, [method for method in [*METHODS, *governed] if governed.pop(method, False)])

    def _match(self, environ: wsgi.Environ) -> _Matched:
        try:
            return _Matched(self._app.create_url_adapter(self._app.request_class(environ)))
        except HTTPException:
            return _Matched(None)


class _Views(dict[str, Any]):
    """The view functions of an application: one whose `cross_origin` is refused shows when it is added."""

    def __init__(self, around: Around, views: Mapping[str, Any]) -> None:
        super().__init__(views)
        self._around = around
        self.changes = 0
        """The number of views that were added or replaced since then."""

    def __setitem__(self, name: str, view: Any) -> None:
        self._around.check_view(view)
        super().__setitem__(name, view)
        self.changes += 1

    def setdefault(self, name: str, view: Any = None) -> Any:
        if name not in self:
            self[name] = view
        return self[name]

    def update(self, *views: Any, **named: Any) -> None:
        for name, view in dict(*views, **named).items():
            self[name] = view

    def __ior__(self, views: Any) -> _Views:  # type: ignore[override,misc]
        self.update(views)
        return self


METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


class _Matched:
    """The routes of an address. Each method is looked for once."""

    __slots__ = ("_adapter", "_found")

    def __init__(self, adapter: MapAdapter | None) -> None:
        self._adapter = adapter
        self._found: dict[str, str | HTTPException] = {}

    def endpoint(self, method: str, *, routed: bool = False) -> str | None:
        """Returns the endpoint that Flask routes the method to. If Flask refuses the method, it is that of another method
        (A2), or None with `routed`."""
        found = self._find(method)
        if isinstance(found, MethodNotAllowed) and not routed:
            others = sorted(found.valid_methods or ())
            return self.endpoint(others[0], routed=True) if others else None
        return None if isinstance(found, HTTPException) else found

    def methods(self) -> list[str] | None:
        """Returns the methods that have a route, here or where Flask redirects them; None for any."""
        # No route names this one.
        none = self._find("--")
        if not isinstance(none, HTTPException):
            return None
        methods = set(none.valid_methods or ()) if isinstance(none, MethodNotAllowed) else set[str]()
        # Of one address some methods may be redirected, and others not.
        for method in METHODS if self._may_redirect() else ():
            found = self._find(method)
            if isinstance(found, MethodNotAllowed):
                methods.update(found.valid_methods or ())
            elif not isinstance(found, HTTPException):
                methods.add(method)
        return sorted(methods)

    def _may_redirect(self) -> bool:
        """Returns true if Flask may redirect methods that have no route at this address to one with a slash more, or with fewer."""
        if self._adapter is None or "//" in self._adapter.path_info:
            return self._adapter is not None
        if self._adapter.path_info.endswith("/"):
            return False
        try:
            _matched(self._adapter, self._adapter.path_info + "/", "--")
        except HTTPException as error:
            return not isinstance(error, NotFound)
        return True

    def _find(self, method: str) -> str | HTTPException:
        found = self._found.get(method)
        if found is None:
            try:
                found = self._match(method)
            except HTTPException as error:
                found = error
            self._found[method] = found
        return found

    def _match(self, method: str) -> str:
        if self._adapter is None:
            raise NotFound
        try:
            return _matched(self._adapter, None, method)
        except RequestRedirect as error:
            # Of the address that the redirect of this method leads to.
            path = unquote(urlsplit(error.new_url).path)
            return _matched(self._adapter, path.removeprefix(self._adapter.script_name.rstrip("/")), method)


def _is_same(site: Site, policy: Policy, other: Site | None, environ: wsgi.Environ) -> bool:
    """Returns true if the other site decides as this one does with this policy."""
    if other is None or any(member.allow_origin or member.allow_origin_regex for member in (site, other)):
        return False
    return (other.rules.only or other.rules.policy_of(environ)) == policy


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
    view_class = getattr(view, "view_class", None)
    if route is None and method is not None and view_class is not None:
        of_class = getattr(view_class, method.lower(), None)
        if of_class is None and method == "HEAD":
            of_class = getattr(view_class, "get", None)
        route = getattr(of_class, NAME, None)
    return route if isinstance(route, Route) else None
