"""django-cors-headers's settings: what each makes of a policy, and what the system checks say."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from cors_py import Policy
from cors_py.django import check_request_enabled, current_site
from cors_py.django.conf import read
from cors_py.django.defaults import default_headers, default_methods
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
        ([r"https://(A|c)\.example\.com"], ["https://c.example.com"], ["https://a.example.com"]),
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
            "CORS_ALLOW_ALL_ORIGINS True: risk AnyOriginWithCredentials",
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
        (
            {"CORS_PREFLIGHT_MAX_AGE": -1},
            "E001",
            "CORS_PREFLIGHT_MAX_AGE -1: fewer than no seconds",
            "write 0, so that browsers keep a preflight for the few seconds of their own",
        ),
        (
            {"CORS_PREFLIGHT_MAX_AGE": None},
            "E002",
            "CORS_PREFLIGHT_MAX_AGE: a number of seconds is expected, not None",
            None,
        ),
        ({"CORS_OWN_ORIGINS": None}, "E002", "CORS_OWN_ORIGINS: several origins are expected, not NoneType", None),
        (
            {"CORS_OWN_ORIGINS": APP},
            "E002",
            f"CORS_OWN_ORIGINS: several origins are expected, not str; write ['{APP}']",
            None,
        ),
        ({"CORS_OWN_ORIGINS": ["x"]}, "E002", "CORS_OWN_ORIGINS: 'x': ", None),
        ({"CORS_ALLOWED_ORIGINS": None}, "E002", "CORS_ALLOWED_ORIGINS: None where a list of str should be", None),
        ({"CORS_ALLOWED_ORIGIN_REGEXES": None}, "E002", "CORS_ALLOWED_ORIGIN_REGEXES: a list of expressions", None),
        ({"CORS_ENFORCE": "false"}, "E002", "CORS_ENFORCE: True or False is expected, not 'false'; write False", None),
        ({"CORS_PASSTHROUGH": 0}, "E002", "CORS_PASSTHROUGH: True or False is expected, not 0", None),
        ({"CORS_ALLOW_ALL_ORIGINS": "no"}, "E002", "CORS_ALLOW_ALL_ORIGINS: True or False is expected, not 'no'", None),
        ({"CORS_ALLOW_PRIVATE_NETWORK": "on"}, "E002", "CORS_ALLOW_PRIVATE_NETWORK: True or False is expected", None),
        (
            {
                "CORS_ALLOWED_ORIGINS": [APP],
                "MIDDLEWARE": ["cors_py.django.CorsMiddleware", "whitenoise.middleware.WhiteNoiseMiddleware"],
                "STATIC_URL": "static/",
            },
            "W004",
            "WhiteNoise allows any origin to read /static/, and the policy of that path takes its field away.",
            "Have CORS_URLS_REGEX leave /static/ out, write a policy for it into CORS_POLICIES, or set "
            "WHITENOISE_ALLOW_ALL_ORIGINS = False.",
        ),
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
            "CORS_ALLOW_CREDENTIALS: True or False is expected, not 'yes'; write True, without quotation marks",
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
            'CORS_POLICIES: the path prefix "api" begins without a slash; write "/api"',
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
            "E001",
            "CORS_ALLOWED_ORIGIN []: not a setting",
            "write CORS_ALLOWED_ORIGINS, or remove it",
        ),
        (
            {"CORS_ORIGINS": [APP]},
            "E001",
            f"CORS_ORIGINS ['{APP}']: not a setting",
            "write CORS_ALLOWED_ORIGINS, or remove it",
        ),
        (
            {"COR_ALLOWED_ORIGINS": [APP]},
            "E001",
            f"COR_ALLOWED_ORIGINS ['{APP}']: not a setting",
            "write CORS_ALLOWED_ORIGINS, or remove it",
        ),
        (
            {"CORS_POLICY": POLICY, "CORS_ENFORCED": True},
            "E001",
            "CORS_ENFORCED True: not a setting",
            "write CORS_ENFORCE, or remove it",
        ),
        # Names of a project's own.
        (
            {"CORS_ORIGINS": [APP], "CORS_ALLOWED_ORIGINS": [APP]},
            "W001",
            "CORS_ORIGINS has no effect.",
            "Perhaps CORS_ALLOWED_ORIGINS is meant.",
        ),
        (
            {"CORS_ORIGINS": [APP], "CORS_POLICY": POLICY},
            "W001",
            "CORS_ORIGINS has no effect.",
            "Perhaps CORS_ALLOWED_ORIGINS is meant.",
        ),
        (
            {"CORS_ENABLED": True},
            "W001",
            "CORS_ENABLED has no effect.",
            "Remove it, if it is not another package's.",
        ),
        (
            {"CORS_URLS_REGEX": "^api/"},
            "E002",
            "CORS_URLS_REGEX: '^api/': no path begins without a slash; write '^/api/'",
            None,
        ),
        (
            {"CORS_POLICIES": {"/x": None}},
            "E002",
            "CORS_POLICIES['/x']: a Policy or the path of a policy file is expected, not NoneType; write Policy(), which",
            None,
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


@pytest.mark.parametrize(
    "settings",
    [
        {"CORS_ALLOWED_ORIGINS": [APP], "CORS_URLS_REGEX": "^/api/"},
        {"CORS_POLICIES": {"/": POLICY, "/static": Policy(allow_origins=["*"])}},
        {"CORS_POLICIES": {"/api": POLICY}},
        {"CORS_ALLOWED_ORIGINS": [APP], "WHITENOISE_ALLOW_ALL_ORIGINS": False},
        {"CORS_ALLOW_ALL_ORIGINS": True},
    ],
)
def test_what_white_noise_allows_is_left_alone(settings: dict[str, Any]) -> None:
    middleware = ["cors_py.django.CorsMiddleware", "whitenoise.middleware.WhiteNoiseMiddleware"]
    with override_settings(MIDDLEWARE=middleware, STATIC_URL="static/", **settings):
        assert run_checks() == []


def test_an_iterator_is_read_by_the_checks_and_by_the_middleware() -> None:
    def texts(*parts: str) -> Any:
        return map(str.strip, parts)

    settings = {
        "CORS_ALLOWED_ORIGINS": texts(f" {APP}"),
        "CORS_ALLOW_METHODS": texts("PUT "),
        "CORS_OWN_ORIGINS": texts("https://own.example"),
        "CORS_ALLOWED_ORIGIN_REGEXES": texts(r"https://a\.example"),
    }
    with override_settings(**settings):
        for _ in range(2):
            assert run_checks() == []
            site = read().site
            assert site.rules.only == default(allow_methods=["PUT"])
            assert site.own_origins == ["https://own.example"]
            assert site.allow_origin_regex is not None
    with override_settings(CORS_ALLOWED_ORIGINS=texts("https://other.example")):
        assert read().site.rules.only == default(allow_origins=["https://other.example"])


def test_the_defaults_are_there_for_settings(tmp_path: Path) -> None:
    assert (list(default_methods), list(default_headers)) == (METHODS, HEADERS)
    (tmp_path / "its_settings.py").write_text(
        "from cors_py import Policy\n"
        "from cors_py.django.defaults import default_headers, default_methods\n"
        "SECRET_KEY = 'x'\n"
        "CORS_ALLOW_HEADERS = (*default_headers, 'x-token')\n"
        "CORS_ALLOW_METHODS = [*default_methods, 'PURGE']\n"
        "INSTALLED_APPS = ['cors_py.django']\n"
        "MIDDLEWARE = ['cors_py.django.CorsMiddleware']\n"
    )
    program = (
        f"import sys; sys.path.insert(0, {str(tmp_path)!r}); import django; django.setup(); from cors_py.django import current_site; policy = current_site().rules.only; "
        "print(policy.allow_headers[-1], policy.allow_methods[-1])"
    )
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "its_settings"}
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, env=environment)
    assert run.stdout.split() == ["x-token", "PURGE"]


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
