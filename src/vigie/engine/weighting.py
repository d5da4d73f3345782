"""Weights of a wave: calibration on the cells of the margins, and the design that figures stand on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from vigie.engine.algebra import IbisAlgebra
from vigie.engine.cells import INSIDE, Cells, Floats, Rules, column_of, populations
from vigie.engine.factors import Factors, Margins, factors
from vigie.engine.groups import Groups
from vigie.engine.weighting_diagnostics import diagnostics, given_diagnostics, together
from vigie.engine.weighting_problems import problem_of
from vigie.errors import VigieError
from vigie.results import WeightingDiagnostics
from vigie.stats.design import Design
from vigie.stats.sums import Sums
from vigie.stats.weights import NoWeights
from vigie.study.expressions import fold
from vigie.study.model import Study
from vigie.study.questions import Question
from vigie.study.resolution import resolve


@dataclass(frozen=True)
class Weights:
    """The design that figures stand on, and what is told of the weights (None where all weigh the same)."""

    design: Design
    diagnostics: WeightingDiagnostics | None


def weighable(people: Any, rules: Rules, study: Study, questions: Mapping[str, Question]) -> Any:
    """Whoever can be weighted, with the grouping variables that this takes.

    People without a category of a margin can stand for nobody; of a weighting of some people, the others need none.
    """
    exclusive = study.standing_alone(questions)
    table = people
    if rules.base:
        tree = resolve(rules.base, study, questions, want=("truth",)).tree
        table = table.mutate(**{INSIDE: fold(tree, IbisAlgebra(table, exclusive)).fill_null(False)})
    for name in rules.questions:
        known = table[name].notnull()
        table = table.filter(known | ~table[INSIDE] if rules.base else known)
    numbers = {column_of(m): table[m.variable].cast("string") for m in rules.margins if m.numeric}
    return table.mutate(**numbers) if numbers else table


def given_weights(people: Any) -> Floats | None:
    """The file's own weights relative to their mean, in rising order; None where all weigh the same."""
    weights = people.select("base_weight").to_pyarrow()["base_weight"].to_numpy()
    return np.sort(weights / weights.mean()) if len(weights) and weights.min() != weights.max() else None


def as_given(design: Design, people: Sums, given: Floats | None) -> Weights:
    """The file's own weights as they are."""
    return Weights(design, None if given is None else given_diagnostics(given, people))


def weigh(where: Groups, drawn: Design, people: Sums, rules: Rules) -> Weights:
    """Calibrate the groups to the population, or each population's to its own; `people` holds n, Σd and Σd² of groups.

    `drawn` is the design before that.
    Totals are scaled to the base weights of those whom they weight, so that `bounds` are on weight / base weight.
    Populations given by totals take these as their sizes; given by shares they keep the sizes that they have. Groups
    outside the weighting stand in a cell of their own, whose factor is 1 and which no margin moves.
    """
    parts = [_factors(cells, rules) for cells in populations(where, people, rules)]
    cell, g, blocks = np.zeros(len(where), dtype=np.int64), [np.ones(1)], [np.zeros((1, 0))]
    for part, size in zip(parts, _sizes([p.cells for p in parts]), strict=True):
        cell[part.cells.groups] = part.cells.cell + sum(len(one) for one in g)
        g.append(part.g * size)
        blocks.append(part.cells.matrix)
    design = replace(drawn, cell=cell, g=np.concatenate(g), dummies=_beside(blocks))
    told = [diagnostics(part, rules) for part in parts]
    return Weights(design, told[0] if rules.by is None else together(told, parts, design, people))


def _sizes(parts: Sequence[Cells]) -> list[float]:
    """What each population's weights are multiplied by, so that populations stand to each other as their totals do."""
    known = [p.size for p in parts if p.size is not None]
    if len(known) < len(parts):
        return [1.0] * len(parts)
    total = sum(p.total for p in parts)
    return [size / sum(known) * total / p.total for size, p in zip(known, parts, strict=True)]


def _beside(matrices: Sequence[Floats]) -> Floats:
    """The margins of all populations beside each other, zero where a cell is of another one."""
    whole = np.zeros((sum(len(m) for m in matrices), sum(m.shape[1] for m in matrices)))
    row = column = 0
    for matrix in matrices:
        whole[row : row + len(matrix), column : column + matrix.shape[1]] = matrix
        row, column = row + len(matrix), column + matrix.shape[1]
    return whole


def _factors(cells: Cells, rules: Rules) -> Factors:
    """The factors of a population's cells, or the problem that says what would work."""
    try:
        return factors(cells, rules.calibration, Margins.of(cells), rules.calibration.bounds)
    except NoWeights as failed:
        raise VigieError(problem_of(failed, cells, rules)) from None
