"""A table that was asked for, to take away: as a workbook, as values in a line each, as its record, or its drawing."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from vigie.language import DASH, Words
from vigie.report.blocks import Chart, Note
from vigie.report.crosstab import called, crosstab, said
from vigie.report.crosstab_waves import Beside, apart, remark, same
from vigie.report.lettering import independence, table_rule
from vigie.report.pictures import png, svg
from vigie.report.table_basis import base, basis, weighting
from vigie.report.xlsx_cells import number, spaced
from vigie.report.xlsx_sheet import Number, Sheet, XlsxCell, create
from vigie.results.encoding import plain
from vigie.results.figures import Estimate, pick
from vigie.results.tables import Table

HEADS = ("line", "variable", "category", "letter", "value", "low", "high", "n", "flag", "higher_than",
         "wave", "base", "filter", "weighting", "level", "break")  # fmt: skip
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def as_json(table: Table, _words: Words, _beside: Sequence[Beside] = ()) -> bytes:
    """The record, as `vigie table` gives it: of one wave."""
    return (json.dumps(plain(table), ensure_ascii=False, indent=1) + "\n").encode()


def as_csv(table: Table, words: Words, beside: Sequence[Beside] = ()) -> bytes:
    """A figure to a line, with interval, base and letters, and whom it stands on; opened by workbooks as UTF-8."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(HEADS)
    for one in (Beside(table), *beside):
        writer.writerows(_lines(table, one, words))
    return ("\ufeff" + text.getvalue()).encode()


def _lines(first: Table, one: Beside, words: Words) -> Iterator[list[object]]:
    """The figures of one wave."""
    table, broken = one.table, apart(first, one.table, words.code)
    stand = [table.wave, safe(base(words, table)), safe(table.filter), weighting(words, table), table.level]
    for line in table.lines:
        begins = words.reason(one.reason or "not_comparable") if same(line, words.code) in broken else ""
        for head, e in zip(table.columns, line.cells, strict=True):
            if e is not None:
                yield [safe(pick(line.label, words.code)), head.variable, safe(pick(head.label, words.code)),
                       head.letter, e.value, e.ci_low, e.ci_high, e.n, e.flag, e.letters, *stand, begins]  # fmt: skip


def as_xlsx(table: Table, words: Words, beside: Sequence[Beside] = ()) -> bytes:
    """A workbook of a sheet for each wave: figures as real numbers, letters beside them, bases beneath."""
    held = io.BytesIO()
    book = create(held, words, _foot(table, words))
    for one in (Beside(table), *beside):
        book.footer = _foot(one.table, words)
        wave = words.gettext("Wave {wave}", wave=one.table.wave)
        told = remark(words, table, one)
        name = wave if beside else words.gettext("Table")
        _write(book.sheet(name, said(one.table.title, words), called(one.table, words, told)), one.table, words)
    book.workbook.close()
    return held.getvalue()


def _foot(table: Table, words: Words) -> tuple[str, ...]:
    wave = words.gettext("Wave {wave}", wave=table.wave)
    lines = (*basis(words, table), table_rule(words, table), *independence(words, table))
    return (f"{said(table.title, words)} – {wave}", *lines)


def _write(sheet: Sheet, table: Table, words: Words) -> None:
    """One wave's table on a sheet of its own."""
    lettered = any(e is not None and e.letters for line in table.lines for e in line.cells)
    rest = table.columns[1:]
    sheet.widths([52, 13, *([13, 6] if lettered else [13]) * len(rest)])
    variables = [said(table.variables.get(h.variable, {"": h.variable}), words) for h in rest]
    sheet.spans([v for v in variables for _ in range(2 if lettered else 1)], 2)
    names = ["", said(table.columns[0].label, words)]
    for head in rest:
        name = said(head.label, words)
        names += [f"{head.letter}\n{name}" if head.letter else name, *([""] if lettered else [])]
    sheet.head(names, texts=(0, *(range(3, len(names), 2) if lettered else ())))

    for line in table.lines:
        letters = [e.letters if e is not None else "" for e in line.cells] if lettered else None
        shown = spaced([_cell(e) for e in line.cells], letters)
        sheet.write([said(line.label, words), *shown], bold=line.kind in ("net", "box"))
    none = [""] * len(table.columns) if lettered else None
    people: list[XlsxCell] = [h.n if not 0 < h.n < 5 else words.people(h.n) for h in table.columns]
    worth: list[XlsxCell] = [Number(h.n_effective) if h.n >= 5 else DASH for h in table.columns]
    sheet.write([words.gettext("n, unweighted"), *spaced(people, none)], light=True)
    sheet.write([words.gettext("n, effective"), *spaced(worth, none)], light=True)
    sheet.close()


def as_svg(table: Table, words: Words, _beside: Sequence[Beside] = ()) -> bytes | None:
    """Its drawing, of one wave; none where it has none."""
    chart = next((b for b in crosstab(table, words) if isinstance(b, Chart)), None)
    if chart is None:
        return None
    told = replace(
        chart, title=said(table.title, words), sub=words.gettext("Wave {wave}", wave=table.wave),
        note=Note((*basis(words, table), *chart.note.lines)),
    )  # fmt: skip
    return svg(told, words).encode()


def as_png(table: Table, words: Words, _beside: Sequence[Beside] = ()) -> bytes | None:
    """Its drawing as a picture; none where it has none."""
    drawing = as_svg(table, words)
    return None if drawing is None else png(drawing.decode())


FILES: dict[str, tuple[str, Callable[[Table, Words, Sequence[Beside]], bytes | None]]] = {
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", as_xlsx),
    "csv": ("text/csv; charset=utf-8", as_csv),
    "json": ("application/json", as_json),
    "svg": ("image/svg+xml", as_svg),
    "png": ("image/png", as_png),
}  # by how a name ends: what it is, and what makes it


def safe(text: str) -> str:
    """A cell that no workbook takes for a formula."""
    return f"'{text}" if text[:1] in FORMULA else text


def _cell(e: Estimate | None) -> XlsxCell:
    if e is None:
        return None
    return DASH if e.value is None else number(e.value, e, dim=e.flag == "fragile")
