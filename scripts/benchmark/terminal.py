"""What was measured, on standard output: medians, ratios, peak memory, promises, and the SQL of the plain pass."""

from __future__ import annotations

from collections.abc import Sequence

from benchmark.measurement import BOOK, FIFTY, VIGIE, WIDE, Measurement, find
from benchmark.page import agreed, number
from benchmark.sql import ALL_SUMS, ONE_PASS
from benchmark.targets import targets

HEAD = ("", "people", "seconds", "processor", "ratio", "peak MiB", "runs", "apart")


def show(found: Sequence[Measurement]) -> None:
    """Print all of it."""
    lines = [HEAD, *(_line(found, one) for one in found)]
    widths = [max(len(line[k]) for line in lines) for k in range(len(HEAD))]
    for line in lines:
        print(line[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(line[1:], widths[1:], strict=True)))
    print()
    for one in targets(found):
        if one.found is not None:
            reached = f"{number(one.found)} {one.unit} {'≥' if one.at_least else '≤'} {one.limit:g}"
            print(f"{'kept' if one.met else 'NOT KEPT':9}{reached:>20}  {one.promise}")
    if any(one.part == BOOK for one in found):
        print(f"\nThe plain pass of 50 sums:\n{ONE_PASS[0]}")
        print(f"\nThe plain pass of all sums:\n{ALL_SUMS[0]}\n{ALL_SUMS[1]}\n…")


def _line(found: Sequence[Measurement], one: Measurement) -> tuple[str, ...]:
    against = find(found, one.part, FIFTY if one.part in (BOOK, WIDE) else VIGIE, one.rows)
    extrapolated = f" ({one.of[0]} of {one.of[1]} tables, extrapolated)" if one.of else ""
    processor = sorted(one.processor)[len(one.processor) // 2] if one.processor else None
    return (
        f"{one.part}: {one.tool}{', cold' if one.cold else ''}{extrapolated}", f"{one.rows:,}" if one.rows else "",
        number(one.median), "" if processor is None else number(processor),
        f"{number(one.median / against.median)}" if against else "", f"{one.peak:,.0f}" if one.peak else "",
        str(len(one.seconds)), agreed(one),
    )  # fmt: skip
