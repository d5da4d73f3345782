"""A channel through all sources: what customers say, what tests measure, what the log records, each in its own unit."""

from __future__ import annotations

from collections.abc import Iterator

from vigie.language import NBSP
from vigie.report.blocks import Block, Chart, Section
from vigie.report.captions import full_note, keys, unit_line
from vigie.report.channels import panel
from vigie.report.comparison import Lane
from vigie.report.drawings import Figure, Panorama, PanoramaRow
from vigie.report.edition import CHANNEL, COLUMN, Edition
from vigie.report.measures import SCORE, STATISTIC, WITHIN, Measure
from vigie.report.sources import source_name
from vigie.results.figures import Source

MOST = 7  # columns of a page
SHARES = {"survey": 2, "mystery": 1, "log": 2, "reviews": 1}  # how many each source may fill
DAY = "24 h"


def side_by_side(edition: Edition) -> Iterator[Block]:
    """Only where the log, the reviews or the delays say something of a channel beside the survey or the tests."""
    words = edition.words
    found = list(lanes(edition))
    sources = dict.fromkeys(lane.first.source for lane in found)
    beyond = any(lane.first.source in ("log", "reviews") or lane.first.part == WITHIN for lane in found)
    if len(sources) < 2 or not beyond:
        return
    title = words.gettext("A channel through all sources")
    yield Section("sources", words.gettext("Side by side"), title)
    yield _chart(edition, found)


def lanes(edition: Edition) -> Iterator[Lane]:
    """The main figures of each source by channel: satisfaction and effort, score and delays, resolution, stars."""
    yield from _of_survey(edition)
    yield from (_named(edition, m) for m in _by_channel(edition, "mystery") if _score(m))
    for source in ("mystery", "log"):
        shares = [m for m in _by_channel(edition, source) if m.kind == "share"]
        if source == "log":
            yield from (_named(edition, m) for m in shares[: SHARES[source]])
        yield from list(_delays(edition, source))[:1]
    stars = [m for m in _by_channel(edition, "reviews") if m.kind == "mean"]
    yield from (_named(edition, m) for m in stars[: SHARES["reviews"]])


def _score(measure: Measure) -> bool:
    return measure.first.indicator == SCORE or measure.kind == "score"


def _by_channel(edition: Edition, source: Source) -> list[Measure]:
    return [m for m in edition.of(source) if CHANNEL in m.groups and not m.coded and m.kind != "time_to"]


def _of_survey(edition: Edition) -> Iterator[Lane]:
    """One figure to a question, the use of channels left out: it is not an experience of them."""
    main = [key for key in edition.main_of_channels() if key[0] == "survey" and key != edition.usage]
    measures = [edition.measures[key] for key in main][: SHARES["survey"]]
    yield from (_named(edition, m) for m in measures if CHANNEL in m.groups)


def _delays(edition: Edition, source: Source) -> Iterator[Lane]:
    """Of tests the share answered within a day, of the log the median time."""
    words = edition.words
    for m in edition.of(source):
        by = m.crossed.get(CHANNEL, {}) if m.kind == "time_to" else {}
        wanted = (STATISTIC, "median") if source == "log" else (WITHIN, DAY)
        figures = {code: parts[wanted] for code, parts in by.items() if wanted in parts}
        if figures:
            name = edition.label(":".join(wanted))
            part = name if source == "log" else words.gettext("within {time}", time=name)
            yield Lane(
                words.gettext("{indicator}, {part}", indicator=edition.short(m.first, COLUMN), part=part), figures
            )


def _named(edition: Edition, measure: Measure) -> Lane:
    return Lane(edition.short(measure.first, COLUMN), measure.groups[CHANNEL])


def _chart(edition: Edition, found: list[Lane]) -> Chart:
    words = edition.words
    found = found[:MOST]
    known = [c for c in edition.channels if any(c in lane.figures for lane in found)]
    codes = [c for c in known if any(c in lane.figures and lane.figures[c].value is not None for lane in found)]
    silent = edition.labels(CHANNEL, (c for c in known if c not in codes))
    rows = tuple(
        PanoramaRow(edition.label(f"{CHANNEL}:{c}"), "", tuple(_cell(edition, lane, c) for lane in found))
        for c in codes
    )
    panels = tuple(panel(edition, lane.figures, lane.name, _unit(edition, lane)) for lane in found)
    shown = [e for lane in found for e in lane.figures.values()]
    sources = list(dict.fromkeys(lane.first.source for lane in found))
    sub = words.gettext("{n} channels; {sources}", n=words.count(len(codes)),
                        sources=words.listing([source_name(edition, s).lower() for s in sources]))  # fmt: skip
    apart = words.gettext(
        "The sources do not measure the same thing: customers judge, testers apply a grid, a log counts its cases, "
        "authors of reviews choose to write. They stand side by side and are never averaged."
    )
    dash = words.gettext("A dash: the source observes nothing of the channel, or too little.")
    told = [words.gettext("Too few to be shown: {names}.", names=words.listing(silent, most=12))] if silent else []
    legend = keys(edition, shown, "dot", "ring", "move", "fragile")
    title = words.gettext("What each source says of each channel")
    return Chart(title, sub, Panorama(panels, rows), full_note(edition, shown, apart, dash, *told), legend)


def _unit(edition: Edition, lane: Lane) -> str:
    """The source before the unit: two figures of one name are not one thing."""
    name = source_name(edition, lane.first.source)
    return f"{name}{NBSP}· {unit_line(edition, lane.first)}"


def _cell(edition: Edition, lane: Lane, code: str) -> Figure:
    e = lane.figures.get(code)
    if e is not None:
        return edition.figure(e)
    first = lane.first
    return Figure(None, first.unit, first.decimals, "hidden", why=edition.why_nothing(first.source))
