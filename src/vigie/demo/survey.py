"""Drawing respondents from the truth.

Columns bear the default names of a survey file (`question`, `question.option`, `question.channel`). In columns of
numbers -1 stands for an empty cell; in columns of text it is the empty text, in columns of dates "not a time".
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from vigie.demo.population import MARGINS, Floats, Ints
from vigie.demo.spelling import UNLISTED, spelled
from vigie.demo.telling import NEGATIVE, NEUTRAL, POSITIVE, tell
from vigie.demo.ticking import draw_some, unconditional
from vigie.demo.truth import CHANNELS, FIELD, MODES, Boxed, Choice, Favourite, Ranked, SurveyTruth, Ticks, Truth

Columns = dict[str, npt.NDArray[Any]]
Mask = npt.NDArray[np.bool_]
HIDDEN = frozenset({"cell", "weight", "implied", "tone", "strong"})
EMPTY = -1
DONT_KNOW, REFUSED = 99, 98
MOST_EVALUATIONS = 4
OTHER_MEANS = ("Lettre recommandée", "par fax", "un ami qui y travaille", "Courrier postal",
               "stand au salon de l’habitat", "par la mairie", "Forum d’entraide")  # fmt: skip
_ADULTS = np.array((1.0, 2.0, 3.0))  # in the household of who answers the telephone
_ADULTS_CHANCE = np.array((0.36, 0.52, 0.12))


def draw_survey(truth: Truth, wave: str, n: int, rng: np.random.Generator) -> Columns:
    """Answers of `n` people, drawn with unequal chances; `cell` says where each stands in the population.

    `HIDDEN` columns are no answers: they say what an answer was drawn from.
    """
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
    drawn["implied"] = (planted.used[:, CHANNELS.index("mediation")] / planted.contact)[cell]
    drawn["used.none"] = np.where(contacted, 0, 1)
    drawn |= _evaluations(planted, cell, used, good_mood, rng)
    drawn |= _recommend(planted, cell, contacted, good_mood, rng)
    drawn |= _last_contact(planted, wave, cell, contacted, rng)
    for question, choice in planted.choices.items():
        drawn[question] = _choose(choice, cell, drawn, _asked(choice.base, drawn, contacted), rng)
    for question, ticks in planted.ticks.items():
        drawn |= _tick(question, ticks, cell, _asked(ticks.base, drawn, contacted), rng)
    drawn |= _ranking(planted.criteria, n, rng)
    drawn["favourite"] = _favourite(planted.favourite, cell, rng)
    drawn |= _tell(planted, contacted, good_mood, rng)
    told = (drawn["used.other"] == 1) & (rng.random(n) >= planted.skipped["other"])
    drawn["used.other.text"] = np.where(told, np.array(OTHER_MEANS)[rng.integers(len(OTHER_MEANS), size=n)], "")
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
    return found | _speeds(planted, asked, rng)


def _speeds(planted: SurveyTruth, asked: Mask, rng: np.random.Generator) -> Columns:
    """The marks given to the speed that was expected of each channel asked about, and to the speed that came."""
    person, channel = np.nonzero(asked)
    expected = 1 + _pick(planted.speed.expected[channel], rng)
    anew = 1 + _pick(planted.speed.received[channel], rng)
    received = np.where(rng.random(len(person)) < planted.speed.same, expected, anew)
    found: Columns = {}
    for question, marks in (("speed_expected", expected), ("speed_received", received)):
        table = np.full(asked.shape, EMPTY)
        table[asked] = marks
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


def _choose(choice: Choice, cell: Ints, drawn: Columns, asked: Mask, rng: np.random.Generator) -> npt.NDArray[np.str_]:
    answer = np.array(choice.codes, dtype="U24")[_pick(_leaning(choice, cell, drawn), rng)]
    spot, rates = rng.random(len(cell)), choice.rates
    for code, rate in (("dk", rates.dont_know), ("rf", rates.refused), ("", rates.skipped)):
        answer = np.where((spot >= 0) & (spot < rate), code, answer)
        spot = spot - rate
    return np.where(asked, answer, "")


def _leaning(choice: Choice, cell: Ints, drawn: Columns) -> Floats:
    """The chance of each code for each person: moved by an earlier answer, certain for the users of a channel."""
    chance = choice.chance[cell]
    if not choice.by:
        return chance
    earlier = drawn[choice.by]
    first = chance[:, 0] * np.select([earlier == code for code in choice.factors], list(choice.factors.values()), 1.0)
    used = drawn[f"used.{choice.implied}"] == 1
    # the users of the channel are part of those who give the first code; the others make up what is missing
    certain = drawn["implied"]
    first = np.where(used, 1.0, (first - certain) / (1 - certain))
    others = chance[:, 1:] / chance[:, 1:].sum(axis=1, keepdims=True)
    return np.column_stack([first, (1 - first)[:, None] * others])


def _ranking(ranked: Ranked, n: int, rng: np.random.Generator) -> Columns:
    """Options in the order in which they come first among exponential waiting times, as fast as they are worth."""
    waiting = rng.exponential(size=(n, len(ranked.codes))) / ranked.worth
    order = waiting.argsort(axis=1)[:, : ranked.places]
    codes = np.array(ranked.codes)
    return {f"criteria_{place + 1}": codes[order[:, place]] for place in range(ranked.places)}


def _favourite(favourite: Favourite, cell: Ints, rng: np.random.Generator) -> npt.NDArray[np.str_]:
    """The brand named, as people write it; a place in `UNLISTED` where it is on no list."""
    n = len(cell)
    brand = np.searchsorted(np.cumsum(favourite.chance)[:-1], rng.random(n), side="right")
    names = np.array([b.name for b in favourite.brands], dtype=object)
    listed = brand < len(names)
    written = np.array(UNLISTED, dtype=object)[rng.integers(len(UNLISTED), size=n)]
    written[listed] = spelled(names, brand[listed], rng)
    named = rng.random(n) < favourite.named[cell]
    return np.where(named, written, "").astype(str)


def _tick(question: str, ticks: Ticks, cell: Ints, asked: Mask, rng: np.random.Generator) -> Columns:
    if ticks.some:
        ticked = draw_some(unconditional(ticks.chance)[cell], rng)
    else:
        ticked = rng.random((len(cell), len(ticks.codes))) < ticks.chance[cell]
    found = {f"{question}.{c}": np.where(asked, ticked[:, j], EMPTY) for j, c in enumerate(ticks.codes)}
    if not ticks.some:
        found[f"{question}.none"] = np.where(asked, ~ticked.any(axis=1), EMPTY)
    return found


def _tell(planted: SurveyTruth, contacted: Mask, good_mood: Mask, rng: np.random.Generator) -> Columns:
    """The experience told, with the polarity and the strength that it was written from."""
    n, rule = len(contacted), planted.story
    spot = rng.random(n)
    negative = rule.negative + np.where(good_mood, -rule.swing, rule.swing)
    polarity = np.select([spot < negative, spot < negative + rule.neutral], [NEGATIVE, NEUTRAL], POSITIVE)
    strong = (polarity == NEGATIVE) & (rng.random(n) < rule.strong)
    told = contacted & (rng.random(n) >= planted.skipped["story"])
    text = np.full(n, "", dtype=object)
    text[told] = tell(polarity[told], strong[told], "fr", rng).text
    return {"story": text.astype(str), "tone": np.where(told, polarity, EMPTY), "strong": strong & told}
