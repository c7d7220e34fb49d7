"""Overheads, measured beside what they are over: the variants take turns, so that a busy machine slows all alike, and the
clock is the processor's, which stands still while others run."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

ROUNDS = 60
# Of one variant in one round.
SLICE = 0.001


@dataclass(frozen=True)
class Overhead:
    """What a call of a variant takes more than one of the bare application, in processor time, µs: the median of the rounds."""

    microseconds: float

    def __str__(self) -> str:
        return f"{self.microseconds:8.2f}"


def overheads(bare: Callable[[], object], variants: Mapping[str, Callable[[], object]]) -> dict[str, Overhead]:
    """The overhead of each variant over `bare`, all in one run."""
    calls = {"bare": bare, **variants}
    counts = {name: max(3, int(SLICE / seconds(call, 20))) for name, call in calls.items()}
    rounds: dict[str, list[float]] = {name: [] for name in variants}
    gc.collect()
    gc.disable()
    try:
        for _ in range(ROUNDS):
            took = {name: seconds(call, counts[name]) for name, call in calls.items()}
            for name, differences in rounds.items():
                differences.append((took[name] - took["bare"]) * 1e6)
    finally:
        gc.enable()
    return {name: Overhead(statistics.median(differences)) for name, differences in rounds.items()}


def seconds(call: Callable[[], object], count: int) -> float:
    """What one call takes, of so many in a row."""
    begin = time.thread_time()
    for _ in range(count):
        call()
    return (time.thread_time() - begin) / count


def report(title: str, ours: str, peer: str, rows: Mapping[str, Mapping[str, Overhead]]) -> None:
    """A table: a line for each case, a column for each variant, and the ratio of the two."""
    variants = list(dict.fromkeys(variant for row in rows.values() for variant in row))
    print(f"\n{title}: µs over the application alone, and how many times less than {peer}")
    print(f"| {'case':<28} | {' | '.join(f'{variant:>8}' for variant in variants)} | ratio |")
    print(f"|{'-' * 30}|{'|'.join('-' * (max(8, len(variant)) + 1) + ':' for variant in variants)}|------:|")
    for case, row in rows.items():
        cells = (f"{row.get(variant, '')!s:>{max(8, len(variant))}}" for variant in variants)
        ratio = row[peer].microseconds / row[ours].microseconds
        print(f"| {case:<28} | {' | '.join(cells)} | {ratio:>5.1f} |")
