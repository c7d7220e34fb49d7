"""The same view behind django-cors-headers and behind `cors_py.django`, and the same requests. Where the two answer
differently, the case says in what, and why."""

from __future__ import annotations

from typing import Any

import cors_py.django
import corsheaders.middleware
import corsheaders.signals
import django_site  # noqa: F401
import pytest
from beside import AGE, ASKS_APP, ASKS_EVIL, EXPOSE, FROM_APP, FROM_EVIL, HEADERS, METHODS, ORIGIN, Case, answered
from common import APP, ASKS
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory, override_settings

pytestmark = pytest.mark.parallel_threads(1)

ONE = {"CORS_ALLOWED_ORIGINS": [APP], "CORS_ALLOW_CREDENTIALS": True, "CORS_EXPOSE_HEADERS": ["x-page"]}
REGEX = {"CORS_ALLOWED_ORIGIN_REGEXES": [r"https://\w+\.example\.com"]}
ANY = {"CORS_ALLOW_ALL_ORIGINS": True}
API = {**ONE, "CORS_URLS_REGEX": r"^/api/.*$"}
EMPTY = "no body, and the browser looks at no more than the class; a preflight exposes nothing to a page"

CASES = [
    # What is the same.
    Case("allowed", ONE, FROM_APP),
    Case("denied", ONE, FROM_EVIL),
    Case("no Origin", ONE, {}),
    Case("a path of the API", API, FROM_APP, path="/api/x"),
    Case("another path", API, FROM_APP, path="/x"),
    Case("a preflight of another path", API, ASKS_APP, "OPTIONS", "/x"),
    Case("an expression", REGEX, {"origin": "https://a.example.com"}),
    Case("the older names", {"CORS_ORIGIN_WHITELIST": [APP]}, FROM_APP),
    Case("the view's own fields", ONE, FROM_APP, path="/own"),
    Case("the signal, for a path", API, {**FROM_APP, "x-ask": "yes"}, path="/x"),
    Case("the signal, for an origin", ONE, {**FROM_EVIL, "x-ask": "yes"}),
    # Vary.
    Case(
        "any origin",
        ANY,
        FROM_APP,
        theirs={"vary": "origin"},
        why="the response is the same for every origin, and a cache may keep one for all",
    ),
    Case(
        "any origin, without Origin",
        ANY,
        {},
        theirs={"vary": "origin"},
        ours={ORIGIN: "*"},
        why="as above: so that a cache may give it to a page",
    ),
    # Origins.
    Case(
        "the start of an expression",
        REGEX,
        {"origin": "https://a.example.com.evil"},
        theirs={ORIGIN: "https://a.example.com.evil"},
        why="an expression matches the whole origin",
    ),
    Case(
        "a path after the origin",
        {"CORS_ALLOWED_ORIGINS": [APP]},
        {"origin": f"{APP}/path?x"},
        theirs={ORIGIN: f"{APP}/path?x"},
        why="no browser sends it, and nothing is echoed that is no origin",
    ),
    Case(
        "an uppercase scheme",
        {"CORS_ALLOWED_ORIGINS": [APP]},
        {"origin": "HTTPS://app.example.com"},
        theirs={ORIGIN: "HTTPS://app.example.com"},
        why="as above",
    ),
    Case(
        "the signal, for what is no origin",
        {"CORS_ALLOWED_ORIGINS": [APP]},
        {"origin": "junk", "x-ask": "yes"},
        theirs={ORIGIN: "junk"},
        why="as above",
    ),
    Case(
        "the signal, for null",
        {"CORS_ALLOWED_ORIGINS": [APP]},
        {"origin": "null", "x-ask": "yes"},
        theirs={ORIGIN: "null"},
        why="every site can send it; the receivers are asked about it with CORS_ACCEPT_RISKS",
    ),
    # The view's own fields.
    Case(
        "denied, and the view's own fields",
        ONE,
        FROM_EVIL,
        path="/own",
        theirs={ORIGIN: "*"},
        why="the policy decides, not a left-over in a view",
    ),
    # Preflights.
    Case(
        "a preflight",
        ONE,
        ASKS_APP,
        "OPTIONS",
        theirs={"status": 200, EXPOSE: "x-page"},
        ours={"status": 204},
        why=EMPTY,
    ),
    Case(
        "a preflight whose method is denied",
        ONE,
        {**ASKS_APP, "access-control-request-method": "BREW"},
        "OPTIONS",
        theirs={"status": 200, EXPOSE: "x-page"},
        ours={"status": 204},
        why=EMPTY,
    ),
    Case(
        "a preflight of a denied origin",
        ONE,
        ASKS_EVIL,
        "OPTIONS",
        theirs={"status": 200},
        ours={"status": 403},
        why="the status tells whoever reads the log",
    ),
    Case(
        "a preflight without Origin",
        ONE,
        ASKS,
        "OPTIONS",
        theirs={"body": ""},
        ours={"body": "view"},
        why="it is none, and the application's",
    ),
    Case(
        "an OPTIONS that is no preflight",
        ONE,
        FROM_APP,
        "OPTIONS",
        theirs={
            METHODS: "DELETE, GET, OPTIONS, PATCH, POST, PUT",
            HEADERS: "accept, authorization, content-type, user-agent, x-csrftoken, x-requested-with",
            AGE: "86400",
        },
        why="the fields mean something in the answer to a preflight only",
    ),
    Case(
        "private networks",
        {**ONE, "CORS_ALLOW_PRIVATE_NETWORK": True},
        {**ASKS_APP, "access-control-request-private-network": "true"},
        "OPTIONS",
        theirs={"status": 200, EXPOSE: "x-page", "vary": "origin"},
        ours={"status": 204, "vary": "origin, access-control-request-private-network"},
        why=EMPTY + "; the response depends on the request's field",
    ),
    Case(
        "any header, with credentials",
        {**ONE, "CORS_ALLOW_HEADERS": ["*"]},
        ASKS_APP,
        "OPTIONS",
        theirs={"status": 200, EXPOSE: "x-page", HEADERS: "*", "vary": "origin"},
        ours={"status": 204, HEADERS: "x-token", "vary": "origin, access-control-request-headers"},
        why="with credentials, * is the name of a header to a browser",
    ),
]


def view(request: HttpRequest) -> HttpResponse:
    own = {"Access-Control-Allow-Origin": "*", "Vary": "Origin"} if request.path == "/own" else {}
    return HttpResponse("view", headers=own)


def receive(sender: Any, request: HttpRequest, **_: Any) -> bool:
    return "x-ask" in request.headers


def answer(middleware: Any, case: Case) -> dict[str, Any]:
    request = RequestFactory().generic(case.method, case.path, headers=dict(case.headers))
    response = middleware(view)(request)
    found = answered(response.status_code, response.headers.items())
    if response.status_code == 200:
        found["body"] = response.content.decode()
    return found


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_beside(case: Case) -> None:
    signals = (corsheaders.signals.check_request_enabled, cors_py.django.check_request_enabled)
    for signal in signals:
        signal.connect(receive)
    try:
        with override_settings(**case.settings):
            theirs = answer(corsheaders.middleware.CorsMiddleware, case)
            ours = answer(cors_py.django.CorsMiddleware, case)
    finally:
        for signal in signals:
            signal.disconnect(receive)
    if theirs["status"] != ours["status"]:
        theirs.pop("body", None)
    case.check(theirs, ours)
