"""A table that was asked for, as blocks: its figures with letters and bases, and the lines drawn column by column."""

from __future__ import annotations

from collections.abc import Iterator

from vigie.language import Words
from vigie.report.blocks import Block, Chart, Column, Note, Row, Table
from vigie.report.drawings import Figure, Panel, Panorama, PanoramaRow
from vigie.report.lettering import independence, table_rule
from vigie.report.names import without_loop
from vigie.report.scales import bounds
from vigie.report.table_basis import basis
from vigie.results.figures import Estimate, Texts, pick
from vigie.results.tables import Head, Line
from vigie.results.tables import Table as Crosstab

MOST_PANELS, MOST_ROWS = 6, 24  # more are told by the table alone
DRAWN = ("option", "net", "box", "mean")


def crosstab(table: Crosstab, words: Words, told: str = "") -> tuple[Block, ...]:
    """The table, and its chart where there is room for one; `told` stands above both, beside the name of the wave."""
    return (_table(table, words, told), *_chart(table, words, told))


def called(table: Crosstab, words: Words, told: str = "") -> str:
    """The name of the wave, and what is told beside it."""
    wave = words.gettext("Wave {wave}", wave=table.wave)
    return f"{wave}. {told}" if told else wave


def said(texts: Texts, words: Words) -> str:
    """A text of a table in the language of the page."""
    return words.typeset(without_loop(pick(texts, words.code)))


def _table(table: Crosstab, words: Words, told: str) -> Table:
    heads = [_head(h, words) for h in table.columns]
    columns = (Column(""), *(Column(head, numeric=True) for head in heads))
    rows = [Row((said(line.label, words), *(_figure(c) for c in line.cells))) for line in table.lines]
    rows += [
        Row((words.gettext("n, unweighted"), *(words.people(h.n) for h in table.columns))),
        Row((words.gettext("n, effective"), *(_effective(h, words) for h in table.columns))),
    ]
    lines = [*basis(words, table), table_rule(words, table), *independence(words, table)]
    return Table(said(table.title, words), columns, tuple(rows), called(table, words, told), Note(tuple(lines)))


def _head(head: Head, words: Words) -> str:
    """A column's name after the letter by which others name it."""
    name = said(head.label, words)
    return f"{head.letter}\u2002{name}" if head.letter else name


def _effective(head: Head, words: Words) -> str:
    return words.count(head.n_effective) if head.n >= 5 else ""


def _figure(e: Estimate | None) -> Figure | None:
    if e is None:
        return None
    if e.value is None:
        return Figure(None, e.unit, e.decimals, "hidden")
    return Figure(e.value, e.unit, e.decimals, e.flag, e.ci_low, e.ci_high, letters=e.letters)


def _chart(table: Crosstab, words: Words, told: str) -> Iterator[Block]:
    """A row to a line and a panel to a column, all on one scale: lines of one unit."""
    lines = [line for line in table.lines if line.kind in DRAWN]
    units = {e.unit for line in lines for e in line.cells if e is not None}
    places = [k for k, head in enumerate(table.columns) if head.n][:MOST_PANELS]
    if len(units) != 1 or not 1 < len(lines) <= MOST_ROWS or not places:
        return
    shown = [_figure(line.cells[k]) for line in lines for k in places]
    values = [v for f in shown if f is not None for v in (f.value, f.low, f.high) if v is not None]
    if not values:
        return
    unit, first = next(iter(units)), next(e for line in lines for e in line.cells if e is not None)
    share = unit == "share"
    low, high = bounds([0.0, *values] if share else values, least=0.1, within=(0.0, 1.0) if share else None)
    panels = tuple(
        Panel(said(table.columns[k].label, words), words.base(table.columns[k].n), low, high, unit, first.decimals)
        for k in places
    )
    rows = tuple(_row(line, places, words) for line in lines)
    left = len(table.columns) - len(places)
    more = words.ngettext("{n} column is in the table alone.", "{n} columns are in the table alone.", left)
    title = words.gettext("The same, drawn with intervals")
    level = words.gettext("Intervals at {level}", level=words.percent(table.level)) + "."
    yield Chart(title, told, Panorama(panels, rows), Note((level, *((more,) if left else ()))))


def _row(line: Line, places: list[int], words: Words) -> PanoramaRow:
    return PanoramaRow(said(line.label, words), "", tuple(_figure(line.cells[k]) for k in places))
