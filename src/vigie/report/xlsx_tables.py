"""The tab book proper: per question its answers in rows, everybody and the banner in columns, bases beneath."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from vigie.report.captions import base, question
from vigie.report.edition import CHANNEL, Edition
from vigie.report.lettering import compared, lettered, rule
from vigie.report.measures import Key as Line
from vigie.report.measures import marked
from vigie.report.xlsx_cells import base_cell, effective, spaced, value_cell, weighted
from vigie.report.xlsx_sheet import Book, Sheet, XlsxCell
from vigie.results.figures import Estimate, Segment

Column = tuple[str, str]  # question and category of the banner; empty for everybody
ALL: Column = ("", "")
TOGETHER = ("net", "box")


@dataclass(slots=True)
class _Table:
    """The figures of one indicator: per row its label, and its figures by column."""

    first: Estimate
    rows: dict[Segment, dict[Column, Estimate]] = field(default_factory=dict)  # () where the indicator has no parts
    dimension: str = ""

    def bases_differ(self) -> bool:
        """Whether the rows stand on different people, as those of channels do."""
        seen: dict[Column, set[int]] = {}
        for row in self.rows.values():
            for column, e in row.items():
                seen.setdefault(column, set()).add(e.n)
        return any(len(counts) > 1 for counts in seen.values())


def table_sheet(book: Book, edition: Edition) -> list[Sheet]:
    """All tables beneath each other, under one head of banner columns that stays in sight."""
    tables, words = _tables(edition), book.words
    if not tables:
        return []
    columns = [ALL, *_categories(edition)]
    cells = [e for table in tables.values() for row in table.rows.values() for c, e in row.items() if c != ALL]
    letters = lettered(columns) if compared(cells) else {}
    sub = rule(words, cells[0].level) if letters else ""
    sheet = book.sheet(words.gettext("Tables"), words.gettext("Every question and indicator by the banner"), sub)
    sheet.widths([52, 13, *([13, 6] if letters else [13]) * len(columns[1:])])
    sheet.spans([edition.cut(edition.label(q)) for q, _ in columns[1:] for _ in range(2 if letters else 1)], 2)
    names = ["", words.gettext("Total")]
    for q, c in columns[1:]:
        label = edition.label(f"{q}:{c}")
        names += [f"{letters[q, c]}\n{label}", ""] if letters else [label]
    sheet.head(names, texts=(0, *(range(3, len(names), 2) if letters else ())))
    beside = _Beside(edition, tuple(columns), bool(letters))
    means = {e.figure: key for key, table in tables.items() if (e := _mean_of(edition, table)) is not None}
    for key, table in tables.items():
        if () in table.rows and table.first.figure in means:
            continue  # it stands as the mean of its question
        mean = next((tables[k] for k in tables if means.get(tables[k].first.figure) == key), None)
        sheet.mark(edition.indicator(table.first))
        _write(sheet, beside, table, mean)
    sheet.close()
    return [sheet]


def _tables(edition: Edition) -> dict[Line, _Table]:
    """What the survey's figures are: an indicator's rows are its answers, or channels, or itself."""
    banner = set(edition.results.banner)
    found: dict[Line, _Table] = {}
    for e in edition.results.estimates:
        rows = [pair for pair in e.segment if pair[0] in (e.part, CHANNEL) or pair[0] not in banner]
        cells = [pair for pair in e.segment if pair not in rows]
        if e.source != "survey" or len(rows) > (2 if marked(e) else 1) or len(cells) > 1:
            continue
        table = found.setdefault((e.source, e.indicator), _Table(e))
        table.rows.setdefault(tuple(rows), {})[cells[0] if cells else ALL] = e
    return found


def _categories(edition: Edition) -> list[Column]:
    """The columns of the banner, question by question, in the order of their categories."""
    wanted = edition.results.banner
    seen = dict.fromkeys((q, c) for e in edition.results.estimates for q, c in e.segment if q in wanted)
    order = {(w.id, code): i for w in edition.results.questionnaire for i, (code, _) in enumerate(w.options)}
    return sorted(seen, key=lambda pair: (wanted.index(pair[0]), order.get(pair, len(order))))


def _mean_of(edition: Edition, table: _Table) -> Estimate | None:
    """The mean of the question whose answers are the rows of a table."""
    asked = edition.question(table.first)
    if not table.first.part or asked is None:
        return None
    return next((e for e in edition.whole().values() if e.lineage.expression == f"mean: {asked.id}"), None)


@dataclass(frozen=True, slots=True)
class _Beside:
    """How lines are set: a figure per column, and beside each but the total its letters, where there are any."""

    edition: Edition
    columns: tuple[Column, ...]
    lettered: bool

    def of(self, row: Mapping[Column, Estimate]) -> list[Estimate | None]:
        return [row.get(c) for c in self.columns]

    def figures(self, cells: Sequence[Estimate | None]) -> list[XlsxCell]:
        shown = [value_cell(self.edition, e) for e in cells]
        return self.spaced(shown, [e.letters if e is not None else "" for e in cells])

    def spaced(self, cells: Sequence[XlsxCell], letters: Sequence[str] = ()) -> list[XlsxCell]:
        """Cells with what stands in the columns of letters."""
        return spaced(cells, (letters or [""] * len(cells)) if self.lettered else None)


def _write(sheet: Sheet, beside: _Beside, table: _Table, mean: _Table | None) -> None:
    edition = beside.edition
    name = edition.indicator(table.first)
    if list(table.rows) == [()]:
        cells = beside.of(table.rows[()])
        sheet.write([name, *beside.figures(cells)], bold=True, line=False)
        _bases(sheet, beside, cells)
        return
    sheet.heading(name)
    asked = question(edition, table.first)
    for line in dict.fromkeys((asked if asked != name else "", base(edition, table.first))):
        if line:
            sheet.remark(line)
    apart, unweighted = table.bases_differ(), edition.words.gettext("n, unweighted")
    item: Segment = ()
    for key, row in sorted(table.rows.items(), key=lambda item: _order(edition, item[0])):
        cells, together = beside.of(row), bool(key) and key[0][0] in TOGETHER
        if len(key) == 2 and item != key[:1]:  # the answers to an item stand beneath it
            item = key[:1]
            sheet.write([edition.part(table.first, *item[0])], bold=True, line=False)
        said = edition.part(table.first, *key[-1]) if key else edition.words.gettext("All")
        said = f"  {said}" if len(key) == 2 else said
        sheet.write([said, *beside.figures(cells)], line=not apart, bold=together)
        if apart:
            bases = [base_cell(edition, e) for e in cells]
            sheet.write([f"  {unweighted}", *beside.spaced(bases)], light=True)
    if mean is not None:
        cells = beside.of(mean.rows.get((), {}))
        sheet.write([edition.words.gettext("Mean"), *beside.figures(cells)], bold=True)
    if apart:
        sheet.row += 1
        return
    _bases(sheet, beside, beside.of(next(iter(table.rows.values()))))


def _order(edition: Edition, key: Segment) -> int:
    """Channels from the most to the least used; answers as they are."""
    dimension, code = key[0] if key else ("", "")
    return edition.channels.index(code) if dimension == CHANNEL else len(edition.channels)


def _bases(sheet: Sheet, beside: _Beside, cells: list[Estimate | None]) -> None:
    """The people a table stands on: counted, weighted where there are weights, and what they are worth."""
    lines = list(_base_lines(beside, cells))
    for i, line in enumerate(lines):
        sheet.write(line, light=True, line=i == len(lines) - 1)
    sheet.row += 1


def _base_lines(beside: _Beside, cells: list[Estimate | None]) -> Iterator[list[XlsxCell]]:
    edition = beside.edition
    unweighted, effective_ = edition.words.gettext("n, unweighted"), edition.words.gettext("n, effective")
    yield [f"  {unweighted}", *beside.spaced([base_cell(edition, e) for e in cells])]
    if edition.results.weighting is not None:
        total = edition.words.gettext("n, weighted")
        yield [f"  {total}", *beside.spaced([weighted(e) for e in cells])]
        yield [f"  {effective_}", *beside.spaced([effective(e) for e in cells])]
