"""A9 where frameworks read a path: what they serve is what they guard, and prefixes begin at the root that the browser sees."""

from __future__ import annotations

import asyncio
import io
import re
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import unquote, unquote_to_bytes

import django_site  # noqa: F401
import pytest
from common import APP, EVIL, OTHER, POLICY
from cors_py import Denial, Policy, Site
from cors_py._native import ambiguous_path_policy, path_readings
from cors_py._paths import environ_path, sent_path, ways_of
from cors_py.asgi import CORSMiddleware as ASGIMiddleware
from cors_py.django import CorsMiddleware, check_request_enabled, current_site
from cors_py.flask import CORS
from cors_py.wsgi import CORSMiddleware as WSGIMiddleware
from django.core.handlers.asgi import ASGIRequest
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpResponse
from django.test import override_settings
from fastapi import FastAPI
from flask import Flask, send_from_directory
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.wsgi import ClosingIterator

# Django's settings are the process's.
pytestmark = pytest.mark.parallel_threads(1)

PUBLIC = Policy(allow_origins=["*"])
STRICT = {"/": POLICY, "/public": PUBLIC}
"""A lax policy before a strict default."""

TO_PRIVATE = ["/public/..%2fprivate/s.txt", "/public/.%2e%2fprivate/s.txt", "/public%2f..%2f/private/s.txt"]

Answer = tuple[int, dict[str, str], bytes]


def scope_of(path: str, origin: str = EVIL, method: str = "GET", **scope: Any) -> dict[str, Any]:
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": unquote_to_bytes(path).decode(),
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": [(b"host", b"api.example"), (b"origin", origin.encode())],
        "server": ("api.example", 80),
        "client": ("192.0.2.1", 1),
        **scope,
    }


def by_asgi(app: Any, path: str, origin: str = EVIL, method: str = "GET", **scope: Any) -> Answer:
    sent: list[Any] = []

    async def receive() -> Any:
        # The client neither sends anything nor leaves.
        await asyncio.Event().wait()

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(app(scope_of(path, origin, method, **scope), receive, send))
    body = b"".join(message.get("body", b"") for message in sent[1:])
    return sent[0]["status"], {name.decode(): value.decode() for name, value in sent[0]["headers"]}, body


def environ_of(path: str, origin: str = EVIL, method: str = "GET", mount: str = "") -> dict[str, Any]:
    return {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": mount,
        "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
        "QUERY_STRING": "",
        "SERVER_NAME": "api.example",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": "api.example",
        "HTTP_ORIGIN": origin,
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": io.StringIO(),
    }


def by_wsgi(app: Callable[..., Any], path: str, origin: str = EVIL, method: str = "GET", mount: str = "") -> Answer:
    head: list[Any] = []

    def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Callable[[bytes], None]:
        head[:] = [int(status[:3]), {name.lower(): value for name, value in headers}]
        return lambda part: None

    with closing(ClosingIterator(app(environ_of(path, origin, method, mount), start_response))) as parts:
        body = b"".join(parts)
    return head[0], head[1], body


def said(environ: Any, start_response: Any) -> list[bytes]:
    start_response("200 OK", [])
    return [b"said"]


@pytest.fixture
def files(tmp_path: Path) -> Path:
    for name in ("public", "private"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "s.txt").write_text(name)
    return tmp_path


def allowed(answer: Answer) -> str | None:
    return answer[1].get("access-control-allow-origin")


def test_static_files_of_starlette(files: Path) -> None:
    app = ASGIMiddleware(Starlette(routes=[Mount("/", StaticFiles(directory=files))]), policies=STRICT)
    assert by_asgi(app, "/public/s.txt")[2] == b"public"
    assert allowed(by_asgi(app, "/public/s.txt")) == "*"
    for path in TO_PRIVATE:
        answer = by_asgi(app, path)
        assert (answer[2], allowed(answer), answer[1]["vary"]) == (b"private", None, "origin"), path
    assert app.site.denials[Denial.AMBIGUOUS_PATH] == len(TO_PRIVATE)


