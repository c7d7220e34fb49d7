"""The module in wasmtime, by the C interface alone: the decision vectors, with structs laid out as include/cors.h has them."""

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
PAGE = 65536


def value(written: str | dict) -> bytes:
    if isinstance(written, str):
        return written.encode()
    if "hex" in written:
        return bytes.fromhex(written["hex"])
    return (written.get("prefix", "") + written["repeat"] * written["times"] + written.get("suffix", "")).encode()


class Machine:
    """An instance of the module, its memory filled from the start of what is free."""

    def __init__(self, store: Store, module: Module) -> None:
        self.store = store
        self.exports = Instance(store, module, []).exports(store)
        self.memory = self.exports["memory"]
        self.next = self.exports["__heap_base"].value(store)

    def call(self, name: str, *arguments: int) -> int:
        return self.exports[name](self.store, *arguments)

    def put(self, data: bytes) -> int:
        start = (self.next + 7) & ~7
        self.next = start + len(data)
        missing = self.next - self.memory.data_len(self.store)
        if missing > 0:
            self.memory.grow(self.store, -(-missing // PAGE))
        self.memory.write(self.store, data, start)
        return start

    def string(self, text: bytes) -> bytes:
        return struct.pack("<II", self.put(text), len(text))

    def read(self, start: int, length: int) -> bytes:
        return bytes(self.memory.read(self.store, start, start + length))

    def text(self, string: bytes) -> bytes:
        return self.read(*struct.unpack("<II", string))


class Vectors(unittest.TestCase):
    maxDiff = None

    def test_decisions(self) -> None:
        store = Store()
        module = Module.from_file(store.engine, os.environ["CORS_WASM"])
        self.assertEqual([imported.name for imported in module.imports], [])
        decisions, attacks = (json.loads((VECTORS / f"{name}.json").read_text()) for name in ("decisions", "attacks"))
        self.assertTrue(decisions and attacks)
        # The module evaluates only: policies that are refused have no image.
        cases = decisions + [case for case in attacks if "requests" in case]
        requests = 0
        for index, case in enumerate(cases):
            image = (IMAGES / f"{index}.cors").read_bytes()
            for number, asked in enumerate(case["requests"]):
                with self.subTest(rule=case["rule"], case=case["name"], request=number):
                    machine = Machine(store, module) if number == 0 else machine
                    if number == 0:
                        policy = machine.put(bytes(8))
                        loaded = machine.call("cors_policy_load", machine.put(image), len(image), policy, 0)
                        self.assertEqual(loaded, 0)
                        free = machine.next
                    machine.next = free
                    expected = (asked["kind"], asked["verdict"], asked["status"] or 0,
                                [(name, value(text), op) for name, text, op in asked["fields"]])  # fmt: skip
                    self.assertEqual(self.decide(machine, policy, asked), expected)
                    requests += 1
        print(f"\nwasmtime: {len(cases)} cases, {requests} requests", flush=True)

    def decide(self, machine: Machine, policy: int, asked: dict) -> tuple:
        method = machine.string(value(asked["method"]))
        lines = b"".join(
            machine.string(name.encode()) + machine.string(value(text)) for name, text in asked["headers"]
        )
        request = struct.pack("<I8sII", 20, method, machine.put(lines), len(asked["headers"]))
        decision = machine.put(bytes(808))
        self.assertEqual(machine.call("cors_evaluate", policy, machine.put(request), decision), 0)
        kind, denial, status, count = struct.unpack("<BBHI", machine.read(decision, 8))
        fields = []
        for index in range(count):
            name, text, op = struct.unpack("<8s8sB", machine.read(decision + 8 + 20 * index, 17))
            fields.append((machine.text(name).decode(), machine.text(text), OPS[op]))
        named = machine.put(bytes(8))
        machine.call("cors_denial_name", named, denial)
        return KINDS[kind], machine.text(machine.read(named, 8)).decode() or "allowed", status, fields
