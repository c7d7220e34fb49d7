"""flask-cors's options: what each makes of a policy, and what is refused with which advice."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from cors_py import ConfigError, Policy
from cors_py.flask import CORS, cross_origin
from cors_py.flask.options import merged_options, policy_of_options
from cors_py.flask.resources import Resources, parse_resources
from flask import Flask

APP = "https://app.example.com"
ALL_METHODS = ("GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE")


def made(**options: Any) -> Policy:
    return policy_of_options(merged_options({}, options))


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, Policy(allow_origins=["*"], allow_methods=ALL_METHODS, allow_headers=["*", "authorization"])),
        (
            {"origins": APP, "supports_credentials": True, "allow_headers": "X-Token", "methods": "put"},
            Policy(allow_origins=[APP], allow_credentials=True, allow_headers=["X-Token"], allow_methods=["PUT"]),
        ),
        (
            {
                "origins": {APP, "http://localhost:*"},
                "methods": [],
                "allow_headers": [],
                "max_age": timedelta(minutes=2),
            },
            Policy(allow_origins=["http://localhost:*", APP], max_age=120),
        ),
        (
            {"origins": [APP], "methods": [], "allow_headers": [], "expose_headers": "X-Page", "max_age": "60"},
            Policy(allow_origins=[APP], expose_headers=["X-Page"], max_age=60),
        ),
        (
            {"origins": ["https://*.example.com", "http://[::1]:3000"], "methods": "*", "allow_headers": []},
            Policy(allow_origins=["https://*.example.com", "http://[::1]:3000"], allow_methods=["*"]),
        ),
        (
            {"origins": [APP, ".*"], "methods": [], "allow_headers": ["X-A", "*"], "allow_private_network": True},
            Policy(allow_origins=["*"], allow_headers=["*", "authorization"], allow_private_network=True),
        ),
        (
            {
                "supports_credentials": True,
                "accept_risks": ["AnyOriginWithCredentials"],
                "methods": [],
                "allow_headers": [],
            },
            Policy(allow_origins=["*"], allow_credentials=True, accept_risks=["AnyOriginWithCredentials"]),
        ),
        # No effect: it is what is done anyway.
        (
            {"origins": [APP], "methods": [], "allow_headers": [], "send_wildcard": True, "always_send": False},
            Policy(allow_origins=[APP]),
        ),
        ({"vary_header": False, "methods": [], "allow_headers": []}, Policy(allow_origins=["*"])),
    ],
)
def test_an_option_makes_a_policy(options: dict[str, Any], expected: Policy) -> None:
    assert made(**options) == expected


@pytest.mark.parametrize(
    ("origins", "allows", "denies"),
    [
        (r"https://.*\.example\.com", ["https://a.example.com"], ["https://a.example.com.evil", "https://example.com"]),
        (r"https://a{1,3}[x,y]\.example\.com", ["https://aaax.example.com"], ["https://aaaax.example.com"]),
        (r"https://A\.example\.com$", ["https://a.example.com"], ["https://b.example.com"]),
        (re.compile(r"https://A\.example\.com", re.I), ["https://a.example.com"], []),
        (re.compile(r"https://(A|b)\.example\.com"), ["https://b.example.com"], ["https://a.example.com"]),
        (
            re.compile(r"https://   a\.example\.com # the app", re.X),
            ["https://a.example.com"],
            ["https://   a.example.com"],
        ),
        (
            [APP, r"^http://localhost:\d+$"],
            [APP, "http://localhost:5173"],
            ["http://localhost", "http://localhost:1.evil"],
        ),
    ],
)
def test_expressions(origins: Any, allows: list[str], denies: list[str]) -> None:
    policy = made(origins=origins)
    for origin in allows:
        assert policy.evaluate("GET", {"Origin": origin}).allowed, origin
    for origin in denies:
        assert not policy.evaluate("GET", {"Origin": origin}).allowed, origin


@pytest.mark.parametrize(
    ("options", "field", "advice"),
    [
        (
            {"supports_credentials": True},
            "origins",
            "list the origins, or add AnyOriginWithCredentials to accept_risks",
        ),
        ({"origins": ["null"]}, "origins", "remove it, or add NullOrigin to accept_risks"),
        ({"origins": "app.example.com"}, "origins", "add the scheme: https://app.example.com"),
        ({"origins": [APP, "https://App.example.com/"]}, "origins", "write https://app.example.com"),
        ({"origins": r"(?!x)https://a\.example\.com"}, "origins", None),
        (
            {"origins": [APP, r"https://.*example\.com"], "supports_credentials": True},
            "origins",
            "write https://*.example.com among the origins, in place of the expression, or add AnyOriginWithCredentials "
            "to accept_risks",
        ),
        # Lists in a text, as an environment has them.
        ({"origins": '["https://app.example.com"]'}, "origins", "write https://app.example.com"),
        ({"origins": "'https://app.example.com'"}, "origins", "write https://app.example.com"),
        ({"origins": f"{APP},https://.*\\.example\\.org"}, "origins", None),
        (
            {"origins": f"{APP}, https://shop.example"},
            "origins",
            f'write each origin as an entry of its own: "{APP}", "https://shop.example"',
        ),
        ({"methods": "GET, PUT"}, "methods", "write each name as an entry of its own"),
        ({"methods": ["TRACE"]}, "methods", None),
        ({"allow_headers": "X-.*"}, "allow_headers", "list the names, or write '*' for any"),
        ({"allow_headers": [re.compile("X-")]}, "allow_headers", "list the names, or write '*' for any"),
        ({"allow_headers": ["Origin"]}, "allow_headers", "remove it"),
        ({"expose_headers": "X-A, X-B"}, "expose_headers", "write each name as an entry of its own"),
        ({"max_age": 100_000}, "max_age", None),
        ({"origins": APP, "vary_header": False}, "vary_header", None),
        ({"always_send": False}, "always_send", None),
        ({"intercept_exceptions": False}, "intercept_exceptions", None),
        (
            {"supports_credentials": True, "send_wildcard": True, "accept_risks": ["AnyOriginWithCredentials"]},
            "send_wildcard",
            "list the origins, or remove supports_credentials",
        ),
    ],
)
def test_what_is_refused(options: dict[str, Any], field: str, advice: str | None) -> None:
    with pytest.raises(ConfigError) as raised:
        CORS(Flask("x"), **options)
    (problem,) = raised.value.problems
    assert problem.field == field
    assert problem.message.startswith(field)
    assert problem.advice
    assert advice is None or problem.advice == advice
    assert "allow_origin" not in problem.message, "the user has no such name"


def test_every_problem_at_once_and_where_it_is() -> None:
    with pytest.raises(ConfigError) as raised:
        made(origins=[APP, r"(?=", "app.example.com"], vary_header=False, methods=["a b"])
    assert [(problem.field, problem.index) for problem in raised.value.problems] == [
        ("vary_header", None),
        ("origins", 2),
        ("methods", 0),
        ("origins", 1),
    ]
    assert 'origins[2] "app.example.com"' in str(raised.value)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"origin": APP}, "'origin' is not an option of CORS; perhaps origins is meant"),
        ({"allow_origins": [APP]}, "'allow_origins' is not an option of CORS; perhaps origins is meant"),
        ({"enforced": True}, "'enforced' is not an option of CORS; perhaps enforce is meant"),
        ({"polices": {}}, "'polices' is not an option of CORS; perhaps policies is meant"),
        ({"headers": "X"}, "'headers' is not an option of CORS; perhaps .*headers is meant"),
        ({"automatic_options": False}, "automatic_options is an option of cross_origin; write passthrough=True here"),
        ({"origins": 7}, "origins: a str or a list of them is expected, not int"),
        ({"origins": [7]}, "origins: a str or a compiled pattern of str is expected, not int"),
        ({"origins": re.compile(b"x")}, "origins: a str or a compiled pattern of str is expected, not bytes"),
        ({"methods": [1]}, "methods: a name or a list of names is expected, not int in it"),
        ({"max_age": "soon"}, "max_age: a number of seconds is expected, not 'soon'"),
        ({"max_age": 1.5}, "max_age: a number of seconds or a timedelta is expected, not float"),
        (
            {"supports_credentials": "False"},
            "supports_credentials: True or False is expected, not 'False'; write False, wi",
        ),
        (
            {"send_wildcard": "off"},
            "send_wildcard: True or False is expected, not 'off'; write False, without quotation",
        ),
        ({"vary_header": 0}, "vary_header: True or False is expected, not 0; write True or False"),
        (
            {"always_send": "yes"},
            "always_send: True or False is expected, not 'yes'; write True, without quotation marks",
        ),
        ({"intercept_exceptions": None}, "intercept_exceptions: True or False is expected, not None"),
        (
            {"allow_private_network": "x"},
            "allow_private_network: True or False is expected, not 'x'; write True or False",
        ),
        ({"resources": {"/a": {"send_wildcard": "no"}}}, "send_wildcard: True or False is expected, not 'no'"),
        ({"enforce": "false"}, "enforce: True or False is expected, not 'false'; write False, without quotation marks"),
        ({"own_origins": APP}, "own_origins: several origins are expected, not str; write"),
        ({"passthrough": 1}, "passthrough: True or False is expected, not 1"),
        ({"handle_errors": "0"}, "handle_errors: True or False is expected, not '0'; write False"),
        (
            {"methods": None},
            "methods: a name or a list of them is expected, not None; write \\[\\], or leave the option out",
        ),
        ({"allow_headers": None}, "allow_headers: a name or a list of them is expected, not None"),
        ({"origins": None}, "origins: a name or a list of them is expected, not None"),
        ({"site": "x"}, "site: a Site is expected, not str"),
        ({"policy": "x"}, "policy: a Policy is expected, not str"),
        ({"shadow": "x"}, "shadow: a Policy is expected, not str"),
        (
            {"allow_origin": [APP]},
            "allow_origin: a function of an origin is expected, not list; a list of origins is allow",
        ),
        ({"preflight_status": "204"}, "preflight_status: a str where a status from 200 to 299 should be; write 204"),
        ({"resources": 7}, "resources: a pattern, several, or a dict of patterns and options is expected, not int"),
        ({"resources": {"/a": APP}}, "resources: '/a': a dict of options is expected, not str"),
        ({"resources": {"/a": {"origin": APP}}}, "'origin' is not an option of CORS"),
        ({"resources": [7]}, "resources: a str or a compiled pattern is expected, not int"),
    ],
)
def test_what_is_of_the_wrong_type(options: dict[str, Any], message: str) -> None:
    with pytest.raises(TypeError, match=message):
        CORS(Flask("x"), **options)


# `FLASK_CORS_SUPPORTS_CREDENTIALS=False` in the environment is a text, which is true.
@pytest.mark.parametrize(
    "name",
    [
        "ALLOW_PRIVATE_NETWORK",
        "ALWAYS_SEND",
        "AUTOMATIC_OPTIONS",
        "INTERCEPT_EXCEPTIONS",
        "SEND_WILDCARD",
        "SUPPORTS_CREDENTIALS",
        "VARY_HEADER",
    ],
)
def test_a_boolean_of_the_environment(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"FLASK_CORS_{name}", "False")
    app = Flask("x")
    app.config.from_prefixed_env()
    for make in (lambda: CORS(app), lambda: CORS(app, resources={"/a": {}})):
        with pytest.raises(TypeError) as raised:
            make()
        assert str(raised.value) == (
            f"CORS_{name}: True or False is expected, not 'False'; write False, without quotation marks; in the "
            f"environment FLASK_CORS_{name}=true or false, as JSON has them"
        )


def test_settings_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLASK_CORS_ORIGINS", '["https://app.example.com", "https://shop.example"]')
    monkeypatch.setenv("FLASK_CORS_SUPPORTS_CREDENTIALS", "true")
    monkeypatch.setenv("FLASK_CORS_MAX_AGE", "60")
    app = Flask("x")
    app.config.from_prefixed_env()
    policy = CORS(app).site.rules.only
    assert policy is not None
    assert (policy.allow_origins, policy.allow_credentials, policy.max_age) == (
        ("https://app.example.com", "https://shop.example"),
        True,
        60,
    )


@pytest.mark.parametrize("where", ["arguments", "configuration", "resources", "route"])
def test_an_iterator_is_taken_once(where: str) -> None:
    origins = map(str.strip, f"{APP}, https://shop.example".split(","))
    app = Flask("x")
    if where == "configuration":
        app.config["CORS_ORIGINS"] = origins
    options: dict[str, Any] = {
        "arguments": {"origins": origins, "resources": ["/a", "/b"]},
        "configuration": {"resources": ["/a", "/b"]},
        "resources": {"resources": {"/a": {"origins": origins}}},
        "route": {"resources": []},
    }[where]
    cors = CORS(**options)
    if where == "route":
        view = cross_origin(origins)(lambda: "x")
        for path in ("/a", "/b"):
            app.add_url_rule(path, path, view)
    cors.init_app(app)
    paths = ["/a"] if where == "resources" else ["/a", "/b"]
    for path in paths:
        for origin in (APP, "https://shop.example"):
            response = app.test_client().get(path, headers={"origin": origin})
            assert response.headers.get("access-control-allow-origin") == origin, (path, origin)


def test_a_resource_that_is_no_expression() -> None:
    with pytest.raises(ValueError, match=r"resources: '/a\(' is no regular expression"):
        CORS(Flask("x"), resources="/a(")


def test_configuration(caplog: pytest.LogCaptureFixture) -> None:
    app = Flask("x")
    app.config.update(CORS_ORIGINS=[APP], CORS_MAX_AGE=5, CORS_METHODS=None, CORS_ENABLED=True, CORS_ORIGIN="x")
    cors = CORS(app, max_age=7, resources={"/a": {}, "/b": {"max_age": 9}})
    for path, age in [("/a", 7), ("/b", 9)]:
        policy = cors.site.rules.policy_for(path)
        assert policy is not None
        assert (policy.allow_origins, policy.allow_methods, policy.max_age) == ((APP,), ALL_METHODS, age)
    assert caplog.messages == [
        "CORS_ENABLED has no effect",
        "CORS_ORIGIN has no effect; perhaps CORS_ORIGINS is meant",
    ]
    assert {record.levelno for record in caplog.records} == {logging.WARNING}


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("CORS_ORIGIN", "CORS_ORIGINS"),
        ("CORS_ALLOWED_ORIGINS", "CORS_ORIGINS"),
        ("CORS_ALLOW_ORIGIN", "CORS_ORIGINS"),
        ("CORS_EXPOSED_HEADERS", "CORS_EXPOSE_HEADERS"),
        ("CORS_HEADERS", "CORS_ALLOW_HEADERS"),
        ("CORS_CREDENTIALS", "CORS_SUPPORTS_CREDENTIALS"),
        ("cors_origins", "CORS_ORIGINS"),
        ("CORS-ORIGINS", "CORS_ORIGINS"),
        ("COR_ORIGINS", "CORS_ORIGINS"),
        ("CROS_ORIGINS", "CORS_ORIGINS"),
        ("CORS_RESOURCE", "CORS_RESOURCES"),
    ],
)
def test_a_setting_that_is_nearly_one(name: str, meant: str, caplog: pytest.LogCaptureFixture) -> None:
    message = f"^{name} is not a setting; write {meant}, or remove it$"
    app = Flask("x")
    app.config[name] = [APP]
    with pytest.raises(TypeError, match=message):
        CORS(app)
    route = Flask("x")
    route.config[name] = [APP]
    caplog.clear()
    route.add_url_rule("/", view_func=cross_origin()(lambda: "x"))
    assert f"do not change: {name} is not a setting" in caplog.text
    # A name of the application's own, for what it gives as an argument.
    option = meant.removeprefix("CORS_").lower()
    value: Any = {"origins": [APP], "resources": "/*", "supports_credentials": False}.get(option, "x-a")
    CORS(app, **{option: value})
    if option == "origins":
        nested = Flask("x")
        nested.config[name] = [APP]
        CORS(nested, resources={"/a": {"origins": [APP]}})


@pytest.mark.parametrize(
    ("resources", "message"),
    [
        ("api/*", "'api/*': no path begins without a slash; write '/api/*'"),
        ({"api": {}}, "'api': no path begins without a slash; write '/api'"),
        (["/a", "b/c"], "'b/c': no path begins without a slash; write '/b/c'"),
        (r"api/v\d+", r"'api/v\\d+': no path begins without a slash; write '/api/v\\d+'"),
        (r"^api/.*", r"'^api/.*': no path begins without a slash; write '^/api/.*'"),
        (re.compile("(?i)api/"), "'(?i)api/': no path begins without a slash; write '(?i)/api/'"),
        ("", "'': no path is empty; write '/*' for all paths"),
        ('{"/api/*": {"origins": "*"}}', "a list or a dict in a text; write it without quotation marks around it, or"),
        ('["/api/*"]', "a list or a dict in a text"),
        ("['/api/*']", "a list or a dict in a text"),
        ("/api/*, /public/*", "several paths in one text; write each as an entry of its own"),
        ("/a,/b", "several paths in one text"),
        ("/a|/b", "| is a letter of a path"),
        ("https://api.example.com/v1/*", "an address; write its path, such as '/v1/*'"),
        ("https://api.example.com", "an address; write its path, such as '/*'"),
        ("/users/<int:id>", "the names of a route's parts are not read; write '/users/[^/]+'"),
        ("/users/{id}/orders", "the names of a route's parts are not read; write '/users/[^/]+/orders'"),
        ("/a%20b/*", "paths are compared decoded; write '/a b/*'"),
        ("/api/", "'/api/': it is this path alone, with its slash; write '/api/*' for all that is below it"),
    ],
)
def test_a_resource_that_matches_no_path(resources: Any, message: str) -> None:
    with pytest.raises(ValueError) as raised:  # noqa: PT011
        CORS(Flask("x"), resources=resources)
    assert str(raised.value).startswith("resources: ")
    assert message in str(raised.value)


@pytest.mark.parametrize(
    "resources",
    [
        "/",
        "/*",
        "*",
        ".*",
        "/.*",
        "^/",
        r"\A/api",
        "/api/*",
        "/api",
        r"/a/\d+",
        "a?/x",
        "a*/x",
        "(/a|/b)",
        "(a|/b)",
        "[/]a",
        r"\/a",
    ],
)
def test_a_resource_that_matches_some_path(resources: str) -> None:
    CORS(Flask("x"), resources=resources)
    CORS(Flask("x"), resources=re.compile(resources if resources != "*" else ".*"))


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("origins", lambda used: {"origins": used}),
        ("resources", lambda used: {"resources": used}),
        ("own_origins", lambda used: {"own_origins": used}),
        ("origins", lambda used: {"resources": {"/a": {"origins": used}}}),
    ],
)
def test_an_iterator_that_was_read_before(name: str, options: Callable[[Any], dict[str, Any]]) -> None:
    used = iter([APP])
    assert list(used) == [APP]
    with pytest.raises(TypeError, match=f"^{name}: an iterator without entries, perhaps because it was read before"):
        CORS(Flask("x"), **options(used))


def test_an_iterator_of_the_configuration_that_was_read_before() -> None:
    app = Flask("x")
    app.config["CORS_ORIGINS"] = iter([])
    with pytest.raises(TypeError, match="^CORS_ORIGINS: an iterator without entries"):
        CORS(app)


# A literal path counts before an expression, and the one with more segments before the other.
@pytest.mark.parametrize(
    ("resources", "path", "expected"),
    [
        ("/*", "/anything/at/all", "/*"),
        ("*", "/anything", "*"),
        (r"/api/.*", "/api/x", r"/api/.*"),
        (r"/api/.*", "/api", None),
        ("/api/*", "/api", "/api/*"),
        ("/api/*", "/api/x/y", "/api/*"),
        ("/api/*", "/apis", None),
        ("/api", "/api/x", None),
        ("/api", "/API", None),
        (["/a", "/b"], "/b", "/b"),
        (re.compile("/api/v[0-9]"), "/api/v2/x", re.compile("/api/v[0-9]")),
        ({"/*": {}, "/api/*": {}, "/api/login": {}}, "/api/login", "/api/login"),
        ({"/*": {}, "/api/*": {}, "/api/login": {}}, "/api/x", "/api/*"),
        ({"/*": {}, "/api/*": {}, "/api/login": {}}, "/x", "/*"),
    ],
)
def test_resources(resources: Any, path: str, expected: Any) -> None:
    pairs = [(pattern, Policy(max_age=index)) for index, (pattern, _) in enumerate(parse_resources(resources))]
    rules = Resources(pairs)
    found = rules.only or rules.policy_for(path)
    assert [pattern for pattern, policy in pairs if policy is found] == ([] if expected is None else [expected])