def test_static_files_of_flask(files: Path) -> None:
    app = Flask("files", static_folder=None)
    app.add_url_rule("/<path:path>", "files", lambda path: send_from_directory(files, path))
    CORS(app, resources={"/public/*": {}, "/*": {"origins": [APP]}})
    for path in ["/public/s.txt", "/public//s.txt", "/public/./s.txt"]:
        assert allowed(by_wsgi(app, path)) == "*", path
    for path in TO_PRIVATE:
        answer = by_wsgi(app, path)
        assert allowed(answer) is None, path
        assert answer[2] in (b"private", b"public") or answer[0] == 404, path


@pytest.mark.parametrize(
    "path", ["//admin/users", "/%2Fadmin/users", "/x/..%2Fadmin/users", "/ADMIN/users", "/.%2fadmin"]
)
def test_enforce_of_flask(path: str) -> None:
    reached: list[str] = []
    for options in [
        {"policies": {"/": PUBLIC, "/admin": POLICY}, "enforce": True},
        {"resources": {"/admin/*": {"origins": [APP]}, "/*": {}}, "enforce": True},
    ]:
        app = Flask("admin")
        app.before_request(lambda: reached.append(path))
        cors = CORS(app, **options)  # type: ignore[arg-type]
        status, headers, body = by_wsgi(app, path)
        assert (status, headers.get("access-control-allow-origin"), reached) == (403, None, [])
        assert body == b"CORS: the path can be read in several ways, under different policies\n"
        assert cors.denials[Denial.AMBIGUOUS_PATH] == 1
        assert allowed(by_wsgi(app, "/users")) == "*"
        reached.clear()


def test_resources_that_are_expressions() -> None:
    app = Flask("resources")
    CORS(
        app,
        resources={
            r"^/v\d+/open(/|$)": {},
            re.compile("/V1/closed"): {"origins": [APP]},
            "/x": {"origins": [APP]},
            "/keys": {},
        },
    )
    for path, origin, expected in [
        ("/v1/open/x", EVIL, "*"),
        ("/v1/open/a//b", EVIL, "*"),
        ("//v1/open/x", EVIL, None),
        ("/v1/closed/..%2fopen/x", EVIL, None),
        ("/v1/open/x/..%2f..%2fclosed", EVIL, None),
        # An expression says itself which case it means.
        ("/v1/closed", APP, None),
        ("/V1/closed", APP, APP),
        ("/x", APP, APP),
        ("/X", APP, None),
        ("/%E2%84%AAeys", APP, None),
        ("/x/", APP, None),
    ]:
        assert allowed(by_wsgi(app, path, origin)) == expected, path


def by_django(path: str, origin: str = EVIL, mount: str = "", method: str = "GET") -> HttpResponse:
    response = CorsMiddleware(lambda _: HttpResponse("said"))(WSGIRequest(environ_of(path, origin, method, mount)))
    assert isinstance(response, HttpResponse)
    return response


def test_urls_of_django() -> None:
    with override_settings(CORS_ALLOW_ALL_ORIGINS=True, CORS_URLS_REGEX=r"^/public/", CORS_ENFORCE=True):
        assert by_django("/public/x")["access-control-allow-origin"] == "*"
        assert by_django("/public//x")["access-control-allow-origin"] == "*"
        assert by_django("/private/x").status_code == 200
        for path in [*TO_PRIVATE, "//public/x", "/private/..%2fpublic/x", "/public%5c..%5cprivate"]:
            response = by_django(path)
            assert (response.status_code, "access-control-allow-origin" in response) == (403, False), path
        assert current_site().denials[Denial.AMBIGUOUS_PATH] == len(TO_PRIVATE) + 3


def test_a_receiver_does_not_enable_an_ambiguous_path() -> None:
    def receive(sender: Any, request: Any, **_: Any) -> bool:
        return True

    check_request_enabled.connect(receive)
    try:
        with override_settings(CORS_ALLOWED_ORIGINS=[APP], CORS_URLS_REGEX=r"^/public/"):
            assert by_django("/elsewhere")["access-control-allow-origin"] == EVIL
            for path in TO_PRIVATE:
                assert "access-control-allow-origin" not in by_django(path), path
    finally:
        check_request_enabled.disconnect(receive)


