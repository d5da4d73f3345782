"""Tables of a page."""

from __future__ import annotations

from vigie.report.blocks import Cell, Code, Column, Link, Row, Table
from vigie.report.drawings import Figure
from vigie.report.html_text import Page, escaped, figure_text, interval_text, on_paper


def table(block: Table, page: Page) -> str:
    """A titled table; a folded one opens at a click, without script."""
    anchor = f' id="{escaped(block.anchor)}"' if block.anchor else ""
    sub = f'<p class="sub">{page.text(block.sub)}</p>\n' if block.sub else ""
    head = page.titled(block.title)
    body = scrolling(grid(block.columns, block.rows, page, block), page.text(block.title))
    below = page.caption(block.note) + page.folds(block.note)
    if block.folded:
        summary = f"<summary>{head}<span>{page.text(block.folded)}</span>{on_paper(page)}</summary>"
        return f'<figure class="open"{anchor}><details>{summary}\n{sub}{body}{below}</details></figure>\n'
    return f'<figure class="open"{anchor}>\n{head}{sub}{body}{below}</figure>\n'


def scrolling(body: str, name: str) -> str:
    """A wide table scrolls by itself, by keyboard too."""
    return f'<div class="scroll" role="group" tabindex="0" aria-label="{name}">{body}</div>\n'


def grid(columns: tuple[Column, ...], rows: tuple[Row, ...], page: Page, block: Table | None = None) -> str:
    """The rows under their heads; those of a stacked table say their heads again, for narrow screens."""
    stacked, intervals = (block.stacked, block.intervals) if block else (False, False)
    # what heads nothing is no head, or a screen reader would name it for every cell
    heads = "".join(
        f'<th scope="col"{_side(c)}>{page.text(c.head)}</th>' if c.head else f"<td{_side(c)}></td>" for c in columns
    )
    lines = "".join(_line(columns, row, page, stacked=stacked, intervals=intervals) for row in rows)
    css = ' class="stacked"' if stacked else ""
    return f"<table{css}><thead><tr>{heads}</tr></thead><tbody>{lines}</tbody></table>"


def _line(columns: tuple[Column, ...], row: Row, page: Page, *, stacked: bool, intervals: bool) -> str:
    if row.heading:
        words = _cell(row.cells[0], page)
        return f'<tr class="group"><th scope="colgroup" colspan="{len(columns)}">{words}</th></tr>'
    cells = [f'<th scope="row"{_side(columns[0])}>{_cell(row.cells[0], page)}</th>']
    for column, cell in zip(columns[1:], row.cells[1:], strict=True):
        head = f' data-head="{page.text(column.head)}"' if stacked else ""
        cells.append(f"<td{_side(column)}{head}>{_cell(cell, page, intervals=intervals)}</td>")
    return f"<tr>{''.join(cells)}</tr>"


def _side(column: Column) -> str:
    names = " ".join(name for name, has in (("n", column.numeric), ("minor", column.minor)) if has)
    return f' class="{names}"' if names else ""


def _cell(cell: Cell, page: Page, *, intervals: bool = False) -> str:
    if cell is None or cell == "":
        return ""
    if isinstance(cell, Figure):
        small = [interval_text(cell, page)] if intervals else []
        small += [page.text(page.words.base(cell.n))] if cell.n is not None else []
        told = " · ".join(filter(None, small))
        return figure_text(cell, page) + (f"<small>{told}</small>" if told else "")
    if isinstance(cell, Link):
        return page.link(cell)
    if isinstance(cell, Code):
        return f"<code>{escaped(cell.text)}</code>"
    if isinstance(cell, int):
        return page.text(page.words.count(cell))
    return f"<bdi>{page.text(cell)}</bdi>"
