"""Policies are swapped while Envoy serves, by its own discovery (ECDS): from a file and from a control plane (A4)."""

import json
import os
import socket
import threading
import time
import unittest
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from control_plane import TYPE, ControlPlane
from exchange import request
from processes import PATIENCE, wait_for
from server import Envoy, cluster, discovered, discovered_by_grpc, wasm

SWAPS = 20


def origin(number: int) -> str:
    return f"https://site-{number}.example.com"


def policy(number: int) -> dict[str, Any]:
    """Each has two fields that say which one it is."""
    return {"allow_origins": [origin(number), "https://always.example.com"], "expose_headers": [f"x-policy-{number}"]}


def by_file(path: Path) -> dict[str, Any]:
    return discovered({"path_config_source": {"path": str(path), "watched_directory": {"path": str(path.parent)}}})


def write(path: Path, configuration: Any) -> None:
    resource = {"@type": TYPE, "name": "cors", "typed_config": wasm(configuration)}
    new = path.with_suffix(".new")
    new.write_text(json.dumps({"resources": [resource]}))
    # What Envoy watches for is a move.
    os.rename(new, path)


class Load:
    """Requests on connections that stay open, each of which notes what it got."""

    def __init__(self, envoy: Envoy, connections: int = 4) -> None:
        self.answers: list[tuple[int, str, str]] = []
        self.failed: list[str] = []
        self._ends = threading.Event()
        self._threads = [threading.Thread(target=self._ask, args=(envoy.port,)) for _ in range(connections)]
        for thread in self._threads:
            thread.start()

    def _ask(self, port: int) -> None:
        head = request("GET", "/", [("Origin", b"https://always.example.com"), ("Connection", b"keep-alive")])
        with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as connection:
            file = connection.makefile("rb")
            while not self._ends.is_set():
                try:
                    connection.sendall(head)
                    status = int(file.readline().split(b" ")[1])
                    fields = {}
                    while (line := file.readline().rstrip()) != b"":
                        name, _, value = line.decode().partition(": ")
                        fields[name] = value
                    exposed = fields.get("access-control-expose-headers", "")
                    self.answers.append((status, fields.get("access-control-allow-origin", ""), exposed))
                except (OSError, IndexError, ValueError) as error:
                    self.failed.append(repr(error))
                    return

    def end(self) -> None:
        self._ends.set()
        for thread in self._threads:
            thread.join()


