"""A site is served: processes that answer, and one that works in the background; all end with the first of them."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from vigie.errors import failure

if TYPE_CHECKING:
    from django.core.handlers.wsgi import WSGIHandler

WORKERS = 2
PAUSE = 0.5  # seconds between looks at a process


def serve(host: str, port: int) -> None:
    """Serve until interrupted."""
    from granian import Granian
    from granian.constants import Interfaces

    server = Granian(
        "vigie.web.serving:application", factory=True, address=host, port=port, interface=Interfaces.WSGI,
        workers=WORKERS, blocking_threads=1, backlog=256, log_enabled=False, respawn_failed_workers=True,
    )  # fmt: skip
    with working():
        server.serve()


def application() -> WSGIHandler:
    """The site in one of the processes that answer."""
    from vigie.web import wsgi

    threading.Thread(target=_orphaned, args=(os.getppid(),), daemon=True).start()
    return wsgi.application


def _orphaned(parent: int) -> None:
    """End with the process that started this one: killed, it cannot say so, and its port would stay taken."""
    while os.getppid() == parent:
        time.sleep(PAUSE)
    os._exit(1)


@contextmanager
def working() -> Iterator[None]:
    """The background worker beside the server: started again when it dies, ended with the server."""
    ended = threading.Event()
    # started before the server forks: a fork in the middle of a start would hold its pipe, and the start never return
    keeper = threading.Thread(target=_kept, args=(_worker(), ended))
    keeper.start()
    try:
        yield
    finally:
        ended.set()
        keeper.join()


def _worker() -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", "vigie.web.worker"])


def _kept(process: subprocess.Popen[bytes], ended: threading.Event) -> None:
    while True:
        while process.poll() is None and not ended.wait(PAUSE):
            pass
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
        if ended.wait(PAUSE):
            return
        process = _worker()


def free_port(wanted: int) -> int:
    """The port that was asked for, or the next free one."""
    for port in (*range(wanted, wanted + 20), 0):
        with socket.socket() as one:
            try:
                one.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(one.getsockname()[1])
    raise failure("site-settings", "No port is free.", "Name one: --port.")
