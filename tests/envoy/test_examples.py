"""The examples: Envoy takes its configurations, the filter takes those of Istio and Envoy Gateway, and the fleet does what it says."""

import json
import socket
import subprocess
import sys
import unittest
import urllib.request
from pathlib import Path
from tempfile import TemporaryDirectory

import yaml
from processes import PATIENCE, free_port, wait_for
from server import ENVOY, MODULE, Envoy, filter_of

FOLDER = Path(__file__).parents[2] / "integrations/envoy"
EXAMPLES = FOLDER / "examples"
BUILT = "target/bare/wasm32-unknown-unknown/envoy/cors_envoy.wasm"
ORIGIN = "https://app.example.com"
FLEET = """\
the first policy:
  Envoy 1, https://old.example.com: allowed
  Envoy 1, https://new.example.com: denied
  Envoy 2, https://old.example.com: allowed
  Envoy 2, https://new.example.com: denied
after one push:
  Envoy 1, https://old.example.com: denied
  Envoy 1, https://new.example.com: allowed
  Envoy 2, https://old.example.com: denied
  Envoy 2, https://new.example.com: allowed
denied by reason OriginNotAllowed: 2 + 2 = 4
"""


def judged_by_schema(manifest: dict) -> str:
    """What is wrong with it; nothing if it is right."""
    command = ["node", Path(__file__).parent / "validate.mjs"]
    ran = subprocess.run(command, input=json.dumps(manifest), capture_output=True, text=True, check=False)
    assert (ran.stdout == "") == (ran.returncode == 0), ran.stderr
    return ran.stdout


def listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=PATIENCE).close()
    except ConnectionRefusedError:
        return False
    return True


