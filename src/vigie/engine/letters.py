"""Which columns of a banner variable, or which channels, are significantly lower: the letters beside a figure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from vigie.results.tables import Compare
from vigie.stats.design import Design
from vigie.stats.estimates import covariance, segment_covariances
from vigie.stats.letters import Grading, letters
from vigie.stats.sums import Sums

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Lettered = tuple[tuple[str, ...], ...]  # of lines (L, C), what stands beside each figure


@dataclass(frozen=True, slots=True)
class Rule:
    """How columns are compared. The family of the adjustment is one line, that is, one column of sums."""

    grading: Grading
    compare: Compare = "columns"

    def letters(self, value: Floats, cov: Floats, n: Ints, df: int) -> Lettered:
        """Lines (L, C) with their covariances (L, C, C), unweighted bases (L, C) and degrees of freedom.

        A column in which all gave one answer, a share of 0 or of 100 %, has no spread that the data tell: it takes no
        part, or a handful of people would pass for certainty.
        """
        spread = np.diagonal(cov, axis1=-2, axis2=-1) > 0
        return letters(value, cov, np.where(spread, n, 0), df, self.grading)


@dataclass(frozen=True, slots=True)
class Overlap:
    """Columns of sums that share people, such as the channels of one figure on evaluations."""

    sums: Sums  # of the columns, with their cross-products, by combinations of the design's variables
    places: list[int]  # of each among the channels of the study: a channel has one letter in all figures

    def placed(self, values: npt.ArrayLike, missing: float = np.nan) -> npt.NDArray[Any]:
        """A table (C,) or (C, C) of the columns as one line of all channels of the study."""
        given = np.asarray(values)
        size = max(self.places) + 1
        out = np.full((1, *(size for _ in given.shape)), missing, dtype=given.dtype)
        out[0][np.ix_(*(self.places for _ in given.shape))] = given
        return out


def segment_letters(
    rule: Rule, sums: Sums, design: Design, n: Ints, df: int, members: npt.NDArray[np.bool_]
) -> Lettered:  # fmt: skip
    """The letters of every column of sums (C) in the segments (S) of one banner variable, disjoint or not.

    `members` (S, G), `n` (S, C).
    """
    value, cov = segment_covariances(sums, design, members)
    return rule.letters(value, cov, n.T, df) if len(value) else ()


def overlap_letters(rule: Rule, overlap: Overlap, design: Design, n: Ints, df: int) -> list[str]:
    """The letters of columns that overlap, among everybody; `n` is of these columns.

    Columns are some of the study's channels: those that a figure does not have stay empty.
    """
    everyone = np.ones(overlap.sums.groups, dtype=bool)
    value, cov = covariance(overlap.sums, design, everyone)
    line = rule.letters(overlap.placed(value), overlap.placed(cov), overlap.placed(n, 0), df)[0]
    return [line[place] for place in overlap.places]
