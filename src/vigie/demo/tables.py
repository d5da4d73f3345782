"""Files of the demonstration: text and tables, the same bytes wherever they are written."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path


def table(path: Path, rows: Iterable[Sequence[str]], *, delimiter: str = ",", encoding: str = "utf-8") -> None:
    """A CSV file."""
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator="\n").writerows(rows)
    write(path, text.getvalue(), encoding=encoding)


def lines(columns: Mapping[str, Sequence[str]]) -> Iterable[Sequence[str]]:
    """The header and the rows of columns."""
    yield list(columns)
    yield from zip(*columns.values(), strict=True)


def write(path: Path, text: str, *, encoding: str = "utf-8") -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode(encoding))