class Swaps(unittest.TestCase):
    def swapped(self, envoy: Envoy, push: Any, what: str) -> None:
        """Pushes policies while requests are under way, and looks at every answer."""
        load = Load(envoy)
        self.addCleanup(load.end)
        for number in range(1, SWAPS + 1):
            push(number)
            wait_for(
                lambda: envoy.ask(Origin="https://always.example.com").all("access-control-expose-headers")
                == [f"x-policy-{number}"],  # noqa: B023
                lambda: f"policy {number} is not there: {envoy.log()[-2000:]}",  # noqa: B023
            )
        load.end()
        self.assertEqual(load.failed, [])
        numbers = [answer[2].removeprefix("x-policy-") for answer in load.answers]
        wrong = [answer for answer in load.answers if answer[:2] != (200, "https://always.example.com")]
        self.assertEqual(wrong, [])
        self.assertLessEqual(set(numbers), {str(number) for number in range(SWAPS + 1)})
        self.assertGreater(len(set(numbers)), SWAPS // 2)
        print(f"\n{SWAPS} swaps by {what} under load: {len(numbers)} requests, 0 failed, 0 answered by neither policy", flush=True)

    def test_by_a_file(self) -> None:
        folder = TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        path = Path(folder.name, "cors.json")
        write(path, policy(0))
        envoy = Envoy([by_file(path)])
        self.addCleanup(envoy.close, is_whole=False)
        self.swapped(envoy, lambda number: write(path, policy(number)), "a file")

        # What is refused leaves the old policy.
        write(path, {"allow_origins": ["https://Bad.example.com"]})
        envoy.wait_for_log('allow_origins[0] "https://Bad.example.com"')
        answer = envoy.ask(Origin=origin(SWAPS))
        self.assertEqual(answer.all("access-control-expose-headers"), [f"x-policy-{SWAPS}"])

    def test_by_a_control_plane(self) -> None:
        plane = ControlPlane()
        self.addCleanup(plane.close)
        plane.push("cors", wasm(policy(0)))
        envoy = Envoy([discovered_by_grpc("control-plane")], clusters=[cluster("control-plane", plane.port, http2=True)])
        self.addCleanup(envoy.close, is_whole=False)
        self.swapped(envoy, lambda number: plane.push("cors", wasm(policy(number))), "a control plane")

        # What is refused leaves the old policy, and the control plane is told.
        refused = plane.push("cors", wasm({"allow_origins": ["https://Bad.example.com"]}))
        wait_for(lambda: bool(plane.refused), envoy.log)
        self.assertIn("cors", plane.refused[0][1])
        self.assertNotIn(("test", refused), plane.taken)
        self.assertEqual(envoy.ask(Origin=origin(SWAPS)).all("access-control-allow-origin"), [origin(SWAPS)])

        # Many origins arrive in one piece.
        began = time.monotonic()
        count = 100_000
        plane.push("cors", wasm({"allow_origins": [origin(number) for number in range(count)]}))
        last = origin(count - 1)
        wait_for(lambda: envoy.ask(Origin=last).all("access-control-allow-origin") == [last], envoy.log)
        self.assertEqual(envoy.ask(Origin=origin(count)).all("access-control-allow-origin"), [])
        print(f"\na policy of {count} origins is taken after {time.monotonic() - began:.1f} s", flush=True)


    def test_memory_does_not_grow(self) -> None:
        plane = ControlPlane()
        self.addCleanup(plane.close)
        many = [origin(number) for number in range(20_000)]
        plane.push("cors", wasm({"allow_origins": many}))
        envoy = Envoy([discovered_by_grpc("control-plane")], clusters=[cluster("control-plane", plane.port, http2=True)])
        self.addCleanup(envoy.close)

        def swap(number: int) -> None:
            new = f"https://new-{number}.example.com"
            plane.push("cors", wasm({"allow_origins": [*many, new]}))
            wait_for(lambda: envoy.ask(Origin=new).all("access-control-allow-origin") == [new], envoy.log)

        for number in range(5):
            swap(number)
        before = envoy.resident()
        for number in range(5, 20):
            swap(number)
        growth = envoy.resident() - before
        print(f"\n15 swaps of {len(many)} origins: {growth} bytes more, of {before}", flush=True)
        # A policy that is left takes more than this for each origin, in each of two virtual machines.
        self.assertLess(growth, 15 * len(many) * 20)


class Fleet(unittest.TestCase):
    def test_two_envoys_and_a_control_plane(self) -> None:
        """One push reaches both, and their counters add up."""
        plane = ControlPlane()
        self.addCleanup(plane.close)
        plane.push("cors", wasm(policy(1)))
        fleet = [
            Envoy(
                [discovered_by_grpc("control-plane")],
                clusters=[cluster("control-plane", plane.port, http2=True)],
                node={"id": name, "cluster": "fleet"},
            )
            for name in ("one", "two")
        ]
        for envoy in fleet:
            self.addCleanup(envoy.close)
        version = plane.push("cors", wasm(policy(2)))
        wait_for(lambda: {("one", version), ("two", version)} <= set(plane.taken), lambda: str(plane.taken))
        for count, envoy in enumerate(fleet, 3):
            self.assertEqual(envoy.ask(Origin=origin(2)).all("access-control-allow-origin"), [origin(2)])
            for _ in range(count):
                self.assertEqual(envoy.ask(Origin=origin(1)).all("access-control-allow-origin"), [])
        self.assertEqual([envoy.denials() for envoy in fleet], [{"OriginNotAllowed": 3}, {"OriginNotAllowed": 4}])
