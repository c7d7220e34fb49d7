"""The module `evaluate` in wasmtime, by its functions alone, as `cors-js/engine/src` documents them: the decision vectors."""

import json
import os
import struct
import unittest
from pathlib import Path

from wasmtime import Instance, Module, Store

VECTORS = Path(os.environ.get("CORS_VECTORS", Path(__file__).parents[1] / "vectors"))
IMAGES = Path(os.environ["CORS_IMAGES"])
KINDS = ["not-cors", "actual", "preflight"]
OPS = ["replace", "append"]
READ = [
    "origin",
    "access-control-request-method",
    "access-control-request-headers",
    "access-control-request-private-network",
]


def value(written: str | dict) -> bytes:
    if isinstance(written, str):
        return written.encode()
    if "hex" in written:
        return bytes.fromhex(written["hex"])
    return (written.get("prefix", "") + written["repeat"] * written["times"] + written.get("suffix", "")).encode()


class Machine:
    """An instance of the module."""

    def __init__(self) -> None:
        self.store = Store()
        module = Module.from_file(self.store.engine, os.environ["CORS_WASM"])
        assert not module.imports
        self.exports = Instance(self.store, module, []).exports(self.store)
        self.memory = self.exports["memory"]

    def call(self, name: str, *arguments: int) -> int:
        return self.exports[name](self.store, *arguments)

    def put(self, data: bytes) -> int:
        start = self.call("allocate", len(data))
        self.memory.write(self.store, data, start)
        return start

    def read(self, start: int, length: int) -> bytes:
        return bytes(self.memory.read(self.store, start, start + length))

    def words(self, start: int, count: int) -> tuple[int, ...]:
        return struct.unpack(f"<{count}I", self.read(start, 4 * count))

    def text(self, name: str, number: int) -> str:
        self.call(name, number)
        return self.read(self.call("output_data"), self.call("output_length")).decode()


class Vectors(unittest.TestCase):
    maxDiff = None

    def test_decisions(self) -> None:
        machine = Machine()
        decisions, attacks = (json.loads((VECTORS / f"{name}.json").read_text()) for name in ("decisions", "attacks"))
        self.assertTrue(decisions and attacks)
        # The module evaluates only: policies that are refused have no image.
        cases = decisions + [case for case in attacks if "requests" in case]
        requests = 0
        for index, case in enumerate(cases):
            image = (IMAGES / f"{index}.cors").read_bytes()
            policy = machine.put(image)
            self.assertEqual(machine.call("check_image", policy, len(image)), 0)
            for number, asked in enumerate(case["requests"]):
                with self.subTest(rule=case["rule"], case=case["name"], request=number):
                    expected = (asked["kind"], asked["verdict"], asked["status"] or 0,
                                [(name, value(text), op) for name, text, op in asked["fields"]])  # fmt: skip
                    self.assertEqual(self.decide(machine, policy, len(image), asked), expected)
                    requests += 1
            machine.call("release", policy, len(image))
        print(f"\nwasmtime: {len(cases)} cases, {requests} requests", flush=True)

    def decide(self, machine: Machine, policy: int, length: int, asked: dict) -> tuple:
        method = value(asked["method"])
        fields = [
            (READ.index(name.lower()), value(text)) for name, text in asked["headers"] if name.lower() in READ
        ]
        words = [len(method), len(fields), *(word for name, text in fields for word in (name, len(text)))]
        block = struct.pack(f"<{len(words)}I", *words) + method + b"".join(text for _, text in fields)
        request = machine.put(block)
        decision = machine.call("evaluate", policy, length, request, 0)
        head, status, count = machine.words(decision, 3)
        sent = []
        for index in range(count):
            name, place, size = machine.words(decision + 12 + 12 * index, 3)
            sent.append((machine.text("field_name", name & 0xFF), machine.read(place, size), OPS[name >> 8]))
        machine.call("release", request, len(block))
        denial = machine.text("denial_name", head >> 8 & 0xFF)
        return KINDS[head & 0xFF], denial or "allowed", status, sent
