"""Tables of a page."""

from __future__ import annotations

from vigie.report.blocks import Cell, Column, Figure, Link, Row, Table
from vigie.report.html_text import Page, escaped, figure_text


def table(block: Table, page: Page) -> str:
    """A titled table; a folded one opens at a click, without script."""
    anchor = f' id="{escaped(block.anchor)}"' if block.anchor else ""
    sub = f'<p class="sub">{page.text(block.sub)}</p>\n' if block.sub else ""
    head = f"<h3>{page.text(block.title)}</h3>\n{sub}"
    body = scrolling(grid(block.columns, block.rows, page), page.text(block.title))
    if block.folded:
        body = f"<details><summary>{page.text(block.folded)}</summary>{body}</details>\n"
    return f'<figure class="open"{anchor}>\n{head}{body}{page.caption(block.note)}</figure>\n'


def scrolling(body: str, name: str) -> str:
    """A wide table scrolls by itself, by keyboard too."""
    return f'<div class="scroll" role="group" tabindex="0" aria-label="{name}">{body}</div>\n'


def grid(columns: tuple[Column, ...], rows: tuple[Row, ...], page: Page) -> str:
    heads = "".join(f'<th scope="col"{_side(c)}>{page.text(c.head)}</th>' for c in columns)
    lines = "".join(_line(columns, row, page) for row in rows)
    return f"<table><thead><tr>{heads}</tr></thead><tbody>{lines}</tbody></table>"


def _line(columns: tuple[Column, ...], row: Row, page: Page) -> str:
    if row.heading:
        words = _cell(row.cells[0], page)
        return f'<tr class="group"><th scope="colgroup" colspan="{len(columns)}">{words}</th></tr>'
    cells = [f'<th scope="row"{_side(columns[0])}>{_cell(row.cells[0], page)}</th>']
    rest = zip(columns[1:], row.cells[1:], strict=True)
    cells += [f"<td{_side(column)}>{_cell(cell, page)}</td>" for column, cell in rest]
    return f"<tr>{''.join(cells)}</tr>"


def _side(column: Column) -> str:
    names = " ".join(name for name, has in (("n", column.numeric), ("minor", column.minor)) if has)
    return f' class="{names}"' if names else ""


def _cell(cell: Cell, page: Page) -> str:
    if cell is None:
        return ""
    if isinstance(cell, Figure):
        base = "" if cell.n is None else f"<small>{page.text(page.words.base(cell.n))}</small>"
        return figure_text(cell, page) + base
    if isinstance(cell, Link):
        return page.link(cell)
    if isinstance(cell, int):
        return page.text(page.words.count(cell))
    return f"<bdi>{page.text(cell)}</bdi>"
