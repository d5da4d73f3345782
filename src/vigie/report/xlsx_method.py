"""The sheet of the methodology: the same blocks as in the report."""

from __future__ import annotations

from vigie.report.blocks import Cell, Code, Fold, Link, Table, Text
from vigie.report.drawings import Figure
from vigie.report.edition import Edition
from vigie.report.methodology import methodology
from vigie.report.xlsx_sheet import Book, Number, Sheet, XlsxCell

WIDTHS = (44, 38, 30, 30, 22, 22, 36)


def method_sheet(book: Book, edition: Edition) -> list[Sheet]:
    words = book.words
    sheet = book.sheet(words.gettext("Method"), words.gettext("Methodology"))
    sheet.widths(WIDTHS)
    for block in methodology(edition):
        if isinstance(block, Text):
            _paragraph(sheet, "".join(part for part in block.content if isinstance(part, str)))
            sheet.row += 1
        elif isinstance(block, Table):
            _table(sheet, block)
        elif isinstance(block, Fold):
            sheet.heading(block.summary)
            for text in block.blocks:
                if isinstance(text, Text):
                    _paragraph(sheet, "".join(part for part in text.content if isinstance(part, str)))
            sheet.row += 1
    sheet.close()
    return [sheet]


def _paragraph(sheet: Sheet, text: str) -> None:
    """Sentences over the whole width."""
    look = sheet.book.format(text_wrap=True)
    sheet.page.merge_range(sheet.row, 0, sheet.row, len(WIDTHS) - 1, "", look)
    sheet.page.write_string(sheet.row, 0, text, look)
    sheet.page.set_row(sheet.row, 14 * (1 + int(len(text) / sum(WIDTHS))))
    sheet.row += 1


def _table(sheet: Sheet, table: Table) -> None:
    sheet.heading(table.title)
    if table.sub:
        _paragraph(sheet, table.sub)
    texts = [i for i, column in enumerate(table.columns) if not column.numeric]
    sheet.head([c.head for c in table.columns], texts=texts, freeze=False)
    for row in table.rows:
        sheet.write([_cell(c) for c in row.cells], bold=row.heading)
    sheet.row += 1


def _cell(cell: Cell) -> XlsxCell:
    if isinstance(cell, Figure):
        kind = "share" if cell.unit == "share" else "number"
        return None if cell.value is None else Number(cell.value, kind, cell.decimals)
    return cell.text if isinstance(cell, (Link, Code)) else cell
