"""The WSGI adapter: under gunicorn, and under the validator of the standard library."""

from __future__ import annotations

import re
import wsgiref.util
import wsgiref.validate
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from common import APP, EVIL, OTHER, POLICY, check_preflight, check_response, check_swapping, fields
from cors_py import Denial, Policy, Site
from cors_py.wsgi import CORSMiddleware
from processes import wait_for
from servers import client, running_gunicorn


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("gunicorn") / "log"


@pytest.fixture(scope="module")
def http(log: Path) -> Iterator[httpx.Client]:
    with running_gunicorn("wsgi_site:served", log) as address, client(address) as connected:
        yield connected


@pytest.mark.parametrize(
    ("path", "status", "vary"),
    [
        ("/fine", 200, "Accept, origin"),
        ("/own-fields", 200, "Accept, origin"),
        ("/write", 200, "Accept, origin"),
        ("/file", 200, "Accept, origin"),
        ("/missing", 404, "Accept, origin"),
        ("/crash", 500, "origin"),
    ],
)
def test_every_response(http: httpx.Client, path: str, status: int, vary: str) -> None:
    check_response(http, path, status, vary)


def test_the_server_logs_what_was_answered(http: httpx.Client, log: Path) -> None:
    http.get("/crash")
    # The response may be there first.
    wait_for(lambda: "RuntimeError: crash" in log.read_text())


@pytest.mark.parametrize("path", ["/fine", "/missing", "/crash"])
def test_a_preflight_comes_first(http: httpx.Client, path: str) -> None:
    check_preflight(http, path)
    assert http.options("/fine", headers={"origin": APP}).text == "OPTIONS", "no preflight"


# A12: the response has begun.
def test_an_exception_before_the_first_part_is_the_servers(http: httpx.Client, log: Path) -> None:
    response = http.get("/late-crash", headers={"origin": APP})
    assert (response.status_code, fields(response)) == (500, {})
    wait_for(lambda: "RuntimeError: late crash" in log.read_text())


def test_streams(http: httpx.Client) -> None:
    with http.stream("GET", "/stream", headers={"origin": APP}) as response:
        assert response.headers["access-control-allow-origin"] == APP
        parts = response.iter_raw()
        assert next(parts) == b"first"
        http.get("/go-on")
        assert b"".join(parts) == b"second"


def test_policies_by_path(http: httpx.Client) -> None:
    for path, expected in [("/public", "*"), ("/public/x", "*"), ("/publicity", None), ("/PUBLIC", None)]:
        response = http.get(path, headers={"origin": EVIL})
        assert response.headers.get("access-control-allow-origin") == expected, path


def test_swapping_under_load(log: Path) -> None:
    with running_gunicorn("wsgi_site:served", log.with_name("swap")) as address:
        check_swapping(address, "/x", lambda http: http.get("/swap"))


def answered(
    app: Callable[..., Any], method: str = "GET", path: str = "/", environ: dict[str, Any] | None = None, **headers: str
) -> tuple[str, dict[str, str], bytes]:
    """The application's answer, if it and the middleware keep to PEP 3333."""
    whole: dict[str, Any] = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "SCRIPT_NAME": "",
        "QUERY_STRING": "",
        **(environ or {}),
    }
    whole |= {"HTTP_" + name.upper(): value for name, value in headers.items()}
    wsgiref.util.setup_testing_defaults(whole)
    head: list[Any] = []

    def start_response(status: str, fields: list[tuple[str, str]], exc_info: Any = None) -> Callable[[bytes], None]:
        head[:] = [status, {name.lower(): value for name, value in fields}]
        return lambda part: None

    body = wsgiref.validate.validator(app)(whole, start_response)
    try:
        content = b"".join(body)
    finally:
        body.close()  # type: ignore[attr-defined]
    return head[0], head[1], content


