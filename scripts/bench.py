"""Speed and memory, side by side with peers in one run: tab books, raking, rank sets, intake, and the main job.

`make bench` prints a table and writes `docs/why/performance.md`. Generated data and the peers' environments are kept in
`build/benchmark` and used again.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmark import tools
from benchmark.machine import Machine, hold_to_cores
from benchmark.main_job import main_job
from benchmark.measurement import Measurement
from benchmark.measuring import measure, say
from benchmark.page import page
from benchmark.places import respondents_of
from benchmark.process import child, run
from benchmark.targets import targets
from benchmark.terminal import show

CACHE = Path(__file__).parents[1] / "build" / "benchmark"
PARTS = ("main", "book", "wide", "raking", "ranks", "intake")


def bench(parts: Sequence[str], sizes: Sequence[int], runs: int, demos: Sequence[str]) -> Iterator[Measurement]:
    """Every part in turn: the slow peers, the wide banner, raking and intake at the smallest size."""
    if "main" in parts:
        say("main job")
        yield from main_job(demos)
    if "ranks" in parts:
        yield from measure(tools.ranks(), CACHE, 0, runs)
    peers = tools.Peers.found(CACHE)
    for missing in peers.missing():
        say(f"not measured, for it is not here: {missing}")
    for rows in sizes:
        yield from _on_data(parts, rows, runs, peers, smallest=rows == min(sizes))


def _on_data(
    parts: Sequence[str], rows: int, runs: int, peers: tools.Peers, *, smallest: bool
) -> Iterator[Measurement]:
    folder = data_of(rows)
    tasks: list[tools.Task] = []
    if "book" in parts:
        tasks += tools.book(folder, peers, slow=smallest)
    if smallest:
        tasks += tools.wide(folder) if "wide" in parts else ()
        tasks += tools.raking(folder, rows, peers) if "raking" in parts else ()
        tasks += tools.intake(folder) if "intake" in parts else ()
    if tasks:
        say(f"data of {rows:,} people")
        run(child("data:write", {"folder": str(folder), "rows": rows}))
        if smallest and peers.rscript:
            run(child("data:write_binary", {"folder": str(folder)}))
        yield from measure(tasks, folder, rows, runs)


def data_of(rows: int) -> Path:
    """The generated study of so many people."""
    return CACHE / f"data-{rows}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure; 0 where every promise that was measured is kept and all figures agree, else 1."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--parts", default=",".join(PARTS), help="of " + ", ".join(PARTS))
    parser.add_argument("--rows", default="1000000,10000000", help="numbers of people")
    parser.add_argument("--runs", type=int, default=5, help="runs of each thing")
    parser.add_argument("--demos", default="small,full", help="demonstrations of the main job")
    parser.add_argument("--write", type=Path, help="the page to write")
    given = parser.parse_args(arguments)
    parts, sizes = given.parts.split(","), [int(n) for n in given.rows.split(",")]
    if unknown := set(parts) - set(PARTS):
        parser.error(f"unknown parts: {', '.join(sorted(unknown))}")
    if sys.platform != "linux":
        parser.error("processors, peak memory and cold files are measured as Linux tells them")
    if given.write and set(parts) != set(PARTS):
        parser.error("the page tells all parts: leave --parts out")
    hold_to_cores()
    found = list(bench(parts, sizes, given.runs, given.demos.split(",")))
    show(found)
    if given.write:
        command = f"python scripts/bench.py --rows {given.rows} --runs {given.runs} --demos {given.demos}"
        kept = {rows: respondents_of(data_of(rows)).stat().st_size for rows in sizes}
        text = page(found, Machine.here(found), runs=given.runs, command=command, file_bytes=kept)
        given.write.write_text(text, encoding="utf-8")
    return 0 if all(t.met is not False for t in targets(found)) and all(m.agrees for m in found) else 1


if __name__ == "__main__":
    sys.exit(main())
