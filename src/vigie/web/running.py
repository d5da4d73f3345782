"""One run, in a process of its own: `vigie run` on a version, its progress told, its releases kept."""

from __future__ import annotations

import fcntl
import os
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import django
from django.db import OperationalError

if TYPE_CHECKING:
    from vigie.run import Published
    from vigie.store.models import Run, Version

EVERY = 0.5  # seconds between two steps that are told
LONGEST = 20_000  # characters of the log


def main(number: int) -> None:
    """Compute a run that a worker has claimed, whose lock it hands down."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vigie.web.settings")
    django.setup()
    from vigie.store.models import Run

    compute(Run.objects.select_related("study", "version", "by").get(pk=number))


@contextmanager
def locked(lock: Path) -> Iterator[int | None]:
    """The lock of a run, held until it is let go here and by whoever it was handed to; None where another has it."""
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield None
            return
        yield file.fileno()
        lock.unlink(missing_ok=True)


def alive(lock: Path) -> bool:
    """Whether a process holds the lock of a run."""
    try:
        with lock.open() as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False


def compute(run: Run) -> None:
    """The waves of a version to releases that the site keeps; problems are told as `vigie run` tells them."""
    from vigie import run as line
    from vigie.errors import VigieError
    from vigie.store.models import Run as Runs
    from vigie.web.library import HOME

    log, last = "", 0.0

    def progress(step: str) -> None:
        nonlocal log, last
        log = f"{log}{time.strftime('%H:%M:%S')} {step}\n"[-LONGEST:]
        if time.monotonic() - last >= EVERY:
            last = time.monotonic()
            with suppress(OperationalError):  # told with the next step, where others write for long
                Runs.objects.filter(pk=run.pk).update(step=step[:200], log=log)

    try:
        made = line.run(HOME.version(run.version), out=HOME.out(run.study), progress=progress)
    except VigieError as error:
        run.end(Runs.State.FAILED, log=log, problems=[{"message": str(p)} for p in error.problems])
        return
    keep(run.version, made)
    run.end(Runs.State.DONE, log=log)


def keep(version: Version, made: Sequence[Published]) -> None:
    """Remember the releases of a version; whether readers see them is decided by somebody.

    A version that is as an earlier one was makes releases that are known: they are the last made again. What was
    released of other waves stands where this version has these.
    """
    from django.utils import timezone

    from vigie.results.decoding import from_json
    from vigie.run import load
    from vigie.store.models import Release
    from vigie.web.library import HOME

    order = list(load(HOME.version(version)).waves)
    for published in made:
        folder, position = published.folder.resolve(), order.index(published.wave)
        results = from_json((folder / "results.json").read_bytes())
        named: dict[str, Any] = {"study": version.study, "wave": published.wave, "key": folder.name}
        # files first: a release that the database knows has them
        HOME.keep(folder, Release(version=version, position=position, **named))
        told = {"position": position, "snapshot": results.snapshot, "version": version, "made": timezone.now()}
        Release.objects.update_or_create(defaults=told, **named)
    for position, wave in enumerate(order):
        version.study.releases.filter(wave=wave).exclude(position=position).update(position=position)


if __name__ == "__main__":
    main(int(sys.argv[1]))
