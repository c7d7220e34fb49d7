"""The Django middleware: its rules under gunicorn and uvicorn over loopback, and under Django's own clients."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Iterator
from typing import Any

import django
import django_site
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
from cors_py import ConfigError, Denial, Policy
from cors_py.django import CorsMiddleware, check_request_enabled, current_site
from django.dispatch import Signal
from django.test import AsyncClient, Client, RequestFactory, override_settings
from servers import running_gunicorn, running_uvicorn_of

# The settings are the process's.
pytestmark = pytest.mark.parallel_threads(1)


@pytest.fixture(scope="module", params=["gunicorn", "uvicorn"])
def address(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    log = tmp_path_factory.mktemp(request.param) / "log"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CORS_TEST_SERVER", "1")
        if request.param == "gunicorn":
            running = running_gunicorn("django_site:wsgi()", log)
        else:
            running = running_uvicorn_of("django_site:asgi", log)
        with running as listening:
            yield listening


# A2, A3.
@pytest.mark.parametrize(
    ("path", "status", "vary"),
    [
        ("/fine", 200, "Accept, origin"),
        ("/waits", 200, "origin"),
        ("/own-fields", 200, "Origin, Accept"),
        ("/vary-all", 200, "*"),
        ("/crash", 500, "origin"),
        ("/private", 401, "origin"),
        ("/missing", 404, "origin"),
        ("/slash", 301, "origin"),
        ("/redirect", 302, "origin"),
        ("/not-modified", 304, "origin"),
        ("/stream", 200, "origin"),
    ],
)
def test_every_response(http: httpx.Client, path: str, status: int, vary: str) -> None:
    check_response(http, path, status, vary)


def test_streams(http: httpx.Client) -> None:
    assert http.get("/stream", headers={"origin": APP}).text == "firstsecond"


# A12: a response that has begun is the server's, as in plain WSGI. Under ASGI nothing else is possible.
def test_an_exception_before_the_first_part_is_the_servers() -> None:
    heads: list[Any] = []
    environ = RequestFactory().get("/late-crash", headers={"origin": APP}).environ
    with override_settings(CORS_POLICY=POLICY):
        body = django_site.wsgi()(environ, lambda *head: heads.append(head[:2]))
        ((status, headers),) = heads
        assert (status, dict(headers)["access-control-allow-origin"]) == ("200 OK", APP)
        with pytest.raises(RuntimeError, match="late crash"):
            list(body)
    assert len(heads) == 1


# A1.
@pytest.mark.parametrize("path", ["/fine", "/private", "/missing", "/crash", "/slash"])
def test_a_preflight_comes_first(http: httpx.Client, path: str) -> None:
    check_preflight(http, path)
    assert http.options("/fine", headers={"origin": APP}).text == "OPTIONS", "no preflight"


def test_two_origins_are_none(http: httpx.Client) -> None:
    assert fields(http.get("/fine", headers=[("origin", APP), ("origin", APP)])) == {}


# A4.
def test_swapping_under_load(address: str) -> None:
    check_swapping(address, "/fine", lambda http: http.get("/swap"))


def get(path: str = "/fine", origin: str = APP, **headers: str) -> Any:
    return Client(raise_request_exception=False).get(path, headers={"origin": origin, **headers})


def preflight(path: str = "/fine", origin: str = APP) -> Any:
    return Client().options(path, headers={"origin": origin, **ASKS})


def test_no_settings_allow_nothing() -> None:
    assert fields(get()) == {}
    assert preflight().status_code == 403


# A5.
def test_denials_are_counted_and_logged(caplog: pytest.LogCaptureFixture) -> None:
    with override_settings(CORS_POLICY=POLICY), caplog.at_level(logging.INFO, "cors_py"):
        get(origin=EVIL)
        get(origin="https://x/")
        get(origin="http://testserver", host="testserver")
        counts = {denial: count for denial, count in current_site().denials.items() if count}
    assert counts == {Denial.ORIGIN_NOT_ALLOWED: 1, Denial.MALFORMED_ORIGIN: 1}
    assert [record.getMessage() for record in caplog.records if record.name == "cors_py"] == [
        f'denied, OriginNotAllowed: GET /fine, origin "{EVIL}"',
        'denied, MalformedOrigin: GET /fine, origin "https://x/"',
    ]


# A6, A7, A8.
def test_enforce_passthrough_and_shadow() -> None:
    with override_settings(CORS_POLICY=POLICY, CORS_ENFORCE=True):
        assert get(origin=EVIL).status_code == 403
        assert get(origin="http://testserver", host="testserver").status_code == 200
        assert get().status_code == 200
    with override_settings(CORS_POLICY=POLICY, CORS_PASSTHROUGH=True):
        response = preflight()
        assert (response.status_code, response.content) == (200, b"OPTIONS")
        assert fields(response)["access-control-allow-methods"] == "PUT"
    with override_settings(CORS_POLICY=POLICY, CORS_SHADOW_POLICY=Policy(allow_origins=[OTHER])):
        assert fields(get()) == allowed(APP, **CREDENTIALS)
        assert current_site().differences == {(None, Denial.ORIGIN_NOT_ALLOWED): 1}


# A9.
def test_policies_by_path() -> None:
    with override_settings(CORS_POLICIES=BY_PATH):
        for path, origin in UNDER_BY_PATH:
            assert get(path, OTHER).headers.get("access-control-allow-origin") == origin, path


@pytest.mark.parametrize(
    ("regex", "matching", "others"),
    [
        (r"^/public/.*$", ["/public/fine"], ["/public", "/fine", "/x/public/fine"]),
        (re.compile("/PUBLIC", re.I), ["/public/fine", "/public"], ["/fine"]),
        (r"^.*$", ["/public/fine", "/fine"], []),
    ],
)
def test_urls(regex: Any, matching: list[str], others: list[str]) -> None:
    with override_settings(CORS_ALLOWED_ORIGINS=[APP], CORS_URLS_REGEX=regex):
        for path in matching:
            assert fields(get(path)) == allowed(APP), path
        for path in others:
            assert fields(get(path)) == {}, path
            assert "vary" not in {name.lower() for name in get("/missing").headers} or regex == r"^.*$"
        # A swap leaves the paths as they are.
        current_site().swap(Policy(allow_origins=[OTHER]))
        for path in others:
            assert fields(get(path, OTHER)) == {}, path


@pytest.fixture
def receiver() -> Iterator[list[Any]]:
    """A receiver of the signal that allows `OTHER`, and what it was asked about."""
    asked: list[Any] = []

    def receive(sender: Any, request: Any, **_: Any) -> bool:
        asked.append((request.path, request.headers["origin"]))
        return request.headers["origin"] in (OTHER, "null", "https://x/")

    check_request_enabled.connect(receive)
    yield asked
    check_request_enabled.disconnect(receive)


def test_the_signal(receiver: list[Any]) -> None:
    assert isinstance(check_request_enabled, Signal)
    with override_settings(CORS_ALLOWED_ORIGINS=[APP], CORS_URLS_REGEX="^/fine"):
        assert fields(get()) == allowed(APP)
        assert receiver == [], "not asked where a list says it"
        assert fields(get(origin=OTHER)) == allowed(OTHER)
        assert fields(get(origin=EVIL)) == {}
        assert preflight(origin=OTHER).status_code == 204
        assert fields(get("/public/fine", OTHER)) == allowed(OTHER)
        assert fields(get("/public/fine", EVIL)) == {}
        assert receiver[-2:] == [("/public/fine", OTHER), ("/public/fine", EVIL)]
        # What no page of a site sends.
        assert fields(get(origin="null")) == {}
        assert fields(get(origin="https://x/")) == {}
        assert receiver[-1] == ("/public/fine", EVIL), "not asked about either"


def test_the_signal_about_null(receiver: list[Any]) -> None:
    with override_settings(CORS_ALLOWED_ORIGINS=[APP], CORS_ACCEPT_RISKS=["NullOrigin"]):
        assert fields(get(origin="null")) == allowed("null")
        assert receiver == [("/fine", "null")]
    # On a path outside of CORS_URLS_REGEX the receivers decide about the path, and not about the origin.
    with override_settings(CORS_ALLOWED_ORIGINS=[APP], CORS_URLS_REGEX="^/other"):
        assert fields(get(origin="null")) == {}


async def asynchronously() -> None:
    web = AsyncClient(raise_request_exception=False)
    with override_settings(CORS_ALLOWED_ORIGINS=[APP], CORS_URLS_REGEX="^/(fine|waits)"):
        assert fields(await web.get("/waits", headers={"origin": APP})) == allowed(APP)
        assert fields(await web.get("/waits", headers={"origin": OTHER})) == allowed(OTHER)
        assert fields(await web.get("/waits", headers={"origin": EVIL})) == {}
        assert fields(await web.get("/public/fine", headers={"origin": OTHER})) == allowed(OTHER)
        response = await web.options("/waits", headers={"origin": OTHER, **ASKS})
        assert (response.status_code, response.content) == (204, b"")

        async def receive(sender: Any, request: Any, **_: Any) -> bool:
            return bool(request.headers["origin"] == EVIL)

        if django.VERSION < (5, 0):
            # It awaits no receiver, and a coroutine is true.
            with pytest.raises(TypeError, match="a receiver is asynchronous"):
                check_request_enabled.connect(receive)
            return
        check_request_enabled.connect(receive)
        try:
            response = await web.get("/waits", headers={"origin": EVIL})
            assert fields(response) == allowed(EVIL)
        finally:
            check_request_enabled.disconnect(receive)


def test_a_receiver_that_returns_a_text() -> None:
    """The text "False" is true in Python: an exception, and no field."""

    def receive(sender: Any, **_: Any) -> str:
        return "False"

    check_request_enabled.connect(receive)
    try:
        with override_settings(CORS_ALLOWED_ORIGINS=[APP]):
            assert fields(get()) == allowed(APP)
            response = get(origin=EVIL)
            assert (response.status_code, fields(response)) == (500, {})
    finally:
        check_request_enabled.disconnect(receive)


def test_asynchronously(receiver: list[Any]) -> None:
    asyncio.run(asynchronously())
    last = EVIL if django.VERSION >= (5, 0) else OTHER
    assert (receiver[0], receiver[-1]) == (("/waits", OTHER), ("/waits", last))


def test_settings_with_a_problem_stop_the_server() -> None:
    with (
        override_settings(CORS_ALLOWED_ORIGINS=["app.example.com"]),
        pytest.raises(ConfigError, match="add the scheme"),
    ):
        CorsMiddleware(lambda request: None)  # type: ignore[arg-type, return-value]
