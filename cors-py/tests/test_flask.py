"""The Flask extension: its rules under Flask's own client, and under gunicorn over loopback."""

from __future__ import annotations

import functools
import logging
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from common import (
    APP,
    ASKS,
    BY_PATH,
    CREDENTIALS,
    EVIL,
    OTHER,
    POLICY,
    UNDER_BY_PATH,
    allowed,
    check_preflight,
    check_response,
    check_swapping,
    fields,
)
from cors_py import ConfigError, Denial, Policy, Site
from cors_py.flask import CORS, cross_origin
from flask import Blueprint, Flask, abort
from flask.testing import FlaskClient
from flask.views import MethodView
from flask_site import ROUTE, SHOP, make
from servers import running_gunicorn
from werkzeug.routing import Rule


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    log = tmp_path_factory.mktemp("gunicorn") / "log"
    with running_gunicorn("flask_site:served", log) as listening:
        yield listening


# A2, A3.
@pytest.mark.parametrize(
    ("path", "status", "vary"),
    [
        ("/fine", 200, "Accept, origin"),
        ("/own-fields", 200, "Origin, Accept"),
        ("/vary-all", 200, "*"),
        ("/crash", 500, "origin"),
        ("/handled", 409, "origin"),
        ("/forbidden", 403, "origin"),
        ("/private/fine", 401, "origin"),
        ("/missing", 404, "origin"),
        ("/redirect", 302, "origin"),
        ("/not-modified", 304, "origin"),
        ("/stream", 200, "origin"),
    ],
)
def test_every_response(http: httpx.Client, path: str, status: int, vary: str) -> None:
    check_response(http, path, status, vary)


# A12: of a response that has begun. Some servers read status and headers when the application returns.
def test_an_exception_before_the_first_part_is_the_servers() -> None:
    app, _ = make()
    heads: list[Any] = []
    environ = app.test_request_context("/late-crash", headers={"origin": APP}).request.environ
    body = app(environ, lambda *head: heads.append(head[:2]))
    ((status, headers),) = heads
    assert (status, dict(headers)["access-control-allow-origin"]) == ("200 OK", APP)
    with pytest.raises(RuntimeError, match="crash"):
        list(body)
    assert len(heads) == 1


# A1.
@pytest.mark.parametrize("path", ["/fine", "/private/fine", "/missing", "/crash"])
def test_a_preflight_comes_first(http: httpx.Client, path: str) -> None:
    check_preflight(http, path)


def test_other_options_are_the_applications(http: httpx.Client) -> None:
    assert http.options("/fine", headers={"origin": APP}).text == "OPTIONS"
    assert http.options("/fine", headers=ASKS).text == "OPTIONS", "no Origin"


# A4.
def test_swapping_under_load(address: str) -> None:
    check_swapping(address, "/fine", lambda http: http.get("/swap"))


# Routes and blueprints, whose CORS counts before the application's, on what Flask answers in their place, too.
@pytest.mark.parametrize(
    ("method", "path", "status", "origin"),
    [
        ("PUT", "/route/", 200, ROUTE),
        ("GET", "/route/", 405, ROUTE),
        ("PUT", "/route", 308, ROUTE),
        ("GET", "/both", 200, ROUTE),
        ("PUT", "/both", 200, APP),
        ("GET", "/shop/items", 200, SHOP),
        ("GET", "/second/items", 200, SHOP),
        ("DELETE", "/shop/items", 405, SHOP),
        ("GET", "/shop/route", 200, ROUTE),
        ("GET", "/shop/missing", 404, APP),
        ("GET", "/fine", 200, APP),
    ],
)
def test_the_innermost_counts(http: httpx.Client, method: str, path: str, status: int, origin: str) -> None:
    for candidate in (APP, ROUTE, SHOP):
        response = http.request(method, path, headers={"origin": candidate})
        assert response.status_code == status
        assert response.headers.get("access-control-allow-origin") == (origin if candidate == origin else None)
        asks = {"access-control-request-method": method, "origin": candidate}
        preflight = http.options(path, headers=asks)
        assert preflight.status_code == (204 if candidate == origin else 403)


def test_a_view_that_answers_preflights_itself(http: httpx.Client) -> None:
    response = http.options("/by-the-view", headers={**ASKS, "origin": ROUTE})
    assert response.text == "the view's OPTIONS"
    assert response.headers["access-control-allow-origin"] == ROUTE


