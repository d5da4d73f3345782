"""Which brands are significantly better than which: critical values from Gaussian draws, step by step.

Brands stand sorted from the best, so that only the earlier of a pair can prove better. Draws are float32, a block of
them at a time; later steps look again only at the draws that can still matter.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import numpy.typing as npt

from vigie.stats.sums import BoolArray, FloatArray, IntArray

Draws = npt.NDArray[np.float32]
_THREADS = 2
_BLOCK = 1024  # draws at a time: a block of all brands stays in the processor's cache


def draw(cov: FloatArray, draws: int, seed: int) -> Draws:
    """Gaussian draws (p, draws) with this covariance, brand after brand in the order given."""
    try:
        root = np.linalg.cholesky(cov)
    except np.linalg.LinAlgError:  # a singular covariance: scores that are tied by construction, or known exactly
        values, vectors = np.linalg.eigh(cov)
        root = vectors * np.sqrt(np.maximum(values, 0.0))
    normal = np.random.Generator(np.random.PCG64(seed)).standard_normal((len(cov), draws), dtype=np.float32)
    return np.asarray(root.astype(np.float32) @ normal)


def maxima(z: Draws, inverse: Draws, *, each: bool) -> tuple[Draws, Draws, Draws | None]:
    """Largest studentised leads of every draw: of earlier over later brands, of later over earlier (draws,) both.

    With `each`, also the largest distance of each brand from any other (p, draws).
    """
    p, n = z.shape
    ahead, behind = np.zeros(n, dtype=np.float32), np.zeros(n, dtype=np.float32)
    by_brand = np.zeros((p, n), dtype=np.float32) if each else None

    def block(start: int) -> None:
        part = slice(start, min(start + _BLOCK, n))
        drawn = np.ascontiguousarray(z[:, part])
        lead = np.empty_like(drawn)
        own = None if by_brand is None else np.zeros_like(drawn)
        for i in range(p - 1):
            d = lead[i + 1 :]
            np.subtract(drawn[i], drawn[i + 1 :], out=d)
            d *= inverse[i, i + 1 :, None]
            up, down = d.max(axis=0), -d.min(axis=0)
            np.maximum(ahead[part], up, out=ahead[part])
            np.maximum(behind[part], down, out=behind[part])
            if own is not None:
                np.maximum(own[i], np.maximum(up, down), out=own[i])
                np.abs(d, out=d)
                np.maximum(own[i + 1 :], d, out=own[i + 1 :])
        if by_brand is not None and own is not None:
            by_brand[:, part] = own

    with ThreadPoolExecutor(_THREADS) as pool:  # NumPy works without the interpreter's lock; blocks share nothing
        list(pool.map(block, range(0, n, _BLOCK)))
    return ahead, behind, by_brand


def all_pairs(
    t: FloatArray, inverse: Draws, z: Draws, *, leads: tuple[Draws, Draws], keep: int, stepdown: bool
) -> tuple[BoolArray, float]:
    """Pairs (i, j) where i is significantly better than j, all at once, and the last critical value.

    `t` (p, p) the leads observed, `leads` from `maxima`, `keep` the number of draws that may exceed the critical value.
    """
    ahead, behind = leads
    first = np.maximum(ahead, behind)
    critical = _upper(first, keep)
    better = t > critical
    while stepdown:

        def again(index: IntArray, decided: BoolArray = better) -> Draws:
            # a decided pair is dropped in the direction decided; that the later brand leads is still to be excluded
            return np.maximum(behind[index], _remaining(np.take(z, index, axis=1), inverse, ~decided))

        critical = _screened(first, keep, again)
        found = t > critical
        if (found == better).all():
            break
        better = found
    return better, critical


def one_brand(
    j: int, t: FloatArray, inverse: Draws, z: Draws, *, first: Draws, keep: int, stepdown: bool
) -> tuple[int, int, float]:
    """How many are significantly better and worse than brand j, about j alone, and the last critical value.

    `first` (draws,) are the largest distances of j from any other, from `maxima`.
    """
    critical = _upper(first, keep)
    better, worse = t[:, j] > critical, t[j] > critical
    while stepdown and (better.any() or worse.any()):

        def again(index: IntArray, over: BoolArray = ~worse, under: BoolArray = ~better) -> Draws:
            lead = (z[j, index] - np.take(z, index, axis=1)) * inverse[j][:, None]
            return np.asarray(np.maximum(lead[over].max(axis=0), -lead[under].min(axis=0)))

        critical = _screened(first, keep, again)
        more, less = t[:, j] > critical, t[j] > critical
        if (more == better).all() and (less == worse).all():
            break
        better, worse = more, less
    return int(better.sum()), int(worse.sum()), critical


def _remaining(z: Draws, inverse: Draws, undecided: BoolArray) -> Draws:
    """Largest lead of earlier over later brands among the pairs not decided yet."""
    most = np.zeros(z.shape[1], dtype=np.float32)
    for i in range(len(z) - 1):
        later = np.flatnonzero(undecided[i, i + 1 :]) + i + 1
        if later.size:
            lead = (z[i] - z[later]) * inverse[i, later, None]
            np.maximum(most, lead.max(axis=0), out=most)
    return most


def _upper(values: Draws, keep: int) -> float:
    """The value that `keep` draws exceed: the lower inverse of their distribution function."""
    place = len(values) - 1 - keep
    return float(np.partition(values, place)[place])


def _screened(first: Draws, keep: int, again: Callable[[IntArray], Draws]) -> float:
    """The critical value of a later step, from the draws with the largest maxima at the first.

    A later maximum is never above the first, so that draws below the threshold stay below it: the new critical value is
    exact if it is not below the threshold, and else more draws are looked at.
    """
    n, looked = len(first), 2 * (keep + 1)
    while looked < n:
        threshold = _upper(first, looked - 1)
        index = np.flatnonzero(first >= threshold)
        critical = _upper(again(index), keep)
        if critical >= threshold:
            return critical
        looked *= 2
    return _upper(again(np.arange(n)), keep)
