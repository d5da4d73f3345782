"""Whether people who code the same things agree, beyond what chance would bring."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

from vigie.stats.seeds import SEED
from vigie.stats.sums import FloatArray

__all__ = ["Agreement", "kappa", "krippendorff"]

Scale = Literal["nominal", "ordinal", "interval", "ratio"]
Disagreement = Literal["unweighted", "linear", "quadratic"]


def kappa(table: npt.ArrayLike, weights: Disagreement = "unweighted") -> tuple[float, float]:
    """Cohen's κ of two coders and its standard error.

    κ = (p_o - p_e)/(1 - p_e), p_o = Σ w_ij p_ij the agreement seen and p_e = Σ w_ij p_i. p_.j that of chance; w_ij is 1
    for the same code and 0 for others, 1 - |i - j|/(k - 1) (`linear`) or 1 - (i - j)²/(k - 1)² (`quadratic`) for
    ordered codes (Cohen 1960, 1968). The standard error is that of Fleiss, Cohen & Everitt (1969), which does not
    assume that κ is 0. Agrees with R `vcd::Kappa`.

    Parameters: `table` (k, k) counts of texts, the codes of the first coder in rows. Results without unit; nan where
    both coders used one and the same code only. Raises ValueError for another shape, negative counts or no texts.

    Not where texts are missing for one coder, nor for three coders or more (`krippendorff`); κ falls when codes become
    rare, so that two studies' κ are not compared without their tables.

    >>> value, se = kappa([[20, 5], [10, 15]])
    >>> round(value, 3), round(se, 3)
    (0.4, 0.127)
    """
    counts = np.asarray(table, dtype=np.float64)
    if counts.ndim != 2 or counts.shape[0] != counts.shape[1] or len(counts) < 2:
        raise ValueError(f"two coders' codes do not make a table of shape {counts.shape}")
    n = counts.sum()
    if (counts < 0).any() or not n > 0:
        raise ValueError("a table of counts has some texts, and nothing negative")
    if weights not in get_args(Disagreement):
        raise ValueError(f"{weights!r} weights are not offered")
    p, w = counts / n, _weights(len(counts), weights)
    row, column = p.sum(axis=1), p.sum(axis=0)
    seen, chance = float((w * p).sum()), float(row @ w @ column)
    if chance >= 1:
        return float("nan"), float("nan")
    value = (seen - chance) / (1 - chance)
    # mean weight that each code meets with the other coder
    met = (w @ column)[:, None] + row @ w
    spread = float((p * (w - (1 - value) * met) ** 2).sum()) - (value - chance * (1 - value)) ** 2
    return value, float(np.sqrt(max(spread, 0.0) / n)) / (1 - chance)


def _weights(k: int, kind: Disagreement) -> FloatArray:
    apart = np.abs(np.subtract.outer(np.arange(k), np.arange(k))) / (k - 1)
    far: dict[str, FloatArray] = {"unweighted": np.ceil(apart), "linear": apart, "quadratic": apart**2}
    return 1.0 - far[kind]


@dataclass(frozen=True, slots=True)
class Agreement:
    """Krippendorff's α with the limits that a bootstrap of the units gives."""

    value: float  # 1 for perfect agreement, 0 for chance, below 0 for less
    ci_low: float
    ci_high: float
    units: int  # coded twice or more
    codings: int  # of these units
    replicates: int
    seed: int


def krippendorff(
    codes: npt.ArrayLike,
    scale: Scale = "nominal",
    *,
    level: float = 0.95,
    replicates: int = 1000,
    seed: int = SEED,
) -> Agreement:
    """Krippendorff's α of any number of coders, some of whose codes may be missing.

    α = 1 - D_o/D_e: the disagreement within units, D_o = (1/n) Σ_u Σ_{i≠j} δ²(c_ui, c_uj)/(m_u - 1), over that among
    all codes, D_e = Σ_cd n_c n_d δ²_cd/(n(n - 1)), n codes in units that are coded twice or more (Krippendorff 2018,
    ch. 12). δ² is 1 for different codes (`nominal`), (Σ_{g=c}^{d} n_g - (n_c + n_d)/2)² (`ordinal`), (c - d)²
    (`interval`), or ((c - d)/(c + d))² (`ratio`). Limits are percentiles of α on units drawn with replacement, δ² held
    as observed.

    Parameters: `codes` (coders, units) numbers, nan where a coder did not code. Value without unit; nan where nothing
    was coded twice or only one code was used. Raises ValueError for another shape, an unknown scale, and codes below 0
    on a ratio scale.

    Not as a share of agreement; not for units that were coded twice because they were difficult.

    >>> krippendorff([[1, 2, 3, 3], [1, 2, 3, np.nan]]).value
    1.0
    """
    given = np.asarray(codes, dtype=np.float64)
    if given.ndim != 2 or scale not in get_args(Scale) or not 0 < level < 1:
        raise ValueError(f"codes of shape {given.shape} on a {scale!r} scale at level {level} are not offered")
    table = given[:, (~np.isnan(given)).sum(axis=0) > 1]
    present = ~np.isnan(table)
    known = np.unique(table[present])
    if scale == "ratio" and (known < 0).any():
        raise ValueError("codes of a ratio scale are not negative")
    counts = np.stack([(table == code).sum(axis=0) for code in known], axis=1) if len(known) else np.zeros((0, 0))
    size = counts.sum(axis=1)
    distance = _distances(known, counts.sum(axis=0), scale)
    # each ordered pair of codes in a unit; a code is no pair with itself, whose distance is 0
    apart = ((counts @ distance) * counts).sum(axis=1) / np.maximum(size - 1, 1)
    units = len(size)
    rng = np.random.Generator(np.random.PCG64(seed))
    drawn = rng.multinomial(units, np.full(units, 1 / units), size=replicates) if units else np.zeros((replicates, 0))
    alpha = _alpha(np.vstack([np.ones((1, units)), drawn]), apart, counts, distance)
    some = alpha[1:][~np.isnan(alpha[1:])]
    ends = np.quantile(some, [(1 - level) / 2, (1 + level) / 2]) if len(some) else [np.nan, np.nan]
    return Agreement(float(alpha[0]), float(ends[0]), float(ends[1]), units, int(size.sum()), replicates, seed)


def _alpha(often: FloatArray, apart: FloatArray, counts: FloatArray, distance: FloatArray) -> FloatArray:
    """α of every replicate (R,), each unit counted as often as `often` (R, units) says."""
    codes = often @ counts
    n = codes.sum(axis=1)
    expected = ((codes @ distance) * codes).sum(axis=1)
    out = np.full(len(often), np.nan)
    some = expected > 0
    out[some] = 1 - (n[some] - 1) * (often @ apart)[some] / expected[some]
    return out


def _distances(known: FloatArray, n: FloatArray, scale: Scale) -> FloatArray:
    """δ² between all codes (V, V)."""
    if scale == "nominal":
        return 1.0 - np.eye(len(known))
    if scale == "ordinal":
        middle = np.cumsum(n) - n / 2  # the sum over codes from c to d less half of both ends
        return np.asarray(np.subtract.outer(middle, middle) ** 2)
    apart = np.subtract.outer(known, known)
    if scale == "interval":
        return np.asarray(apart**2)
    both = np.add.outer(known, known)
    return np.asarray(np.divide(apart, both, out=np.zeros_like(both), where=both > 0) ** 2)
