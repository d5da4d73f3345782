"""Shares from automatic codes, corrected by what people coded in a random subsample of the texts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

__all__ = ["TwoPhase", "corrected_share"]


@dataclass(frozen=True, slots=True)
class TwoPhase:
    """A share (or mean) of human codes in all texts, of which people coded a part."""

    value: float
    se: float
    automatic: float  # what the automatic codes alone would say: their weighted mean
    n: int  # texts
    coded: int  # of these, by people
    n_effective: float  # for the interval of a share: value (1 - value)/se²; where se is 0, that of people's codes


def corrected_share(auto: npt.ArrayLike, human: npt.ArrayLike, d: npt.ArrayLike | None = None) -> TwoPhase:
    """What people would have found in all texts, from automatic codes of all and human codes of a random part.

    Within the texts of one automatic code, those coded by people stand for the others: g_h = n_h/m_h texts for each one
    coded, θ = Σ g d y/Σ g d over the subsample (difference or two-phase regression estimator with the automatic codes
    as auxiliary; Särndal, Swensson & Wretman 1992, ch. 9). With f = m/n, w = g d, W = Σw and z = y - θ the variance is
    f Σ (w z/W)², as if people had coded all texts, plus what comes from having coded a part of them, (1 - f)·m/(m -
    1)·Σ t², t = (w z - their mean within the automatic code)/W. The first phase is with replacement, the second a
    simple random sample without. Agrees with R `svymean` on `calibrate(twophase(method = "full"), ~factor(auto), phase
    = 2)`. The better the automatic codes, the smaller the second part; bad ones cost precision and never bias.

    Where people gave one and the same code to all that they coded, the standard error is 0 and says nothing: `interval`
    then stands on the effective base (Σw)²/Σw² of the texts that people coded, since nobody looked at the others.

    Parameters: `auto` (n,) automatic codes; `human` (n,) 0 or 1 (or a number), nan where nobody coded; `d` (n,) design
    weights, positive (None: equal). Results in the unit of `human`.

    Raises ValueError where shapes differ, weights are not positive, fewer than 2 texts were coded, or none of those
    with a certain automatic code.

    Not where people coded what seemed difficult, or the texts that the automatic coder was trained on: the subsample
    must be drawn at random from the texts of this wave.

    >>> found = corrected_share([1, 1, 1, 1, 0, 0, 0, 0], [1, 1, np.nan, np.nan, 0, 1, np.nan, np.nan])
    >>> found.value, found.automatic
    (0.75, 0.5)
    """
    code, truth = np.asarray(auto), np.asarray(human, dtype=np.float64)
    weight = np.ones(code.shape) if d is None else np.asarray(d, dtype=np.float64)
    if code.ndim != 1 or truth.shape != code.shape or weight.shape != code.shape:
        raise ValueError("auto, human and d have one entry per text")
    if not (np.isfinite(weight).all() and (weight > 0).all()):
        raise ValueError("weights of texts must be positive")
    seen = ~np.isnan(truth)
    n, m = len(code), int(seen.sum())
    names, h = np.unique(code, return_inverse=True)
    all_, by = np.bincount(h), np.bincount(h[seen], minlength=len(names))
    if m < 2 or (by == 0).any():
        raise ValueError("people must have coded two texts, and one of each automatic code")
    h, f = h[seen], m / n
    w = (all_ / by)[h] * weight[seen]
    total = w.sum()
    value = float(w @ truth[seen] / total)
    t = w * (truth[seen] - value) / total
    rest = t - (np.bincount(h, t) / by)[h]
    same = np.ptp(truth[seen]) == 0  # what rounding leaves of the mean of equal codes is no spread
    variance = 0.0 if same else float(f * (t @ t) + (1 - f) * m / (m - 1) * (rest @ rest))
    automatic = float(weight @ code / weight.sum()) if np.issubdtype(code.dtype, np.number) else float("nan")
    effective = value * (1 - value) / variance if variance > 0 else float(total**2 / (w @ w))
    return TwoPhase(value, float(np.sqrt(variance)), automatic, n, m, effective)
