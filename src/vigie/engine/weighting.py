"""Weights of a wave: raking on the cells of the margins, its diagnostics, and the design that figures stand on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from vigie.engine.groups import Groups
from vigie.errors import Problem, VigieError
from vigie.results import MarginLine, WeightingDiagnostics
from vigie.stats.design import Design
from vigie.stats.sums import Sums
from vigie.stats.weights import Calibrated, NoWeights, dummies, effective_base, rake
from vigie.study.model import Margin
from vigie.study.sections import Raking

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Method = Literal["raking", "base+raking"]
QUANTILES = (0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99)


@dataclass(frozen=True)
class Weights:
    """The design that figures stand on, and what is told of the weights (None where all weigh the same)."""

    design: Design
    diagnostics: WeightingDiagnostics | None


def given_weights(people: Any) -> Floats | None:
    """The file's own weights relative to their mean, in rising order; None where all weigh the same."""
    weights = people.select("base_weight").to_pyarrow()["base_weight"].to_numpy()
    return np.sort(weights / weights.mean()) if len(weights) and weights.min() != weights.max() else None


def as_given(strata: Ints, people: Sums, given: Floats | None) -> Weights:
    """The file's own weights as they are."""
    told = None
    if given is not None:
        n = len(given)
        effective = float(effective_base(people.d.sum(), people.d2.sum()))
        told = WeightingDiagnostics(
            method="base", margins=(), n=n, n_effective=effective, design_effect=n / effective,
            ratio_min=float(given[0]), ratio_max=float(given[-1]), at_bounds_share=0.0, iterations=0, file="",
            ratio_quantiles=tuple(float(given[min(int(q * n), n - 1)]) for q in QUANTILES),
        )  # fmt: skip
    return Weights(Design.of(stratum=strata), told)


def weigh(
    where: Groups, strata: Ints, people: Sums, rules: Raking, margins: Sequence[Margin], method: Method
) -> Weights:
    """Rake the groups, whose margins are all known, to the population; `people` holds n, Σd and Σd² of each group.

    Targets are scaled to the total of the base weights, so that `bounds` are on weight / base weight.
    """
    cells = _Cells(where, people, margins)
    try:
        raked = rake(cells.d, list(cells.categories.T), cells.targets, bounds=rules.bounds)
    except NoWeights as failed:
        raise VigieError(_problem(failed, cells, rules)) from None
    design = Design.of(
        stratum=strata, cell=cells.cell, g=raked.g,
        dummies=dummies(list(cells.categories.T), [len(t) for t in cells.targets]),
    )  # fmt: skip
    return Weights(design, _diagnostics(cells, raked, rules, method))


class _Cells:
    """The combinations of the margins' categories that people are in."""

    def __init__(self, where: Groups, people: Sums, margins: Sequence[Margin]) -> None:
        self.where, self.people, self.margins = where, people, margins
        self.codes = np.column_stack([self._positions(m) for m in margins])  # (G, margins)
        self.categories, cell = np.unique(self.codes, axis=0, return_inverse=True)
        self.cell = cell.ravel()
        self.d = np.bincount(self.cell, weights=people.d, minlength=len(self.categories))
        self.total = float(people.d.sum())
        shares = [np.array(list(m.totals.values())) for m in margins]
        self.targets = [s / s.sum() * self.total for s in shares]

    def _positions(self, margin: Margin) -> Ints:
        """(G,) each group's category as a position in the margin's list."""
        at, listed = self.where.variables.index(margin.variable), list(margin.totals)
        table = np.array([listed.index(c) for c in self.where.levels[at]], dtype=np.int64)
        return table[self.where.codes[:, at]]

    def lines(self, g: Floats) -> Iterator[MarginLine]:
        """Each category before, wanted, and after; `g` (G,) is w/d of each group."""
        d, n = self.people.d, self.people.n
        for m, (margin, target) in enumerate(zip(self.margins, self.targets, strict=True)):
            for k, category in enumerate(margin.totals):
                here = self.codes[:, m] == k
                before, after = float(d[here].sum() / self.total), float((g * d)[here].sum() / (g * d).sum())
                share = float(target[k] / self.total)
                yield MarginLine(margin.variable, category, int(n[here].sum()), before, share, after)


def _problem(failed: NoWeights, cells: _Cells, rules: Raking) -> Problem:
    """The failure in the analyst's terms, with what would work."""
    margin = cells.margins[failed.margin]
    category = list(margin.totals)[failed.category] if failed.category is not None else ""
    share, reached = failed.target / cells.total, failed.reached / cells.total
    name = f'"{category}" of "{margin.variable}"'
    within = f" between {rules.bounds[0]:g} and {rules.bounds[1]:g}" if rules.bounds else ""
    messages = {
        "empty-category": (
            f"Nobody in the file is {name}, and the population has {share:.1%} of them.",
            "Merge this category with a neighbour in the question and in the margins.",
        ),
        "no-target": (
            f"People in the file are {name}, and the population has none of them.",
            "Give the category its total, or merge it with a neighbour.",
        ),
        "totals-differ": (f'The total of "{margin.variable}" differs from the other margins.', "Give shares."),
        "out-of-bounds": (
            f"No weights{within} reach {name}: {share:.1%} wanted, {reached:.1%} reached.",
            "Widen `bounds:`, or merge rare categories.",
        ),
    }
    message, hint = messages[failed.kind]
    return Problem("weighting-failed", message, hint, margin.file)


def _diagnostics(cells: _Cells, raked: Calibrated, rules: Raking, method: Method) -> WeightingDiagnostics:
    """Before and after for every category, the ratios w/d over people, and the effective base."""
    g, n, people = raked.g[cells.cell], cells.people.n, cells.people
    order = np.argsort(g, kind="stable")
    place = np.cumsum(n[order]) / n.sum()
    effective = float(effective_base((g * people.d).sum(), (g**2 * people.d2).sum()))
    at_bounds = np.isin(g, rules.bounds) if rules.bounds else np.zeros(len(g), dtype=bool)
    return WeightingDiagnostics(
        method=method, margins=tuple(cells.lines(g)), n=int(n.sum()), n_effective=effective,
        design_effect=float(n.sum()) / effective, ratio_min=float(g.min()), ratio_max=float(g.max()),
        ratio_quantiles=tuple(float(g[order][np.searchsorted(place, q)]) for q in QUANTILES),
        at_bounds_share=float(n[at_bounds].sum() / n.sum()), iterations=raked.iterations, file=cells.margins[0].file,
    )  # fmt: skip
