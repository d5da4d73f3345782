"""Which columns are significantly higher or lower than the rest of their banner variable: the signs beside a figure."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from vigie.engine.letters import Floats, Ints, Lettered, Overlap, Rule
from vigie.stats.design import Design
from vigie.stats.estimates import covariance, segment_covariances
from vigie.stats.letters import grades
from vigie.stats.significance import difference
from vigie.stats.sums import Sums

SIGNS = {2: "+", 1: "(+)", 0: "", -1: "(-)", -2: "-"}  # higher and lower than the rest; in brackets at the minor level


def signs(rule: Rule, value: Floats, cov: Floats, n: Ints, df: int | Ints) -> Lettered:
    """The signs of lines (L, C): values of each column and of its rest (L, C, 2), with their covariance (L, C, 2, 2).

    `n` (L, C, 2) are people, `df` one number or one per column. The family of the adjustment is the columns of one
    line. As with letters, a column and a rest take no part on too few people, or where all of them gave one answer.
    """
    variance = np.diagonal(cov, axis1=-2, axis2=-1)
    with np.errstate(invalid="ignore"):  # a missing column has nan for a variance
        tested = (n.min(axis=-1) >= rule.grading.smallest) & (variance > 0).all(axis=-1)
        se = np.sqrt(variance)
    own, rest = ((value[..., i], se[..., i]) for i in (0, 1))
    gap, _, p = difference(*own, *rest, cov=cov[..., 0, 1], df=df)
    grade = grades(np.where(tested, p, np.nan), rule.grading)
    return tuple(tuple(SIGNS[g] for g in line) for line in np.where(gap > 0, grade, -grade).tolist())


def segment_signs(
    rule: Rule, sums: Sums, design: Design, df: int, members: npt.NDArray[np.bool_], rest: npt.NDArray[np.bool_]
) -> Lettered:
    """The signs of every column of sums (C) in the segments (S) of one banner variable.

    `members` and `rest` (S, G): a category and whoever answered otherwise share nobody, but strata and margins.
    """
    value, cov = np.empty((sums.columns, len(members), 2)), np.empty((sums.columns, len(members), 2, 2))
    for s, both in enumerate(zip(members, rest, strict=True)):
        value[:, s], cov[:, s] = segment_covariances(sums, design, np.array(both))
    bases = sums.base.astype(np.float64)  # whole numbers: exact, and much faster to multiply
    n = np.stack([(who.astype(np.float64) @ bases).T for who in (members, rest)], axis=-1)
    return signs(rule, value, cov, np.rint(n).astype(np.int64), df)


def overlap_signs(rule: Rule, overlap: Overlap, design: Design, n: Ints, df: int) -> list[str]:
    """The signs of columns that overlap, such as channels: each against all evaluations of the others.

    Of how many people the rest is made nothing is known but that it has no fewer than its largest column has.
    """
    C = overlap.sums.columns
    others = 1.0 - np.eye(C)
    value, cov = covariance(_beside(overlap.sums, others), design, np.ones(overlap.sums.groups, dtype=bool))
    both = np.array([[c, C + c] for c in range(C)])
    pairs = cov[both[:, :, None], both[:, None, :]]
    people = np.stack([n, (others * n).max(axis=1).astype(np.int64)], axis=-1)
    return list(signs(rule, value[both][None], pairs[None], people[None], df)[0])


def _beside(sums: Sums, mixed: Floats) -> Sums:
    """The columns of sums followed by sums of them: `mixed` (D, C) says of which each of D further columns is made."""
    T = np.vstack([np.eye(sums.columns), mixed]).T
    if sums.cross is None:
        raise ValueError("columns that overlap come with their cross-products")
    C, D = T.shape
    both = np.zeros((2 * C, 2 * D))
    both[:C, :D], both[C:, D:] = T, T
    cross = both.T @ sums.cross @ both
    u, v = np.arange(D), np.arange(D, 2 * D)
    linear = {name: getattr(sums, name) @ T for name in ("du", "dv", "d2u", "d2v")}
    return replace(
        sums, base=(sums.base @ (T > 0)).astype(np.int64), cross=cross,
        d2uu=cross[:, u, u], d2uv=cross[:, u, v], d2vv=cross[:, v, v], **linear,
    )  # fmt: skip
