"""The tables that the pages of a wave show, as records: what stands in each cell, and the captions beneath."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Literal

from ninja import Query

from vigie.report import blocks, pages
from vigie.report.drawings import Figure
from vigie.web import library
from vigie.web.api.pages import Page, Paging, part
from vigie.web.api.shapes import Cell, Printed
from vigie.web.frame import words_of
from vigie.web.routes import Request

Shown = Literal["overview", "league", "reviews", "tables"]


class Tables(Page[Printed]):
    """Tables of one page of a release."""

    release: str
    language: str


def tables(request: Request, wave: str, paging: Query[Paging], page: Shown = "tables") -> dict[str, Any]:
    """The tables of a page of a wave, in the language that the header Accept-Language names."""
    release, words = request.place.wave(wave), words_of(request)
    drawn = pages.page(library.edition(request.place, release, words.code), page)
    return {"release": release.key, "language": words.code, **part([_printed(t) for t in _among(drawn)], paging)}


def _among(found: Iterable[blocks.Block]) -> Iterator[blocks.Table]:
    for block in found:
        if isinstance(block, blocks.Table):
            yield block
        elif isinstance(block, blocks.Fold):
            yield from _among(block.blocks)


def _printed(table: blocks.Table) -> Printed:
    note = table.note
    return Printed(
        title=table.title, sub=table.sub, columns=[c.head for c in table.columns],
        rows=[[_cell(c) for c in row.cells] for row in table.rows],
        notes=[] if note is None else [*note.lines, *note.folded],
    )  # fmt: skip


def _cell(cell: blocks.Cell) -> Cell:
    if isinstance(cell, Figure):
        return Cell.model_validate(cell)
    if isinstance(cell, blocks.Link | blocks.Code):
        return Cell(text=cell.text)
    if isinstance(cell, int):
        return Cell(value=cell, decimals=0)
    return Cell(text=cell)
