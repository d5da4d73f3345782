"""Example data for a study that has none yet: answers drawn at random, in the study's own names, routing respected.

They show the shape of the files and let the study run at once; they say nothing about anybody.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from vigie.study.expressions import fold
from vigie.study.model import Study
from vigie.study.plain import Answers, PlainAlgebra
from vigie.study.questions import (
    Category,
    Date,
    Mention,
    Multiple,
    Numeric,
    Open,
    Question,
    Ranking,
    Scale,
    Single,
)  # fmt: skip
from vigie.study.resolution import resolve
from vigie.study.waves import Wave

Row = dict[str, str]
PEOPLE, TESTS, REVIEWS = 240, 8, 25  # people; tests per brand and channel; reviews per brand
SEED = 7
STORIES = (
    "La conseillère a tout réglé en dix minutes, merci.",
    "Trois appels et toujours aucune réponse, je suis très déçu.",
    "Le site est clair, mais personne ne répond au téléphone.",
    "Rien à signaler.",
    "Accueil agréable et réponse précise.",
    "On m’a fait patienter une heure pour rien.",
)
OFTEN, REPLIED = 0.45, 0.8  # chance of an option of a list; of a reply


def rows(study: Study, wave: Wave) -> Iterator[tuple[str, list[Row]]]:
    """The files of a wave with their rows."""
    for source, files in wave.by_source.items():
        rng = random.Random(f"{SEED} {wave.id} {source}")  # noqa: S311 - examples, and no secrets
        drawn = list(DRAWN[source](study, wave, rng))
        rng.shuffle(drawn)
        yield files[0].path, drawn


def _people(study: Study, wave: Wave, rng: random.Random) -> Iterator[Row]:
    for number in range(1, PEOPLE + 1):
        yield {"respondent": str(number)} | _Interview(study, study.instrument(wave.id), rng).row()


class _Interview:
    """One person's way through a questionnaire."""

    def __init__(self, study: Study, questions: Mapping[str, Question], rng: random.Random) -> None:
        self.study, self.questions, self.rng = study, questions, rng
        self.values: dict[str, Any] = {}
        self.chosen: dict[str, frozenset[str]] = {}

    def row(self) -> Row:
        row: Row = {}
        for question in self.questions.values():
            if question.per is None:
                row |= self._cells(question, question.id, asked=self._asked(question))
                continue
            eligible = [v for v in self.study.options(self.questions[question.per.source])
                        if v in self.chosen.get(question.per.source, ()) and v not in question.per.except_]  # fmt: skip
            drawn = self._drawn(question, eligible)
            for value in self._values(question):
                row |= self._cells(question, f"{question.id}.{value}", asked=value in drawn)
        return row

    def _values(self, question: Question) -> list[str]:
        feeder = self.questions[question.per.source] if question.per else question
        alone = self.study.exclusive(feeder) if isinstance(feeder, Multiple) else ()
        left_out = {*alone, *(question.per.except_ if question.per else ())}
        return [v for v in self.study.options(feeder) if v not in left_out]

    def _drawn(self, question: Question, eligible: Sequence[str]) -> list[str]:
        """The values of a loop that this person is asked about, the same for all questions of the loop."""
        loop = question.per
        if loop is None or loop.at_most is None:
            return list(eligible)
        key = f"{loop.source} drawn"
        if key not in self.values:
            self.values[key] = self.rng.sample(list(eligible), min(loop.at_most, len(eligible)))
        return list(self.values[key])

    def _asked(self, question: Question) -> bool:
        if question.ask_if is None:
            return True
        tree = resolve(question.ask_if, self.study, self.questions, want=("truth",)).tree
        alone = {name: frozenset(codes) for name, codes in self.study.standing_alone(self.questions).items()}
        return fold(tree, PlainAlgebra(Answers(self.values, self.chosen, {}, alone))) is True

    def _cells(self, question: Question, name: str, *, asked: bool) -> Row:
        rng, options = self.rng, list(self.study.options(question))
        match question:
            case Mention():
                return {name: rng.choice([b.name for b in self.study.brands]) if asked and rng.random() < OFTEN else ""}
            case Multiple():
                return self._ticked(question, name, options, asked=asked)
            case Ranking():
                order = rng.sample(options, question.places or len(options)) if asked else []
                return {f"{name}.{o}": str(order.index(o) + 1) if o in order else "" for o in options}
        value = _answer(question, options, rng) if asked else ""
        if question.per is None and value:
            self.values[question.id] = float(value) if isinstance(question, Scale | Numeric) else value
        return {name: value}

    def _ticked(self, question: Multiple, name: str, options: list[str], *, asked: bool) -> Row:
        alone = self.study.exclusive(question)
        found = {o for o in options if o not in alone and self.rng.random() < OFTEN} if asked else set[str]()
        if asked and not found and alone:
            found = {alone[-1]}
        if asked and question.per is None:
            self.chosen[question.id] = frozenset(found)
        row = {f"{name}.{o}": ("1" if o in found else "0") if asked else "" for o in options}
        return row | {f"{name}.{o}.text": "" for o in question.specify}


