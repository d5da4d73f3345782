"""The answers to questions: one bar per option, where the results hold figures by option."""

from __future__ import annotations

from collections.abc import Iterator

from vigie.report.blocks import Bar, Bars, Block, Chart, Section
from vigie.report.captions import keys, note, unit_line
from vigie.report.edition import BRAND, CHANNEL, SECTOR, Edition
from vigie.results import Estimate

MOST_BARS = 30


def answers(edition: Edition) -> Iterator[Block]:
    words = edition.words
    known = {CHANNEL, BRAND, SECTOR, *edition.results.banner}
    questions = [shape[0] for shape in edition.shapes if len(shape) == 1 and shape[0] not in known]
    charts = [
        _chart(edition, q, list(by.values()))
        for q in questions
        for key, by in edition.by(q).items()
        if len(by) > 1 or key not in edition.by(CHANNEL)  # what is left of the channels, "none", is no chart
    ]
    charts = [chart for chart in charts if chart is not None]
    if charts:
        yield Section("answers", words.gettext("Answers"), words.gettext("What they answer"))
        yield from (chart for chart in charts if chart is not None)


def _chart(edition: Edition, question: str, estimates: list[Estimate]) -> Chart | None:
    shown = [e for e in estimates if (e.value or 0) >= 0][:MOST_BARS]
    if _kind(edition, question) == "multiple":  # the other kinds have an order of their own
        shown.sort(key=lambda e: -(e.value or 0))
    figures = [edition.figure(e) for e in shown]
    tops = [max(f.value, min(f.high or 0, f.value * 1.5)) for f in figures if f.value is not None]
    if not tops or max(tops) <= 0:
        return None
    labels = [edition.label(f"{question}:{e.at(question)}") for e in shown]
    bars = tuple(Bar(label, figure) for label, figure in zip(labels, figures, strict=True))
    first = shown[0]
    unit = unit_line(edition, first)
    named = edition.label(question)
    sub = unit if named == edition.indicator(first) else f"{named} · {unit}"
    spec = Bars(bars, max(tops), first.unit, first.decimals)
    return Chart(
        edition.indicator(first), sub, spec, note(edition, shown), keys(edition, shown, "arrow", "fragile"), half=True
    )


def _kind(edition: Edition, question: str) -> str:
    return next((w.kind for w in edition.results.questionnaire if w.id == question), "")
