"""The main job: start-up, the demonstration small and full from files to reports, the kernel of sums, texts, delays."""

from __future__ import annotations

import statistics
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Literal

from benchmark.measurement import MAIN, Measurement
from benchmark.process import Ended, child, run
from benchmark.timing import timed

COMMAND = (sys.executable, "-c", "from vigie.cli import main; main()")
WORDS = [
    "le", "la", "service", "client", "réponse", "attente", "très", "pas", "rapide", "conseiller", "jamais", "merci",
    "bien", "facture", "mais", "problème",
]  # fmt: skip


def main_job(sizes: Sequence[str]) -> list[Measurement]:
    """All of it, in processes of their own."""
    found = [_command("vigie --help", ["--help"], 5)]
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            path = str(Path(folder) / "demo")
            found += [
                _ended(f"draw the {size} demonstration", run(child("main_job:draw", {"folder": path, "size": size}))),
                _command(f"vigie run, {size}: every wave to its reports, in French and English", ["run", path]),
                _command(f"vigie run, {size}, nothing changed", ["run", path]),
            ]
    alone = run(child("main_job:kernels", {}))
    found += [Measurement(MAIN, words, 0, (seconds,), (), 0.0) for words, seconds in alone.answer["medians"]]
    return found


def _command(words: str, arguments: Sequence[str], times: int = 1) -> Measurement:
    return _ended(words, *(run([*COMMAND, *arguments]) for _ in range(times)))


def _ended(words: str, *ended: Ended) -> Measurement:
    return Measurement(MAIN, words, 0, tuple(e.seconds for e in ended), (), max(e.peak for e in ended))


def draw(folder: str, size: Literal["small", "full"]) -> dict[str, Any]:
    """The demonstration as files."""
    from vigie.demo.folder import write_demo

    write_demo(Path(folder), size=size)
    return {}


def kernels() -> dict[str, Any]:
    """Medians of sums, texts and delays alone."""
    import numpy as np

    from vigie.stats.sums import sums
    from vigie.verbatim.mentions import Names
    from vigie.verbatim.polarity import read_all
    from vigie.verbatim.redaction import redact_all

    rng = np.random.default_rng(1)
    n, columns = 1_000_000, 20
    group, d = rng.integers(0, 5200, n), rng.uniform(0.5, 2, n)
    u = np.asfortranarray(np.ones((n, columns)))
    v = np.asfortranarray(rng.integers(0, 2, (n, columns)).astype(float))
    texts = [" ".join(rng.choice(WORDS, 40)) + f" {k}" for k in range(10_000)]
    names = Names({f"b{k}": [f"Marque {''.join(rng.choice(list('aeioulmnrst'), 8))}"] for k in range(250)})
    return {
        "medians": [
            _timed("sums, 1,000,000 people × 20 figures × 5,200 groups", lambda: sums(group, 5200, d, u, v), 3),
            _timed("redaction, 10,000 texts of 40 words", lambda: redact_all(texts), 1),
            _timed("polarity, 10,000 texts of 40 words", lambda: read_all(texts), 1),
            _timed("brands named, 10,000 texts × 250 brands", lambda: names.find(texts), 1),
            _timed("delays, 100,000 requests × 300 groups", _delays(rng), 5),
        ]
    }


def _delays(rng: Any) -> Callable[[], None]:
    from vigie.stats.survival import answered_within, kaplan_meier, median

    time_, event, group = rng.exponential(30, 100_000), rng.random(100_000) < 0.7, rng.integers(0, 300, 100_000)

    def delays() -> None:
        curves = kaplan_meier(time_, event, group, 300)
        answered_within(curves, [1, 24, 48, 168])
        median(curves)

    return delays


def _timed(words: str, action: Callable[[], object], times: int) -> tuple[str, float]:
    """The median time of an action."""
    return words, statistics.median(timed(action)[1].seconds for _ in range(times))
