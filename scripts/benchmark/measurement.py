"""What was measured: the times of one thing by one tool, and whether its figures agree."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median

from benchmark.agreement import CLOSE, Agreement

BOOK, WIDE, RAKING, RANKS, INTAKE, MAIN = "tab book", "wide banner", "raking", "rank sets", "intake", "main job"
VIGIE, ON_SPARK = "Vigie", "Vigie on Spark, local[2]"
SVY, SAMPLICS, R, BALANCE, POLARS = "svy", "samplics", "R survey", "balance", "Polars"
LOOSE = 1e-4  # of weights that were raked to a tolerance, by several algorithms
FIFTY, EVERY = "plain DuckDB, 50 sums by cell", "plain DuckDB, all sums by cell"


@dataclass(frozen=True, slots=True)
class Measurement:
    """One thing done by one tool for so many people, several times, each in a process of its own."""

    part: str
    tool: str
    rows: int
    seconds: tuple[float, ...]  # of every run; of one, extrapolated, where `of` says so
    processor: tuple[float, ...]  # seconds of the processors
    peak: float  # MiB, the largest of the runs
    gives: str = ""  # what the tool makes in that time, in words
    of: tuple[int, int] | None = None  # tables timed, tables extrapolated to
    cold: bool = False  # the file was out of the memory of the system
    agreement: Agreement | None = None
    versions: Mapping[str, str] = field(default_factory=dict)

    @property
    def median(self) -> float:
        """The median time, in seconds."""
        return median(self.seconds)

    @property
    def agrees(self) -> bool:
        """Whether its figures are those of the reference, where it gives any."""
        worst = max(self.agreement.value, self.agreement.se or 0.0) if self.agreement else 0.0
        return worst <= (LOOSE if self.part == RAKING else CLOSE)


def find(
    found: Iterable[Measurement], part: str, tool: str, rows: int | None = None, *, cold: bool = False
) -> Measurement | None:  # fmt: skip
    """The measurement of a tool, if it was made."""
    for one in found:
        if (one.part, one.tool, one.cold) == (part, tool, cold) and rows in (None, one.rows):
            return one
    return None


def of_part(found: Sequence[Measurement], part: str, rows: int | None = None) -> list[Measurement]:
    """All of a part, in the order of measuring."""
    return [one for one in found if one.part == part and rows in (None, one.rows)]
