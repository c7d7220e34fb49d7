"""What an operator does with the ASGI adapter: policies by path, swapping, enforcing, shadows, counts, WebSockets."""

from __future__ import annotations

import asyncio
import logging
import re
from typing import Any
from unittest import mock

import common
import cors_py.wsgi
import httpx
import pytest
import websockets.exceptions
import websockets.sync.client
from common import APP, EVIL, OTHER
from cors_py import ConfigError, Denial, OriginRegex, Policy, Risk, Site
from cors_py.asgi import CORSMiddleware
from servers import PATIENCE, client, running_hypercorn, running_uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.websockets import WebSocket

POLICY = Policy(allow_origins=[APP], allow_methods=["PUT"], expose_headers=["x-app"])
OTHERS = Policy(allow_origins=[OTHER], allow_methods=["PATCH"], expose_headers=["x-other"])
PUBLIC = Policy(allow_origins=["*"])


async def say(request: Request) -> Response:
    return PlainTextResponse(f"{request.method} {request.url.path}")


async def echo(socket: WebSocket) -> None:
    await socket.accept()
    await socket.send_text(await socket.receive_text())
    await socket.close()


def application() -> Any:
    return Starlette(
        routes=[WebSocketRoute("/ws", echo), Route("/{path:path}", say, methods=["GET", "PUT", "OPTIONS"])]
    )


def allowed(response: Any) -> str | None:
    value: str | None = response.headers.get("access-control-allow-origin")
    return value


def test_the_longest_prefix_counts() -> None:
    app = CORSMiddleware(application(), policies={"/api": POLICY, "/api/public": PUBLIC, "/caf\u00e9": OTHERS})
    with running_uvicorn(app) as address, client(address) as http:
        for path, expected in [
            ("/api", APP),
            ("/api/", APP),
            ("/api/orders", APP),
            ("/api/public", "*"),
            ("/api/public/x", "*"),
            ("/api/publicity", APP),
            # Decoded once by the server, as the application sees it.
            ("/api/%70ublic/x", "*"),
            # A server behind may decode it once more.
            ("/api/%2570ublic/x", None),
            ("/API/orders", None),
            ("/apis", None),
            ("/", None),
        ]:
            response = http.get(path, headers={"origin": APP})
            assert (response.status_code, allowed(response)) == (200, expected), path
        assert allowed(http.get("/caf%C3%A9/x", headers={"origin": OTHER})) == OTHER
        assert "vary" not in http.get("/other").headers, "no CORS at all"


def test_inside_a_mounted_application_the_whole_path_counts() -> None:
    inner = CORSMiddleware(application(), policies={"/mounted/api": POLICY})
    with running_uvicorn(Starlette(routes=[Mount("/mounted", inner)])) as address, client(address) as http:
        assert allowed(http.get("/mounted/api/x", headers={"origin": APP})) == APP
        assert allowed(http.get("/mounted/x", headers={"origin": APP})) is None


@pytest.mark.parametrize("running", [running_uvicorn, running_hypercorn])
def test_swapping_under_load(running: Any) -> None:
    site = Site(common.POLICY)

    def swap(_: httpx.Client) -> None:
        site.swap(common.OTHERS if site.rules.only is common.POLICY else common.POLICY)

    with running(CORSMiddleware(application(), site=site)) as address:
        common.check_swapping(address, "/x", swap)


def test_enforcing() -> None:
    app = CORSMiddleware(application(), policy=POLICY, enforce=True)
    with running_uvicorn(app) as address, client(address) as http:
        for headers, status in [
            ({}, 200),
            ({"origin": APP}, 200),
            ({"origin": EVIL}, 403),
            ({"origin": "null"}, 403),
            # Browsers send Origin to the page's own server, too (A6).
            ({"origin": f"http://{address}"}, 200),
            ({"origin": EVIL, "sec-fetch-site": "same-origin"}, 200),
        ]:
            response = http.get("/x", headers=headers)
            assert response.status_code == status, headers
            assert response.headers["vary"] == "origin"
        assert http.get("/x", headers={"origin": EVIL}).text == "CORS: the policy does not allow this origin\n"
        assert http.head("/x", headers={"origin": EVIL}).status_code == 403
        assert app.site.denials[Denial.ORIGIN_NOT_ALLOWED] == 4


