"""tests/vectors/decisions.json and attacks.json through a real Envoy, once with images and once with policies as JSON."""

import base64
import json
import os
import re
import subprocess
import unittest
from pathlib import Path
from tempfile import TemporaryDirectory

from exchange import request
from server import Envoy, filter_of
from vectors import RISKS, VECTORS, value

COMMAND = os.environ["CORS_COMMAND"]
LISTS = ["allow_origins", "allow_methods", "allow_headers", "expose_headers"]
TOKEN = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
# What Envoy's parser of HTTP/1.1 takes in a value.
VALUE = re.compile(rb"[\t\x20-\x7e\x80-\xff]*")
# More than any Envoy is configured for.
MAX_HEAD = 90_000
# A request has one of these. Where it has two, Envoy joins them by a comma before a filter sees them, without those that are empty.
ONE_LINE = ["origin", "access-control-request-method"]
# As many lines of it as the engine reads (E7), which Envoy joins as well.
MAX_LINES = 32


def travels(method: bytes, headers: list[tuple[str, bytes]]) -> bool:
    """Whether HTTP/1.1, and Envoy, carry this request unchanged."""
    return (
        TOKEN.fullmatch(method) is not None
        and method not in (b"CONNECT", b"TRACE")
        and sum(len(value) for _, value in headers) < MAX_HEAD
        and all(TOKEN.fullmatch(name.encode()) and VALUE.fullmatch(value) for name, value in headers)
    )


def lines_of(name: str, headers: list[tuple[str, bytes]]) -> list[bytes]:
    return [value.strip(b" \t") for other, value in headers if other.lower() == name]


def joined(fields: list[tuple[str, str]]) -> list[str]:
    """Response fields as lines, those of one name joined, because the request's were."""
    values: dict[str, list[str]] = {}
    for name, text in fields:
        values.setdefault(name, []).append(text)
    return sorted(f"{name}: {','.join(texts)}" for name, texts in values.items())


DENIED = "denied for a reason that does not matter"


def is_public(policy: dict) -> bool:
    return "*" in policy.get("allow_origins", []) and not policy.get("allow_credentials")


def policy_of(written: dict) -> dict:
    policy = dict(written, accept_risks=RISKS)
    for name in LISTS:
        policy[name] = [value(text).decode() for text in policy.get(name, [])]
    if policy.get("max_age") is None:
        policy.pop("max_age", None)
    return policy


def image_of(policy: dict) -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder, "policy.cors")
        command = [COMMAND, "compile", "-", "-o", path]
        made = subprocess.run(command, input=json.dumps(policy).encode(), capture_output=True, check=False)
        assert made.returncode == 0, made.stderr.decode()
        return path.read_bytes()


class Vectors(unittest.TestCase):
    maxDiff = None

    def setUp(self) -> None:
        self.cases = []
        self.refused = []
        for file in ("decisions.json", "attacks.json"):
            cases = json.loads((VECTORS / file).read_text())
            self.assertTrue(cases)
            self.cases += [case for case in cases if "requests" in case]
            self.refused += [case for case in cases if "requests" not in case]

    def test_decisions(self) -> None:
        entries = []
        for index, case in enumerate(self.cases):
            policy = policy_of(case["policy"])
            image = base64.b64encode(image_of(policy)).decode()
            entries.append({"hosts": ["image.example"], "prefix": f"/{index}", "image": image})
            entries.append({"hosts": ["json.example"], "prefix": f"/{index}", **policy})
        envoy = Envoy(
            [filter_of({"policies": entries})],
            manager={
                "http_protocol_options": {"allow_custom_methods": True},
                "max_request_headers_kb": 256,
                "common_http_protocol_options": {"max_headers_count": 1000},
            },
        )
        self.addCleanup(envoy.close)
        ran = refused = left = 0
        verdicts: dict[str, str | None] = {}
        for index, case in enumerate(self.cases):
            for number, asked in enumerate(case["requests"]):
                method = value(asked["method"])
                # The host chooses the policy here.
                headers = [(name, value(text)) for name, text in asked["headers"] if name.lower() != "host"]
                several = [name for name in ONE_LINE if len(lines_of(name, headers)) > 1]
                requested = list(filter(None, lines_of("access-control-request-headers", headers)))
                if (
                    not travels(method, headers)
                    or len(requested) > MAX_LINES
                    or any(b"" in lines_of(name, headers) for name in several)
                ):
                    left += 1
                    continue
                for way in ("image", "json"):
                    name = f"{way}-{index}-{number}"
                    lines = [*headers, ("X-Case", name.encode()), ("Host", f"{way}.example".encode())]
                    with self.subTest(case=case["name"], rule=case["rule"], request=number, way=way):
                        answer = envoy.send(request(method.decode(), f"/{index}", lines))
                        got = [field for field in answer.fields if field[0].startswith("access-control-") or field[0] == "vary"]
                        expected = joined([(field, value(text).decode()) for field, text, _ in asked["fields"]])
                        verdict = None if asked["kind"] == "not-cors" else asked["verdict"]
                        if several and verdict is not None:
                            # What one line of two values gets. A preflight's reason is then another, and so may its answer be (E5).
                            verdict = DENIED
                            refused += 1
                        else:
                            ran += 1
                        if verdict is not DENIED or asked["kind"] == "actual":
                            self.assertEqual(joined(got), expected)
                            self.assertEqual(answer.status, asked["status"] or 200)
                        # A public policy does not look at the origin (E3).
                        if verdict is not DENIED or not is_public(case["policy"]):
                            verdicts[name] = verdict
        logged = {line["case"]: line["verdict"] for line in envoy.access(len(verdicts))}
        for name, verdict in verdicts.items():
            with self.subTest(name):
                if verdict is DENIED:
                    self.assertNotIn(logged[name], ("allowed", None))
                else:
                    self.assertEqual(logged[name], verdict)
        print(f"\nEnvoy agreed on {ran} requests, and denied {refused} whose lines it joins; "
              f"{left} that HTTP or Envoy cannot carry were left out", flush=True)
        self.assertGreater(ran, 4500)
        self.assertLess(left, 230)
