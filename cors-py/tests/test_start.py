"""A11: a mistake shows where it is written, or when the application starts."""

from __future__ import annotations

import asyncio
import functools
import logging
from collections.abc import Callable
from typing import Any

import cors_py.asgi
import cors_py.wsgi
import django_site  # noqa: F401
import pytest
from common import APP, POLICY
from cors_py import Policy, Site
from cors_py.django import CorsMiddleware, check_request_enabled
from cors_py.flask import CORS, cross_origin
from cors_py.flask.around import NAME
from django.core.checks import run_checks
from django.test import override_settings
from fastapi import FastAPI
from flask import Blueprint, Flask, current_app
from flask.views import MethodView
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Host, Mount, Route
from werkzeug.routing import Rule

# Django's settings are the process's.
pytestmark = pytest.mark.parallel_threads(1)


async def by_asgi(scope: Any, receive: Any, send: Any) -> None: ...


def by_wsgi(environ: Any, start_response: Any) -> Any: ...


class Callable2:
    def __call__(self, environ: Any, start_response: Any) -> Any: ...


class Made:
    """A WSGI application, each of whose requests makes an object."""

    def __init__(self, environ: Any, start_response: Any) -> None: ...


async def asked_later(origin: str) -> bool:
    return True


class AskedLater:
    async def __call__(self, origin: str) -> bool:
        return True


ASGI = "app: an ASGI application is expected, "
WSGI = "app: a WSGI application is expected, "


@pytest.mark.parametrize(
    ("middleware", "app", "message"),
    [
        (cors_py.asgi.CORSMiddleware, None, ASGI + "not NoneType; for WSGI there is cors_py.wsgi"),
        (cors_py.asgi.CORSMiddleware, "shop:app", ASGI + "not str; for WSGI"),
        (cors_py.asgi.CORSMiddleware, POLICY, ASGI + "not Policy; for WSGI"),
        (
            cors_py.asgi.CORSMiddleware,
            by_wsgi,
            ASGI
            + "which takes (scope, receive, send), and by_wsgi takes (environ, start_response); for WSGI there is cors_py.wsgi",
        ),
        (
            cors_py.asgi.CORSMiddleware,
            Flask("shop"),
            ASGI + "which takes (scope, receive, send), and Flask takes (environ",
        ),
        (cors_py.wsgi.CORSMiddleware, None, WSGI + "not NoneType; for ASGI there is cors_py.asgi"),
        (
            cors_py.wsgi.CORSMiddleware,
            FastAPI(),
            WSGI
            + "which takes (environ, start_response), and FastAPI takes (scope, receive, send); for ASGI there is cors_py.asgi",
        ),
        (
            cors_py.wsgi.CORSMiddleware,
            lambda: None,
            WSGI + "which takes (environ, start_response), and <lambda> takes ();",
        ),
        (
            CORS,
            "shop",
            "app: a Flask application or a Blueprint is expected, not str; for others there are cors_py.wsgi",
        ),
        (CORS, FastAPI(), "app: a Flask application or a Blueprint is expected, not FastAPI"),
        (CORS, POLICY, "app: a Flask application or a Blueprint is expected, not Policy"),
    ],
)
def test_what_is_no_application(middleware: Any, app: Any, message: str) -> None:
    with pytest.raises(TypeError) as raised:
        middleware(app)
    assert str(raised.value).startswith(message)


@pytest.mark.parametrize(
    ("middleware", "app"),
    [
        (cors_py.asgi.CORSMiddleware, by_asgi),
        (cors_py.asgi.CORSMiddleware, FastAPI()),
        (cors_py.asgi.CORSMiddleware, cors_py.asgi.CORSMiddleware(by_asgi)),
        (cors_py.asgi.CORSMiddleware, functools.partial(by_asgi)),
        (cors_py.asgi.CORSMiddleware, lambda *scope: None),
        (cors_py.wsgi.CORSMiddleware, by_wsgi),
        (cors_py.wsgi.CORSMiddleware, Callable2()),
        (cors_py.wsgi.CORSMiddleware, Made),
        (cors_py.wsgi.CORSMiddleware, Flask("shop")),
        (cors_py.wsgi.CORSMiddleware, Flask("shop").wsgi_app),
        (cors_py.wsgi.CORSMiddleware, cors_py.wsgi.CORSMiddleware(by_wsgi)),
    ],
)
def test_what_is_an_application(middleware: Any, app: Any) -> None:
    assert middleware(app).app is app


