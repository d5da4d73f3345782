"""Workbooks: .xlsx, .xlsm, .xls and .ods, read by calamine, cell by cell as text.

A number becomes its shortest text (4.0 is "4"), a date ISO text (with a time only when it has one), a truth "true" or
"false". Errors such as #N/A stay text in .xlsx; the older formats do not hand them out, and the cell is empty.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from vigie.errors import Problem, VigieError, failure, suggestion
from vigie.formats import xlsx_parts
from vigie.formats.tables import RawTable, Reading, settle

CELLS = 60_000_000  # a sheet is held as a full rectangle; one stray cell in the last corner would not fit in memory
UNPACKED = 4 << 30  # bytes


def read(path: Path, data: bytes, reading: Reading, *, shown: str) -> RawTable:
    """Read one sheet of a workbook; see `vigie.formats.tables.read_table`."""
    zipped = data.startswith(b"PK")
    if zipped and _guarded(lambda: xlsx_parts.unpacked(data), shown) > UNPACKED:
        hint = "Save the sheet as CSV."
        raise failure("file-too-large", f"The workbook unpacks to more than {UNPACKED >> 30} GiB.", hint, file=shown)
    workbook = _guarded(lambda: CalamineWorkbook.from_filelike(io.BytesIO(data)), shown)
    position = _position(workbook, reading.sheet, shown)
    name = workbook.sheet_names[position]
    parts = _guarded(lambda: xlsx_parts.look(data, position), shown) if zipped else xlsx_parts.Look()
    if parts.rows * parts.columns > CELLS:
        message = f'The sheet "{name}" reaches to row {parts.rows}, column {parts.columns}.'
        hint = "Delete the stray cells around the table, or save the sheet as CSV."
        raise failure("file-too-large", message, hint, file=shown)
    sheet = _guarded(lambda: workbook.get_sheet_by_index(position), shown)
    rows = _guarded(lambda: _rows(sheet), shown)
    for (row, column), text in parts.errors.items():
        if row < len(rows) and column < len(rows[row]):
            rows[row][column] = text
    headers, columns = _split(rows, reading.header_row, name, shown)
    first_row = reading.header_row + 1
    names, settled = settle(headers, columns, first_row=first_row, shown=shown)
    return RawTable(path, shown, names, settled, first_row, sheet=name)


def _guarded(call: Any, shown: str) -> Any:
    """The reader's answer, or a problem: what a damaged workbook makes it raise is not one kind of exception."""
    try:
        return call()
    except (KeyboardInterrupt, SystemExit, VigieError, MemoryError):
        raise
    except CalamineError as error:
        reason = str(error).strip().rstrip(".")
    except BaseException as error:  # noqa: BLE001 - a panic of the Rust reader is not an Exception
        reason = type(error).__name__
    hint = "Open it in a spreadsheet program and save it again, or save the sheet as CSV."
    raise failure("file-unreadable", f"The workbook cannot be read: {reason}.", hint, file=shown)


def _position(workbook: CalamineWorkbook, sheet: str | int | None, shown: str) -> int:
    """The place of the sheet asked for, from 0; the first one that shows cells when none is asked for."""
    names = list(workbook.sheet_names)
    if not names:
        raise failure("file-unreadable", "The workbook has no sheet.", file=shown)
    if sheet is None:
        kinds = workbook.sheets_metadata
        seen = [
            i
            for i, kind in enumerate(kinds)
            if kind.visible == SheetVisibleEnum.Visible and kind.typ == SheetTypeEnum.WorkSheet
        ]
        return seen[0] if seen else 0
    if isinstance(sheet, str) and sheet in names:
        return names.index(sheet)
    if isinstance(sheet, int) and 1 <= sheet <= len(names):
        return sheet - 1
    hint = suggestion(str(sheet), names)
    raise failure("file-unreadable", f'The workbook has no sheet "{sheet}".', hint, file=shown)


def _rows(sheet: CalamineSheet) -> list[list[Any]]:
    if sheet.end is None:
        return []
    if (sheet.end[0] + 1) * (sheet.end[1] + 1) > CELLS:
        raise CalamineError("the sheet is too large")
    rows: list[list[Any]] = sheet.to_python(skip_empty_area=False)
    return rows


def _split(rows: list[list[Any]], header_row: int, name: str, shown: str) -> tuple[list[str], list[pa.ChunkedArray]]:
    if len(rows) < header_row:
        message = f'The header should be in row {header_row}, and the sheet "{name}" has {len(rows)} rows.'
        raise failure("file-unreadable", message, "Say which sheet and which row: sheet, header_row.", file=shown)
    headers = [text or "" for text in (_text(cell) for cell in rows[header_row - 1])]
    if not any(header.strip() for header in headers):
        message = f'Row {header_row} of the sheet "{name}" should hold the headers and is empty.'
        hint = "Say which sheet and which row: sheet, header_row."
        raise VigieError(Problem("file-unreadable", message, hint, shown, header_row))
    body = rows[header_row:]
    cells = zip(*body, strict=True) if body else iter([()] * len(headers))
    return headers, [pa.chunked_array([_column(column)]) for column in cells]


def _column(cells: Sequence[Any]) -> pa.Array:
    """One column as text. A column of text or of numbers alone, which most are, is turned without a loop."""
    kinds = set(map(type, cells))
    if kinds <= {str}:
        return pa.array(cells, pa.string())
    if kinds == {float}:
        return pa.array(cells, pa.float64()).cast(pa.string())
    return pa.array([_text(cell) for cell in cells], pa.string())


def _text(cell: Any) -> str | None:
    match cell:
        case None | "":
            return None
        case str():
            return cell
        case bool():
            return "true" if cell else "false"
        case float():
            return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
        case dt.datetime():
            return cell.date().isoformat() if cell.time() == dt.time() else cell.isoformat()
        case dt.timedelta():
            minutes, seconds = divmod(round(cell.total_seconds()), 60)
            return f"{minutes // 60:02d}:{minutes % 60:02d}:{seconds:02d}"
        case dt.date() | dt.time():
            return cell.isoformat()
        case _:
            return str(cell)