BELOW_V1 = {"/": PUBLIC, "/v1/admin": POLICY}
"""Policies for an application at `/v1`."""


def test_a_mount_of_wsgi() -> None:
    app = Flask("mounted")
    CORS(app, policies=BELOW_V1)
    whole = DispatcherMiddleware(said, {"/v1": app})
    proxied = Flask("proxied")
    CORS(proxied, policies=BELOW_V1)
    proxied.wsgi_app = ProxyFix(proxied.wsgi_app, x_prefix=1)  # type: ignore[method-assign]

    def behind(environ: Any, start_response: Any) -> Any:
        return proxied({**environ, "HTTP_X_FORWARDED_PREFIX": "/v1"}, start_response)

    plain = WSGIMiddleware(said, policies=BELOW_V1)
    for served, path, mount in [
        (whole, "/v1/admin/users", ""),
        (behind, "/admin/users", ""),
        (plain, "/admin/users", "/v1"),
        (plain, "/admin/users", "/v1/"),
        (plain, "", "/v1/admin"),
    ]:
        assert allowed(by_wsgi(served, path, APP, mount=mount)) == APP, path
        assert allowed(by_wsgi(served, path, EVIL, mount=mount)) is None, path
    assert allowed(by_wsgi(whole, "/v1/other", EVIL)) == "*"
    assert allowed(by_wsgi(whole, "/v1//admin/users", APP)) is None
    with override_settings(CORS_POLICIES=BELOW_V1):
        assert by_django("/admin/users", APP, "/v1")["access-control-allow-origin"] == APP
        assert "access-control-allow-origin" not in by_django("/admin/users", EVIL, "/v1")
        with override_settings(FORCE_SCRIPT_NAME="/v1"):
            assert "access-control-allow-origin" not in by_django("/admin/users")


def test_peers_options_are_of_the_path_below_the_mount() -> None:
    app = Flask("mounted")
    CORS(app, resources={"/admin/*": {"origins": [APP]}, "/*": {}})
    whole = DispatcherMiddleware(said, {"/v1": app})
    assert allowed(by_wsgi(whole, "/v1/admin/users", EVIL)) is None
    assert allowed(by_wsgi(whole, "/v1/admin/users", APP)) == APP
    with override_settings(CORS_ALLOWED_ORIGINS=[APP], CORS_URLS_REGEX="^/admin/"):
        assert by_django("/admin/users", APP, "/v1")["access-control-allow-origin"] == APP


def test_a_mount_of_asgi() -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"said"})

    covered = ASGIMiddleware(app, policies=BELOW_V1)
    in_starlette = Starlette(routes=[Mount("/v1", covered)])
    fast = FastAPI()
    fast.add_middleware(ASGIMiddleware, policies=BELOW_V1)
    for served, path, root in [
        # uvicorn since 0.26, and Starlette since 0.33.
        (covered, "/v1/admin/users", "/v1"),
        (in_starlette, "/v1/admin/users", ""),
        # hypercorn, and what came before.
        (covered, "/admin/users", "/v1"),
        (covered, "/admin/users", "/v1/"),
        # A proxy strips the prefix, and the server knows of it.
        (fast, "/admin/users", "/v1"),
        (covered, "/v1/admin", "/v1/admin"),
    ]:
        assert allowed(by_asgi(served, path, APP, root_path=root)) == APP, (path, root)
        assert allowed(by_asgi(served, path, EVIL, root_path=root)) is None, (path, root)
        assert allowed(by_asgi(served, "/other", EVIL, root_path="/v2")) in ("*", None)
    assert allowed(by_asgi(covered, "/v1x/admin", EVIL, root_path="/v1")) == "*"
    assert allowed(by_asgi(covered, "/v1//admin", APP, root_path="/v1")) is None


