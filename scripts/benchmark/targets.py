"""What the project promises of its speed, and whether this run kept it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from benchmark.measurement import BOOK, FIFTY, RAKING, RANKS, SVY, VIGIE, Measurement, R, find, of_part

MILLION, TEN_MILLION = 1_000_000, 10_000_000


@dataclass(frozen=True, slots=True)
class Target:
    """A promise, its limit, and what was found; None where it was not measured."""

    promise: str
    limit: float
    unit: str
    found: float | None
    at_least: bool = False

    @property
    def met(self) -> bool | None:
        """Whether it is kept."""
        if self.found is None:
            return None
        return self.found >= self.limit if self.at_least else self.found <= self.limit


def targets(found: Sequence[Measurement]) -> list[Target]:
    """Every promise, in the order of the page."""
    return [*_book(found), *_raking(found), *_ranks(found), *_large(found)]


def _book(found: Sequence[Measurement]) -> Iterator[Target]:
    for rows, limit in ((MILLION, 4.0), (TEN_MILLION, 2.0)):
        ratio = _ratio(find(found, BOOK, VIGIE, rows), find(found, BOOK, FIFTY, rows))
        yield Target(f"Tab book of {rows:,} people / plain DuckDB pass of 50 sums", limit, "×", ratio)
    for tool, limit in ((SVY, 50.0), (R, 200.0)):
        ratio = _ratio(find(found, BOOK, tool, MILLION), find(found, BOOK, VIGIE, MILLION))
        yield Target(f"Faster than {tool} per table", limit, "×", ratio, at_least=True)


def _raking(found: Sequence[Measurement]) -> Iterator[Target]:
    for tool, limit in ((SVY, 20.0), (R, 60.0)):
        ratio = _ratio(find(found, RAKING, tool, MILLION), find(found, RAKING, VIGIE, MILLION))
        yield Target(f"Raking to 5 margins, faster than {tool}", limit, "×", ratio, at_least=True)


def _ranks(found: Sequence[Measurement]) -> Iterator[Target]:
    slowest = max((one.median for one in of_part(found, RANKS)), default=None)
    yield Target("Rank sets, the slowest kind", 1.0, "s", slowest)


def _large(found: Sequence[Measurement]) -> Iterator[Target]:
    large, small = find(found, BOOK, VIGIE, TEN_MILLION), find(found, BOOK, VIGIE, MILLION)
    yield Target("Tab book of 10,000,000 people, peak memory", 6 * 1024.0, "MiB", large.peak if large else None)
    yield Target("Tab book of 10,000,000 people / 1,000,000 people", 10.0, "×", _ratio(large, small))


def _ratio(over: Measurement | None, under: Measurement | None) -> float | None:
    return over.median / under.median if over and under else None