def test_exceptions_reach_a_test() -> None:
    app, _ = make()
    app.testing = True
    with pytest.raises(RuntimeError, match="crash"):
        app.test_client().get("/crash", headers={"origin": APP})
    with pytest.raises(RuntimeError, match="crash"):
        app.test_client().get("/late-crash", headers={"origin": APP})


def test_an_exception_that_leaves_the_application() -> None:
    app, _ = make(policy=POLICY, handle_errors=True)
    app.config["PROPAGATE_EXCEPTIONS"] = True
    crash = cross_origin(origins=[ROUTE])(app.view_functions["crash"])
    app.add_url_rule("/route/crash", "route-crash", crash)
    for path, origin in [("/crash", APP), ("/route/crash", ROUTE)]:
        started: list[tuple[str, list[tuple[str, str]]]] = []
        environ = app.test_request_context(path, headers={"origin": origin}).request.environ
        body = iter(app(environ, lambda *head, into=started: into.append(head[:2])))
        assert next(body) == b"Internal Server Error"
        ((status, headers),) = started
        assert (status, dict(headers)["access-control-allow-origin"]) == ("500 Internal Server Error", origin)
        with pytest.raises(RuntimeError, match="crash"):
            next(body)


# A5, A6.
def test_denials_are_counted_and_logged(caplog: pytest.LogCaptureFixture) -> None:
    app, cors = make()
    web = app.test_client()
    with caplog.at_level(logging.INFO, "cors_py"):
        web.get("/fine", headers={"origin": EVIL})
        web.put("/route/", headers={"origin": APP})
        web.get("/shop/items", headers={"origin": "https://x/"})
        web.options("/fine", headers={**ASKS, "origin": APP, "access-control-request-method": "DELETE"})
        web.get("/fine", headers={"origin": "http://localhost"})
    counts = {denial: count for denial, count in cors.denials.items() if count}
    assert counts == {Denial.ORIGIN_NOT_ALLOWED: 2, Denial.MALFORMED_ORIGIN: 1, Denial.METHOD_NOT_ALLOWED: 1}
    assert [record.getMessage().split(",")[1] for record in caplog.records] == [
        " OriginNotAllowed: GET /fine",
        " OriginNotAllowed: PUT /route/",
        " MalformedOrigin: GET /shop/items",
        " MethodNotAllowed: OPTIONS /fine",
    ]


def test_enforce() -> None:
    app, _ = make(policy=POLICY, enforce=True)
    web = app.test_client()
    assert web.get("/fine", headers={"origin": EVIL}).status_code == 403
    assert web.get("/fine", headers={"origin": APP}).status_code == 200
    assert web.get("/fine", headers={"origin": "http://localhost"}).status_code == 200, "its own page"
    assert web.put("/route/", headers={"origin": APP}).status_code == 200, "another site, which does not enforce"


# A7, A8.
def test_passthrough_and_shadow() -> None:
    app, cors = make(policy=POLICY, passthrough=True, shadow=Policy(allow_origins=[OTHER]))
    response = app.test_client().options("/fine", headers={**ASKS, "origin": APP})
    assert (response.status_code, response.text, fields(response)["access-control-allow-origin"]) == (
        200,
        "OPTIONS",
        APP,
    )
    assert cors.site.differences == {(None, Denial.ORIGIN_NOT_ALLOWED): 1}


# A9.
def test_policies_by_path() -> None:
    app, _ = make(policies=BY_PATH)
    web = app.test_client()
    for path, origin in UNDER_BY_PATH:
        assert web.get(path, headers={"origin": OTHER}).headers.get("access-control-allow-origin") == origin, path


def test_a_mounted_application() -> None:
    app = Flask("mounted")
    CORS(app, resources={"/api/*": {"origins": [APP]}})
    response = app.test_client().get("/api/x", base_url="http://localhost/mount", headers={"origin": APP})
    assert response.headers["access-control-allow-origin"] == APP


def test_allow_origin() -> None:
    app, _ = make(policy=POLICY, allow_origin=lambda origin: origin == OTHER)
    web = app.test_client()
    assert fields(web.get("/fine", headers={"origin": OTHER})) == allowed(OTHER, **CREDENTIALS)
    assert fields(web.get("/fine", headers={"origin": EVIL})) == {}


def test_allow_origin_is_asked_about_null_only_where_its_risk_is_accepted() -> None:
    for risks in ([], ["NullOrigin"]):
        policy = Policy(allow_origins=[APP], allow_credentials=True, accept_risks=risks)
        app, _ = make(policy=policy, allow_origin=lambda origin: not origin.endswith(".evil.example"))
        answer = fields(app.test_client().get("/fine", headers={"origin": "null"}))
        assert answer == (allowed("null", **CREDENTIALS) if risks else {})


