"""What would make impossible margins possible: the narrowest bounds that do, and the merges of categories that do."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from math import ceil, floor

import numpy as np
import numpy.typing as npt
from scipy.optimize import linprog
from scipy.sparse import block_array, eye_array

from vigie.stats.distances import Bounds
from vigie.stats.sums import FloatArray
from vigie.stats.weights import NoWeights

__all__ = ["Merge", "Remedies", "feasible_bounds", "remedies"]

Solve = Callable[[FloatArray, FloatArray, Sequence[int], Bounds | None], object]
_LARGEST = 5_000  # cells for which a linear programme is still a matter of seconds
_ENOUGH = 3  # merges told
_TRIED = 40  # merges: one that does not work takes a calibration all of its steps to find out
_TWO = 2  # categories: to merge these is to leave the margin out


@dataclass(frozen=True, slots=True)
class Merge:
    """Two categories of a margin that become one."""

    margin: int
    one: int
    other: int


@dataclass(frozen=True, slots=True)
class Remedies:
    """What was tried and works; nothing is told that was not tried."""

    bounds: Bounds | None  # the narrowest about the given ones, to two decimals
    merges: tuple[Merge, ...]  # any one of them is enough, under the bounds as they are
    without: tuple[int, ...]  # margins without any one of which the others are reached; only where no merge is enough


def remedies(
    design_total: npt.ArrayLike,
    matrix: npt.ArrayLike,
    totals: npt.ArrayLike,
    sizes: Sequence[int],
    failed: NoWeights,
    solve: Solve,
    *,
    bounds: Bounds | None = None,
) -> Remedies:
    """Bounds, merges and margins to leave out, each tried with `solve` before it is told.

    Bounds are the closest to the given ones that a linear programme finds (`feasible_bounds`). Merges are tried first
    with the neighbours of the category that failed, then its other ones, then neighbours of other margins.

    Parameters: as `weights.calibrate`; `failed`, what it raised; `solve(matrix, totals, sizes, bounds)`, which is the
    calibration and raises NoWeights where that does not work either. Cost: at most 40 calibrations with merges, one for
    each margin left out and one for bounds, and a linear programme on the cells. Of margins with very many categories,
    merges beyond the first 40 that are worth trying are not found.

    Not a judgement of what is right: merging loses what the margin was there to correct.

    >>> from vigie.stats.weights import calibrate
    >>> cells, ages, targets = [50.0, 50.0, 0.0], np.eye(3), [40.0, 40.0, 20.0]  # nobody is of the third age
    >>> def solve(x, totals, sizes, bounds):
    ...     return calibrate(cells, x, totals, sizes=sizes, bounds=bounds)
    >>> failed = NoWeights("empty-category", 0, 2, target=20.0, reached=0.0)  # what `solve` raises on all three
    >>> remedies(cells, ages, targets, [3], failed, solve).merges[0]
    Merge(margin=0, one=1, other=2)
    """
    total, x, asked = (np.asarray(a, dtype=np.float64) for a in (design_total, matrix, totals))

    def works(columns: FloatArray, wanted: FloatArray, widths: Sequence[int], within: Bounds | None) -> bool:
        try:
            solve(columns, wanted, widths, within)
        except NoWeights:
            return False
        return True

    wider = feasible_bounds(total, x, asked, bounds) if bounds is not None and failed.kind == "out-of-bounds" else None
    found: list[Merge] = []
    for merge in islice(_merges(sizes, failed), _TRIED):
        if len(found) == _ENOUGH:
            break
        if works(*_merged(x, asked, sizes, merge), bounds):
            found.append(merge)
    without = [
        m for m in range(len(sizes)) if not found and len(sizes) > 1 and works(*_left(x, asked, sizes, m), bounds)
    ]
    tried = wider if wider is not None and works(x, asked, sizes, wider) else None
    return Remedies(tried, tuple(found), tuple(without))


def feasible_bounds(
    design_total: npt.ArrayLike, matrix: npt.ArrayLike, totals: npt.ArrayLike, bounds: Bounds
) -> Bounds | None:
    """The narrowest bounds (L(1 - s), U(1 + s)) on w/d between which some weights reach the totals, rounded outwards.

    Minimises s ≥ 0 subject to Σ g D x = X, L(1 - s) ≤ g ≤ U(1 + s), g ≥ 0: a linear programme in g and s. Shapes as in
    `weights.calibrate`. None where no positive weights reach the totals, or the cells are too many to try.

    Not the bounds to take: at the narrowest ones many weights stand at a bound.

    >>> feasible_bounds([50.0, 50.0], [[1, 0], [0, 1]], [80, 20], (0.5, 1.2))
    (0.32, 1.61)
    """
    total, x, asked = (np.asarray(a, dtype=np.float64) for a in (design_total, matrix, totals))
    low, high = bounds
    live = np.flatnonzero(total > 0)
    if not 0 < len(live) <= _LARGEST:
        return None
    terms = (x * total[:, None])[live]
    size = np.where(np.abs(terms).max(axis=0) > 0, np.abs(terms).max(axis=0), 1.0)
    n = len(live)
    between = block_array(
        [[-eye_array(n), np.full((n, 1), -low)], [eye_array(n), np.full((n, 1), -high)]], format="csr"
    )
    found = linprog(
        np.append(np.zeros(n), 1.0),
        A_ub=between, b_ub=np.concatenate([np.full(n, -low), np.full(n, high)]),
        A_eq=np.hstack([(terms / size).T, np.zeros((len(asked), 1))]), b_eq=asked / size,
        bounds=(0, None), method="highs",
    )  # fmt: skip
    if found.status != 0:
        return None
    widened = float(found.x[-1])
    # a hundredth beyond: at the narrowest bounds themselves only one weight may be possible for each cell
    lower, upper = floor(low * (1 - widened) * 100) - 1, ceil(high * (1 + widened) * 100) + 1
    return max(0.0, lower / 100), upper / 100


def _merges(sizes: Sequence[int], failed: NoWeights) -> Iterator[Merge]:
    """Pairs of categories worth trying: those of the category that failed, its neighbours first; then neighbours."""
    own, category = failed.margin, failed.category
    if category is not None and sizes[own] > _TWO:
        others = sorted((k for k in range(sizes[own]) if k != category), key=lambda k: abs(k - category))
        yield from (Merge(own, *sorted((category, k))) for k in others)
    for margin, size in enumerate(sizes):
        for k in range(size - 1 if size > _TWO else 0):
            if margin != own or category not in (k, k + 1):
                yield Merge(margin, k, k + 1)


def _merged(
    x: FloatArray, asked: FloatArray, sizes: Sequence[int], merge: Merge
) -> tuple[FloatArray, FloatArray, list[int]]:
    """Columns, totals and sizes with two categories as one."""
    begin = sum(sizes[: merge.margin])
    one, other = begin + merge.one, begin + merge.other
    columns, totals = x.copy(), asked.copy()
    columns[:, one] += columns[:, other]
    totals[one] += totals[other]
    widths = [size - (m == merge.margin) for m, size in enumerate(sizes)]
    return np.delete(columns, other, axis=1), np.delete(totals, other), widths


def _left(
    x: FloatArray, asked: FloatArray, sizes: Sequence[int], margin: int
) -> tuple[FloatArray, FloatArray, list[int]]:
    """Columns, totals and sizes without one margin."""
    begin = sum(sizes[:margin])
    gone = np.arange(begin, begin + sizes[margin])
    return np.delete(x, gone, axis=1), np.delete(asked, gone), [s for m, s in enumerate(sizes) if m != margin]
