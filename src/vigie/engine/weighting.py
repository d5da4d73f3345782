"""Weights of a wave: raking on the cells of the margins, its diagnostics, and the design that figures stand on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from vigie.engine.rows import Groups
from vigie.errors import Problem, VigieError
from vigie.results import MarginLine, WeightingDiagnostics
from vigie.stats.design import Design
from vigie.stats.weights import NoWeights, dummies, rake
from vigie.study.model import Margin, Raking

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
QUANTILES = (0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99)


@dataclass(frozen=True)
class Weights:
    """The design of the groups, the factor w/d of each group, and what is told of it."""

    design: Design
    factor: Floats  # (G,) 0 for people who cannot be weighted
    counted: npt.NDArray[np.bool_]  # (G,) groups whose margins are all known
    diagnostics: WeightingDiagnostics | None

    @property
    def left_out(self) -> bool:
        return not bool(self.counted.all())


def unweighted(where: Groups, strata: Ints) -> Weights:
    """Base weights as they are."""
    n = len(where.n)
    return Weights(Design.of(stratum=strata), np.ones(n), np.ones(n, dtype=bool), None)


def weigh(where: Groups, strata: Ints, rules: Raking, margins: Sequence[Margin], squares: Floats) -> Weights:
    """Rake the groups to the margins; `squares` (G,) is Σd² of each group.

    People whose category of a margin is unknown cannot be weighted and leave every figure; they are counted among the
    exclusions. Targets are scaled to the total of the base weights, so that `bounds` are on weight / base weight.
    """
    names = [m.variable for m in margins]
    counted = np.all([where.known(v) for v in names], axis=0)
    total = float(where.d[counted].sum())
    categories = [list(m.totals) for m in margins]
    index = [_positions(where, m.variable, c) for m, c in zip(margins, categories, strict=True)]
    targets = [np.array([m.totals[c] for c in listed]) for m, listed in zip(margins, categories, strict=True)]
    targets = [t / t.sum() * total for t in targets]
    cells, cell = np.unique(np.column_stack(index)[counted], axis=0, return_inverse=True)
    d = np.bincount(cell.ravel(), weights=where.d[counted], minlength=len(cells))
    try:
        raked = rake(d, list(cells.T), targets, bounds=rules.bounds)
    except NoWeights as failed:
        raise VigieError(_problem(failed, margins, categories, rules, total)) from None
    factor, at = np.zeros(len(where.n)), np.zeros(len(where.n), dtype=np.int64)
    factor[counted], at[counted] = raked.g[cell.ravel()], cell.ravel()
    matrix = dummies(list(cells.T), [len(t) for t in targets])
    design = Design.of(stratum=strata, cell=at, g=raked.g, dummies=matrix)
    told = _diagnostics(where, margins, categories, index, targets, factor, squares, rules, raked.iterations, counted)
    return Weights(design, factor, counted, told)


def _positions(where: Groups, variable: str, categories: Sequence[str]) -> Ints:
    """(G,) each group's category as a position in the margin's list; -1 where it is not in it."""
    at = where.variables.index(variable)
    table = np.array([categories.index(c) if c in categories else -1 for c in where.levels[at]] + [-1], dtype=np.int64)
    return table[where.codes[:, at]]


def _problem(
    failed: NoWeights, margins: Sequence[Margin], categories: Sequence[Sequence[str]], rules: Raking, total: float
) -> Problem:
    """The failure in the analyst's terms, with what would work."""
    margin = margins[failed.margin]
    category = categories[failed.margin][failed.category] if failed.category is not None else ""
    share, reached = failed.target / total, failed.reached / total
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
    }  # fmt: skip
    message, hint = messages[failed.kind]
    return Problem("weighting-failed", message, hint, margin.file)


def _diagnostics(
    where: Groups, margins: Sequence[Margin], categories: Sequence[Sequence[str]], index: Sequence[Ints],
    targets: Sequence[Floats], factor: Floats, squares: Floats, rules: Raking, iterations: int,
    counted: npt.NDArray[np.bool_],
) -> WeightingDiagnostics:  # fmt: skip
    """Before and after for every category, the ratios w/d over people, and the effective base."""
    d, n, g = where.d[counted], where.n[counted], factor[counted]
    lines = []
    for margin, listed, positions, target in zip(margins, categories, index, targets, strict=True):
        for k, category in enumerate(listed):
            here = positions[counted] == k
            shares = (
                float((d * here).sum() / d.sum()),
                float(target[k] / target.sum()),
                float((g * d * here).sum() / (g * d).sum()),
            )
            lines.append(MarginLine(margin.variable, category, int(n[here].sum()), *shares))
    order = np.argsort(g, kind="stable")
    place = np.cumsum(n[order]) / n.sum()
    quantiles = tuple(float(g[order][np.searchsorted(place, q)]) for q in QUANTILES)
    total, square = float((g * d).sum()), float((g**2 * squares[counted]).sum())
    effective = total**2 / square
    at_bounds = np.isin(g, rules.bounds) if rules.bounds else np.zeros(len(g), dtype=bool)
    return WeightingDiagnostics(
        rules.method, tuple(lines), int(n.sum()), effective, float(n.sum()) / effective, float(g.min()), float(g.max()),
        quantiles, float(n[at_bounds].sum() / n.sum()), iterations, margins[0].file,
    )  # fmt: skip
