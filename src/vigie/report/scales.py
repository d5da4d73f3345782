"""Round numbers for axes."""

from __future__ import annotations

import math
from collections.abc import Iterable


def nice_step(rough: float) -> float:
    """1, 2 or 5 times a power of ten, not below what is asked."""
    power: float = 10.0 ** math.floor(math.log10(rough))
    return next(m * power for m in (1, 2, 5, 10) if m * power >= rough - 1e-12)


def bounds(values: Iterable[float], *, least: float, within: tuple[float, float] | None = None) -> tuple[float, float]:
    """Round ends around the values, an even number of steps apart so that the middle is round too."""
    found = list(values) or [0.0, 1.0]
    low, high = min(found), max(found)
    if high - low < least:
        low, high = (low + high - least) / 2, (low + high + least) / 2
    if within is not None:
        low, high = max(low, within[0]), min(high, within[1])
    step = nice_step((high - low) / 4)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    if (last - first) % 2:
        # one more step, on the side where there is room
        if within is None or (last + 1) * step <= within[1] + 1e-9:
            last += 1
        elif (first - 1) * step >= within[0] - 1e-9:
            first -= 1
        else:
            return within
    return first * step, last * step
