"""Mystery grids: what a tester marks on one channel, and how marks become a score."""

from __future__ import annotations

from pydantic import Field, model_validator

from vigie.study.declared import Declarations
from vigie.study.text import Id, Model, Texts, Weight


class Criterion(Model):
    """One mark of a test. `needs_reply`: scores 0 when no human reply came before the cut-off."""

    id: Id
    """the criterion's name, which is its column in files"""
    label: Texts
    """what the tester judges"""
    out_of: Weight = 1
    """the highest mark"""
    weight: Weight = 1
    """its weight in its dimension"""
    needs_reply: bool = True
    """whether it scores 0 when no human reply came before the cut-off"""


class Dimension(Model):
    """Criteria that are averaged together, with the weight of their mean in the test's score."""

    id: Id
    """the dimension's name"""
    label: Texts
    """its words"""
    weight: Weight = 1
    """the weight of its mean in the test's score"""
    criteria: list[Criterion] = Field(min_length=1)
    """what is marked"""


class Grid(Model):
    """The grid of a channel (or of several); its version is part of the score's identity."""

    grid: Id
    """the grid's name"""
    version: str = "1"
    """its version"""
    label: Texts | None = None
    """its words"""
    dimensions: list[Dimension] = Field(min_length=1)
    """its parts, each with criteria and a weight"""
    same_as: Declarations = []
    """changes declared harmless, each with the last wave before it and its reason"""

    @model_validator(mode="after")
    def _distinct(self) -> Grid:
        names = [d.id for d in self.dimensions]
        marks = [c.id for d in self.dimensions for c in d.criteria]
        for kind, listed in (("dimension", names), ("criterion", marks)):
            twice = sorted({n for n in listed if listed.count(n) > 1})
            if twice:
                raise ValueError(f'the {kind} "{twice[0]}" stands twice in the grid')
        return self

    @property
    def criteria(self) -> list[Criterion]:
        return [c for d in self.dimensions for c in d.criteria]
