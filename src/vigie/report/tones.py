"""The colours of the parts of a bar of 100 %: a colour each, or steps of one where the parts have an order."""

from __future__ import annotations

from collections.abc import Sequence

STATES = 6  # colours that can be told apart
MOST = 8  # steps of one colour that can be told apart: more parts are bars of their own


def tones(names: Sequence[str], *, ordered: bool = False) -> tuple[str, ...]:
    """A class to a part. Bands of numbers are in order, and many parts are told apart by their place only."""
    numbered = sum(any(c.isdigit() for c in name) for name in names)
    if ordered or len(names) > STATES or (len(names) > 2 and numbered > len(names) / 2):
        last = max(len(names) - 1, 1)
        return tuple(f"ramp{round(i * (MOST - 1) / last)}" for i in range(len(names)))
    return tuple(f"state{i}" for i in range(len(names)))
