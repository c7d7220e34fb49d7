"""The vectors of tests/vectors, and the values in them."""

import os
from pathlib import Path

VECTORS = Path(os.environ.get("CORS_VECTORS", Path(__file__).parents[1] / "vectors"))
RISKS = ["NullOrigin", "AnyOriginWithCredentials", "InsecureOrigin", "PublicSuffix", "LocalFileOrigin"]


def value(written: str | dict) -> bytes:
    if isinstance(written, str):
        return written.encode()
    if "hex" in written:
        return bytes.fromhex(written["hex"])
    middle = written["repeat"] * written["times"]
    return (written.get("prefix", "") + middle + written.get("suffix", "")).encode()
