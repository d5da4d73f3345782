"""Ranks of what is named most often: confidence sets for the ranks of counts, exact at any number of mentions."""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np
import numpy.typing as npt
from scipy.special import betainc

from vigie.stats.ranks import RankSets
from vigie.stats.significance import holm
from vigie.stats.sums import BoolArray, FloatArray

__all__ = ["rank_counts"]

Kind = Literal["simultaneous", "marginal"]


def rank_counts(
    counts: npt.ArrayLike, *, sets: Kind = "simultaneous", stepdown: bool = True, level: float = 0.95
) -> RankSets:
    """Rank sets of categories of which each person names one: first-named brands, reasons, favourites.

    Given the S = x_j + x_k people who named one of two categories, x_j is binomial(S, θ_j/(θ_j + θ_k)): that j is not
    above k has the exact p-value P(Bin(S, 1/2) ≥ x_j). j is significantly above k where its p-value, adjusted by Holm
    (`stepdown`) or Bonferroni, is at most 1 - level: over all p(p - 1) ordered pairs for `simultaneous` sets, which
    hold together; over the 2(p - 1) pairs of one category for `marginal` sets, which hold for it alone. Rank set of j =
    [1 + #{significantly above j}, p - #{significantly below}]. The level holds for any number of people (Bazylik,
    Mogstad, Romano, Shaikh & Wilhelm 2024, "Finite- and large-sample inference for ranks using multinomial data", §3);
    R's `csranks::csranks_multinom` is its authors' own.

    Parameters: `counts` (p,) people, whole numbers. The order of categories changes nothing. `critical` of the result
    is nan: nothing is drawn. Raises ValueError for counts that are negative or not whole, and for a level outside 0…1.

    Not for weighted shares, nor for questions that allow several answers: with the covariance of the shares use
    `ranks.rank_sets`.

    >>> found = rank_counts([60, 30, 25, 3])
    >>> found.low.tolist(), found.high.tolist()
    ([1, 2, 2, 4], [1, 3, 3, 4])
    """
    x = np.asarray(counts, dtype=np.float64)
    if sets not in get_args(Kind) or not 0 < level < 1:
        raise ValueError(f"{sets!r} sets at level {level} are not offered")
    if x.ndim != 1 or not (np.isfinite(x) & (x >= 0) & (x == np.rint(x))).all():
        raise ValueError("counts are whole numbers of people, one for each category")
    p = len(x)
    above = _p_values(x)
    together = _adjusted(above, ~np.eye(p, dtype=bool), stepdown=stepdown) <= 1 - level
    low, high = 1 + together.sum(axis=0), p - together.sum(axis=1)
    first = low == 1
    if sets == "marginal":
        for j in range(p):
            own = np.zeros((p, p), dtype=bool)
            own[j], own[:, j], own[j, j] = True, True, False
            found = _adjusted(above, own, stepdown=stepdown) <= 1 - level
            low[j], high[j] = 1 + found[:, j].sum(), p - found[j].sum()
    return RankSets(low, high, first, float("nan"), together)


def _p_values(x: FloatArray) -> FloatArray:
    """P(Bin(x_j + x_k, 1/2) ≥ x_j) for every ordered pair (j, k)."""
    named = x[:, None]
    return np.where(named > 0, betainc(np.maximum(named, 1.0), x + 1, 0.5), 1.0)


def _adjusted(p: FloatArray, pairs: BoolArray, *, stepdown: bool) -> FloatArray:
    """p-values of these pairs adjusted for each other, 1 elsewhere."""
    out = np.ones_like(p)
    out[pairs] = holm(p[pairs]) if stepdown else np.minimum(p[pairs] * pairs.sum(), 1.0)
    return out
