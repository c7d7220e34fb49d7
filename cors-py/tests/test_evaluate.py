"""`Policy.evaluate` for whatever holds a request's headers, and what its `Decision` is good for."""

from __future__ import annotations

import pickle
from types import MappingProxyType
from typing import Any

import pytest
from cors_py import ConfigError, Decision, Denial, OriginRegex, Policy

POLICY = Policy(
    allow_origins=["https://app.example.com"],
    allow_methods=["PUT"],
    allow_headers=["x-token"],
    expose_headers=["x-total"],
    allow_credentials=True,
    max_age=60,
)
ORIGIN = "https://app.example.com"
EVIL = "https://evil.example"

ACTUAL = {"Origin": ORIGIN, "Host": "api.example.com", "Cookie": "a=b"}
PREFLIGHT = {**ACTUAL, "Access-Control-Request-Method": "PUT", "Access-Control-Request-Headers": "x-token"}


def asgi(headers: dict[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.lower().encode(), value.encode()) for name, value in headers.items()]


def environ(headers: dict[str, str]) -> dict[str, Any]:
    named = {"HTTP_" + name.upper().replace("-", "_"): value for name, value in headers.items()}
    return {"REQUEST_METHOD": "GET", "wsgi.version": (1, 0), **named}


@pytest.mark.parametrize(
    "form",
    [
        asgi,
        environ,
        lambda headers: headers,
        lambda headers: list(headers.items()),
        lambda headers: iter(headers.items()),
        lambda headers: tuple(asgi(headers)),
        lambda headers: [list(pair) for pair in asgi(headers)],
        lambda headers: MappingProxyType(headers),
        lambda headers: {name.upper(): value for name, value in headers.items()},
    ],
)
def test_every_form_of_headers(form: Any) -> None:
    decision = POLICY.evaluate("OPTIONS", form(PREFLIGHT))
    assert (decision.kind, decision.allowed, decision.denial, decision.status) == ("preflight", True, None, 204)
    assert decision.fields == (
        ("access-control-allow-origin", ORIGIN, "replace"),
        ("access-control-allow-credentials", "true", "replace"),
        ("access-control-allow-methods", "PUT", "replace"),
        ("access-control-allow-headers", "x-token", "replace"),
        ("access-control-max-age", "60", "replace"),
        ("vary", "origin", "append"),
    )
    actual = POLICY.evaluate("GET", form(ACTUAL))
    assert (actual.kind, actual.allowed, actual.status, actual.is_routine) == ("actual", True, None, True)
    assert actual.asgi_fields == (
        (b"access-control-allow-origin", ORIGIN.encode()),
        (b"access-control-allow-credentials", b"true"),
        (b"access-control-expose-headers", b"x-total"),
        (b"vary", b"origin"),
    )
    none = POLICY.evaluate("GET", form({"Host": "api.example.com"}))
    assert (none.kind, none.allowed, none.asgi_fields) == ("not-cors", True, ((b"vary", b"origin"),))


@pytest.mark.parametrize("headers", [None, 7, "origin", b"origin", [1], [("origin",)], [("a", "b", "c")], [(1, "b")]])
def test_other_types_are_told(headers: Any) -> None:
    with pytest.raises(TypeError, match="pairs of str or of bytes, a mapping of str or a WSGI environ"):
        POLICY.evaluate("GET", headers)


@pytest.mark.parametrize(
    "origin",
    ["\ud800", "https://ä.example", "\x00", "a" * 100_000, "https://app.example.com\n", " ", "\u00a0" + ORIGIN],
)
def test_no_text_is_too_strange(origin: str) -> None:
    for headers in ({"origin": origin}, [("origin", origin)], {"REQUEST_METHOD": "GET", "HTTP_ORIGIN": origin}):
        assert POLICY.evaluate("GET", headers).denial is Denial.MALFORMED_ORIGIN
    assert POLICY.evaluate("\ud800", {"origin": ORIGIN, "\ud800": "x"}).allowed


def test_white_space_around_a_value_does_not_belong_to_it() -> None:
    """E7."""
    origin = f" {ORIGIN}\t"
    for headers in (
        {"origin": origin},
        [(b"origin", origin.encode())],
        {"REQUEST_METHOD": "GET", "HTTP_ORIGIN": origin},
    ):
        assert POLICY.evaluate("GET", headers).fields == POLICY.evaluate("GET", {"origin": ORIGIN}).fields


