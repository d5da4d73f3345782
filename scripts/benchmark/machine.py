"""The machine that was measured on, and the versions of all that was measured."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass

from benchmark.measurement import Measurement

CORES = 2


@dataclass(frozen=True, slots=True)
class Machine:
    """Cores used, memory in GiB, Python, and the packages in order of name."""

    cores: int
    memory: float
    python: str
    packages: tuple[tuple[str, str], ...]

    @classmethod
    def here(cls, found: Sequence[Measurement]) -> Machine:
        """The one that this runs on, with what the measured tools said of themselves."""
        packages = {name: version for one in found for name, version in one.versions.items()}
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
        return cls(len(os.sched_getaffinity(0)), memory, platform.python_version(), tuple(sorted(packages.items())))


def hold_to_cores() -> None:
    """Use two cores, and let every process that is started from here use no others."""
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:CORES])
