"""Weights without extremes: factors cut at a cap, and the margins reached all the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from vigie.stats.distances import Bounds, Method
from vigie.stats.quantiles import quantile
from vigie.stats.weights import Calibrated, NoWeights, calibrate

__all__ = ["Trimmed", "trim"]

_ABOVE = 1e-9  # a factor this close to the cap is at it


@dataclass(frozen=True, slots=True)
class Trimmed:
    """Factors after trimming: `cap` is the largest allowed, `share` the share of people whose factor was above it."""

    calibrated: Calibrated
    cap: float
    share: float


def trim(
    design_total: npt.ArrayLike,
    matrix: npt.ArrayLike,
    totals: npt.ArrayLike,
    people: npt.ArrayLike,
    *,
    spread: float,
    method: Method = "raking",
    bounds: Bounds | None = None,
    sizes: Sequence[int] | None = None,
    tolerance: float = 1e-12,
    most: int = 200,
) -> Trimmed:
    """Calibrate, cut the factors above median + `spread` × interquartile range, and give the excess to the others.

    The cap is that of Potter (1990) and of common practice, taken over people on w/d; the excess goes back within the
    margins by calibrating once more with the cap as the upper bound, so that the margins still hold exactly (plain
    redistribution of the excess, as R's `trimWeights`, does not keep them).

    Parameters: as `calibrate`, and `people` (n_cells,) how many there are in each cell. Nothing is cut where no factor
    lies above the cap. Raises as `calibrate`: the margins may need larger factors than the cap allows, and where most
    factors are alike, the cap may be none that the method can keep (that of logit is above 1).

    Not for weights that vary by design: w/d is trimmed, and the design weight d stays as it is.

    >>> cells = [[1, 0, 1, 0], [1, 0, 0, 1], [0, 1, 1, 0], [0, 1, 0, 1]]
    >>> trimmed = trim([40.0, 30, 20, 10], cells, [55, 45, 50, 50], [40, 30, 20, 10], spread=1.0, sizes=[2, 2])
    >>> round(trimmed.cap, 3), trimmed.share
    (1.625, 0.1)
    """
    # negative factors of the first round are no harm: the second holds its bounds
    first = calibrate(
        design_total, matrix, totals, method=method, bounds=bounds, sizes=sizes, negative=True, tolerance=tolerance,
        most=most,
    )  # fmt: skip
    low, middle, high = quantile(first.g, people, (0.25, 0.5, 0.75))
    cap = float(middle + spread * (high - low))
    above = np.asarray(people, dtype=np.float64)[first.g > cap * (1 + _ABOVE)].sum()
    share = float(above / np.sum(people))
    if not above and not (first.g < 0).any():
        return Trimmed(first, cap, 0.0)
    lowest = bounds[0] if bounds else 0.0
    if cap <= lowest or (method == "logit" and cap <= 1):
        total, x, asked = (np.asarray(a, dtype=np.float64) for a in (design_total, matrix, totals))
        cut = np.minimum(np.maximum(first.g, lowest), cap)
        raise NoWeights.farthest(total, x, asked, cut, sizes or [1] * len(asked))
    second = calibrate(
        design_total, matrix, totals, method=method, bounds=(lowest, cap), sizes=sizes, tolerance=tolerance, most=most
    )
    return Trimmed(replace(second, iterations=first.iterations + second.iterations), cap, share)
