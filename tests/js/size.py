#!/usr/bin/env python3
"""The size gate of the wasm module: size.py MODULE. It may grow by 5 percent; UPDATE=1 writes size.txt."""

import os
import sys
from pathlib import Path

KNOWN = Path(__file__).with_name("size.txt")
GROWTH = 1.05

size = Path(sys.argv[1]).stat().st_size
if os.environ.get("UPDATE"):
    KNOWN.write_text(f"{size}\n")
known = int(KNOWN.read_text())
print(f"cors.wasm: {size} bytes")
if size > known * GROWTH:
    sys.exit(f"cors.wasm: {size} bytes, of {known}; if that is meant: UPDATE=1 {sys.argv[0]}")
