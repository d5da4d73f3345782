"""A table made elsewhere, as the text that stands in it.

Whatever the format, what comes out is one `RawTable`: columns of text, null where the cell is empty. What the text
means (codes, numbers, dates) is said by the study and read by `vigie.formats.values`.
"""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from vigie.errors import Problem, VigieError, failure, suggestion

CELL_LIMIT = 1 << 20  # bytes; a longer "cell" is nearly always a quotation mark that was never closed
COLUMN_LIMIT = 20_000
FORMATS = {
    ".csv": "csv",
    ".txt": "csv",
    ".tsv": "csv",
    ".xlsx": "xlsx",
    ".xlsm": "xlsx",
    ".xls": "xlsx",
    ".ods": "xlsx",
    ".parquet": "parquet",
}


@dataclass(frozen=True, slots=True)
class Reading:
    """How to read a file; what is None is recognised, and what a format does not have is not looked at.

    `sheet` is a name or a position from 1; `header_row` is the row of the file that holds the headers, from 1.
    """

    separator: str | None = None
    encoding: str | None = None
    sheet: str | int | None = None
    header_row: int = 1


@dataclass(frozen=True, slots=True)
class RawTable:
    """A file as text: one string column per header, null where the cell is empty once trimmed.

    Row `i` of the data (from 0) is row `first_row + i` of the file. In a text file rows are records: a cell with line
    breaks inside counts once, an empty line counts as a row.
    """

    path: Path
    shown: str
    headers: tuple[str, ...]
    columns: tuple[pa.ChunkedArray, ...]
    first_row: int
    encoding: str | None = None
    separator: str | None = None
    sheet: str | None = None

    def __len__(self) -> int:
        return len(self.columns[0]) if self.columns else 0

    def row(self, index: int) -> int:
        """The row of the file that the data row `index` (from 0) stands in."""
        return self.first_row + index

    def positions(self, name: str) -> tuple[int, ...]:
        """Where the header stands, from 0: nowhere, once, or several times."""
        return tuple(i for i, header in enumerate(self.headers) if header == name)

    def column(self, name: str) -> pa.ChunkedArray:
        """The one column under this header; a problem when there is none, or more than one."""
        places = self.positions(name)
        if not places:
            known = tuple(dict.fromkeys(h for h in self.headers if h))
            raise failure("column-missing", f'There is no column "{name}".', suggestion(name, known), file=self.shown)
        if len(places) > 1:
            listed = ", ".join(str(p + 1) for p in places)
            hint = "Give each column a name of its own in the file."
            raise VigieError(
                Problem("duplicate-header", f'"{name}" heads columns {listed}.', hint, self.shown, self.first_row - 1)
            )
        return self.columns[places[0]]


def read_table(path: Path, reading: Reading | None = None, *, shown: str = "") -> RawTable:
    """Read a file of rows in the format that its extension names.

    Raises `VigieError` with `file-missing`, `file-unreadable` or `file-too-large`; `shown` is the path as people know
    it. Content that cannot be read whole is never read in part.
    """
    shown = shown or path.name
    reading = reading or Reading()
    module = FORMATS.get(path.suffix.lower())
    if module is None:
        hint = f"Vigie reads {', '.join(FORMATS)}."
        raise failure("file-unreadable", f'"{path.suffix}" is not a format that Vigie reads.', hint, file=shown)
    if reading.header_row < 1:
        raise failure("file-unreadable", "The header row is counted from 1.", file=shown)
    data = _bytes(path, shown)
    if not data:
        raise failure("file-unreadable", "The file is empty.", "Export it again.", file=shown)
    table: RawTable = importlib.import_module(f"vigie.formats.{module}").read(path, data, reading, shown=shown)
    return table


def _bytes(path: Path, shown: str) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        hint = "Check the path that the study gives; it is relative to the study's folder."
        raise failure("file-missing", "The file does not exist.", hint, file=shown) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise failure("file-unreadable", f"The file cannot be opened: {reason}.", file=shown) from None


def settle(
    headers: Sequence[str], columns: Sequence[pa.ChunkedArray], *, first_row: int, shown: str
) -> tuple[tuple[str, ...], tuple[pa.ChunkedArray, ...]]:
    """Headers and columns as a `RawTable` holds them: trimmed, empty cells null, empty rows and columns at the end cut.

    A column is empty only when it has no header either: a named column that nobody filled is still a column.
    """
    if len(headers) > COLUMN_LIMIT:
        message = f"The file has {len(headers)} columns; Vigie reads {COLUMN_LIMIT}."
        raise failure("file-too-large", message, "Check the separator and the header row.", file=shown)
    names = [header.strip().strip("\ufeff").strip() for header in headers]
    _refuse_huge_cells(names, columns, first_row, shown)
    tidy = [_trimmed(column) for column in columns]
    while names and not names[-1] and tidy[-1].null_count == len(tidy[-1]):
        names.pop()
        tidy.pop()
    if not names:
        hint = "Say which row holds them: header_row."
        raise VigieError(Problem("file-unreadable", "The header row is empty.", hint, shown, first_row - 1))
    rows = _filled_rows(tidy)
    return tuple(names), tuple(column.slice(0, rows) for column in tidy)


def _trimmed(column: pa.ChunkedArray) -> pa.ChunkedArray:
    trimmed = pc.utf8_trim_whitespace(column)
    empty = pc.equal(trimmed, "")
    return pc.if_else(empty, pa.scalar(None, pa.string()), trimmed) if pc.any(empty).as_py() else trimmed


def _filled_rows(columns: Sequence[pa.ChunkedArray]) -> int:
    """How many rows there are up to the last one that holds anything."""
    rows = len(columns[0])
    if rows and any(column[rows - 1].is_valid for column in columns):
        return rows  # the usual case, without looking at every cell
    filled: Any = None
    for column in columns:
        filled = column.is_valid() if filled is None else pc.or_(filled, column.is_valid())
    last = pc.max(pc.indices_nonzero(filled)).as_py()
    return 0 if last is None else int(last) + 1


def _refuse_huge_cells(names: Sequence[str], columns: Sequence[pa.ChunkedArray], first_row: int, shown: str) -> None:
    problems = []
    for name, column in zip(names, columns, strict=True):
        if column.nbytes <= CELL_LIMIT:
            continue
        large = pc.indices_nonzero(pc.fill_null(pc.greater(pc.binary_length(column), CELL_LIMIT), False))
        if len(large):
            message = f'A cell of column "{name[:60]}" is longer than {CELL_LIMIT >> 20} MiB.'
            hint = "Check that every quotation mark is closed."
            problems.append(Problem("file-too-large", message, hint, shown, first_row + large[0].as_py()))
    if problems:
        raise VigieError(problems[:5])
