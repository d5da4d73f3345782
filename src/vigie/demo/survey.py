"""Drawing respondents from the truth.

Columns bear the default names of a survey file (`question`, `question.option`, `question.channel`). In columns of
numbers -1 stands for an empty cell; in columns of text it is the empty text, in columns of dates "not a time".
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from vigie.demo.population import MARGINS, Floats, Ints
from vigie.demo.stories import BAD, GOOD
from vigie.demo.ticking import draw_some, unconditional
from vigie.demo.truth import CHANNELS, FIELD, MODES, Boxed, Choice, SurveyTruth, Ticks, Truth

Columns = dict[str, npt.NDArray[Any]]
Mask = npt.NDArray[np.bool_]
EMPTY = -1
DONT_KNOW, REFUSED = 99, 98
MOST_EVALUATIONS = 4
_ADULTS = np.array((1.0, 2.0, 3.0))  # in the household of who answers the telephone
_ADULTS_CHANCE = np.array((0.36, 0.52, 0.12))


def draw_survey(truth: Truth, wave: str, n: int, rng: np.random.Generator) -> Columns:
    """Answers of `n` people, drawn with unequal chances; `cell` says where each stands in the population."""
    planted, population = truth.survey[wave], truth.population
    chance = population.share * planted.readiness
    cell: Ints = np.asarray(rng.choice(len(population), size=n, p=chance / chance.sum()))
    drawn: Columns = {"cell": cell, "weight": _design_weights(wave, n, rng)}
    for variable, categories in MARGINS.items():
        drawn[variable] = np.array(list(categories))[population.index[variable][cell]]
    good_mood = rng.random(n) < 0.5
    used = _draw_used(planted, cell, rng)
    contacted: Mask = np.asarray(used.any(axis=1))
    drawn |= {f"used.{c}": used[:, j].astype(np.int64) for j, c in enumerate(CHANNELS)}
    drawn["used.none"] = np.where(contacted, 0, 1)
    drawn |= _evaluations(planted, cell, used, good_mood, rng)
    drawn |= _recommend(planted, cell, contacted, good_mood, rng)
    drawn |= _last_contact(planted, wave, cell, contacted, rng)
    for question, choice in planted.choices.items():
        drawn[question] = _choose(choice, cell, _asked(choice.base, drawn, contacted), rng)
    for question, ticks in planted.ticks.items():
        drawn |= _tick(question, ticks, cell, _asked(ticks.base, drawn, contacted), rng)
    drawn["story"] = _tell(planted, contacted, good_mood, rng)
    return drawn


def _design_weights(wave: str, n: int, rng: np.random.Generator) -> Floats:
    """By telephone one adult is drawn per household, so those of large ones count more; on the web all count one."""
    if MODES[wave] != "phone":
        return np.ones(n)
    adults = rng.choice(_ADULTS, size=n, p=_ADULTS_CHANCE)
    return np.asarray(np.round(adults / float(_ADULTS @ _ADULTS_CHANCE), 4))


def _draw_used(planted: SurveyTruth, cell: Ints, rng: np.random.Generator) -> Mask:
    contact = rng.random(len(cell)) < planted.contact[cell]
    free = unconditional(planted.used / planted.contact[:, None])
    return draw_some(free[cell], rng) & contact[:, None]


def _evaluations(planted: SurveyTruth, cell: Ints, used: Mask, good_mood: Mask, rng: np.random.Generator) -> Columns:
    """At most four of the channels used, drawn at random, the same for the three questions asked of each."""
    order = np.where(used, rng.random(used.shape), 2.0).argsort(axis=1).argsort(axis=1)
    asked = used & (order < MOST_EVALUATIONS)
    person, channel = np.nonzero(asked)
    found: Columns = {}
    for question, loop in planted.loops.items():
        code = _boxed(loop, loop.good[cell[person], channel], good_mood[person], rng)
        table: npt.NDArray[Any]
        if question == "resolution":
            table = np.full(used.shape, "", dtype="U8")
            table[asked] = np.array(loop.codes)[code]
        else:
            silent = rng.random(len(person)) < planted.loop_dont_know[question][channel]
            table = np.full(used.shape, EMPTY)
            table[asked] = np.where(silent, DONT_KNOW, np.array([int(c) for c in loop.codes])[code])
        found |= {f"{question}.{c}": table[:, j] for j, c in enumerate(CHANNELS)}
    return found


def _boxed(boxed: Boxed, good: Floats, good_mood: Mask, rng: np.random.Generator) -> Ints:
    """The index of the code of each answer: the box first, then the code within the box."""
    mood = np.where(good_mood, boxed.swing, -boxed.swing)
    in_good = rng.random(len(good)) < good + mood * good * (1 - good)
    spot = rng.random(len(good))
    high, low = (np.searchsorted(np.cumsum(box)[:-1], spot, side="right") for box in (boxed.high, boxed.low))
    return np.where(in_good, high, low)


def _recommend(planted: SurveyTruth, cell: Ints, contacted: Mask, good_mood: Mask, rng: np.random.Generator) -> Columns:
    mark = _boxed(planted.recommend, planted.recommend.good[cell], good_mood, rng)
    refused = rng.random(len(cell)) < planted.recommend_rates.refused
    return {"recommend": np.where(contacted, np.where(refused, REFUSED, mark), EMPTY)}


def _last_contact(planted: SurveyTruth, wave: str, cell: Ints, contacted: Mask, rng: np.random.Generator) -> Columns:
    n = len(cell)
    contacts = 1 + _pick(planted.contacts[cell], rng)
    contacts = np.where(contacted & (rng.random(n) >= planted.skipped["contacts"]), contacts, EMPTY)
    day = np.datetime64(FIELD[wave][0], "D") - rng.integers(1, 366, size=n).astype("timedelta64[D]")
    told = contacted & (rng.random(n) >= planted.skipped["last_contact"])
    return {"contacts": contacts, "last_contact": np.where(told, day, np.datetime64("NaT", "D"))}


def _pick(chance: Floats, rng: np.random.Generator) -> Ints:
    """One index per row of chances."""
    bounds = np.cumsum(chance, axis=1)
    return np.asarray((bounds[:, :-1] <= rng.random((len(chance), 1))).sum(axis=1))


def _asked(base: str, drawn: Columns, contacted: Mask) -> Mask:
    if base == "everyone":
        return np.ones_like(contacted)
    if base == "contacted":
        return contacted
    question, code = base.split(".")
    return np.asarray(drawn[base] == 1) if base in drawn else np.asarray(drawn[question] == code)


def _choose(choice: Choice, cell: Ints, asked: Mask, rng: np.random.Generator) -> npt.NDArray[np.str_]:
    answer = np.array(choice.codes, dtype="U24")[_pick(choice.chance[cell], rng)]
    spot, rates = rng.random(len(cell)), choice.rates
    for code, rate in (("dk", rates.dont_know), ("rf", rates.refused), ("", rates.skipped)):
        answer = np.where((spot >= 0) & (spot < rate), code, answer)
        spot = spot - rate
    return np.where(asked, answer, "")


def _tick(question: str, ticks: Ticks, cell: Ints, asked: Mask, rng: np.random.Generator) -> Columns:
    if ticks.some:
        ticked = draw_some(unconditional(ticks.chance)[cell], rng)
    else:
        ticked = rng.random((len(cell), len(ticks.codes))) < ticks.chance[cell]
    found = {f"{question}.{c}": np.where(asked, ticked[:, j], EMPTY) for j, c in enumerate(ticks.codes)}
    if not ticks.some:
        found[f"{question}.none"] = np.where(asked, ~ticked.any(axis=1), EMPTY)
    return found


def _tell(planted: SurveyTruth, contacted: Mask, good_mood: Mask, rng: np.random.Generator) -> npt.NDArray[np.str_]:
    n = len(contacted)
    pleased = rng.random(n) < np.where(good_mood, 0.42, 0.14)
    good, bad = (np.array(texts)[rng.integers(len(texts), size=n)] for texts in (GOOD, BAD))
    text = np.where(pleased, good, bad)
    return np.where(contacted & (rng.random(n) >= planted.skipped["story"]), text, "")
