"""What stands between two waves: how their instruments differ, who answered in both, what moved a change."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from vigie.results.figures import Source, Texts, Unit

Severity = Literal["harmless", "note", "break"]


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that two waves' instruments do not share, and what it means for trends.

    `harmless` changes nothing, a `note` is told beside trends, a `break` ends them; `broken` lists the indicators whose
    identity differs for it, which is what tests obey.
    """

    rule: str  # what differs: a key of study.instruments.RULES
    severity: Severity
    of: Literal["question", "wave", "grid", "indicator"]
    subject: str  # the id of the question, the grid's channel or the indicator
    before: str  # what it was, in short
    now: str
    indicators: tuple[str, ...]  # whose figures it touches
    broken: tuple[str, ...]  # of these, the ones that begin anew
    sentence: Texts
    declared: Literal["", "same_as"] = ""  # whether a person declared it harmless
    reason: Texts = field(default_factory=dict)  # … and why


@dataclass(frozen=True, slots=True)
class Mix:
    """How much of a change comes from who is in the base (`mix`), and how much from what they answer (`within`).

    Kitagawa's symmetric decomposition over the categories of one dimension; the two parts sum to the difference.
    """

    source: Source
    indicator: str
    label: Texts
    unit: Unit
    decimals: int
    wave: str  # the earlier one
    dimension: str  # a banner question, channel, brand, …
    difference: float
    within: float
    within_se: float
    mix: float
    mix_se: float
    notable: bool  # a fifth of the change or more, and beyond its own error


@dataclass(frozen=True, slots=True)
class SharedPeople:
    """How many people answered in this wave's survey and in that of an earlier wave, and what was declared of them."""

    wave: str
    people: int
    of: int  # people of this wave
    declared: Literal["", "same", "fresh", "mixed"]


@dataclass(frozen=True, slots=True)
class Linked:
    """Two waves that ran side by side with two instruments, which links a series across the change."""

    wave: str
    to: str
    reason: Texts
