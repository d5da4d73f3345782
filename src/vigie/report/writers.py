"""The formats of a report. A new one is a module with `write(results, earlier, path, language)` and a line here."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol, cast

from vigie.errors import failure, suggestion
from vigie.results.waves import WaveResults

WRITERS: dict[str, str] = {  # format, which is also the file's extension -> module, imported when it is used
    "html": "vigie.report.html",
    "xlsx": "vigie.report.xlsx",
}


class Write(Protocol):
    def __call__(self, results: WaveResults, earlier: Sequence[WaveResults], path: Path, language: str) -> None: ...


def writer(name: str) -> Write:
    """The function that writes a format."""
    if name not in WRITERS:
        raise failure("usage", f'"{name}" is not a format of reports.', suggestion(name, list(WRITERS)))
    return cast("Write", importlib.import_module(WRITERS[name]).write)
