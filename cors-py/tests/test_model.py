"""The engine against a naive model of its rules, with policies and requests that hypothesis makes."""

from __future__ import annotations

from typing import Any

import model
from cors_py import Policy, Risk
from hypothesis import given, settings
from hypothesis import strategies as st

LABELS = st.sampled_from(["a", "b", "api", "pr-1-team", "pr-x", "evil"])
HOSTS = st.lists(LABELS, min_size=0, max_size=3).map(lambda labels: ".".join([*labels, "example", "com"]))
PORTS = st.sampled_from(["", ":8443", ":3000"])
ORIGINS = st.builds("{}://{}{}".format, st.sampled_from(["https", "http"]), HOSTS, PORTS)
MALFORMED = st.sampled_from(
    [
        "",
        "*",
        "https://",
        "https://A.example.com",
        "https://a.example.com/",
        "https://a.example.com:443",
        "a.example.com",
    ]
)
PATTERNS = st.one_of(
    ORIGINS,
    st.sampled_from(
        [
            "*",
            "https://*.example.com",
            "https://*.a.example.com",
            "http://*.example.com:*",
            "https://pr-*-team.example.com",
            "https://pr-*.example.com:8443",
            "https://a.example.com:*",
        ]
    ),
)
METHODS = st.sampled_from(["GET", "HEAD", "POST", "PUT", "put", "Put", "DELETE", "PATCH", "patch", "X-METHOD"])
NAMES = st.sampled_from(["x-a", "X-B", "authorization", "content-type", "x-ab", "x-"])


def alone_or(star: list[str], names: st.SearchStrategy[str]) -> st.SearchStrategy[list[str]]:
    return st.one_of(st.just(star), st.lists(names, max_size=4, unique_by=str.lower))


CONFIGS = st.fixed_dictionaries(
    {
        "allow_origins": st.lists(PATTERNS, max_size=4),
        "allow_methods": alone_or(["*"], METHODS).filter(
            lambda names: len({name.upper() for name in names}) == len(names)
        ),
        "allow_headers": st.one_of(alone_or(["*"], NAMES), st.just(["*", "Authorization"])),
        "expose_headers": st.lists(st.sampled_from(["X-Total", "etag", "x-a"]), max_size=3, unique=True),
        "allow_credentials": st.booleans(),
        "max_age": st.sampled_from([None, 0, 60, 86_400]),
        "preflight_status": st.sampled_from([200, 204, 299]),
    }
)

ASKED = st.one_of(METHODS, st.sampled_from(["", "P UT", "TRACE", "connect", "PUT,DELETE", " PUT", "PUT\t"]))
LINES = st.one_of(
    st.lists(st.one_of(NAMES, st.sampled_from(["", " ", "\tx-a ", "X-A"])), max_size=4).map(",".join),
    st.sampled_from(["a b", "x-a,x\x00", "x-a;x-b", "(x)"]),
)


def fields(name: str, values: st.SearchStrategy[str], most: int) -> st.SearchStrategy[list[tuple[str, str]]]:
    named = st.tuples(st.sampled_from([name, name.title(), name.upper()]), values)
    # Mostly one.
    return st.one_of(st.lists(named, min_size=1, max_size=1), st.lists(named, max_size=most))


HEADERS = st.tuples(
    fields("origin", st.one_of(ORIGINS, ORIGINS, MALFORMED), 2),
    fields("access-control-request-method", ASKED, 2),
    fields("access-control-request-headers", LINES, 3),
    st.lists(
        st.tuples(st.sampled_from(["host", "accept", "x-a"]), st.sampled_from(["x", "api.example.com"])), max_size=2
    ),
).flatmap(lambda parts: st.permutations([field for part in parts for field in part]))


@settings(max_examples=1500, deadline=None, derandomize=True, database=None)
@given(CONFIGS, st.sampled_from(["OPTIONS", "OPTIONS", "GET", "PUT", "options"]), HEADERS)
def test_against_the_model(config: dict[str, Any], method: str, headers: list[tuple[str, str]]) -> None:
    policy = Policy(**config, accept_risks=list(Risk))
    decision = policy.evaluate(method, headers)
    verdict = "allowed" if decision.denial is None else decision.denial.value
    kind, verdicts, status, expected = model.answer(config, method, headers)
    assert (decision.kind, decision.status, list(decision.fields)) == (kind, status, expected)
    assert verdict in verdicts
    raw = [(name.encode(), value.encode()) for name, value in headers]
    assert policy.evaluate(method.encode(), raw) == decision
    assert Policy.from_bytes(policy.to_bytes()).evaluate(method, headers) == decision