def test_two_origins_are_an_attack() -> None:
    headers = [(b"origin", ORIGIN.encode()), (b"Origin", ORIGIN.encode())]
    assert POLICY.evaluate("GET", headers).denial is Denial.MULTIPLE_ORIGINS


def test_decisions_do_not_leak_from_one_request_to_the_next() -> None:
    wide = Policy(allow_origins=["https://*.example.com"], allow_credentials=True)
    for _ in range(3):
        for name in ("a", "b"):
            origin = f"https://{name}.example.com"
            assert wide.evaluate("GET", {"origin": origin}).fields[0][1] == origin
            assert wide.evaluate("GET", {"origin": EVIL}).asgi_fields == ((b"vary", b"origin"),)
            assert wide.evaluate("GET", {}).asgi_fields == ((b"vary", b"origin"),)


def test_a_public_policy() -> None:
    policy = Policy(allow_origins=["*"], expose_headers=["x-a"])
    expected = ((b"access-control-allow-origin", b"*"), (b"access-control-expose-headers", b"x-a"))
    for headers in ({}, {"origin": EVIL}, {"origin": "null"}, {"origin": "*"}):
        decision = policy.evaluate("GET", headers)
        assert decision.asgi_fields == expected, headers
    several = policy.evaluate("GET", [("origin", EVIL), ("origin", EVIL)])
    assert several.denial is Denial.MULTIPLE_ORIGINS and several.asgi_fields == expected


def test_any_origin_with_credentials_echoes() -> None:
    policy = Policy(allow_origins=["*"], allow_credentials=True, accept_risks=["AnyOriginWithCredentials"])
    assert policy.evaluate("GET", {"origin": "null"}).fields[0][1] == "null"
    assert policy.evaluate("GET", {"origin": "*"}).denial is Denial.MALFORMED_ORIGIN


def test_allow_origin_is_asked_for_what_no_pattern_allows() -> None:
    asked: list[str] = []

    def allow(origin: str) -> bool:
        asked.append(origin)
        return origin == "https://db.example"

    for origin, allowed in [
        (ORIGIN, True),
        ("https://db.example", True),
        (EVIL, False),
        ("https://Evil.example", False),
        ("null", False),
    ]:
        decision = POLICY.evaluate("GET", {"origin": origin}, allow)
        assert decision.allowed is allowed, origin
        assert (decision.asgi_fields[0] == (b"access-control-allow-origin", origin.encode())) is allowed
    assert asked == ["https://db.example", EVIL]

    def fail(origin: str) -> bool:
        raise RuntimeError(origin)

    with pytest.raises(RuntimeError, match="evil"):
        POLICY.evaluate("GET", {"origin": EVIL}, fail)


@pytest.mark.parametrize("risks", [[], ["NullOrigin"]])
def test_allow_origin_is_asked_about_null_only_where_its_risk_is_accepted(risks: Any) -> None:
    """E12. The check is one that `null` passes."""
    policy = Policy(allow_origins=[ORIGIN], allow_credentials=True, accept_risks=risks)
    for headers in (
        {"origin": "null"},
        {"origin": " null"},
        {"origin": "null", "access-control-request-method": "GET"},
    ):
        for method in ("GET", "OPTIONS"):
            decision = policy.evaluate(method, headers, lambda origin: not origin.endswith(".evil.example"))
            assert decision.allowed is bool(risks), (method, headers)
            # An expression is about origins that have a scheme and a host (P9).
            without = Policy(allow_origins=[ORIGIN], accept_risks=risks)
            assert not without.evaluate(method, headers, OriginRegex(["null|https://.*"])).allowed

    async def coroutine(origin: str) -> bool:
        return False

    with pytest.raises(TypeError, match="True or False is expected"), pytest.warns(RuntimeWarning):
        POLICY.evaluate("GET", {"origin": EVIL}, coroutine)  # type: ignore[arg-type]


