"""Processes of their own: what is measured starts afresh, and its peak memory is its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SCRIPTS = Path(__file__).parents[1]
LIMIT = 1800  # seconds after which a process is stopped


class Stopped(RuntimeError):  # noqa: N818 - it says what happened
    """A process that failed or took too long, with its last words."""


@dataclass(frozen=True, slots=True)
class Ended:
    """A process that ended well: seconds from start to end, peak memory in MiB, and what it answered."""

    seconds: float
    peak: float
    answer: Mapping[str, Any]


def run(command: Sequence[str]) -> Ended:
    """Run a command to its end; it sees the benchmark's own modules. Raises `Stopped`."""
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(filter(None, (str(SCRIPTS), os.environ.get("PYTHONPATH")))),
    }
    with tempfile.TemporaryFile("w+") as said, tempfile.TemporaryFile("w+") as complained:
        began = time.perf_counter()
        child = subprocess.Popen(list(command), stdout=said, stderr=complained, env=environment)
        clock = threading.Timer(LIMIT, child.kill)
        clock.start()
        _, status, usage = os.wait4(child.pid, 0)  # a child's own peak, which `Popen.wait` does not tell
        seconds = time.perf_counter() - began
        clock.cancel()
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode:
            complained.seek(0)
            raise Stopped(f"ended with {child.returncode}: {complained.read().strip()[-400:]}")
        said.seek(0)
        last = said.read().rstrip().rpartition("\n")[2]
    return Ended(seconds, usage.ru_maxrss / 1024, json.loads(last) if last.startswith("{") else {})


def child(target: str, arguments: Mapping[str, object], python: str = sys.executable) -> list[str]:
    """The command that calls `module:function` of the benchmark with these arguments."""
    return [python, "-W", "ignore", "-m", "benchmark.child", f"benchmark.{target}", json.dumps(arguments)]
