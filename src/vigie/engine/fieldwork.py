"""What the methodology sheet tells of a wave's fieldwork: days, rows, channels, and the words of every question."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pyarrow.compute as pc

from vigie.engine.mystery import MysteryFigures
from vigie.engine.session import Session
from vigie.engine.survey import SurveyFigures
from vigie.results.methods import Fieldwork, Wording
from vigie.study.model import Study
from vigie.study.panels import Panel
from vigie.study.questions import Question
from vigie.study.text import spread
from vigie.study.waves import Wave


def fieldwork(
    wave: Wave, session: Session, survey: SurveyFigures | None, mystery: MysteryFigures | None, channels: Sequence[str]
) -> Iterator[Fieldwork]:
    """One record per source that the wave has."""
    read, tables = session.snapshot.manifest["read"], session.snapshot.manifest["tables"]
    if survey is not None:
        start, end = _days(session, wave, "respondents", "started_at")
        yield Fieldwork("survey", wave.mode, start, end, read["survey"], tables["respondents"])
    if mystery is not None:
        start, end = _days(session, wave, "tests", "sent_at")
        yield Fieldwork("mystery", "", start, end, read["tests"], tables["tests"], mystery.by_channel, mystery.brands)
    if session.has("reviews"):
        start, end = _days(session, wave, "reviews", "published")
        kept, _, brands = _counted(session, "reviews", "review", channels)
        yield Fieldwork("reviews", "", start, end, read["reviews"], kept, brands=brands)
    if session.has("cases"):
        start, end = _days(session, wave, "cases", "opened_at")
        kept, by_channel, brands = _counted(session, "cases", "case", channels)
        yield Fieldwork("log", "", start, end, read["log"], kept, by_channel, brands, events=session.has("events"))


def _counted(
    session: Session, table: str, key: str, channels: Sequence[str]
) -> tuple[int, tuple[tuple[str, int], ...], int]:
    """Reviews or cases, how many by channel where it is known, and how many brands they are of."""
    rows = session.table(table).select(key, "channel", "brand").to_pyarrow()
    counts = {c["values"]: c["counts"] for c in pc.value_counts(rows["channel"]).to_pylist()}
    by_channel = tuple((c, counts[c]) for c in channels if c in counts)
    return pc.count_distinct(rows[key]).as_py(), by_channel, pc.count_distinct(rows["brand"]).as_py()


def _days(session: Session, wave: Wave, table: str, column: str) -> tuple[str, str]:
    """The first and the last day of a source: as the data tell, else as the study says, else nothing."""
    moments = session.table(table)[column]
    first, last = moments.min().to_pyarrow().as_py(), moments.max().to_pyarrow().as_py()
    if first is not None:
        return first.isoformat()[:10], last.isoformat()[:10]
    return (wave.field[0].isoformat(), wave.field[1].isoformat()) if wave.field else ("", "")


def wordings(study: Study, wave: Wave, before: Wave | None) -> Iterator[Wording]:
    """Every question as the wave fielded it, and whether it was another one in the wave before."""
    earlier = study.instrument(before.id) if before else {}
    for question in study.instrument(wave.id).values():
        if isinstance(question, Panel):
            continue  # nobody was asked
        changed = bool(before) and question.id in earlier and _changed(study, question, earlier[question.id])
        options = (
            tuple((c, spread(t)) for c, t in study.options(question).items()) if study.over(question) != "brand" else ()
        )
        yield Wording(question.id, question.kind, spread(question.label), options, _asked(question), changed)


def _asked(question: Question) -> str:
    """Whom a question was asked: its routing, else whoever fed its loop, else everyone."""
    return question.ask_if or (f"any({question.per.source})" if question.per else "everyone")


def _changed(study: Study, now: Question, then: Question) -> bool:
    """Whether wording, options, scale, routing or loop differ; translations do not count."""
    languages = study.header.languages

    def told(question: Question) -> Any:
        raw = question.model_dump(exclude={"same_as"})
        raw["label"] = [spread(question.label)[language] for language in languages]
        return raw

    return bool(told(now) != told(then))
