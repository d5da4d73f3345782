"""Which columns of a banner variable, or which channels, are significantly lower: the letters beside a figure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from vigie.stats.design import Design
from vigie.stats.estimates import covariance, segment_covariances
from vigie.stats.letters import Adjust, letter_rows
from vigie.stats.sums import Sums

MINOR = 0.90  # the level of small letters
SMALLEST = 30  # people; a column on fewer gives no letters and gets none
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Rule:
    """How columns are compared. The family of the adjustment is one line, that is, one column of sums."""

    level: float
    hide: int  # people; hidden columns take no part
    adjust: Adjust

    @property
    def minor(self) -> float:
        """The level of small letters: 90 %, or that of capitals where this is lower."""
        return min(MINOR, self.level)

    def letters(self, value: Floats, cov: Floats, n: Ints, df: int) -> tuple[tuple[str, ...], ...]:
        """Lines (L, C) with their covariances (L, C, C), unweighted bases (L, C) and degrees of freedom.

        A column in which all gave one answer, a share of 0 or of 100 %, has no spread that the data tell: it takes no
        part, or a handful of people would pass for certainty.
        """
        spread = np.diagonal(cov, axis1=-2, axis2=-1) > 0
        smallest = max(self.hide, SMALLEST)
        bases = np.where(spread, n, 0)
        return letter_rows(
            value, cov, bases, df, level=self.level, minor=self.minor, adjust=self.adjust, smallest=smallest
        )


@dataclass(frozen=True, slots=True)
class Overlap:
    """Columns of sums that share people, such as the channels of one figure on evaluations."""

    columns: list[int]
    sums: Sums  # of these columns, with their cross-products, by coarse groups
    places: list[int]  # of each among the channels of the study: a channel has one letter in all figures


def letter_table(
    rule: Rule, sums: Sums, design: Design, n: Ints, df: int, variables: Sequence[str],
    members: npt.NDArray[np.bool_], overlaps: Sequence[Overlap], coarse: Design,
) -> list[list[str]]:  # fmt: skip
    """The letters of every column of sums (C) in every segment (S).

    Segments are compared with those of their own banner variable, whether they share people or not; columns that
    overlap are compared with each other in the first segment, which is everyone. `variables` (S,) names each segment's
    banner variable, empty for everyone; `members` (S, G); `n` (S, C); `coarse` is the design of the overlaps' groups.
    """
    found = [[""] * len(variables) for _ in range(sums.columns)]
    for variable in dict.fromkeys(v for v in variables if v):
        at = [s for s, v in enumerate(variables) if v == variable]
        value, cov = segment_covariances(sums, design, members[at])
        for k, line in enumerate(rule.letters(value, cov, n[at].T, df) if len(value) else ()):
            for s, letters in zip(at, line, strict=True):
                found[k][s] = letters
    for overlap in overlaps:
        value, cov = covariance(overlap.sums, coarse, np.ones(overlap.sums.groups, dtype=bool))
        for k, letters in zip(overlap.columns, _placed(rule, overlap, value, cov, n[0], df), strict=True):
            found[k][0] = letters
    return found


def _placed(rule: Rule, overlap: Overlap, value: Floats, cov: Floats, n: Ints, df: int) -> list[str]:
    """The letters of columns that are some of the study's channels; those that a figure does not have stay empty."""
    size, at = max(overlap.places) + 1, overlap.places
    theta, people = np.full((1, size), np.nan), np.zeros((1, size), dtype=np.int64)
    V = np.full((1, size, size), np.nan)
    theta[0, at], people[0, at], V[0][np.ix_(at, at)] = value, n[overlap.columns], cov
    line = rule.letters(theta, V, people, df)[0]
    return [line[place] for place in at]
