"""Figures with their base, their uncertainty and their lineage, and what every record of results is made of.

The engine makes these frozen records, `results.json` holds them, and the report shows them. Shares are between 0 and 1,
NPS between -1 and 1, means and scores in the unit of their scale; standard errors in the same unit. A hidden figure has
no value, no interval and no standard error, here as everywhere.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from math import isfinite
from typing import Literal

Flag = Literal["ok", "fragile", "hidden"]
Verdict = Literal["up", "down", "none", "break", "untested"]
Unit = Literal["share", "nps", "mean", "score", "hours", "index"]
Source = Literal["survey", "mystery", "reviews", "log"]
Texts = Mapping[str, str]  # language -> text
Segment = tuple[tuple[str, str], ...]  # (("channel", "phone"), ("sex", "f")); empty for the whole
Place = tuple[Source, str, Segment]  # of a figure in any wave: source, indicator, segment with dimensions in one order
LINKED, COMMON, BRANDS = "linked", "common_list", "common_brands"  # notes of changes: keys of language.NOTES
UNTOLD: Mapping[str, bool] = {"untold": True}  # of a field that is for the engine alone: `results.json` has it not
REOPENED = (LINKED, COMMON)  # across a break


@dataclass(frozen=True, slots=True)
class Change:
    """The difference from the wave before, with its test; `verdict` is all that a headline may use."""

    wave: str
    difference: float | None
    se: float | None
    p: float | None  # two-sided, unadjusted
    p_adjusted: float | None  # Holm over the segments of the indicator
    verdict: Verdict
    reason: str = ""  # why a change is broken or untested: a key of language.REASONS
    notes: tuple[str, ...] = ()  # what is told beside it: keys of language.NOTES

    @property
    def tested(self) -> bool:
        """Whether a test decided: a rise, a fall, or no significant change."""
        return self.verdict in ("up", "down", "none")

    @property
    def reopened(self) -> bool:
        """Whether `difference` is another than that of the two figures printed: across a break, or on common brands."""
        return not {*REOPENED, BRANDS}.isdisjoint(self.notes)


@dataclass(frozen=True, slots=True)
class Rolling:
    """The mean of the last waves of one identity, each counted once, with the error of the whole."""

    waves: tuple[str, ...]
    value: float
    se: float
    ci_low: float
    ci_high: float


@dataclass(frozen=True, slots=True)
class Band:
    """A point of a trend with the limits between which the whole unbroken run of waves lies, at the level at once."""

    wave: str
    low: float
    high: float
    of: int  # waves of the run


@dataclass(frozen=True, slots=True)
class RankSet:
    """The ranks that cannot be excluded at the confidence level, in a family of `of` brands."""

    low: int
    high: int
    of: int
    family: str


@dataclass(frozen=True, slots=True)
class Lineage:
    """Where a figure comes from."""

    question: Texts  # wording, by language of the fieldwork
    expression: str
    base: str  # who is in the base, as an expression: the indicator's, or else the routing of its question
    filter: str  # which rows of the files were valid
    weighting: str  # "raking", "base" (weights of the file), "base+raking", or nothing
    test: str
    inputs: tuple[str, ...]  # SHA-256 of the files read
    derived: tuple[str, ...] = ()  # keys of the derived tables used
    base_label: Texts = field(default_factory=dict)  # the base in the study's own words, where it gives them
    coder: str = ""  # name and version of the automatic coder that read the texts, where one did
    note: str = ""  # where a published figure was printed; of a time to an answer, how it was measured
    cutoff: str = ""  # of a time to an answer: after how long the study ends waiting, "7 d", where it does
    horizon: str = ""  # … by when the share answered and the mean wait are told: the cut-off, or the longest time asked
    observed: str = ""  # … until when the unanswered wait: "cutoff", "wave" (its end), "data" (the last moment in it)
    gave_up: int = 0  # … how many gave up: they count at no time as answered


@dataclass(frozen=True, slots=True)
class Estimate:
    """One figure with its base, its uncertainty and its lineage."""

    figure: str
    identity: str
    indicator: str
    label: Texts
    source: Source
    grain: str
    wave: str
    segment: Segment
    value: float | None
    unit: Unit
    decimals: int
    se: float | None
    ci_low: float | None
    ci_high: float | None
    level: float
    n: int  # unweighted base
    n_weighted: float | None
    n_effective: float | None
    design_effect: float | None
    flag: Flag
    lineage: Lineage
    out_of: float | None = None  # upper end of a mark or score
    dont_know: float | None = None  # share of "don't know" among those asked, printed above 1 %
    change: Change | None = None
    rank: RankSet | None = None
    part: str = ""  # the dimension of the segment that is an answer (option, mark) of the indicator's own question
    letters: str = ""  # categories (A, B, … as listed) of the same variable significantly lower: A at 95 %, a at 90 %
    published: bool = False  # printed by somebody else: no interval, never tested
    rolling: Rolling | None = None
    bands: tuple[Band, ...] = ()  # of the whole and of channels: the figure's waves so far, this one last
    df: float | None = None  # degrees of freedom of its standard error; none for figures without one

    @property
    def degrees(self) -> float:
        """Degrees of freedom of tests of the figure; of one that was kept without them, those of its base."""
        return self.df if self.df is not None else float(max(self.n - 1, 1))

    @property
    def place(self) -> Place:
        """Where the figure stands in any wave; printed figures may name the dimensions in another order."""
        return self.source, self.indicator, tuple(sorted(self.segment))

    def at(self, dimension: str) -> str | None:
        """The segment's code on one dimension, e.g. `at("channel")`."""
        return dict(self.segment).get(dimension)


def family(estimate: Estimate) -> list[str]:
    """The changes that are adjusted together (Holm): one indicator over its segments of one kind."""
    return [estimate.source, estimate.indicator, *(d for d, _ in sorted(estimate.segment))]


def pick(texts: Texts, language: str) -> str:
    """The text in the language asked for, or in the first one there is, or nothing."""
    return texts.get(language) or next((t for t in texts.values() if t), "")


def figure_key(identity: str, segment: Segment) -> str:
    """A figure's name, stable across waves: its identity and its segment."""
    told = f"[{_quoted(identity)}, [{', '.join(map(_quoted, sorted(segment)))}]]"
    return hashlib.sha256(told.encode()).hexdigest()[:12]


@lru_cache(4096)
def _quoted(part: str | tuple[str, str]) -> str:
    """A part of a key as JSON: the same few are in thousands of keys."""
    return json.dumps(part)


def flag_of(n: int, hide: int, fragile: int) -> Flag:
    """Reliability by the unweighted base."""
    return "hidden" if n < hide else "fragile" if n < fragile else "ok"


def finite(value: float) -> float | None:
    """A number, or None where there is none."""
    return float(value) if isfinite(value) else None
