"""The files of a version: which are written in the page, which hold data, and how two versions differ."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath
from typing import Literal

from vigie.formats.tables import FORMATS
from vigie.store.home import same
from vigie.store.models import Version
from vigie.study.loading import FILE
from vigie.study.model import Study
from vigie.web.drafts import proper
from vigie.web.library import HOME
from vigie.web.studies_in import files_of

TEXTS = (".yaml", ".yml", ".csv", ".md")
LARGEST_TEXT = 1 << 20  # bytes of a file that is written in the page
KEPT = 12  # studies of versions, in each process
MOST_LINES = 3_000  # of a file whose lines are compared
AROUND = 3  # lines shown around a difference
Change = Literal["added", "removed", "changed"]


@dataclass(frozen=True, slots=True)
class StudyFile:
    """A file of a version."""

    name: str
    size: int
    data: bool  # what people answered, which no page shows

    @property
    def editable(self) -> bool:
        return not self.data and is_text(self.name) and self.size <= LARGEST_TEXT


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a difference, with its number before and after; a `gap` stands for lines that are alike."""

    kind: Literal["same", "out", "in", "gap"]
    before: int | None
    after: int | None
    text: str


@dataclass(frozen=True, slots=True)
class FileChange:
    """A file that two versions do not share."""

    name: str
    kind: Change
    lines: tuple[Line, ...] = ()

    @property
    def plus(self) -> int:
        return sum(line.kind == "in" for line in self.lines)

    @property
    def minus(self) -> int:
        return sum(line.kind == "out" for line in self.lines)


def is_text(name: str) -> bool:
    return PurePosixPath(name).suffix.lower() in TEXTS


def data_of(study: Study | None, name: str) -> bool:
    """Whether a file holds what people answered: it is of a wave, or it may be, or may once have been.

    Of a study that cannot be read, every table may.
    """
    path = PurePosixPath(name)
    table = path.suffix.lower() in FORMATS
    if study is None:
        return table
    waves = study.waves.values()
    if any(PurePosixPath(f.path) == path for w in waves for files in w.by_source.values() for f in files):
        return True
    return table and not any(fnmatchcase(str(path), own) for own in _own_tables(study))


def admitted(study: Study | None, name: str) -> bool:
    """Whether a file is written in the page: texts of the study, never what people answered."""
    return proper(name) and is_text(name) and not data_of(study, name)


def _own_tables(study: Study) -> Iterator[str]:
    """The tables that describe a study, as patterns: its brands, margins and printed figures."""
    yield from ("brands.csv", "margins/*")
    if study.header.brands:
        yield str(PurePosixPath(study.header.brands))
    rules = study.header.weighting
    for one in (rules.everyone, *rules.among.values()) if rules else ():
        yield str(PurePosixPath(one.margins.replace("{wave}", "*")))
    for wave in study.waves.values():
        if wave.published:
            yield str(PurePosixPath(wave.published))


def listed(version: Version, study: Study | None) -> list[StudyFile]:
    """The files of a version, the study's own first."""
    found = _named(version)
    return [StudyFile(name, found[name].stat().st_size, data_of(study, name)) for name in _in_order(found)]


def _named(version: Version) -> dict[str, Path]:
    folder = HOME.version(version)
    return {p.relative_to(folder).as_posix(): p for p in files_of(folder)}


def _in_order(names: Iterable[str]) -> list[str]:
    """The study's own file first, then those beside it, then folders."""
    return sorted(names, key=lambda n: (n != FILE, "/" in n, n))


def read_text(path: Path) -> str | None:
    """The text of a file with plain line ends; None where it is none that a page could show."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return None
    return None if "\0" in text else text.replace("\r\n", "\n").replace("\r", "\n")


def changes(before: Version, after: Version, studies: Sequence[Study | None] = (None,)) -> list[FileChange]:
    """Every file that differs, with its lines where these may be shown: not what people answered, in either study."""
    one, two = _named(before), _named(after)
    found: list[FileChange] = []
    for name in _in_order({*one, *two}):
        was, is_ = one.get(name), two.get(name)
        if was and is_ and same(was, is_):
            continue
        kind: Change = "added" if was is None else "removed" if is_ is None else "changed"
        shown = is_text(name) and not any(data_of(study, name) for study in studies)
        found.append(FileChange(name, kind, _lines(was, is_) if shown else ()))
    return found


def _lines(was: Path | None, is_: Path | None) -> tuple[Line, ...]:
    """The lines in which two files differ; none where either is too large, or no text."""
    if max(p.stat().st_size for p in (was, is_) if p) > LARGEST_TEXT:
        return ()
    texts = [read_text(p) if p else "" for p in (was, is_)]
    return () if texts[0] is None or texts[1] is None else tuple(difference(texts[0], texts[1]))


def difference(before: str, after: str) -> Iterator[Line]:
    """The lines in which two texts differ, with those around them."""
    one, two = before.splitlines(), after.splitlines()
    if max(len(one), len(two)) > MOST_LINES:
        return
    matcher = difflib.SequenceMatcher(None, one, two, autojunk=False)
    for number, group in enumerate(matcher.get_grouped_opcodes(AROUND)):
        if number or group[0][1] > 0:
            yield Line("gap", None, None, "")
        for tag, i1, i2, j1, j2 in group:
            if tag == "equal":
                yield from (
                    Line("same", i + 1, j + 1, one[i]) for i, j in zip(range(i1, i2), range(j1, j2), strict=True)
                )
                continue
            yield from (Line("out", i + 1, None, one[i]) for i in range(i1, i2))
            yield from (Line("in", None, j + 1, two[j]) for j in range(j1, j2))
