"""The background worker: takes one run after the other, and computes each in a process of its own.

A run that is stopped, or whose process dies, leaves what was published before; runs that a dead machine left behind are
told as failed, and can be tried again.
"""

from __future__ import annotations

import math
import os
import signal
import subprocess
import sys
import tempfile
import time
from typing import IO, TYPE_CHECKING

import django

from vigie.web.workshop_words import ENDINGS

if TYPE_CHECKING:
    from vigie.store.models import Run

PAUSE = 0.5  # seconds between looks at the queue
SWEEP = 10.0  # seconds between looks for runs that died
LAST = 4_000  # bytes of what a run that broke off wrote


def main() -> None:
    """Work until ended."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vigie.web.settings")
    django.setup()
    parent, swept = os.getppid(), -math.inf
    while os.getppid() == parent:  # the server that started it is alive
        if time.monotonic() - swept > SWEEP:
            sweep()
            swept = time.monotonic()
        if not work():
            time.sleep(PAUSE)


def work() -> bool:
    """Compute the run that has waited longest; whether there was one."""
    from django.db import close_old_connections

    from vigie.store.runs import take, waiting
    from vigie.web.library import HOME
    from vigie.web.running import locked

    close_old_connections()
    run = waiting()
    if run is None:
        return False
    with locked(HOME.lock(run)) as lock:  # first: a run that the database tells as running is alive, or has died
        if lock is not None and take(run):
            compute(run, lock)
    return lock is not None


def compute(run: Run, lock: int) -> None:
    """One run in a process of its own, which shares its lock; ended where somebody asks to."""
    from vigie.store.models import Run as Runs

    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(  # noqa: S603 - our own module
            [sys.executable, "-m", "vigie.web.running", str(run.pk)], pass_fds=[lock], stderr=said
        )
        while process.poll() is None:
            time.sleep(PAUSE / 2)
            if Runs.objects.filter(pk=run.pk, stop=True).exists():
                process.terminate()
                try:
                    process.wait(5)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()
                run.end(Runs.State.CANCELLED)
        last = _last(said)
    sys.stderr.write(last)
    code = process.returncode
    signalled = f"{signal.Signals(-code).name}\n" if code < 0 else ""
    log = Runs.objects.values_list("log", flat=True).get(pk=run.pk)
    # a process that ended well has said so itself
    run.end(Runs.State.FAILED, problems=[ending("killed" if signalled else "broken")], log=f"{log}{last}{signalled}")


def _last(said: IO[bytes]) -> str:
    """The last lines that a process wrote of what went wrong."""
    said.seek(max(said.seek(0, os.SEEK_END) - LAST, 0))
    return said.read().decode(errors="replace").replace("\0", "")


def ending(how: str) -> dict[str, str]:
    """How a run ended that could not say so itself, as its problem."""
    return dict(zip(("message", "hint"), ENDINGS[how], strict=True))


def sweep() -> None:
    """Tell the runs that nobody computes any more as failed, and let go those that were stopped before they began."""
    from vigie.store.models import Run
    from vigie.web.library import HOME
    from vigie.web.running import alive

    for run in Run.objects.filter(state=Run.State.RUNNING):
        if not alive(HOME.lock(run)):
            run.end(Run.State.FAILED, problems=[ending("stopped")])
            HOME.lock(run).unlink(missing_ok=True)
    for run in Run.objects.filter(state=Run.State.QUEUED, stop=True):
        run.end(Run.State.CANCELLED)


if __name__ == "__main__":
    main()
