"""Counts of many studies as shares with their Monte-Carlo error, and what is required of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from simulation.comparison import (
    ARROWS,
    BRANDS_OF_ALL,
    FAMILIES,
    FEW,
    KINDS,
    LEAGUES,
    LEAST,
    MANY,
    TIED,
    UNADJUSTED,
    Counts,
    Line,
)

ENOUGH = 2000  # intervals of each kind on the larger bases
BANDS = {MANY: (0.93, 0.97), FEW: (0.90, 0.99)}
LEAGUES_RIGHT = 0.92


@dataclass(frozen=True, slots=True)
class Row:
    """A share over all studies: out of how many, its Monte-Carlo error, and the band it should lie in, if any."""

    line: Line
    of: int
    share: float
    se: float
    band: tuple[float, float] | None = None
    enough: int = 0

    @property
    def met(self) -> bool | None:
        """Whether the band is met, on as many counts as it takes; None where none is required."""
        if self.band is None:
            return None
        return self.of >= self.enough and self.band[0] <= self.share <= self.band[1]


def row(line: Line, studies: Sequence[Counts], band: tuple[float, float] | None = None, enough: int = 0) -> Row:
    """The share Σa/Σm of a line, studies being the clusters: Var = n/(n-1) Σ(a - share·m)² / (Σm)².

    Studies are independent of each other; what one study counts hangs together, since the same people answer it all.
    """
    right, of = np.array([s.get(line, (0, 0)) for s in studies], dtype=np.float64).T
    total = float(of.sum())
    if not total:
        return Row(line, 0, float("nan"), float("nan"), band, enough)
    share, n = float(right.sum()) / total, len(studies)
    spread = float(((right - share * of) ** 2).sum()) * n / (n - 1) if n > 1 else float("nan")
    return Row(line, int(total), share, spread**0.5 / total, band, enough)


def coverage(studies: Sequence[Counts]) -> list[Row]:
    """The rows of the table of intervals."""
    return [
        row(Line(kind, group), studies, BANDS.get(group), ENOUGH if group == MANY else 0)
        for kind in KINDS for group in (MANY, FEW, LEAST)
        if group == MANY or any(Line(kind, group) in s for s in studies)
    ]  # fmt: skip


def ranks(studies: Sequence[Counts]) -> list[Row]:
    league = row(Line(LEAGUES), studies, (LEAGUES_RIGHT, 1.0), 1)
    return [league, row(Line(TIED), studies), row(Line(BRANDS_OF_ALL), studies)]


def arrows(studies: Sequence[Counts]) -> list[Row]:
    return [row(Line(kind), studies) for kind in (UNADJUSTED, ARROWS, FAMILIES)]


def figures(studies: Sequence[Counts], kind: str, group: str, least: int) -> list[Row]:
    """The single figures of a kind that are counted often enough, the least often held first."""
    lines = {line for s in studies for line in s if line.figure and (line.kind, line.group) == (kind, group)}
    rows = [r for line in lines if (r := row(line, studies)).of >= least]
    return sorted(rows, key=lambda r: (r.share, r.line))