def test_passing_preflights_through() -> None:
    app = CORSMiddleware(application(), policy=POLICY, passthrough=True)
    with running_uvicorn(app) as address, client(address) as http:
        response = http.options("/x", headers={"origin": APP, "access-control-request-method": "PUT"})
        assert (response.status_code, response.text) == (200, "OPTIONS /x")
        assert response.headers["access-control-allow-methods"] == "PUT"
        response = http.options("/x", headers={"origin": EVIL, "access-control-request-method": "PUT"})
        assert (response.status_code, allowed(response)) == (200, None)


def test_a_shadow_counts_and_changes_nothing(caplog: pytest.LogCaptureFixture) -> None:
    site = Site(POLICY, shadow=OTHERS, logger=logging.getLogger("test"))
    caplog.set_level(logging.INFO, "test")
    with running_uvicorn(CORSMiddleware(application(), site=site)) as address, client(address) as http:
        for origin, expected in [(APP, APP), (OTHER, None), (EVIL, None)]:
            assert allowed(http.get("/x", headers={"origin": origin})) == expected
    denied = Denial.ORIGIN_NOT_ALLOWED
    assert site.differences == {(None, denied): 1, (denied, None): 1}
    assert site.denials[denied] == 2
    assert [record.getMessage() for record in caplog.records] == [
        'allowed, and by the shadow OriginNotAllowed: GET /x, origin "https://app.example.com"',
        'OriginNotAllowed, and by the shadow allowed: GET /x, origin "https://other.example"',
        'denied, OriginNotAllowed: GET /x, origin "https://other.example"',
        'denied, OriginNotAllowed: GET /x, origin "https://evil.example"',
    ]


def test_counts_and_escaped_logs(caplog: pytest.LogCaptureFixture) -> None:
    app = CORSMiddleware(application(), policy=POLICY)
    caplog.set_level(logging.INFO, "cors_py")
    preflight = {"origin": APP, "access-control-request-method": "DELETE"}
    scope = {"type": "http", "method": "GET", "path": "/a\x1b[31m\nb", "headers": [(b"origin", b"x\x1b\r\n\xff" * 100)]}
    with running_uvicorn(app) as address, client(address) as http:
        assert http.options("/x", headers=preflight).status_code == 204, "the browser refuses it, and says why"
        http.get("/x", headers=[("origin", APP), ("origin", APP)])
        asyncio.run(send_nothing(app, scope))
    counts = {denial: count for denial, count in app.site.denials.items() if count}
    assert counts == {Denial.METHOD_NOT_ALLOWED: 1, Denial.MULTIPLE_ORIGINS: 1, Denial.MALFORMED_ORIGIN: 1}
    last = caplog.records[-1].getMessage()
    assert last.startswith(r'denied, MalformedOrigin: GET /a\x1b[31m\nb, origin "x\x1b\r\n\xffx')
    assert last.isascii() or set(last) - set(map(chr, range(128))) == {"…"}
    assert len(last) < 1000 and "\n" not in last


async def send_nothing(app: Any, scope: dict[str, Any]) -> None:
    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b""}

    async def send(message: Any) -> None:
        pass

    await app(scope, receive, send)


def decide(origin: str) -> bool:
    return origin.endswith(".customer.example")


async def decide_later(origin: str) -> bool:
    await asyncio.sleep(0)
    return decide(origin)


@pytest.mark.parametrize("allow_origin", [decide, decide_later])
def test_the_application_decides(allow_origin: Any) -> None:
    app = CORSMiddleware(
        application(),
        allow_origins=[APP],
        allow_origin_regex=r"https://pr-\d+\.example\.com",
        allow_origin=allow_origin,
    )
    with running_uvicorn(app) as address, client(address) as http:
        for origin, expected in [
            (APP, True),
            ("https://pr-1.example.com", True),
            ("https://a.customer.example", True),
            (EVIL, False),
            ("https://A.customer.example", False),
        ]:
            assert (allowed(http.get("/x", headers={"origin": origin})) == origin) is expected, origin
            preflight = {"origin": origin, "access-control-request-method": "GET"}
            assert (http.options("/x", headers=preflight).status_code == 204) is expected, origin
        assert sum(app.site.denials.values()) == 4