def test_several_applications() -> None:
    cors = CORS(origins=[APP])
    for count, origin in enumerate([APP, OTHER]):
        app = Flask(f"app{count}")
        cors.init_app(app, **({} if count == 0 else {"origins": [OTHER]}))
        response = app.test_client().get("/", headers={"origin": origin})
        assert fields(response) == allowed(origin)


def test_a_blueprints_resources() -> None:
    shop = Blueprint("shop", "shop")
    for path in ("/a", "/b"):
        shop.add_url_rule(path, endpoint=path[1:], view_func=lambda: "x")
    CORS(shop, resources={"/a": {"origins": [SHOP]}})
    app = Flask("app")
    app.register_blueprint(shop)
    CORS(app, origins=[APP])
    web: FlaskClient = app.test_client()
    assert fields(web.get("/a", headers={"origin": SHOP})) == allowed(SHOP)
    assert fields(web.get("/b", headers={"origin": SHOP})) == {}
    assert fields(web.get("/b", headers={"origin": APP})) == allowed(APP)


def test_an_async_view() -> None:
    async def view() -> str:
        return "async"

    decorated = cross_origin(origins=[ROUTE])(view)
    app = Flask("app")
    ran: list[Any] = []

    def run(function: Any) -> Any:
        return lambda: ran.append(function) or "async"

    app.async_to_sync = run  # type: ignore[method-assign]
    app.add_url_rule("/", view_func=decorated)
    CORS(app, resources=[])
    assert fields(app.test_client().get("/", headers={"origin": ROUTE})) == allowed(ROUTE)
    assert ran == [view]


def test_misuse() -> None:
    app, _ = make()
    site = Site(POLICY)
    with pytest.raises(RuntimeError, match="write all policies there, in resources or policies"):
        CORS(app)
    with pytest.raises(TypeError, match="policy has them all; remove origins"):
        CORS(Flask("x"), policy=POLICY, origins=[APP])
    with pytest.raises(TypeError, match="policies has them all; remove origins"):
        CORS(Flask("x"), policies=BY_PATH, origins=[APP])
    for others in ({"enforce": True}, {"policy": POLICY}, {"origins": [APP]}):
        with pytest.raises(TypeError, match="site has the policies"):
            CORS(Flask("x"), site=site, **others)
    with pytest.raises(TypeError, match="a policy, a site or options are expected"):
        cross_origin(policy=POLICY, origins=[APP])
    with pytest.raises(RuntimeError, match="init_app comes first"):
        CORS().site  # noqa: B018
    with pytest.raises(TypeError, match="there is a policy already"):
        CORS(site=site).init_app(Flask("x"), origins=[APP])


def test_a_decorated_view_needs_no_extension() -> None:
    app = Flask("x")

    @app.before_request
    def authenticate() -> None:
        abort(401)

    app.add_url_rule("/x", "x", cross_origin(APP, methods=["PUT"])(lambda: "x"), methods=["PUT"])
    shop = Blueprint("shop", "shop", url_prefix="/shop")
    shop.put("/y")(functools.wraps(lambda: "y")(cross_origin([OTHER], methods=["PUT"])(lambda: "y")))
    app.register_blueprint(shop)
    app.put("/z", endpoint="z")(lambda: "z")
    web = app.test_client()
    for path, origin in [("/x", APP), ("/shop/y", OTHER)]:
        asks = {"origin": origin, "access-control-request-method": "PUT"}
        response = web.options(path, headers=asks)
        assert (response.status_code, fields(response)["access-control-allow-methods"]) == (204, "PUT")
        response = web.put(path, headers={"origin": origin})
        assert (response.status_code, fields(response)) == (401, allowed(origin))
    assert fields(web.put("/z", headers={"origin": APP})) == {}
    # What is added afterwards counts beside it.
    CORS(app, origins=[EVIL])
    assert fields(web.put("/z", headers={"origin": EVIL})) == allowed(EVIL)
    assert fields(web.put("/x", headers={"origin": APP})) == allowed(APP)


def test_a_decorated_method_needs_an_extension() -> None:
    class Item(MethodView):
        @cross_origin()
        def get(self) -> str:
            return "get"

    app = Flask("x")
    app.testing = True
    app.add_url_rule("/", view_func=Item.as_view("item"))
    with pytest.raises(RuntimeError, match=r"write CORS\(app, resources=\[\]\)"):
        app.test_client().get("/")


