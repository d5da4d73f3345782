"""Study folders come in: a folder or a zip becomes a version, checked before anything is kept."""

from __future__ import annotations

import hashlib
import shutil
import stat
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import IO

from django.db import transaction

from vigie.errors import Problem, VigieError, failure
from vigie.store.archives import UNREADABLE
from vigie.store.home import copied, shared
from vigie.store.models import Organisation, Study, User, Version
from vigie.study.loading import FILE, load_study
from vigie.study.text import spread
from vigie.web.library import HOME

MOST_FILES, LARGEST = 5_000, 4 << 30  # of an archive, unpacked
LARGE = 1 << 20  # a file that is not read again for the same version
RATIO = 200  # unpacked to packed; more is a bomb
JUNK = (".git", "__MACOSX", ".DS_Store", "Thumbs.db")  # of an archive, wherever it stands
LEFT_OUT = ("out", "site", *JUNK)  # beside the study in its folder


def add_version(study: Study, folder: Path, by: User | None) -> Version:
    """Keep a folder as the study's next version; where it is the last one byte for byte, that one."""
    digest, before = digest_of(folder), study.version
    with tempfile.TemporaryDirectory(dir=work_folder()) as work:  # copied before anybody has to wait for the database
        ready = Path(work) / "study"
        copied(folder, ready, LEFT_OUT)
        if before is not None:
            shared(ready, HOME.version(before))
        with transaction.atomic():
            last = Study.objects.select_for_update().get(pk=study.pk).version  # two who send at once take turns
            if last is not None and last.digest == digest:
                return last
            version = next_version(study, digest, by)
            ready.rename(HOME.version(version))
    return version


def next_version(study: Study, digest: str, by: User | None) -> Version:
    """The study's next version, whose folder the caller makes, in the same transaction."""
    last = study.version
    version = Version.objects.create(study=study, number=last.number + 1 if last else 1, digest=digest, by=by)
    target = HOME.version(version)
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(target, ignore_errors=True)  # of an attempt that the machine ended
    return version


def add_study(organisation: Organisation, folder: Path, by: User | None) -> tuple[Study, Version]:
    """A new study, or the next version of the one that bears this name; raises `VigieError` with its problems."""
    loaded, problems = load_study(folder)
    if loaded is None:
        raise VigieError(problems)
    study, new = Study.objects.get_or_create(organisation=organisation, slug=loaded.header.study)
    try:
        version = add_version(study, folder, by)
    except BaseException:
        if new and study.version is None:
            study.delete()
        raise
    study.title = dict(spread(loaded.header.title))
    study.save()
    return study, version


def digest_of(folder: Path) -> str:
    """What a folder holds, as one number."""
    whole = hashlib.sha256()
    for path in sorted(files_of(folder)):
        whole.update(f"{path.relative_to(folder).as_posix()}\0".encode())
        whole.update(_digest(path))
    return whole.hexdigest()


@dataclass(frozen=True, slots=True)
class _Bytes:
    """A file by what it is on the disk, under whatever name."""

    path: Path = field(compare=False)
    known: tuple[int, ...]


def _digest(path: Path) -> bytes:
    stat_ = path.stat()
    file = _Bytes(path, (stat_.st_dev, stat_.st_ino, stat_.st_size, stat_.st_mtime_ns))
    return _sha256(file) if stat_.st_size > LARGE else _sha256.__wrapped__(file)


@lru_cache(maxsize=MOST_FILES)
def _sha256(file: _Bytes) -> bytes:
    with file.path.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").digest()


def files_of(folder: Path) -> Iterator[Path]:
    """The files of a study, without what runs write."""
    for path in folder.rglob("*"):
        if path.is_file() and path.relative_to(folder).parts[0] not in LEFT_OUT:
            yield path


def unpacked(archive: IO[bytes], shown: str, into: Path) -> Path:
    """A zip unpacked into an empty folder; the folder in it that holds `study.yaml`.

    Raises `VigieError` for what is no zip, holds paths that lead out of it, links, too much, or no study.
    """
    try:
        with zipfile.ZipFile(archive) as packed:
            members, study = _wanted(packed.infolist())
            if problems := list(_unsafe(members, shown)):
                raise VigieError(problems)
            if study is None:
                hint = "Pack the study's own folder."
                raise failure("file-missing", f"The archive holds no {FILE}.", hint, file=shown)
            left = LARGEST
            for member in members:
                left = _written(packed, member, into / _plain(member.filename), left, shown)
    except (*UNREADABLE, OSError) as error:
        hint = "Send the study's folder as a zip without a password."
        raise failure("file-unreadable", f"This is no archive that can be read: {error}.", hint, file=shown) from None
    return into / study


def _wanted(found: list[zipfile.ZipInfo]) -> tuple[list[zipfile.ZipInfo], PurePosixPath | None]:
    """The members of an archive but for junk and for what runs wrote, and the folder of the study; None without one."""
    by = {m: _plain(m.filename) for m in found if not m.is_dir()}
    by = {m: path for m, path in by.items() if not set(path.parts) & set(JUNK)}
    study = min((p.parent for p in by.values() if p.name == FILE), key=lambda p: len(p.parts), default=None)
    if study is None:
        return list(by), None
    beside = {study / name for name in LEFT_OUT}
    return [m for m, path in by.items() if not beside & set(path.parents)], study


def _plain(name: str) -> PurePosixPath:
    return PurePosixPath(name.replace("\\", "/"))


def _unsafe(members: list[zipfile.ZipInfo], shown: str) -> Iterator[Problem]:
    """Everything for which an archive is refused before a byte of it is written."""
    if len(members) > MOST_FILES:
        yield Problem("file-too-large", f"The archive holds {len(members):,} files; a study has fewer.", "", shown)
    size, packed = sum(m.file_size for m in members), sum(m.compress_size for m in members)
    if size > LARGEST or size > RATIO * max(packed, 1 << 16):
        yield Problem("file-too-large", f"Unpacked, the archive would hold {size >> 20:,} MiB.", "", shown)
    for member in members:
        path, link = _plain(member.filename), stat.S_ISLNK(member.external_attr >> 16)
        outside = path.is_absolute() or ".." in path.parts or ":" in member.filename or "\0" in member.filename
        if outside or link:
            what = "is a link" if link else "leads out of the archive"
            hint = "Pack the study's own folder."
            yield Problem("file-unreadable", f'"{member.filename[:80]}" {what}.', hint, shown)


def _written(packed: zipfile.ZipFile, member: zipfile.ZipInfo, target: Path, left: int, shown: str) -> int:
    """Unpack one file; what it says of its size is not believed."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with packed.open(member) as source, target.open("wb") as file:
        while block := source.read(1 << 20):
            left -= len(block)
            if left < 0:
                raise failure("file-too-large", "Unpacked, the archive is too large.", "", file=shown)
            file.write(block)
    return left


def work_folder() -> Path:
    """Where unfinished work stands, on the file system of the studies."""
    folder = HOME.path / "work"
    folder.mkdir(parents=True, exist_ok=True)
    return folder