@pytest.mark.parametrize(
    "made",
    [
        lambda **arguments: Site(POLICY, **arguments),
        lambda **arguments: cors_py.asgi.CORSMiddleware(by_asgi, policy=POLICY, **arguments),
        lambda **arguments: cors_py.wsgi.CORSMiddleware(by_wsgi, policy=POLICY, **arguments),
        lambda **arguments: CORS(policy=POLICY, **arguments),
    ],
)
@pytest.mark.parametrize(
    ("allow_origin", "takes"),
    [
        (lambda: True, "<lambda> takes ()"),
        (lambda origin, request: True, "<lambda> takes (origin, request)"),
        (lambda *, origin: True, "<lambda> takes (origin)"),
    ],
)
def test_a_function_of_an_origin(made: Callable[..., Any], allow_origin: Any, takes: str) -> None:
    with pytest.raises(TypeError) as raised:
        made(allow_origin=allow_origin)
    assert str(raised.value) == (
        f"allow_origin: a function of an origin is expected, which takes (origin), and {takes}"
    )
    for function in (lambda origin, cache=None: True, str.isascii):
        made(allow_origin=function)


@pytest.mark.parametrize("allow_origin", [asked_later, AskedLater(), functools.partial(asked_later)])
def test_nothing_awaits_an_answer_in_wsgi(allow_origin: Any) -> None:
    site = Site(POLICY, allow_origin=allow_origin)
    assert cors_py.asgi.CORSMiddleware(by_asgi, site=site).site is site
    for made in [
        lambda: cors_py.wsgi.CORSMiddleware(by_wsgi, policy=POLICY, allow_origin=allow_origin),
        lambda: cors_py.wsgi.CORSMiddleware(by_wsgi, site=site),
        lambda: CORS(policy=POLICY, allow_origin=allow_origin),
        lambda: CORS(site=site),
        lambda: cross_origin(site=site),
    ]:
        with pytest.raises(
            TypeError, match="^allow_origin: a coroutine function is for ASGI, and nothing awaits it here"
        ):
            made()


def test_the_current_application() -> None:
    app = Flask("shop")
    with app.app_context():
        CORS(current_app, origins=[APP])  # type: ignore[arg-type]
    response = app.test_client().get("/", headers={"Origin": APP})
    assert response.headers["access-control-allow-origin"] == APP


def test_a_decorated_view_is_a_function() -> None:
    with pytest.raises(TypeError, match="^cross_origin: a view function is expected, not str$"):
        cross_origin()("view")  # type: ignore[type-var]


@pytest.mark.parametrize("policies", [{}, [], (), "", 0, False])
@pytest.mark.parametrize(
    "made",
    [
        lambda policies: Site(policies=policies),
        lambda policies: cors_py.asgi.CORSMiddleware(by_asgi, policies=policies),
        lambda policies: cors_py.wsgi.CORSMiddleware(by_wsgi, policies=policies),
        lambda policies: CORS(Flask("shop"), policies=policies),
    ],
)
def test_no_policies_are_an_error(made: Callable[[Any], object], policies: Any) -> None:
    """An empty map of a configuration is not the default of flask-cors, any origin."""
    with pytest.raises(TypeError):
        made(policies)


def test_a_predicate_of_public_suffixes_takes_a_domain() -> None:
    with pytest.raises(TypeError) as raised:
        Policy(allow_origins=[APP], is_public_suffix=lambda: True)  # type: ignore[misc,arg-type]
    assert str(raised.value) == (
        "is_public_suffix: a function of a domain is expected, which takes (domain), and <lambda> takes ()"
    )


async def started(app: Any) -> list[str]:
    sent: list[str] = []

    async def receive() -> Any:
        return {"type": "lifespan.startup" if not sent else "lifespan.shutdown"}

    async def send(message: Any) -> None:
        sent.append(message["type"])

    await app({"type": "lifespan", "asgi": {"version": "3.0"}, "state": {}}, receive, send)
    return sent


