"""Calibration weights on cells: raking, and raking with bounds on how far a weight may move."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from vigie.stats.newton import factors, gaps
from vigie.stats.sums import FloatArray, IntArray

Kind = Literal["empty-category", "no-target", "totals-differ", "out-of-bounds"]
_CLOSE = 1e-9  # rounding aside, totals that agree this well are the same


class NoWeights(ValueError):  # noqa: N818 - it says what there is not, as a person would
    """No weights reach the margins: which margin and category (None: the margin as a whole), why, and by how much.

    `target` is the total asked for, `reached` the total there is (kind "totals-differ": the total of the first margin
    and of this one; "out-of-bounds": the closest that was reached). Without bounds, "out-of-bounds" means that the
    combinations of categories people were found in cannot add up to the margins with any positive weights.
    """

    def __init__(self, kind: Kind, margin: int, category: int | None, *, target: float, reached: float) -> None:
        where = f"margin {margin}" + ("" if category is None else f", category {category}")
        super().__init__(f"{kind}: {where}: target {target:.10g}, reached {reached:.10g}")
        self.kind, self.margin, self.category = kind, margin, category
        self.target, self.reached = target, reached


@dataclass(frozen=True, slots=True)
class Raked:
    """Calibration factors: the weight of a person is g of the person's cell times the design weight.

    `converged` is false where rounding stopped the iterations above the tolerance but within 1e-9 of every target;
    anything worse raises `NoWeights`. `worst` is the margin, the category and the relative gap farthest from target.
    """

    g: FloatArray  # (n_cells,)
    iterations: int
    converged: bool
    worst: tuple[int, int, float]


def rake(
    design_total: npt.ArrayLike,
    margins: Sequence[npt.ArrayLike],
    targets: Sequence[npt.ArrayLike],
    *,
    bounds: tuple[float, float] | None = None,
    tolerance: float = 1e-12,
    most: int = 200,
) -> Raked:
    """Rake cells to categorical margins (Deming & Stephan 1940), with bounds on g if given.

    Finds g_c = F(λ of the cell's categories) with Σ g_c D_c = X for every category of every margin. F(u) = eᵘ, the
    limit of iterative proportional fitting; with `bounds` (L, U), F(u) = min(max(eᵘ, L), U) (Deville & Särndal 1992,
    truncated). A cell is one combination of categories; g is the same for all people of a cell even where their
    design weights differ, so that the totals of the cells suffice.

    Parameters: `design_total` (n_cells,) D_c = Σd of the cell's people; `margins`, for each margin the category of each
    cell (n_cells,), from 0; `targets`, for each margin the total of each category, in people of the population;
    `bounds` on w/d; `tolerance` on the relative gap of every category; `most` Newton steps.

    Raises NoWeights with margin and category where a category has a target but nobody, or people but no target, where
    the margins' totals differ, or where no weights within the bounds reach the targets; ValueError for malformed input.

    Not for numeric margins (`calibrate`), nor to repair a base so small that the factors alone decide the figures.
    """
    total = np.asarray(design_total, dtype=np.float64)
    index = [np.asarray(m).astype(np.int64) for m in margins]
    wanted = [np.asarray(t, dtype=np.float64) for t in targets]
    _check(total, index, wanted, bounds)
    matrix = dummies(index, [len(t) for t in wanted])
    asked = np.concatenate(wanted)
    g, steps = factors(total, matrix, asked, bounds=bounds, tolerance=tolerance, most=most)
    if bounds is None and gaps(total, matrix, asked, g).max() > tolerance:
        fitted, sweeps = proportional_fit(total, index, wanted, most=50 * most)
        if gaps(total, matrix, asked, fitted).max() < gaps(total, matrix, asked, g).max():
            g, steps = fitted, steps + sweeps
    return _judged(total, matrix, asked, g, steps, tolerance, [len(t) for t in wanted])


def calibrate(
    design_total: npt.ArrayLike,
    matrix: npt.ArrayLike,
    totals: npt.ArrayLike,
    *,
    bounds: tuple[float, float] | None = None,
    tolerance: float = 1e-12,
    most: int = 200,
) -> Raked:
    """Calibrate to any totals, numeric margins too: g_c = F(x_c′λ) with Σ g_c D_c x_c = X, F as in `rake`.

    Parameters: `design_total` (n_cells,), a cell being one distinct row of x (one person at worst); `matrix`
    (n_cells, p) x; `totals` (p,) X. In `worst` and in NoWeights the margin is the column of x, the category 0. Deville
    & Särndal 1992, §2.

    Raises NoWeights ("out-of-bounds") where no weights reach the totals, ValueError where shapes do not fit.

    Not for categories alone: `rake` names what is wrong with them.
    """
    total, x, asked = (np.asarray(a, dtype=np.float64) for a in (design_total, matrix, totals))
    if x.shape != (len(total), len(asked)):
        raise ValueError(f"a matrix of shape {x.shape} for {len(total)} cells and {len(asked)} totals")
    g, steps = factors(total, x, asked, bounds=bounds, tolerance=tolerance, most=most)
    return _judged(total, x, asked, g, steps, tolerance, [1] * len(asked))


def proportional_fit(
    design_total: npt.ArrayLike,
    margins: Sequence[npt.ArrayLike],
    targets: Sequence[npt.ArrayLike],
    *,
    most: int = 10_000,
    tolerance: float = 1e-13,
) -> tuple[FloatArray, int]:
    """Iterative proportional fitting on cells (Deming & Stephan 1940): the factors g (n_cells,) and the sweeps made.

    The same limit as `rake` without bounds, reached linearly: the fallback where Newton's method stops, and its check.
    Each sweep scales every margin in turn to its target. Ends at `tolerance` or after `most` sweeps, without judging.
    """
    total = np.asarray(design_total, dtype=np.float64)
    pairs = [
        (np.asarray(m).astype(np.int64), np.asarray(t, dtype=np.float64)) for m, t in zip(margins, targets, strict=True)
    ]
    g, sweeps, moved = np.ones_like(total), 0, np.inf
    while sweeps < most and moved > tolerance:
        sweeps, moved = sweeps + 1, 0.0
        for index, target in pairs:
            have = np.bincount(index, weights=total * g, minlength=len(target))
            factor = np.divide(target, have, out=np.ones_like(have), where=have > 0)
            # margins that no weights reach drive some factors to infinity: stay where sums can be judged
            g = np.minimum(g, 1e100) * np.minimum(factor, 1e100)[index]
            moved = max(moved, float(np.abs(factor - 1).max(initial=0.0)))
    return g, sweeps


def dummies(margins: Sequence[npt.ArrayLike], sizes: Sequence[int]) -> FloatArray:
    """Indicator columns (n_cells, Σ sizes) of every category of every margin, one margin after another."""
    blocks = [np.eye(size)[np.asarray(m).astype(np.int64)] for m, size in zip(margins, sizes, strict=True)]
    return np.hstack(blocks)


def effective_base(total: npt.ArrayLike, squares: npt.ArrayLike) -> FloatArray:
    """Kish's effective base (Σw)²/Σw², in people; 0 where there is nobody. `total` is Σw, `squares` Σw²."""
    w, w2 = np.asarray(total, dtype=np.float64), np.asarray(squares, dtype=np.float64)
    return np.asarray(np.divide(w * w, w2, out=np.zeros(np.broadcast(w, w2).shape), where=w2 > 0))


def kish(n: npt.ArrayLike, total: npt.ArrayLike, squares: npt.ArrayLike) -> FloatArray:
    """Kish's design effect of unequal weights 1 + CV²(w) = n Σw²/(Σw)² (Kish 1965, §11.7); nan where there is nobody.

    What weighting alone costs for a question unrelated to the weights: an upper sketch, not the design effect of any
    figure, since calibration helps the figures that go with the margins.
    """
    base = effective_base(total, squares)
    people = np.asarray(n, dtype=np.float64)
    return np.asarray(np.divide(people, base, out=np.full(np.broadcast(people, base).shape, np.nan), where=base > 0))


def _check(
    total: FloatArray, margins: list[IntArray], targets: list[FloatArray], bounds: tuple[float, float] | None
) -> None:
    if not margins or len(margins) != len(targets):
        raise ValueError("raking needs margins, and one list of targets for each")
    if not np.isfinite(total).all() or (total < 0).any():
        raise ValueError("design totals are finite and not negative")
    if bounds is not None and not 0 <= bounds[0] < bounds[1]:
        raise ValueError(f"bounds {bounds} are not 0 ≤ L < U")
    first = float(targets[0].sum())
    for m, (index, target) in enumerate(zip(margins, targets, strict=True)):
        if index.shape != total.shape or (index < 0).any():
            raise ValueError(f"margin {m} does not give every cell a category")
        have = np.bincount(index, weights=total, minlength=len(target)).astype(np.float64)
        _check_categories(m, have, target, bounds)
        if abs(target.sum() - first) > _CLOSE * first:
            raise NoWeights("totals-differ", m, None, target=first, reached=float(target.sum()))


def _check_categories(m: int, have: FloatArray, target: FloatArray, bounds: tuple[float, float] | None) -> None:
    for k, people in enumerate(have):
        wanted = float(target[k]) if k < len(target) else 0.0
        if not wanted >= 0 or not np.isfinite(wanted):
            raise ValueError(f"the target of margin {m}, category {k} is {wanted}")
        if wanted > 0 and people == 0:
            raise NoWeights("empty-category", m, k, target=wanted, reached=0.0)
        if wanted == 0 and people > 0:
            raise NoWeights("no-target", m, k, target=0.0, reached=float(people))
        # one category alone can already ask for more than the bounds allow: then it is the one to name
        if bounds is not None and people > 0:
            nearest = min(max(wanted, bounds[0] * people), bounds[1] * people)
            if abs(nearest - wanted) > _CLOSE * wanted:
                raise NoWeights("out-of-bounds", m, k, target=wanted, reached=float(nearest))


def _judged(
    total: FloatArray,
    matrix: FloatArray,
    asked: FloatArray,
    g: FloatArray,
    steps: int,
    tolerance: float,
    sizes: list[int],
) -> Raked:
    """The factors with the category farthest from its target, or the refusal to hand them out."""
    gap = gaps(total, matrix, asked, g)
    worst = int(np.argmax(gap))
    ends = np.cumsum(sizes)
    margin = int(np.searchsorted(ends, worst, side="right"))
    category = worst - int(ends[margin]) + sizes[margin]
    if gap[worst] > max(tolerance, _CLOSE):
        reached = float(matrix[:, worst] @ (total * g))
        raise NoWeights("out-of-bounds", margin, category, target=float(asked[worst]), reached=reached)
    return Raked(g, steps, bool(gap[worst] <= tolerance), (margin, category, float(gap[worst])))