@pytest.mark.parametrize("risks", [[], ["NullOrigin"]])
def test_the_application_is_asked_about_null_only_where_its_risk_is_accepted(risks: Any) -> None:
    async def not_evil(origin: str) -> bool:
        return not origin.endswith(".evil.example")

    policy = Policy(allow_origins=[APP], allow_credentials=True, accept_risks=risks)
    app = CORSMiddleware(application(), policy=policy, allow_origin=not_evil)
    with running_uvicorn(app) as address, client(address) as http:
        assert allowed(http.get("/x", headers={"origin": "null"})) == ("null" if risks else None)
        preflight = {"origin": "null", "access-control-request-method": "GET"}
        assert http.options("/x", headers=preflight).status_code == (204 if risks else 403)
        assert allowed(http.get("/x", headers={"origin": OTHER})) == OTHER


def test_an_answer_that_is_no_bool_is_an_error() -> None:
    app = CORSMiddleware(application(), policy=POLICY, allow_origin=lambda origin: 1)  # type: ignore[arg-type,return-value]
    scope = {"type": "http", "method": "GET", "path": "/", "headers": [(b"origin", EVIL.encode())]}
    with pytest.raises(TypeError, match="allow_origin: True or False is expected, not int"):
        asyncio.run(send_nothing(app, scope))


