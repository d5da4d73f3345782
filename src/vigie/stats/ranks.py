"""Ranks that cannot be excluded: confidence sets for the ranks of brands (Mogstad, Romano, Shaikh & Wilhelm 2024)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeVar, get_args

import numpy as np
import numpy.typing as npt

from vigie.stats.rank_draws import Draws, all_pairs, draw, maxima, one_brand
from vigie.stats.seeds import SEED
from vigie.stats.sums import BoolArray, FloatArray, IntArray

__all__ = ["RankSets", "possible_firsts", "rank_sets", "top_k"]

Kind = Literal["simultaneous", "marginal"]
Value = TypeVar("Value", bound=np.generic)


@dataclass(frozen=True, slots=True)
class RankSets:
    """For each brand, in the order of the input, the ranks that the level does not exclude; rank 1 is the best."""

    low: IntArray  # (p,) best rank not excluded
    high: IntArray  # (p,) worst
    possible_first: BoolArray  # (p,) brands that may be first, together with the level (whatever `sets`)
    critical: float  # of the last step; the largest over brands for marginal sets; 0 where nothing is compared
    better: BoolArray  # (p, p) whether i is significantly better than j, all pairs together (whatever `sets`)


def rank_sets(
    score: npt.ArrayLike,
    cov: npt.ArrayLike,
    *,
    sets: Kind = "simultaneous",
    stepdown: bool = True,
    level: float = 0.95,
    draws: int = 10_000,
    seed: int = SEED,
) -> RankSets:
    """Rank sets from all pairwise studentised differences, with the full covariance.

    Rank set of j = [1 + #{significantly better}, p - #{significantly worse}]. Brand i is significantly better than j
    where (T_i - T_j)/√(V_ii + V_jj - 2V_ij) exceeds the quantile, at the level, of the maximum of such differences of
    Gaussian draws with covariance V: over all pairs for `simultaneous` sets, which hold together for the league; over
    the pairs of one brand for `marginal` sets, which hold for that brand alone. `stepdown` drops what is already
    decided, one direction of a pair at a time, and repeats. Mogstad, Romano, Shaikh & Wilhelm, "Inference for ranks",
    Review of Economic Studies 91 (2024), §3.

    Parameters: `score` (p,), the highest ranks first; `cov` (p, p), square of its unit; `draws` and `seed` of the
    parametric bootstrap, drawn in the order of score and standard error, so that names and their order change nothing
    and brands equal in both have the same set.

    Raises ValueError for nan, shapes that do not fit, negative variances, and a level outside 0…1.

    Not for scores that are not nearly normal (counts of few tests), nor for brands without a standard error: leave
    these out and say so.

    >>> score = [15.8, 15.5, 15.1, 14.9, 14.7, 14.2, 13.6, 13.1, 12.4, 11.2]
    >>> se = np.array([0.22, 0.25, 0.21, 0.28, 0.24, 0.26, 0.23, 0.30, 0.27, 0.33])
    >>> found = rank_sets(score, np.diag(se**2))
    >>> list(zip(found.low.tolist(), found.high.tolist(), strict=True))[:5]  # the first is first to fourth
    [(1, 4), (1, 5), (1, 6), (1, 6), (2, 6)]
    """
    if sets not in get_args(Kind) or not 0 < level < 1 or draws < 1:
        raise ValueError(f"{sets!r} sets at level {level} from {draws} draws are not offered")
    league = _League.of(score, cov)
    if league.p < 2:
        alone = np.ones(league.p, dtype=np.int64)
        return RankSets(alone, alone.copy(), alone > 0, 0.0, np.zeros((league.p, league.p), dtype=np.bool_))
    z = draw(league.cov, draws, seed)
    keep = draws - int(np.ceil(level * draws - 1e-9))
    ahead, behind, own = maxima(z, league.inverse, each=sets == "marginal")
    better, critical = all_pairs(league.t, league.inverse, z, leads=(ahead, behind), keep=keep, stepdown=stepdown)
    low, high = 1 + better.sum(axis=0), league.p - better.sum(axis=1)
    first = league.alike(low, np.minimum) == 1
    if own is not None:
        found = [
            one_brand(j, league.t, league.inverse, z, first=own[j], keep=keep, stepdown=stepdown)
            for j in range(league.p)
        ]
        low, high = np.array([1 + f[0] for f in found]), np.array([league.p - f[1] for f in found])
        critical = max(f[2] for f in found)
    low, high = league.alike(low, np.minimum), league.alike(high, np.maximum)
    pairs = league.unsort(league.unsort(better).T).T
    return RankSets(league.unsort(low), league.unsort(high), league.unsort(first), critical, pairs)


def top_k(
    score: npt.ArrayLike,
    cov: npt.ArrayLike,
    k: int,
    *,
    level: float = 0.95,
    draws: int = 10_000,
    seed: int = SEED,
) -> BoolArray:
    """Brands (p,) that may be among the k best: a set that holds all of the true k best with the level.

    A brand is left out where k others or more are significantly better, by the simultaneous stepdown of `rank_sets`,
    whose parameters these are. Raises ValueError for k below 1. Not a set of brands *proved* to be among the k best.

    >>> top_k([15.8, 15.5, 12.1], np.diag([0.22, 0.25, 0.30]) ** 2, 2).tolist()  # the third is far behind: 3.4 ± 0.4
    [True, True, False]
    """
    if k < 1:
        raise ValueError("k is at least 1")
    return np.asarray(rank_sets(score, cov, level=level, draws=draws, seed=seed).low <= k)


def possible_firsts(
    score: npt.ArrayLike, cov: npt.ArrayLike, *, level: float = 0.95, draws: int = 10_000, seed: int = SEED
) -> BoolArray:
    """Brands (p,) that cannot be excluded from the first place: `top_k` with k = 1.

    Not a set of winners: one brand that alone is left has won, several are tied.

    >>> score = [15.8, 15.5, 15.1, 14.9, 14.7, 14.2, 13.6, 13.1, 12.4, 11.2]
    >>> se = np.array([0.22, 0.25, 0.21, 0.28, 0.24, 0.26, 0.23, 0.30, 0.27, 0.33])
    >>> int(possible_firsts(score, np.diag(se**2)).sum())  # four cannot be excluded
    4
    """
    return top_k(score, cov, 1, level=level, draws=draws, seed=seed)


@dataclass(frozen=True, slots=True)
class _League:
    """Brands sorted from the best: `t[i, j]` is the studentised lead of i over j, `inverse` 1 over its error."""

    score: FloatArray
    cov: FloatArray
    order: IntArray
    t: FloatArray
    inverse: Draws

    @property
    def p(self) -> int:
        return len(self.score)

    @classmethod
    def of(cls, score: npt.ArrayLike, cov: npt.ArrayLike) -> _League:
        given, V = np.asarray(score, dtype=np.float64), np.asarray(cov, dtype=np.float64)
        if given.ndim != 1 or V.shape != (len(given), len(given)):
            raise ValueError(f"a covariance of shape {V.shape} for scores of shape {given.shape}")
        if not (np.isfinite(given).all() and np.isfinite(V).all()) or (np.diag(V) < 0).any():
            raise ValueError("scores and covariances must be known, variances not negative")
        # a power of two changes no digit, and keeps the draws within what float32 can hold
        unit = 2.0 ** np.round(np.log2(np.diag(V).max(initial=0.0) or 1.0) / 2)
        given, V = given / unit, V / unit**2
        order = _order(given, V)
        given, V = given[order], V[np.ix_(order, order)]
        single = np.diag(V)[:, None] + np.diag(V)
        variance = single - (V + V.T)
        known = variance > 1e-14 * single
        inverse = np.divide(1.0, np.sqrt(np.where(known, variance, 1.0)), out=np.zeros_like(V), where=known)
        lead = given[:, None] - given
        # a pair without error is decided by any difference
        t = np.where(known, lead * inverse, np.where(lead == 0, 0.0, np.copysign(np.inf, lead)))
        return cls(given, V, order, t, inverse.astype(np.float32))

    def alike(self, limits: IntArray, extreme: np.ufunc) -> IntArray:
        """One limit for brands equal in score and error, the widest: nothing but their draws tells them apart."""
        same = (np.diff(self.score) == 0) & (np.diff(np.diag(self.cov)) == 0)
        starts = np.flatnonzero(np.concatenate([[True], ~same]))
        return np.asarray(np.repeat(extreme.reduceat(limits, starts), np.diff(starts, append=self.p)))

    def unsort(self, values: npt.NDArray[Value]) -> npt.NDArray[Value]:
        """Back to the order of the input."""
        out = np.empty_like(values)
        out[self.order] = values
        return out


def _order(score: FloatArray, cov: FloatArray) -> IntArray:
    """From the best score, the smaller error first; then by the brand's covariances, whatever their own order."""
    keys = [np.diag(cov), -score]
    order = np.lexsort(keys)
    tied = (np.diff(score[order]) == 0) & (np.diff(np.diag(cov)[order]) == 0)
    if tied.any():
        order = np.lexsort([*np.sort(cov, axis=1).T, *keys])
    return np.asarray(order)
