"""Figures of a survey and their variance: ratios of weighted sums, linearised, over any segments of people."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from vigie.stats.design import Design, Frame, frame
from vigie.stats.intervals import interval
from vigie.stats.sums import BoolArray, FloatArray, IntArray, Sums

__all__ = [
    "Design",
    "Figures",
    "contrast",
    "covariance",
    "estimate",
    "interval",
    "segment_covariance",
    "segment_covariances",
]

_AT_ONCE = 1 << 18  # cells of a table of segments × groups × columns that are worked on together
_NOISE = 1e-13  # a variance below this share of its largest term is what rounding leaves of zero


@dataclass(frozen=True, slots=True)
class Figures:
    """Figures of S segments × C columns; where nobody is in the base, `value` and `se` are nan and `n` is 0."""

    value: FloatArray  # (S, C) Σwv/Σwu
    se: FloatArray  # (S, C) in the unit of the value
    n: IntArray  # (S, C) people in the base, unweighted
    n_weighted: FloatArray  # (S, C) Σwu
    n_effective: FloatArray  # (S, C) (Σwu)²/Σ(wu)²
    df: int  # of the design: people - strata


def estimate(sums: Sums, design: Design, segments: npt.ArrayLike) -> Figures:
    """Ratios θ = Σwv / Σwu in each segment, w = g d, with standard errors by Taylor linearisation.

    With z = (v - θu)/Σwu inside the segment and 0 outside, p = a′β the regression of z on the calibration margins with
    design weights, and t = g d (z - p): V = Σ_h n_h/(n_h - 1) [Σt² - (Σt)²/n_h] over *all* n_h people of stratum h,
    whether or not they belong to the segment (Särndal, Swensson & Wretman 1992, §6.6 and §10.3; Deville & Särndal
    1992; people are sampled with replacement, no finite population correction). Agrees with R `survey::calibrate` and
    `svyby`. A stratum with one person enters with its t² (R's `survey.lonely.psu="adjust"`).

    Parameters: `sums` of G groups × C columns; `segments` (S, G) bool, each segment a union of groups. Shapes of the
    results (S, C), in the unit of v/u.

    Raises ValueError where shapes do not fit.

    Not for figures whose z is not that of a ratio (medians, Kaplan-Meier), nor for differences of figures of the same
    people: these need `covariance` or `segment_covariance`.
    """
    chosen = _segments(segments, sums)
    layout = frame(sums, design)
    shape = (chosen.shape[0], sums.columns)
    value, se, weighted, effective = (np.empty(shape) for _ in range(4))
    for s, member in enumerate(chosen):
        value[s], se[s], weighted[s], effective[s] = _segment(layout, sums, member)
    # whole numbers far below 2⁵³: exact as floats, and much faster to multiply
    n = np.rint(chosen.astype(np.float64) @ sums.base.astype(np.float64)).astype(np.int64)
    empty = ~(weighted > 0)
    value[empty], se[empty] = np.nan, np.nan
    return Figures(value, se, n, weighted, effective, design.degrees(sums))


def _segment(layout: Frame, sums: Sums, member: BoolArray) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Value, standard error, weighted and effective base (C,) of one segment."""
    du, dv, d2u, d2v, d2uu, d2uv, d2vv = layout.fold(
        [sums.du, sums.dv, sums.d2u, sums.d2v, sums.d2uu, sums.d2uv, sums.d2vv], member
    )
    g = layout.g[:, None]
    g2, d2 = g * g, layout.d2[:, None]
    weighted = (g * du).sum(axis=0)
    squares = (g2 * d2uu).sum(axis=0)
    theta, W = _ratio((g * dv).sum(axis=0), weighted)
    zd = (dv - theta * du) / W
    p = layout.project(zd)
    zz = (d2vv - 2 * theta * d2uv + theta**2 * d2uu) / W**2
    z1 = (d2v - theta * d2u) / W
    total = layout.totals(zd, p)
    square = layout.strata(g2 * (zz - 2 * p * z1 + p * p * d2))
    variance = layout.scale @ (square - layout.centre[:, None] * total**2)
    largest = (g2 * (d2vv + theta**2 * d2uu)).sum(axis=0) / W**2
    variance = np.where(variance > _NOISE * largest, variance, 0.0)
    effective = np.divide(weighted**2, squares, out=np.zeros_like(weighted), where=squares > 0)
    return theta, np.sqrt(variance), weighted, effective


def covariance(sums: Sums, design: Design, segment: npt.ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Ratios (C,) of one segment with the covariance (C, C) of all columns, people being the clusters.

    For columns that share people: channels, options of a multi-response question, waves of a panel. The estimator is
    that of `estimate`; Cov = Σ_h n_h/(n_h - 1) [Σ t_a t_b - Σt_a Σt_b / n_h]. Needs `sums(…, cross=True)`, else raises
    ValueError. A column with nobody in the base has value nan and covariances nan.

    To treat overlapping columns as independent instead gives standard errors of differences that are too large or too
    small, as the answers go together or apart.
    """
    if sums.cross is None:
        raise ValueError("covariances need sums made with cross=True")
    member = _segments(np.atleast_2d(np.asarray(segment)), sums)[0]
    layout, C = frame(sums, design), sums.columns
    du, dv, d2u, d2v = layout.fold([sums.du, sums.dv, sums.d2u, sums.d2v], member)
    g = layout.g[:, None]
    weighted = (g * du).sum(axis=0)
    theta, W = _ratio((g * dv).sum(axis=0), weighted)
    zd, z1 = (dv - theta * du) / W, (d2v - theta * d2u) / W
    p = layout.project(zd)
    scale = (layout.scale[layout.stratum] * layout.g**2)[:, None]
    # z = [u v] T, so that Σd²z′z = T′ (Σd²[u v]′[u v]) T with the strata's factors inside
    per_group = np.zeros(sums.groups)
    per_group[layout.order] = (scale[:, 0])[layout.pair]
    products = np.tensordot(per_group * member, sums.cross, axes=1)
    T = np.vstack([np.diag(-theta / W), np.diag(1.0 / W)])
    mixed = (scale * p).T @ z1
    total = layout.totals(zd, p)
    cov = T.T @ products @ T - mixed - mixed.T + (scale * layout.d2[:, None] * p).T @ p
    cov -= (total * (layout.scale * layout.centre)[:, None]).T @ total
    largest = np.diag(np.abs(T).T @ np.abs(products) @ np.abs(T))
    return _finish(theta, cov, largest, weighted > 0, C)


def segment_covariance(
    sums: Sums, design: Design, segments: npt.ArrayLike, column: int = 0
) -> tuple[FloatArray, FloatArray]:
    """One column's ratios (S,) with the covariance (S, S) of all segments, which may share people or not.

    As `segment_covariances`, of one column.
    """
    value, cov = segment_covariances(sums.take([column]), design, segments)
    return value[0], cov[0]


def segment_covariances(sums: Sums, design: Design, segments: npt.ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Each column's ratios (C, S) with the covariance (C, S, S) of all segments, which may share people or not.

    For differences between columns of a banner and between a segment and the rest. Disjoint segments covary too: they
    share strata and calibration margins. The estimator is that of `estimate`; no cross-products are needed. Segments
    with nobody in the base have value nan and covariances nan. Raises ValueError where shapes do not fit.

    Cost: C × S² × groups multiplications; memory is bounded by working on some columns at a time.
    """
    chosen = _segments(segments, sums)
    layout, member = frame(sums, design), chosen.astype(np.float64)
    value = np.empty((sums.columns, len(member)))
    cov = np.empty((sums.columns, len(member), len(member)))
    size = max(1, _AT_ONCE // max(1, member.size))
    for first in range(0, sums.columns, size):
        some = slice(first, min(first + size, sums.columns))
        value[some], cov[some] = _block(sums.take(range(some.start, some.stop)), layout, member)
    return value, cov


def _block(sums: Sums, layout: Frame, member: FloatArray) -> tuple[FloatArray, FloatArray]:
    """The ratios (C, S) of a few columns with their covariances; tables are (K, C, S)."""
    inside = member.T[:, None, :]
    tables = (sums.du, sums.dv, sums.d2u, sums.d2v)
    du, dv, d2u, d2v = layout.fold([inside * a[:, :, None] for a in tables])
    g = layout.g[:, None, None]
    weighted = (g * du).sum(axis=0)
    theta, W = _ratio((g * dv).sum(axis=0), weighted)
    zd, z1 = (dv - theta * du) / W, (d2v - theta * d2u) / W
    flat = zd.reshape(len(zd), -1)
    p = layout.project(flat).reshape(zd.shape)
    scale = (layout.scale[layout.stratum] * layout.g**2)[:, None, None]
    per_group = np.zeros(sums.groups)
    per_group[layout.order] = scale[layout.pair, 0, 0]
    uu, uv, vv = (
        (member[None] * (per_group[:, None] * a).T[:, None, :]) @ member.T for a in (sums.d2uu, sums.d2uv, sums.d2vv)
    )
    at, to = theta[:, :, None], theta[:, None, :]
    zz = (vv - (at + to) * uv + at * to * uu) / (W[:, :, None] * W[:, None, :])
    mixed = _crossed(scale * p, z1)
    total = layout.totals(flat, p.reshape(flat.shape)).reshape(-1, *zd.shape[1:])
    cov = zz - mixed - mixed.transpose(0, 2, 1) + _crossed(scale * layout.d2[:, None, None] * p, p)
    cov -= _crossed(total * (layout.scale * layout.centre)[:, None, None], total)
    largest = (np.diagonal(vv, axis1=1, axis2=2) + theta**2 * np.diagonal(uu, axis1=1, axis2=2)) / W**2
    each = [_finish(*one, theta.shape[1]) for one in zip(theta, cov, largest, weighted > 0, strict=True)]
    return np.array([v for v, _ in each]), np.array([c for _, c in each])


def _crossed(left: FloatArray, right: FloatArray) -> FloatArray:
    """Σ over the first axis of the products of two tables (K, C, S), for each column (C, S, S)."""
    return np.asarray(left.transpose(1, 2, 0) @ right.transpose(1, 0, 2))


def contrast(value: npt.ArrayLike, cov: npt.ArrayLike, weights: npt.ArrayLike) -> tuple[float, float]:
    """A linear combination Σ a_c θ_c and its standard error √(a′ Cov a), e.g. weights (1, -1, 0) for a gap.

    `value` (C,), `cov` (C, C), `weights` (C,). Columns with weight 0 may be nan: they are left out.
    """
    a = np.asarray(weights, dtype=np.float64)
    used = np.flatnonzero(a)
    theta = np.asarray(value, dtype=np.float64)[used]
    V = np.asarray(cov, dtype=np.float64)[np.ix_(used, used)]
    variance = float(a[used] @ V @ a[used])
    return float(a[used] @ theta), float(np.sqrt(np.maximum(variance, 0.0)))


def _segments(segments: npt.ArrayLike, sums: Sums) -> BoolArray:
    chosen = np.asarray(segments, dtype=np.bool_)
    if chosen.ndim != 2 or chosen.shape[1] != sums.groups:
        raise ValueError(f"segments of shape {chosen.shape} do not fit {sums.groups} groups")
    return chosen


def _ratio(numerator: FloatArray, denominator: FloatArray) -> tuple[FloatArray, FloatArray]:
    """θ and a denominator to divide by; where nobody is in the base, 0 and 1 stand in until nan is put back."""
    some = denominator > 0
    return np.divide(numerator, denominator, out=np.zeros_like(numerator), where=some), np.where(some, denominator, 1.0)


def _finish(
    theta: FloatArray, cov: FloatArray, largest: FloatArray, some: BoolArray, size: int
) -> tuple[FloatArray, FloatArray]:
    """Make the covariance exactly symmetric, call rounding zero, and put nan where nobody is in the base."""
    symmetric = (cov + cov.T) / 2
    still = np.diag(symmetric) <= _NOISE * largest
    symmetric[still] = 0.0
    symmetric[:, still] = 0.0
    value = np.where(some, theta, np.nan)
    gone = np.broadcast_to(~some, (size, size))
    return value, np.where(gone | gone.T, np.nan, symmetric)