@pytest.mark.parametrize("origin", ["file://", "file://localhost"])
def test_allow_origin_is_asked_about_files_only_where_their_risk_is_accepted(origin: str) -> None:
    """E12."""
    for risks in ((), ("LocalFileOrigin",)):
        policy = Policy(allow_origins=[ORIGIN], accept_risks=risks)
        assert policy.evaluate("GET", {"origin": origin}, lambda _: True).allowed is bool(risks)
        assert policy.evaluate("GET", {"origin": origin}, OriginRegex(["file://.*"])).allowed is bool(risks)


def test_a_regex_is_proved_however_it_is_passed() -> None:
    """P9: its method is the same expression."""
    regex = OriginRegex([r"https://.*example\.com"])
    for allow_origin in (regex, regex.__call__):
        with pytest.raises(ConfigError, match="anybody can register"):
            POLICY.evaluate("GET", {"origin": "https://evilexample.com"}, allow_origin)


def test_a_regex_is_asked_without_a_call() -> None:
    regex = OriginRegex([r"https://pr-\d+\.example\.com"])
    assert POLICY.evaluate("GET", {"origin": "https://pr-12.example.com"}, regex).allowed
    assert POLICY.evaluate("GET", {"origin": EVIL}, regex).denial is Denial.ORIGIN_NOT_ALLOWED


@pytest.mark.parametrize(
    ("origin", "headers", "expected"),
    [
        (EVIL, {"host": "evil.example"}, True),
        (EVIL, {"host": "EVIL.example:443"}, True),
        (EVIL, {"host": "evil.example:80"}, False),
        ("http://evil.example", {"host": "evil.example:80"}, True),
        (EVIL + ":8443", {"host": "evil.example:8443"}, True),
        (EVIL, {"host": "evil.example.com"}, False),
        (EVIL, {"host": "api.example.com"}, False),
        (EVIL, {"host": "api.example.com", "sec-fetch-site": "same-origin"}, True),
        (EVIL, {"host": "api.example.com", "sec-fetch-site": "cross-site"}, False),
        ("null", {"host": ""}, False),
        ("https://Evil.example", {"host": "Evil.example"}, False),
    ],
)
def test_same_origin(origin: str, headers: dict[str, str], expected: bool) -> None:
    given = {"origin": origin, **headers}
    for form in (given, asgi(given), environ(given)):
        decision = POLICY.evaluate("POST", form)
        assert (decision.allowed, decision.same_origin) == (False, expected)
    preflight = {**given, "access-control-request-method": "PUT"}
    assert POLICY.evaluate("OPTIONS", preflight).same_origin is False


FIELDS = [
    ("access-control-allow-origin", ORIGIN),
    ("access-control-allow-credentials", "true"),
    ("access-control-expose-headers", "x-total"),
]


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ([], [*FIELDS, ("vary", "origin")]),
        ([("content-type", "text/html")], [("content-type", "text/html"), *FIELDS, ("vary", "origin")]),
        # A3: the policy's value is the only one.
        (
            [("Access-Control-Allow-Origin", "*"), ("a", "b"), ("access-control-max-age", "9")],
            [("a", "b"), *FIELDS, ("vary", "origin")],
        ),
        ([("Access-Control-Allow-Private-Network", "true")], [*FIELDS, ("vary", "origin")]),
        ([("vary", "Accept-Encoding")], [("vary", "Accept-Encoding, origin"), *FIELDS]),
        ([("Vary", "Origin")], [("Vary", "Origin"), *FIELDS]),
        ([("vary", "a,ORIGIN ,b")], [("vary", "a,ORIGIN ,b"), *FIELDS]),
        ([("vary", "*")], [("vary", "*"), *FIELDS]),
        ([("vary", "a"), ("vary", "*")], [("vary", "*"), *FIELDS]),
        ([("vary", "origin"), ("x", "y"), ("vary", "a")], [("vary", "origin, a"), ("x", "y"), *FIELDS]),
        ([("vary", "a"), ("vary", "b")], [("vary", "a, b, origin"), *FIELDS]),
        ([("access-control-foo", "1")], [("access-control-foo", "1"), *FIELDS, ("vary", "origin")]),
        ([("vary", "")], [("vary", "origin"), *FIELDS]),
        ([("vary", "original")], [("vary", "original, origin"), *FIELDS]),
    ],
)
def test_merging(headers: list[tuple[str, str]], expected: list[tuple[str, str]]) -> None:
    decision = POLICY.evaluate("GET", ACTUAL)
    before = list(headers)
    assert decision.merge_wsgi(headers) == expected
    assert headers == before, "the application's list is its own"
    raw = [(name.encode(), value.encode()) for name, value in headers]
    wanted = [(name.encode(), value.encode()) for name, value in expected]
    for given in (raw, tuple(raw), iter(raw), [list(pair) for pair in raw]):
        assert [tuple(pair) for pair in decision.merge_asgi(given)] == wanted
    again = decision.merge_asgi(decision.merge_asgi(raw))
    assert sorted(again) == sorted(wanted), "merging twice changes nothing"


