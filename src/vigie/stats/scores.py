"""Mystery scores: marks → criterion → dimension → test → brand × channel → brand, with the variance of the last."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

from vigie.stats.sums import BoolArray, FloatArray, IntArray, rounding

__all__ = [
    "Cells",
    "ChannelMeans",
    "TestScores",
    "Totals",
    "cell_errors",
    "cells",
    "channel_means",
    "test_scores",
    "totals",
]

MARKED, NOT_APPLICABLE, MISSING, UNANSWERED = 0, 1, 2, 3
AbsentRule = Literal["renormalise", "zero", "unranked"]


@dataclass(frozen=True, slots=True)
class TestScores:
    """Scores of mystery tests, 0 to 1; nan where the test is incomplete or nothing of it applies."""

    __test__ = False  # a test of a brand, not one that pytest should collect

    score: FloatArray  # (n_tests,)
    dimensions: FloatArray  # (n_tests, D)
    incomplete: BoolArray  # (n_tests,)


def test_scores(
    test: npt.ArrayLike,
    criterion: npt.ArrayLike,
    value: npt.ArrayLike,
    state: npt.ArrayLike,
    *,
    n_tests: int,
    dimension: npt.ArrayLike,
    criterion_weight: npt.ArrayLike,
    dimension_weight: npt.ArrayLike,
) -> TestScores:
    """Score tests from their marks: weighted mean of criteria in a dimension, weighted mean of dimensions in a test.

    Four states never mixed: MARKED counts with its value; NOT_APPLICABLE leaves numerator and denominator of that test;
    MISSING (the tester forgot) makes the test incomplete, with no score at all; UNANSWERED (no reply before the
    cut-off) scores 0 and counts. A dimension with nothing applicable is left out of that test's mean.

    Parameters: one entry per mark (m,): `test` 0…n_tests - 1, `criterion` 0…K - 1, `value` 0…1 (read where MARKED),
    `state`; `dimension` (K,) of each criterion over all grids, `criterion_weight` (K,), `dimension_weight` (D,).

    Raises ValueError for a mark outside 0…1, a negative weight or an unknown state.

    Not for a test with rows left out instead of marked MISSING: what is not there cannot be told from not applicable.

    >>> scored = test_scores(
    ...     [0, 0, 1, 1, 2, 2], [0, 1, 0, 1, 0, 1], [1.0, 0.5, 1.0, 0.0, 1.0, 0.0],
    ...     [MARKED, MARKED, MARKED, UNANSWERED, MARKED, NOT_APPLICABLE],
    ...     n_tests=3, dimension=[0, 0], criterion_weight=[1, 1], dimension_weight=[1],
    ... )
    >>> scored.score.tolist()  # (1 + 0.5)/2; (1 + 0)/2, nobody having answered; and 1 alone, where nothing else applies
    [0.75, 0.5, 1.0]
    """
    tests, criteria, states = (np.asarray(a).astype(np.int64) for a in (test, criterion, state))
    marks = np.asarray(value, dtype=np.float64)
    into = np.asarray(dimension).astype(np.int64)
    weight, heavy = (np.asarray(a, dtype=np.float64) for a in (criterion_weight, dimension_weight))
    marked = states == MARKED
    if not ((states >= MARKED) & (states <= UNANSWERED)).all():
        raise ValueError("a state is none of MARKED, NOT_APPLICABLE, MISSING, UNANSWERED")
    if not ((marks[marked] >= 0) & (marks[marked] <= 1)).all():
        raise ValueError("marks lie between 0 and 1")
    if not ((weight >= 0).all() and (heavy >= 0).all()):
        raise ValueError("weights are not negative")
    counts = marked | (states == UNANSWERED)
    D = len(heavy)
    key = (tests * D + into[criteria])[counts]
    w = weight[criteria][counts]
    got = np.where(marked, marks, 0.0)[counts]
    # of no rows at all, bincount makes integers
    above, below = (
        np.bincount(key, weights=a, minlength=n_tests * D).astype(np.float64).reshape(n_tests, D) for a in (w * got, w)
    )
    incomplete = np.bincount(tests[states == MISSING], minlength=n_tests) > 0
    dimensions = np.divide(above, below, out=np.full_like(above, np.nan), where=below > 0)
    applies = heavy * (below > 0)
    full = applies.sum(axis=1)
    total = (applies * np.nan_to_num(dimensions)).sum(axis=1)
    score = np.divide(total, full, out=np.full(n_tests, np.nan), where=full > 0)
    score[incomplete], dimensions[incomplete] = np.nan, np.nan
    return TestScores(score, dimensions, incomplete)


test_scores.__test__ = False  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Cells:
    """Scored tests of B brands × C channels."""

    n: IntArray  # (B, C)
    mean: FloatArray  # (B, C) nan without tests
    variance: FloatArray  # (B, C) with n - 1; nan below two tests

    @property
    def present(self) -> BoolArray:
        """(B, C) at least two tests: one test alone has no variance, so that the channel counts as absent."""
        return self.n >= 2


def cells(brand: npt.ArrayLike, channel: npt.ArrayLike, score: npt.ArrayLike, n_brands: int, n_channels: int) -> Cells:
    """Count, mean and sample variance of the scores (any unit) by brand and channel; tests without score are left out.

    `brand`, `channel` (n_tests,) from 0; `score` (n_tests,), nan for incomplete tests.

    The variance takes two passes over the scores (Chan, Golub & LeVeque 1983).

    Not for marks, of which each test has several: score the tests first.

    >>> found = cells([0, 0, 0, 1], [0, 0, 1, 1], [14.0, 16.0, 12.0, 13.0], 2, 2)
    >>> found.n.tolist(), found.mean.tolist(), found.variance[0, 0].item()
    ([[2, 1], [0, 1]], [[15.0, 12.0], [nan, 13.0]], 2.0)
    """
    known = np.asarray(score, dtype=np.float64)
    kept = ~np.isnan(known)
    key = (np.asarray(brand).astype(np.int64) * n_channels + np.asarray(channel).astype(np.int64))[kept]
    known = known[kept]
    size = n_brands * n_channels
    n = np.bincount(key, minlength=size)
    mean = np.divide(np.bincount(key, weights=known, minlength=size), n, out=np.full(size, np.nan), where=n > 0)
    # two passes: squares of the distances, not a difference of two large sums
    square = np.bincount(key, weights=(known - mean[key]) ** 2, minlength=size)
    # equal scores leave a trace of rounding in their mean; it is no variance
    square = np.where(square > n * rounding(np.nan_to_num(mean), n), square, 0.0)
    variance = np.divide(square, n - 1, out=np.full(size, np.nan), where=n > 1)
    shape = (n_brands, n_channels)
    return Cells(n.astype(np.int64).reshape(shape), mean.reshape(shape), variance.reshape(shape))


@dataclass(frozen=True, slots=True)
class Totals:
    """Scores of B brands over the channels, in the unit of the cells."""

    score: FloatArray  # (B,) nan where no channel with a weight is present
    cov: FloatArray  # (B, B) full covariance, nan in the rows of brands without score
    n: IntArray  # (B,) tests in the channels that count as present
    present: BoolArray  # (B, C)
    rankable: BoolArray  # (B,)
    df: FloatArray  # (B,) Welch-Satterthwaite; infinite where the channels' weights bring all the variance
    gradient: FloatArray  # (B, C) ∇: by how much a score moves with each ω; Cov(T_a, T_b) = ∇_a′ Var(ω) ∇_b

    @property
    def se(self) -> FloatArray:
        """(B,) standard errors."""
        return np.sqrt(np.diag(self.cov))


def totals(
    cells: Cells,
    omega: npt.ArrayLike,
    omega_cov: npt.ArrayLike | None = None,
    *,
    absent: AbsentRule = "renormalise",
    min_tests: int = 5,
    pool_below: int = 30,
) -> Totals:
    """Score of each brand: channel means weighted by the channels' weights ω, with the covariance of all brands.

    T_b = Σ_{c present} ω_c m_bc / Σ ω_c, the denominator over the channels present at the brand ("renormalise"), over
    all channels tested in the study ("zero": what is absent scores 0), or as the first with the brand not rankable
    ("unranked"). Var T_b = Σ (ω_c/Σω)² s²_bc/n_bc; with `omega_cov`, the covariance of ω estimated by a survey, every
    pair of brands shares it: Cov(T_a, T_b) += ∇_a′ Var(ω) ∇_b, ∇_bc = (m_bc - T_b)/Σω, with m_bc = 0 where an absent
    channel scores zero (delta method; Cochran 1977, ch. 5, for strata). `df` is Satterthwaite's (1946). ω does not
    depend on the number of tests. A cell with fewer than `pool_below` tests or no variance has the variance pooled over
    the brands of its channel.

    Parameters: `omega` (C,) not negative, need not sum to 1; `omega_cov` (C, C) or None for published constants;
    `min_tests` in the channels present, below which a brand is not rankable, as without a positive standard error.

    Raises ValueError for weights that are negative or of the wrong shape, and for an unknown rule.

    Not for channels that are separate leagues.

    >>> tests = cells([0, 0, 0, 0], [0, 0, 1, 1], [14.0, 16.0, 10.0, 12.0], 1, 2)  # means 15 and 11, s² = 2 and 2
    >>> brand = totals(tests, [0.6, 0.4])
    >>> round(float(brand.score[0]), 4), round(float(brand.se[0]), 4)  # 0.6·15 + 0.4·11, √(0.36 + 0.16)
    (13.4, 0.7211)
    """
    weights = np.asarray(omega, dtype=np.float64)
    if absent not in get_args(AbsentRule):
        raise ValueError(f"{absent!r} is no rule for absent channels")
    if weights.shape != (cells.n.shape[1],) or not (weights >= 0).all():
        raise ValueError("omega has one weight for each channel, not negative")
    present = cells.present
    tested = present.any(axis=0)
    mean = np.where(present, np.nan_to_num(cells.mean), 0.0)
    counted = np.broadcast_to(tested, present.shape) if absent == "zero" else present
    full = (counted * weights).sum(axis=1)
    some = present.any(axis=1) & (full > 0)
    full = np.where(some, full, 1.0)
    share = present * weights / full[:, None]
    score = np.where(some, (share * mean).sum(axis=1), np.nan)
    parts, degrees, _ = _parts(cells, share, pool_below)
    cov = np.diag(parts.sum(axis=1))
    gradient = counted * (mean - np.nan_to_num(score)[:, None]) / full[:, None]
    if omega_cov is not None:
        cov += gradient @ np.asarray(omega_cov, dtype=np.float64) @ gradient.T
        cov = (cov + cov.T) / 2
    variance = np.diag(cov).copy()
    cov[~some], cov[:, ~some] = np.nan, np.nan
    n = np.where(present, cells.n, 0).sum(axis=1)
    rankable = some & (n >= min_tests) & (variance > 0)
    if absent == "unranked":
        rankable &= present[:, tested].all(axis=1)
    return Totals(score, cov, n, present, rankable, _satterthwaite(variance, parts, degrees), gradient)


@dataclass(frozen=True, slots=True)
class ChannelMeans:
    """Mean over brands of the brands' means, by channel."""

    value: FloatArray  # (C,) nan where no brand has two tests
    se: FloatArray  # (C,)
    n: IntArray  # (C,) tests
    brands: IntArray  # (C,)
    df: FloatArray  # (C,)


