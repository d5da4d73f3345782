"""Records by the ten thousand, made without the collector of reference cycles walking over all that there is."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """Leave reference cycles alone for a while.

    Python looks for them whenever many objects have been made. Records refer to nothing that refers back, so that it
    finds none, and takes as long as making them.
    """
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()
