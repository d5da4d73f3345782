"""The answers to questions: one bar per option or mark, on one axis from 0 to 100 %."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

from vigie.report.blocks import Block, Chart, Fold, Link, Links, Note, Section, Table
from vigie.report.captions import LONG, keys, note, section_note
from vigie.report.drawings import Bar, Bars
from vigie.report.edition import HEADING, Edition
from vigie.report.grids import grid
from vigie.report.measures import Key as Line
from vigie.report.names import stemmed
from vigie.results.figures import Estimate

MOST_BARS, FEW = 15, 5  # a few answers more are shown too
MANY = 20  # more questions than that are listed first, and folded in groups
GROUP = 12


def answers(edition: Edition) -> Iterator[Block]:
    words = edition.words
    parts = {key: es for key, es in edition.parts().items() if len(es) > 1}
    grids = {m.key: m for m in edition.of("survey") if m.items and not m.coded}
    parts |= {key: [e for by in m.items.values() for e in by.values()] for key, m in grids.items()}
    charts: dict[Line, Chart | Table] = {}
    for key in (key for key in edition.measures if key in parts):  # as the study has them
        made = grid(edition, grids[key], anchor(key)) if key in grids else chart(edition, key, parts[key])
        if made is not None:
            charts[key] = made
    if not charts:
        return
    yield Section("answers", words.gettext("Answers"), words.gettext("What they answer"))
    shown = [e for key in charts for e in parts[key]]
    yield section_note(edition, shown, words.gettext("Bars run from 0 to 100 %; the line on each is its interval."))
    if len(charts) <= MANY:
        yield from charts.values()
        return
    links = tuple(Link(c.title, c.anchor) for c in charts.values())
    yield Links(words.ngettext("{n} question", "{n} questions", len(charts)), links)
    for i, group in enumerate(_groups(edition, {key: parts[key][0] for key in charts})):
        first, last = (list(charts).index(key) + 1 for key in (group[0], group[-1]))
        yield Fold(_summary(edition, parts[group[0]][0], first, last), tuple(charts[key] for key in group), open=not i)


def _groups(edition: Edition, firsts: dict[Line, Estimate]) -> Iterator[list[Line]]:
    """Batteries stay together, if they are not too long; single questions are gathered."""
    found: list[Line] = []
    for _, run in itertools.groupby(firsts, key=lambda key: stemmed(edition.indicator(firsts[key]))[0]):
        battery = list(run)
        if found and (len(battery) > 2 or len(found) + len(battery) > GROUP):
            yield found
            found = []
        found += battery
        if len(battery) > 2:
            yield found
            found = []
    if found:
        yield found


def _summary(edition: Edition, first: Estimate, low: int, high: int) -> str:
    words = edition.words
    name = edition.cut(stemmed(edition.indicator(first))[0], HEADING)
    if low == high:
        return words.gettext("Question {n}: {name}", n=low, name=name)
    return words.gettext("Questions {low} to {high}: {name}", low=low, high=high, name=name)


def anchor(key: Line) -> str:
    return "answers-" + "".join(c if c.isalnum() else "-" for c in key[1])


def chart(edition: Edition, key: Line, estimates: Sequence[Estimate]) -> Chart | None:
    """The answers to one question as bars; nothing where nobody gave any."""
    shown = list(estimates)
    if not any(e.value for e in shown):
        return None
    first = shown[0]
    if _kind(edition, first) == "multiple":  # the other kinds have an order of their own
        shown.sort(key=lambda e: -(e.value or 0))
    bars = tuple(Bar(edition.part(e), edition.figure(e)) for e in shown)
    mean = _mean(edition, first)
    end = MOST_BARS if len(bars) > MOST_BARS + FEW else len(bars)
    spec = Bars(bars[:end], first.unit, first.decimals, bars[end:], edition.figure(mean) if mean else None)
    caption = note(edition, shown, told=edition.indicator(first))
    legend = keys(edition, shown, "arrow", "fragile")
    title = edition.short(first)
    return Chart(title, "", spec, _with_name(edition, first, title, caption), legend, half=True, anchor=anchor(key))


def _with_name(edition: Edition, first: Estimate, title: str, caption: Note) -> Note:
    """The whole name in the caption, where the heading is cut; folded away where it is long."""
    name = edition.indicator(first)
    if name == title or caption.folded:
        return caption
    whole = edition.words.gettext("“{text}”", text=name)
    if len(whole) > LONG:
        return Note(caption.lines, caption.anchor, (whole,), caption.figures)
    return Note((whole, *caption.lines), caption.anchor, figures=caption.figures)


def _kind(edition: Edition, estimate: Estimate) -> str:
    asked = edition.question(estimate)
    return asked.kind if asked else ""


def _mean(edition: Edition, first: Estimate) -> Estimate | None:
    """The mean of the same question, where an indicator gives it."""
    asked = edition.question(first)
    wanted = f"mean: {asked.id}" if asked else ""
    return next((e for e in edition.whole().values() if e.lineage.expression == wanted), None)