def plain(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [environ["REQUEST_METHOD"].encode()]


def test_it_keeps_to_the_standard() -> None:
    app = wsgiref.validate.validator(plain)
    for arguments in [{}, {"enforce": True}, {"passthrough": True}, {"handle_errors": False}]:
        cors: Any = CORSMiddleware(app, policy=POLICY, **arguments)
        status, headers, _ = answered(cors, origin=APP)
        assert status == "200 OK" and headers["access-control-allow-origin"] == APP
        assert answered(cors)[0] == "200 OK"
        status, _, _ = answered(cors, origin=EVIL)
        assert (status == "403 Forbidden") is ("enforce" in arguments)


def test_enforcing() -> None:
    app = CORSMiddleware(plain, policy=POLICY, enforce=True)
    assert answered(app, origin=EVIL)[2] == b"CORS: the policy does not allow this origin\n"
    assert answered(app, origin=EVIL, sec_fetch_site="same-origin")[0] == "200 OK"
    # A6: the server's own address, scheme included.
    assert answered(app, origin="http://evil.example", host="evil.example")[0] == "200 OK"
    assert answered(app, origin=EVIL, host="evil.example")[0] == "403 Forbidden"
    assert answered(app, origin="https://shop.example", host="shop.example")[0] == "403 Forbidden"
    tls = {"wsgi.url_scheme": "https"}
    assert answered(app, environ=tls, origin="http://shop.example", host="shop.example")[0] == "403 Forbidden"
    assert answered(app, environ=tls, origin="https://shop.example", host="shop.example")[0] == "200 OK"
    named = CORSMiddleware(plain, policy=POLICY, enforce=True, own_origins=["https://shop.example"])
    assert answered(named, origin="https://shop.example", host="10.0.0.1")[0] == "200 OK"
    app = CORSMiddleware(plain, site=Site(POLICY, enforce=True, own_origins=[EVIL]))
    assert answered(app, origin=EVIL)[0] == "200 OK"
    assert answered(app, origin="http://evil.example", host="evil.example")[0] == "403 Forbidden"
    assert app.site.denials[Denial.ORIGIN_NOT_ALLOWED] == 1


@pytest.mark.parametrize(("status", "line"), [(200, "200 OK"), (299, "299 OK"), (204, "204 No Content")])
def test_the_preflights_status(status: int, line: str) -> None:
    app = CORSMiddleware(plain, policy=Policy(allow_origins=[APP], preflight_status=status))
    asked = {"origin": APP, "access_control_request_method": "GET"}
    got, headers, content = answered_unchecked(app, "OPTIONS", **asked)
    assert (got, content) == (line, b"")
    assert headers.get("content-length") == (None if status == 204 else "0")


def answered_unchecked(app: Callable[..., Any], method: str, **headers: str) -> tuple[str, dict[str, str], bytes]:
    """The validator wants a Content-Type with every body, even none."""
    environ = {"REQUEST_METHOD": method, "PATH_INFO": "/", **{f"HTTP_{k.upper()}": v for k, v in headers.items()}}
    head: list[Any] = []
    body = b"".join(app(environ, lambda status, fields: head.extend([status, dict(fields)])))
    return head[0], head[1], body


def test_the_application_decides() -> None:
    asked: list[str] = []

    def decide(origin: str) -> bool:
        asked.append(origin)
        return origin == OTHER

    regex = [re.compile(r"https://PR-\d+\.example\.com", re.IGNORECASE), r"https://qa\.example\.com"]
    app = CORSMiddleware(plain, allow_origins=[APP], allow_origin_regex=regex, allow_origin=decide)
    for origin, expected in [
        (APP, True),
        ("https://pr-1.example.com", True),
        ("https://qa.example.com", True),
        (OTHER, True),
        (EVIL, False),
    ]:
        headers = answered(app, origin=origin)[1]
        assert (headers.get("access-control-allow-origin") == origin) is expected, origin
    assert asked == [OTHER, EVIL]


def test_the_application_is_asked_about_null_only_where_its_risk_is_accepted() -> None:
    for risks in ([], ["NullOrigin"]):
        policy = Policy(allow_origins=[APP], allow_credentials=True, accept_risks=risks)
        app = CORSMiddleware(plain, policy=policy, allow_origin=lambda origin: not origin.endswith(".evil.example"))
        headers = answered(app, origin="null")[1]
        assert headers.get("access-control-allow-origin") == ("null" if risks else None)


def test_the_path_is_the_servers() -> None:
    app = CORSMiddleware(plain, policies={"/app/caf\u00e9": POLICY})
    latin = "/caf\u00e9".encode().decode("latin-1")
    for path, expected in [(latin, APP), (latin + "/x", APP), ("/cafe", None), ("/caf\xe9", None)]:
        headers = answered(app, path=path, environ={"SCRIPT_NAME": "/app"}, origin=APP)[1]
        assert headers.get("access-control-allow-origin") == expected, path


def crash(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    raise RuntimeError("crash")


def crash_by_parts(environ: dict[str, Any], start_response: Any) -> Iterator[bytes]:
    raise RuntimeError("crash")
    yield b"never"


@pytest.mark.parametrize("app", [crash, crash_by_parts])
def test_exceptions_go_on_to_the_server(app: Any) -> None:
    heads: list[Any] = []
    parts: list[bytes] = []

    def start_response(status: str, fields: list[tuple[str, str]]) -> None:
        heads.append((status, dict(fields)))

    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": "/", "HTTP_ORIGIN": APP}
    with pytest.raises(RuntimeError, match="crash"):
        parts.extend(part for part in CORSMiddleware(app, policy=POLICY)(environ, start_response))
    assert parts == [b"Internal Server Error"]
    ((status, fields),) = heads
    assert status == "500 Internal Server Error"
    assert fields["access-control-allow-origin"] == APP

    # Under Werkzeug's debugger it is left to that, and wherever the operator says so.
    heads.clear()
    debugged = {**environ, "werkzeug.debug.preserve_context": lambda context: None}
    for cors, given in [
        (CORSMiddleware(app, policy=POLICY), debugged),
        (CORSMiddleware(app, policy=POLICY, handle_errors=False), environ),
    ]:
        with pytest.raises(RuntimeError, match="crash"):
            list(cors(given, start_response))
    assert heads == []


def test_an_error_after_the_head_is_the_servers() -> None:
    def writes(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        start_response("200 OK", [("Content-Type", "text/plain")])(b"written")
        raise RuntimeError("crash")

    def yields(environ: dict[str, Any], start_response: Any) -> Iterator[bytes]:
        start_response("200 OK", [("Content-Type", "text/plain")])
        yield b"written"
        raise RuntimeError("crash")

    def begins(environ: dict[str, Any], start_response: Any) -> Iterator[bytes]:
        start_response("200 OK", [("Content-Type", "text/plain")])
        raise RuntimeError("crash")
        yield b"never"

    def begins_at_once(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        start_response("200 OK", [("Content-Type", "text/plain")])
        raise RuntimeError("crash")

    def streams(environ: dict[str, Any], start_response: Any) -> Iterator[bytes]:
        start_response("200 OK", [("Content-Type", "text/plain")])
        return crash_by_parts(environ, start_response)

    for app in (writes, yields, begins, begins_at_once, streams):
        heads: list[str] = []

        def start_response(status: str, fields: Any, heads: list[str] = heads) -> Callable[[bytes], None]:
            heads.append(status)
            return lambda part: None

        with pytest.raises(RuntimeError, match="crash"):
            list(CORSMiddleware(app, policy=POLICY)({"REQUEST_METHOD": "GET", "PATH_INFO": "/"}, start_response))
        assert heads == ["200 OK"]


def test_an_application_may_change_its_mind() -> None:
    def app(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        start_response("200 OK", [("Content-Type", "text/html")])
        try:
            raise RuntimeError("handled")
        except RuntimeError as error:
            start_response("409 Conflict", [("Content-Type", "text/plain")], (type(error), error, None))
        return [b"conflict"]

    status, headers, _ = answered(CORSMiddleware(app, policy=POLICY), origin=APP)
    assert (status, headers["content-type"]) == ("409 Conflict", "text/plain")


# A12: some servers (Granian, aws-wsgi) read status and headers when the application returns.
def test_a_response_that_has_begun_goes_on_at_once() -> None:
    class Body:
        def __iter__(self) -> Iterator[bytes]:
            return iter([b"part"])

    for body in ([b"part"], Body(), crash_by_parts({}, None)):

        def app(environ: dict[str, Any], start_response: Any, body: Any = body) -> Any:
            assert start_response("200 OK", [("Vary", "Accept")]) == "the server's"
            return body

        heads: list[Any] = []

        def start_response(*head: Any, heads: list[Any] = heads) -> Any:
            heads.append(head)
            return "the server's"

        environ = {"REQUEST_METHOD": "GET", "PATH_INFO": "/", "HTTP_ORIGIN": APP}
        assert CORSMiddleware(app, policy=POLICY)(environ, start_response) is body, "as the application made it"
        ((status, headers),) = heads
        assert (status, dict(headers)["access-control-allow-origin"]) == ("200 OK", APP)
        assert [value for name, value in headers if name.lower() == "vary"] == ["Accept, origin"]


def test_calling_twice_is_for_the_server_to_judge() -> None:
    def twice(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        start_response("200 OK", [])
        start_response("201 Created", [])
        return []

    heads: list[str] = []
    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": "/"}
    CORSMiddleware(twice, policy=POLICY)(environ, lambda status, headers: heads.append(status))
    assert heads == ["200 OK", "201 Created"]


def silent(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    return [b"never"]


def silent_by_parts(environ: dict[str, Any], start_response: Any) -> Iterator[bytes]:
    yield b"never"


def silent_and_empty(environ: dict[str, Any], start_response: Any) -> Iterator[bytes]:
    yield from ()


def broken(environ: dict[str, Any], start_response: Any) -> Any:
    return None


@pytest.mark.parametrize(
    ("app", "error"),
    [
        (silent, "has not called start_response"),
        (silent_by_parts, "has not called start_response"),
        (silent_and_empty, "has not called start_response"),
        (broken, "not iterable"),
    ],
)
def test_what_is_no_response_is_an_error(app: Any, error: str) -> None:
    heads: list[tuple[str, dict[str, str]]] = []
    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": "/", "HTTP_ORIGIN": APP}
    body = iter(CORSMiddleware(app, policy=POLICY)(environ, lambda status, head: heads.append((status, dict(head)))))
    assert next(body) == b"Internal Server Error"
    ((status, head),) = heads
    assert (status, head["access-control-allow-origin"]) == ("500 Internal Server Error", APP)
    with pytest.raises((AssertionError, TypeError), match=error):
        next(body)
    assert list(body) == [], "it is at its end"


def test_an_interrupt_is_no_error_of_the_application() -> None:
    def app(environ: dict[str, Any], start_response: Any) -> Iterator[bytes]:
        raise KeyboardInterrupt
        yield b"never"

    heads: list[Any] = []
    with pytest.raises(KeyboardInterrupt):
        list(CORSMiddleware(app, policy=POLICY)({"REQUEST_METHOD": "GET", "PATH_INFO": "/"}, heads.append))
    assert heads == []


def test_a_server_that_refuses_the_head_is_heard() -> None:
    def start_response(status: str, headers: Any) -> None:
        raise ValueError(f"refused: {status}")

    with pytest.raises(ValueError, match="refused: 200"):
        CORSMiddleware(plain, policy=POLICY)({"REQUEST_METHOD": "GET", "PATH_INFO": "/"}, start_response)
    body = CORSMiddleware(crash_by_parts, policy=POLICY)({"REQUEST_METHOD": "GET", "PATH_INFO": "/"}, start_response)
    with pytest.raises(ValueError, match="refused: 500") as raised:
        list(body)
    assert "crash" in str(raised.value.__cause__)


def test_the_body_is_closed() -> None:
    closed: list[bool] = []

    class Body:
        def __iter__(self) -> Iterator[bytes]:
            return iter([b"a"])

        def close(self) -> None:
            closed.append(True)

    def app(environ: dict[str, Any], start_response: Any) -> Body:
        start_response("200 OK", [("Content-Type", "text/plain")])
        return Body()

    assert answered(CORSMiddleware(app, policy=POLICY), origin=APP)[2] == b"a"
    assert closed == [True]
