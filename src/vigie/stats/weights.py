"""Calibration weights on cells: linear, raking, logit, with bounds on how far a weight may move."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from vigie.stats.distances import Bounds, Distance, Method, distance
from vigie.stats.newton import factors, gaps
from vigie.stats.sums import FloatArray, IntArray

__all__ = ["Calibrated", "NoWeights", "calibrate", "dummies", "proportional_fit", "rake"]

Kind = Literal["empty-category", "no-target", "totals-differ", "out-of-bounds", "negative", "no-weight"]
_CLOSE = 1e-9  # rounding aside, totals that agree this well are the same
_LEAST = 1e-6  # of the mean factor: a smaller one is on its way to zero, which raking never reaches


class NoWeights(ValueError):  # noqa: N818 - it says what there is not, as a person would
    """No weights reach the margins: which margin and category (None: the margin as a whole), why, and by how much.

    `target` is the total asked for, `reached` the total there is (kind "totals-differ": the total of the first margin
    and of this one; "out-of-bounds": the closest that was reached; "negative": the smallest factor, against zero;
    "no-weight": the smallest factor, against a millionth of the mean one). Without bounds, "out-of-bounds" means that
    the combinations of categories people were found in cannot add up to the margins, and "no-weight" that they can only
    where some people weigh nothing, who would be in the base of figures and take no part in them. `remedies.remedies`
    tells what would work.
    """

    def __init__(self, kind: Kind, margin: int, category: int | None, *, target: float, reached: float) -> None:
        where = f"margin {margin}" + ("" if category is None else f", category {category}")
        super().__init__(f"{kind}: {where}: target {target:.10g}, reached {reached:.10g}")
        self.kind, self.margin, self.category = kind, margin, category
        self.target, self.reached = target, reached

    @classmethod
    def farthest(
        cls, total: FloatArray, x: FloatArray, asked: FloatArray, g: FloatArray, sizes: Sequence[int]
    ) -> NoWeights:
        """What there is to say of factors that miss totals: the category that is farthest from its target."""
        worst = int(np.argmax(gaps(total, x, asked, g)))
        reached = float(x[:, worst] @ (total * g))
        return cls("out-of-bounds", *list(_places(sizes))[worst], target=float(asked[worst]), reached=reached)


@dataclass(frozen=True, slots=True)
class Calibrated:
    """Calibration factors: the weight of a person is g of the person's cell times the design weight.

    Every target is reached to 1e-9 at least, and to the tolerance asked for where rounding does not stop the iterations
    before; anything worse raises `NoWeights`.
    """

    g: FloatArray  # (n_cells,)
    iterations: int


def rake(
    design_total: npt.ArrayLike,
    margins: Sequence[npt.ArrayLike],
    targets: Sequence[npt.ArrayLike],
    *,
    bounds: Bounds | None = None,
    tolerance: float = 1e-12,
    most: int = 200,
) -> Calibrated:
    """Rake cells to categorical margins (Deming & Stephan 1940), with bounds on g if given.

    Finds g_c = F(λ of the cell's categories) with Σ g_c D_c = X for every category of every margin. F(u) = eᵘ, the
    limit of iterative proportional fitting; with `bounds` (L, U), F(u) = min(max(eᵘ, L), U) (Deville & Särndal 1992,
    truncated). A cell is one combination of categories; g is the same for all people of a cell even where their
    design weights differ, so that the totals of the cells suffice.

    Parameters: `design_total` (n_cells,) D_c = Σd of the cell's people; `margins`, for each margin the category of each
    cell (n_cells,), from 0; `targets`, for each margin the total of each category, in people of the population;
    `bounds` on w/d; `tolerance` on the relative gap of every category; `most` Newton steps.

    Raises NoWeights with margin and category where a category has a target but nobody, or people but no target, where
    the margins' totals differ, where no weights within the bounds reach the targets, or where some people would have to
    weigh nothing; ValueError for malformed input.

    Not for numeric margins (`calibrate`), nor to repair a base so small that the factors alone decide the figures.

    >>> women, men = 0, 1
    >>> raked = rake([60.0, 40.0], [[women, men]], [[52, 48]])
    >>> [round(float(g), 4) for g in raked.g]
    [0.8667, 1.2]
    """
    index, wanted = _indexed(np.asarray(design_total, dtype=np.float64), margins, targets)
    sizes = [len(t) for t in wanted]
    return calibrate(
        design_total, dummies(index, sizes), np.concatenate(wanted), bounds=bounds, sizes=sizes, tolerance=tolerance,
        most=most,
    )  # fmt: skip


def calibrate(
    design_total: npt.ArrayLike,
    matrix: npt.ArrayLike,
    totals: npt.ArrayLike,
    *,
    method: Method = "raking",
    bounds: Bounds | None = None,
    sizes: Sequence[int] | None = None,
    negative: bool = False,
    tolerance: float = 1e-12,
    most: int = 200,
) -> Calibrated:
    """Calibrate to any totals, numeric margins and categories mixed: g_c = F(x_c′λ) with Σ g_c D_c x_c = X.

    Deville & Särndal (1992, §2 and §3). F by `method`: "raking" eᵘ, "linear" 1 + u (generalised regression), both cut
    at `bounds` (L, U) on w/d if given (their cases 7 and, for eᵘ, the truncated exponential); "logit" their case 6,
    smooth between bounds that it needs. Agrees with INSEE's CALMAR2 and R `survey::calibrate`.

    Parameters: `design_total` (n_cells,) D, a cell being one distinct row of x (one person at worst); `matrix`
    (n_cells, p) x, all categories of a margin or numbers; `totals` (p,) X; `sizes`, how many columns each margin has,
    one after another (one each unless given): NoWeights and `worst` name the margin and its column by it; `negative`
    allows negative factors, which only "linear" without bounds can give.

    Raises NoWeights where no weights reach the totals, where some are negative and may not be, or where raking without
    bounds leaves some people none; ValueError where shapes or bounds do not fit.

    Not "linear" without bounds where figures of small groups matter: a negative weight counts a person against his own
    answer. Categories alone are raked more plainly by `rake`.

    >>> raised = calibrate([10.0, 10.0], [[1, 20.0], [1, 40.0]], [20, 640.0], method="linear")
    >>> raised.g.round(4).tolist()
    [0.8, 1.2]
    """
    total, x, asked = (np.asarray(a, dtype=np.float64) for a in (design_total, matrix, totals))
    widths = [1] * len(asked) if sizes is None else list(sizes)
    if x.shape != (len(total), len(asked)) or sum(widths) != len(asked):
        raise ValueError(f"a matrix of shape {x.shape} for {len(total)} cells, {len(asked)} totals, sizes {widths}")
    within = distance(method, bounds)
    _check(total, x, asked, widths, within)
    g, steps = factors(total, x, asked, distance=within, tolerance=tolerance, most=most)
    if method == "raking" and bounds is None and gaps(total, x, asked, g).max() > tolerance:
        g, steps = _fitted(total, x, asked, widths, g, steps, 50 * most)
    if gaps(total, x, asked, g).max() > max(tolerance, _CLOSE):
        raise NoWeights.farthest(total, x, asked, g, widths)
    if not negative:
        _refuse_negative(total, x, asked, g, widths)
    if method == "raking" and bounds is None:
        _refuse_vanishing(total, x, asked, g, widths)
    return Calibrated(g, steps)


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

    Not where weights have bounds, nor where margins are numbers: `calibrate`.

    >>> g, sweeps = proportional_fit([40.0, 30, 20, 10], [[0, 0, 1, 1], [0, 1, 0, 1]], [[55, 45], [50, 50]])
    >>> fitted = g * [40, 30, 20, 10]
    >>> fitted[:2].sum().round(4).item(), fitted[::2].sum().round(4).item()  # both margins hold
    (55.0, 50.0)
    >>> (g[0] * g[3] / (g[1] * g[2])).round(4).item()  # and what goes together still does: the odds ratio is kept
    1.0
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
    """Indicator columns (n_cells, Σ sizes) of every category of every margin, one margin after another.

    Not for margins that are numbers: these stand beside them as they are.

    >>> dummies([[0, 0, 1], [0, 1, 1]], [2, 2]).tolist()
    [[1.0, 0.0, 1.0, 0.0], [1.0, 0.0, 0.0, 1.0], [0.0, 1.0, 0.0, 1.0]]
    """
    blocks = [np.eye(size)[np.asarray(m).astype(np.int64)] for m, size in zip(margins, sizes, strict=True)]
    return np.hstack(blocks)


def _indexed(
    total: FloatArray, margins: Sequence[npt.ArrayLike], targets: Sequence[npt.ArrayLike]
) -> tuple[list[IntArray], list[FloatArray]]:
    """The categories of cells and their targets; a category without a target has the target zero."""
    if not len(margins) or len(margins) != len(targets):
        raise ValueError("raking needs margins, and one list of targets for each")
    index = [np.asarray(m).astype(np.int64) for m in margins]
    for m, categories in enumerate(index):
        if categories.shape != total.shape or (categories < 0).any():
            raise ValueError(f"margin {m} does not give every cell a category")
    wanted = []
    for m, (categories, target) in enumerate(zip(index, targets, strict=True)):
        asked = np.asarray(target, dtype=np.float64)
        if not ((asked >= 0) & np.isfinite(asked)).all():
            raise ValueError(f"a target of margin {m} is negative or no number")
        wanted.append(np.pad(asked, (0, max(0, int(categories.max(initial=0)) + 1 - len(asked)))))
    return index, wanted


def _fitted(
    total: FloatArray, x: FloatArray, asked: FloatArray, sizes: Sequence[int], g: FloatArray, steps: int, most: int
) -> tuple[FloatArray, int]:
    """The better of Newton's factors and those of proportional fitting, where all margins are categories."""
    ends = np.cumsum(sizes)
    blocks = [x[:, end - size : end] for end, size in zip(ends, sizes, strict=True)]
    if not all(_categories(block) for block in blocks):
        return g, steps
    targets = [asked[end - size : end] for end, size in zip(ends, sizes, strict=True)]
    fitted, sweeps = proportional_fit(total, [block.argmax(axis=1) for block in blocks], targets, most=most)
    better = gaps(total, x, asked, fitted).max() < gaps(total, x, asked, g).max()
    return (fitted, steps + sweeps) if better else (g, steps)


def _categories(block: FloatArray) -> bool:
    """Whether the columns of a margin are categories: every cell is in one of them."""
    return bool(np.isin(block, (0.0, 1.0)).all() and (block.sum(axis=1) == 1).all())


def _places(sizes: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Margin and category of each column."""
    for margin, size in enumerate(sizes):
        for category in range(size):
            yield margin, category


def _check(total: FloatArray, x: FloatArray, asked: FloatArray, sizes: Sequence[int], within: Distance) -> None:
    """Whether margins of categories speak of one population, and each total can be reached for itself."""
    if not np.isfinite(total).all() or (total < 0).any():
        raise ValueError("design totals are finite and not negative")
    if not (np.isfinite(x).all() and np.isfinite(asked).all()):
        raise ValueError("margins and totals are numbers")
    places = list(_places(sizes))
    for place, have, wanted in zip(places, (total[:, None] * x).T, asked.tolist(), strict=True):
        _check_category(place, have, wanted)
    _check_totals(x, asked, sizes)
    nearest = np.clip(asked, *_reach(total, x, within))
    gap = np.abs(nearest - asked)
    gap[gap <= _CLOSE * np.abs(asked)] = 0.0
    # of several, the one that most people stand in the way of; numbers are measured against their largest
    worst = int(np.argmax(gap / np.maximum(np.abs(x).max(axis=0, initial=0.0), 1e-300)))
    if gap[worst] > 0:
        raise NoWeights("out-of-bounds", *places[worst], target=float(asked[worst]), reached=float(nearest[worst]))


def _check_category(place: tuple[int, int], have: FloatArray, wanted: float) -> None:
    """Whether somebody is in a category that has a total, and nobody in one that has none."""
    if wanted != 0 and not have.any():
        raise NoWeights("empty-category", *place, target=wanted, reached=0.0)
    if wanted == 0 and have.any() and ((have >= 0).all() or (have <= 0).all()):
        raise NoWeights("no-target", *place, target=0.0, reached=float(have.sum()))


def _check_totals(x: FloatArray, asked: FloatArray, sizes: Sequence[int]) -> None:
    ends = np.cumsum(sizes)
    columns = [slice(end - size, end) for end, size in zip(ends, sizes, strict=True)]
    whole = {m: float(asked[at].sum()) for m, at in enumerate(columns) if _categories(x[:, at])}
    for margin, total in whole.items():
        first = next(iter(whole.values()))
        if abs(total - first) > _CLOSE * abs(first):
            raise NoWeights("totals-differ", margin, None, target=first, reached=total)


def _reach(total: FloatArray, x: FloatArray, within: Distance) -> FloatArray:
    """(2, p) the smallest and the largest total that each column can have with factors within the bounds."""
    terms = total[:, None] * x
    rise, fall = np.maximum(terms, 0.0).sum(axis=0), np.minimum(terms, 0.0).sum(axis=0)

    def bounded(factor: float, size: FloatArray) -> FloatArray:
        return np.multiply(factor, size, out=np.zeros_like(size), where=size != 0)

    low = bounded(within.low, rise) + bounded(within.high, fall)
    return np.stack([low, bounded(within.high, rise) + bounded(within.low, fall)])


def _refuse_negative(total: FloatArray, x: FloatArray, asked: FloatArray, g: FloatArray, sizes: Sequence[int]) -> None:
    """Name, for the most negative factor, the category of that cell whose total has to fall most."""
    worst = int(np.argmin(np.where(total > 0, g, np.inf)))
    if g[worst] >= 0 or total[worst] == 0:
        return
    raise NoWeights("negative", *_falling(total, x, asked, worst, sizes), target=0.0, reached=float(g[worst]))


def _refuse_vanishing(total: FloatArray, x: FloatArray, asked: FloatArray, g: FloatArray, sizes: Sequence[int]) -> None:
    """Name, for the factor closest to zero, the category of that cell whose total has to fall most."""
    there = total > 0
    if not there.any():
        return
    smallest = int(np.argmin(np.where(there, g, np.inf)))
    least = _LEAST * float(total @ g / total.sum())
    if g[smallest] < least:
        place = _falling(total, x, asked, smallest, sizes)
        raise NoWeights("no-weight", *place, target=least, reached=float(g[smallest]))


def _falling(total: FloatArray, x: FloatArray, asked: FloatArray, cell: int, sizes: Sequence[int]) -> tuple[int, int]:
    """Margin and category, of those that a cell is in, of the total that has to fall most."""
    have = (total[:, None] * x).sum(axis=0)
    moved = np.divide(asked, have, out=np.ones_like(asked), where=have != 0)
    return list(_places(sizes))[int(np.argmin(np.where(x[cell] != 0, moved, np.inf)))]
