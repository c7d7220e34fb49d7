"""Overheads, measured together with what they are over: the variants take turns, so that a busy machine slows all alike, and the
clock is the processor's, which stands still while others run."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

ROUNDS = 60
# The number of times that the applications are made anew during the rounds: the place of an application's objects in memory
# makes a difference of a µs and more between two equal ones.
INSTANCES = 6
# The seconds of one variant in one round.
SLICE = 0.001

Call = Callable[[], object]


@dataclass(frozen=True)
class Overhead:
    """The processor time, in µs, that a variant's call takes over the bare application's: the median of the rounds."""

    microseconds: float

    def __str__(self) -> str:
        return f"{self.microseconds:8.2f}"


def overheads(make: Callable[[], tuple[Call, Mapping[str, Call]]]) -> dict[str, Overhead]:
    """Returns the overhead of each variant over the bare application, which `make` makes, all in one run."""
    rounds: dict[str, list[float]] = {}
    for _ in range(INSTANCES):
        bare, variants = make()
        calls = {"bare": bare, **variants}
        counts = {name: max(3, int(SLICE / seconds(call, 20))) for name, call in calls.items()}
        gc.collect()
        gc.disable()
        try:
            for _ in range(ROUNDS // INSTANCES):
                took = {name: seconds(call, counts[name]) for name, call in calls.items()}
                for name in variants:
                    rounds.setdefault(name, []).append((took[name] - took["bare"]) * 1e6)
        finally:
            gc.enable()
    return {name: Overhead(statistics.median(differences)) for name, differences in rounds.items()}


def seconds(call: Callable[[], object], count: int) -> float:
    """Returns the time of one call, as the mean of many in a row."""
    begin = time.thread_time()
    for _ in range(count):
        call()
    return (time.thread_time() - begin) / count


def report(title: str, ours: str, rows: Mapping[str, Mapping[str, Overhead]], peer: str | None = None) -> None:
    """Prints a table: a line per case, a column per variant and, if there is a peer, one for the ratio of the two."""
    variants = list(dict.fromkeys(variant for row in rows.values() for variant in row))
    header = [f"{'case':<28}", *(f"{variant:>8}" for variant in variants), *(["ratio"] if peer else [])]
    print(f"\n{title}: µs over the application alone" + (f", and how many times less than {peer}" if peer else ""))
    print(f"| {' | '.join(header)} |")
    print(
        f"|{'|'.join('-' * (len(name) + 2) if name == header[0] else '-' * (len(name) + 1) + ':' for name in header)}|"
    )
    for case, row in rows.items():
        cells = [f"{case:<28}", *(f"{row.get(variant, '')!s:>{max(8, len(variant))}}" for variant in variants)]
        if peer:
            cells.append(f"{row[peer].microseconds / row[ours].microseconds:>5.1f}")
        print(f"| {' | '.join(cells)} |")