def channel_means(cells: Cells, *, pool_below: int = 30) -> ChannelMeans:
    """By channel, the mean over brands of their mean scores: each brand counts once, however often it was tested.

    Brands are a fixed population, so that only tests vary: Var = Σ s²_b/n_b / B² over the B brands with two tests or
    more, s² pooled as in `totals`. `df` is Satterthwaite's; what borrows the channel's one s² is one part: where all
    borrow it, Σ(n_b - 1). Not a statement about brands that were not tested.

    >>> found = channel_means(cells([0, 0, 1, 1], [0] * 4, [14.0, 16.0, 10.0, 12.0], 2, 1))
    >>> found.value.tolist(), found.se.round(4).tolist()  # the mean of 15 and 11, and √(2/2 + 2/2)/2
    ([13.0], [0.7071])
    """
    present = cells.present
    brands = present.sum(axis=0)
    share = present / np.where(brands > 0, brands, 1)
    parts, degrees, borrow = _parts(cells, share, pool_below)
    # one s² that several brands borrow is known once: their parts are one
    sums, of = np.where(borrow, parts, 0.0).sum(axis=0), np.where(borrow, degrees, 0).max(axis=0, initial=0)
    apart = np.vstack([np.where(borrow, 0.0, parts), sums])
    value = (share * np.where(present, np.nan_to_num(cells.mean), 0.0)).sum(axis=0)
    variance = parts.sum(axis=0)
    none = brands == 0
    return ChannelMeans(
        value=np.where(none, np.nan, value),
        se=np.where(none, np.nan, np.sqrt(variance)),
        n=np.where(present, cells.n, 0).sum(axis=0),
        brands=brands,
        df=_satterthwaite(variance, apart.T, np.vstack([degrees, of]).T),
    )


