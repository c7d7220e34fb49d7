"""tests/vectors/decisions.json and attacks.json through a real nginx, once with images and once with directives."""

import json
import re
import time
import unittest

from exchange import request
from processes import PATIENCE
from server import Folder, Nginx
from vectors import RISKS, VECTORS, value

LISTS = {
    "allow_origins": "cors_allow_origins",
    "allow_methods": "cors_allow_methods",
    "allow_headers": "cors_allow_headers",
    "expose_headers": "cors_expose_headers",
}
TOKEN = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
# nginx takes no other methods.
METHOD = re.compile(r"[A-Z_-]+")
# More than any buffer of an nginx is made for.
MAX_HEAD = 100_000


def travels(method: bytes, headers: list[tuple[str, bytes]]) -> bool:
    """Whether HTTP/1.1, and nginx, carry this request unchanged."""
    return (
        METHOD.fullmatch(method.decode("latin-1")) is not None
        and method not in (b"CONNECT", b"TRACE")
        and sum(len(value) for _, value in headers) < MAX_HEAD
        and all(
            TOKEN.fullmatch(name.encode()) and not re.search(rb"[\0\r\n]", value)
            for name, value in headers
        )
    )


def quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def directives(policy: dict) -> str | None:
    """The policy in nginx's words, if it has words for it; with every risk accepted, since nginx asks the whole list."""
    if policy.get("allow_private_network") or policy.get("preflight_status", 204) != 204:
        return None
    if not policy.get("allow_origins"):
        return None
    lines = ["cors on;", f"cors_accept_risks {' '.join(RISKS)};"]
    for name, directive in LISTS.items():
        texts = [value(text).decode() for text in policy.get(name, [])]
        if texts:
            lines.append(f"{directive} {' '.join(map(quoted, texts))};")
    if policy.get("allow_credentials"):
        lines.append("cors_allow_credentials on;")
    if policy.get("max_age") is not None:
        lines.append(f"cors_max_age {policy['max_age']}s;")
    return " ".join(lines)


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
        self.folder = Folder()
        locations = []
        self.kinds = []
        for index, case in enumerate(self.cases):
            policy = dict(case["policy"], accept_risks=RISKS)
            for name in LISTS:
                policy[name] = [value(text).decode() for text in policy.get(name, [])]
            if policy.get("max_age") is None:
                policy.pop("max_age", None)
            image = self.folder.image(f"{index}.cors", json.dumps(policy))
            ways = {"image": f"cors on; cors_policy_file {image};", "directives": directives(case["policy"])}
            for way, words in ways.items():
                if words is not None:
                    locations.append(f"location = /{way}/{index} {{ {words} return 200; }}")
                    self.kinds.append(way)
        self.nginx = Nginx(
            """
            underscores_in_headers on;
            ignore_invalid_headers off;
            large_client_header_buffers 16 128k;
            log_format verdict "$http_x_case $cors_verdict $cors_denial";
            server {
                listen 127.0.0.1:PORT;
                access_log FOLDER/verdicts.log verdict;
                """
            + "\n".join(locations)
            + "}",
            self.folder,
        )
        self.addCleanup(self.nginx.close)

    def verdicts(self, count: int) -> dict[str, str]:
        """What the access log says of each case: nginx writes a line after the response."""
        deadline = time.monotonic() + PATIENCE
        while len(lines := (self.folder.path / "verdicts.log").read_text().splitlines()) < count:
            assert time.monotonic() < deadline, f"{len(lines)} lines of {count}"
            time.sleep(0.01)
        return dict(line.split(" ", 1) for line in lines)

    def test_decisions(self) -> None:
        ran = {"image": 0, "directives": 0}
        left = 0
        expected = {}
        for index, case in enumerate(self.cases):
            ways = ["image"] + ["directives"] * (directives(case["policy"]) is not None)
            for number, asked in enumerate(case["requests"]):
                method = value(asked["method"])
                headers = [(name, value(text)) for name, text in asked["headers"]]
                if not travels(method, headers):
                    left += 1
                    continue
                for way in ways:
                    name = f"{way}-{index}-{number}"
                    head = request(
                        method.decode(), f"/{way}/{index}", [*headers, ("X-Case", name.encode())]
                    )
                    with self.subTest(case=case["name"], rule=case["rule"], request=number, way=way):
                        answer = self.nginx.send(head)
                        fields = [f"{field}: {value(text).decode()}" for field, text, _ in asked["fields"]]
                        self.assertEqual(answer.cors(), fields)
                        self.assertEqual(answer.status, asked["status"] or 200)
                    denial = asked["verdict"]
                    expected[name] = (
                        "- -" if asked["kind"] == "not-cors"
                        else "allowed -" if denial == "allowed"
                        else f"denied {denial}"
                    )  # fmt: skip
                    ran[way] += 1
        self.assertEqual(self.verdicts(len(expected)), expected)
        print(f"\nnginx agreed on {ran['image']} requests by images and {ran['directives']} by directives; "
              f"{left} that HTTP or nginx cannot carry were left out", flush=True)
        self.assertGreater(ran["image"], 500)
        self.assertGreater(ran["directives"], 400)
        self.assertLess(left, 200)

    def test_refused(self) -> None:
        """Each problem of the directives is told."""
        self.assertTrue(self.refused)
        for case in self.refused:
            policy = case["policy"]
            for name in LISTS:
                policy[name] = [value(text).decode() for text in policy.get(name, [])]
            words = directives(policy).replace(f"cors_accept_risks {' '.join(RISKS)};", "")
            if policy.get("accept_risks"):
                words += f" cors_accept_risks {' '.join(policy['accept_risks'])};"
            self.assertTrue(case["problems"])
            with self.subTest(case=case["name"]):
                code, said = self.folder.test(f"server {{ location / {{ {words} return 200; }} }}")
                self.assertNotEqual(code, 0)
                for problem in case["problems"]:
                    self.assertIn(policy[problem["field"]][problem["index"]], said)
