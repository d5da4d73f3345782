"""What a design costs a figure: its variance against that of a simple random sample of the same size."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from vigie.stats.sums import FloatArray

__all__ = ["design_effect"]


def design_effect(
    se: npt.ArrayLike,
    values: npt.ArrayLike,
    weights: npt.ArrayLike,
    *,
    population: float | None = None,
) -> FloatArray:
    """Kish's design effect of a mean or share (1965, §8.2): se² against (1 - n/N) S²/n of a simple random sample.

    S² = n/(n - 1) Σw(x - x̄)²/Σw. Strata bring it below 1, clusters and unequal weights above. Agrees with R
    `svymean(deff = TRUE)`, whose N is Σw (`population`; None draws with replacement, R's `deff = "replace"`).

    Parameters: `se` () or (C,) of the means; `values` (n,) or (n, C); `weights` (n,). nan where a value never varies.

    Raises ValueError where shapes differ or N is smaller than n.

    Not what `results.json` calls `design_effect`: this is Kish's n/n_effective, what the weights alone cost.

    >>> x = np.array([1.0, 2.0, 3.0, 4.0])
    >>> round(float(design_effect(0.6454972243679028, x, np.ones(4))), 9)
    1.0
    """
    x, w = np.asarray(values, dtype=np.float64), np.asarray(weights, dtype=np.float64)
    if x.shape[:1] != w.shape or w.ndim != 1:
        raise ValueError("values and weights have one row per person")
    n = int((w != 0).sum())
    if population is not None and population < n:
        raise ValueError(f"a population of {population:g} for a sample of {n}")
    mean = w @ x / w.sum()
    spread = n / (n - 1) * (w @ (x - mean) ** 2) / w.sum()
    simple = spread / n * (1.0 if population is None else 1 - n / population)
    square = np.asarray(se, dtype=np.float64) ** 2
    return np.asarray(np.divide(square, simple, out=np.full(np.shape(simple), np.nan), where=simple > 0))