def cell_errors(cells: Cells, *, pool_below: int = 30) -> FloatArray:
    """Standard error of each brand × channel mean (B, C), s/√n with s pooled as in `totals`; nan below two tests.

    Not for the difference of two brands over their channels: `totals` has their covariance.

    >>> cell_errors(cells([0, 0], [0, 0], [14.0, 16.0], 1, 1)).round(4).tolist()  # √(2/2)
    [[1.0]]
    """
    parts, _, _ = _parts(cells, cells.present.astype(np.float64), pool_below)
    return np.where(cells.present, np.sqrt(parts), np.nan)


def _parts(cells: Cells, share: FloatArray, pool_below: int) -> tuple[FloatArray, FloatArray, BoolArray]:
    """share² s²/n of every cell (B, C), 0 where absent; the degrees of freedom of its s²; whether this is borrowed."""
    present = cells.present
    spare = np.where(present, cells.n - 1, 0)
    own = np.where(present, np.nan_to_num(cells.variance), 0.0)
    freedom = spare.sum(axis=0)
    pooled = np.divide((spare * own).sum(axis=0), freedom, out=np.zeros(len(freedom)), where=freedom > 0)
    borrow = present & ((cells.n < pool_below) | (own == 0))
    variance = np.where(borrow, pooled, own)
    return share**2 * variance / np.where(present, cells.n, 1), np.where(borrow, freedom, spare), borrow


def _satterthwaite(variance: FloatArray, parts: FloatArray, degrees: FloatArray) -> FloatArray:
    """(Σv)²/Σ(v²/ν) over the last axis; what is in the variance but in no part counts as known exactly."""
    below = np.divide(parts**2, degrees, out=np.zeros_like(parts), where=degrees > 0).sum(axis=1)
    return np.asarray(np.divide(variance**2, below, out=np.full_like(variance, np.inf), where=below > 0))
