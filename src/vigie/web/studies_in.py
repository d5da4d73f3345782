"""Study folders come in: a folder or a zip becomes a version, checked before anything is kept."""

from __future__ import annotations

import hashlib
import shutil
import stat
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import IO

from django.db import transaction
from django.utils.text import slugify

from vigie.errors import Problem, VigieError, failure
from vigie.store.home import copied
from vigie.store.models import Organisation, Study, User, Version
from vigie.study.loading import FILE, load_study
from vigie.study.text import spread
from vigie.web.library import HOME

MOST_FILES, LARGEST = 5_000, 4 << 30  # of an archive, unpacked
RATIO = 200  # unpacked to packed; more is a bomb
LEFT_OUT = ("out", "site", ".git", "__MACOSX", ".DS_Store", "Thumbs.db")  # beside the study in its folder


def add_version(study: Study, folder: Path, by: User | None) -> Version:
    """Keep a folder as the study's next version; where it is the last one byte for byte, that one."""
    digest = digest_of(folder)
    with transaction.atomic():
        Study.objects.select_for_update().get(pk=study.pk)  # two that are sent at once become one after the other
        last = study.version
        if last is not None and last.digest == digest:
            return last
        number = last.number + 1 if last is not None else 1
        version = Version.objects.create(study=study, number=number, digest=digest, by=by)
        target = HOME.version(version)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(target, ignore_errors=True)  # of an attempt that the machine ended
        copied(folder, target, LEFT_OUT)
    return version


def add_study(organisation: Organisation, folder: Path, by: User | None) -> tuple[Study, Version]:
    """A new study, or the next version of the one that bears this name; raises `VigieError` with its problems."""
    loaded, problems = load_study(folder)
    if loaded is None:
        raise VigieError(problems)
    slug = slugify(loaded.header.study) or "study"
    with transaction.atomic():
        study, _ = Study.objects.get_or_create(organisation=organisation, slug=slug)
        study.title = dict(spread(loaded.header.title))
        study.save()
        return study, add_version(study, folder, by)


def digest_of(folder: Path) -> str:
    """What a folder holds, as one number."""
    whole = hashlib.sha256()
    for path in sorted(files_of(folder)):
        whole.update(f"{path.relative_to(folder).as_posix()}\0".encode())
        with path.open("rb") as file:
            whole.update(hashlib.file_digest(file, "sha256").digest())
    return whole.hexdigest()


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
            members = [m for m in packed.infolist() if not m.is_dir() and not _left_out(m.filename)]
            if problems := list(_unsafe(members, shown)):
                raise VigieError(problems)
            left = LARGEST
            for member in members:
                left = _written(packed, member, into / _plain(member.filename), left, shown)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, RuntimeError, OSError, EOFError) as error:
        hint = "Send the study's folder as a zip without a password."
        raise failure("file-unreadable", f"This is no archive that can be read: {error}.", hint, file=shown) from None
    found = sorted(into.rglob(FILE), key=lambda p: len(p.parts))
    if not found:
        raise failure("file-missing", f"The archive holds no {FILE}.", "Pack the study's own folder.", file=shown)
    return found[0].parent


def _left_out(name: str) -> bool:
    return bool(set(PurePosixPath(name).parts) & set(LEFT_OUT))


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
