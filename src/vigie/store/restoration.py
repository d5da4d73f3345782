"""A backup becomes a site again: files in an empty folder, rows in an empty database, all checked by digests."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from django.core import serializers
from django.core.management.color import no_style
from django.core.serializers.base import DeserializationError
from django.db import connection, models, transaction

from vigie.errors import VigieError, failure
from vigie.store.archives import UNREADABLE
from vigie.store.backup import FORMAT, MANIFEST, Progress, kept
from vigie.store.models import Entry, User

BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Backup:
    """An open archive, and what it says of itself."""

    archive: zipfile.ZipFile
    rows: Mapping[str, tuple[int, str]]  # by table, how many and the digest of them
    files: Mapping[str, str]  # by place, the digest
    shown: str

    @contextmanager
    def member(self, name: str) -> Iterator[IO[bytes]]:
        with _told(self.shown), self.archive.open(name) as file:
            yield file

    def damaged(self, what: str) -> VigieError:
        return failure("file-unreadable", f"The backup is damaged: {what}.", "Take another one.", file=self.shown)


@contextmanager
def opened(path: Path) -> Iterator[Backup]:
    """A backup to read; raises `VigieError` for what is none, is damaged, or was made by a later version."""
    if not path.is_file():
        raise failure("file-missing", "There is no such file.", "", file=str(path))
    with ExitStack() as stack:
        with _told(str(path)):
            archive = stack.enter_context(zipfile.ZipFile(path))
            backup = _described(archive, str(path))
        yield backup


@contextmanager
def _told(shown: str) -> Iterator[None]:
    """What cannot be read is told as damage."""
    try:
        yield
    except (*UNREADABLE, OSError) as error:
        if isinstance(error, OSError) and error.errno != errno.EINVAL:  # a place that cannot be; else of the disk
            raise
        said = f"This is no backup that can be read: {error}."
        raise failure("file-unreadable", said, "A backup is what `vigie backup` wrote.", file=shown) from None


def _described(archive: zipfile.ZipFile, shown: str) -> Backup:
    try:
        told = json.loads(archive.read(MANIFEST))
        form, by = told["format"], told["vigie"]
        rows = {str(name): (int(of["count"]), str(of["digest"])) for name, of in told["rows"].items()}
        files = {str(place).encode().decode(): str(digest) for place, digest in told["files"].items()}
    except (TypeError, AttributeError, OverflowError) as error:
        raise zipfile.BadZipFile(str(error)) from None
    if form != FORMAT:
        message = f"The backup was made by Vigie {by}, which writes another format."
        raise failure("file-unreadable", message, "Install that version.", file=shown)
    return Backup(archive, rows, files, shown)


def unpack(backup: Backup, into: Path, progress: Progress) -> None:
    """The files, each in its place under an empty folder."""
    first: dict[str, Path] = {}
    for place, digest in backup.files.items():
        parts = PurePosixPath(place)
        if parts.is_absolute() or ".." in parts.parts or set(place) & {"\\", "\0"}:
            raise backup.damaged(f'"{place}" leads out of it')
        if parts.name == "study.yaml":
            progress(f"unpacking {parts.parent}")
        target = into / parts
        target.parent.mkdir(parents=True, exist_ok=True)
        if digest in first:
            _same(first[digest], target)
        else:
            _written(backup, digest, target, place)
            first[digest] = target
    secret = into / "secret"
    if secret.exists():
        secret.chmod(0o600)


def _same(one: Path, other: Path) -> None:
    """The same bytes in another place; not a second time on the disk: no file under a site's home is changed."""
    try:
        os.link(one, other)
    except OSError:
        shutil.copyfile(one, other)


def _written(backup: Backup, digest: str, target: Path, place: str) -> None:
    whole = hashlib.sha256()
    with backup.member(f"files/{digest}") as source, target.open("wb") as file:
        while block := source.read(BLOCK):
            whole.update(block)
            file.write(block)
    if whole.hexdigest() != digest:
        raise backup.damaged(f'"{place}" is not what it was')


def load(backup: Backup, progress: Progress) -> None:
    """The rows, all or none, into tables that migrations made and nobody has written to."""
    tables = {model._meta.label_lower: model for model in kept()}  # noqa: SLF001 - Django's own way
    if unknown := sorted(name for name, (count, _) in backup.rows.items() if name not in tables and count):
        raise failure(
            "file-unreadable", f"The backup has rows of {', '.join(unknown)}, which this version does not know.",
            "Install the version that made it, or a later one.", file=backup.shown,
        )  # fmt: skip
    with transaction.atomic():  # references are checked at its end, so that the order of tables is free
        for name, (count, digest) in backup.rows.items():
            if count:
                progress(f"restoring {name}")
            _loaded(backup, name, count, digest)
        with _numbers_taken(), connection.cursor() as cursor:  # PostgreSQL counts on from rows that are there alone
            for statement in connection.ops.sequence_reset_sql(no_style(), list(tables.values())):
                cursor.execute(statement)


@contextmanager
def _numbers_taken() -> Iterator[None]:
    """Nobody new gets the number of somebody who was erased, and whom the log still names by it."""
    last = Entry.objects.aggregate(last=models.Max("person"))["last"]
    if last is None or User.objects.filter(pk__gte=last).exists():
        yield
        return
    shade = User.objects.create(pk=last, email="erased@vigie.invalid")
    yield
    shade.delete()


def _loaded(backup: Backup, name: str, count: int, digest: str) -> None:
    member, found = f"rows/{name}.jsonl", 0
    with backup.member(member) as file:  # whole, before a row of it is believed
        same = hashlib.file_digest(file, "sha256").hexdigest() == digest  # type: ignore[arg-type]
    if same:
        with backup.archive.open(member) as file:
            for line in file:
                try:
                    for row in serializers.deserialize("jsonl", line.decode(), ignorenonexistent=True):
                        row.save(force_insert=True)
                        found += 1
                except (DeserializationError, UnicodeDecodeError) as error:
                    raise backup.damaged(f"a row of {name} cannot be read: {error}") from None
    if not same or found != count:
        raise backup.damaged(f"the rows of {name} are not what they were")
