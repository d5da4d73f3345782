"""Cells of crosstabs as shares of everybody in them, with the covariance that a test of independence needs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from vigie.stats.design import Design, Frame, frame
from vigie.stats.sums import FloatArray, Sums

__all__ = ["Crosstab", "crosstabs"]


@dataclass(frozen=True, slots=True)
class Crosstab:
    """The R answers to a question by the C categories of another; nan where nobody is in it."""

    shares: FloatArray  # (R, C) of everybody in the crosstab; they add up to 1
    cov: FloatArray  # (RC, RC) of the shares, row after row
    n_effective: float  # (Σw)²/Σw² of everybody in it


def crosstabs(
    sums: Sums, design: Design, segments: npt.ArrayLike, questions: Sequence[Sequence[int]]
) -> Iterator[Crosstab]:
    """The crosstab of each of some questions by the same categories.

    p_rc = Σ_{i in rc} w_i/Σw over everybody with an answer and a category, w = g d; the covariance is that of
    `estimates.covariance` of these RC ratios: it needs no cross-products, since nobody is in two cells.

    Parameters: `sums` of G groups, whose columns are answers, v = 1 for the answer that a person gave to a question and
    0 for the others; `segments` (C, G) bool, disjoint: the categories; of each of the `questions` its columns. Raises
    ValueError where shapes do not fit or segments share groups.

    Not for questions of several answers, whose cells share people, nor for sums over evaluations.

    >>> from vigie.stats.sums import sums
    >>> said = np.array([[1, 0], [1, 0], [0, 1], [0, 1.0]])
    >>> made = sums([0, 1, 1, 1], 2, np.ones(4), np.ones_like(said), said)
    >>> [table] = crosstabs(made, Design.trivial(2), np.eye(2), [[0, 1]])
    >>> table.shares.tolist(), table.n_effective
    ([[0.25, 0.25], [0.0, 0.5]], 4.0)
    """
    chosen = np.asarray(segments, dtype=np.bool_)
    if chosen.ndim != 2 or chosen.shape[1] != sums.groups:
        raise ValueError(f"segments of shape {chosen.shape} do not fit {sums.groups} groups")
    if (chosen.sum(axis=0) > 1).any():
        raise ValueError("the categories of a crosstab share nobody")
    layout = frame(sums, design)
    places = (np.asarray(columns, dtype=np.int64) for columns in questions)
    # one question at a time: the cells of all together would be pairs × answers of the questionnaire × categories
    folded = layout.fold((table[:, at] for at in places for table in (sums.dv, sums.d2v)), chosen)
    for once, twice in zip(folded, folded, strict=True):
        yield _crosstab(layout, once.swapaxes(1, 2), twice.swapaxes(1, 2))


def _crosstab(layout: Frame, once: FloatArray, twice: FloatArray) -> Crosstab:
    """From Σd and Σd² of the people in each cell (K, R, C), by the pairs of the design."""
    shape = once.shape[1:]
    dv, d2v = once.reshape(len(once), -1), twice.reshape(len(once), -1)
    du, d2u = (t.sum(axis=1, keepdims=True) for t in (dv, d2v))
    g = layout.g[:, None]
    W = float((g * du).sum())
    if W <= 0:
        return Crosstab(np.full(shape, np.nan), np.full((dv.shape[1], dv.shape[1]), np.nan), 0.0)
    theta = (g * dv).sum(axis=0) / W
    counted = layout.people * layout.g**2
    v, u = counted @ d2v, float((counted @ d2u).sum())
    both = np.outer(theta, v)
    squares = (np.diag(v) - both - both.T + np.outer(theta, theta) * u) / W**2
    cov = layout.covariance(squares, (dv - theta * du) / W, (d2v - theta * d2u) / W)
    return Crosstab(theta.reshape(shape), cov, W**2 / float((g**2 * d2u).sum()))
