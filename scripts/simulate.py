"""Coverage: how often the intervals, rank sets and arrows of simulated studies agree with the truth they come from.

Writes a page, prints the worst figures to standard error, and fails when a band is not met. With `--letters`, measures
the letters of tables instead, with `--waves` the arrows between waves, and writes the table of that page.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import cache, partial
from multiprocessing import get_context
from pathlib import Path

from simulation import waves
from simulation.block import block, placed
from simulation.comparison import FEW, KINDS, MANY, Counts, Known, compare, known
from simulation.letters import measure
from simulation.page import page
from simulation.studies import World, build, run_study
from simulation.tally import ENOUGH, arrows, coverage, figures, ranks


@cache
def _world(people: int, seed: int) -> tuple[World, dict[str, Known]]:
    world = build(people, seed)
    return world, known(world.truth)


def count(people: int, seed: int, number: int) -> Counts:
    """Draw, run and compare one study."""
    world, truths = _world(people, seed)
    return compare(truths, run_study(world, seed, number))


def _counted(studies: int, people: int, seed: int, processes: int) -> Iterator[Counts]:
    """The counts of every study, in order."""
    one = partial(count, people, seed)
    if processes == 1:
        yield from map(one, range(studies))
        return
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        yield from pool.map(one, range(studies))


def simulate(studies: int, people: int, seed: int, processes: int = 1) -> list[Counts]:
    """The counts of every study; progress goes to standard error."""
    began, found = time.monotonic(), []
    for number, counts in enumerate(_counted(studies, people, seed, processes), start=1):
        found.append(counts)
        _say(f"\r{number} of {studies} studies, {time.monotonic() - began:.0f} s", end="")
    _say("")
    return found


def _say(text: str, end: str = "\n") -> None:
    print(text, end=end, file=sys.stderr, flush=True)


def _report(counts: list[Counts]) -> None:
    """For whoever looks for a cause: every row, and the figures that are held least often."""
    for row in (*coverage(counts), *ranks(counts), *arrows(counts)):
        met = {True: "met", False: "NOT MET", None: ""}[row.met]
        _say(f"{row.line.kind:32} {row.line.group:14} {row.of:7} {row.share:7.4f} ±{row.se:.4f} {met}")
    for kind in KINDS:
        for group in (MANY, FEW):
            for row in figures(counts, kind, group, least=max(2, len(counts) // 2))[:5]:
                _say(f"worst: {kind:26} {group:14} {row.line.figure:44} {row.of:5} {row.share:6.3f} ±{row.se:.3f}")


def _letters(path: Path, lines: int, seed: int) -> int:
    """Measure the letters of tables whose columns are equal, and write what was found into the page."""
    found = []
    for one in measure(lines, seed):
        found.append(one)
        (single, error), (whole, whole_error) = one.single(), one.whole("holm")
        _say(f"{one.table.banner:28} {one.table.figure:10} {one.smallest:5.0f} people: per pair {single:.4f} "
             f"±{error:.4f}, lines after Holm {whole:.4f} ±{whole_error:.4f}")  # fmt: skip
    path.write_text(placed(path.read_text(encoding="utf-8"), block(found, seed=seed)), encoding="utf-8")
    return 0 if all(one.met is not False for one in found) else 1


def _waves(path: Path, families: int, seed: int) -> int:
    """Measure the arrows between waves that are equal, and write what was found into the page."""
    found = []
    for one in waves.measure(families, seed):
        found.append(one)
        (single, error), (whole, whole_error) = one.single(), one.whole()
        _say(f"{one.pair.figure:10} {one.pair.shared:4.0%} in both: per test {single:.4f} ±{error:.4f}, "
             f"families after Holm {whole:.4f} ±{whole_error:.4f}, deff {one.deff:.2f}")  # fmt: skip
    text = placed(path.read_text(encoding="utf-8"), waves.block(found, seed=seed), waves.BEGIN)
    path.write_text(text, encoding="utf-8")
    return 0 if all(one.met for one in found) else 1


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the simulation; 0 where every band is met, else 1."""
    parser = argparse.ArgumentParser(description="Coverage of the intervals over simulated studies.")
    for name, default in (("studies", 200), ("people", 1000), ("seed", 1), ("processes", 1), ("lines", 4000)):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--write", type=Path, default=Path("docs/why/coverage.md"))
    parser.add_argument("--letters", type=Path, help="measure the letters of tables instead, and write into this page")
    parser.add_argument("--waves", type=Path, help="measure the arrows between equal waves, and write into this page")
    given = parser.parse_args(arguments)
    if given.waves:
        return _waves(given.waves, given.lines, given.seed)
    if given.letters:
        return _letters(given.letters, given.lines, given.seed)
    counts = simulate(given.studies, given.people, given.seed, given.processes)
    _report(counts)
    given.write.parent.mkdir(parents=True, exist_ok=True)
    given.write.write_text(page(counts, people=given.people, seed=given.seed, enough=ENOUGH), encoding="utf-8")
    return 0 if all(row.met is not False for row in (*coverage(counts), *ranks(counts))) else 1


if __name__ == "__main__":
    sys.exit(main())
