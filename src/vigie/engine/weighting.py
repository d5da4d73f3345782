"""Weights of a wave: calibration on the cells of the margins, and the design that figures stand on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from operator import and_
from typing import Any

import numpy as np

from vigie.engine.algebra import IbisAlgebra
from vigie.engine.cells import INSIDE, Cells, Floats, Rules, absent, column_of, populations
from vigie.engine.factors import Factors, Margins, factors
from vigie.engine.groups import Groups
from vigie.engine.weighting_diagnostics import diagnostics, given_diagnostics, together
from vigie.engine.weighting_problems import problem_of
from vigie.errors import VigieError, failure
from vigie.results.methods import WeightingDiagnostics
from vigie.stats.design import Design
from vigie.stats.sums import Sums
from vigie.stats.weights import NoWeights
from vigie.study.expressions import fold
from vigie.study.model import Study
from vigie.study.questions import Question
from vigie.study.resolution import resolve


@dataclass(frozen=True)
class Weights:
    """The design that figures stand on, and what is told of the weights (None where all weigh the same).

    `method` is that of the weights in short, and `notes` what their reader is to know.
    """

    design: Design
    diagnostics: WeightingDiagnostics | None
    method: str = ""
    notes: tuple[str, ...] = ()


def weighable(people: Any, rules: Rules, study: Study, questions: Mapping[str, Question]) -> Any:
    """Whoever can be weighted, with the grouping variables that this takes.

    People without a category of a margin can stand for nobody; of a weighting of some people, the others need none.
    """
    made = {column_of(m): people[m.variable].cast("string") for m in rules.margins if m.numeric}
    if rules.base:
        made[INSIDE] = _inside(people, rules, study, questions)
    table = people.filter(_known(people, rules, study, questions))
    return table.mutate(**made) if made else table


def unweighable(people: Any, listed: Sequence[Rules], study: Study, questions: Mapping[str, Question]) -> int:
    """How many people some of these weightings cannot weight: each is counted once. Cost: one query."""
    known = reduce(and_, (_known(people, rules, study, questions) for rules in listed))
    return int(people.filter(~known).count().to_pyarrow().as_py())


def _inside(people: Any, rules: Rules, study: Study, questions: Mapping[str, Question]) -> Any:
    """Whom a weighting of some people weights, as a column."""
    tree = resolve(rules.base, study, questions, want=("truth",)).tree
    return fold(tree, IbisAlgebra(people, study.standing_alone(questions))).fill_null(False)


def _known(people: Any, rules: Rules, study: Study, questions: Mapping[str, Question]) -> Any:
    """Who has a category of every margin, or needs none, as a column."""
    known = reduce(and_, (people[name].notnull() for name in rules.questions))
    return known | ~_inside(people, rules, study, questions) if rules.base else known


def given_weights(people: Any) -> Floats:
    """The file's own weights relative to their mean, in rising order; cost: all of them are held."""
    weights = people.select("base_weight").to_pyarrow()["base_weight"].to_numpy()
    return np.asarray(np.sort(weights / weights.mean()))


def as_given(design: Design, people: Sums, given: Floats) -> Weights:
    """The file's own weights as they are."""
    told = given_diagnostics(given, people)
    return Weights(design, told, told.method)


def weigh(where: Groups, drawn: Design, people: Sums, rules: Rules) -> Weights:
    """Calibrate the groups to the population, or each population's to its own; `people` holds n, Σd and Σd² of groups.

    `drawn` is the design before that.
    Totals are scaled to the base weights of those whom they weight, so that `bounds` are on weight / base weight.
    Populations given by totals take these as their sizes; given by shares they keep the sizes that they have. Groups
    outside the weighting stand in a cell of their own, whose factor is 1 and which no margin moves.

    Raises `VigieError` where there are no weights, or nobody of a population that has a size.
    """
    parts = [_factors(cells, rules) for cells in populations(where, people, rules)]
    cell, g, blocks = np.zeros(len(where), dtype=np.int64), [np.ones(1)], [np.zeros((1, 0))]
    for part, size in zip(parts, _sizes([p.cells for p in parts]), strict=True):
        cell[part.cells.groups] = part.cells.cell + sum(len(one) for one in g)
        g.append(part.g * size)
        blocks.append(part.cells.matrix)
    design = replace(drawn, cell=cell, g=np.concatenate(g), dummies=_beside(blocks))
    told = [diagnostics(part, rules) for part in parts]
    whole = told[0] if rules.by is None else together(told, parts, design, people)
    return Weights(design, whole, whole.method, tuple(_missing(where, rules)))


def _missing(where: Groups, rules: Rules) -> Iterator[str]:
    """A note for each population that has margins and nobody; raises `VigieError` where these say how many it has."""
    for code in absent(where, rules):
        of = f'"{code}" of "{rules.by}"'
        size = next((m for m in rules.margins if m.population == code and not (m.numeric or m.shares)), None)
        if size is not None:
            message = (
                f"Nobody in {rules.place} is {of}, and the population has {sum(size.totals.values()):,.0f} of them."
            )
            hint = f'Are they in the wave\'s file? Otherwise give shares, which leave each "{rules.by}" its own size.'
            raise failure("weighting-failed", message, hint, file=rules.file)
        yield f"nobody in {rules.place} is {of}: figures do not speak of them, though they have margins"


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
