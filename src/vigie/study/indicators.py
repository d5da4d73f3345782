"""Indicators: numbers computed on people, tests, reviews or cases, each an expression with its base."""

from __future__ import annotations

from typing import Annotated, Literal, get_args

from pydantic import BeforeValidator, Field, model_validator

from vigie.results.figures import Source
from vigie.study.declared import Declarations
from vigie.study.text import Code, Duration, Id, Model, Texts, listed

EVERYONE = "everyone"
Kind = Literal["share", "mean", "nps", "gap", "funnel", "index", "mentions", "time_to"]
KINDS: tuple[Kind, ...] = get_args(Kind)


class Gap(Model):
    """What was expected and what was experienced, on one scale, by the same people."""

    expected: str
    """a number: what was expected"""
    experienced: str
    """a number: what was experienced"""


class Indicator(Model):
    """One of `share`, `mean`, `nps`, `gap`, `funnel`, `index`, `mentions`, `time_to`, whole and by value."""

    model_config = {**Model.model_config, "populate_by_name": True}
    id: Id
    """the indicator's name"""
    label: Texts | None = None
    """its words, boxes included: 'Satisfied (7 to 10)'"""
    source: Source = "survey"
    """what it is computed on: people (`survey`), tests (`mystery`), reviews (`reviews`), cases (`log`)"""
    share: str | None = None
    """a condition, or a whole question: one share per option or mark; of a ranking: who ranks each option first"""
    mean: str | None = None
    """a number; of a whole ranking: the mean place of each option"""
    nps: str | None = None
    """a question on a 0-10 scale: share of 9-10 minus share of 0-6"""
    gap: Gap | None = None
    """experienced minus expected on the same people, and the shares above, at and below what was expected"""
    funnel: str | Annotated[dict[Code, str], Field(min_length=2)] | None = None
    """states that exclude each other and sum to 100 %: a single question, or each state with its condition"""
    index: str | None = None
    """a number whose mean is shown as 100 at the `reference:` wave"""
    mentions: str | None = None
    """the share that names each brand: a `mention` question, or texts (an open question, the text of reviews)"""
    time_to: str | None = None
    """a moment (`answered_at`, `replied_at`, `first_response_at`, …): how long it takes, who still waits included"""
    states: dict[Code, Texts] = {}
    """the words of a funnel's states"""
    top: Annotated[int, Field(ge=1, le=100)] = 1
    """of a ranking: the share that puts an option among the first so many"""
    reference: Code | None = None
    """the wave at which an index is 100; the first that has it unless given"""
    from_: Id | None = Field(default=None, alias="from")
    """the moment from which time runs; the source's own beginning unless given"""
    within: Annotated[list[Duration], Field(min_length=1)] = ["1 h", "24 h", "48 h", "7 d"]
    """by when it is told how many were answered"""
    cutoff: Duration | None = None
    """after how long waiting ends: whoever had no answer by then is counted as still waiting at that time"""
    base: str = EVERYONE
    """a condition: who is in the base"""
    base_label: Texts | None = None
    """the base in words, as readers see it: 'people who made contact'"""
    by: Annotated[list[Id], BeforeValidator(listed, json_schema_input_type=str | list[str])] = []
    """one figure per value: of a loop (`channel`, `brand`), a grid (its name), a field of tests, reviews, cases"""
    weighting: Id | None = None
    """a weighting of `weighting: among:`, which the figures stand on, among those whom it weights"""
    decimals: Annotated[int, Field(ge=0, le=6)] | None = None
    """digits after the decimal mark when printed"""
    better: Literal["high", "low"] | None = None
    """the direction that is good news, if one is"""
    rolling: Annotated[int, Field(ge=2, le=20)] | None = None
    """also give the mean of the last so many waves, where these can be compared"""
    same_as: Declarations = []
    """changes declared harmless, each with the last wave before it and its reason"""

    @model_validator(mode="after")
    def _one_kind(self) -> Indicator:
        if sum(getattr(self, k) is not None for k in KINDS) != 1:
            raise ValueError(f"an indicator is one of {', '.join(f'`{k}:`' for k in KINDS)}")
        if self.states and not isinstance(self.funnel, dict):
            raise ValueError("`states:` are the words of a funnel's own states")
        if isinstance(self.funnel, dict) and set(self.states) - set(self.funnel):
            raise ValueError(f'"{min(set(self.states) - set(self.funnel))}" is not a state of the funnel')
        only = {"top": ("share",), "reference": ("index",), "from_": ("time_to",), "within": ("time_to",),
                "cutoff": ("time_to",), "rolling": ("share", "mean", "nps", "gap", "funnel", "mentions")}  # fmt: skip
        for name, kinds in only.items():
            if name in self.model_fields_set and self.kind not in kinds:
                raise ValueError(f"`{name.rstrip('_')}:` goes with `{kinds[0]}:`")
        return self

    @property
    def kind(self) -> Kind:
        return next(k for k in KINDS if getattr(self, k) is not None)

    @property
    def expression(self) -> str:
        """What is computed, as one line of text."""
        if self.gap is not None:
            return f"({self.gap.experienced}) - ({self.gap.expected})"
        if isinstance(self.funnel, dict):
            return "; ".join(f"{state}: {condition}" for state, condition in self.funnel.items())
        return str(getattr(self, self.kind))

    def expressions(self) -> dict[str, str]:
        """Every expression that it is made of, by the key that it stands under."""
        if self.gap is not None:
            return {"gap.expected": self.gap.expected, "gap.experienced": self.gap.experienced}
        if isinstance(self.funnel, dict):
            return {f"funnel.{state}": condition for state, condition in self.funnel.items()}
        return {self.kind: str(getattr(self, self.kind))}