# A11: where a route is refused.
def test_a_route_is_refused_when_it_is_decorated() -> None:
    for options, message in [
        ({"origins": ["https://App.example.com/"]}, "write https://app.example.com"),
        ({"origins": [APP], "methods": "GET, PUT"}, "write each name as an entry of its own"),
        ({"max_age": 100_000}, "max_age 100000"),
    ]:
        with pytest.raises(ConfigError, match=message):
            cross_origin(**options)  # type: ignore[arg-type]
    for wrong, message in [
        ({"supports_credentials": "False"}, "supports_credentials: True or False is expected"),
        ({"site": "x"}, "site: a Site is expected, not str"),
        ({"policy": "x"}, "policy: a Policy is expected, not str"),
        ({"origin": APP}, "'origin' is not an option of CORS; perhaps origins is meant"),
    ]:
        with pytest.raises(TypeError, match=message):
            cross_origin(**wrong)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="origins is given twice"):
        cross_origin(APP, origins=[APP])
    with pytest.raises(TypeError, match=r"write @cross_origin\(\)"):
        cross_origin(lambda: "x")  # type: ignore[arg-type]


def test_what_depends_on_the_configuration_is_refused_when_both_are_there() -> None:
    # Credentials with any origin, unless the configuration lists the origins.
    view = cross_origin(supports_credentials=True)(lambda: "x")
    app = Flask("before")
    app.add_url_rule("/", "x", view)
    with pytest.raises(ConfigError, match="AnyOriginWithCredentials"):
        CORS(app, resources=[])
    app.config["CORS_ORIGINS"] = [APP]
    CORS(app, resources=[])
    assert fields(app.test_client().get("/", headers={"origin": APP})) == allowed(APP, **CREDENTIALS)

    app = Flask("after")
    CORS(app, resources=[])
    with pytest.raises(ConfigError, match="AnyOriginWithCredentials"):
        app.add_url_rule("/", "x", view)
    assert "x" not in app.view_functions
    shop = Blueprint("shop", "shop")
    shop.add_url_rule("/", "x", view)
    with pytest.raises(ConfigError, match="AnyOriginWithCredentials"):
        app.register_blueprint(shop)


def test_a_route_that_a_later_configuration_breaks_breaks_no_other(caplog: pytest.LogCaptureFixture) -> None:
    app = Flask("x")
    app.config["CORS_ORIGINS"] = [APP]
    CORS(app)
    app.add_url_rule("/x", "x", cross_origin(supports_credentials=True)(lambda: "x"))
    app.add_url_rule("/y", "y", cross_origin(origins=[ROUTE])(lambda: "y"))
    app.config["CORS_ORIGINS"] = "*"
    web = app.test_client()
    for _ in range(2):
        assert fields(web.get("/y", headers={"origin": ROUTE})) == allowed(ROUTE)
        assert fields(web.get("/missing", headers={"origin": APP})) == allowed(APP)
        with pytest.raises(ConfigError, match="AnyOriginWithCredentials"):
            web.options("/x", headers={**ASKS, "origin": APP})
    (record,) = caplog.records
    assert (record.name, record.levelno) == ("cors_py", logging.ERROR)
    assert "a cross_origin is refused, and its route answers 500: origins" in record.getMessage()


# A10.
def preflight(
    web: FlaskClient, method: str, path: str = "/x", origin: str = EVIL
) -> tuple[int, str | None, str | None]:
    asks = {"origin": origin, "access-control-request-method": method, "access-control-request-headers": "x-token"}
    response = web.options(path, headers=asks)
    return response.status_code, *(
        response.headers.get(f"access-control-{name}") for name in ("allow-methods", "max-age")
    )


def test_a_preflight_lists_the_methods_of_its_policy() -> None:
    app = Flask("x")
    app.get("/x")(cross_origin("*", max_age=600)(lambda: "read"))
    app.delete("/x", endpoint="delete")(lambda: "deleted")
    app.get("/y", endpoint="y")(cross_origin("*", max_age=600)(lambda: "read"))
    app.route("/z", methods=["GET", "DELETE"], endpoint="z")(cross_origin("*", max_age=600)(lambda: "all"))
    CORS(app, origins=[APP], methods=["DELETE", "PUT"], max_age=600)
    web = app.test_client()
    # GET is public, and DELETE is for the application's pages alone. Nothing of the answers is kept: names of headers that
    # are kept count for any method.
    assert preflight(web, "GET") == (204, "GET, HEAD, OPTIONS", "0")
    assert preflight(web, "DELETE") == (403, None, None)
    assert preflight(web, "DELETE", origin=APP) == (204, "DELETE", "0")
    # What no route has is nobody's.
    assert preflight(web, "PATCH")[1] != "PATCH"
    # Elsewhere one policy governs every method.
    everything = "GET, HEAD, POST, OPTIONS, PUT, PATCH, DELETE"
    assert preflight(web, "GET", "/y") == (204, everything, "600")
    assert preflight(web, "DELETE", "/z") == (204, everything, "600")


