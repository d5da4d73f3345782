"""The draws of Rao and Wu: how often each sampling unit counts where the units of its stratum are drawn again."""

from __future__ import annotations

import numpy as np

from vigie.stats.sums import FloatArray, IntArray


def rao_wu(stratum: IntArray, replicates: int, seed: int, drawn: FloatArray | None = None) -> FloatArray:
    """Multipliers (R, U) of units, mean 1 in each stratum: n - 1 of its n units are drawn with replacement.

    A unit drawn m times counts 1 - λ + λ m n/(n - 1), λ = √(1 - f) (Rao & Wu 1988; Rao, Wu & Yue 1992), so that the
    variance of a weighted mean is the usual one; a unit that is alone in its stratum counts once in every replicate.

    Parameters: `stratum` (U,) of each unit, whole numbers; `drawn` (U,) f, the fraction of the stratum's units in the
    population that the sample holds (None: 0). The same seed draws the same, strata in rising order.
    """
    rng = np.random.Generator(np.random.PCG64(seed))
    out = np.ones((replicates, len(stratum)))
    for h in np.unique(stratum):
        own = np.flatnonzero(stratum == h)
        if (n := len(own)) > 1:
            times = rng.multinomial(n - 1, np.full(n, 1 / n), size=replicates)
            part = 1.0 if drawn is None else np.sqrt(1 - drawn[own])
            out[:, own] = 1 - part + part * times * (n / (n - 1))
    return out
