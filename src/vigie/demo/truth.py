"""The planted truth: the probabilities from which every answer and every mark of the demonstration is drawn.

Nothing here is estimated. Cells are those of `population`, channels those of `CHANNELS`, in this order everywhere.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from vigie.demo.criteria import GridText
from vigie.demo.names import Sector
from vigie.demo.population import Floats, Ints, Population

CHANNELS = ("phone", "callback", "email", "web_form", "website", "app", "chat", "chatbot", "social", "messaging", "sms",
            "video", "face_to_face", "mediation", "other")  # fmt: skip
TESTED = ("phone", "email", "web_form", "chat", "social", "website")
PUBLISHED = "2019"  # a wave of which only printed figures are left
WAVES = ("2022", "2023", "2024")
MODES = {"2022": "phone", "2023": "web", "2024": "web"}
FIELD = {
    "2022": (date(2022, 1, 10), date(2022, 3, 18)),
    "2023": (date(2023, 1, 9), date(2023, 3, 17)),
    "2024": (date(2024, 1, 8), date(2024, 3, 15)),
}
OUT_OF = 20.0
THRESHOLD = 12.0
MIN_TESTS = 5


@dataclass(frozen=True, slots=True)
class Plan:
    """How large a demonstration is."""

    respondents: int
    sectors: int
    brands: int
    tests: dict[str, int]  # per brand and wave, by channel
    criteria: tuple[int, int, int]  # at most, per dimension of a grid
    reviews: tuple[int, int, int] = (375, 488, 637)  # by wave
    cases: int = 600  # of the service desk, per wave


SIZES: dict[str, Plan] = {
    "small": Plan(300, 3, 18, dict(zip(TESTED, (14, 8, 6, 4, 4, 4), strict=True)), (3, 4, 3)),
    "full": Plan(1000, 16, 245, dict(zip(TESTED, (80, 40, 30, 20, 15, 15), strict=True)), (6, 22, 12),
                 (5000, 6500, 8500), 8000),
}  # fmt: skip


class Rates(NamedTuple):
    """How often a question that was asked has no answer. The same for all cells, so that shares keep their truth."""

    dont_know: float = 0.0
    refused: float = 0.0
    skipped: float = 0.0

    @property
    def answered(self) -> float:
        return 1 - sum(self)


ALL_ANSWER = Rates()


@dataclass(frozen=True, eq=False, slots=True)
class Boxed:
    """An answer that falls in a good or in a bad box, then on a code of the box.

    `good` is the chance g of the good box by cell (by cell and channel in a loop). Half of the people are in a good
    mood, which adds swing·g(1−g) to it, the others in a bad one, which takes as much away: the answers of one person
    resemble each other and the average stays what it is. With a swing of at most 1 the sum stays a chance.
    """

    codes: tuple[str, ...]
    good: Floats
    high: Floats  # distribution over the codes within each box
    low: Floats
    swing: float

    def distribution(self) -> Floats:
        """The chance of each code, moods averaged; codes are the last axis."""
        return self.good[..., None] * self.high + (1 - self.good[..., None]) * self.low


@dataclass(frozen=True, eq=False, slots=True)
class Choice:
    """One code of a list: its chance by cell, who is asked, and who does not answer."""

    codes: tuple[str, ...]
    chance: Floats  # cell × code
    base: str = "everyone"
    rates: Rates = ALL_ANSWER
    by: str = ""  # a single question whose code multiplies the chance of the first code, 1 on average
    factors: dict[str, float] = field(default_factory=dict)
    implied: str = ""  # a channel whose users all give the first code


@dataclass(frozen=True, eq=False, slots=True)
class Ranked:
    """Some options put in order: the next one is drawn in proportion to its worth among those that are left."""

    codes: tuple[str, ...]
    worth: Floats
    places: int


@dataclass(frozen=True, eq=False, slots=True)
class Speed:
    """What was expected and what came, on one scale, per channel: the same mark with chance `same`, else anew."""

    expected: Floats  # channel × mark, from 1
    received: Floats
    same: float


@dataclass(frozen=True, slots=True)
class PlantedBrand:
    """A brand of one wave."""

    id: str
    name: str
    sector: str


@dataclass(frozen=True, eq=False, slots=True)
class Favourite:
    """The brand that people name: the chance to name any by cell, then that of each brand, `unlisted` last."""

    named: Floats
    brands: tuple[PlantedBrand, ...]
    chance: Floats


@dataclass(frozen=True, eq=False, slots=True)
class Story:
    """The experiences told: chances of negative and neutral ones, and of strong words among the negative."""

    negative: float
    neutral: float
    strong: float
    swing: float  # what a bad mood adds to the chance of a negative one, and a good mood takes away


@dataclass(frozen=True, eq=False, slots=True)
class Ticks:
    """Any number of codes of a list, each ticked independently within a cell.

    With `some`, at least one is ticked by everyone asked (`chance` allows for it); otherwise none of them is the
    option *none*.
    """

    codes: tuple[str, ...]
    chance: Floats  # cell × code
    base: str = "everyone"
    some: bool = False


@dataclass(frozen=True, eq=False, slots=True)
class SurveyTruth:
    """What the population answers in one wave."""

    wave: str
    readiness: Floats  # relative chance to take part, by cell
    contact: Floats  # chance of any contact in 12 months, by cell
    used: Floats  # chance of each channel, by cell × channel (zero without a contact)
    loops: dict[str, Boxed]  # asked per channel used
    loop_dont_know: dict[str, Floats]  # by channel
    recommend: Boxed
    recommend_rates: Rates
    contacts: Floats  # chance of 1, 2, … contacts, by cell
    choices: dict[str, Choice]
    ticks: dict[str, Ticks]
    skipped: dict[str, float]  # questions of number, date and text that are left empty
    criteria: Ranked
    speed: Speed
    favourite: Favourite
    story: Story


@dataclass(frozen=True, eq=False, slots=True)
class GridTruth:
    """The criteria of a grid as arrays, and how hard each one is.

    Given a brand's level e in a dimension, a criterion's expected mark is e + e(1−e)·(hardness + the test's own luck
    + the tester's leniency), all three of mean zero. Criteria that may not apply have hardness 0, so that the mean of
    the others is e whichever of them drop out.
    """

    ids: tuple[str, ...]
    dimension: Ints
    out_of: Ints
    weight: Floats
    needs_reply: npt.NDArray[np.bool_]
    may_not_apply: npt.NDArray[np.bool_]
    hardness: Floats
    dimension_weight: Floats  # adds up to one


@dataclass(frozen=True, eq=False, slots=True)
class MysteryTruth:
    """What the brands deliver in one wave."""

    wave: str
    brands: tuple[PlantedBrand, ...]
    level: Floats  # brand × channel × dimension: expected mark (0–1) when the test is answered
    reply: Floats  # brand × channel: chance that a human replies before the cut-off
    tests: Ints  # brand × channel: tests made; 0 where the brand has no such channel
    named: Floats  # by tested channel: chance that the adviser gave a name, of answered tests
    warmth: Floats  # by tested channel: mean of the mark 1–5 for warmth


@dataclass(frozen=True, eq=False, slots=True)
class ReviewTruth:
    """What authors write in one wave. A review is pleased or not, by its brand; its stars and words follow."""

    wave: str
    brands: tuple[PlantedBrand, ...]
    volume: Ints  # reviews by brand
    pleased: Floats  # by brand: chance of a pleased author
    solicited: Floats  # by platform: chance that the review was asked for
    strong: Floats  # by stars: chance of strong words in a negative text
    replied: Floats  # by platform: chance that the brand replies
    trap: tuple[str, ...]  # brands that suddenly bring many reviews, all better


@dataclass(frozen=True, eq=False, slots=True)
class DeskTruth:
    """What the service desk does in one wave; arrays by first channel (`desk.CHANNELS`)."""

    wave: str
    share: Floats  # of the cases
    abandoned: Floats
    unanswered: Floats  # nobody ever replies
    minutes: Floats  # median of the time to the first response, and the spread of its logarithm
    spread: Floats
    resolved: Floats  # of the answered
    changed: Floats  # of the answered
    reopened: float  # of the resolved
    transferred: float  # of the answered


@dataclass(frozen=True, slots=True)
class BrandRow:
    """A row of brands.csv: a brand over a period."""

    id: str
    name: str
    sector: str
    aliases: str = ""
    start: str = ""
    until: str = ""
    succeeds: str = ""


@dataclass(frozen=True, eq=False, slots=True)
class Truth:
    """Everything planted in a demonstration."""

    seed: int
    plan: Plan
    population: Population
    sectors: tuple[Sector, ...]
    cases: dict[str, str]  # what was planted in each sector: winner, ties, below, plain
    brand_rows: tuple[BrandRow, ...]
    grid_texts: tuple[GridText, ...]
    grids: dict[str, GridTruth]  # by channel
    survey: dict[str, SurveyTruth]  # by wave
    mystery: dict[str, MysteryTruth]  # by wave
    reviews: dict[str, ReviewTruth]  # by wave
    desk: dict[str, DeskTruth]  # by wave
