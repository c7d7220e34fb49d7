"""django-cors-headers's settings: what each makes of a policy, and what the system checks say."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from cors_py import Policy
from cors_py.django import check_request_enabled, current_site
from django.core.checks import run_checks
from django.test import override_settings
from django_site import POLICY

pytestmark = pytest.mark.parallel_threads(1)

APP = "https://app.example.com"
METHODS = ["DELETE", "GET", "OPTIONS", "PATCH", "POST", "PUT"]
HEADERS = ["accept", "authorization", "content-type", "user-agent", "x-csrftoken", "x-requested-with"]


def default(**others: Any) -> Policy:
    settings = {"allow_origins": [APP], "allow_methods": METHODS, "allow_headers": HEADERS, "max_age": 86400}
    return Policy(**{**settings, **others})


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({}, default(allow_origins=[])),
        ({"CORS_ALLOWED_ORIGINS": [APP]}, default()),
        ({"CORS_ORIGIN_WHITELIST": (APP,)}, default()),
        ({"CORS_ALLOWED_ORIGINS": [APP], "CORS_ORIGIN_WHITELIST": ["https://older.example"]}, default()),
        ({"CORS_ALLOW_ALL_ORIGINS": True}, default(allow_origins=["*"])),
        ({"CORS_ORIGIN_ALLOW_ALL": True, "CORS_ALLOWED_ORIGINS": [APP]}, default(allow_origins=["*"])),
        (
            {"CORS_ALLOWED_ORIGINS": [APP], "CORS_ALLOW_METHODS": ["PUT"], "CORS_ALLOW_HEADERS": ["*"]},
            default(allow_methods=["PUT"], allow_headers=["*"]),
        ),
        (
            {"CORS_ALLOWED_ORIGINS": [APP], "CORS_ALLOW_CREDENTIALS": True, "CORS_EXPOSE_HEADERS": ["x-page"]},
            default(allow_credentials=True, expose_headers=["x-page"]),
        ),
        ({"CORS_ALLOWED_ORIGINS": [APP], "CORS_PREFLIGHT_MAX_AGE": 60}, default(max_age=60)),
        ({"CORS_ALLOWED_ORIGINS": [APP], "CORS_PREFLIGHT_MAX_AGE": 0}, default(max_age=None)),
        ({"CORS_ALLOWED_ORIGINS": [APP], "CORS_ALLOW_PRIVATE_NETWORK": True}, default(allow_private_network=True)),
        ({"CORS_ALLOWED_ORIGINS": [APP], "CORS_PREFLIGHT_STATUS": 200}, default(preflight_status=200)),
        (
            {"CORS_ALLOWED_ORIGINS": [APP, "null"], "CORS_ACCEPT_RISKS": ["NullOrigin"]},
            default(allow_origins=[APP, "null"], accept_risks=["NullOrigin"]),
        ),
        ({"CORS_POLICY": POLICY}, POLICY),
    ],
)
def test_settings_make_a_policy(settings: dict[str, Any], expected: Policy) -> None:
    with override_settings(**settings):
        assert current_site().rules.only == expected
        assert run_checks() == []


def test_policy_files(tmp_path: Path) -> None:
    text, image = tmp_path / "policy.toml", tmp_path / "policy.cors"
    text.write_text(f'allow_origins = ["{APP}"]')
    image.write_bytes(POLICY.to_bytes())
    with override_settings(CORS_POLICY=str(text), CORS_POLICIES={"/private": image}):
        rules = current_site().rules
        assert rules.policy_for("/x") == Policy(allow_origins=[APP])
        assert rules.policy_for("/private/x") == POLICY


@pytest.mark.parametrize(
    ("regexes", "allows", "denies"),
    [
        (
            [r"^https://\w+\.example\.com$"],
            ["https://a.example.com"],
            ["https://a.example.com.evil", "https://a-b.example.com"],
        ),
        ([r"https://\w+\.example\.com"], ["https://a.example.com"], ["https://a.example.com.evil"]),
        ([re.compile(r"https://A\.example\.com", re.I)], ["https://a.example.com"], ["https://b.example.com"]),
        ([r"https://A\.example\.com"], [], ["https://a.example.com"]),
    ],
)
@pytest.mark.parametrize("name", ["CORS_ALLOWED_ORIGIN_REGEXES", "CORS_ORIGIN_REGEX_WHITELIST"])
def test_expressions(name: str, regexes: list[Any], allows: list[str], denies: list[str]) -> None:
    with override_settings(**{name: regexes}):
        site = current_site()
        policy = site.rules.only
        assert policy is not None
        for origin, expected in [*((origin, True) for origin in allows), *((origin, False) for origin in denies)]:
            assert site.decide(policy, "GET", {"Origin": origin}).allowed is expected, origin


@pytest.mark.parametrize(
    ("settings", "check", "message", "hint"),
    [
        (
            {"CORS_ALLOW_ALL_ORIGINS": True, "CORS_ALLOW_CREDENTIALS": True},
            "E001",
            'CORS_ALLOW_ALL_ORIGINS[0] "*": risk AnyOriginWithCredentials',
            "list the origins, or add AnyOriginWithCredentials to CORS_ACCEPT_RISKS",
        ),
        (
            {"CORS_ALLOWED_ORIGINS": ["null"]},
            "E001",
            'CORS_ALLOWED_ORIGINS[0] "null": risk NullOrigin',
            "remove it, or add NullOrigin to CORS_ACCEPT_RISKS",
        ),
        (
            {"CORS_ORIGIN_WHITELIST": ["a.example"]},
            "E001",
            "CORS_ORIGIN_WHITELIST[0]",
            "add the scheme: https://a.example",
        ),
        (
            {"CORS_ALLOWED_ORIGINS": ["https://A.example/"]},
            "E001",
            "CORS_ALLOWED_ORIGINS[0]",
            "write https://a.example",
        ),
        (
            {"CORS_ALLOWED_ORIGINS": ["file://"]},
            "E001",
            'CORS_ALLOWED_ORIGINS[0] "file://": risk LocalFileOrigin',
            "serve the pages over https, or by a scheme of the application's own, or add LocalFileOrigin to "
            "CORS_ACCEPT_RISKS",
        ),
        ({"CORS_ALLOW_HEADERS": ["accept-encoding"]}, "E001", "CORS_ALLOW_HEADERS[0]", "remove it"),
        ({"CORS_PREFLIGHT_MAX_AGE": -1}, "E001", "CORS_PREFLIGHT_MAX_AGE -1", None),
        (
            {"CORS_ALLOWED_ORIGIN_REGEXES": [r"^https://.*example\.com$"], "CORS_ALLOW_CREDENTIALS": True},
            "E001",
            "CORS_ALLOWED_ORIGIN_REGEXES[0]",
            "write https://*.example.com among the origins, in place of the expression, or add AnyOriginWithCredentials to "
            "CORS_ACCEPT_RISKS",
        ),
        ({"CORS_ALLOWED_ORIGIN_REGEXES": [r"(?=x)https://a"]}, "E001", "CORS_ALLOWED_ORIGIN_REGEXES[0]", None),
        ({"CORS_MODEL": "x.Y"}, "E001", "CORS_MODEL 'x.Y'", None),
        ({"CORS_REPLACE_HTTPS_REFERER": True}, "E001", "CORS_REPLACE_HTTPS_REFERER True", None),
        ({"CORS_POLICY": POLICY, "CORS_ALLOWED_ORIGINS": [APP]}, "E001", "CORS_ALLOWED_ORIGINS", "remove it"),
        ({"CORS_POLICY": POLICY, "CORS_URLS_REGEX": "^/api/"}, "E001", "CORS_URLS_REGEX", "remove it"),
        (
            {"CORS_ALLOWED_ORIGINS": APP},
            "E002",
            f"CORS_ALLOWED_ORIGINS: a str where a list of str should be; write ['{APP}']",
            None,
        ),
        ({"CORS_ALLOWED_ORIGINS": [7]}, "E002", "CORS_ALLOWED_ORIGINS[0]: an int where a str should be; write", None),
        (
            {"CORS_ALLOW_METHODS": "GET"},
            "E002",
            "CORS_ALLOW_METHODS: a str where a list of str should be; write ['GET']",
            None,
        ),
        (
            {"CORS_ALLOW_CREDENTIALS": "yes"},
            "E002",
            "CORS_ALLOW_CREDENTIALS: a str where True or False should be; write True, without quotation marks",
            None,
        ),
        (
            {"CORS_PREFLIGHT_MAX_AGE": "60"},
            "E002",
            "CORS_PREFLIGHT_MAX_AGE: a str where a whole number of seconds should be; write 60",
            None,
        ),
        (
            {"CORS_ALLOWED_ORIGIN_REGEXES": [7]},
            "E002",
            "CORS_ALLOWED_ORIGIN_REGEXES: a str or a compiled pattern",
            None,
        ),
        ({"CORS_URLS_REGEX": "("}, "E002", "CORS_URLS_REGEX: '(' is not a regular expression", None),
        ({"CORS_URLS_REGEX": 7}, "E002", "CORS_URLS_REGEX: a str or a compiled pattern is expected, not int", None),
        ({"CORS_POLICY": 7}, "E002", "CORS_POLICY: a Policy or the path of a policy file is expected, not int", None),
        (
            {"CORS_POLICIES": {"api": POLICY}},
            "E002",
            'policies: the path prefix "api" begins without a slash; write "/api"',
            None,
        ),
        ({"CORS_POLICIES": []}, "E002", "CORS_POLICIES: a dict of paths and policies is expected, not list", None),
        (
            {"CORS_POLICY": "no/such/file.toml"},
            "E003",
            "[Errno 2] No such file or directory: 'no/such/file.toml'",
            None,
        ),
        (
            {"CORS_ALLOWED_ORIGIN": []},
            "W001",
            "CORS_ALLOWED_ORIGIN has no effect.",
            "Perhaps CORS_ALLOWED_ORIGINS is meant.",
        ),
        (
            {"MIDDLEWARE": ["django.middleware.common.CommonMiddleware", "cors_py.django.CorsMiddleware"]},
            "W002",
            "django.middleware.common.CommonMiddleware stands before cors_py.django.CorsMiddleware",
            "Write cors_py.django.CorsMiddleware first.",
        ),
        (
            {"MIDDLEWARE": ["cors_py.django.CorsMiddleware", "corsheaders.middleware.CorsMiddleware"]},
            "E004",
            "corsheaders.middleware.CorsMiddleware does the same",
            "Remove one.",
        ),
    ],
)
def test_system_checks(settings: dict[str, Any], check: str, message: str, hint: str | None) -> None:
    with override_settings(**settings):
        (found,) = run_checks()
    assert found.id == f"cors_py.{check}"
    assert found.msg.startswith(message)
    assert hint is None or found.hint == hint
    assert "allow_" not in found.msg, "the user has no such name"


def test_receivers_with_credentials() -> None:
    def receive(**_: Any) -> bool:
        return True

    check_request_enabled.connect(receive)
    try:
        with override_settings(CORS_POLICY=POLICY):
            (found,) = run_checks()
            assert found.id == "cors_py.W003"
        with override_settings(CORS_ALLOWED_ORIGINS=[APP]):
            assert run_checks() == []
    finally:
        check_request_enabled.disconnect(receive)
