"""A study while it is being read: what is valid so far, where it stands, what is wrong, and the files that it names."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import Any

from vigie.errors import Problem, suggestion
from vigie.study.brands import Brand
from vigie.study.document import UNPRINTABLE, Document, Path_
from vigie.study.grids import Grid
from vigie.study.mappings import beside
from vigie.study.model import Header, Margin, PublishedFigure
from vigie.study.questions import Battery, Question

MOST_BYTES = 16 << 20


@dataclass
class Draft:
    """A study while it is being read: what is valid so far, where it stands, and what is wrong."""

    folder: Path
    document: Document
    problems: list[Problem] = field(default_factory=list)
    header: Header | None = None
    items: dict[str, dict[str, Any]] = field(default_factory=dict)  # list -> id -> item
    paths: dict[tuple[str, str], Path_] = field(default_factory=dict)  # (list, id) -> path in the document
    invalid: set[str] = field(default_factory=set)  # ids whose own definition is wrong: no second complaint about them
    brands: list[Brand] = field(default_factory=list)
    grids: dict[str, Grid] = field(default_factory=dict)
    margins: dict[str, tuple[Margin, ...]] = field(default_factory=dict)
    margins_among: dict[tuple[str, str], tuple[Margin, ...]] = field(default_factory=dict)
    instruments: dict[str, dict[str, Question]] = field(default_factory=dict)
    batteries: dict[str, Battery] = field(default_factory=dict)
    figures: dict[str, tuple[PublishedFigure, ...]] = field(default_factory=dict)  # of waves that were only printed
    wave_grids: dict[str, dict[str, Grid]] = field(default_factory=dict)  # of waves with grids of their own
    merged: dict[str, Document] = field(default_factory=dict)  # by wave: the study with its instrument laid over

    def at(self, kind: str, name: str, *inside: str | int) -> Path_:
        return (*self.paths.get((kind, name), (kind,)), *inside)

    def complain(self, path: Path_, code: str, message: str, hint: str = "") -> None:
        self.problems.append(self.document.problem(path, code, message, hint))


def inside(folder: Path, name: str) -> Path | None:
    """The path of a study's file, or None where the name leads out of the study's folder."""
    pure = PurePath(name)
    if pure.is_absolute() or ".." in pure.parts or "\0" in name:
        return None
    return folder / pure


def named_file(draft: Draft, path: Path_, name: str) -> Path | None:
    found = inside(draft.folder, name)
    if found is None:
        draft.complain(path, "wrong-value", f'"{name}" leads out of the study\'s folder.', "Name a file below it.")
    return found


def text_file(draft: Draft, path: Path_, name: str) -> str | None:
    """The text of a file that the study names; a complaint where it cannot be read."""
    found = named_file(draft, path, name)
    if found is None:
        return None
    try:
        if found.stat().st_size > MOST_BYTES:
            hint = "Is it the right file?"
            draft.complain(path, "file-too-large", f'"{name}" is larger than {MOST_BYTES >> 20} MiB.', hint)
            return None
        return _printable(draft, name, found.read_bytes().decode("utf-8-sig"))
    except (FileNotFoundError, NotADirectoryError):
        hint = suggestion(found.name, beside(found))
        draft.complain(path, "file-missing", f'The file "{name}" does not exist.', hint)
    except UnicodeDecodeError as error:
        draft.complain(path, "file-unreadable", f'"{name}": byte {error.start + 1} is not UTF-8.', "Save it as UTF-8.")
    except OSError as error:
        hint = "Check its name and its rights."
        draft.complain(path, "file-unreadable", f'"{name}" cannot be opened: {error.strerror}.', hint)
    return None


def _printable(draft: Draft, name: str, text: str) -> str | None:
    """The text of a table, unless it holds what no report can print."""
    found = UNPRINTABLE.search(text)
    if found is None:
        return text
    line = text.count("\n", 0, found.start()) + 1
    message = f"The character U+{ord(found[0]):04X} cannot be printed."
    draft.problems.append(Problem("file-unreadable", message, "Export the file again as UTF-8.", name, line))
    return None
