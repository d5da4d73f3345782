"""`vigie backup` and `vigie restore`: a site as one file, and back, on either database."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from pathlib import Path

from vigie.errors import failure
from vigie.web.configuration import Configuration, database_settings
from vigie.web.site import Progress, prepare, settle

OF_THE_DISK = {"lost+found"}


def back_up(target: Path, home: Path | None, database: str | None, progress: Progress) -> int:
    """Write a backup of a site, which may run meanwhile; how many bytes it takes."""
    site = settle(home, database)
    if not _stands(site):
        message, hint = "There is no site here.", "Name its folder: --home; and its database: --database."
        raise failure("file-missing", message, hint, file=str(site.home))
    from django.db import DatabaseError

    set_up()
    from vigie.store.backup import pack
    from vigie.store.home import Home

    try:
        return pack(Home(site.home), target.absolute(), progress)
    except DatabaseError as error:
        hint = "Is it the database of a site that this version has started at least once?"
        raise failure("site-settings", f"The database cannot be read: {_first(error)}.", hint) from None


def restore(source: Path, home: Path | None, database: str | None, progress: Progress) -> Configuration:
    """Make a backup a site again, in a folder and a database that hold nothing; whole, or not at all."""
    from django.db import DatabaseError

    final = settle(home, database)
    if final.home.exists() and (not final.home.is_dir() or {p.name for p in final.home.iterdir()} - OF_THE_DISK):
        message, hint = "Something is in the site's folder.", "A backup is restored in an empty one: --home."
        raise failure("cannot-write", message, hint, file=str(final.home))
    work = final.home / f".restoring.{os.getpid()}"  # within: the folder may be a disk of its own
    settle(work, database)
    set_up()
    from vigie.store.restoration import load, opened, unpack

    try:
        with opened(source) as backup:
            work.mkdir(parents=True)
            unpack(backup, work, progress)
            _empty()
            prepare(progress)
            load(backup, progress)
        _finished(work)
    except OSError as error:
        said = error.strerror or str(error)
        raise failure("cannot-write", f"{said}.", "Is there space?", file=str(error.filename or final.home)) from None
    except DatabaseError as error:
        raise failure("site-settings", f"The database refuses the rows: {_first(error)}.", "Make a new one.") from None
    finally:
        shutil.rmtree(work, ignore_errors=True)
        with suppress(OSError):  # what was not there before, unless it is a site now
            final.home.rmdir()
    return final


def set_up() -> None:
    """Django, once the settings are in the environment: models know no home before."""
    import django

    django.setup()


def _stands(site: Configuration) -> bool:
    """Whether there is a database to read; SQLite would make one."""
    found = database_settings(site)
    return "sqlite3" not in str(found["ENGINE"]) or Path(str(found["NAME"])).is_file()


def _empty() -> None:
    """Refuse a database that holds anything."""
    from django.db import DatabaseError, connection

    try:
        tables = connection.introspection.table_names()
    except DatabaseError as error:
        hint = "Is the server running, and are name and password right?"
        raise failure("site-settings", f"The database cannot be used: {_first(error)}.", hint) from None
    if tables:
        message = f"The database holds {len(tables)} tables already."
        raise failure("cannot-write", message, "A backup is restored in an empty one: make it, or name another.")


def _finished(work: Path) -> None:
    """The folder's parts under their names, once all is in it; the database last: without it nothing is served."""
    from django.db import connections

    connections.close_all()
    for part in sorted(work.iterdir(), key=lambda p: p.is_file()):
        part.rename(work.parent / part.name)


def _first(error: Exception) -> str:
    return (str(error).strip().splitlines() or ["no reason was given"])[0]
