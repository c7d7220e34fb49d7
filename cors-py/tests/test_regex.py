"""`OriginRegex`: matched whole, in linear time; what it cannot take, and what it warns of."""

from __future__ import annotations

import pickle
import re
from unittest import mock

import cors_py.asgi
import cors_py.wsgi
import pytest
from cors_py import ConfigError, OriginRegex, Policy, Risk, Site


@pytest.mark.parametrize(
    ("pattern", "origin", "expected"),
    [
        (r"https://.*\.example\.com", "https://a.example.com", True),
        (r"https://.*\.example\.com", "https://a.b.example.com", True),
        (r"https://.*\.example\.com", "https://a.example.com.evil.example", False),
        (r"https://.*\.example\.com", "http://a.example.com", False),
        (r"example\.com|https://a", "https://example.com", False),
        ("^https://a\\.example$", "https://a.example", True),
        # Leftmost-first search would stop at the shorter branch.
        (r"https://a|https://a\.example", "https://a.example", True),
        (r"https://(a|ab)\.example", "https://ab.example", True),
        (r"(?i)https://A\.EXAMPLE", "https://a.example", True),
        ("(?x) https:// a \\. example # a comment", "https://a.example", True),
        (r"https://a\.example(:\d+)?", "https://a.example:8443", True),
        # What is no origin matches nothing, and null has to be listed.
        (r".*", "https://A.example", False),
        (r".*", "https://a.example/", False),
        (r".*", "null", False),
        (r".*", "", False),
        (r".*", "https://a.example", True),
    ],
)
def test_full_match(pattern: str, origin: str, expected: bool) -> None:
    assert OriginRegex([pattern])(origin) is expected


def test_several_patterns() -> None:
    regex = OriginRegex([r"https://a\.example", r"https://b\.example"])
    assert [regex(f"https://{name}.example") for name in "abc"] == [True, True, False]
    assert not OriginRegex([])("https://a.example")


def test_linear_time() -> None:
    regex = OriginRegex([r"https://(a+)+\.example"])
    origin = "https://" + "a" * 60 + ".exampl"
    # Backtracking would take 2**60 steps, and this test would never end.
    assert not regex(origin)


@pytest.mark.parametrize(
    ("pattern", "advice"),
    [
        ("https://a\\.example\\Z", "write https://a\\.example"),
        (
            r"https://(?!admin)[a-z]+\.example\.com",
            r"write https://[a-z]+\.example\.com, which allows more, or list the origins, such as "
            "https://*.example.com",
        ),
        (
            r"https://([a-z]+)\.\1\.example",
            r"write https://([a-z]+)\.(?:[a-z]+)\.example, which allows more, or list the origins, such as "
            "https://*.example.com",
        ),
        (r"https://(?>a+)\.example", r"write https://(?:a+)\.example"),
        (
            r"https://([)(]|x(?=y(z)))\.example\Z",
            r"write https://([)(]|x)\.example, which allows more, or list the origins, such as https://*.example.com",
        ),
        ("https://(a", None),
        ("https://[z-a]", None),
        # No origin matches these.
        (r"example\.com", None),
        ("null", None),
        (r"/^https:\/\/a\.example$/", r"write ^https:\/\/a\.example$"),
        (r"https://A\.example", r"write https://a\.example"),
    ],
)
def test_what_it_cannot_take(pattern: str, advice: str | None) -> None:
    with pytest.raises(ConfigError) as raised:
        OriginRegex([r"https://fine\.example", pattern])
    error = raised.value
    assert (error.field, error.index, error.value) == ("allow_origin_regex", 1, pattern)
    assert error.advice == advice
    if advice is not None:
        OriginRegex([advice.removeprefix("write ").split(", which")[0]])


@pytest.mark.parametrize(
    ("text", "pattern"),
    [("*", "*"), ("https://*.example.com", "https://*.example.com"), ("*.example.com", "https://*.example.com")],
)
def test_a_pattern_is_no_expression(text: str, pattern: str) -> None:
    with pytest.raises(ConfigError) as raised:
        OriginRegex([text])
    risk = (
        "; with credentials, accept the risk AnyOriginWithCredentials (any site that a signed-in user visits can act and read "
        "as that user)"
    )
    assert raised.value.advice == f"write {pattern} among the origins, in place of the expression" + (
        risk if pattern == "*" else ""
    )
    assert Policy(allow_origins=[pattern])