REFUSED = {"allow_origins": ["https://App.example.com"]}


def below(kind: str) -> Any:
    """An application with a mounted one, whose policy is refused once the mounted one is asked."""
    mounted: Any = FastAPI() if kind == "FastAPI" else Starlette()
    mounted.add_middleware(cors_py.asgi.CORSMiddleware, **REFUSED)
    if kind == "FastAPI":
        app: Any = FastAPI()
        app.mount("/v1", mounted)
        return app
    if kind == "deep":
        mounted = Starlette(routes=[Mount("/deep", mounted)])
    if kind == "wrapped":
        return Starlette(routes=[Mount("/v1", mounted, middleware=[Middleware(cors_py.asgi.CORSMiddleware)])])
    return Starlette(routes=[Host("v1.example.com", mounted)] if kind == "Host" else [Mount("/v1", mounted)])


@pytest.mark.parametrize("kind", ["FastAPI", "Mount", "Host", "deep", "wrapped"])
@pytest.mark.parametrize("is_outermost", [True, False])
def test_a_refused_policy_of_a_mounted_application(
    kind: str, is_outermost: bool, caplog: pytest.LogCaptureFixture
) -> None:
    app = below(kind)
    if is_outermost:
        app = cors_py.asgi.CORSMiddleware(app, policy=POLICY)
    else:
        app.add_middleware(cors_py.asgi.CORSMiddleware, policy=POLICY)
    with pytest.raises(ValueError, match="write https://app.example.com"):
        asyncio.run(started(app))
    (record,) = caplog.records
    assert record.levelno == logging.CRITICAL
    assert record.message.startswith("a CORSMiddleware of a mounted application is refused: allow_origins[0]")


class Foreign:
    """An application of a framework whose attributes are other things than Starlette's."""

    def __init__(self) -> None:
        self.user_middleware = "x"
        self.router = lambda: None
        self.app = self

    @property
    def middleware_stack(self) -> Any:
        raise RuntimeError("asked")

    def routes(self) -> Any: ...

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "lifespan.startup.complete"})


def test_an_application_of_another_framework_starts() -> None:
    assert asyncio.run(started(cors_py.asgi.CORSMiddleware(Foreign(), policy=POLICY))) == ["lifespan.startup.complete"]
    below = Starlette(routes=[Mount("/v1", Foreign())])
    assert asyncio.run(started(cors_py.asgi.CORSMiddleware(below, policy=POLICY)))[0] == "lifespan.startup.complete"


def test_a_mounted_application_keeps_its_arguments() -> None:
    """An iterator is read by the check, and once more when the middleware is made."""
    mounted = Starlette()
    mounted.add_middleware(cors_py.asgi.CORSMiddleware, allow_origins=map(str.strip, [f" {APP}"]))
    app = Starlette(routes=[Mount("/v1", mounted), Route("/", by_asgi)])
    app.add_middleware(cors_py.asgi.CORSMiddleware, policy=POLICY)
    assert asyncio.run(started(app)) == ["lifespan.startup.complete", "lifespan.shutdown.complete"]
    made = mounted.build_middleware_stack()
    while not isinstance(made, cors_py.asgi.CORSMiddleware):
        made = made.app  # type: ignore[attr-defined]
    assert made.site.rules.only is not None
    assert made.site.rules.only.allow_origins == (APP,)


def test_a_wrapped_application_is_refused_where_it_is_written() -> None:
    with pytest.raises(ValueError, match="write https://app.example.com"):
        Mount("/v1", cors_py.asgi.CORSMiddleware(Starlette(), **REFUSED))  # type: ignore[arg-type]


def test_a_refused_route_without_an_extension_is_logged_at_once(caplog: pytest.LogCaptureFixture) -> None:
    told = "a cross_origin is refused, and its route answers 500, if CORS_* of the configuration do not change: "
    app = Flask("shop")
    app.add_url_rule("/a", "a", cross_origin(supports_credentials=True)(lambda: "a"))
    assert [record.message.partition("origins")[0] for record in caplog.records] == [told]
    app.config["CORS_ORIGINS"] = ["https://App.example.com"]
    blueprint = Blueprint("inner", __name__)
    blueprint.add_url_rule("/b", "b", cross_origin()(lambda: "b"))
    assert len(caplog.records) == 1
    app.register_blueprint(blueprint)
    assert len(caplog.records) == 2
    # The configuration mends both.
    app.config["CORS_ORIGINS"] = [APP]
    caplog.clear()
    response = app.test_client().get("/a", headers={"Origin": APP})
    assert response.headers["access-control-allow-credentials"] == "true"
    assert caplog.records == []


