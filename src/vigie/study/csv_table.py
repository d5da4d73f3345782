"""The rows of a CSV table that people keep by hand: separated by commas or semicolons, each with its line number."""

from __future__ import annotations

import csv
import io

from vigie.errors import Problem


def csv_rows(text: str, *, file: str) -> tuple[list[tuple[int, list[str]]], list[Problem]]:
    """The rows that hold anything, cells without outer spaces, with the line each ends on; and what is wrong with it.

    Without any row it is no table; a row with more cells than the first is told, and left out.
    """
    text = text.removeprefix("\ufeff")
    separator = ";" if ";" in text.split("\n", 1)[0] else ","
    lines = csv.reader(io.StringIO(text), delimiter=separator)
    try:
        rows = [(lines.line_num, [cell.strip() for cell in row]) for row in lines]
    except csv.Error as error:
        message = f"This is not a CSV table: {error}."
        return [], [Problem("file-unreadable", message, "Check the quotation marks.", file, lines.line_num)]
    rows = [(number, row) for number, row in rows if any(row)]
    width = len(rows[0][1]) if rows else 0
    hint = f'Put a cell that holds "{separator}" in quotation marks.'
    surplus = [
        Problem("file-unreadable", f"The line has {len(row)} cells, and the first line {width}.", hint, file, number)
        for number, row in rows if any(row[width:])
    ]  # fmt: skip
    return [(number, row) for number, row in rows if not any(row[width:])], surplus
