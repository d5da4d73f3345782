"""Files of a wave come in: put where the study expects them, named in it where they are new, read before they stay."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from django.core.files.uploadedfile import UploadedFile

from vigie.errors import Problem, VigieError, failure, nearest
from vigie.formats.tables import FORMATS
from vigie.results.figures import Source
from vigie.store.models import Version
from vigie.study.amending import Named, with_files, with_wave
from vigie.study.loading import FILE
from vigie.study.model import Study
from vigie.study.text import folder_name
from vigie.study.waves import FILE_KEYS, DataFile, Wave
from vigie.web.drafts import Draft, unchanged
from vigie.web.library import HOME
from vigie.web.study_files import read_text

KEYS = tuple(FILE_KEYS.values())
SUFFIXES = tuple(FORMATS)
MOST = 40  # files at once
LARGEST = 1 << 30  # bytes of a file that a page takes
READ = 64 << 20  # bytes of a wave up to which its files are read at once; of larger ones it is the run that tells
EXAMPLE = "data/EXAMPLE.md"  # says that the files beside it were drawn at random


@dataclass(frozen=True, slots=True)
class Sent:
    """What somebody sends: files of one source of one wave, in place of those that stand or beside them."""

    wave: str
    key: str
    files: Sequence[UploadedFile[Any]]
    beside: bool = False


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was found in the files: rows by source, what was left out, and which columns and questions do not meet."""

    names: tuple[str, ...]
    source: Source
    rows: dict[str, int]
    left_out: tuple[tuple[str, int, int], ...] = ()  # reason, rows, cells
    missing: tuple[tuple[str, str], ...] = ()  # a question without a column, and the header nearest to it
    unread: tuple[str, ...] = ()  # headers that nothing reads


def place(draft: Draft, study: Study, sent: Sent) -> tuple[str, ...]:
    """Write the files into a draft and name them in the study; raises `VigieError` with all that is wrong."""
    problems = list(_refused(study, sent))
    if problems:
        raise VigieError(problems)
    wave = study.waves.get(sent.wave)
    standing = list((getattr(wave.files, sent.key) if wave and wave.files else None) or [])
    paths = _by_name(standing, sent)
    if not paths:
        named = _named(draft, standing, sent)
        paths = [n.path for n in named[-len(sent.files) :]]
        if [n.path for n in named] != [f.path for f in standing]:
            _amend(draft, wave, sent, named)
        for gone in {f.path for f in standing} - {n.path for n in named} - _used(study, without=standing):
            draft.remove(gone)
    for file, path in zip(sent.files, paths, strict=True):
        draft.write(path, file.chunks(), LARGEST)
    return tuple(paths)


def read(draft: Draft, study: Study, sent: Sent, names: tuple[str, ...]) -> Receipt:
    """Read a wave of a draft as a run would; raises `VigieError` with all that makes its files unusable."""
    from vigie.collect.intake import intake

    wave = study.waves[sent.wave]
    paths = [draft.path(f.path) for files in wave.by_source.values() for f in files]
    source = next(s for s, key in FILE_KEYS.items() if key == sent.key)
    if sum(p.stat().st_size for p in paths) > READ:
        return Receipt(names, source, {})
    _, told = intake(study.fielded(wave), wave, lambda _: None)
    unread = [header for line in _of(told["unread"], names) for header in re.findall(r'"([^"]*)"', line)]
    asked = [name for line in _of(told["notes"], names) for name in re.findall(r'no column for "([^"]*)"', line)]
    left = tuple((e["reason"], e["rows"], e["cells"]) for e in told["exclusions"] if e["source"] == source)
    missing = tuple((name, nearest(name, unread) or "") for name in dict.fromkeys(asked))
    return Receipt(names, source, told["read"], left, missing, tuple(unread))


def examples(study: Study, version: Version, first: Version) -> set[str]:
    """The data files that are still those of the template."""
    if not (HOME.version(version) / EXAMPLE).is_file():
        return set()
    return {name for name in _used(study) if unchanged(name, version, first)}


