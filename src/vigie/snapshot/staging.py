"""Unfinished work: folders of a run's own, locked while it lives, moved into place whole, swept after a killed run.

Two runs of one wave may overlap: each writes in a folder of its own, and a lock that the system lets go when a process
ends, however it ends, tells a living run's folder from a leftover.
"""

from __future__ import annotations

import os
import shutil
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import ModuleType

from vigie.errors import VigieError, failure

fcntl: ModuleType | None
try:
    import fcntl
except ImportError:  # Windows
    fcntl = None

STAGING = ".staging"
ATTEMPTS = 20
ABANDONED = 86_400  # seconds after which a folder counts as left over where there are no locks


@contextmanager
def staging(wave_folder: Path) -> Iterator[Path]:
    """A folder to work in, on the file system of the wave's folder; what is left in it goes at the end."""
    path, held = _own(wave_folder / STAGING)
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)
        _let_go(held)
        with suppress(OSError):  # others work there
            path.parent.rmdir()


def _own(parent: Path) -> tuple[Path, int | None]:
    """A new folder with its lock; another run's sweep may come between, but not again and again."""
    for attempt in range(ATTEMPTS):
        path = parent / uuid.uuid4().hex
        try:
            path.mkdir(parents=True)
            held = _hold(path)
        except FileNotFoundError:
            if attempt == ATTEMPTS - 1:
                raise
            continue
        if path.is_dir():
            return path, held
        _let_go(held)
    raise FileNotFoundError(2, "No folder can be made", str(parent))


def sweep(wave_folder: Path) -> None:
    """Remove what killed runs left half written."""
    parent = wave_folder / STAGING
    for path in parent.iterdir() if parent.is_dir() else ():
        with suppress(OSError):
            if fcntl is None and time.time() - path.stat().st_mtime < ABANDONED:
                continue
            held = _hold(path, wait=False)
            shutil.rmtree(path, ignore_errors=True)
            _let_go(held)
    with suppress(OSError):
        parent.rmdir()


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Hold a folder against other runs for a moment."""
    folder.mkdir(parents=True, exist_ok=True)
    held = _hold(folder)
    try:
        yield
    finally:
        _let_go(held)


def _hold(folder: Path, *, wait: bool = True) -> int | None:
    """A lock on a folder; BlockingIOError where another holds it and we do not wait."""
    if fcntl is None:
        return None
    held = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(held, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except OSError:
        os.close(held)
        raise
    return held


def _let_go(held: int | None) -> None:
    if held is not None:
        os.close(held)


def unwritable(error: OSError, folder: Path) -> VigieError:
    """What is told where nothing can be written."""
    said, where = error.strerror or str(error), str(error.filename or folder)
    hint = "Check the space and the rights there; what was published before stands."
    return failure("cannot-write", f"{said}.", hint, file=where)


def place(staged: Path, target: Path) -> None:
    """Move a finished folder to its name; where another run was first, its copy stands."""
    for file in staged.rglob("*"):
        if file.is_file():
            sync(file)
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        staged.rename(target)
    except OSError:
        if not target.exists():
            raise


def sync(path: Path) -> None:
    """Hand a file's bytes to the disk before its name counts."""
    with path.open("rb") as file:
        os.fsync(file.fileno())
