"""Drawing mystery tests from the truth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from vigie.demo.population import Ints
from vigie.demo.truth import FIELD, TESTED, GridTruth, MysteryTruth, Truth

Marks = npt.NDArray[np.int8]
EMPTY, NOT_APPLICABLE = -2, -1  # in place of a mark
ANSWERED, UNANSWERED, INVALID = 0, 1, 2
OUTCOMES = ("answered", "unanswered", "invalid")
SCENARIOS = ("information", "complaint", "order", "contract")
SLOTS = ("morning", "noon", "afternoon", "evening")
LUCK = 0.40  # what the day adds to a test or takes from it
LENIENCY = np.tile((0.08, -0.08, 0.03, -0.03), 5)  # of the testers; adds up to zero
INVALID_RATE = 0.01
FORGOTTEN_RATE = 0.01  # tests in which the tester left one mark empty
NOT_APPLICABLE_RATE = 0.08


@dataclass(frozen=True, eq=False, slots=True)
class ChannelTests:
    """The tests of one channel: one entry per test, marks by test × criterion of the channel's grid."""

    channel: str
    brand: Ints  # index into the wave's brands
    outcome: npt.NDArray[np.int8]  # index into OUTCOMES
    scenario: Ints
    tester: Ints
    slot: Ints
    marks: Marks  # EMPTY: forgotten, or not markable without a reply

    @property
    def complete(self) -> npt.NDArray[np.bool_]:
        """Tests that count: valid, and every mark there that the outcome allows."""
        forgotten = (self.marks == EMPTY).any(axis=1) & (self.outcome == ANSWERED)
        return np.asarray((self.outcome != INVALID) & ~forgotten)


def draw_tests(
    truth: Truth, wave: str, rng: np.random.Generator, *, tests: Ints | None = None
) -> dict[str, ChannelTests]:
    """The tests of a wave by channel; `tests` (brand × channel) replaces the planned numbers."""
    planted = truth.mystery[wave]
    numbers = planted.tests if tests is None else tests
    return {
        channel: _draw_channel(truth.grids[channel], planted, channel, numbers[:, place], rng)
        for place, channel in enumerate(TESTED)
    }


def _draw_channel(
    grid: GridTruth, planted: MysteryTruth, channel: str, numbers: Ints, rng: np.random.Generator
) -> ChannelTests:
    place = TESTED.index(channel)
    brand = np.repeat(np.arange(len(numbers)), numbers)
    n = len(brand)
    tester = rng.integers(len(LENIENCY), size=n)
    shift = LENIENCY[tester] + np.where(rng.random(n) < 0.5, LUCK, -LUCK)
    level = planted.level[:, place, :][:, grid.dimension][brand]
    expected = level + level * (1 - level) * (grid.hardness + shift[:, None])
    marks = rng.binomial(grid.out_of, expected).astype(np.int8)
    outcome = np.where(rng.random(n) < planted.reply[brand, place], ANSWERED, UNANSWERED)
    outcome[rng.random(n) < INVALID_RATE] = INVALID
    _blank(marks, outcome, grid, rng)
    scenario, slot = rng.integers(len(SCENARIOS), size=n), rng.integers(len(SLOTS), size=n)
    return ChannelTests(channel, brand, outcome.astype(np.int8), scenario, tester, slot, marks)


def _blank(marks: Marks, outcome: Ints, grid: GridTruth, rng: np.random.Generator) -> None:
    """Replaces the marks that do not apply, that have no reply to bear on, or that the tester forgot."""
    n, k = marks.shape
    leaves = np.flatnonzero(grid.may_not_apply)
    marks[:, leaves] = np.where(rng.random((n, len(leaves))) < NOT_APPLICABLE_RATE, NOT_APPLICABLE, marks[:, leaves])
    forgotten = np.flatnonzero((outcome == ANSWERED) & (rng.random(n) < FORGOTTEN_RATE))
    marks[forgotten, rng.integers(k, size=len(forgotten))] = EMPTY
    marks[(outcome == UNANSWERED)[:, None] & grid.needs_reply] = EMPTY
    marks[outcome == INVALID] = EMPTY


@dataclass(frozen=True, eq=False, slots=True)
class Times:
    """When each test was sent, acknowledged by a machine and answered; "not a time" where it was not."""

    sent: npt.NDArray[np.datetime64]
    acknowledged: npt.NDArray[np.datetime64]
    answered: npt.NDArray[np.datetime64]


MEDIAN_MINUTES = dict(zip(TESTED, (4.0, 900.0, 1200.0, 3.0, 300.0, 6.0), strict=True))
SPREAD = dict(zip(TESTED, (0.6, 1.0, 1.0, 0.7, 1.1, 0.4), strict=True))  # of the logarithm
_SLOT_STARTS = np.array((9, 12, 14, 17))


def draw_times(wave: str, tests: ChannelTests, rng: np.random.Generator) -> Times:
    """Times on the working days of the wave. An acknowledgement is no answer, and comes to the unanswered as well."""
    n = len(tests.brand)
    first, last = (np.datetime64(day, "D") for day in FIELD[wave])
    days = np.arange(first, last + 1)
    days = days[np.is_busday(days)]
    minute = _SLOT_STARTS[tests.slot] * 60 + rng.integers(120, size=n)
    sent = days[rng.integers(len(days), size=n)].astype("datetime64[s]") + (minute * 60).astype("timedelta64[s]")
    none = np.datetime64("NaT", "s")
    delay = np.exp(rng.normal(np.log(MEDIAN_MINUTES[tests.channel]), SPREAD[tests.channel], size=n)) * 60
    answered = np.where(tests.outcome == ANSWERED, sent + (1 + delay).astype("timedelta64[s]"), none)
    machine = (rng.random(n) < 0.55) & (tests.outcome != INVALID) & (tests.channel in {"email", "web_form"})
    wait = np.minimum(rng.integers(20, 300, size=n), (1 + delay).astype(np.int64)).astype("timedelta64[s]")
    return Times(sent, np.where(machine, sent + wait, none), answered)