@pytest.mark.parametrize("running", [running_uvicorn, running_hypercorn])
@pytest.mark.parametrize("checks", [True, False])
def test_websocket_handshakes(running: Any, checks: bool) -> None:
    def connect(address: str, path: str, origin: str | None, **options: Any) -> bool:
        try:
            with websockets.sync.client.connect(
                f"ws://{address}{path}", origin=origin, proxy=None, open_timeout=PATIENCE, **options
            ) as socket:
                socket.send("hello")
                return socket.recv(PATIENCE) == "hello"
        except websockets.exceptions.InvalidStatus as error:
            assert error.response.status_code == 403
            return False

    app = CORSMiddleware(application(), policy=POLICY, allow_origin=decide_later, check_websocket_origin=checks)
    with running(app) as address:
        for origin, expected in [
            (APP, True),
            ("https://a.customer.example", True),
            # No page's.
            (None, True),
            # The site's own.
            (f"http://{address}", True),
            (EVIL, not checks),
            ("null", not checks),
        ]:
            assert connect(address, "/ws", origin) is expected, origin
    assert app.site.denials[Denial.ORIGIN_NOT_ALLOWED] == (2 if checks else 0)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"policy": POLICY, "allow_origins": [APP]}, "policy has them all; remove allow_origins"),
        ({"site": Site(POLICY), "enforce": True}, "site has the policies; write the other arguments there"),
        ({"policies": {"api": POLICY}}, 'policies: the path prefix "api" begins without a slash; write "/api"'),
        ({"policies": {"/api/*": POLICY}}, 'the path prefix "/api/\\*" is not a path; write the path alone'),
        (
            {"policies": {"/users/<id>": POLICY}},
            'the path prefix "/users/<id>" has a parameter of a router; write "/users"',
        ),
        ({"policies": {"/api": POLICY, "/api/": PUBLIC}}, 'the path prefix "/api/" has a policy already'),
        ({"policy": "https://a.example"}, "a Policy is expected, not str"),
        ({"allow_origins": "https://a.example"}, "write \\['https://a.example'\\]"),
        ({"allow_origin_regex": ["x"]}, "allow_origin_regex: a str or a compiled pattern of str is expected, not list"),
        (
            {"allow_origin_regex": re.compile(b"x")},
            "allow_origin_regex: a str or a compiled pattern of str is expected",
        ),
        (
            {"allow_origin_regex": re.compile(r".*example\.com"), "allow_credentials": True},
            r"write https://\*\.example\.com",
        ),
        ({"allow_origins": ["*"], "allow_credentials": True}, "AnyOriginWithCredentials"),
        ({"allow_origin_regex": "https://.*", "allow_credentials": True}, "AnyOriginWithCredentials"),
        # An error counts the names of the user, and not those that Starlette always allows.
        ({"allow_headers": ["x-a", "x b"]}, r'allow_headers\[1\] "x b": not a token'),
        ({"allow_headers": ["accept", "x-a", 7]}, r"allow_headers\[2\]: an int where a str should be"),
        ({"allow_origins": ["https://a.example/"]}, "write https://a.example"),
    ],
)
def test_wrong_arguments(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises((TypeError, ValueError), match=message):
        CORSMiddleware(application(), **arguments)


# A11: of every adapter; those of Flask are in `test_flask_options`.
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"enforce": "false"}, "enforce: True or False is expected, not 'false'; write False, without quotation marks"),
        ({"passthrough": "1"}, "passthrough: True or False is expected, not '1'; write True, without quotation marks"),
        ({"handle_errors": "no"}, "handle_errors: True or False is expected, not 'no'; write False"),
        ({"allow_credentials": "False"}, "allow_credentials: a str where True or False should be; write False"),
        ({"site": "x"}, "site: a Site is expected, not str"),
        ({"policy": "x"}, "policy: a Policy is expected, not str"),
        ({"policies": [POLICY]}, "policies: a dict of paths and policies is expected, not list"),
        (
            {"policies": {"/a": None}},
            r"policies\['/a'\]: a Policy is expected, not NoneType; write Policy\(\), which allows nothing, or leave",
        ),
        ({"shadow": "x", "policy": POLICY}, "shadow: a Policy is expected, not str"),
        ({"logger": "x", "policy": POLICY}, "logger: a logging.Logger is expected, not str"),
        (
            {"allow_origin": [APP]},
            "allow_origin: a function of an origin is expected, not list; a list of origins is allow",
        ),
        ({"allow_origins": None}, "allow_origins: None where a list of str should be; write \\[\\]"),
        ({"allow_orgins": [APP]}, "unknown argument `allow_orgins`; did you mean `allow_origins`?"),
        ({"enforced": True}, "unknown argument `enforced`; did you mean `enforce`?"),
        ({"origins": [APP]}, "unknown argument `origins`; did you mean `allow_origins`?"),
        ({"supports_credentials": True}, "unknown argument `supports_credentials`; did you mean `allow_credentials`?"),
    ],
)
@pytest.mark.parametrize("middleware", [CORSMiddleware, cors_py.wsgi.CORSMiddleware])
def test_an_argument_of_the_wrong_type_is_an_error(middleware: Any, arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(TypeError, match=message):
        middleware(mock.MagicMock(), **arguments)


PROXIED = "enforce refused a request that is perhaps of the site's own pages: a server behind a proxy that ends TLS"


@pytest.mark.parametrize(
    ("headers", "is_told"),
    [
        ({"origin": "https://shop.example", "host": "shop.example"}, True),
        ({"origin": "https://shop.example", "host": "shop.example:443"}, True),
        ({"origin": "https://shop.example", "host": "127.0.0.1:8000", "x-forwarded-host": "shop.example"}, True),
        ({"origin": "https://evil.example", "host": "shop.example"}, False),
        ({"origin": "http://shop.example", "host": "shop.example:8000"}, False),
        ({"origin": "https://shop.example", "host": "127.0.0.1:8000"}, False),
        # There the browser says what the request is.
        ({"origin": "https://shop.example", "host": "shop.example", "sec-fetch-site": "cross-site"}, False),
        ({"origin": "null", "host": "null"}, False),
    ],
)
@pytest.mark.parametrize("kind", ["asgi", "environ", "mapping"])
def test_a_refusal_behind_a_proxy_is_told_once(
    kind: str, headers: dict[str, str], is_told: bool, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    given: Any = {
        "asgi": [(name.encode(), value.encode()) for name, value in headers.items()],
        "environ": {
            "REQUEST_METHOD": "POST",
            "wsgi.url_scheme": "http",
            **{"HTTP_" + name.upper().replace("-", "_"): value for name, value in headers.items()},
        },
        "mapping": headers,
    }[kind]
    scheme = None if kind == "environ" else "http"
    site = Site(POLICY, enforce=True)
    for _ in range(2):
        answer = site.review(POLICY.evaluate("POST", given), None, "POST", "/cart", given, scheme)
        assert answer is not None
        assert answer.status == 403
    assert [message.startswith(PROXIED) for message in caplog.messages] == [True] * is_told
    caplog.clear()
    for quiet in (Site(POLICY, enforce=True, own_origins=["https://other.example"]), Site(POLICY)):
        quiet.review(POLICY.evaluate("POST", given), None, "POST", "/cart", given, scheme)
    assert caplog.messages == []


@pytest.mark.parametrize(
    ("origin", "advice"),
    [
        ("https://a.example/", "; write https://a.example$"),
        ("api.example.com", "; add the scheme: https://api.example.com$"),
        ("null", "'null': a page in a sandboxed frame, of any site, has this origin; write that of the site's pages$"),
        ("file://", "'file://': any file that a person opens has this origin; write that of the site's pages$"),
    ],
)
def test_advice_about_an_own_origin(origin: str, advice: str) -> None:
    with pytest.raises(ValueError, match=advice):
        Site(POLICY, own_origins=[origin])


def test_an_argument_of_another_adapter() -> None:
    with pytest.raises(TypeError, match="unknown argument `check_websocket_origin` here$"):
        cors_py.wsgi.CORSMiddleware(mock.MagicMock(), check_websocket_origin=True)


def test_check_websocket_origin_is_a_boolean() -> None:
    with pytest.raises(TypeError, match="check_websocket_origin: True or False is expected, not 'off'; write False"):
        CORSMiddleware(application(), policy=POLICY, check_websocket_origin="off")  # type: ignore[arg-type]


@pytest.mark.parametrize("middleware", [CORSMiddleware, cors_py.wsgi.CORSMiddleware])
def test_an_iterator_is_taken_once(middleware: Any) -> None:
    def texts(*parts: str) -> Any:
        return map(str.strip, parts)

    cors = middleware(
        mock.MagicMock(), allow_origins=texts(APP, f" {OTHER}"), allow_methods=texts("PUT"), allow_headers=texts("x-a")
    )
    policy = cors.site.rules.only
    assert (policy.allow_origins, policy.allow_methods) == ((APP, OTHER), ("PUT",))
    assert "x-a" in policy.allow_headers
    site = Site(POLICY, own_origins=texts(APP), allow_origin_regex=texts(r"https://a\.example"))
    assert site.own_origins == [APP]
    assert site.allow_origin_regex == OriginRegex([r"https://a\.example"])


def test_a_method_of_an_expression_is_held_to_its_proof() -> None:
    """P9."""
    policy = Policy(allow_credentials=True)
    with pytest.raises(ConfigError, match="AnyOriginWithCredentials"):
        Site(policy, allow_origin=OriginRegex(["https://.*"]).__call__)
    regex = OriginRegex([r"https://a\.example"])
    site = Site(policy, allow_origin=regex.__call__)
    assert (site.allow_origin, site.allow_origin_regex) == (None, regex)


def test_a_site_takes_a_compiled_expression() -> None:
    for regex in (re.compile(r"https://A\.example", re.IGNORECASE), r"https://a\.example", [r"https://a\.example"]):
        site = Site(POLICY, allow_origin_regex=regex)
        assert site.decide(POLICY, "GET", {"Origin": "https://a.example"}).allowed
    with pytest.raises(TypeError, match="allow_origin_regex: a str or a compiled pattern of str is expected, not int"):
        Site(POLICY, allow_origin_regex=7)  # type: ignore[arg-type]


# A6: a page of http is not a page of the site's that is served by https.
@pytest.mark.parametrize(
    ("kind", "scheme", "headers", "expected"),
    [
        ("http", "https", {"host": "shop.example", "origin": "http://shop.example"}, False),
        ("http", "https", {"host": "shop.example", "origin": "https://shop.example"}, True),
        ("http", None, {"host": "shop.example", "origin": "http://shop.example"}, True),
        ("http", None, {"host": "shop.example", "origin": "https://shop.example"}, False),
        ("websocket", "wss", {"host": "shop.example", "origin": "http://shop.example"}, False),
        ("websocket", "wss", {"host": "shop.example", "origin": "https://shop.example"}, True),
        ("websocket", None, {"host": "shop.example", "origin": "http://shop.example"}, True),
        ("websocket", None, {"host": "shop.example", "origin": "https://shop.example"}, False),
        (
            "websocket",
            "wss",
            {"host": "shop.example", "origin": "https://shop.example", "sec-fetch-site": "cross-site"},
            False,
        ),
        ("http", "https", {"host": "x", "origin": "http://shop.example", "sec-fetch-site": "same-origin"}, True),
        ("websocket", "wss", {"host": "x", "origin": "http://shop.example", "sec-fetch-site": "same-origin"}, True),
    ],
)
def test_the_own_pages(kind: str, scheme: str | None, headers: dict[str, str], expected: bool) -> None:
    reached: list[bool] = []
    sent: list[Any] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        reached.append(True)

    async def receive() -> Any:
        return {"type": "websocket.connect"}

    async def send(message: Any) -> None:
        sent.append(message)

    scope: dict[str, Any] = {
        "type": kind,
        "path": "/",
        "headers": [(k.encode(), v.encode()) for k, v in headers.items()],
    }
    scope |= {"method": "POST"} if kind == "http" else {}
    scope |= {} if scheme is None else {"scheme": scheme}
    asyncio.run(CORSMiddleware(app, policy=POLICY, enforce=True, check_websocket_origin=True)(scope, receive, send))
    assert bool(reached) is expected
    assert bool(sent) is not expected

    # Behind a proxy that ends TLS the operator names them.
    for own, is_own in [([headers["origin"]], True), (["https://other.example"], False)]:
        reached.clear()
        cors = CORSMiddleware(app, policy=POLICY, enforce=True, own_origins=own, check_websocket_origin=True)
        asyncio.run(cors(scope, receive, send))
        site = headers.get("sec-fetch-site")
        assert bool(reached) is (is_own if site is None else site == "same-origin")


@pytest.mark.parametrize("name", ["allow_origin", "allow_origin_regex"])
def test_a_site_proves_its_expressions(name: str) -> None:
    regex: dict[str, Any] = {name: OriginRegex([r"https://.*example\.com"])}
    private = Policy(allow_origins=[APP], allow_credentials=True)
    with pytest.raises(ConfigError, match=r"write https://\*\.example\.com"):
        Site(PUBLIC, policies={"/private": private}, **regex)
    site = Site(PUBLIC, **regex)
    with pytest.raises(ConfigError, match="AnyOriginWithCredentials"):
        site.swap(private)
    assert site.rules.only == PUBLIC
    site.swap(Policy(allow_origins=[APP], allow_credentials=True, accept_risks=[Risk.ANY_ORIGIN_WITH_CREDENTIALS]))


def test_a_site_needs_a_policy() -> None:
    site = Site(POLICY)
    for build in (Site, site.swap):
        with pytest.raises(TypeError, match="a policy is missing"):
            build()


def test_a_site_shows_its_arguments() -> None:
    regex = OriginRegex([r"https://a\.example"])
    for site, shown in [
        (Site(PUBLIC), "Site(Policy(allow_origins=['*']))"),
        (
            Site(policies={"/a": PUBLIC}, shadow=PUBLIC, enforce=True, own_origins=[APP]),
            "Site(policies={'/a': Policy(allow_origins=['*'])}, shadow=Policy(allow_origins=['*']), enforce=True, "
            f"own_origins=['{APP}'])",
        ),
        (
            Site(PUBLIC, passthrough=True, allow_origin_regex=regex),
            f"Site(Policy(allow_origins=['*']), passthrough=True, allow_origin_regex={regex!r})",
        ),
    ]:
        assert repr(site) == shown