def test_the_path_that_was_sent() -> None:
    for mount, path, expected in [
        ("", "/a", "/a"),
        ("/", "/a", "/a"),
        ("/v1", "/a", "/v1/a"),
        ("/v1", "/v1/a", "/v1/a"),
        ("/v1", "/v1", "/v1"),
        ("/v1", "/v1x", "/v1/v1x"),
        ("/v1/", "/a", "/v1/a"),
        ("/v1", "", "/v1"),
        ("/v1", "a", "/v1/a"),
    ]:
        assert sent_path(mount, path) == expected
    assert environ_path({"SCRIPT_NAME": "/v1", "PATH_INFO": "/v1/a"}) == "/v1/v1/a"
    # Latin-1, as WSGI has it, of UTF-8.
    assert environ_path({"SCRIPT_NAME": "/\xc3\xa9", "PATH_INFO": "/\xc3\xa9"}) == "/\u00e9/\u00e9"


def test_the_ways_to_take_a_path_apart() -> None:
    for root, path, expected in [
        ("/v1", "/v1/admin", [("/v1", "/admin")]),
        ("/v1", "/admin", [("/v1", "/admin")]),
        ("/v1", "//admin", [("/v1", "//admin")]),
        ("/v1", "/V1/admin", [("/v1", "/V1/admin"), ("", "/V1/admin")]),
        ("/k1", "/%E2%84%AA1/x", [("/k1", "/\u212a1/x"), ("", "/\u212a1/x")]),
        ("/v1", "//v1/admin", [("/v1", "//v1/admin"), ("", "//v1/admin"), ("/v1", "/admin")]),
        ("/v1", "/x/../v1", [("/v1", "/x/../v1"), ("", "/x/../v1"), ("/v1", "")]),
        ("/v1", "/%25761", [("/v1", "/%761"), ("", "/%761")]),
        ("/v1", "/x/v1/admin", [("/v1", "/x/v1/admin"), ("/v1", "/admin")]),
        ("/", "//v1", [("", "//v1")]),
    ]:
        assert ways_of(root, unquote(path)) == expected, (root, path)


def said_by_asgi(reached: list[str]) -> Any:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        reached.append(scope["path"])
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"said"})

    return app


@pytest.mark.parametrize(
    "path",
    ["//v1/admin", "/%2fv1/admin", "/V1/admin", "/x/..%2fv1/admin", "/%5Cv1/admin", "/x/v1/admin", "/..%2fadmin"],
)
def test_a_path_that_may_begin_with_its_root(path: str) -> None:
    """A server that does not put `root_path` before the path: `..` may stop at the root, and a path may be below it to the
    application alone."""
    reached: list[str] = []
    app = ASGIMiddleware(said_by_asgi(reached), policies={"/v1": PUBLIC, "/v1/admin": POLICY}, enforce=True)
    status, headers, _ = by_asgi(app, path, root_path="/v1")
    assert (status, headers.get("access-control-allow-origin"), reached) == (403, None, [])
    assert app.site.denials[Denial.AMBIGUOUS_PATH] == 1
    with override_settings(CORS_POLICIES={"/v1": PUBLIC, "/v1/admin": POLICY}):
        request = ASGIRequest(scope_of(path, root_path="/v1"), io.BytesIO())
        response = CorsMiddleware(lambda _: HttpResponse("said"))(request)
        assert isinstance(response, HttpResponse)
        assert "access-control-allow-origin" not in response


@pytest.mark.parametrize("path", ["/", "/other", "//other", "/v1", "/v1/", "/v1/other/..%2fx", "/v1x", "/other/..%2fx"])
def test_a_path_whose_ways_agree(path: str) -> None:
    app = ASGIMiddleware(said_by_asgi([]), policies={"/v1": PUBLIC, "/v1/admin": POLICY}, enforce=True)
    assert allowed(by_asgi(app, path, root_path="/v1")) == "*"


