"""The background worker: takes one run after the other, and computes each in a process of its own.

A run that is stopped, or whose process dies, leaves what was published before; runs that a dead machine left behind are
told as failed, and can be tried again.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time

import django

PAUSE = 0.5  # seconds between looks at the queue


def main() -> None:
    """Work until ended."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vigie.web.settings")
    django.setup()
    parent = os.getppid()
    sweep()
    while os.getppid() == parent:  # the server that started it is alive
        if not work():
            time.sleep(PAUSE)


def work() -> bool:
    """Compute the run that has waited longest; whether there was one."""
    from django.db import close_old_connections

    from vigie.store.models import Run
    from vigie.store.runs import claim

    close_old_connections()
    run = claim()
    if run is None:
        return False
    process = subprocess.Popen([sys.executable, "-m", "vigie.web.running", str(run.pk)])  # noqa: S603 - our own module
    while process.poll() is None:
        time.sleep(PAUSE / 2)
        if Run.objects.filter(pk=run.pk, stop=True).exists():
            process.terminate()
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            run.end(Run.State.CANCELLED)
    # a process that ended well has said so itself
    run.end(Run.State.FAILED, problems=[{"message": f"The run ended with {process.returncode}."}])
    return True


def sweep() -> None:
    """Tell the runs that nobody computes any more as failed, and let go those that were stopped before they began."""
    from vigie.store.models import Run
    from vigie.web.library import HOME
    from vigie.web.running import alive

    for run in Run.objects.filter(state=Run.State.RUNNING):
        if not alive(HOME.lock(run)):
            run.end(Run.State.FAILED, problems=[{"message": "The machine stopped during the run.", "hint": ""}])
    for run in Run.objects.filter(state=Run.State.QUEUED, stop=True):
        run.end(Run.State.CANCELLED)


if __name__ == "__main__":
    main()
