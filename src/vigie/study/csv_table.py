"""The rows of a CSV table that people keep by hand: separated by commas or semicolons, each with its line number."""

from __future__ import annotations

import csv
import io

from vigie.errors import Problem


def csv_rows(text: str, *, file: str) -> tuple[list[tuple[int, list[str]]], list[Problem]]:
    """The rows that hold anything, cells without outer spaces, with the line each ends on; or why it is no table."""
    text = text.removeprefix("\ufeff")
    lines = csv.reader(io.StringIO(text), delimiter=";" if ";" in text.split("\n", 1)[0] else ",")
    try:
        rows = [(lines.line_num, [cell.strip() for cell in row]) for row in lines]
    except csv.Error as error:
        message = f"This is not a CSV table: {error}."
        return [], [Problem("file-unreadable", message, "Check the quotation marks.", file, lines.line_num)]
    return [(number, row) for number, row in rows if any(row)], []