@pytest.mark.parametrize("credentials", [True, False])
def test_files_are_named_with_their_risk(credentials: bool) -> None:
    """A policy that does not accept the risk asks no expression about files: one for them would never grant."""
    regex = OriginRegex(["file://"])
    (problem,) = regex.risks()
    assert (problem.risk, problem.advice) == (
        Risk.LOCAL_FILE_ORIGIN,
        "remove that scheme from it, or add LocalFileOrigin to accept_risks",
    )
    assert problem.reason.startswith("it names the scheme file: ")
    files = {"origin": "file://"}
    policy = Policy(allow_credentials=credentials)
    for make in [
        lambda: cors_py.asgi.CORSMiddleware(
            mock.MagicMock(), allow_origin_regex="file://", allow_credentials=credentials
        ),
        lambda: cors_py.wsgi.CORSMiddleware(
            mock.MagicMock(), allow_origin_regex="file://", allow_credentials=credentials
        ),
        lambda: Site(policy, allow_origin_regex=regex),
        lambda: policy.evaluate("GET", {"origin": "https://other.example"}, regex),
    ]:
        with pytest.raises(ConfigError, match="LocalFileOrigin"):
            make()
    accepted = Policy(allow_credentials=credentials, accept_risks=["LocalFileOrigin"])
    assert Site(accepted, allow_origin_regex=regex).decide(accepted, "GET", files).allowed
    # One of any scheme is not meant for files.
    assert OriginRegex([r"[a-z]+://a\.example"]).risks()[0].risk is not Risk.LOCAL_FILE_ORIGIN


def test_one_that_is_too_large_is_told() -> None:
    with pytest.raises(ConfigError, match="more than 10485760 bytes"):
        OriginRegex([r"https://(\w{1000}){1000}"])


def test_a_str_is_no_list() -> None:
    with pytest.raises(TypeError, match="write \\['https://a'\\]"):
        OriginRegex("https://a")


ANY = Risk.ANY_ORIGIN_WITH_CREDENTIALS
INSECURE = Risk.INSECURE_ORIGIN


@pytest.mark.parametrize(
    ("pattern", "risks"),
    [
        (r"https://example\.com", []),
        (r"https://.*\.example\.com", []),
        (r"https://([a-z0-9-]+\.)?example\.com(:\d+)?", []),
        (r"https://(www|app)\.example\.com", []),
        (r"https://a\.example|https://b\.example", []),
        (r"https://(app|admin)\.example\.(com|org)", []),
        (r"https://pr-[0-9]+\.example\.co\.uk", []),
        (r"http://localhost(:[0-9]+)?", []),
        (r"http://localhost:\d+", []),
        (r"http://127\.0\.0\.1:\d+", []),
        (r"capacitor://localhost|https://localhost", []),
        (r"chrome-extension://[a-p]{32}", [ANY]),
        (r"http://localhost|https://.*\.example\.com", []),
        (r".*", [ANY, INSECURE]),
        (r"https://.*", [ANY]),
        (r"https?://.*", [ANY, INSECURE]),
        (r".*example\.com", [ANY, INSECURE]),
        (r".*\.domain\.com", [ANY, INSECURE]),
        (r"http.*domain\.com", [ANY, INSECURE]),
        (r"(?i)https://.*domain\.com", [ANY]),
        (r"https://.*example\.com:\d{4}", [ANY]),
        (r"https://example\.[a-z]+", [ANY]),
        (r"https://my-app-.*\.vercel\.app", [ANY]),
        (r"https://shop.*\.com", [ANY]),
        (r".*localhost.*", [ANY, INSECURE]),
        # The unescaped dot lets in `https://examplexcom`, which a network may resolve.
        (r"https://example.com", [ANY]),
        (r"http://127.0.0.1:\d+", [ANY, INSECURE]),
        (r"https://app.example.com", [ANY]),
        (r"https://.*.example.com", [ANY]),
        (r"https://.*example\.com", [ANY]),
        (r"https://example\.com.*", [ANY]),
        (r"https://(a|b|c.*)", [ANY]),
        (r"https://.*\.github\.io", [ANY]),
        (r"https://.*\.kawasaki\.jp", [ANY]),
        (r"https://.*\.com", [ANY]),
        (r"https?://.*\.example\.com", [INSECURE]),
        (r"http://(localhost|intranet\.example\.com)", [INSECURE]),
    ],
)
def test_risks(pattern: str, risks: list[Risk]) -> None:
    found = OriginRegex([pattern]).risks()
    assert [problem.risk for problem in found] == risks
    for problem in found:
        assert problem.value == pattern
        assert problem.advice is not None and problem.advice.endswith("to accept_risks")