def _answer(question: Question, options: Sequence[str], rng: random.Random) -> str:
    """An answer to a question that stands in one column."""
    match question:
        case Single():
            return rng.choice(options)
        case Scale(scale=ends):
            return str(round(rng.triangular(ends.from_, ends.to, ends.from_ + 0.7 * (ends.to - ends.from_))))
        case Numeric(minimum=low, maximum=high):
            return str(rng.randint(int(low or 0), int(high or (low or 0) + 10)))
        case Date(latest=latest):
            return ((latest or date(2024, 1, 31)) - timedelta(days=rng.randrange(300))).isoformat()
        case Category():
            return rng.choice("ABC")
        case Open():
            return rng.choice(STORIES)
    return ""


def _tests(study: Study, wave: Wave, rng: random.Random) -> Iterator[Row]:
    criteria = dict.fromkeys(c.id for grid in study.grids.values() for c in grid.criteria)
    for brand in study.brands:
        level = rng.uniform(0.4, 0.8)  # what the brand delivers
        for channel, grid in study.grids.items():
            for number in range(TESTS):
                sent = _moment(wave, rng)
                replied = rng.random() < REPLIED
                answered = sent + timedelta(hours=rng.expovariate(1 / 30)) if replied else None
                marks = {c.id: str(round(c.out_of * min(max(rng.gauss(level, 0.25), 0), 1))) for c in grid.criteria}
                yield {
                    "test": f"{brand.brand}-{channel}-{number + 1}", "brand": brand.name, "channel": channel,
                    "outcome": "answered" if replied else "unanswered", "sent_at": _shown(sent),
                    "answered_at": _shown(answered),
                    **{c: marks.get(c, "") if replied else "" for c in criteria},
                    **_own(study, "mystery", rng, asked=replied),
                }  # fmt: skip


def _reviews(study: Study, wave: Wave, rng: random.Random) -> Iterator[Row]:
    number = 0
    for brand in study.brands:
        best = rng.uniform(0.3, 0.8)
        for _ in range(rng.randint(REVIEWS // 2, REVIEWS * 2)):
            number += 1
            published = _moment(wave, rng)
            happy = rng.random() < best
            replied = published + timedelta(days=rng.randint(1, 20)) if rng.random() < OFTEN else None
            yield {
                "review": str(number), "brand": brand.name, "author": f"a{rng.randrange(10_000)}",
                "stars": str(rng.choice((4, 5, 5) if happy else (1, 1, 2, 3))),
                "text": rng.choice(STORIES[::4] if happy else STORIES[1::4]) if rng.random() < REPLIED else "",
                "platform": rng.choice(("Avis A", "Avis B")), "solicited": rng.choice(("yes", "no")),
                "verified": rng.choice(("yes", "no")), "published_on": published.date().isoformat(),
                "replied_at": replied.date().isoformat() if replied else "", **_own(study, "reviews", rng, asked=True),
            }  # fmt: skip


def _own(study: Study, source: Any, rng: random.Random, *, asked: bool) -> Row:
    """Answers to the study's own questions of a source."""
    found: Row = {}
    for question in study.own(source).values():
        options = list(study.options(question))
        found[question.id] = _answer(question, options, rng) if asked else ""
    return found


def _moment(wave: Wave, rng: random.Random) -> datetime:
    """A moment of the fieldwork, in office hours."""
    first, last = wave.field or (date(2024, 1, 8), date(2024, 3, 15))
    day = first + timedelta(days=rng.randrange((last - first).days + 1))
    return datetime.combine(day, time(rng.randint(9, 17), rng.randrange(60)))


def _shown(moment: datetime | None) -> str:
    return moment.strftime("%Y-%m-%d %H:%M") if moment else ""


DRAWN: dict[str, Callable[[Study, Wave, random.Random], Iterator[Row]]] = {
    "survey": _people, "mystery": _tests, "reviews": _reviews,
}  # fmt: skip