def _refused(study: Study, sent: Sent) -> Iterator[Problem]:
    if sent.key not in KEYS:
        yield Problem("usage", "It is not said what the files hold.", f"There are: {', '.join(KEYS)}.")
    wave = study.waves.get(sent.wave)
    if wave is not None and wave.published is not None:
        yield Problem("usage", f"Of wave {sent.wave} there are printed figures only.", "Name another wave.")
    yield from refused(sent.files, sent.wave)


def refused(files: Sequence[UploadedFile[Any]], wave: str) -> Iterator[Problem]:
    """Everything for which files of a wave are refused before they are looked into."""
    if not files or len(files) > MOST:
        yield Problem("usage", f"One to {MOST} files are sent at once.", "Choose the files of the wave.")
    try:
        folder_name(wave)
    except ValueError:
        hint = "Letters, digits, spaces, _ - and ., at most 60."
        yield Problem("wrong-value", "The wave needs a name that can be a folder.", hint)
    for file in files:
        suffix = PurePosixPath(str(file.name)).suffix.lower()
        if suffix not in FORMATS:
            said = f'"{suffix}" is not a format that Vigie reads.' if suffix else "The file's name has no ending."
            yield Problem("file-unreadable", said, f"Vigie reads {', '.join(FORMATS)}.", str(file.name))
        elif not file.size:
            yield Problem("file-unreadable", "The file is empty.", "Export it again.", str(file.name))
        elif file.size > LARGEST:
            hint = "Split it, or bring the study's folder to the machine."
            yield Problem("file-too-large", f"The file has {file.size >> 20:,} MiB; {LARGEST >> 20:,} are taken.", hint,
                          str(file.name))  # fmt: skip


def _by_name(standing: Sequence[DataFile], sent: Sent) -> list[str]:
    """Where each file bears the name of one that stands: the paths of those that they take the place of."""
    by = {PurePosixPath(f.path).name: f.path for f in standing}
    names = [str(file.name) for file in sent.files]
    return [by[n] for n in names] if all(n in by for n in names) and len(set(names)) == len(names) else []


def _named(draft: Draft, standing: Sequence[DataFile], sent: Sent) -> list[Named]:
    """The files of the source as the study will name them, those that are sent last."""
    if not sent.beside and len({(f.import_, f.panel) for f in standing}) > 1:
        listed = ", ".join(PurePosixPath(f.path).name for f in standing)
        hint = f"Name each like the one that it takes the place of: {listed}."
        raise failure("usage", "The files that stand are read in different ways.", hint)
    like = standing[-1] if standing else None
    kept = [Named(f.path, f.import_, f.panel) for f in standing] if sent.beside else []
    taken = {f.path for f in kept}
    made: list[Named] = []
    for number, file in enumerate(sent.files, len(kept) + 1):
        suffix = PurePosixPath(str(file.name)).suffix.lower()
        alone = len(sent.files) == len(standing) == 1 and not sent.beside
        one = len(sent.files) == 1 and not kept
        path = f"data/{sent.wave}/{sent.key}{'' if one else f'-{number}'}{suffix}"
        path = str(PurePosixPath(standing[0].path).with_suffix(suffix)) if alone else path
        while path in taken or (draft.path(path).exists() and path not in {f.path for f in standing}):
            path = str(PurePosixPath(path).with_stem(PurePosixPath(path).stem + "-new"))
        taken.add(path)
        made.append(Named(path, like.import_ if like else None, like.panel if like else None))
    return [*kept, *made]


def _amend(draft: Draft, wave: Wave | None, sent: Sent, named: Sequence[Named]) -> None:
    """Name the files in `study.yaml`."""
    text = read_text(draft.path(FILE)) or ""
    told = with_files(text, sent.wave, sent.key, named) if wave else with_wave(text, sent.wave, {sent.key: named})
    if told is None:
        hint = f"Write it there: {sent.key}: {named[0].written()}"
        raise failure("wrong-value", 'The list "waves:" cannot be changed from here.', hint, file=FILE)
    draft.write(FILE, [told.encode()])


def _used(study: Study, without: Sequence[DataFile] = ()) -> set[str]:
    """The data files that the waves name."""
    listed = [f for w in study.waves.values() for files in w.by_source.values() for f in files]
    return {f.path for f in listed if f not in without}


def _of(lines: Sequence[str], names: Sequence[str]) -> list[str]:
    return [line for line in lines if line.startswith(tuple(names))]
