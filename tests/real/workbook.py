"""A tab book that other people published, read as blocks: one per column, with its wording and its figures."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from python_calamine import CalamineWorkbook

A, C, D, FIGURE = 0, 2, 3, 4
Row = list[Any]


@dataclass
class Block:
    """What the book prints of one column: the question, the item of a grid, labels and shares by code, a mean."""

    column: str
    text: str
    item: str
    labels: dict[str, str] = field(default_factory=dict)
    shares: dict[str, float] = field(default_factory=dict)
    mean: float | None = None

    @property
    def wording(self) -> str:
        return f"{self.text} – {self.item}" if self.item else self.text


def blocks(path: Path) -> dict[str, Block]:
    """Every block of the book's first sheet by the column that it is about."""
    rows = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python(skip_empty_area=False)
    begun = [(r, c) for r, row in enumerate(rows) for c in range(FIGURE) if _names(row[c])]
    return {block.column: block for block in (_block(rows, *place) for place in begun)}


def _names(cell: object) -> bool:
    return isinstance(cell, str) and cell.startswith("[") and "]" in cell


def _block(rows: list[Row], at: int, column: int) -> Block:
    """The block whose `[column]` stands in this cell."""
    name, _, rest = rows[at][column].removeprefix("[").partition("]")
    rest = rest.strip()
    if rest.startswith(":"):
        block = Block(name, " ".join(rest.removeprefix(":").split()), "")
    else:
        beside = next((c for c in rows[at][column + 1 : FIGURE] if isinstance(c, str) and c), "")
        block = Block(name, _above(rows, at), " ".join((rest or beside).split()))
    if not isinstance(rows[at][FIGURE], float) and isinstance(rows[at][D], float):
        block.mean = rows[at][D]  # a slider's mean stands one column early
    for number, row in enumerate(rows[at:]):
        stops = number > 0 and any(_names(c) for c in row)
        if stops or (not isinstance(row[FIGURE], float) and number > 0):
            break
        if isinstance(row[FIGURE], float):
            _figure(block, row)
    return block


def _above(rows: list[Row], at: int) -> str:
    """The question of a grid: the nearest wording in the first column, without its own name."""
    text = next(str(rows[r][A]) for r in range(at, -1, -1) if rows[r][A] and not _names(rows[r][A]))
    return " ".join(text.partition(":")[2].split())


def _figure(block: Block, row: Row) -> None:
    """A line of figures: with a code it is a share, without one a mean."""
    code = row[C] if isinstance(row[C], float) else row[D]
    if not isinstance(code, float):
        block.mean = row[FIGURE]
        return
    key = f"{code:g}"
    block.labels[key] = str(row[D]).strip() if row[D] != code else key
    block.shares[key] = row[FIGURE]
