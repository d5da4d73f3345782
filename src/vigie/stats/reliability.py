"""How far mystery scores tell brands apart, how many tests that takes, and how severe each tester is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import fdtri

from vigie.stats.sums import BoolArray, FloatArray, IntArray, rounding

__all__ = ["Reliability", "Severity", "needed_tests", "reliability", "severity"]


@dataclass(frozen=True, slots=True)
class Reliability:
    """The part of the variance of scores that lies between brands, of one test and of a brand's mean."""

    one: float  # ICC(1): correlation of two tests of the same brand
    one_low: float
    one_high: float
    mean: float  # ICC(k): reliability of the mean of `tests` tests
    mean_low: float
    mean_high: float
    tests: float  # tests per brand: the number, or where it differs the n₀ of the analysis of variance
    between: float  # variance between brands, in the square of the score's unit; may be negative
    within: float  # variance between tests of a brand
    brands: int
    n: int


def reliability(brand: npt.ArrayLike, score: npt.ArrayLike, *, level: float = 0.95) -> Reliability:
    """Intraclass correlations from a one-way random analysis of variance: brands, and tests within them.

    With MSB and MSW the mean squares between and within B brands and n₀ = (N - Σn_b²/N)/(B - 1) tests per brand:
    σ²_B = (MSB - MSW)/n₀, ICC(1) = σ²_B/(σ²_B + MSW) and ICC(k) = 1 - MSW/MSB (Shrout & Fleiss 1979; McGraw & Wong
    1996). Limits come from MSB/MSW over the quantiles of F: exact for normal scores and equal n_b, close where n_b
    differ little (Donner 1986). Estimates may be negative, where brands differ by less than chance, and are nan where
    all scores are equal.

    Parameters: `brand` (N,) whole numbers from 0, `score` (N,) finite. Raises ValueError where shapes differ, a score
    is not finite, or there are fewer than 2 brands or no brand with two tests.

    Not where testers were not spread over brands (`severity` first), nor for scores of several channels mixed.

    >>> found = reliability([0, 0, 1, 1, 2, 2], [1.0, 2.0, 5.0, 6.0, 9.0, 10.0])
    >>> round(found.one, 3), round(found.mean, 3)
    (0.969, 0.984)
    """
    key, value = _keyed(brand, score)
    n = np.bincount(key)
    n = n[n > 0]
    N, B = len(value), len(n)
    if B < 2 or N == B:
        raise ValueError("reliability needs two brands, and a brand with two tests")
    mean = _means(key, value)
    tests = (N - float((n**2).sum()) / N) / (B - 1)
    within = _square(value, mean[key]) / (N - B)
    msb = _square(mean[key], float(value.mean())) / (B - 1)
    ratio = msb / within if within > 0 else np.inf if msb > 0 else np.nan
    half = (1 + level) / 2
    low, high = ratio / float(fdtri(B - 1, N - B, half)), ratio * float(fdtri(N - B, B - 1, half))
    one, one_low, one_high = (_icc(f, tests) for f in (ratio, low, high))
    mean_, mean_low, mean_high = (_icc_of_means(f) for f in (ratio, low, high))
    between = (msb - within) / tests
    return Reliability(one, one_low, one_high, mean_, mean_low, mean_high, tests, between, within, B, N)


def _square(one: FloatArray, other: FloatArray | float) -> float:
    """The sum of squared differences from means; 0 where rounding alone sets these apart."""
    total = float(((one - other) ** 2).sum())
    return total if total > rounding(one, len(one)).sum() else 0.0


def _icc(ratio: float, tests: float) -> float:
    return 1.0 if np.isinf(ratio) else (ratio - 1) / (ratio + tests - 1)


def _icc_of_means(ratio: float) -> float:
    return 1 - 1 / ratio if ratio > 0 else -np.inf if ratio == 0 else np.nan


def needed_tests(one: float, reliability: float) -> float:
    """Tests of a brand after which its mean has this reliability, r/(1 - r)·(1 - ICC)/ICC (Spearman 1910, Brown 1910).

    `one` is ICC(1), `reliability` r between 0 and 1. A number, to be rounded up; infinite where ICC(1) is not positive.
    Raises ValueError for r that is not between 0 and 1. Not from an ICC of a handful of brands: its limits are wide.

    >>> round(needed_tests(0.2, 0.8), 1)
    16.0
    """
    if not 0 < reliability < 1:
        raise ValueError(f"a reliability of {reliability} is not between 0 and 1")
    return reliability / (1 - reliability) * (1 - one) / one if one > 0 else float("inf")


