"""The cells of a weighting: the distinct rows of its margins that people are in, population by population."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from vigie.engine.groups import TRUTHS, Groups
from vigie.errors import failure
from vigie.stats.sums import Sums
from vigie.study.indicators import EVERYONE
from vigie.study.model import Margin, Study
from vigie.study.sections import Among, Calibration
from vigie.study.waves import Wave

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
GIVEN = "base"  # the weights of the file
INSIDE = "weighted among"  # the column that tells whom a weighting of some people weights


@dataclass(frozen=True)
class Rules:
    """One weighting of a wave: its rules, its margins, what tells its populations apart, and whom it weights."""

    calibration: Calibration
    margins: tuple[Margin, ...]
    by: str | None = None
    name: str = EVERYONE
    wave: str = ""
    starting: bool = False  # whether the file has weights of its own to start from

    @property
    def place(self) -> str:
        """What is weighted, for messages."""
        return f"wave {self.wave}" if self.name == EVERYONE else f'the weighting "{self.name}" of wave {self.wave}'

    @property
    def file(self) -> str:
        """The file of its margins."""
        return self.margins[0].file if self.margins else ""

    @property
    def method(self) -> str:
        return f"{GIVEN}+{self.calibration.method}" if self.starting else self.calibration.method

    @property
    def base(self) -> str:
        """Whom it weights, as an expression; empty where that is everyone."""
        return self.calibration.base if isinstance(self.calibration, Among) else ""

    @property
    def variables(self) -> tuple[str, ...]:
        """The grouping variables that it stands on: who is weighted, the population, the margins."""
        first = [v for v in (INSIDE if self.base else "", self.by) if v]
        return tuple(dict.fromkeys([*first, *(column_of(m) for m in self.margins)]))

    @property
    def questions(self) -> tuple[str, ...]:
        """The questions that whoever is weighted must have answered."""
        by = [self.by] if self.by else []
        return tuple(dict.fromkeys([*by, *(m.variable for m in self.margins)]))

    def told(self) -> list[Any]:
        """All that its weights depend on beside the facts."""
        margins = [(m.variable, m.totals, m.population, m.shares) for m in self.margins]
        return [self.calibration.model_dump(), self.by, margins]


def rules_of(study: Study, wave: Wave, name: str) -> Rules | None:
    """A weighting of a wave by its name; None where nobody is weighted, or the file's weights are final."""
    given = study.header.weighting
    if given is None or wave.weights == "as_given":
        return None
    if name in given.among:
        return Rules(given.among[name], study.margins_among.get((wave.id, name), ()), given.by, name, wave.id)
    return Rules(given.everyone, study.margins.get(wave.id, ()), given.by, wave=wave.id)


def among_of(study: Study, name: str) -> str:
    """Whom a weighting weights, as an expression; empty where that is everyone."""
    rules = study.header.weighting
    return rules.among[name].base if rules and name in rules.among else ""


def column_of(margin: Margin) -> str:
    """The grouping variable of a margin: numbers are grouped by as texts, which are read back as the same numbers."""
    return f"number {margin.variable}" if margin.numeric else margin.variable


class Cells:
    """The distinct rows of the margins x that the people of a population are in, and the totals that x is to have.

    `matrix` holds x, margin after margin, `totals` what its columns are to add up to, and `sizes` how many columns each
    margin has. Where all margins are numbers, a column of ones stands after them: as many people as there are have
    these means.
    """

    def __init__(self, where: Groups, people: Sums, margins: Sequence[Margin], groups: Ints, population: str) -> None:
        self.margins, self.groups, self.population = margins, groups, population
        self.n, self.d, self.d2 = people.n[groups], people.d[groups], people.d2[groups]
        codes = np.column_stack([where.codes[groups, where.variables.index(column_of(m))] for m in margins])
        rows, cell = np.unique(codes, axis=0, return_inverse=True)
        self.cell = cell.ravel()  # of each group
        self.blocks = [_columns(where, m, rows[:, k]) for k, m in enumerate(margins)]
        self.people = np.bincount(self.cell, weights=self.n, minlength=len(rows))
        self.mass = np.bincount(self.cell, weights=self.d, minlength=len(rows))
        self.total = float(self.d.sum())
        counted = next((m for m in margins if not m.numeric), None)
        self.numbers = counted is None  # whether all margins are numbers
        # how many people the population has, where its file says so
        self.size = None if counted is None or counted.shares else float(sum(counted.totals.values()))
        self.targets = [self._targets(m) for m in margins]
        ones = [np.ones((len(rows), 1))] if self.numbers else []
        columns = [*self.blocks, *ones]
        self.matrix, self.sizes = np.hstack(columns), [c.shape[1] for c in columns]
        self.totals = np.concatenate([*self.targets, *([self.total] for _ in ones)])

    def _targets(self, margin: Margin) -> Floats:
        """The totals of a margin, for as many people as the base weights make."""
        asked = np.array(list(margin.totals.values()), dtype=np.float64)
        if not margin.numeric:
            return np.asarray(asked / asked.sum() * self.total)
        if margin.shares:
            return np.asarray(asked * self.total)  # it was a mean
        return asked if self.size is None else np.asarray(asked / self.size * self.total)


def _columns(where: Groups, margin: Margin, codes: Ints) -> Floats:
    """(n_cells, categories) where each cell stands; (n_cells, 1) for a number."""
    levels = where.levels[where.variables.index(column_of(margin))]
    if margin.numeric:
        return np.array([float(v) for v in levels])[codes][:, None]
    listed = list(margin.totals)
    return np.eye(len(listed))[np.array([listed.index(c) for c in levels], dtype=np.int64)[codes]]


def populations(where: Groups, people: Sums, rules: Rules) -> Iterator[Cells]:
    """The cells of each population that has people; raises `VigieError` where there is nobody to weight at all."""
    inside = _inside(where, rules)
    if not inside.any():
        message = f'Nobody is in {rules.place}: "{rules.base}" is true of nobody.'
        hint = "Does the wave's file have these answers? Otherwise give the weighting another `base:`."
        raise failure("weighting-failed", message, hint, file=rules.file)
    if rules.by is None:
        yield Cells(where, people, rules.margins, np.flatnonzero(inside), "")
        return
    for code in where.levels[where.variables.index(rules.by)]:
        own = np.flatnonzero(inside & where.where(rules.by, code))
        if own.size:
            yield Cells(where, people, [m for m in rules.margins if m.population == code], own, code)


def absent(where: Groups, rules: Rules) -> list[str]:
    """The populations that have margins and nobody in the files."""
    if rules.by is None:
        return []
    inside, given = _inside(where, rules), dict.fromkeys(m.population for m in rules.margins)
    return [code for code in given if not (inside & where.where(rules.by, code)).any()]


def _inside(where: Groups, rules: Rules) -> npt.NDArray[np.bool_]:
    """(G,) the groups whom the weighting weights."""
    return where.where(INSIDE, TRUTHS[1]) if rules.base else np.ones(len(where), dtype=bool)
