#!/usr/bin/env python3
"""The size gate: what the firmware takes, against the table in sizes.md, which may grow by 5 percent.

sizes.py FOLDER OUTPUT reads the programs in FOLDER/TARGET/release and, in OUTPUT, what the vectors' firmware printed.
UPDATE=1 writes the table.
"""

import os
import re
import struct
import sys
from pathlib import Path

TARGETS = ["thumbv7m-none-eabi", "thumbv6m-none-eabi", "riscv32imc-unknown-none-elf"]
PROGRAMS = {"evaluate": "evaluate only, the policy compiled in", "load": "load an image and evaluate"}
TABLE = Path(__file__).with_name("sizes.md")
HEAD = """What the engine takes of a microcontroller, at opt-level "z" with link-time optimization. `make test-embedded` measures it
again and fails where it is 5 percent more; `UPDATE=1 make test-embedded` writes this table.

| target | what | of | bytes |
|---|---|---|---|
"""
GROWTH = 1.05
# Of a section's flags.
WRITE, ALLOC = 1, 2
NOBITS = 8


def sections(program: bytes) -> list[tuple[int, int, int]]:
    """Type, flags and size of each section of a little-endian ELF32."""
    if program[:6] != b"\x7fELF\x01\x01":
        sys.exit("not a 32-bit ELF file")
    offset, = struct.unpack_from("<I", program, 0x20)
    entry_size, count = struct.unpack_from("<HH", program, 0x2E)
    headers = (struct.unpack_from("<10I", program, offset + index * entry_size) for index in range(count))
    return [(kind, flags, size) for _, kind, flags, _, _, size, *_ in headers]


def measure(folder: Path, output: str) -> dict[str, int]:
    """What the table has, by the names of its rows."""
    sizes = {}
    for target in TARGETS:
        for program, what in PROGRAMS.items():
            held = [s for s in sections((folder / target / "release" / program).read_bytes()) if s[1] & ALLOC]
            # What is in RAM at the start lies in flash, too.
            sizes[f"{target}: {what}: flash"] = sum(size for kind, _, size in held if kind != NOBITS)
            sizes[f"{target}: {what}: static RAM"] = sum(size for _, flags, size in held if flags & WRITE)
    stack = re.findall(r"^stack: (.+) (\d+)$", output, re.MULTILINE)
    if not stack:
        sys.exit("the firmware told nothing of its stack")
    sizes |= {f"thumbv7m-none-eabi: {what}: stack": int(size) for what, size in stack}
    return sizes


def table(sizes: dict[str, int]) -> str:
    rows = [f"| {' | '.join(name.split(': '))} | {size} |" for name, size in sizes.items()]
    return HEAD + "\n".join(rows) + "\n"


def read_table() -> dict[str, int]:
    rows = [line.strip("| ").split(" | ") for line in TABLE.read_text().splitlines() if line.startswith("| ")]
    return {": ".join(names): int(size) for *names, size in rows[1:]}


def main() -> None:
    sizes = measure(Path(sys.argv[1]), Path(sys.argv[2]).read_text())
    if os.environ.get("UPDATE"):
        TABLE.write_text(table(sizes))
    known = read_table()
    faults = []
    if sizes.keys() != known.keys():
        faults.append(f"the table has other rows: {sorted(sizes.keys() ^ known.keys())}")
    for name, size in sizes.items():
        print(f"{size:6} {name}")
        if size > known.get(name, size) * GROWTH:
            faults.append(f"{name}: {size} bytes, of {known[name]}")
        if name.endswith("static RAM") and size > 0:
            faults.append(f"{name}: {size} bytes; there should be none")
    if faults:
        sys.exit("\n".join([*faults, f"if that is meant: UPDATE=1 {sys.argv[0]}"]))


if __name__ == "__main__":
    main()
