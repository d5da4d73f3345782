"""Every figure that a real panel published, from its raw file: Vigie must say the same, to the last digit printed."""

import csv
from dataclasses import dataclass

import pytest

from real import panel_france as panel
from vigie import run
from vigie.results import Estimate

pytestmark = pytest.mark.skipif(panel.MISSING, reason="the panel's files are not beside the project")

EXACT, TYPED = 1e-9, 5e-5  # cells that hold the whole number; cells typed with four decimals


@dataclass(frozen=True)
class Compared:
    """A printed figure beside Vigie's."""

    column: str
    code: str
    printed: float
    found: float
    n: int

    @property
    def apart(self) -> float:
        return abs(self.printed - self.found)


@dataclass(frozen=True)
class Whole:
    """The panel run whole."""

    questions: list[panel.Asked]
    published: run.Published
    results: dict
    rows: list[dict[str, str]]

    def totals(self) -> dict[tuple[str, str], dict]:
        """The figures of everyone, by indicator and code."""
        found = {}
        for record in self.results["estimates"]:
            own = {k: v for k, v in record["segment"].items() if k == record["indicator"]}
            if own == record["segment"]:
                found[record["indicator"], own.get(record["indicator"], "")] = record
        return found


def whole(folder, **changes):
    import json

    printed = panel.write_study(folder, **changes)
    (published,) = run.run(folder)
    results = json.loads((published.folder / "results.json").read_text(encoding="utf-8"))
    with panel.DATA.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    return Whole(list(panel.asked(printed)), published, results, rows)
