"""What is told of weights: margins before and after, how far weights moved, what that cost."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from vigie.engine.cells import GIVEN, Cells, Floats, Ints, Rules
from vigie.engine.factors import Factors
from vigie.results.methods import MarginLine, WeightingDiagnostics
from vigie.stats.design import Design
from vigie.stats.design_effects import effective_base
from vigie.stats.quantiles import quantile
from vigie.stats.sums import Sums

QUANTILES = (0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99)
BARS = 24  # of a histogram
_AT = 1e-9  # a factor this close to a bound stands at it


def diagnostics(part: Factors, rules: Rules) -> WeightingDiagnostics:
    """Before and after for every category, the ratios w/d over people, and the effective base."""
    cells, how = part.cells, rules.calibration
    g = part.g[cells.cell]
    lowest, highest = how.bounds or (-np.inf, np.inf)
    highest = min(highest, part.cap if part.cap is not None else np.inf)
    held = (g <= lowest * (1 + _AT)) | (g >= highest * (1 - _AT)) if np.isfinite(highest) else np.zeros(len(g), bool)
    n = float(cells.n.sum())
    effective = float(effective_base((g * cells.d).sum(), (g**2 * cells.d2).sum()))
    return WeightingDiagnostics(
        method=rules.method, margins=tuple(_lines(cells, g)), n=int(n), n_effective=effective,
        design_effect=n / effective, ratio_min=float(g.min()), ratio_max=float(g.max()),
        ratio_quantiles=tuple(quantile(g, cells.n, QUANTILES).tolist()),
        at_bounds_share=float(cells.n[held].sum() / n), iterations=part.iterations, file=cells.margins[0].file,
        name=rules.name, base=rules.base, population=cells.population, by=rules.by or "", bounds=how.bounds,
        cap=part.cap, trimmed_share=part.trimmed, histogram=_histogram(g, cells.n),
    )  # fmt: skip


def together(
    told: Sequence[WeightingDiagnostics], parts: Sequence[Factors], design: Design, people: Sums
) -> WeightingDiagnostics:
    """All populations as one: what the weights cost the whole, sizes of the populations included."""
    groups = np.concatenate([p.cells.groups for p in parts])
    g, n = design.g[design.cell[groups]], people.n[groups]
    effective = float(effective_base((g * people.d[groups]).sum(), (g**2 * people.d2[groups]).sum()))

    def mean(shares: Sequence[float]) -> float:
        return float(np.average(shares, weights=[t.n for t in told]))

    first = told[0]
    return WeightingDiagnostics(
        method=first.method, margins=(), n=int(n.sum()), n_effective=effective,
        design_effect=float(n.sum()) / effective, ratio_min=float(g.min()), ratio_max=float(g.max()),
        ratio_quantiles=tuple(quantile(g, n, QUANTILES).tolist()),
        at_bounds_share=mean([t.at_bounds_share for t in told]), iterations=max(t.iterations for t in told),
        file=first.file, name=first.name, base=first.base, by=first.by, bounds=first.bounds,
        trimmed_share=mean([t.trimmed_share for t in told]), histogram=_histogram(g, n), populations=tuple(told),
    )  # fmt: skip


def given_diagnostics(given: Floats, people: Sums) -> WeightingDiagnostics:
    """The file's own weights, taken as they are; `given` are these relative to their mean, in rising order."""
    n, ones = len(given), np.ones(len(given))
    effective = float(effective_base(people.d.sum(), people.d2.sum()))
    return WeightingDiagnostics(
        method=GIVEN, margins=(), n=n, n_effective=effective, design_effect=n / effective,
        ratio_min=float(given[0]), ratio_max=float(given[-1]), at_bounds_share=0.0, iterations=0, file="",
        ratio_quantiles=tuple(quantile(given, ones, QUANTILES).tolist()), histogram=_histogram(given, ones),
    )  # fmt: skip


def _lines(cells: Cells, g: Floats) -> Iterator[MarginLine]:
    """Each category before, wanted, and after; of a number, its means. `g` is w/d of each group."""
    after_total = float((g * cells.d).sum())
    for margin, block, target in zip(cells.margins, cells.blocks, cells.targets, strict=True):
        x = block[cells.cell]
        before, after = cells.d @ x / cells.total, (g * cells.d) @ x / after_total
        known = cells.n.sum() * np.ones(1) if margin.numeric else cells.n @ x
        for k, category in enumerate(margin.totals):
            shares = (float(before[k]), float(target[k] / cells.total), float(after[k]))
            yield MarginLine(margin.variable, category, int(known[k]), *shares)


def _histogram(values: Floats, people: Floats | Ints) -> tuple[tuple[float, float, int], ...]:
    """People by classes of equal width; one class where all values are the same."""
    low, high = float(values.min()), float(values.max())
    if high - low < _AT * max(abs(high), 1.0):
        return ((low, high, int(people.sum())),)
    counts, edges = np.histogram(values, BARS, (low, high), weights=people)
    return tuple((float(a), float(b), round(n)) for a, b, n in zip(edges, edges[1:], counts.tolist(), strict=False))
