"""A backup: one archive with the rows of the database, the files that they name, and the secret of the site.

manifest.json         what made it; of each table how many rows, of each file its place and its digest
rows/<table>.jsonl    rows as Django serialises them, so that what SQLite held is restored on PostgreSQL, and back
files/<digest>        each file once, however many versions and releases have it

It is taken from a site that runs: rows are read as they stood at one moment, and the files of versions, facts and
releases never change once a row names them. Sessions stay out, so that everybody signs in anew.
"""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, time
from itertools import islice
from pathlib import Path

from django.apps import apps
from django.core import serializers
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models, transaction

from vigie import __version__
from vigie.errors import failure
from vigie.store.home import Home
from vigie.store.models import Release, Version

FORMAT = 1
MANIFEST = "manifest.json"
LEFT_OUT = ("auth", "contenttypes", "sessions", "usersessions")  # made by migrations, or of this moment
PACKED = (".parquet", ".xlsx", ".zip", ".gz", ".png")  # compressed already
BATCH = 1000
Progress = Callable[[str], None]


class _Exact(DjangoJSONEncoder):
    """Times to the microsecond, as the database has them; Django's own encoder cuts them to milliseconds."""

    def default(self, o: object) -> object:
        return o.isoformat() if isinstance(o, (datetime, time)) else super().default(o)


def pack(home: Home, target: Path, progress: Progress) -> int:
    """Write the backup of the site that Django knows, whole or not at all; how many bytes it takes."""
    if target.exists():
        raise failure("cannot-write", "A file of this name stands there.", "Name another one.", file=str(target))
    work = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        # for its owner alone: it holds the secret, and whatever people answered
        with os.fdopen(os.open(work, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
                _fill(archive, home, progress)
            file.flush()
            os.fsync(file.fileno())
        work.rename(target)
    except OSError as error:
        said = error.strerror or str(error)
        raise failure("cannot-write", f"{said}.", "Is there space?", file=str(error.filename or target)) from None
    finally:
        work.unlink(missing_ok=True)
    return target.stat().st_size


def _fill(archive: zipfile.ZipFile, home: Home, progress: Progress) -> None:
    progress("reading the database")
    with _moment():
        rows = {model._meta.label_lower: _rows(archive, model) for model in kept()}  # noqa: SLF001 - Django's own way
        named = dict(_named(home))
    files = _files(archive, home, named, progress)
    told = {
        "format": FORMAT, "vigie": __version__, "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "rows": rows, "files": files,
    }  # fmt: skip
    archive.writestr(MANIFEST, json.dumps(told, indent=1, ensure_ascii=False))


def kept() -> list[type[models.Model]]:
    """The tables whose rows a backup holds."""
    return [m for m in apps.get_models() if m._meta.app_label not in LEFT_OUT and m._meta.managed]  # noqa: SLF001


@contextmanager
def _moment() -> Iterator[None]:
    """Rows as they are at one moment, while others go on writing."""
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("BEGIN")  # Django's own would hold back whoever writes
            try:
                yield
            finally:
                cursor.execute("ROLLBACK")
    else:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield


def _rows(archive: zipfile.ZipFile, model: type[models.Model]) -> dict[str, int | str]:
    """The rows of a table, a line each; how many, and the digest of them."""
    found = model._base_manager.order_by("pk").iterator(chunk_size=BATCH)  # noqa: SLF001 - with no row hidden
    count, whole = 0, hashlib.sha256()
    with archive.open(f"rows/{model._meta.label_lower}.jsonl", "w", force_zip64=True) as file:  # noqa: SLF001
        while batch := list(islice(found, BATCH)):
            lines = serializers.serialize("jsonl", batch, cls=_Exact, ensure_ascii=False).encode()
            file.write(lines)
            whole.update(lines)
            count += len(batch)
    return {"count": count, "digest": whole.hexdigest()}


def _named(home: Home) -> Iterator[tuple[Path, bool]]:
    """The folders and files that rows name, and whether a site without them would be broken."""
    yield home.path / "secret", False
    for version in Version.objects.select_related("study"):
        yield home.version(version), True
    for release in Release.objects.select_related("study"):
        yield home.release(release), True
        if release.snapshot:  # what people answered, and how their texts read; a run makes both anew
            wave = home.out(release.study) / release.wave
            yield from ((wave / "facts" / release.snapshot, False), (wave / "derived", False))


def _files(archive: zipfile.ZipFile, home: Home, named: dict[Path, bool], progress: Progress) -> dict[str, str]:
    """Every file of these folders by its place, with the digest under which the archive has it."""
    found: dict[str, str] = {}
    known: dict[tuple[int, int], str] = {}  # by inode: one file may stand in many places
    packed = set[str]()
    for folder, needed in named.items():
        if needed and not folder.exists():
            hint = "Is this the home of this database? Name it: --home."
            raise failure("file-missing", "The database names a folder that is not there.", hint, file=str(folder))
        progress(f"packing {folder.relative_to(home.path)}")
        for path in [folder] if folder.is_file() else sorted(p for p in folder.rglob("*") if p.is_file()):
            status = path.stat()
            one = known.setdefault((status.st_dev, status.st_ino), "") or digest(path)
            known[status.st_dev, status.st_ino] = found[path.relative_to(home.path).as_posix()] = one
            if one not in packed:
                packed.add(one)
                kind = zipfile.ZIP_STORED if path.suffix in PACKED else zipfile.ZIP_DEFLATED
                archive.write(path, f"files/{one}", kind)
    return found


def digest(path: Path) -> str:
    """What a file holds, as one number."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
