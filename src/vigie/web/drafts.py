"""A study being changed: its last version in links, in which files are written and checked, and which is kept whole.

Whoever changes a file of a draft makes another file: what a version holds never changes. With a problem nothing stays.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from django.db import transaction

from vigie.errors import Problem, failure
from vigie.store.home import linked, same
from vigie.store.models import Study, User, Version
from vigie.study.loading import load_study
from vigie.study.model import Study as Loaded
from vigie.study.text import spread
from vigie.web.library import HOME
from vigie.web.studies_in import LARGEST, LEFT_OUT, MOST_FILES, digest_of, files_of, next_version, work_folder

_PART = re.compile(r"\w[\w .()-]{0,99}")
DEEPEST = 6  # folders
LONGEST = 200  # bytes of a name: file systems take 255, and work files have longer ones


@dataclass(frozen=True, slots=True)
class Draft:
    """A copy of a version in which files may be written, removed and read."""

    folder: Path
    base: Version

    def path(self, name: str) -> Path:
        return self.folder / name

    def write(self, name: str, blocks: Iterable[bytes], most: int = LARGEST) -> None:
        """Put a file in its place, whole; raises `VigieError` where it is larger than `most` bytes."""
        target = self.path(name)
        if target.is_dir() or any(self.path(str(parent)).is_file() for parent in PurePosixPath(name).parents):
            hint = "Take another name."
            raise failure("file-unreadable", "A file and a folder of the study would bear one name.", hint, file=name)
        target.parent.mkdir(parents=True, exist_ok=True)
        work = self.folder.with_name("written")  # beside the study, which may hold a file of any name
        left = most
        with work.open("wb") as file:
            for block in blocks:
                left -= len(block)
                if left < 0:
                    raise failure("file-too-large", f"The file is larger than {most >> 20:,} MiB.", "", file=name)
                file.write(block)
        work.replace(target)  # the version's own file stays as it is

    def remove(self, name: str) -> None:
        """Take a file out."""
        self.path(name).unlink(missing_ok=True)

    def problems(self) -> list[Problem]:
        """Everything that is wrong with the study as it would be."""
        return self.loaded()[1]

    def loaded(self) -> tuple[Loaded | None, list[Problem]]:
        """The study as it would be, or its problems."""
        if sum(1 for _ in files_of(self.folder)) > MOST_FILES:
            return None, [Problem("file-too-large", f"A study has at most {MOST_FILES:,} files.")]
        return load_study(self.folder)

    def keep(self, by: User | None) -> Version | None:
        """The study's next version; the last one where nothing differs; None where somebody else kept one meanwhile."""
        loaded, _ = self.loaded()
        digest = digest_of(self.folder)
        with transaction.atomic():
            study = Study.objects.select_for_update().get(pk=self.base.study_id)
            if study.version != self.base:
                return None
            if digest == self.base.digest:
                return self.base
            if loaded is not None:
                study.title = dict(spread(loaded.header.title))
                study.save()
            version = next_version(study, digest, by)
            linked(self.folder, HOME.version(version))
        return version


@contextmanager
def drafted(version: Version) -> Iterator[Draft]:
    """A draft of a version, which is gone afterwards."""
    with tempfile.TemporaryDirectory(dir=work_folder()) as work:
        folder = Path(work) / "study"
        linked(HOME.version(version), folder)
        yield Draft(folder, version)


def proper(name: str) -> bool:
    """Whether a study may have a file of this name: below its folder, of plain words, and of no place of ours."""
    parts = PurePosixPath(name).parts
    plain = bool(parts) and all(
        _PART.fullmatch(p) and len(p.encode()) <= LONGEST and not p.endswith((".", " ")) for p in parts
    )
    return plain and "/".join(parts) == name and len(parts) <= DEEPEST and parts[0] not in LEFT_OUT


def unchanged(name: str, one: Version, other: Version) -> bool:
    """Whether a file is the same in two versions, or in neither."""
    first, second = HOME.version(one) / name, HOME.version(other) / name
    if not (first.is_file() and second.is_file()):
        return first.is_file() == second.is_file()
    return same(first, second)