@pytest.mark.parametrize("is_first", [True, False])
def test_a_preflight_lists_the_methods_of_its_policy_where_flask_redirects_one(is_first: bool) -> None:
    """A redirect for a slash is of the methods that have a route behind it: DELETE has one at the address itself."""
    app = Flask("x")
    read = cross_origin("*", max_age=600)(lambda: "read")
    adds = [
        lambda: app.add_url_rule("/x/", "read", read, methods=["GET"]),
        lambda: app.add_url_rule("/x", "delete", lambda: "deleted", methods=["DELETE"]),
    ]
    for add in adds if is_first else reversed(adds):
        add()
    CORS(app, origins=[APP], methods=["DELETE", "PUT"], max_age=600)
    web = app.test_client()
    for path in ("/x", "/x/"):
        status, methods, max_age = preflight(web, "GET", path)
        assert (status, "GET" in str(methods)) == (204, True)
        if path == "/x":
            assert "DELETE" not in str(methods)
            assert max_age == "0"
    assert preflight(web, "DELETE", origin=APP) == (204, "DELETE", "0")
    assert web.delete("/x").status_code == 200


def test_a_preflight_lists_the_methods_of_its_policy_for_parts_of_a_class_and_blueprints() -> None:
    class Item(MethodView):
        @cross_origin(r"https://.*\.example", methods="*")
        def get(self) -> str:
            return "get"

        def put(self) -> str:
            return "put"

    app = Flask("x")
    app.add_url_rule("/x", view_func=Item.as_view("item"))
    CORS(app, resources=[])
    web = app.test_client()
    assert preflight(web, "GET") == (204, "GET, HEAD", "0")
    assert web.head("/x", headers={"origin": EVIL}).headers["access-control-allow-origin"] == EVIL
    assert preflight(web, "PUT")[1] is None

    shop = Blueprint("shop", "shop")
    shop.get("/b")(lambda: "shop")
    CORS(shop, policy=Policy(allow_origins=["*"], allow_methods=["PUT", "DELETE"], max_age=9))
    app = Flask("y")
    app.register_blueprint(shop)
    app.put("/b", endpoint="put")(lambda: "put")
    CORS(app, policy=POLICY)
    web = app.test_client()
    assert preflight(web, "GET", "/b")[1:] == (None, "0"), "of PUT and DELETE the blueprint has none"
    assert preflight(web, "PUT", "/b", APP) == (204, "PUT", "0")


def test_a_preflight_for_a_route_of_any_method() -> None:
    app = Flask("x")
    app.get("/x")(cross_origin("*")(lambda: "read"))
    app.url_map.add(Rule("/x", endpoint="any"))
    app.view_functions["any"] = cross_origin("*", methods="*", max_age=7)(lambda: "any")
    CORS(app, resources=[])
    web = app.test_client()
    # GET, and with it HEAD and OPTIONS, are of the first.
    assert preflight(web, "PURGE") == (204, "POST, PUT, PATCH, DELETE, PURGE", "0")
    for method in ("TRACE", "a b"):
        status, methods, _ = preflight(web, method)
        assert (status, methods) == (204, "POST, PUT, PATCH, DELETE"), method


def test_a_preflight_lists_every_method_where_equal_policies_govern() -> None:
    app = Flask("x")
    for method in ("get", "delete"):
        getattr(app, method)("/x", endpoint=method)(cross_origin(["https://.*\\.example"], max_age=7)(lambda: "x"))
    CORS(app, resources=[])
    assert preflight(app.test_client(), "DELETE") == (204, "GET, HEAD, POST, OPTIONS, PUT, PATCH, DELETE", "7")


def test_no_framework_is_imported_before_its_adapter() -> None:
    program = "import sys, cors_py, cors_py.asgi, cors_py.wsgi; print({'flask', 'django'} & set(sys.modules))"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=Path("/"))
    assert run.stdout.strip() == "set()"
