"""A grid asked whole, its options or marks by item: a bar of 100 % to an item, or a table where options are many."""

from __future__ import annotations

from collections.abc import Mapping

from vigie.report.blocks import Cell, Chart, Column, Note, Row, Table
from vigie.report.captions import note
from vigie.report.drawings import Stack, StackRow
from vigie.report.edition import Edition
from vigie.report.measures import Measure
from vigie.report.sources import base_counted
from vigie.report.tones import tones
from vigie.results.figures import Estimate

MOST_PARTS = 6  # colours that can be told apart


def grid(edition: Edition, measure: Measure, anchor: str = "") -> Chart | Table | None:
    """The answers to every item; nothing where nobody gave any."""
    found = {item: by for item, by in measure.items.items() if any(e.value for e in by.values())}
    if not found:
        return None
    codes = list(dict.fromkeys(code for by in found.values() for code in by))
    if len(codes) <= MOST_PARTS:
        return _bars(edition, measure, found, codes, anchor)
    return _table(edition, measure, found, codes, anchor)


def option(edition: Edition, e: Estimate) -> str:
    """The words of an option or mark of an item."""
    return next((edition.label(f"{d}:{c}") for d, c in e.segment if d == f"{e.part}_{e.at(e.part)}"), "")


def _heads(edition: Edition, found: Mapping[str, Mapping[str, Estimate]], codes: list[str]) -> list[str]:
    first = {code: e for by in found.values() for code, e in by.items()}
    return [option(edition, first[code]) for code in codes]


def _bars(
    edition: Edition, measure: Measure, found: Mapping[str, Mapping[str, Estimate]], codes: list[str], anchor: str
) -> Chart:
    rows = tuple(
        StackRow(
            edition.label(f"{measure.first.part}:{item}"),
            base_counted(edition, max(by.values(), key=lambda e: e.n)),
            tuple(edition.figure(by[c]) if c in by else None for c in codes),
        )
        for item, by in found.items()
    )
    spec = Stack(
        tuple(_heads(edition, found, codes)), tones(codes, ordered=True), rows,
        edition.words.gettext("Item"),
    )  # fmt: skip
    return Chart(edition.short(measure.first), "", spec, _note(edition, measure, found), anchor=anchor)


def _table(
    edition: Edition, measure: Measure, found: Mapping[str, Mapping[str, Estimate]], codes: list[str], anchor: str
) -> Table:
    columns = (Column(edition.words.gettext("Item")), *(Column(h, numeric=True) for h in _heads(edition, found, codes)))
    columns = (*columns, Column("n", numeric=True))
    rows = []
    for item, by in found.items():
        cells: list[Cell] = [edition.label(f"{measure.first.part}:{item}")]
        cells += [edition.figure(by[c]) if c in by else None for c in codes]
        rows.append(Row((*cells, edition.words.people(max(e.n for e in by.values())))))
    title = edition.short(measure.first)
    unfold = edition.words.ngettext("Show {n} line", "Show all {n} lines", len(rows))
    return Table(title, columns, tuple(rows), "", _note(edition, measure, found), unfold, anchor, intervals=True)


def _note(edition: Edition, measure: Measure, found: Mapping[str, Mapping[str, Estimate]]) -> Note:
    shown = [e for by in found.values() for e in by.values()]
    return note(edition, shown, told=edition.indicator(measure.first))
