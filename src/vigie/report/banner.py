"""The indicators by the questions of the banner: one row per category, one column per indicator."""

from __future__ import annotations

from collections.abc import Iterator

from vigie.report.apart import shorts
from vigie.report.blocks import Block, Cell, Column, Fold, Row, Section, Table
from vigie.report.captions import note, section_note
from vigie.report.edition import COLUMN, HEADING, Edition
from vigie.report.lettering import compared, lettered, rule
from vigie.report.measures import Key as Line
from vigie.results.figures import Estimate

MOST_COLUMNS, MOST_OPEN = 6, 2


def banner(edition: Edition) -> Iterator[Block]:
    """The first tables lie open, the others are folded."""
    words = edition.words
    questions = [q for q in edition.results.banner if edition.by(q)]
    whole = edition.whole()
    broken = [key for key in whole if any(key in edition.by(q) for q in questions)]
    if not broken:
        return
    yield Section("profiles", words.gettext("Profiles"), words.gettext("Who says what"))
    said = [words.gettext("Value and unweighted base.")]
    if edition.results.previous:
        said.append(words.gettext("Arrows: significant change since the wave before."))
    told = [whole[key] for key in broken]
    cells = [e for q in questions for key in broken for e in edition.by(q).get(key, {}).values()]
    said.append(rule(words, cells[0].level) if compared(cells) else words.gettext("No category differs significantly."))
    yield section_note(edition, told, *said)
    size = -(-len(broken) // -(-len(broken) // MOST_COLUMNS))  # tables as even as can be
    tables = [_table(edition, questions, broken[start : start + size]) for start in range(0, len(broken), size)]
    yield from tables[:MOST_OPEN]
    if rest := tables[MOST_OPEN:]:
        n = len(broken) - size * MOST_OPEN
        yield Fold(words.ngettext("{n} more indicator by profile", "{n} more indicators by profile", n), tuple(rest))


def _table(edition: Edition, questions: list[str], keys: list[Line]) -> Table:
    words, whole = edition.words, edition.whole()
    totals = [whole[key] for key in keys]
    columns = (Column(""), *(Column(name, numeric=True) for name in shorts(edition, totals, COLUMN)))
    rows = [Row((words.gettext("All"), *(edition.figure(e, with_base=True) for e in totals)))]
    for question in questions:
        by = edition.by(question)
        rows.append(Row((edition.cut(edition.label(question), COLUMN),), heading=True))
        codes = dict.fromkeys(code for key in keys for code in by.get(key, {}))
        letters = lettered([(question, code) for code in codes])
        rows += [
            _row(edition, question, code, letters[question, code], [by.get(key, {}).get(code) for key in keys])
            for code in codes
        ]
    names = [edition.short(e, COLUMN).rstrip(" \u202f\u00a0?:.") for e in totals]
    most = next((k for k in (3, 2, 1) if sum(map(len, names[:k])) <= HEADING), 1)
    title = words.gettext("{indicators}, by profile", indicators=words.listing(names, most=most))
    return Table(title, columns, tuple(rows), "", note(edition, totals))


def _row(edition: Edition, question: str, code: str, letter: str, estimates: list[Estimate | None]) -> Row:
    """A category, named by its letter, with those that it exceeds beside each figure."""
    cells: list[Cell] = [f"{letter}\u2002{edition.label(f'{question}:{code}')}"]
    cells += [edition.figure(e, with_base=True, lettered=True) if e else None for e in estimates]
    return Row(tuple(cells))
