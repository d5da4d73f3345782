"""Whether two questions go together in a survey whose people do not weigh the same."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from scipy.special import fdtrc

from vigie.stats.sums import FloatArray

__all__ = ["Independence", "rao_scott"]

_RANK = 1e-10  # singular values below this share of the largest are rounding


@dataclass(frozen=True, slots=True)
class Independence:
    """The second-order Rao-Scott test of independence; nan where there is nothing to test."""

    F: float
    ndf: float
    ddf: float
    p: float
    chisq: float  # Pearson's X² of the weighted shares at the unweighted n, before the correction


_UNTESTED = Independence(*(float("nan"),) * 5)


def rao_scott(shares: npt.ArrayLike, cov: npt.ArrayLike, n: int, df: float) -> Independence:
    """Whether rows and columns of a table are independent, from its shares and their design-based covariance.

    Pearson's X² = n Σ (p_rc - p_r. p_.c)²/(p_r. p_.c) is divided by the trace of Δ, the generalised design effects of
    the interactions, Δ = (C′D⁻¹C/n)⁻¹ C′D⁻¹VD⁻¹C with D = diag(p) and C the contrasts of interaction, and referred to F
    on ν = (tr Δ)²/tr Δ² and ν·df degrees of freedom (Rao & Scott 1984; Thomas & Rao 1987). Agrees with R
    `survey::svychisq(statistic = "F")`. Without weights and clusters it is Pearson's test.

    Parameters: `shares` (R, C) of all people, adding up to 1; `cov` (RC, RC) in the order of the table's rows; `n`
    people in the table, `df` of the design. A row or column without people is left out. nan where a question has one
    answer only, and where a cell has a share below 0, as negative weights can give it: X² is then no distance. Raises
    ValueError for shapes that do not fit, or shares that do not add up to 1.

    Not for tables of multiple answers, whose cells are not exclusive, nor where most cells hold fewer than 5 people.

    >>> p = np.array([[0.4, 0.1], [0.2, 0.3]])
    >>> found = rao_scott(p, (np.diag(p.ravel()) - np.outer(p, p)) / 200, 200, 199)
    >>> round(found.F, 3), round(found.ndf, 3)
    (33.333, 1.0)
    """
    table, V = np.asarray(shares, dtype=np.float64), np.asarray(cov, dtype=np.float64)
    if table.ndim != 2 or V.shape != (table.size, table.size):
        raise ValueError(f"a covariance of shape {V.shape} for a table of shape {table.shape}")
    if not abs(table.sum() - 1.0) <= 1e-6:  # nan is not
        raise ValueError("the shares of a table add up to 1")
    if (table < 0).any():
        return _UNTESTED
    rows, columns = table.sum(axis=1) > 0, table.sum(axis=0) > 0
    kept = np.flatnonzero(np.outer(rows, columns))
    table, V = table[rows][:, columns], V[np.ix_(kept, kept)]
    if min(table.shape) < 2:
        return _UNTESTED
    expected = np.outer(table.sum(axis=1), table.sum(axis=0))
    chisq = n * float(((table - expected) ** 2 / expected).sum())
    trace, square = _moments(table, V)
    if not trace > 0:
        return _UNTESTED
    ndf = trace**2 / square
    F = chisq / (n * trace)
    return Independence(F, ndf, ndf * df, float(fdtrc(ndf, ndf * df, F)), chisq)


def _moments(table: FloatArray, V: FloatArray) -> tuple[float, float]:
    """Tr Δ/n and tr Δ²/n², without the contrasts of interaction themselves, of which wide tables have many.

    With Y the main effects, C and Y orthogonal complements on the cells that people are in, C(C′D⁻¹C)⁻¹C′ =
    D - DY(Y′DY)⁻¹Y′D, so that Δ has the traces of (D⁻¹ - Y(Y′DY)⁻¹Y′)V; 0 where such cells leave no interaction.
    """
    some, rows, columns = table.ravel() > 0, *table.shape
    p, V = table.ravel()[some], V[np.ix_(some, some)]
    effects = _effects(rows, columns)
    Y = effects[some] @ _null(effects[~some])
    if Y.shape[0] == Y.shape[1]:
        return 0.0, 0.0
    M, H = np.linalg.inv(Y.T @ (p[:, None] * Y)), Y.T @ V
    K = M @ H @ Y
    trace = float((np.diagonal(V) / p).sum() - np.trace(K))
    square = (V**2 / np.outer(p, p)).sum() - 2 * np.trace(M @ (H / p) @ H.T) + (K * K.T).sum()
    return trace, float(square)


@lru_cache(64)
def _effects(rows: int, columns: int) -> FloatArray:
    """The main effects of a table (RC, R + C - 1), cell after cell, row after row."""
    made = np.hstack([np.repeat(np.eye(rows), columns, axis=0), np.tile(np.eye(columns)[:, 1:], (rows, 1))])
    made.setflags(write=False)
    return made


def _null(rows: FloatArray) -> FloatArray:
    """A basis (k, …) of what is orthogonal to some rows of length k."""
    if not len(rows):
        return np.eye(rows.shape[1])
    _, size, right = np.linalg.svd(rows)
    return right[int((size > _RANK * size.max()).sum()) :].T
