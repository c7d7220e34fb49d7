"""A configuration with a mistake is refused when it is loaded, with every problem; the example is what Envoy takes."""

import unittest
from tempfile import TemporaryDirectory

from modules import TRAPS
from server import TYPES, Envoy, filter_of, wasm

ORIGIN = "https://app.example.com"
POLICY = {"allow_origins": [ORIGIN]}
REFUSED = {"allow_origins": ["https://App.example.com", "null"], "enforced": True}
PROBLEMS = [
    "cors: the configuration is refused; it has 3 problems:",
    "cors: unknown field `enforced`; did you mean `enforce`?",
    'cors: allow_origins[0] "https://App.example.com": not in the form that a browser sends, so it would never match; '
    "write https://app.example.com",
    'cors: allow_origins[1] "null": risk NullOrigin: any site can send the origin `null`, from a sandboxed frame, so this allows '
    "every site; remove it, or add NullOrigin to accept_risks",
]


class Configuration(unittest.TestCase):
    maxDiff = None

    def test_a_mistake_stops_the_start(self) -> None:
        for policy in ("FAIL_CLOSED", "FAIL_OPEN", "FAIL_RELOAD"):
            with self.subTest(policy), self.assertRaises(AssertionError) as refused:
                Envoy([filter_of(REFUSED, policy=policy)])
            for problem in PROBLEMS:
                self.assertIn(problem, str(refused.exception))

    def test_every_form(self) -> None:
        struct = wasm(POLICY)
        struct["config"]["configuration"] = {"@type": TYPES + "google.protobuf.Struct", "value": POLICY}
        envoy = Envoy([{"name": "cors", "typed_config": struct}])
        self.addCleanup(envoy.close)
        self.assertEqual(envoy.ask(Origin=ORIGIN).all("access-control-allow-origin"), [ORIGIN])

    def test_without_a_configuration(self) -> None:
        bare = wasm(POLICY)
        del bare["config"]["configuration"]
        with self.assertRaises(AssertionError) as refused:
            Envoy([{"name": "cors", "typed_config": bare}])
        self.assertIn("cors: it is empty; write a policy", str(refused.exception))

    def test_fail_open_and_fail_closed(self) -> None:
        """What a module that cannot run does to requests: the way is the operator's (`failure_policy`)."""
        with TemporaryDirectory() as folder:
            for policy, status in [("FAIL_OPEN", 200), ("FAIL_CLOSED", 503)]:
                module = f"{folder}/{policy}.wasm"
                with open(module, "wb") as file:
                    file.write(TRAPS)
                broken = wasm(POLICY, policy=policy)
                broken["config"]["vm_config"]["code"]["local"]["filename"] = module
                envoy = Envoy([{"name": "cors", "typed_config": broken}])
                with self.subTest(policy):
                    answers = [envoy.ask(Origin=ORIGIN) for _ in range(3)]
                    self.assertEqual([answer.status for answer in answers][1:], [status] * 2)
                    for answer in answers:
                        self.assertEqual(answer.cors(), [])
                envoy.close(is_whole=False)


class Options(unittest.TestCase):
    """What the vectors do not show: hosts, and the access log."""

    def test_hosts_prefixes_and_the_access_log(self) -> None:
        envoy = Envoy([
            filter_of({
                "policies": [
                    {"allow_origins": ["https://every.example"]},
                    {"hosts": ["api.example"], "prefix": "/v1", "allow_origins": ["https://v1.example"]},
                    {"hosts": ["*.api.example", "[::1]"], "allow_origins": ["https://under.example"]},
                ],
                "shadow": {"allow_origins": ["https://every.example", "https://new.example"]},
            })
        ])  # fmt: skip
        self.addCleanup(envoy.close)
        cases = [
            # host, path, origin, verdict, the shadow's where it differs
            ("x.example", "/", "https://every.example", "allowed", None),
            ("api.example", "/v1/x", "https://v1.example", "allowed", "OriginNotAllowed"),
            ("API.example:8443", "/v1", "https://every.example", "OriginNotAllowed", "allowed"),
            ("api.example", "/v2", "https://v1.example", None, "OriginNotAllowed"),
            ("api.example", "/V1", "https://v1.example", "AmbiguousPath", "OriginNotAllowed"),
            ("a.b.api.example", "/", "https://under.example", "allowed", "OriginNotAllowed"),
            ("[::1]:80", "/", "https://new.example", "OriginNotAllowed", "allowed"),
            ("x.example", "/", "http://x.example", "same-origin", None),
        ]
        for host, path, origin, verdict, _ in cases:
            answer = envoy.ask(path, Host=host, Origin=origin)
            expected = [origin] if verdict == "allowed" else []
            self.assertEqual(answer.all("access-control-allow-origin"), expected, host)
            self.assertEqual(answer.all("vary"), [] if verdict is None else ["origin"], host)
        logged = [(line["verdict"], line["shadow"]) for line in envoy.access(len(cases))]
        self.assertEqual(logged, [(verdict, shadow) for *_, verdict, shadow in cases])
        self.assertEqual(envoy.denials(), {"OriginNotAllowed": 2, "AmbiguousPath": 1})
        self.assertEqual(envoy.stats("wasmcustom.cors_shadow_differences"), {"": 6})
        self.assertIn("cors_denied_reason_AmbiguousPath{} 1", envoy.admin("stats/prometheus"))
