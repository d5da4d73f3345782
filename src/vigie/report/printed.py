"""A wave of which only printed figures are left: a short report, with where each was printed."""

from __future__ import annotations

from collections.abc import Iterator

from vigie.report.blocks import Block, Cell, Column, Row, Section, Table, Text, Title
from vigie.report.edition import Edition
from vigie.report.sources import source_name
from vigie.results.figures import Estimate, pick
from vigie.results.waves import WaveResults


def is_printed(results: WaveResults) -> bool:
    return bool(results.estimates) and all(e.published for e in results.estimates)


def printed(edition: Edition) -> Iterator[Block]:
    """The title, what this wave is, and its figures under the names of their indicators."""
    words, results = edition.words, edition.results
    name = words.typeset(pick(results.title, words.code) or results.study)
    yield Title(words.gettext("Printed figures of {wave}", wave=results.wave), name)
    lead = words.gettext(
        "Only printed figures are left of this wave: neither answers nor tests. They have no interval, "
        "and no change is tested against them."
    )
    yield Text((lead,), "lead")
    yield Section("figures", words.gettext("Figures"), words.gettext("The figures as they were printed"))
    for source in dict.fromkeys(e.source for e in results.estimates):
        yield _table(edition, [e for e in results.estimates if e.source == source])


def _table(edition: Edition, found: list[Estimate]) -> Table:
    words = edition.words
    based, told = any(e.n for e in found), any(e.lineage.note for e in found)
    columns = [Column(words.gettext("Indicator")), Column(words.gettext("Value"), numeric=True)]
    columns += [Column("n", numeric=True)] if based else []
    columns += [Column(words.gettext("Printed in"))] if told else []
    rows: list[Row] = []
    last = ""
    for e in sorted(found, key=lambda e: bool(e.segment)):
        if e.segment and last != e.indicator:
            rows.append(Row((edition.short(e),), heading=True))
        last = e.indicator
        cells: list[Cell] = [segment(edition, e) if e.segment else edition.indicator(e), edition.figure(e)]
        cells += [e.n or None] if based else []
        cells += [e.lineage.note] if told else []
        rows.append(Row(tuple(cells)))
    title = words.ngettext(
        "{source}: {n} printed figure", "{source}: {n} printed figures", len(found),
        source=source_name(edition, found[0].source),
    )  # fmt: skip
    return Table(title, tuple(columns), tuple(rows), stacked=True)


def segment(edition: Edition, e: Estimate) -> str:
    return ", ".join(edition.part(e, d, c) for d, c in e.segment)
