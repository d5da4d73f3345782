"""Response times: how many were answered by when, those who still wait included; never a mean of the answered alone."""

from __future__ import annotations

from collections.abc import Iterator

from vigie.report.blocks import Block, Chart, Section
from vigie.report.captions import keys, note, section_note
from vigie.report.comparison import compared, dimensions
from vigie.report.drawings import Curve
from vigie.report.edition import Edition
from vigie.report.measures import STATISTIC, WITHIN, Measure
from vigie.report.sources import ORDER, counted, source_name


def delays(edition: Edition) -> Iterator[Block]:
    words = edition.words
    found = [m for s in ORDER for m in edition.of(s) if m.kind == "time_to" and m.part(WITHIN)]
    if not found:
        return
    yield Section("delays", words.gettext("Response times"), words.gettext("How long answers take"))
    censored = words.gettext(
        "Who had no answer is not left out: they count as still waiting until observation ends (the cut-off). "
        "The mean of the answered alone is not given: it would leave out all who waited in vain."
    )
    median = words.gettext("The median is the time by which half were answered; where fewer were, it is not reached.")
    yield section_note(edition, [m.first for m in found], censored, median)
    for measure in found:
        yield _chart(edition, measure)
        for dimension in dimensions([measure]):
            yield from compared(edition, [measure], dimension)


def _chart(edition: Edition, measure: Measure) -> Chart:
    words, by = edition.words, measure.part(WITHIN)
    shown = list(by.values())
    times = tuple(edition.label(f"{WITHIN}:{code}") for code in by)
    spec = Curve(times, tuple(edition.figure(e) for e in shown), tuple(facts(edition, measure)))
    n = max(e.n for e in shown)
    sub = words.gettext(
        "{source}: share answered by each time, of {n}",
        source=source_name(edition, measure.source), n=counted(edition, measure.source, n),
    )  # fmt: skip
    step = words.gettext("The line shows what is known at the least: it rises only at the times that were looked at.")
    caption = note(edition, shown, step)
    return Chart(edition.short(measure.first), sub, spec, caption, keys(edition, shown, "dot", "fragile"))


def facts(edition: Edition, measure: Measure) -> Iterator[str]:
    """The median or why there is none, who was answered by the cut-off, and the mean of all up to it."""
    words, by = edition.words, measure.part(STATISTIC)
    if (e := by.get("median")) is not None and e.flag != "hidden":
        if e.value is None:
            yield words.gettext("Median time: not reached, fewer than half were answered")
        else:
            yield words.gettext("Median time: {time}", time=_with_interval(edition, measure, "median"))
    if "answered" in by and by["answered"].value is not None:
        yield words.gettext("Answered by the cut-off: {share}", share=_with_interval(edition, measure, "answered"))
    if "restricted_mean" in by and by["restricted_mean"].value is not None:
        said = _with_interval(edition, measure, "restricted_mean")
        yield words.gettext("Mean wait up to the cut-off, all included: {time}", time=said)


def _with_interval(edition: Edition, measure: Measure, code: str) -> str:
    words, figure = edition.words, edition.figure(measure.part(STATISTIC)[code])
    said = words.value(figure.value or 0.0, figure.unit, figure.decimals)
    if figure.low is None or figure.high is None:
        return said
    return f"{said} ({words.interval(figure.low, figure.high, figure.unit, figure.decimals)})"
