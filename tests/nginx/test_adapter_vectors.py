"""tests/vectors/adapters.json, as far as nginx has the rule: A1 to A3 and E7, with an upstream as the application."""

import json
import time
import unittest

from exchange import Upstream, request
from processes import PATIENCE
from server import Folder, Nginx
from vectors import RISKS, VECTORS

# nginx has no enforce, passthrough and shadow, and finds a policy by its locations.
LEFT_OUT = {"A6", "A7", "A8", "A9"}


class AdapterVectors(unittest.TestCase):
    maxDiff = None

    def test_adapters(self) -> None:
        vectors = json.loads((VECTORS / "adapters.json").read_text())
        mine = [vector for vector in vectors if vector["rule"] not in LEFT_OUT]
        self.assertTrue(mine)
        requests = {f"/{i}/{n}": asked for i, vector in enumerate(mine) for n, asked in enumerate(vector["requests"])}
        upstream = Upstream(
            {
                path: (asked["application"]["status"], asked["application"]["headers"], b"")
                for path, asked in requests.items()
            }
        )
        self.addCleanup(upstream.close)
        folder = Folder()
        locations = []
        for index, vector in enumerate(mine):
            self.assertEqual((list(vector["policies"]), vector["options"]), (["/"], {}), vector["name"])
            image = folder.image(f"{index}.cors", json.dumps({**vector["policies"]["/"], "accept_risks": RISKS}))
            locations.append(
                f"location /{index}/ {{ cors on; cors_policy_file {image}; proxy_pass http://127.0.0.1:{upstream.port}; }}"
            )
        nginx = Nginx(
            """
            log_format denial "$uri $cors_denial";
            server {
                listen 127.0.0.1:PORT;
                access_log FOLDER/denials.log denial;
                """
            + "\n".join(locations)
            + "}",
            folder,
        )
        self.addCleanup(nginx.close)

        for path, asked in requests.items():
            head = request(asked["method"], path, [(name, value.encode()) for name, value in asked["headers"]])
            with self.subTest(place=path, asked=asked):
                self.assertEqual(asked["path"], "/")
                answer = nginx.send(head)
                fields = [field for field in answer.fields if field[0].startswith("access-control-")]
                got = (
                    f"{asked['method']} {path}" in upstream.asked,
                    answer.status,
                    sorted(fields),
                    answer.all("vary"),
                )
                expected = (
                    asked["reaches"],
                    asked["status"],
                    sorted((name, value) for name, value in asked["fields"]),
                    [] if asked["vary"] is None else [asked["vary"]],
                )
                self.assertEqual(got, expected)

        # nginx writes a line after the response.
        deadline = time.monotonic() + PATIENCE
        log = folder.path / "denials.log"
        while len(lines := log.read_text().splitlines()) < len(requests) and time.monotonic() < deadline:
            time.sleep(0.01)
        expected = {path: asked.get("denial", "-") for path, asked in requests.items()}
        self.assertEqual(dict(line.split(" ") for line in lines), expected)
        print(f"adapters.json: {len(requests)} requests of {len(mine)} vectors, without {sorted(LEFT_OUT)}")
