"""Groups side by side: channels, brands, sectors, platforms in rows, indicators on scales of their own in columns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from vigie.report.apart import in_order, shorts
from vigie.report.blocks import Block, Cell, Chart, Column, Row, Table
from vigie.report.captions import keys, note
from vigie.report.channels import panel
from vigie.report.drawings import Panorama, PanoramaRow
from vigie.report.edition import CHANNEL, COLUMN, Edition
from vigie.report.measures import STATISTIC, WITHIN, Measure
from vigie.report.sources import base_counted, by_dimension, source_name
from vigie.results.figures import Estimate

MOST_PANELS, MOST_ROWS, MOST_CELLS = 6, 14, 48  # more is a table
FEWEST = 2
FEW, MOST_TITLE = 3, 80  # indicators that a title names, and their characters


@dataclass(frozen=True, slots=True)
class Lane:
    """One column: a name and the figures of the groups."""

    name: str
    figures: Mapping[str, Estimate]

    @property
    def first(self) -> Estimate:
        return next(iter(self.figures.values()))


def compared(edition: Edition, measures: Sequence[Measure], dimension: str) -> Iterator[Block]:
    """All indicators by one dimension: drawn where the groups are few, else in a table that opens at a click."""
    found = lanes(edition, measures, dimension)
    if len(groups(edition, found, dimension)) < FEWEST:
        return
    title = _title(edition, [m for m in measures if dimension in m.groups or m.kind == "time_to"], dimension)
    rows = len(groups(edition, found, dimension))
    large = rows > MOST_ROWS or rows * min(len(found), MOST_PANELS) > MOST_CELLS
    for start in range(0, len(found), MOST_PANELS):
        some = found[start : start + MOST_PANELS]
        yield table(edition, some, dimension, title) if large else chart(edition, some, dimension, title)


def dimensions(measures: Iterable[Measure]) -> list[str]:
    """What the figures are broken by, channels first, brands last."""
    found = dict.fromkeys(d for m in measures for d in (*m.groups, *(m.crossed if m.kind == "time_to" else ())))
    order = (CHANNEL, "sector", "platform")
    return sorted(found, key=lambda d: (d == "brand", order.index(d) if d in order else len(order)))


def lanes(edition: Edition, measures: Sequence[Measure], dimension: str) -> list[Lane]:
    """One to an indicator; of times to an answer one to each time, and the median."""
    found = []
    names = dict(zip((m.key for m in measures), shorts(edition, [m.first for m in measures]), strict=True))
    for m in measures:
        if m.kind == "time_to":
            found += _times(edition, m, dimension, alone=sum(x.kind == "time_to" for x in measures) == 1)
        elif by := m.groups.get(dimension):
            found.append(Lane(names[m.key], by))
    return found


def _times(edition: Edition, measure: Measure, dimension: str, *, alone: bool) -> list[Lane]:
    words, crossed = edition.words, measure.crossed.get(dimension, {})
    parts = dict.fromkeys(part for by in crossed.values() for part in by)
    told = [(STATISTIC, "median")]
    if (WITHIN, measure.first.lineage.horizon) not in parts:  # else it is one of the times
        told.append((STATISTIC, "answered"))
    wanted = [part for part in parts if part[0] == WITHIN or part in told]
    found = []
    for part in wanted:
        name = edition.part(measure.first, *part)
        if part[0] == WITHIN:
            name = words.gettext("Within {time}", time=name)
        name = name[:1].upper() + name[1:]
        if not alone:
            name = words.gettext("{indicator}: {part}", indicator=edition.short(measure.first, COLUMN), part=name)
        found.append(Lane(name, {code: by[part] for code, by in crossed.items() if part in by}))
    return found


def groups(edition: Edition, found: Iterable[Lane], dimension: str) -> list[str]:
    """Channels in their order, brands from the largest to the smallest, other groups as the study has them."""
    counts: dict[str, int] = {}
    for lane in found:
        for code, e in lane.figures.items():
            counts[code] = max(counts.get(code, 0), e.n)
    return in_order(edition, dimension, counts)


def chart(edition: Edition, found: Sequence[Lane], dimension: str, title: str) -> Chart:
    """A row to a group, a panel to an indicator."""
    words = edition.words
    codes = groups(edition, found, dimension)
    shown = [e for lane in found for e in lane.figures.values()]
    rows = tuple(_row(edition, found, dimension, code) for code in codes)
    panels = tuple(panel(edition, lane.figures, lane.name) for lane in found)
    legend = keys(edition, shown, "dot", "ring", "move", "fragile")
    untested = words.gettext("The rows are not tested against each other.")
    head = edition.label(dimension)
    return Chart(title, "", Panorama(panels, rows, head), note(edition, shown, untested), legend)


def _row(edition: Edition, found: Sequence[Lane], dimension: str, code: str) -> PanoramaRow:
    estimates = [lane.figures.get(code) for lane in found]
    most = max((e for e in estimates if e is not None), key=lambda e: e.n)
    figures = tuple(edition.figure(e) if e is not None else None for e in estimates)
    return PanoramaRow(edition.label(f"{dimension}:{code}"), base_counted(edition, most), figures)


def table(edition: Edition, found: Sequence[Lane], dimension: str, title: str) -> Table:
    """Value, interval, base and arrow of every group."""
    words = edition.words
    codes = groups(edition, found, dimension)
    columns = (Column(edition.label(dimension)), *(Column(lane.name, numeric=True) for lane in found))
    rows = []
    for code in codes:
        cells: list[Cell] = [edition.label(f"{dimension}:{code}")]
        cells += [edition.figure(e, with_base=True) if (e := lane.figures.get(code)) else None for lane in found]
        rows.append(Row(tuple(cells)))
    shown = [e for lane in found for e in lane.figures.values()]
    unfold = words.ngettext("Show {n} line", "Show all {n} lines", len(codes))
    return Table(title, columns, tuple(rows), "", note(edition, shown), unfold, intervals=True)


def _title(edition: Edition, measures: Sequence[Measure], dimension: str) -> str:
    """The names of a few indicators; of many the source."""
    names = [edition.short(m.first, COLUMN) for m in measures]
    few = len(names) <= FEW and len("".join(names)) < MOST_TITLE
    listed = edition.words.listing(names) if few else source_name(edition, measures[0].source)
    return edition.words.gettext("{indicators}, {by}", indicators=listed, by=by_dimension(edition, dimension))
