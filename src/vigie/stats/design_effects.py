"""What a design, or its weights alone, cost: variances against those of a simple random sample of the same size."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from vigie.stats.sums import FloatArray, rounding

__all__ = ["design_effect", "effective_base", "kish"]


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

    Parameters: `se` () or (C,) of the means; `values` (n,) or (n, C); `weights` (n,). nan where a value never varies,
    among fewer than two people, and where everybody of the population is in the sample.

    Raises ValueError where shapes differ or N is smaller than n.

    Not what `results.json` calls `design_effect`: that is `kish`, what the weights alone cost.

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
    none = np.full(x.shape[1:], np.nan)
    if n < 2:
        return none
    mean = w @ x / w.sum()
    spread = (w @ (x - mean) ** 2) / w.sum()
    simple = spread / (n - 1) * (1.0 if population is None else 1 - n / population)
    square = np.asarray(se, dtype=np.float64) ** 2
    return np.asarray(np.divide(square, simple, out=none, where=(spread > rounding(mean, n)) & (simple > 0)))


def effective_base(total: npt.ArrayLike, squares: npt.ArrayLike) -> FloatArray:
    """Kish's effective base (Σw)²/Σw², in people; 0 where there is nobody. `total` is Σw, `squares` Σw².

    Kish 1965, §11.7. Not the base of a figure of clustered people: it knows unequal weights only.

    >>> round(float(effective_base(19, 109)), 4)  # one person of weight 10 and nine of weight 1 are worth
    3.3119
    """
    w, w2 = np.asarray(total, dtype=np.float64), np.asarray(squares, dtype=np.float64)
    return np.asarray(np.divide(w * w, w2, out=np.zeros(np.broadcast(w, w2).shape), where=w2 > 0))


def kish(n: npt.ArrayLike, total: npt.ArrayLike, squares: npt.ArrayLike) -> FloatArray:
    """Kish's design effect of unequal weights 1 + CV²(w) = n Σw²/(Σw)² (Kish 1965, §11.7); nan where there is nobody.

    What weighting alone costs for a question unrelated to the weights: an upper sketch, not the design effect of any
    figure, since calibration helps the figures that go with the margins.

    Not for a figure's own design effect: `design_effect`.

    >>> round(float(kish(10, 19, 109)), 4)  # one person of weight 10 and nine of weight 1: 10/3.3119
    3.0194
    """
    base = effective_base(total, squares)
    people = np.asarray(n, dtype=np.float64)
    return np.asarray(np.divide(people, base, out=np.full(np.broadcast(people, base).shape, np.nan), where=base > 0))
