"""Time inside a measured process; read in every environment: the standard library only."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from importlib import import_module, metadata
from typing import Any, NamedTuple, TypeVar

Result = TypeVar("Result")


class Taken(NamedTuple):
    """What an action took: by the clock on the wall, and of the processors, which others' work does not lengthen."""

    seconds: float
    processor: float


def timed(action: Callable[[], Result]) -> tuple[Result, Taken]:
    """What an action gives, and what it took."""
    began, used = time.perf_counter(), time.process_time()
    result = action()
    return result, Taken(time.perf_counter() - began, time.process_time() - used)


def versions(*packages: str) -> dict[str, str]:
    """The versions of installed packages."""
    return {name: metadata.version(name) for name in packages}


def call(target: str, arguments: str) -> None:
    """Call `module:function` with JSON arguments, and print its answer as the last line of standard output."""
    module, _, name = target.partition(":")
    function = getattr(import_module(module), name)
    given: dict[str, Any] = json.loads(arguments)
    print("\n" + json.dumps(function(**given)))
