"""What an .xlsx file says about a sheet before anybody loads it: how far it reaches, and which cells hold errors."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO

CHUNK = 4 << 20
OVERLAP = 1 << 12

_SHEET = re.compile(rb"<(?:\w+:)?sheet\b[^>]*?\br:id=[\"']([^\"']+)[\"']")
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\b[^>]*>")
_ATTRIBUTE = re.compile(rb"\b(Id|Target)=[\"']([^\"']*)[\"']")
# Written as every program writes them, because a literal beginning is found ten times faster; a sheet that differs is
# read all the same, only without this look.
_ROW = re.compile(rb'<row [^>]*?\br="(\d{1,7})"')
_CELL = re.compile(rb'<c r="([A-Z]{1,3})')
_ERROR = re.compile(rb'<c r="([A-Z]{1,3})(\d{1,7})"[^>]*? t="e"[^>]*>(?:<f[^>]*/>|<f[^>]*>[^<]*</f>)?<v>(#[^<]{1,20})<')


@dataclass(frozen=True, slots=True)
class Look:
    """The last row and column that a sheet names, and its errors by (row, column) from 0."""

    rows: int = 0
    columns: int = 0
    errors: dict[tuple[int, int], str] = field(default_factory=dict)


def unpacked(data: bytes) -> int:
    """How many bytes the archive says that it holds, unpacked."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return sum(entry.file_size for entry in archive.infolist())


def look(data: bytes, position: int) -> Look:
    """Look through the sheet at this position (from 0) without building it."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        part = _part(archive, position)
        if part is None:
            return Look()
        rows, columns, errors = 0, set[bytes](), dict[tuple[int, int], str]()
        with archive.open(part) as stream:
            for chunk in _chunks(stream):
                rows = max(rows, max(map(int, _ROW.findall(chunk)), default=0))
                columns.update(_CELL.findall(chunk))
                if b' t="e"' in chunk:
                    errors |= {(int(r) - 1, _index(c)): text.decode() for c, r, text in _ERROR.findall(chunk)}
        return Look(rows, max(map(_index, columns), default=-1) + 1, errors)


def _chunks(stream: IO[bytes]) -> Iterator[bytes]:
    """The stream in pieces that overlap, so that no tag is cut in both."""
    tail = b""
    while piece := stream.read(CHUNK):
        yield tail + piece
        tail = piece[-OVERLAP:]


def _part(archive: zipfile.ZipFile, position: int) -> str | None:
    """The file inside the archive that holds the sheet, or None when the workbook names it in a way unknown here."""
    names = set(archive.namelist())
    if not {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= names:
        return None
    sheets = _SHEET.findall(archive.read("xl/workbook.xml"))
    relations = _RELATION.findall(archive.read("xl/_rels/workbook.xml.rels"))
    targets = {a[b"Id"]: a[b"Target"] for a in (dict(_ATTRIBUTE.findall(r)) for r in relations) if len(a) == 2}
    if position >= len(sheets) or sheets[position] not in targets:
        return None
    target = targets[sheets[position]].decode("utf-8", errors="replace")
    part = target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
    return part if part in names else None


def _index(letters: bytes) -> int:
    """The position of a column from 0: A is 0, AA is 26."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1
