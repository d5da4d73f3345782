"""Letters of a table: which columns of a banner are significantly lower than which, line by line.

Columns are compared within one banner variable, all pairs of it; each line of the table is a family of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt
from scipy.special import stdtr

from vigie.stats.significance import benjamini_hochberg, difference, holm
from vigie.stats.sums import FloatArray, IntArray

__all__ = [
    "Adjust",
    "Grading",
    "grades",
    "higher",
    "letters",
    "pair_letters",
    "pairwise",
    "quantum",
]

Adjust = Literal["holm", "bh", "none"]
_ALPHABET = 26


@dataclass(frozen=True, slots=True)
class Grading:
    """When a column stands above another: levels, the adjustment for many pairs, and the people without whom not.

    `level` gives capitals, `minor` small letters (None: there are none). The family of `adjust` is every tested pair of
    one line: Holm's (1979) by default, Benjamini & Hochberg's (1995) "bh", or "none", which finds something false in
    most lines of wide banners and is named where it is used. `smallest` is counted unweighted.

    Raises ValueError for levels that are not 0 < minor ≤ level < 1, and for an unknown adjustment.

    >>> Grading(level=0.99).minor
    0.9
    """

    level: float = 0.95
    minor: float | None = 0.90
    adjust: Adjust = "holm"
    smallest: int = 30

    def __post_init__(self) -> None:
        if not 0 < self.lowest <= self.level < 1:
            raise ValueError(f"the levels {self.level} and {self.minor} are not 0 < minor ≤ level < 1")
        if self.adjust not in get_args(Adjust):
            raise ValueError(f"{self.adjust!r} is no adjustment: holm, bh or none")

    @property
    def lowest(self) -> float:
        """The lowest level that is told."""
        return self.level if self.minor is None else self.minor


_USUAL = Grading()


def pairwise(value: npt.ArrayLike, cov: npt.ArrayLike, df: npt.ArrayLike) -> FloatArray:
    """Two-sided p-values (…, C, C) of the differences between all pairs of C columns, unadjusted.

    t = (θ_i - θ_j)/√(V_ii + V_jj - 2V_ij) on Student's distribution at `df`, the normal at infinite `df`. The
    covariance carries the people whom columns share, and the strata and margins that disjoint columns share.

    Parameters: `value` (…, C) of one line or of many, `cov` (…, C, C) from `covariance` (columns that may share people)
    or `segment_covariance`, `df` of the design, one number or one per line (…). p is symmetric; nan on the
    diagonal, where a value is missing, and where a difference has no spread.

    Raises ValueError where shapes do not fit.

    Not against the total (which contains the column: test the column against the rest), nor across banner variables.
    On columns of some 50 people a test at 5 % is wrong in 5.7 to 6.1 % (`docs/why/letters.md`).

    >>> p = pairwise([0.6, 0.5], np.diag([0.04, 0.03]) ** 2, np.inf)
    >>> round(float(p[0, 1]), 4)  # a difference of 0.1 with a standard error of 0.05: z = 2
    0.0455
    """
    theta, V, freedom = _checked(value, cov, df)
    C = theta.shape[-1]
    one, other = np.triu_indices(C, 1)
    p = np.full(V.shape, np.nan)
    found = _tests(theta, V, freedom, one, other)
    p[..., one, other], p[..., other, one] = found, found
    return p


def higher(
    value: npt.ArrayLike, cov: npt.ArrayLike, n: npt.ArrayLike, df: npt.ArrayLike, grading: Grading = _USUAL
) -> IntArray:
    """Which columns are significantly higher (…, C, C): i, j is 2 where i is above j at the level, 1 at the minor.

    A pair is tested where both columns have `grading.smallest` people or more, a value, and a difference with spread;
    pairs that are not tested do not count in the family.

    Parameters: `value`, `cov`, `df` as in `pairwise`, `n` (…, C) unweighted bases.

    Raises ValueError where shapes do not fit.

    Not a ranking, nor for columns of two banner variables in one call: each variable is a family of its own.

    >>> higher([0.30, 0.50, 0.42], np.eye(3) * 0.03**2, [200, 200, 200], np.inf).tolist()  # z = 4.71, 2.83 and 1.89
    [[0, 0, 0], [2, 0, 1], [2, 0, 0]]
    """
    theta, V, freedom = _checked(value, cov, df)
    one, other = np.triu_indices(theta.shape[-1], 1)
    return _above(theta, _tests(theta, V, freedom, one, other), np.asarray(n), grading)


def grades(p: npt.ArrayLike, grading: Grading = _USUAL) -> IntArray:
    """How much tests say (…, T): 2 where p is below 1 - level after adjustment, 1 where below 1 - minor only, else 0.

    Each line of T tests, the last axis, is a family of its own; nan is not tested and does not count in it. Without a
    minor level no test has 1.

    Not for p-values of one-sided tests of which the other side was looked at too.

    >>> grades([0.01, 0.04, 0.3]).tolist(), grades([0.01, 0.04, 0.3], Grading(adjust="none")).tolist()
    ([2, 1, 0], [2, 2, 0])
    """
    found = np.asarray(p, dtype=np.float64)
    if grading.adjust != "none":
        tests = found.shape[-1]
        lines = np.repeat(np.arange(found.size // max(tests, 1)), tests).reshape(found.shape)
        found = (holm if grading.adjust == "holm" else benjamini_hochberg)(found, lines)
    grade = (found < 1 - grading.level).astype(np.int64)  # no minor level of its own: the first counts twice
    return np.asarray(grade + (found < 1 - grading.lowest))


def letters(
    value: npt.ArrayLike, cov: npt.ArrayLike, n: npt.ArrayLike, df: npt.ArrayLike, grading: Grading = _USUAL
) -> tuple[tuple[str, ...], ...]:
    """L lines of a table: for each of their C columns the letters of the columns that are significantly lower.

    Upper case at the level, lower case at the minor one, in the order of the columns ("BdE"; with more than 26 columns
    set apart by spaces, "B AC"). Columns below `grading.smallest` people neither give nor get letters. Each line is a
    family of its own.

    Parameters: `value`, `n` (L, C), `cov` (L, C, C), `df` a number or (L,); the rest as in `higher`, which raises.

    Not a ranking: columns without letters between them are not shown to be equal. Nor for lines that are to be one
    family together.

    >>> letters([[0.30, 0.50, 0.42]], [np.eye(3) * 0.03**2], [[200, 200, 200]], np.inf)  # z = 4.71, 2.83 and 1.89
    (('', 'Ac', 'A'),)
    """
    found = higher(value, cov, n, df, grading)
    if found.ndim != 3:
        raise ValueError("lines have values of shape (L, C)")
    return _written(found)


def pair_letters(
    value: npt.ArrayLike, p: npt.ArrayLike, n: npt.ArrayLike, grading: Grading = _USUAL
) -> tuple[tuple[str, ...], ...]:
    """The letters of L lines whose pairs have been tested otherwise, such as by `quantum`.

    Parameters: `value`, `n` (L, C); `p` (L, C(C - 1)/2) two-sided p-values of the pairs in the order of
    `numpy.triu_indices(C, 1)`, nan where a pair is not tested. Where the covariance of columns is known, `letters`
    tests them. Raises as `higher`.

    Not for p-values of differences with the total, which contains every column.

    >>> pair_letters([[0.7, 0.5, 0.6]], [[0.001, 0.08, 0.3]], [[90, 90, 90]], Grading(adjust="none"))
    (('Bc', '', ''),)
    """
    theta, tests = np.asarray(value, dtype=np.float64), np.asarray(p, dtype=np.float64)
    if theta.ndim != 2 or tests.shape != (len(theta), theta.shape[1] * (theta.shape[1] - 1) // 2):
        raise ValueError(f"p-values of shape {tests.shape} for lines of shape {theta.shape}")
    return _written(_above(theta, tests, np.asarray(n), grading))


def names(columns: int) -> tuple[str, ...]:
    """The letters that stand above the columns: A, B, …, Z, AA, AB, …"""

    def name(number: int) -> str:
        before, last = divmod(number, _ALPHABET)
        return (name(before - 1) if before else "") + chr(ord("A") + last)

    return tuple(name(c) for c in range(columns))


def quantum(
    share: npt.ArrayLike,
    other: npt.ArrayLike,
    effective: npt.ArrayLike,
    effective_other: npt.ArrayLike,
    *,
    pooled: npt.ArrayLike,
    overlap: npt.ArrayLike = 0.0,
    correlation: npt.ArrayLike = 0.0,
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """The agencies' test of two shares, for reproducing older books only: t, its degrees of freedom, two-sided p.

    t = (p - q)/√(m(1 - m)·(1/e + 1/f - 2r·o/(e·f))·k), k = (e + f)/(e + f - 1), with e + f - 1 degrees of freedom, as
    the tabulation program Quantum computes it. Parameters broadcast to one shape, which the three results have:
    `share` p and `other` q; their effective bases e = (Σw)²/Σw² and f; `pooled` m, the share of both columns together,
    Σ W·share / Σ W with the weighted bases W; `overlap` o, the effective base of the people in both columns, and
    `correlation` r, weighted, of their two answers. nan where a base or the spread is 0.

    Not for new tables: it knows of the design nothing but unequal weights; use `pairwise` with a covariance.

    >>> t, df, p = quantum(0.6, 0.4, 50, 50, pooled=0.5)  # 0.2/√(0.25·(2/50)·100/99)
    >>> round(float(t), 4), float(df), round(float(p), 4)
    (1.99, 99.0, 0.0494)
    """
    p, q, e, f, m, o, r = np.broadcast_arrays(
        *(
            np.asarray(a, dtype=np.float64)
            for a in (share, other, effective, effective_other, pooled, overlap, correlation)
        )
    )
    some = (e > 0) & (f > 0) & (e + f > 1)
    first, second = np.where(some, e, np.nan), np.where(some, f, np.nan)
    df = first + second - 1
    variance = m * (1 - m) * (1 / first + 1 / second - 2 * r * o / (first * second)) * (df + 1) / df
    t = np.divide(p - q, np.sqrt(np.maximum(variance, 0.0)), out=np.full(p.shape, np.nan), where=variance > 0)
    return t, df, 2 * stdtr(df, -np.abs(t))


def _checked(value: npt.ArrayLike, cov: npt.ArrayLike, df: npt.ArrayLike) -> tuple[FloatArray, FloatArray, FloatArray]:
    theta, V, freedom = (np.asarray(a, dtype=np.float64) for a in (value, cov, df))
    if theta.ndim < 1 or V.shape != (*theta.shape, theta.shape[-1]):
        raise ValueError(f"a covariance of shape {V.shape} for values of shape {theta.shape}")
    if freedom.shape not in {(), theta.shape[:-1]}:
        raise ValueError(f"degrees of freedom of shape {freedom.shape} for lines of shape {theta.shape[:-1]}")
    return theta, V, freedom


def _tests(theta: FloatArray, V: FloatArray, df: FloatArray, one: IntArray, other: IntArray) -> FloatArray:
    """p-values (…, pairs)."""
    with np.errstate(invalid="ignore"):  # a missing column has nan for a variance
        se = np.sqrt(np.diagonal(V, axis1=-2, axis2=-1))
    first, second = (theta[..., one], se[..., one]), (theta[..., other], se[..., other])
    return difference(*first, *second, cov=V[..., one, other], df=df[..., None])[2]


def _above(theta: FloatArray, p: FloatArray, n: IntArray, grading: Grading) -> IntArray:
    """Grades (…, C, C) of columns above others, from the p-values (…, pairs) of their pairs."""
    if n.shape != theta.shape:
        raise ValueError(f"bases of shape {n.shape} do not fit values of shape {theta.shape}")
    one, other = np.triu_indices(theta.shape[-1], 1)
    enough = n >= grading.smallest
    tested = np.where(enough[..., one] & enough[..., other], p, np.nan)
    grade = grades(tested, grading)
    first = theta[..., one] > theta[..., other]
    out = np.zeros((*theta.shape, theta.shape[-1]), dtype=np.int64)
    out[..., one, other], out[..., other, one] = np.where(first, grade, 0), np.where(first, 0, grade)
    return out


def _written(found: IntArray) -> tuple[tuple[str, ...], ...]:
    """Letters of (L, C, C) grades."""
    lines, columns = found.shape[:2]
    upper = names(columns)
    lower = tuple(name.lower() for name in upper)
    cells: list[list[list[str]]] = [[[] for _ in range(columns)] for _ in range(lines)]
    for line, column, below in np.argwhere(found > 0).tolist():
        cells[line][column].append((upper if found[line, column, below] == 2 else lower)[below])
    gap = " " if columns > _ALPHABET else ""
    return tuple(tuple(gap.join(cell) for cell in line) for line in cells)
