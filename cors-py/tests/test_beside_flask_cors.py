"""The same application with flask-cors and with `cors_py.flask`, and the same requests. Where the two answer differently, the
case says in what, and why."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import cors_py.flask
import flask_cors
import pytest
from beside import ASKS_APP, ASKS_EVIL, CREDENTIALS, FROM_APP, FROM_EVIL, HEADERS, METHODS, ORIGIN, Case, answered
from common import APP
from flask import Flask, Response, abort, request

ONE = {"origins": [APP], "methods": ["PUT"], "allow_headers": ["x-token"]}
TWO = {
    "origins": [APP, "https://b.example"],
    "methods": ["PUT"],
    "allow_headers": ["x-token"],
    "supports_credentials": True,
}
REGEX = {"origins": [r"https://[a-z]+\.example\.com"]}

VARY_ALWAYS = "a cache must not give one origin's response to another"
LIKE_BROWSERS = "a browser's cache of preflights, and its message, are better for the whole list"

CASES = [
    # What is the same.
    Case("two origins, allowed", TWO, FROM_APP),
    Case("an expression, allowed", REGEX, FROM_APP),
    Case("no resource", {"resources": {"/x": ONE}}, FROM_APP),
    Case("exposed names", {**TWO, "expose_headers": ["x-page"]}, FROM_APP),
    Case("a handled error", TWO, FROM_APP, path="/forbidden"),
    Case("an unhandled one", TWO, FROM_APP, path="/crash"),
    Case("a missing page", TWO, FROM_APP, path="/missing"),
    Case("a literal resource", {"resources": {"/": TWO}}, FROM_APP),
    Case("any origin, without Origin", {}, {}, ours={}),
    Case("any origin, wildcard", {"send_wildcard": True}, FROM_APP),
    Case("any origin, not a preflight", {"send_wildcard": True}, FROM_APP, "OPTIONS"),
    # Vary.
    Case("one origin", ONE, FROM_APP, theirs={}, ours={"vary": "origin"}, why=VARY_ALWAYS),
    Case("denied", TWO, FROM_EVIL, ours={"vary": "origin"}, why=VARY_ALWAYS),
    Case("a denied expression", REGEX, FROM_EVIL, ours={"vary": "origin"}, why=VARY_ALWAYS),
    Case(
        "no Origin",
        TWO,
        {},
        theirs={ORIGIN: APP, CREDENTIALS: "true"},
        why="nobody asked, and which of the listed origins it were is chance",
    ),
    # `*`.
    Case(
        "any origin, the default",
        {},
        FROM_APP,
        theirs={ORIGIN: APP, "vary": "origin"},
        ours={ORIGIN: "*"},
        why="* means the same to a browser, and every cache can keep it",
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
        "uppercase",
        TWO,
        {"origin": "HTTPS://APP.EXAMPLE.COM"},
        theirs={ORIGIN: "HTTPS://APP.EXAMPLE.COM", CREDENTIALS: "true"},
        why="no browser sends it, and nothing is echoed that is no origin",
    ),
    Case(
        "junk and any origin",
        {"origins": r"https?://.*"},
        {"origin": "https://a b<script>"},
        theirs={ORIGIN: "https://a b<script>"},
        why="nothing is echoed that is no origin",
    ),
    # Preflights.
    Case(
        "a preflight",
        TWO,
        ASKS_APP,
        "OPTIONS",
        theirs={"status": 200},
        ours={"status": 204},
        why="no body, and the browser looks at no more than the class",
    ),
    Case(
        "a preflight of a denied origin",
        TWO,
        ASKS_EVIL,
        "OPTIONS",
        theirs={"status": 200},
        ours={"status": 403, "vary": "origin"},
        why="answered before the application; the status tells whoever reads the log",
    ),
    Case(
        "a preflight, method denied",
        TWO,
        {**ASKS_APP, "access-control-request-method": "DELETE"},
        "OPTIONS",
        theirs={"status": 200},
        ours={"status": 204, METHODS: "PUT", HEADERS: "x-token"},
        why=LIKE_BROWSERS,
    ),
    Case(
        "a preflight, header denied",
        TWO,
        {**ASKS_APP, "access-control-request-headers": "x-other"},
        "OPTIONS",
        theirs={"status": 200, METHODS: "PUT"},
        ours={"status": 204, METHODS: "PUT", HEADERS: "x-token"},
        why=LIKE_BROWSERS,
    ),
    Case(
        "a preflight for POST, which is not listed",
        TWO,
        {**ASKS_APP, "access-control-request-method": "POST"},
        "OPTIONS",
        theirs={"status": 200},
        ours={"status": 204, METHODS: "PUT", HEADERS: "x-token"},
        why="browsers always allow POST; " + LIKE_BROWSERS,
    ),
    Case(
        "a method's part",
        TWO,
        {**ASKS_APP, "access-control-request-method": "PU"},
        "OPTIONS",
        theirs={"status": 200, METHODS: "PUT", HEADERS: "x-token"},
        ours={"status": 204, METHODS: "PUT", HEADERS: "x-token"},
        why="denied here (the list shows it to the browser), and found in a text there",
    ),
    Case(
        "a preflight of a missing page",
        TWO,
        ASKS_APP,
        "OPTIONS",
        "/missing",
        theirs={"status": 404},
        ours={"status": 204},
        why="the page then sees the 404 of the request itself",
    ),
    Case(
        "a preflight where one has to log in",
        TWO,
        ASKS_APP,
        "OPTIONS",
        "/private",
        theirs={"status": 401},
        ours={"status": 204},
        why="a preflight has no credentials, so it comes before authentication",
    ),
    Case(
        "any header, with junk",
        {"origins": [APP, "https://b.example"]},
        {**ASKS_APP, "access-control-request-headers": "x, (junk)"},
        "OPTIONS",
        theirs={"status": 200, METHODS: "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT", HEADERS: "(junk), x"},
        ours={
            "status": 204,
            METHODS: "GET, HEAD, POST, OPTIONS, PUT, PATCH, DELETE",
            HEADERS: "*, authorization",
        },
        why="nothing is echoed but names; the methods stand as they are written",
    ),
    Case(
        "an OPTIONS that is no preflight",
        {**TWO, "methods": ["OPTIONS", "PUT"]},
        FROM_APP,
        "OPTIONS",
    ),
    Case(
        "private networks, not allowed",
        TWO,
        {**ASKS_APP, "access-control-request-private-network": "true"},
        "OPTIONS",
        theirs={"status": 200, "access-control-allow-private-network": "false"},
        ours={"status": 204},
        why="the field is true or absent",
    ),
    Case(
        "private networks",
        {**TWO, "allow_private_network": True},
        {**ASKS_APP, "access-control-request-private-network": "true"},
        "OPTIONS",
        theirs={"status": 200, "vary": "origin"},
        ours={"status": 204, "vary": "origin, access-control-request-private-network"},
        why="as above; the response depends on the request's field",
    ),
    # A3.
    Case(
        "the view's own field",
        TWO,
        FROM_APP,
        path="/own",
        theirs={ORIGIN: "https://own.example"},
        ours={ORIGIN: APP, CREDENTIALS: "true", "vary": "origin"},
        why="the policy decides, not a left-over in a view",
    ),
    # Paths.
    Case(
        "below a prefix, and not beside it",
        {"resources": {"/own*": TWO, "/f/*": TWO}},
        FROM_APP,
        path="/forbidden",
        theirs={ORIGIN: APP, CREDENTIALS: "true", "vary": "origin"},
        why="/f/* is written for what is below /f; as an expression it begins with /f",
    ),
]


def application(extension: Any, options: Mapping[str, Any]) -> Flask:
    app = Flask("both")
    app.logger.disabled = True
    extension(app, **options)

    @app.before_request
    def authenticate() -> None:
        if request.path == "/private":
            abort(401)

    app.add_url_rule("/", "root", lambda: "root", methods=["GET", "PUT"])
    app.add_url_rule("/private", "private", lambda: "private", methods=["GET", "PUT"])
    app.add_url_rule("/forbidden", "forbidden", lambda: abort(403))
    app.add_url_rule("/crash", "crash", lambda: 1 / 0)
    app.add_url_rule("/own", "own", lambda: Response(headers={"Access-Control-Allow-Origin": "https://own.example"}))
    return app


def answer(extension: Any, case: Case) -> dict[str, Any]:
    web = application(extension, case.settings).test_client()
    response = web.open(case.path, method=case.method, headers=dict(case.headers))
    return answered(response.status_code, response.headers)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_beside(case: Case) -> None:
    theirs, ours = answer(flask_cors.CORS, case), answer(cors_py.flask.CORS, case)
    case.check(theirs, ours)
