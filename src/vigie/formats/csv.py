"""Text files of rows: CSV, TSV and their relatives, whatever their encoding and separator.

The header is read with Python's parser, the rows with Arrow's. A row with too few or too many cells is a problem, never
a row left out.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pa_csv

from vigie.errors import Problem, VigieError, failure
from vigie.formats.encoding import decode
from vigie.formats.tables import COLUMN_LIMIT, RawTable, Reading, settle

SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
HEAD = 1 << 20  # bytes looked at to find the separator and the header
RECORDS = 50
LISTED = 5
# A row that no one writes: put after the last one, it comes back whole unless a quotation mark was left open.
END = "\x01end\x01"


@dataclass(frozen=True, slots=True)
class _Head:
    separator: str
    headers: list[str]
    header_row: int
    size: int  # bytes up to the end of the header


def read(path: Path, data: bytes, reading: Reading, *, shown: str) -> RawTable:
    """Read a text file whole; see `vigie.formats.tables.read_table`."""
    text, encoding = decode(data, reading.encoding, shown=shown)
    text = text.rstrip(b"\r\n \x1a")
    head = _head(text, reading, shown)
    first_row = head.header_row + 1
    columns = _columns(text[head.size :], head, shown)
    headers, settled = settle(head.headers, columns, first_row=first_row, shown=shown)
    return RawTable(path, shown, headers, settled, first_row, encoding=encoding, separator=head.separator)


# -- the head of the file


def _head(text: bytes, reading: Reading, shown: str) -> _Head:
    start = text[:HEAD].decode("utf-8", errors="ignore")
    separator, row = reading.separator, reading.header_row
    if separator is not None and (len(separator) != 1 or not separator.isascii() or separator in '"\r\n'):
        hint = "It is one character: " + ", ".join(f'"{mark}" ({name})' for mark, name in SEPARATORS.items()) + "."
        raise failure("file-unreadable", f'"{separator}" cannot separate cells.', hint, file=shown)
    announced = re.match(r"sep=([^\r\n\"])\r?\n", start)
    if announced:  # a line that Excel understands and hides
        separator = separator or announced[1]
        row += row == 1
    if separator is None:
        separator = _separator(start, row, whole=len(text) <= HEAD)
    headers, size = _header(start, separator, row, shown)
    if not any(header.strip() for header in headers):
        hint = "Say which row holds the headers: header_row."
        raise VigieError(
            Problem("file-unreadable", f"Row {row} should hold the headers and is empty.", hint, shown, row)
        )
    if len(headers) > COLUMN_LIMIT:
        hint = "Check the separator and the header row."
        raise failure(
            "file-too-large", f"The file has {len(headers)} columns; Vigie reads {COLUMN_LIMIT}.", hint, file=shown
        )
    return _Head(separator, headers, row, size)


def _header(start: str, separator: str, row: int, shown: str) -> tuple[list[str], int]:
    """The cells of the header row, and how many bytes the file has up to its end."""
    read_so_far = 0

    def lines() -> Iterator[str]:
        nonlocal read_so_far
        for line in io.StringIO(start, newline=""):
            read_so_far += len(line.encode())
            yield line

    number = 0
    try:
        for number, record in enumerate(csv.reader(lines(), delimiter=separator), start=1):
            if number == row:
                return record, read_so_far
    except csv.Error:
        message = f"The header (row {row}) cannot be read: a cell of row {number + 1} does not end."
        hint = "Check that every quotation mark is closed."
        raise VigieError(Problem("file-unreadable", message, hint, shown, number + 1)) from None
    hint = "Rows are counted from 1."
    message = f"The header should be in row {row}, and the file has {number} rows."
    raise failure("file-unreadable", message, hint, file=shown)


def _separator(start: str, row: int, *, whole: bool) -> str:
    """The separator under which most records have as many cells as the header, and more than one.

    With equal agreement the one that makes more cells wins; when none makes more than one, the file has one column.
    """
    best, best_score = ",", (False, 0.0, 0)
    for separator in SEPARATORS:
        widths = _widths(start, separator, row, whole=whole)
        if not widths:
            continue
        agreement = sum(width == widths[0] for width in widths) / len(widths)
        score = (widths[0] > 1 and agreement >= 0.5, agreement, widths[0])
        if score > best_score:
            best, best_score = separator, score
    return best


def _widths(start: str, separator: str, row: int, *, whole: bool) -> list[int]:
    """How many cells the first records from the header on have."""
    widths = []
    records = csv.reader(io.StringIO(start, newline=""), delimiter=separator)
    try:
        for number, record in enumerate(records, start=1):
            if number >= row and (record or number == row):
                widths.append(len(record))
            if len(widths) > RECORDS:
                return widths[:-1]
    except csv.Error:
        return widths
    return widths if whole or len(widths) < 2 else widths[:-1]  # the head may end inside a record


# -- the rows


def _columns(rows: bytes, head: _Head, shown: str) -> list[pa.ChunkedArray]:
    width = len(head.headers)
    if not rows:
        return [pa.chunked_array([], pa.string())] * width
    ended = rows + b"\n" + head.separator.join([END] * width).encode()
    table, wrong = _parsed(ended, head.separator, width, shown, threads=True)
    if wrong:  # again, in one thread: only so does the parser know the numbers of the rows
        table, wrong = _parsed(ended, head.separator, width, shown, threads=False)
    closed = table.num_rows > 0 and table.column(width - 1)[-1].as_py() == END
    if wrong or not closed:
        raise VigieError(_misfits(wrong, head, table.num_rows, closed=closed, shown=shown))
    return list(table.slice(0, table.num_rows - 1).columns)


def _parsed(
    rows: bytes, separator: str, width: int, shown: str, *, threads: bool
) -> tuple[pa.Table, list[tuple[int, int]]]:
    """Every row that has `width` cells, and (record number, cells) of those that have not."""
    wrong: list[tuple[int, int]] = []

    def note(row: pa_csv.InvalidRow) -> str:
        wrong.append((row.number or 0, row.actual_columns))
        return "skip"

    names = [str(i) for i in range(width)]
    quoted = b'"' in rows
    parse = pa_csv.ParseOptions(
        delimiter=separator, newlines_in_values=quoted, ignore_empty_lines=False, invalid_row_handler=note
    )
    convert = pa_csv.ConvertOptions(
        column_types=dict.fromkeys(names, pa.string()),
        null_values=[""],
        strings_can_be_null=True,
        quoted_strings_can_be_null=True,
        check_utf8=False,  # the decoder has seen to it
    )
    for block in (max(1 << 20, min(len(rows) // 4, 1 << 24)), min(len(rows) + 1, (1 << 31) - 1)):
        wrong.clear()
        options = pa_csv.ReadOptions(column_names=names, use_threads=threads, block_size=block)
        try:
            table = pa_csv.read_csv(pa.BufferReader(rows), options, parse, convert)
        except pa.ArrowInvalid as error:
            reason = str(error)
        else:
            return table, sorted(wrong)
    raise failure("file-unreadable", f"The rows cannot be read: {reason}", "Export the file again.", file=shown)


def _misfits(wrong: list[tuple[int, int]], head: _Head, good: int, *, closed: bool, shown: str) -> list[Problem]:
    """One problem for each of the first rows that have another number of cells than the header."""
    width, first = len(head.headers), head.header_row + 1
    total = good + len(wrong)
    if not closed:
        row = head.header_row + total  # the unclosed cell has swallowed everything up to the end
        message = f"A quotation mark opened in row {row} is never closed: is the file cut?"
        return [Problem("file-unreadable", message, "Close it, or export the file again.", shown, row)]
    hint = "A cell that contains the separator must stand in quotation marks."
    usual, count = Counter(cells for _, cells in wrong).most_common(1)[0]
    if count * 2 > total:
        hint = (
            f'Most rows have {usual}; the header is row {head.header_row} and the separator "{head.separator}". '
            "Say otherwise: header_row, separator."
        )
    problems = []
    for number, cells in wrong[:LISTED]:
        row = first + number - 1
        last = number == total - 1  # the row after it is the one put at the end
        cut = ": is the file cut?" if last and cells < width else "."
        message = f"Row {row} has {cells} column{'s' * (cells != 1)} instead of {width}{cut}"
        problems.append(Problem("file-unreadable", message, hint, shown, row))
    if len(wrong) > LISTED:
        message = f"{len(wrong) - LISTED} more rows have another number of columns than the header."
        problems.append(Problem("file-unreadable", message, hint, shown))
    return problems
