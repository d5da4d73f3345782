"""Indicators: numbers computed on people or on evaluations, each an expression with its base."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from vigie.study.text import Id, Model, Texts

EVERYONE = "everyone"


class Indicator(Model):
    """One of `share`, `mean` or `nps`, of an expression; `by:` gives one figure per value of the loop."""

    id: Id
    """the indicator's name"""
    label: Texts | None = None
    """its words, boxes included: 'Satisfied (7 to 10)'"""
    share: str | None = None
    """a condition, or a whole question: one share per option or mark"""
    mean: str | None = None
    """a number"""
    nps: str | None = None
    """a question on a 0-10 scale: share of 9-10 minus share of 0-6"""
    base: str = EVERYONE
    """a condition: who is in the base"""
    base_label: Texts | None = None
    """the base in words, as readers see it: 'people who made contact'"""
    by: Literal["channel", "brand"] | None = None
    """one figure per value of the loop"""
    decimals: Annotated[int, Field(ge=0, le=6)] | None = None
    """digits after the decimal mark when printed"""
    better: Literal["high", "low"] | None = None
    """the direction that is good news, if one is"""

    @model_validator(mode="after")
    def _one_kind(self) -> Indicator:
        if sum(e is not None for e in (self.share, self.mean, self.nps)) != 1:
            raise ValueError("an indicator is one of `share:`, `mean:` or `nps:`")
        return self

    @property
    def kind(self) -> Literal["share", "mean", "nps"]:
        return "share" if self.share is not None else "mean" if self.mean is not None else "nps"

    @property
    def expression(self) -> str:
        return self.share or self.mean or self.nps or ""
