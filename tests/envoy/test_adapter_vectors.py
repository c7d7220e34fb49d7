"""tests/vectors/adapters.json, all of it but what a path has lost when a framework decodes it, with an upstream as the application."""

import json
import unittest

from exchange import Upstream, request
from server import Envoy, filter_of
from vectors import RISKS, VECTORS


def elements(lines: list[str]) -> list[list[str]]:
    """The elements of each line: Envoy itself joins the upstream's, with no space behind the comma."""
    return [[element.strip() for element in line.split(",")] for line in lines]


class AdapterVectors(unittest.TestCase):
    maxDiff = None

    def test_adapters(self) -> None:
        vectors = json.loads((VECTORS / "adapters.json").read_text())
        self.assertTrue(vectors)
        chains = []
        for vector in vectors:
            entries = [
                {"prefix": prefix, **policy, "accept_risks": RISKS} for prefix, policy in vector["policies"].items()
            ]
            options = dict(vector["options"])
            if shadow := options.get("shadow"):
                options["shadow"] = {**shadow, "accept_risks": RISKS}
            chains.append([filter_of({"policies": entries, **options})])
        answers: dict[str, tuple[int, list, bytes]] = {}
        upstream = Upstream(answers)
        self.addCleanup(upstream.close)
        # A listener for each vector.
        envoy = Envoy(chains[0], others=chains[1:], upstream=upstream.port)
        self.addCleanup(envoy.close)
        ran = left = 0
        before: dict[str, int] = {}
        differences = 0
        for vector, port in zip(vectors, envoy.ports, strict=True):
            for number, asked in enumerate(vector["requests"]):
                # Envoy does not know where the application behind it is mounted.
                is_of_mount = "mount" in asked and asked.get("denial") == "AmbiguousPath"
                if is_of_mount or asked.get("sees", "raw") != "raw" or asked.get("scheme", "http") != "http":
                    left += 1
                    continue
                with self.subTest(vector=vector["name"], rule=vector["rule"], request=number, asked=asked):
                    application = asked["application"]
                    answers[asked["path"]] = (application["status"], application["headers"], b"")
                    upstream.asked.clear()
                    lines = [(name, value.encode()) for name, value in asked["headers"]]
                    answer = envoy.send(request(asked["method"], asked["path"], lines), port)
                    fields = [field for field in answer.fields if field[0].startswith("access-control-")]
                    got = (bool(upstream.asked), answer.status, sorted(fields), elements(answer.all("vary")))
                    expected = (
                        asked["reaches"],
                        asked["status"],
                        sorted((name, value) for name, value in asked["fields"]),
                        elements([] if asked["vary"] is None else [asked["vary"]]),
                    )
                    self.assertEqual(got, expected)
                    after = envoy.denials()
                    denied = {name: count - before.get(name, 0) for name, count in after.items()}
                    before = after
                    self.assertEqual(
                        [name for name, count in denied.items() if count], [asked["denial"]] if "denial" in asked else []
                    )
                    differences += "difference" in asked
                    ran += 1
        self.assertEqual(envoy.stats("wasmcustom.cors_shadow_differences"), {"": differences})
        print(f"\nadapters.json: {ran} requests of {len(vectors)} vectors; {left} are for adapters that see another path or scheme, or know the mount")
        self.assertGreater(ran, 100)
