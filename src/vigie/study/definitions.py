"""What a trend depends on in a question or a mystery grid, each in one normal form.

Two questions of one normal form were the same to whoever answered them: identities (`identity.py`), declarations
(`settling.py`) and the differences of two waves (`instruments.py`) all stand on these forms, and on no other notion.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from vigie.study.expressions import written
from vigie.study.grids import Grid
from vigie.study.indicators import EVERYONE
from vigie.study.model import Study
from vigie.study.parsing import parse
from vigie.study.questions import Mention, Multiple, Numeric, Question, Ranking, Scale
from vigie.study.text import in_language, normalised


def dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def words(study: Study, texts: Mapping[str, str]) -> list[str]:
    """What was read or heard: a text in the fieldwork languages, without what does not change its meaning."""
    return [normalised(in_language(texts, language)) for language in study.header.languages]


def definition(study: Study, question: Question) -> str:
    """All of a question that a trend depends on, in one normal form."""
    return dump([question.kind, *defined(study, question, {question.id})])


def defined(study: Study, question: Question, whole: set[str]) -> list[Any]:
    """All of a question that decides who answers it, and what the answer means.

    `whole` are the questions whose list of options counts as a whole.
    """
    told = [words(study, question.label), list(answers(study, question, whole)), list(scale(study, question))]
    return [*told, routing(question) + loop(question), dont_know(question)]


def answers(study: Study, question: Question, whole: set[str]) -> Iterator[str]:
    """Codes with their labels, and which stand alone; of brands only that it is a list of them: they come and go.

    Channels of a list come and go too, unless the list counts as a whole.
    """
    if study.over(question) == "brand":
        yield "brands"
        return
    if isinstance(question, Multiple):
        yield f"alone: {sorted(study.exclusive(question))}"
    listed = study.options(question)
    if over_channels(study, question) and question.id not in whole:
        yield "channels"
        alone = study.exclusive(question) if isinstance(question, Multiple) else ()
        listed = {code: texts for code, texts in listed.items() if code in alone}
    for code, texts in sorted(listed.items()):
        yield f"{code}={'|'.join(words(study, texts))}"


def scale(study: Study, question: Question) -> Iterator[str]:
    """The marks, the numbers or the places that an answer may be."""
    if isinstance(question, Scale):
        ends = [*words(study, question.scale.low), *words(study, question.scale.high)]
        yield f"{question.scale.from_}..{question.scale.to} {ends}"
    if isinstance(question, Numeric):
        yield f"{question.minimum}..{question.maximum} {words(study, question.unit or {})}"
    if isinstance(question, Ranking):
        yield f"places: {places(study, question)}"


def places(study: Study, question: Ranking) -> int:
    """How many options are ranked."""
    return question.places or len(study.options(question))


def routing(question: Question) -> str:
    """Who is asked."""
    return written(parse(question.ask_if)) if question.ask_if else EVERYONE


def loop(question: Question) -> str:
    """What the question is repeated for, and who drew it; empty where it is asked once."""
    if question.per is None:
        return ""
    per = question.per
    drawn = f"{per.choose} {per.at_most}" if per.at_most else "all"
    return f" per {per.dimension} of {per.source} {drawn} except {sorted(per.except_)}"


def dont_know(question: Question) -> bool | None:
    """Whether "don't know" counts in the base; None where it is not offered."""
    return question.dont_know.in_base if question.dont_know else None


def over_channels(study: Study, question: Question) -> bool:
    """Whether each option of a question is a channel that may be chosen beside the others."""
    return isinstance(question, Multiple) and not isinstance(question, Mention) and study.over(question) == "channel"


def judged(study: Study, grid: Grid) -> list[Any]:
    """What testers judge, in the words that they read, and how marks are weighted; `dump` makes it comparable."""
    return [
        [d.id, d.weight, [[c.id, words(study, c.label), c.out_of, c.weight, c.needs_reply] for c in d.criteria]]
        for d in grid.dimensions
    ]