class View(MethodView):
    decorators = [cross_origin(origins=[APP])]  # noqa: RUF012

    def get(self) -> str:
        return "view"


def test_views_that_are_added_otherwise() -> None:
    """Flask has four ways to add a view, and a view can be replaced."""
    app = Flask("shop")
    CORS(app, resources=[])
    app.url_map.add(Rule("/a", endpoint="a"))
    app.url_map.add(Rule("/b", endpoint="b"))
    app.url_map.add(Rule("/c", endpoint="c"))
    app.url_map.add(Rule("/d", endpoint="d"))
    app.add_url_rule("/view", view_func=View.as_view("view"))

    def view() -> str:
        return "view"

    decorated = cross_origin(origins=[APP])(view)
    app.endpoint("a")(decorated)
    app.view_functions["b"] = view
    app.view_functions.update(c=decorated)
    app.view_functions |= {"d": decorated}
    client = app.test_client()

    def allowed(path: str) -> str | None:
        return client.get(path, headers={"Origin": APP}).headers.get("access-control-allow-origin")

    assert [allowed(path) for path in ["/a", "/b", "/c", "/d", "/view"]] == [APP, None, APP, APP, APP]
    app.view_functions["b"] = decorated
    app.view_functions["a"] = view
    assert [allowed(path) for path in ["/a", "/b"]] == [None, APP]
    app.view_functions["b"] = cross_origin(origins=["https://b.example"])(view)
    assert allowed("/b") is None
    app.view_functions = {**app.view_functions, "b": decorated}
    assert allowed("/b") == APP
    assert app.view_functions.setdefault("b", view) is decorated
    with pytest.raises(ValueError, match="write https://app.example.com"):
        app.config["CORS_ORIGINS"] = ["https://App.example.com"]
        app.view_functions["a"] = cross_origin()(view)
    assert NAME in app.extensions


@pytest.mark.parametrize(
    ("middleware", "hint"),
    [
        ([], "Write cors_py.django.CorsMiddleware first, or remove"),
        (["no.such.Middleware"], "Write cors_py.django.CorsMiddleware first, or remove"),
        (
            ["corsheaders.middleware.CorsMiddleware"],
            "Write cors_py.django.CorsMiddleware in the place of corsheaders.middleware.CorsMiddleware, or remove",
        ),
    ],
)
def test_the_middleware_is_forgotten(middleware: list[str], hint: str) -> None:
    with override_settings(MIDDLEWARE=middleware, CORS_ALLOWED_ORIGINS=[APP]):
        (found,) = run_checks()
    assert found.id == "cors_py.W005"
    assert found.msg == "MIDDLEWARE is without cors_py.django.CorsMiddleware: no response gets a field of the policy."
    assert found.hint == f"{hint} cors_py.django from INSTALLED_APPS."


class OwnMiddleware(CorsMiddleware):
    """A project's own class."""


@pytest.mark.parametrize("name", ["cors_py.django.CorsMiddleware", "cors_py.django.middleware.CorsMiddleware", None])
def test_the_middleware_is_there(name: str | None) -> None:
    with override_settings(MIDDLEWARE=[name or f"{__name__}.OwnMiddleware"], CORS_ALLOWED_ORIGINS=[APP]):
        assert run_checks() == []


@pytest.mark.parametrize("version", [(4, 2), (5, 0)])
def test_a_receiver_that_django_does_not_await(version: tuple[int, int], monkeypatch: pytest.MonkeyPatch) -> None:
    async def receive(**_: Any) -> bool:
        return True

    monkeypatch.setattr("django.VERSION", version)
    if version >= (5, 0):
        check_request_enabled.connect(receive)
        assert check_request_enabled.disconnect(receive)
        return
    with pytest.raises(TypeError, match="a receiver is asynchronous, which Django takes from 5.0 on"):
        check_request_enabled.connect(receive)