class Examples(unittest.TestCase):
    maxDiff = None

    def test_envoy_takes_them(self) -> None:
        with TemporaryDirectory() as folder:
            for name in ("envoy.yaml", "envoy-ecds.yaml"):
                text = (EXAMPLES / name).read_text()
                written = Path(folder, name)
                written.write_text(text.replace(BUILT, str(MODULE)).replace("integrations/envoy/examples", str(EXAMPLES)))
                validated = subprocess.run(
                    [ENVOY, "-c", written, "--mode", "validate", "--use-dynamic-base-id"],
                    capture_output=True, text=True, timeout=PATIENCE, check=False,
                )  # fmt: skip
                self.assertEqual((validated.returncode, "OK" in validated.stdout), (0, True), validated.stderr)

    def test_a_mistake_does_not_pass_the_validation(self) -> None:
        with TemporaryDirectory() as folder:
            text = (EXAMPLES / "envoy.yaml").read_text().replace(BUILT, str(MODULE))
            written = Path(folder, "envoy.yaml")
            written.write_text(text.replace("https://*.example.org", "https://*.Example.org"))
            validated = subprocess.run(
                [ENVOY, "-c", written, "--mode", "validate", "--use-dynamic-base-id"],
                capture_output=True, text=True, timeout=PATIENCE, check=False,
            )  # fmt: skip
            self.assertEqual(validated.returncode, 1)
            self.assertIn("write https://*.example.org", validated.stderr)

    def test_what_they_configure(self) -> None:
        plain = yaml.safe_load((EXAMPLES / "envoy.yaml").read_text())
        manager = plain["static_resources"]["listeners"][0]["filter_chains"][0]["filters"][0]["typed_config"]
        of_plain = manager["http_filters"][0]["typed_config"]["config"]["configuration"]["value"]
        [resource] = yaml.safe_load((EXAMPLES / "ecds/cors.yaml").read_text())["resources"]
        of_file = resource["typed_config"]["config"]["configuration"]["value"]
        of_istio = yaml.safe_load((EXAMPLES / "istio.yaml").read_text())["spec"]["pluginConfig"]
        policy, _ = yaml.safe_load_all((EXAMPLES / "envoy-gateway.yaml").read_text())
        of_gateway = policy["spec"]["wasm"][0]["config"]
        envoy = Envoy([filter_of(of_plain)], others=[[filter_of(of_file)], [filter_of(of_istio)], [filter_of(of_gateway)]])
        self.addCleanup(envoy.close)
        for port, path in zip(envoy.ports, ("/api/", "/", "/v1/x", "/v1/x"), strict=True):
            envoy.port = port
            answer = envoy.ask(path, "OPTIONS", Host="api.example.com", Origin=ORIGIN, Access_Control_Request_Method="PUT")
            self.assertEqual((answer.status, answer.all("access-control-allow-origin")), (204, [ORIGIN]), path)

    def test_the_schema_of_istio(self) -> None:
        manifest = yaml.safe_load((EXAMPLES / "istio.yaml").read_text())
        self.assertEqual(judged_by_schema(manifest), "")
        manifest["spec"]["phase"] = "FIRST"
        self.assertIn("spec/phase", judged_by_schema(manifest))

    def test_the_schemas_of_envoy_gateway(self) -> None:
        policy, proxy = yaml.safe_load_all((EXAMPLES / "envoy-gateway.yaml").read_text())
        self.assertEqual((judged_by_schema(policy), judged_by_schema(proxy)), ("", ""))
        policy["spec"]["wasm"][0]["failOpen"] = "no"
        self.assertIn("failOpen", judged_by_schema(policy))
        proxy["spec"]["filterOrder"][0]["name"] = "envoy.filters.http.web_assembly"
        self.assertIn("filterOrder/0/name", judged_by_schema(proxy))

    def test_the_plain_one_runs(self) -> None:
        """Its log line, and the counters that Prometheus sees."""
        admin, port = free_port(), free_port()
        with TemporaryDirectory() as folder:
            text = (EXAMPLES / "envoy.yaml").read_text().replace(BUILT, str(MODULE))
            written = Path(folder, "envoy.yaml")
            written.write_text(text.replace("9901", str(admin)).replace("port_value: 10000", f"port_value: {port}"))
            output = Path(folder, "output")
            with output.open("w") as file:
                command = [ENVOY, "-c", written, "--use-dynamic-base-id", "--concurrency", "1"]
                process = subprocess.Popen(command, stdout=file, stderr=subprocess.DEVNULL)
            try:
                wait_for(lambda: listens(port))
                for path, origin in [("/api/", "https://evil.example"), ("/api/", ORIGIN), ("/other", ORIGIN)]:
                    asked = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers={"Origin": origin})
                    urllib.request.urlopen(asked, timeout=PATIENCE).close()
                with urllib.request.urlopen(f"http://127.0.0.1:{admin}/stats/prometheus", timeout=PATIENCE) as answer:
                    self.assertIn('cors_denied{reason="OriginNotAllowed"} 1\n', answer.read().decode())
            finally:
                process.terminate()
                process.wait(PATIENCE)
            self.assertEqual(output.read_text().splitlines(), [
                '"GET /api/" 200 origin="https://evil.example" cors=OriginNotAllowed',
                f'"GET /api/" 200 origin="{ORIGIN}" cors=allowed',
                f'"GET /other" 200 origin="{ORIGIN}" cors=-',
            ])  # fmt: skip

    def test_the_readme(self) -> None:
        """Its configurations are taken, with an image in the place of the one that is cut short."""
        blocks = (FOLDER / "README.md").read_text().split("```yaml\n")[1:]
        first, second = (yaml.safe_load(block.split("```")[0]) for block in blocks[:2])
        configuration = first["http_filters"][0]["typed_config"]["config"]["configuration"]["value"]
        for entry in second["policies"]:
            if entry.pop("image", None):
                entry["allow_origins"] = ["*"]
        envoy = Envoy([filter_of(configuration)], others=[[filter_of(second)]])
        self.addCleanup(envoy.close)
        self.assertEqual(envoy.ask(Origin=ORIGIN).all("access-control-allow-origin"), [ORIGIN])

    def test_the_fleet(self) -> None:
        ran = subprocess.run(
            [sys.executable, EXAMPLES / "fleet.py"], capture_output=True, text=True, timeout=PATIENCE, check=True,
            env={"PYTHONPATH": ":".join(sys.path), "CORS_ENVOY": str(ENVOY), "CORS_ENVOY_MODULE": str(MODULE)},
        )  # fmt: skip
        self.assertIn(FLEET, ran.stdout)