@pytest.mark.parametrize(
    ("pattern", "part", "written"),
    [
        (r".*\.domain\.com", ".*", "https://*.domain.com"),
        (r"https://[a-z.-]*example\.com", "[a-z.-]*", "https://*.example.com"),
        (r"https://.*example\.com:\d{4}", ".*", "https://*.example.com:*"),
    ],
)
def test_the_part_at_fault_and_the_pattern_to_write(pattern: str, part: str, written: str) -> None:
    problem = OriginRegex([pattern]).risks()[0]
    assert problem.reason.startswith(f"{part} stands ")
    assert problem.advice is not None and problem.advice.startswith(f"write {written} among the origins")
    assert not Policy.check(allow_origins=[written], allow_credentials=True)


def test_the_advice_for_a_dot() -> None:
    (problem,) = OriginRegex([r"https://.*.example.com"]).risks()
    assert problem.advice is not None
    assert problem.advice.startswith(r"write https://.*\.example\.com, or")


def test_equality_hash_pickle_repr() -> None:
    one, other = OriginRegex(["https://a"]), OriginRegex(("https://a",))
    assert one == other and hash(one) == hash(other) and one != OriginRegex(["https://b"]) and one != 7
    assert pickle.loads(pickle.dumps(one)) == one
    assert one.patterns == ("https://a",)
    assert repr(one) == "OriginRegex(['https://a'])"


def test_compiled_patterns_are_taken() -> None:
    compiled = re.compile(r"https://PR-\d+\.example\.com", re.IGNORECASE)
    regex = OriginRegex([compiled, r"https://qa\.example\.com"])
    assert regex("https://pr-7.example.com") and regex("https://qa.example.com")
    assert not regex("https://pr-7.example.com.evil.example")
    for wrong in (compiled, r"https://a\.example"):
        with pytest.raises(TypeError, match=r"patterns: a (Pattern|str) where a list of str or of compiled patterns"):
            OriginRegex(wrong)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=r"patterns\[0\]: a str or a compiled pattern of str is expected, not bytes"):
        OriginRegex([re.compile(b"x")])  # type: ignore[list-item]
    with pytest.raises(TypeError, match=r"patterns\[1\]"):
        OriginRegex(["a", 7])  # type: ignore[list-item]


def test_the_proof_counts_where_an_expression_is_passed_directly() -> None:
    """P9."""
    regex = OriginRegex([r"https://.*example\.com"])
    headers = {"origin": "https://evilexample.com"}
    with pytest.raises(ConfigError, match="AnyOriginWithCredentials") as raised:
        Policy(allow_credentials=True).evaluate("GET", headers, regex)
    assert [problem.risk for problem in raised.value.problems] == [Risk.ANY_ORIGIN_WITH_CREDENTIALS]
    accepted = Policy(allow_credentials=True, accept_risks=["AnyOriginWithCredentials"])
    for policy in (Policy(), accepted):
        assert policy.evaluate("GET", headers, regex).allowed
    proved = OriginRegex([r"https://.*\.example\.com"])
    assert Policy(allow_credentials=True).evaluate("GET", {"origin": "https://a.example.com"}, proved).allowed