def test_merging_a_denial_takes_the_applications_fields_away() -> None:
    decision = POLICY.evaluate("GET", {"origin": EVIL})
    headers = [(b"access-control-allow-origin", b"*"), (b"a", b"b")]
    assert decision.merge_asgi(headers) == [(b"a", b"b"), (b"vary", b"origin")]


def test_merging_several_lines_of_an_echo() -> None:
    policy = Policy(allow_origins=[ORIGIN], allow_headers=["*"], allow_credentials=True)
    lines = [("Access-Control-Request-Headers", "a"), ("Access-Control-Request-Headers", "b")]
    request = [("Origin", ORIGIN), ("Access-Control-Request-Method", "GET"), *lines]
    decision = policy.evaluate("OPTIONS", request)
    assert decision.fields[-2:] == (
        ("access-control-allow-headers", "a", "replace"),
        ("access-control-allow-headers", "b", "append"),
    )
    merged = decision.merge_wsgi([("access-control-allow-headers", "*")])
    assert [value for name, value in merged if name == "access-control-allow-headers"] == ["a", "b"]


def test_equality_hash_pickle_repr() -> None:
    one, other = POLICY.evaluate("GET", ACTUAL), POLICY.evaluate("GET", asgi(ACTUAL))
    denied = POLICY.evaluate("GET", {"origin": EVIL})
    preflight = POLICY.evaluate("OPTIONS", {**PREFLIGHT, "Access-Control-Request-Method": "PATCH"})
    assert one == other and hash(one) == hash(other)
    assert one != denied and one != "decision"
    for decision in (one, denied, preflight):
        copy = pickle.loads(pickle.dumps(decision))
        assert copy == decision and isinstance(copy, Decision)
    assert repr(denied) == "<Decision: actual, denied: OriginNotAllowed; vary: origin>"
    assert repr(preflight).startswith(
        "<Decision: preflight, denied: MethodNotAllowed, 204; access-control-allow-origin"
    )


def test_denials_have_messages() -> None:
    assert Denial.ORIGIN_NOT_ALLOWED.message == "the policy does not allow this origin"
    assert all(denial.message for denial in Denial)
    assert str(Denial.MALFORMED_ORIGIN) == "MalformedOrigin" == Denial.MALFORMED_ORIGIN


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"allow_methods": ["PUT"], "allow_headers": ["x"], "max_age": 5},
        {"allow_methods": ["*"], "allow_headers": ["*"]},
    ],
)
def test_what_is_kept_is_the_same_as_what_is_new(settings: dict[str, Any]) -> None:
    """A policy keeps the first decisions that have an origin among their fields. More of them than it keeps, in turn."""
    method, names = "access-control-request-method", "access-control-request-headers"
    requests: list[tuple[str, dict[str, str]]] = [
        ("GET", {}),
        ("OPTIONS", {method: "PUT", names: "x"}),
        ("OPTIONS", {method: "PUT", names: "x,y"}),
        ("OPTIONS", {method: "BREW", names: "x"}),
    ]
    policy = Policy(allow_origins=["https://*.example.com"], allow_credentials=True, **settings)
    for _ in range(3):
        for origin in [f"https://app-{number}.example.com" for number in range(5)]:
            for verb, asked in requests:
                headers = {"origin": origin, **asked}
                decision = policy.evaluate(verb, headers)
                assert ("access-control-allow-origin", origin, "replace") in decision.fields
                assert decision == Policy.from_bytes(policy.to_bytes()).evaluate(verb, headers)
