"""Letters on columns that are equal in truth: how often one is given, under every adjustment.

Lines are drawn as sums, without files: what is measured is the test, from the people's answers to the letters.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri

from vigie.stats.estimates import Design, covariance, segment_covariance
from vigie.stats.letters import Adjust, Grading, higher
from vigie.stats.sums import BoolArray, FloatArray, IntArray, sums

LEVEL = 0.95
ADJUST: tuple[Adjust, ...] = ("none", "holm", "bh")
DEFF = 1.5  # of the weights alone, by Kish
_WITH_MOOD = 0.2  # how weights go with answers
_STRATA = 4


@dataclass(frozen=True, slots=True)
class Table:
    """A line of a table with its banner, all of whose columns are equal in truth."""

    banner: str
    figure: str
    people: int
    shares: tuple[float, ...]  # of the people in each column; columns that share nobody where they sum to one
    overlap: bool = True
    mark: bool = False  # a mean mark of 0 to 10 instead of a share
    large: bool = True  # all columns have 150 people or more: here the tests must hold their level


_CHANNELS, _GROUPS = (0.7, 0.6, 0.5, 0.4, 0.3, 0.25), (0.3, 0.25, 0.2, 0.15, 0.1)
_SIX, _FIVE, _SHARE, _MEAN = "six channels, people shared", "five groups, nobody shared", "share", "mean mark"
TABLES = (
    Table(_SIX, _SHARE, 1000, _CHANNELS),
    Table(_SIX, _MEAN, 1000, _CHANNELS, mark=True),
    Table(_FIVE, _SHARE, 2000, _GROUPS, overlap=False),
    Table(_FIVE, _MEAN, 2000, _GROUPS, overlap=False, mark=True),
    Table(_SIX, _SHARE, 200, _CHANNELS, large=False),
    Table(_SIX, _MEAN, 200, _CHANNELS, mark=True, large=False),
    Table(_FIVE, _SHARE, 500, _GROUPS, overlap=False, large=False),
    Table(_FIVE, _MEAN, 500, _GROUPS, overlap=False, mark=True, large=False),
)


@dataclass(frozen=True, slots=True)
class Lines:
    """R lines of tables that were drawn."""

    value: FloatArray  # (R, C)
    cov: FloatArray  # (R, C, C)
    n: IntArray  # (R, C)
    df: FloatArray  # (R,)


@dataclass(frozen=True, slots=True)
class Found:
    """The letters that all lines of one kind gave, every one of them wrong."""

    table: Table
    smallest: float  # the mean base of the smallest column
    pairs: IntArray  # (R,) pairs tested
    wrong: IntArray  # (R, 3) unadjusted, Holm, Benjamini and Hochberg
    blind: IntArray  # (R,) unadjusted, columns taken for independent

    def single(self, wrong: IntArray | None = None) -> tuple[float, float]:
        """Wrong letters per pair, and the Monte-Carlo error, lines being the clusters."""
        return _ratio(self.wrong[:, 0] if wrong is None else wrong, self.pairs)

    def whole(self, adjust: Adjust) -> tuple[float, float]:
        """Lines with a wrong letter or more, and the Monte-Carlo error."""
        return _ratio(self.wrong[:, ADJUST.index(adjust)] > 0, np.ones(len(self.pairs)))

    @property
    def met(self) -> bool | None:
        """Single tests wrong in 5 %, and Holm's lines in at most 5 %, within three Monte-Carlo errors."""
        if not self.table.large:
            return None
        (single, error), (whole, whole_error) = self.single(), self.whole("holm")
        nominal = 1 - LEVEL
        return abs(single - nominal) <= 3 * error and whole <= nominal + 3 * whole_error


def _ratio(above: IntArray | BoolArray, below: IntArray | FloatArray) -> tuple[float, float]:
    total, n = float(np.sum(below)), len(below)
    share = float(np.sum(above)) / total
    return share, float(np.sqrt(((above - share * below) ** 2).sum() * n / (n - 1))) / total


def draw(table: Table, rng: np.random.Generator) -> tuple[FloatArray, FloatArray, IntArray, int]:
    """One line: values (C,), covariance (C, C), bases (C,) and degrees of freedom.

    Every person has a mood, which all of his or her answers share and which goes with the weight; who uses many
    channels does not depend on it, so that all columns estimate the same.
    """
    people, C = table.people, len(table.shares)
    mood = rng.standard_normal(people)
    # log-normal weights: 1 + CV² = exp(variance of the logarithm)
    weight = np.exp(np.sqrt(np.log(DEFF) - _WITH_MOOD**2) * rng.standard_normal(people) + _WITH_MOOD * mood)
    stratum = rng.integers(0, _STRATA, people)
    if table.overlap:
        active = rng.standard_normal(people)
        rank = 0.6 * active[:, None] + 0.8 * rng.standard_normal((people, C))
        inside = (rank < ndtri(table.shares)).astype(np.float64)
        answer = 0.7 * mood[:, None] + 0.7 * rng.standard_normal((people, C))
    else:
        column = rng.choice(C, people, p=table.shares)
        inside, answer = np.eye(C)[column], (0.7 * mood + 0.7 * rng.standard_normal(people))[:, None]
    said = np.clip(np.rint(6.5 + 2 * answer), 0, 10) if table.mark else (answer > -0.5).astype(np.float64)
    if table.overlap:
        design = Design.of(stratum=np.arange(_STRATA))
        total = sums(stratum, _STRATA, weight, inside, inside * said, cross=True)
        value, cov = covariance(total, design, np.ones(_STRATA, dtype=np.bool_))
    else:
        groups = np.arange(_STRATA * C)
        design = Design.of(stratum=groups // C)
        total = sums(stratum * C + column, len(groups), weight, np.ones((people, 1)), said)
        value, cov = segment_covariance(total, design, groups % C == np.arange(C)[:, None])
    return value, cov, inside.sum(axis=0).astype(np.int64), design.degrees(total)


def lines(table: Table, replications: int, seed: int) -> Lines:
    """Many lines, each from people of its own."""
    drawn = [draw(table, np.random.default_rng((seed, r))) for r in range(replications)]
    return Lines(*(np.array([d[k] for d in drawn]) for k in range(4)))


def find(table: Table, replications: int, seed: int) -> Found:
    """Draw many lines and count their letters."""
    drawn = lines(table, replications, seed)
    alone = drawn.cov * np.eye(len(table.shares))
    enough = (drawn.n >= 30).sum(axis=1)
    return Found(
        table,
        smallest=float(drawn.n.mean(axis=0).min()),
        pairs=enough * (enough - 1) // 2,
        wrong=np.column_stack([_letters(drawn, drawn.cov, adjust) for adjust in ADJUST]),
        blind=_letters(drawn, alone, "none"),
    )


def _letters(drawn: Lines, cov: FloatArray, adjust: Adjust) -> IntArray:
    found = higher(drawn.value, cov, drawn.n, drawn.df, Grading(LEVEL, None, adjust))
    return np.asarray((found > 0).sum(axis=(1, 2)))


def measure(replications: int, seed: int, tables: Sequence[Table] = TABLES) -> Iterator[Found]:
    """What every kind of table gives."""
    for k, table in enumerate(tables):
        yield find(table, replications, seed + 1000 * k)
