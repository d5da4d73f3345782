"""What forms offer of a study: its questions and indicators by name."""

from __future__ import annotations

from typing import Any, cast

from vigie.language import Words
from vigie.report.names import without_loop
from vigie.results.figures import Source, pick
from vigie.study.model import Study
from vigie.study.questions import Open
from vigie.study.text import spread
from vigie.study.waves import Wave

LONGEST = 80  # characters of a question in a list
Listed = list[tuple[str, str]]


def rows(study: Study, wave: str, source: str, words: Words) -> Listed:
    """What may stand in the rows of a table: questions, grids, indicators."""
    of = cast("Source", source)
    asked = {n: q for n, q in study.asked(of, wave).items() if not isinstance(q, Open)}
    grids = {n: b.label for n, b in study.batteries.items()} if source == "survey" else {}
    listed = [(n, _named(spread(q.label), words, n)) for n, q in asked.items()]
    listed += [(n, _named(spread(label), words, n)) for n, label in grids.items()]
    listed += [
        (i.id, _named(spread(i.label or {"": i.id}), words, i.id)) for i in study.indicators.values()
        if i.source == source and i.id not in asked
    ]  # fmt: skip
    return listed


def columns(study: Study, wave: str, source: str, words: Words) -> Listed:
    """What may break the columns: questions of listed answers, and the channels of loops."""
    asked = study.asked(cast("Source", source), wave)
    kinds = ("single", "multiple", "category")
    listed = [(n, _named(spread(q.label), words, n)) for n, q in asked.items() if q.kind in kinds and not q.per]
    return [*listed, ("channel", words.gettext("Channel"))] if source == "survey" else listed


def open_questions(study: Study, wave: Wave, words: Words) -> Listed:
    """The questions to which people answer in their own words, of every source of a wave."""
    found: dict[str, str] = {}
    for source in wave.by_source:
        for name, question in study.asked(source, wave.id).items():
            if isinstance(question, Open):
                found.setdefault(name, _named(spread(question.label), words, name))
    return list(found.items())


def _named(texts: Any, words: Words, code: str) -> str:
    text = words.typeset(without_loop(pick(texts, words.code))) or code
    return text if len(text) <= LONGEST else text[: LONGEST - 1].rstrip() + "…"
