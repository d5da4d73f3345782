"""The panorama: channel by channel, what customers report and what tests measure."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

from vigie.language import LONG_HOURS
from vigie.report.blocks import Block, Cell, Chart, Column, Row, Section, Table
from vigie.report.captions import full_note, keys, note, unit_line
from vigie.report.drawings import Panel, Panorama, PanoramaRow
from vigie.report.edition import CHANNEL, Edition, looped
from vigie.report.findings import by_channel
from vigie.report.measures import Key as Line
from vigie.report.scales import bounds
from vigie.results.figures import Estimate

MOST_PANELS = 6
FEWEST = 2  # channels that can be set beside each other
Lines = list[tuple[Line, dict[str, Estimate]]]


def panorama(edition: Edition) -> Iterator[Block]:
    """One panel to a question; what else is known of channels stands in a table."""
    tables = edition.by(CHANNEL)
    if len({code for figures in tables.values() for code in figures}) < FEWEST:  # one channel is the whole
        return
    words = edition.words
    main = edition.main_of_channels()
    mystery = [key for key in main if key[0] == "mystery"][:1]
    shown = [key for key in main if key[0] != "mystery"][: MOST_PANELS - len(mystery)] + mystery
    yield Section("channels", words.gettext("Channels"), words.gettext("Channel by channel"))
    rest = [(key, figures) for key, figures in tables.items() if key not in shown]
    yield _chart(edition, [(key, tables[key]) for key in shown], partly=bool(rest))
    if rest:
        yield _table(edition, rest)


def _chart(edition: Edition, lines: Lines, *, partly: bool) -> Chart:
    words = edition.words
    shown = [e for _, figures in lines for e in figures.values()]
    channels = [c for c in edition.channels if any(c in figures for _, figures in lines)]
    rows = tuple(_row(edition, channel, lines) for channel in channels)
    panels = tuple(panel(edition, figures) for _, figures in lines)
    sub = words.ngettext(
        "{n} channel, from the most to the least used", "{n} channels, from the most to the least used", len(rows)
    )
    if len({key[0] for key, _ in lines}) == 2:
        sub += words.gettext("; what customers report beside what tests measure")
    legend = keys(edition, shown, "dot", "ring", "move", "fragile")
    return Chart(_title(edition, lines, partly=partly), sub, Panorama(panels, rows), full_note(edition, shown), legend)


def _title(edition: Edition, lines: Lines, *, partly: bool) -> str:
    """What moved, of the indicators drawn; else what is shown, for channels are not tested against each other."""
    words = edition.words
    moved = {e.figure for e in edition.moves()}
    moves = [e for _, figures in lines for e in figures.values() if e.figure in moved]
    if not moves:
        names = [edition.short(next(iter(figures.values())), 40) for _, figures in lines]
        most = 4 if len("".join(names)) < 70 else 2
        return words.gettext("{indicators}, by channel", indicators=words.listing(names, most=most))
    indicators = list(dict.fromkeys((e.source, e.indicator) for e in moves))
    channels = len({e.at(CHANNEL) for e in moves})
    if len(indicators) == 1:
        return by_channel(edition, moves)
    of = words.count(len({code for _, figures in lines for code in figures}))
    if partly:
        return words.ngettext(
            "Of the {drawn} indicators drawn, something changed significantly in {n} channel of {of}",
            "Of the {drawn} indicators drawn, something changed significantly in {n} channels of {of}", channels, of=of,
            drawn=words.count(len(lines)),
        )  # fmt: skip
    return words.ngettext(
        "Something changed significantly in {n} channel of {of}",
        "Something changed significantly in {n} channels of {of}", channels, of=of,
    )  # fmt: skip


def _row(edition: Edition, channel: str, lines: Lines) -> PanoramaRow:
    figures = tuple(edition.figure(by[channel]) if channel in by else None for _, by in lines)
    return PanoramaRow(edition.label(f"channel:{channel}"), _base(edition, channel), figures)


def _base(edition: Edition, channel: str) -> str:
    """How many evaluations of a channel there are; where nobody was asked, how many tests."""
    words = edition.words
    found = [by[channel] for by in edition.by(CHANNEL).values() if channel in by]
    if evaluated := [e.n for e in found if looped(e)]:
        n = max(evaluated)
        if 0 < n < 5:
            return words.gettext("< 5 evaluations")
        return words.ngettext("{n} evaluation", "{n} evaluations", n)
    tests = [e.n for e in found if e.source == "mystery"]
    return words.ngettext("{n} test", "{n} tests", max(tests)) if tests else ""


def panel(edition: Edition, figures: Mapping[str, Estimate], name: str = "", unit: str = "") -> Panel:
    """An indicator on a scale of its own, round at both ends."""
    first = next(iter(figures.values()))
    drawn = [edition.figure(e) for e in figures.values()]
    values = [v for f in drawn for v in (f.value, f.low, f.high, f.before) if v is not None]
    share, nps = first.unit == "share", first.unit == "nps"
    hours = first.unit == "hours"
    within = (0.0, 1.0) if share else (-1.0, 1.0) if nps else None
    if first.unit == "mean" and first.out_of is not None and min(values, default=0.0) >= 0:
        within = (0.0, first.out_of)
    least = 0.1 if share or nps else 0.5
    low, high = clock(values) if hours else bounds(values, least=least, within=within)
    unit = unit or unit_line(edition, first)
    return Panel(name or edition.short(first), unit, low, high, first.unit, first.decimals)


def clock(hours: Sequence[float]) -> tuple[float, float]:
    """Ends of a scale of time, from 0, round in the unit that its end is told in: seconds, minutes, hours or days."""
    for per, end in ((1 / 3600, 1 / 60), (1 / 60, 1.0), (1.0, LONG_HOURS), (24.0, math.inf)):
        low, high = (per * v for v in bounds([0.0, *(v / per for v in hours)], least=1.0, within=(0.0, math.inf)))
        if high < end:
            break
    return low, high


def _table(edition: Edition, lines: Lines) -> Table:
    """What the panorama leaves out: value, interval, base and arrow of every other indicator."""
    words = edition.words
    firsts = [next(iter(figures.values())) for _, figures in lines]
    columns = (Column(words.gettext("Channel")), *(Column(edition.short(e), numeric=True) for e in firsts))
    rows = []
    for channel in edition.channels:
        cells: list[Cell] = [edition.label(f"channel:{channel}")]
        cells += [edition.figure(by[channel], with_base=True) if channel in by else None for _, by in lines]
        rows.append(Row(tuple(cells)))
    shown = [e for _, figures in lines for e in figures.values()]
    title = words.gettext("Other indicators by channel")
    unfold = words.ngettext("Show {n} indicator", "Show all {n} indicators", len(lines))
    return Table(title, columns, tuple(rows), "", note(edition, shown), unfold, intervals=True)
