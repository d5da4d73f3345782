"""Which figures on several brands may be told to one of them: none from which a rival's own could be worked out."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from vigie.stats.sums import BoolArray, FloatArray

__all__ = ["tellable"]

_TOLERANCE = 1e-9


def tellable(secrets: npt.ArrayLike, candidates: npt.ArrayLike, known: npt.ArrayLike | None = None) -> BoolArray:
    """Which of F figures (F,), weighted sums of A unknown amounts, may be told together so that no secret follows.

    A figure is told where, beside those told before it, no secret is a weighted sum of what is told: whoever adds and
    subtracts told figures then never arrives at one. The order of the candidates is their importance.

    Parameters: `secrets` (S, A) and `candidates` (F, A), the weights of the amounts; `known` (K, A) what everybody
    knows of them, from which secrets may follow that are then none. Amounts that the reader knows are left out.
    Cost: F + K projections of S rows.

    Raises ValueError where the shapes do not fit.

    Not against guessing within limits: a mean of three shares of which two are known to be 1 tells the third. Nor for
    readers who put their own figures together.

    >>> secrets = np.eye(3)  # of three rivals
    >>> tellable(secrets, [[1/3, 1/3, 1/3], [0.5, 0.5, 0], [0, 0, 1]]).tolist()  # the second would give the third away
    [True, False, False]
    """
    hidden, given = np.atleast_2d(np.asarray(secrets, dtype=np.float64)), np.asarray(candidates, dtype=np.float64)
    if given.ndim != 2 or hidden.shape[1] != given.shape[1]:
        raise ValueError(f"figures of shape {given.shape} do not fit secrets of shape {hidden.shape}")
    told = np.zeros(len(given), dtype=np.bool_)
    basis = np.zeros((0, given.shape[1]))
    for figure in () if known is None else np.asarray(known, dtype=np.float64):
        basis = _with(basis, figure)
    hidden = hidden[~_follows(hidden, basis)]
    for k, figure in enumerate(given):
        wider = _with(basis, figure)
        if not _follows(hidden, wider).any():
            told[k], basis = True, wider
    return told


def _with(basis: FloatArray, figure: FloatArray) -> FloatArray:
    """An orthonormal basis (K, A) of what is told, and of one figure more."""
    rest = figure - basis.T @ (basis @ figure)
    rest -= basis.T @ (basis @ rest)  # once more, against rounding
    size = float(np.linalg.norm(rest))
    if size <= _TOLERANCE * max(float(np.linalg.norm(figure)), 1e-300):
        return basis
    return np.vstack([basis, rest / size])


def _follows(secrets: FloatArray, basis: FloatArray) -> BoolArray:
    """Which secrets lie in the space that the basis spans."""
    sizes = np.linalg.norm(secrets, axis=1)
    rest = np.linalg.norm(secrets - (secrets @ basis.T) @ basis, axis=1)
    return np.asarray((sizes == 0) | (rest <= 1e-7 * sizes))
