"""`Policy`: made of arguments, files and images; what it refuses, and how it says so."""

from __future__ import annotations

import ast
import copy
import json
import pickle
import re
import subprocess
import sys
from pathlib import Path
from typing import Any, cast

import pytest
from cors_py import ConfigError, ImageError, Policy, Risk
from cors_py._settings import Settings, policy_of

SHOP: dict[str, Any] = {
    "allow_origins": ["https://app.example.com", "https://*.example.org"],
    "allow_methods": ["PUT", "DELETE"],
    "allow_headers": ["content-type", "authorization"],
    "allow_credentials": True,
    "max_age": 7200,
}


def test_fields_are_read_back() -> None:
    policy = Policy(**SHOP)
    assert policy.allow_origins == ("https://app.example.com", "https://*.example.org")
    assert policy.allow_methods == ("PUT", "DELETE")
    assert policy.allow_headers == ("content-type", "authorization")
    assert policy.expose_headers == ()
    assert policy.allow_credentials is True
    assert policy.max_age == 7200
    assert policy.allow_private_network is False
    assert policy.preflight_status == 204
    assert policy.accept_risks == ()


class Address:
    """As pydantic's `AnyHttpUrl`: an object whose `str()` is an address."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __str__(self) -> str:
        return self.text


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            {"allow_origins": "https://a.example"},
            "allow_origins: a str where a list of str should be; write ['https://a.example']",
        ),
        ({"allow_methods": "*"}, "allow_methods: a str where a list of str should be; write ['*']"),
        ({"allow_headers": b"x-a"}, "allow_headers: a bytes where a list of str should be; write ['x-a']"),
        ({"allow_methods": "GET,PUT"}, "allow_methods: a str where a list of str should be; write ['GET', 'PUT']"),
        (
            {"allow_methods": '["GET", "PUT"]'},
            "allow_methods: a str where a list of str should be; write ['GET', 'PUT']",
        ),
        ({"allow_headers": "'x-a'"}, "allow_headers: a str where a list of str should be; write ['x-a']"),
        (
            {"allow_origins": "https://A.example/ b.example"},
            "allow_origins: a str where a list of str should be; write ['https://a.example', 'https://b.example']",
        ),
        ({"allow_origins": ""}, "allow_origins: a str where a list of str should be; write []"),
        (
            {"allow_methods": "G(T"},
            "allow_methods: a str where a list of str should be; write it like ['PUT', 'DELETE']",
        ),
        (
            {"allow_origins": None},
            "allow_origins: None where a list of str should be; write [], or leave the argument out",
        ),
        (
            {"allow_origins": ["https://a.example", 7]},
            "allow_origins[1]: an int where a str should be; write each entry as a str, in quotation marks",
        ),
        (
            {"allow_origins": [b"https://a.example"]},
            "allow_origins[0]: a bytes where a str should be; write 'https://a.example'",
        ),
        (
            {"allow_origins": [Address("https://a.example/")]},
            "allow_origins[0]: an Address where a str should be; write 'https://a.example'",
        ),
        (
            {"allow_origins": 7},
            "allow_origins: an int where a list of str should be; write it like ['https://app.example.com']",
        ),
        (
            {"allow_origins": {"https://a.example": True}},
            "allow_origins: a dict where a list of str should be; write it like ['https://app.example.com']",
        ),
        ({"expose_headers": [None]}, "expose_headers[0]: None where a str should be; leave the entry out"),
        ({"max_age": "7200"}, "max_age: a str where a whole number of seconds should be; write 7200, without"),
        ({"max_age": 1.5}, "max_age: a float where a whole number of seconds should be; write it like 7200"),
        ({"max_age": 60.0}, "max_age: a float where a whole number of seconds should be; write 60"),
        ({"max_age": True}, "max_age: a bool where a whole number of seconds should be; write it like 7200"),
        ({"preflight_status": "204"}, "preflight_status: a str where a status from 200 to 299 should be; write 204"),
        ({"preflight_status": None}, "preflight_status: None where a status from 200 to 299 should be; leave the"),
        (
            {"allow_credentials": "False"},
            "allow_credentials: a str where True or False should be; write False, without",
        ),
        ({"allow_credentials": 1}, "allow_credentials: an int where True or False should be; write True"),
        ({"allow_credentials": None}, "allow_credentials: None where True or False should be; write False"),
        (
            {"accept_risks": Risk.NULL_ORIGIN},
            "accept_risks: a Risk where a list of str should be; write ['NullOrigin']",
        ),
        ({"is_public_suffix": 7}, "is_public_suffix: an int where a function of a domain should be"),
        ({"allow_origin": ["https://a.example"]}, "unknown argument `allow_origin`; did you mean `allow_origins`?"),
    ],
)
def test_wrong_types_are_refused(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(TypeError) as raised:
        Policy(**arguments)
    assert str(raised.value).startswith(message)
    name, given = next(iter(arguments.items()))
    advised = re.search(r"; write (?:it like )?(\[[^]]*\]|'[^']*'|\d+|True|False)", str(raised.value))
    if advised is not None:
        written = ast.literal_eval(advised[1])
        is_entry = isinstance(given, list) and not isinstance(written, list)
        assert Policy.check(**{name: [written] if is_entry else written}) == [], "advice is accepted when followed"


def test_arguments_are_named() -> None:
    with pytest.raises(TypeError):
        Policy(["https://a.example"])  # type: ignore[misc]
    with pytest.raises(TypeError, match="allow_origin"):
        Policy(allow_origin=["https://a.example"])  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="allow_origin"):
        Policy.check(allow_origin=["https://a.example"])  # type: ignore[call-arg]
    with pytest.raises(TypeError):
        Policy(allow_credentials="yes")  # type: ignore[arg-type]


def test_every_problem_at_once() -> None:
    settings: dict[str, Any] = {
        "allow_origins": ["https://ok.example", "https://Example.com/", "null"],
        "allow_methods": ["GET, PUT"],
        "max_age": 100_000,
    }
    with pytest.raises(ConfigError) as raised:
        Policy(**settings)
    error = raised.value
    assert isinstance(error, ValueError)
    assert [(problem.field, problem.index, problem.value, problem.advice) for problem in error.problems] == [
        ("allow_origins", 1, "https://Example.com/", "write https://example.com"),
        ("allow_origins", 2, "null", "remove it, or add NullOrigin to accept_risks"),
        ("allow_methods", 0, "GET, PUT", "write each name as an entry of its own"),
        ("max_age", None, 100_000, "write 86400 or less"),
    ]
    assert (error.field, error.index, error.value) == ("allow_origins", 1, "https://Example.com/")
    assert error.advice == "write https://example.com"
    assert error.reason == error.problems[0].reason
    assert [problem.risk for problem in error.problems] == [None, Risk.NULL_ORIGIN, None, None]
    assert str(error).splitlines() == [str(problem) for problem in error.problems]
    assert Policy.check(**settings) == list(error.problems)
    assert pickle.loads(pickle.dumps(error)).problems == error.problems


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            {"max_age": -1},
            "max_age -1: fewer than no seconds; write 0, so that no browser keeps a preflight, or leave the argument out",
        ),
        (
            {"max_age": 10**30},
            "max_age 9223372036854775807: no browser keeps a preflight for longer than a day, 86400 seconds; "
            "write 86400 or less",
        ),
        (
            {"preflight_status": 404},
            "preflight_status 404: a browser takes a preflight's answer only with a status from 200 to 299; "
            "write 204 or another status from 200 to 299",
        ),
        (
            {"preflight_status": -5},
            "preflight_status -5: a browser takes a preflight's answer only with a status from 200 to 299; "
            "write 204 or another status from 200 to 299",
        ),
        (
            {"accept_risks": ["NullOrigins"]},
            'accept_risks[0] "NullOrigins": unknown risk; did you mean `NullOrigin`?',
        ),
        (
            {"accept_risks": ["x"]},
            'accept_risks[0] "x": unknown risk; the risks are NullOrigin, AnyOriginWithCredentials, '
            "InsecureOrigin, PublicSuffix, LocalFileOrigin",
        ),
    ],
)
def test_problems_that_only_python_has(arguments: dict[str, Any], message: str) -> None:
    assert [str(problem) for problem in Policy.check(**arguments)] == [message]


@pytest.mark.parametrize(
    ("settings", "risk"),
    [
        ({"allow_origins": ["null"]}, Risk.NULL_ORIGIN),
        ({"allow_origins": ["*"], "allow_credentials": True}, Risk.ANY_ORIGIN_WITH_CREDENTIALS),
        ({"allow_origins": ["http://a.example"], "allow_credentials": True}, Risk.INSECURE_ORIGIN),
        ({"allow_origins": ["file://"]}, Risk.LOCAL_FILE_ORIGIN),
        # The public suffix list is compiled in.
        ({"allow_origins": ["https://*.github.io"], "allow_credentials": True}, Risk.PUBLIC_SUFFIX),
        ({"allow_origins": ["https://*.co.uk"], "allow_credentials": True}, Risk.PUBLIC_SUFFIX),
        # A suffix lies below these.
        ({"allow_origins": ["https://*.amazonaws.com"], "allow_credentials": True}, Risk.PUBLIC_SUFFIX),
        ({"allow_origins": ["https://*.kawasaki.jp"], "allow_credentials": True}, Risk.PUBLIC_SUFFIX),
    ],
)
def test_risks_are_refused_until_named(settings: dict[str, Any], risk: Risk) -> None:
    with pytest.raises(ConfigError) as raised:
        Policy(**settings)
    assert [problem.risk for problem in raised.value.problems] == [risk]
    assert raised.value.advice is not None and risk.value in raised.value.advice
    assert risk.consequence in raised.value.reason
    by_member = Policy(**settings, accept_risks=[risk])
    assert by_member == Policy(**settings, accept_risks=[risk.value])
    assert by_member.accept_risks == (risk,)


def test_public_suffixes_of_ones_own() -> None:
    settings: dict[str, Any] = {"allow_origins": ["https://*.apps.example.com"], "allow_credentials": True}
    assert Policy.check(**settings) == []
    problems = Policy.check(**settings, is_public_suffix={"apps.example.com"}.__contains__)
    assert [problem.risk for problem in problems] == [Risk.PUBLIC_SUFFIX]

    def fail(domain: str) -> bool:
        raise RuntimeError(domain)

    with pytest.raises(RuntimeError, match=r"apps\.example\.com"):
        Policy(**settings, is_public_suffix=fail)
    with pytest.raises(TypeError, match="is_public_suffix: True or False is expected"):
        Policy(**settings, is_public_suffix=lambda domain: None)  # type: ignore[arg-type,return-value]


def test_any_iterable_will_do() -> None:
    expected = Policy(allow_origins=["https://a.example", "https://b.example", "https://c.example"])
    origins = ("https://a.example", "https://b.example", "https://c.example")
    assert Policy(allow_origins=origins) == expected
    assert Policy(allow_origins=(origin for origin in origins)) == expected
    assert Policy(allow_origins=map(str.strip, " , ".join(origins).split(","))) == expected
    assert Policy(allow_origins=set(origins)) == expected, "a set is sorted, to be the same each time"
    assert Policy(allow_origins=dict.fromkeys(origins).keys()) == expected


@pytest.mark.parametrize("name", ["allow_origins", "allow_methods", "allow_headers", "expose_headers", "accept_risks"])
def test_an_iterator_that_was_read_before(name: str) -> None:
    texts = map(str.strip, [])
    with pytest.raises(
        TypeError, match=f"^{name}: an iterator without entries, perhaps because it was read before; write li"
    ):
        Policy(**{name: texts})  # type: ignore[arg-type]
    # A list and a set say that they are empty.
    assert Policy(**{name: []}) == Policy(**{name: set()}) == Policy()  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["allow_origin_regex", "allow_origin_regexes", "origin_regex", "allow_origin_regexp"])
def test_a_policy_has_no_expressions(name: str) -> None:
    advice = (
        "; a policy has no regular expressions; write patterns such as https://*.example.com among `allow_origins`, or give "
        "the expression to an adapter, such as CORSMiddleware and Site in Python"
    )
    with pytest.raises(TypeError) as raised:
        Policy(**{name: r"https://.*\.example\.com"})  # type: ignore[arg-type]
    assert str(raised.value) == f"unknown argument `{name}`{advice}"
    for make, text in [(Policy.from_toml, f"{name} = 'x'"), (Policy.from_json, f'{{"{name}": "x"}}')]:
        with pytest.raises(ConfigError) as refused:
            make(text)
        assert str(refused.value).partition(": ")[2] == f"unknown field `{name}`{advice}"


def test_adapters_use_up_no_iterator() -> None:
    settings: dict[str, Any] = {
        "allow_origins": map(str.strip, "http://a.example , null".split(",")),
        "allow_credentials": True,
        "accept_risks": iter([Risk.NULL_ORIGIN, Risk.INSECURE_ORIGIN]),
    }
    policy, regex = policy_of(cast(Settings, settings), [r"http://b\.example"])
    assert policy.allow_origins == ("http://a.example", "null")
    assert regex is not None and regex("http://b.example")


def test_equality_hash_copy_pickle() -> None:
    one, other = Policy(**SHOP), Policy(**SHOP)
    third = Policy(**{**SHOP, "max_age": 7201})
    assert one == other and hash(one) == hash(other)
    assert one != third and one != "policy" and not one == 7
    assert len({one, other, third}) == 2
    assert pickle.loads(pickle.dumps(one)) == one
    assert copy.deepcopy(one) == one
    with pytest.raises(AttributeError):
        one.max_age = 5  # type: ignore[misc]
    with pytest.raises(AttributeError):
        one.other = 5  # type: ignore[attr-defined]
    with pytest.raises(TypeError):
        type("Sub", (Policy,), {})  # type: ignore[misc]


@pytest.mark.parametrize(
    "settings",
    [
        {},
        SHOP,
        {"allow_origins": ["*"], "expose_headers": ["x-request-id"], "preflight_status": 200},
        {"allow_methods": ["it's"], "allow_private_network": True, "max_age": 0},
        {"allow_origins": ["null"], "accept_risks": ["NullOrigin"]},
    ],
)
def test_repr_makes_the_policy_again(settings: dict[str, Any]) -> None:
    policy = Policy(**settings)
    assert eval(repr(policy), {"Policy": Policy}) == policy


def test_repr_is_bounded() -> None:
    policy = Policy(allow_origins=[f"https://{number}.example" for number in map("a{}".format, range(10_000))])
    assert "… 9992 more]" in repr(policy) and len(repr(policy)) < 400


TOML = """
allow_origins = ["https://app.example.com", "https://*.example.org"]
allow_methods = ["PUT", "DELETE"]
allow_headers = ["content-type", "authorization"]
allow_credentials = true
max_age = 7200
"""


def test_files(tmp_path: Path) -> None:
    policy = Policy(**SHOP)
    assert Policy.from_toml(TOML) == policy
    assert Policy.from_json(json.dumps(SHOP)) == policy
    files = {
        "shop.toml": TOML.encode(),
        "shop.json": json.dumps(SHOP).encode(),
        "by-content": json.dumps(SHOP).encode(),
        "with-mark.toml": b"\xef\xbb\xbf" + TOML.encode(),
        "shop.cors": policy.to_bytes(),
    }
    for name, content in files.items():
        path = tmp_path / name
        path.write_bytes(content)
        assert Policy.from_file(path) == policy, name
        assert Policy.from_file(str(path)) == policy, name


def test_files_with_problems(tmp_path: Path) -> None:
    path = tmp_path / "bad.toml"
    path.write_text('max_age = 7200\nallow_origin = ["https://Example.com/"]\nallow_credentials = "yes"\n')
    with pytest.raises(ConfigError) as raised:
        Policy.from_file(path)
    problems = raised.value.problems
    assert [(problem.line, problem.column, problem.field, problem.index) for problem in problems] == [
        (2, 1, None, None),
        (2, 17, "allow_origins", 0),
        (3, 21, "allow_credentials", None),
    ]
    assert [problem.advice for problem in problems] == [
        "did you mean `allow_origins`?",
        "write https://example.com",
        "write true, without quotation marks",
    ]
    assert str(raised.value).splitlines()[1].startswith(f"{path}:2:17: allow_origins: ")

    for content, message in [
        (b"", "empty; a policy begins with"),
        (b"\xff\xfe", "not UTF-8 at byte 0, in line 1"),
        (b"a\0", "byte 1 is NUL"),
        (b"allow_origins = [", "this list is never closed"),
    ]:
        path.write_bytes(content)
        with pytest.raises(ConfigError) as raised:
            Policy.from_file(path)
        assert message in str(raised.value) and str(path) in str(raised.value)

    with pytest.raises(FileNotFoundError) as missing:
        Policy.from_file(tmp_path / "missing.toml")
    assert "missing.toml" in str(missing.value)


def test_images() -> None:
    image = Policy(**SHOP).to_bytes()
    changed = bytearray(image)
    changed[20] ^= 1
    for content in [b"", b"cors", image[:-1], image + b"\0", bytes(changed), b"allow_origins = []"]:
        with pytest.raises(ImageError) as raised:
            Policy.from_bytes(content)
        assert "; " in str(raised.value), "what is wrong, and what to do"
    with pytest.raises(TypeError):
        Policy.from_bytes("text")  # type: ignore[arg-type]


def test_allows_origin() -> None:
    policy = Policy(**SHOP)
    assert policy.allows_origin("https://app.example.com")
    assert policy.allows_origin("https://a.b.example.org")
    # White space around a value does not belong to it (E7).
    assert policy.allows_origin(" https://app.example.com\t")
    for origin in [
        "https://example.org",
        "https://app.example.com/",
        "",
        "null",
        "\ud800",
        "https://app.example.com\0",
        "https://app.example.com\n",
        " ",
    ]:
        assert not policy.allows_origin(origin), origin


def test_explain() -> None:
    policy = Policy(**SHOP)
    fine = policy.explain(origin="https://app.example.com", method="PUT", headers={"content-type": "application/json"})
    assert fine.allowed and fine.error is None and fine.denial is None
    assert fine.obstacles == () and fine.console == ()

    blocked = policy.explain(origin="http://app.example.com", method="PUT")
    assert not blocked.allowed
    assert blocked.error == "PreflightMissingAllowOriginHeader"
    assert blocked.denial is not None and blocked.denial.value == "OriginNotAllowed"
    assert [str(obstacle) for obstacle in blocked.obstacles] == [
        "the policy does not list the page's origin, http://app.example.com"
    ]
    assert blocked.obstacles[0].fixes[0] == "open the page at https://app.example.com"
    assert blocked.console[0].startswith("Access to fetch at 'https://api.example.com/' from origin")
    assert blocked.console[0] in str(blocked)
    assert "the scheme differs" in blocked.obstacles[0].near_misses[0]

    firefox = policy.explain(origin="http://app.example.com", engine="firefox")
    assert firefox.console[0].startswith("Cross-Origin Request Blocked")

    with pytest.raises(ValueError, match="write https://app.example.com"):
        policy.explain(origin="https://App.example.com/")
    with pytest.raises(ValueError, match="write standard, chromium, firefox or webkit"):
        policy.explain(origin="https://app.example.com", engine="netscape")  # type: ignore[arg-type]


def test_a_second_interpreter_is_refused() -> None:
    """Those of mod_wsgi and uWSGI: objects of the first interpreter would not be those that the second compares with."""
    program = """
import cors_py
try:
    import _interpreters as interpreters
except ImportError:
    import _xxsubinterpreters as interpreters
try:
    failed = interpreters.exec(interpreters.create("legacy"), "import cors_py")
    print(failed.formatted if failed else "imported")
except AttributeError:
    try:
        interpreters.run_string(interpreters.create(isolated=False), "import cors_py")
        print("imported")
    except interpreters.RunFailedError as error:
        print(error)
"""
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=Path("/"))
    assert "write `WSGIApplicationGroup %{GLOBAL}` for mod_wsgi, or `single-interpreter = true` for uWSGI" in run.stdout
