"""Indicators: numbers computed on people or on evaluations, each an expression with its base."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from vigie.study.text import Id, Model, Texts

EVERYONE = "everyone"


class Indicator(Model):
    """One of `share`, `mean` or `nps`, of an expression; `by:` gives one figure per value of the loop."""

    id: Id
    label: Texts | None = None
    share: str | None = None
    mean: str | None = None
    nps: str | None = None
    base: str = EVERYONE
    by: Literal["channel", "brand"] | None = None
    decimals: Annotated[int, Field(ge=0, le=6)] | None = None
    better: Literal["high", "low"] | None = None  # the direction that is good news; none for use and incidence

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
