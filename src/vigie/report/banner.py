"""The indicators by the questions of the banner: one row per category, one column per indicator."""

from __future__ import annotations

from collections.abc import Iterator

from vigie.report.blocks import Block, Cell, Column, Row, Section, Table
from vigie.report.captions import note
from vigie.report.edition import Edition
from vigie.report.edition import Key as Line
from vigie.results import Estimate

MOST_COLUMNS = 6


def banner(edition: Edition) -> Iterator[Block]:
    words = edition.words
    questions = [q for q in edition.results.banner if edition.by(q)]
    broken = [key for key in edition.whole() if any(key in edition.by(q) for q in questions)]
    if not broken:
        return
    yield Section("profiles", words.gettext("Profiles"), words.gettext("Who says what"))
    for start in range(0, len(broken), MOST_COLUMNS):
        yield _table(edition, questions, broken[start : start + MOST_COLUMNS])


def _table(edition: Edition, questions: list[str], keys: list[Line]) -> Table:
    words, whole = edition.words, edition.whole()
    totals = [whole[key] for key in keys]
    columns = (Column(""), *(Column(edition.indicator(e), numeric=True) for e in totals))
    rows = [Row((words.gettext("All"), *(edition.figure(e, with_base=True) for e in totals)))]
    for question in questions:
        by = edition.by(question)
        rows.append(Row((edition.label(question),), heading=True))
        codes = dict.fromkeys(code for key in keys for code in by.get(key, {}))
        rows += [_row(edition, f"{question}:{code}", [by.get(key, {}).get(code) for key in keys]) for code in codes]
    names = words.listing([edition.indicator(e) for e in totals], most=2 if len(totals) > 3 else 3)
    title = words.gettext("{indicators}, by profile", indicators=names)
    sub = words.gettext("Value and unweighted base; arrows: significant change since the wave before")
    untested = words.gettext("Categories are not tested against each other.")
    return Table(title, columns, tuple(rows), sub, note(edition, totals, untested))


def _row(edition: Edition, label: str, estimates: list[Estimate | None]) -> Row:
    cells: list[Cell] = [edition.label(label)]
    cells += [edition.figure(e, with_base=True) if e else None for e in estimates]
    return Row(tuple(cells))
