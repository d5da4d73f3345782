"""The factors w/d of a population's cells, by the method that the study names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from vigie.engine.cells import Cells, Floats
from vigie.stats.distances import Bounds, Method
from vigie.stats.trimming import trim
from vigie.stats.weights import calibrate
from vigie.study.sections import Calibration

METHODS: dict[str, Method] = {"raking": "raking", "linear": "linear", "truncated": "linear", "logit": "logit"}


@dataclass(frozen=True)
class Margins:
    """What the cells are calibrated to: the columns of all margins, their totals, and how many columns each has."""

    matrix: Floats
    totals: Floats
    sizes: Sequence[int]

    @classmethod
    def of(cls, cells: Cells) -> Margins:
        return cls(cells.matrix, cells.totals, cells.sizes)


@dataclass(frozen=True)
class Factors:
    """Weight / base weight of each cell, and how it came about."""

    cells: Cells
    g: Floats
    iterations: int
    cap: float | None = None  # of trimming, where it cut anything
    trimmed: float = 0.0  # the share of people whose weight was cut


def factors(cells: Cells, how: Calibration, to: Margins, bounds: Bounds | None) -> Factors:
    """The factors of the cells; raises `stats.weights.NoWeights` where there are none."""
    method = METHODS[how.method]
    if how.trim is None:
        found = calibrate(
            cells.mass, to.matrix, to.totals, method=method, bounds=bounds, sizes=to.sizes, negative=how.negative
        )
        return Factors(cells, found.g, found.iterations)
    cut = trim(
        cells.mass, to.matrix, to.totals, cells.people, spread=how.trim, method=method, bounds=bounds, sizes=to.sizes
    )
    return Factors(cells, cut.calibrated.g, cut.calibrated.iterations, cut.cap if cut.share else None, cut.share)
