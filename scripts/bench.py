"""Speed and memory of the main job: start-up, the demonstration small and full, ranks, raking, sums.

`make bench` prints a table. Each whole run is a process of its own, so that its peak memory is its own.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

VIGIE = [sys.executable, "-c", "from vigie.cli import main; main()"]


def process(*arguments: str) -> tuple[float, float]:
    """Seconds and peak MiB of a command."""
    began = time.perf_counter()
    child = subprocess.Popen([*VIGIE, *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit(f"vigie {' '.join(arguments)} ended with {child.returncode}")
    return time.perf_counter() - began, usage.ru_maxrss / 1024


def median(action: Callable[[], object], times: int = 5) -> float:
    """The median time of an action, in seconds."""
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        action()
        taken.append(time.perf_counter() - began)
    return statistics.median(taken)


def runs(sizes: list[str]) -> list[tuple[str, float, float | None]]:
    """The demonstration, written and run; then run again with nothing changed."""
    from typing import Literal, cast

    from vigie.demo.folder import write_demo

    rows: list[tuple[str, float, float | None]] = []
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "demo"
            began = time.perf_counter()
            write_demo(path, size=cast("Literal['small', 'full']", size))
            rows.append((f"draw the {size} demonstration", time.perf_counter() - began, None))
            seconds, peak = process("run", str(path))
            rows.append((f"vigie run, {size}: 3 waves to HTML and XLSX, fr and en", seconds, peak))
            seconds, peak = process("run", str(path))
            rows.append((f"vigie run, {size}, nothing changed", seconds, peak))
    return rows


def readings() -> list[tuple[str, float, float | None]]:
    """Texts: redaction, polarity, brands named; and delays."""
    from vigie.stats.survival import answered_within, kaplan_meier
    from vigie.stats.survival import median as median_time
    from vigie.verbatim.mentions import Names
    from vigie.verbatim.polarity import read_all
    from vigie.verbatim.redaction import redact_all

    rng = np.random.default_rng(1)
    words = [
        "le",
        "la",
        "service",
        "client",
        "réponse",
        "attente",
        "très",
        "pas",
        "rapide",
        "conseiller",
        "jamais",
        "merci",
        "bien",
        "facture",
        "mais",
        "problème",
    ]
    texts = [" ".join(rng.choice(words, 40)) + f" {k}" for k in range(10_000)]
    names = Names({f"b{k}": [f"Marque {''.join(rng.choice(list('aeioulmnrst'), 8))}"] for k in range(250)})
    time_, event, group = rng.exponential(30, 100_000), rng.random(100_000) < 0.7, rng.integers(0, 300, 100_000)

    def delays() -> None:
        curves = kaplan_meier(time_, event, group, 300)
        answered_within(curves, [1, 24, 48, 168])
        median_time(curves)

    return [
        ("redaction, 10,000 texts of 40 words", median(lambda: redact_all(texts), 1), None),
        ("polarity, 10,000 texts of 40 words", median(lambda: read_all(texts), 1), None),
        ("brands named, 10,000 texts × 250 brands", median(lambda: names.find(texts), 1), None),
        ("delays, 100,000 requests × 300 groups", median(delays), None),
    ]


def kernels() -> list[tuple[str, float, float | None]]:
    """The statistics alone."""
    from vigie.stats.ranks import rank_sets
    from vigie.stats.sums import sums
    from vigie.stats.weights import rake

    rng = np.random.default_rng(1)
    brands = 245
    score, cov = rng.normal(12, 1.5, brands), np.diag(rng.uniform(0.2, 0.5, brands) ** 2) + 0.01
    n, columns = 1_000_000, 20
    group = rng.integers(0, 5200, n)
    u = np.asfortranarray(np.ones((n, columns)))
    v = np.asfortranarray(rng.integers(0, 2, (n, columns)).astype(float))
    d = rng.uniform(0.5, 2, n)
    sizes = (2, 5, 13, 4, 3)
    cells = np.array(np.meshgrid(*(range(s) for s in sizes), indexing="ij")).reshape(len(sizes), -1)
    total = rng.uniform(50, 150, cells.shape[1])
    targets = [rng.dirichlet(np.full(s, 20.0)) * total.sum() for s in sizes]
    return [
        ("rank sets, 245 brands, 10,000 draws, simultaneous", median(lambda: rank_sets(score, cov), 3), None),
        ("rank sets, 245 brands, marginal", median(lambda: rank_sets(score, cov, sets="marginal"), 3), None),
        ("sums, 1,000,000 people x 20 figures x 5,200 groups", median(lambda: sums(group, 5200, d, u, v), 3), None),
        ("raking, 1,560 cells, 5 margins", median(lambda: rake(total, list(cells), targets)), None),
    ]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="small,full")
    sizes = parser.parse_args().sizes.split(",")
    rows: list[tuple[str, float, float | None]] = [("vigie --help", median(lambda: process("--help")), None)]
    rows += (
        runs(sizes) + kernels() + readings()
    )  # whole runs first: a child inherits the peak memory of a parent that has grown
    print(f"{'':62} {'seconds':>9} {'peak MiB':>9}")
    for name, seconds, peak in rows:
        print(f"{name:62} {seconds:9.3f} {f'{peak:9.0f}' if peak else '':>9}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
