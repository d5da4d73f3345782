"""Response times: how many were answered by when, those who still wait included; never a mean of the answered alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from vigie.language import Words
from vigie.report.blocks import Block, Chart, Section
from vigie.report.captions import keys, note, section_note
from vigie.report.comparison import compared, dimensions
from vigie.report.drawings import Curve
from vigie.report.edition import Edition
from vigie.report.measures import STATISTIC, WITHIN, Measure
from vigie.report.outcomes import end, said, until
from vigie.report.sources import ORDER, counted, source_name


def delays(edition: Edition) -> Iterator[Block]:
    words = edition.words
    found = [m for s in ORDER for m in edition.of(s) if m.kind == "time_to" and m.part(WITHIN)]
    if not found:
        return
    yield Section("delays", words.gettext("Response times"), heading(found, words))
    yield section_note(edition, [m.first for m in found], *_read(found, words))
    for measure in found:
        yield _chart(edition, measure)
        for dimension in dimensions([measure]):
            yield from compared(edition, [measure], dimension)


def heading(found: Sequence[Measure], words: Words) -> str:
    """What the section tells of: answers, where any of its times runs to one."""
    kinds = {end(m.first): m.first for m in found}
    return said(kinds.get("answered", found[0].first), "head", words)


def _read(found: Sequence[Measure], words: Words) -> Iterator[str]:
    """How the figures are read, for each end that a time runs to."""
    for kind in dict.fromkeys(end(m.first) for m in found):
        own = [m.first for m in found if end(m.first) == kind]
        yield said(own[0], "left", words, until=until(own, words))
        yield said(own[0], "median", words)
    if any(m.first.lineage.gave_up for m in found):
        yield words.gettext("Who gave up got no answer, and never will: they count at every time.")


def _chart(edition: Edition, measure: Measure) -> Chart:
    words, by = edition.words, measure.part(WITHIN)
    shown = list(by.values())
    times = tuple(edition.label(f"{WITHIN}:{code}") for code in by)
    head = said(measure.first, "within", words)
    spec = Curve(times, tuple(edition.figure(e) for e in shown), tuple(facts(edition, measure)), head)
    n = max(e.n for e in shown)
    many = counted(edition, measure.source, n)
    sub = said(measure.first, "chart", words, source=source_name(edition, measure.source), n=many)
    step = words.gettext("The line shows what is known at the least: it rises only at the times that were looked at.")
    caption = note(edition, shown, step, *_observed(edition, measure))
    return Chart(edition.short(measure.first), sub, spec, caption, keys(edition, shown, "dot", "fragile"))


def _observed(edition: Edition, measure: Measure) -> Iterator[str]:
    """Until when the unanswered were observed, where the study's times differ in it."""
    every = [m.first for m in edition.measures.values() if m.kind == "time_to"]
    if len({(e.lineage.observed, e.lineage.cutoff) for e in every}) > 1 and measure.first.lineage.observed:
        yield edition.words.gettext("Observed until {until}.", until=until([measure.first], edition.words))


def facts(edition: Edition, measure: Measure) -> Iterator[str]:
    """The median or why there is none, who was answered by the cut-off, and the mean of all up to it."""
    words, by = edition.words, measure.part(STATISTIC)
    if (e := by.get("median")) is not None and e.flag != "hidden":
        if e.value is None:
            yield said(measure.first, "none", words)
        else:
            yield words.gettext("Median time: {time}", time=_with_interval(edition, measure, "median"))
    if "answered" in by and by["answered"].value is not None:
        yield _fact(edition, measure, "answered")
    if "restricted_mean" in by and by["restricted_mean"].value is not None:
        yield _fact(edition, measure, "restricted_mean")


def _fact(edition: Edition, measure: Measure, code: str) -> str:
    name = edition.part(measure.part(STATISTIC)[code])
    shown = _with_interval(edition, measure, code)
    return edition.words.gettext("{indicator}: {part}", indicator=name[:1].upper() + name[1:], part=shown)


def _with_interval(edition: Edition, measure: Measure, code: str) -> str:
    words, figure = edition.words, edition.figure(measure.part(STATISTIC)[code])
    shown = words.value(figure.value or 0.0, figure.unit, figure.decimals)
    if figure.low is None or figure.high is None:
        return shown
    return f"{shown} ({words.interval(figure.low, figure.high, figure.unit, figure.decimals)})"
