"""A data map, and a tab book with a column of counts and one of percentages per country, as other people made them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

from python_calamine import CalamineWorkbook


@dataclass
class Mapped:
    """What the data map says of one question: its wording, the labels of its codes, the wording of its columns."""

    text: str = ""
    options: dict[str, str] = field(default_factory=dict)
    columns: dict[str, str] = field(default_factory=dict)


def data_map(path: Path) -> dict[str, Mapped]:
    """Every question of the data map by the name that stands before its wording."""
    found: dict[str, Mapped] = {}
    current = Mapped()
    for first, *rest in CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python(skip_empty_area=False):
        head = re.fullmatch(r"\[?(\w+)\]?: *(.*)", str(first), re.DOTALL)
        if head and head[1] != "Values":
            current = found.setdefault(head[1], Mapped(" ".join(head[2].split())))
        elif isinstance(rest[0], float):
            said = rest[1]
            current.options[f"{rest[0]:g}"] = f"{said:g}" if isinstance(said, float) else " ".join(str(said).split())
        elif str(rest[0]).startswith("["):
            current.columns[str(rest[0]).strip("[]")] = " ".join(str(rest[1]).split())
    return found


@dataclass(frozen=True)
class Line:
    """One line of a printed table: counts and percentages by country, as they stand in the book (None: no number)."""

    label: str
    counts: tuple[float | None, ...]
    shares: tuple[float | None, ...]


@dataclass(frozen=True)
class Table:
    """A printed table: where it stands, the countries above its counts and its percentages, its lines, its totals."""

    place: str  # sheet and first row
    headers: tuple[str, ...]
    lines: tuple[Line, ...]
    total: Line | None


def tables(path: Path) -> dict[str, list[Table]]:
    """The book's tables by sheet, from above and from the left."""
    book = CalamineWorkbook.from_path(path)
    return {name: list(_tables(name, book.get_sheet_by_name(name))) for name in book.sheet_names[1:]}


def holders(path: Path) -> list[tuple[float, ...]]:
    """The small table beside the others that counts by product and country who holds it."""
    rows = CalamineWorkbook.from_path(path).get_sheet_by_index(3).to_python(skip_empty_area=False)
    at, column = next((r, c) for r, row in enumerate(rows) for c, cell in enumerate(row) if cell == "Product")
    return [tuple(float(str(c)) for c in row[column + 1 : column + 4]) for row in rows[at + 1 : at + 12]]


def _tables(sheet: str, found: Any) -> Iterator[Table]:
    rows = found.to_python(skip_empty_area=False)
    for r, (above, row) in enumerate(pairwise(rows)):
        marks = [c for c, cell in enumerate(row) if cell in ("N", "%") and above[c]]
        for start in [c for c in marks if c - 1 not in marks]:
            columns = range(start, start + 6)
            yield _table(f"{sheet} {r + 1}", rows[r:], columns)


def _table(place: str, rows: list[list[Any]], columns: range) -> Table:
    """A table from its line of countries on; a line without a label is the line of totals."""
    n, share = ([c for c in columns if rows[1][c] == mark] for mark in ("N", "%"))
    lines, total = [], None
    for row in rows[2:]:
        label, figures = row[columns[0] - 1], [row[c] for c in columns]
        label = f"{label:g}" if isinstance(label, float) else " ".join(str(label).split())
        if not label and not any(isinstance(f, float) for f in figures):
            break
        line = Line(
            label, *(tuple(row[c] if isinstance(row[c], float) else None for c in where) for where in (n, share))
        )
        if label in ("Total", ""):
            total = line
            break
        lines.append(line)
    return Table(place, tuple(str(rows[0][c]) for c in (*n, *share)), tuple(lines), total)
