"""The lines of a table: what a question comes down to, as indicators made for the purpose, each with its words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from vigie.engine.columns import BOX, NET, combined
from vigie.errors import Problem
from vigie.language import LANGUAGES, N_, speak
from vigie.results.figures import Texts
from vigie.study.expressions import Between, Call, Compare, Constant, Either, Name, Option, Tree, written
from vigie.study.indicators import Indicator
from vigie.study.model import Study
from vigie.study.questions import Battery, Box, Category, Multiple, Numeric, Question, Ranking, Scale, Single
from vigie.study.text import spread

Kind = Literal["option", "net", "box", "mean", "median"]
MOST_MARKS = 21  # a longer scale has its boxes and its mean only
MEAN, MEDIAN, PLACE, DONT_KNOW = N_("Mean"), N_("Median"), N_("{option}: mean place"), N_("Don’t know")
GAPS = {"above": N_("Above expectations"), "at": N_("As expected"), "below": N_("Below expectations")}


@dataclass(frozen=True, slots=True)
class Stub:
    """An indicator that yields one line, or one for each of its parts (then `label` says what stands before these)."""

    indicator: Indicator
    kind: Kind
    label: Texts | None = None
    place: bool = False  # a mean place in a ranking


def lines_of(question: Question, study: Study, codes: tuple[str, ...] = ()) -> list[Stub]:
    """The lines of a question; `codes` are those of a question whose list is not fixed. None for texts and dates."""
    made = list(_lines(question, study, codes))
    return [Stub(_named(s.indicator, i), s.kind, s.label, s.place) for i, s in enumerate(made)]


def _named(indicator: Indicator, number: int) -> Indicator:
    return indicator.model_copy(update={"id": f"line_{number}"})


def _lines(question: Question, study: Study, codes: tuple[str, ...]) -> Iterator[Stub]:
    name = Name(question.id)
    match question:
        case Battery():
            yield from _battery(question)
        case Ranking():
            yield Stub(_indicator(share=written(name)), "option")
            yield Stub(_indicator(mean=written(name), decimals=1), "mean", place=True)
        case Multiple():
            yield from _options(question, study, {c: Option(question.id, c) for c in study.options(question)})
            yield from _together(question)
        case Single() | Category():
            listed = {c: Compare("==", name, Constant(c)) for c in codes or study.options(question)}
            yield from _options(question, study, listed)
            yield from _together(question)
        case Scale():
            marks = range(question.scale.from_, question.scale.to + 1)
            if len(marks) <= MOST_MARKS:
                yield from _options(question, study, {str(m): Compare("==", name, Constant(float(m))) for m in marks})
            yield from _together(question)
            yield Stub(_indicator(mean=written(name), decimals=1), "mean", said(MEAN))
        case Numeric():
            yield Stub(_indicator(mean=written(name), decimals=1), "mean", said(MEAN))
        case _:
            return
    if not isinstance(question, Battery) and question.dont_know and question.dont_know.in_base:
        answered, silent = Call("answered", question.id), Call("dont_know", question.id)
        base = written(Either(answered, silent))
        yield Stub(_indicator(share=written(silent), base=base), "option", spread(question.dont_know.label))


def _options(question: Question, study: Study, listed: Mapping[str, Tree]) -> Iterator[Stub]:
    """One share per option: in one go, except inside a loop, where each is a condition of its own."""
    if question.per is None:
        yield Stub(_indicator(share=written(Name(question.id))), "option")
        return
    words = study.options(question)
    for code, tree in listed.items():
        yield _share(tree, "option", spread(words.get(code, {"": code})))


def _together(question: Question) -> Iterator[Stub]:
    """Nets and boxes."""
    for dimension, code, tree, _ in combined(question):
        yield _share(tree, "box" if dimension == BOX else "net", together_words(question)[code])


def together_words(question: Question) -> dict[str, Texts]:
    """The words of a question's nets and boxes."""
    labelled = question.boxes if isinstance(question, Scale) else getattr(question, "nets", {})
    return {code: spread(one.label) for code, one in labelled.items()}


def _battery(battery: Battery) -> Iterator[Stub]:
    """Of a grid, each item's mean and boxes, or its options."""
    name = Name(battery.id)
    if battery.scale is not None:
        yield Stub(_indicator(mean=written(name), decimals=1, by=[battery.id]), "mean", said(MEAN))
        for box in battery.boxes.values():
            yield _share(_box(battery.id, box), "box", spread(box.label), by=[battery.id])
    for code, label in (battery.options or {}).items():
        yield _share(Compare("==", name, Constant(code)), "option", spread(label), by=[battery.id])


def _share(tree: Tree, kind: Kind, label: Texts, by: list[str] | None = None) -> Stub:
    return Stub(_indicator(share=written(tree), by=by or []), kind, label)


def _indicator(**given: object) -> Indicator:
    return Indicator.model_validate({"id": "line", **given})


def _box(question: str, box: Box) -> Tree:
    return Between(Name(question), float(box.from_), float(box.to))


def said(message: str) -> dict[str, str]:
    """A message of Vigie in every language."""
    return {language: speak(language).gettext(message) for language in LANGUAGES}


def part_words(dimension: str, code: str, study: Study, questions: Mapping[str, Question], own: Indicator) -> Texts:
    """The words of a part of an indicator: an option, an item of a grid, a state, a side of a gap."""
    if dimension in study.batteries:
        return spread(study.batteries[dimension].items.get(code, {"": code}))
    if dimension in (NET, BOX):
        name, _, part = code.partition(".")
        return together_words(questions[name]).get(part, {"": part})
    if dimension == "state":
        return spread(own.states.get(code, {"": code}))
    if dimension == "gap":
        return said(GAPS[code])
    if dimension == "statistic":
        return said(MEAN)
    if dimension == "channel":
        return spread(study.channel_label(code))
    asked = questions.get(dimension)
    listed = [asked] if asked is not None else [q for q in questions.values() if study.over(q) == dimension]
    found = next((options[code] for q in listed if code in (options := study.options(q))), {"": code})
    return spread(found)


def refusal(question: Question) -> Problem:
    """Why texts and dates have no table."""
    hint = f"Make a condition of it in an indicator, for example answered({question.id}), and give the indicator."
    return Problem("wrong-value", f'"{question.id}" is of kind {question.kind}: it has no options to count.', hint)