@pytest.mark.parametrize("path", ["/..%2fv1/admin/x", "/..%2fadmin/x", "/x/..%2f..%2fv1/admin/x", "/..%2fother"])
def test_dots_above_the_mount(path: str) -> None:
    """What is below the mount, and the whole path, may each be resolved."""
    app = Flask("mounted")
    CORS(app, resources={"/admin/*": {"origins": [APP]}, "/*": {}}, enforce=True)
    assert by_wsgi(app, path, EVIL, mount="/v1")[0] == 403
    with override_settings(CORS_ALLOW_ALL_ORIGINS=True, CORS_URLS_REGEX="^(?!/admin/)", CORS_ENFORCE=True):
        assert by_django(path, EVIL, "/v1").status_code == 403
    with override_settings(CORS_ALLOW_ALL_ORIGINS=True, CORS_URLS_REGEX="^/admin/", CORS_ENFORCE=True):
        assert by_django(path, EVIL, "/v1").status_code == 403


@pytest.mark.parametrize(
    "path", ["/v1/..%2fadmin/x", "/v1/a/..%2f..%2fadmin/x", "//v1/..%2fadmin/x", "/v1;x/..%2fadmin/x"]
)
def test_an_application_is_mounted_further_in(path: str) -> None:
    """The adapter is not told of a mount that is inside of its application, where `..` may stop."""
    policies = {"/": PUBLIC, "/v1/admin": POLICY}
    reached: list[str] = []
    app = ASGIMiddleware(said_by_asgi(reached), policies=policies, enforce=True)
    assert (by_asgi(app, path)[0], reached) == (403, [])
    assert by_wsgi(WSGIMiddleware(said, policies=policies, enforce=True), path)[0] == 403
    flask = Flask("outer")
    CORS(flask, resources={"/v1/admin/*": {"origins": [APP]}, "/*": {}}, enforce=True)
    assert by_wsgi(flask, path)[0] == 403
    with override_settings(CORS_ALLOW_ALL_ORIGINS=True, CORS_URLS_REGEX="^(?!/v1/admin/)", CORS_ENFORCE=True):
        assert by_django(path).status_code == 403
    for honest in ["/v1/..%2fx", "/v1/x/..%2fy", "/x/..%2fy/z"]:
        assert allowed(by_asgi(app, honest)) == "*", honest
        assert allowed(by_wsgi(flask, honest)) == "*", honest


def test_a_path_with_many_places_for_a_mount() -> None:
    assert path_readings("/a" * 17 + "/../b") is None
    assert path_readings("/a/b/../c") == {"/a/b/../c", "/a/c", "/a/b/c"}
    assert path_readings("/a" * 4000) == {"/a" * 4000}


def test_dots_below_the_mount() -> None:
    app = Flask("mounted")
    CORS(app, resources={"/admin/*": {"origins": [APP]}, "/*": {}}, enforce=True)
    for path in ["/x/..%2fy", "/x/./y", "//x"]:
        assert allowed(by_wsgi(app, path, EVIL, mount="/v1")) == "*", path
    # A mount that is not a plain path is no reason to deny what is below it.
    assert allowed(by_wsgi(app, "/x", EVIL, mount="/v1;x")) == "*"


def test_the_policy_of_ambiguous_paths() -> None:
    site = Site(policies=STRICT)
    policy = site.rules.policy_for("//public")
    assert policy is ambiguous_path_policy()
    assert policy != Policy()
    assert repr(policy) == "<Policy of ambiguous paths>"
    for method, headers, denial, status in [
        ("GET", [], None, None),
        ("GET", [("origin", OTHER)], Denial.AMBIGUOUS_PATH, None),
        ("OPTIONS", [("origin", OTHER), ("access-control-request-method", "PUT")], Denial.AMBIGUOUS_PATH, 403),
        ("GET", [("origin", OTHER), ("origin", OTHER)], Denial.AMBIGUOUS_PATH, None),
    ]:
        decision = policy.evaluate(method, headers, lambda _: True)
        assert (decision.denial, decision.status) == (denial, status)
        assert decision.wsgi_fields == (("vary", "origin"),)


def test_the_readings_of_a_path() -> None:
    assert path_readings("/a/b") == {"/a/b"}
    assert path_readings("/caf\u00e9//x") == {"/caf\u00e9//x", "/caf\u00e9/x"}
    assert path_readings("/%2561") == {"/%2561", "/%61"}
    assert path_readings("/a%2fb/../..%2fc") is None