@dataclass(frozen=True, slots=True)
class Severity:
    """What testers add to scores, and brands' scores as the average tester would have given them; nan without tests."""

    effect: FloatArray  # (T,) of each tester, in the unit of the score; they add up to 0; below 0 is severe
    effect_se: FloatArray  # (T,)
    tests: IntArray  # (T,) of each tester
    raw: FloatArray  # (B,) mean score of each brand
    corrected: FloatArray  # (B,)
    corrected_se: FloatArray  # (B,)
    within: float  # residual variance; nan without degrees of freedom
    df: int  # tests - brands - testers + 1


def severity(brand: npt.ArrayLike, tester: npt.ArrayLike, score: npt.ArrayLike) -> Severity:
    """Testers' severity from crossed effects: score = brand + tester + error by least squares, testers adding up to 0.

    A brand's corrected score is what the mean of all testers, each counting once, would give it; raw scores stand
    beside it. Effects are those of R `lm(score ~ brand + tester)` with sum contrasts, and are not shrunk: a tester with
    few tests has a large effect with a large error (`ratios.shrunk` draws them together).

    Parameters: `brand`, `tester` (N,) whole numbers from 0, `score` (N,) finite. Raises ValueError where shapes differ,
    a score is not finite, or testers cannot be compared because they share no brand, not even through others.

    Not where testers chose their brands or scenarios, and not if an adviser could tell testers apart: then severity and
    the brand's true level are mixed.

    >>> found = severity([0, 0, 1, 1], [0, 1, 0, 1], [8.0, 6.0, 5.0, 3.0])
    >>> found.effect.round(3).tolist(), found.corrected.round(3).tolist()
    ([1.0, -1.0], [7.0, 4.0])
    """
    key, value = _keyed(brand, score)
    who = np.asarray(tester).astype(np.int64)
    if who.shape != key.shape or (who.size and who.min() < 0):
        raise ValueError("tester has one whole number from 0 for each score")
    B, T = int(key.max(initial=-1)) + 1, int(who.max(initial=-1)) + 1
    together = np.bincount(key * T + who, minlength=B * T).reshape(B, T).astype(np.float64)
    there, known = together.sum(axis=0) > 0, together.sum(axis=1) > 0
    if not _connected(together[known][:, there] > 0):
        raise ValueError("testers who share no brand, not even through others, cannot be compared")
    raw = _means(key, value)
    share = together / np.maximum(together.sum(axis=1, keepdims=True), 1.0)  # of a brand's tests, by tester
    # brands swept out, the normal equations of testers; their null space is 1, so that the pseudo-inverse sums to 0
    inverse = np.linalg.pinv(np.diag(together.sum(axis=0)) - together.T @ share, hermitian=True)
    effect = inverse @ np.bincount(who, value - raw[key], T)
    # testers without tests have zeros in the inverse; the others' effects sum to 0 among themselves
    corrected = raw - share @ effect
    df = len(value) - int(known.sum()) - int(there.sum()) + 1
    rest = float(((value - corrected[key] - effect[who]) ** 2).sum())
    within = rest / df if df > 0 else float("nan")
    n = np.maximum(together.sum(axis=1), 1.0)
    spread = 1 / n + ((share @ inverse) * share).sum(axis=1)
    return Severity(
        effect=np.where(there, effect, np.nan),
        effect_se=np.where(there, np.sqrt(within * np.maximum(np.diag(inverse), 0.0)), np.nan),
        tests=together.sum(axis=0).astype(np.int64),
        raw=raw,
        corrected=np.where(known, corrected, np.nan),
        corrected_se=np.where(known, np.sqrt(within * spread), np.nan),
        within=within,
        df=df,
    )


def _connected(shared: BoolArray) -> bool:
    """Whether every tester meets every other over brands (B, T)."""
    reached = np.zeros(shared.shape[1], dtype=bool)
    reached[:1] = True
    while True:
        more = reached | shared[shared[:, reached].any(axis=1)].any(axis=0)
        if (more == reached).all():
            return bool(reached.all())
        reached = more


def _keyed(brand: npt.ArrayLike, score: npt.ArrayLike) -> tuple[IntArray, FloatArray]:
    key, value = np.asarray(brand).astype(np.int64), np.asarray(score, dtype=np.float64)
    if key.ndim != 1 or key.shape != value.shape or (key.size and key.min() < 0):
        raise ValueError("brand has one whole number from 0 for each score")
    if not np.isfinite(value).all():
        raise ValueError("scores must be finite: leave incomplete tests out")
    return key, value


def _means(key: IntArray, value: FloatArray) -> FloatArray:
    """The mean score of each brand; nan without tests."""
    n = np.bincount(key)
    total = np.bincount(key, weights=value)
    return np.asarray(np.divide(total, n, out=np.full(len(n), np.nan), where=n > 0))
