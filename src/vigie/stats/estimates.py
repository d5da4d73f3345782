"""Figures of a survey and their variance: ratios of weighted sums, linearised, over any segments of people."""

from __future__ import annotations

from collections.abc import Iterator
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

_AT_ONCE = 1 << 20  # cells of a table of pairs × segments × columns that are worked on together
_NOISE = 1e-13  # a variance below this share of its largest term is what rounding leaves of zero


@dataclass(frozen=True, slots=True)
class Figures:
    """Figures of S segments × C columns; where nobody is in the base, `value` and `se` are nan and `n` is 0."""

    value: FloatArray  # (S, C) Σwv/Σwu
    se: FloatArray  # (S, C) in the unit of the value
    n: IntArray  # (S, C) people in the base, unweighted
    n_weighted: FloatArray  # (S, C) Σwu
    n_effective: FloatArray  # (S, C) (Σwu)²/Σ(wu)²
    units: IntArray  # (S, C) sampling units that have people in the base: these people, or their clusters
    df: IntArray  # (S, C) these units - the strata that they are of, as R's `degf` of the subset


def estimate(sums: Sums, design: Design, segments: npt.ArrayLike) -> Figures:
    """Ratios θ = Σwv / Σwu in each segment, w = g d, with standard errors by Taylor linearisation.

    With z = (v - θu)/Σwu inside the segment and 0 outside, p = a′β the regression of z on the calibration margins with
    design weights, and t = g d (z - p): V = Σ_h (1 - f_h) n_h/(n_h - 1) [Σt² - (Σt)²/n_h] over *all* n_h sampling units
    of stratum h, whether or not they have people of the segment; t of a cluster is the sum of its people's. f_h, the
    share of the population's units that was drawn, is 0 unless the design gives it (Särndal, Swensson & Wretman 1992,
    §4.3, §6.6 and §10.3; Deville & Särndal 1992). Agrees with R `survey::calibrate` and `svyby`. Strata of one unit,
    and two stages: see `design.Design`.

    Parameters: `sums` of G groups × C columns; `segments` (S, G) bool, each segment a union of groups. Shapes of the
    results (S, C), in the unit of v/u.

    Raises ValueError where shapes do not fit.

    Not for figures whose z is not that of a ratio (medians, Kaplan-Meier), nor for differences of figures of the same
    people: these need `covariance` or `segment_covariance`.

    >>> from vigie.stats.sums import sums
    >>> marks = np.repeat([1.0, 0.0, -1.0], [200, 150, 150])  # 40 % promoters, 30 % passive, 30 % detractors
    >>> everybody = sums(np.zeros(500), 1, np.ones(500), np.ones((500, 1)), marks[:, None])
    >>> nps = estimate(everybody, Design.trivial(1), [[True]])
    >>> round(nps.value.item(), 4), round(nps.se.item(), 4)  # +10, with a standard error of 3.72 points
    (0.1, 0.0372)
    """
    chosen = _segments(segments, sums)
    layout = frame(sums, design)
    shape = (len(chosen), sums.columns)
    value, se, weighted, effective = (np.empty(shape) for _ in range(4))
    for some, columns in _blocks(len(chosen), sums.columns, len(layout.g)):
        value[some, columns], se[some, columns], weighted[some, columns], effective[some, columns] = _figures(
            _linearised(sums.take(columns), layout, chosen[some])
        )
    # whole numbers far below 2⁵³: exact as floats, and much faster to multiply
    n = np.rint(chosen.astype(np.float64) @ sums.base.astype(np.float64)).astype(np.int64)
    empty = ~(weighted > 0)
    value[empty], se[empty] = np.nan, np.nan
    units, strata = _units(sums, layout, chosen, n, clustered=design.cluster is not None)
    return Figures(value, se, n, weighted, effective, units, units - strata)


def _units(sums: Sums, layout: Frame, member: BoolArray, n: IntArray, *, clustered: bool) -> tuple[IntArray, IntArray]:
    """The sampling units, and the strata, that have people in the base of each figure (S, C)."""
    clusters, strata = layout.levels[0].starts, layout.levels[-1].starts
    if not clustered and len(strata) < 2:
        return n, (n > 0).astype(np.int64)
    units, of = n.copy(), np.zeros_like(n)
    for some, columns in _blocks(len(member), sums.columns, len(layout.g)):
        (there,) = layout.fold([sums.base[:, columns].astype(np.float64)], member[some])
        of[some, columns] = np.logical_or.reduceat(there > 0, strata, axis=0).sum(axis=0)
        if clustered:
            units[some, columns] = np.logical_or.reduceat(there > 0, clusters, axis=0).sum(axis=0)
    return units, of


@dataclass(frozen=True, slots=True)
class _Linearised:
    """z and what its variance needs, of S segments × C columns over the K pairs (stratum, raking cell)."""

    layout: Frame
    theta: FloatArray  # (S, C)
    W: FloatArray  # (S, C) Σwu, 1 where nobody is in the base
    weighted: FloatArray  # (S, C) Σwu
    z1: FloatArray  # (K, S, C) Σd²z
    p: FloatArray  # (K, S, C) the regression of z on the margins
    totals: list[FloatArray]  # (U, S, C) Σt of the units of each level, with its factor
    squares: tuple[FloatArray, FloatArray, FloatArray]  # (S, C) each: Σw²uu, Σw²uv, Σw²vv as people's squares count
    effective: FloatArray  # (S, C) Σw²uu
    largest: FloatArray  # (S, C) what the variance would be if nothing cancelled: against it, it is rounding or is not


def _linearised(sums: Sums, layout: Frame, member: BoolArray) -> _Linearised:
    """Fold the groups of each segment to pairs, and linearise its ratios."""
    folded = layout.fold([sums.du, sums.dv, sums.d2u, sums.d2v, sums.d2uu, sums.d2uv, sums.d2vv], member)
    du, dv, d2u, d2v, d2uu, d2uv, d2vv = folded
    g = layout.g
    weighted = np.tensordot(g, du, axes=1)
    theta, W = _ratio(np.tensordot(g, dv, axes=1), weighted)
    zd = (dv - theta * du) / W
    p = layout.project(zd.reshape(len(g), theta.size)).reshape(zd.shape)
    uu, uv, vv = (np.tensordot(layout.people * g**2, a, axes=1) for a in (d2uu, d2uv, d2vv))
    squared, over = (np.tensordot(g**2, a, axes=1) for a in (d2uu, d2vv))
    z1, totals, largest = (d2v - theta * d2u) / W, layout.totals(zd, p), (over + theta**2 * squared) / W**2
    return _Linearised(layout, theta, W, weighted, z1, p, totals, (uu, uv, vv), squared, largest)


def _figures(z: _Linearised) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Value, standard error, weighted and effective base (S, C)."""
    layout, theta = z.layout, z.theta
    uu, uv, vv = z.squares
    variance = (vv - 2 * theta * uv + theta**2 * uu) / z.W**2
    variance += np.einsum("k,ksc,ksc->sc", layout.people * layout.g**2, z.p, z.p * layout.d2[:, None, None] - 2 * z.z1)
    for sign, total in zip(layout.signs, z.totals, strict=True):
        variance += sign * np.einsum("usc,usc->sc", total, total)
    variance = np.where(variance > _NOISE * z.largest, variance, 0.0)
    effective = np.divide(z.weighted**2, z.effective, out=np.zeros_like(theta), where=z.effective > 0)
    return theta, np.sqrt(variance), z.weighted, effective


def _blocks(segments: int, columns: int, pairs: int) -> Iterator[tuple[slice, slice]]:
    """Segments and columns that are worked on together, so that tables (K, S, C) stay within memory."""
    wide = max(1, min(columns, _AT_ONCE // max(1, pairs)))
    tall = max(1, _AT_ONCE // max(1, pairs * wide))
    for c in range(0, columns, wide):
        for s in range(0, segments, tall):
            yield slice(s, min(s + tall, segments)), slice(c, min(c + wide, columns))


def covariance(sums: Sums, design: Design, segment: npt.ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Ratios (C,) of one segment with the covariance (C, C) of all columns, people being clusters of their evaluations.

    For columns that share people: channels, options of a multi-response question, waves of a panel. The estimator is
    that of `estimate`; Cov = Σ_h (1 - f_h) n_h/(n_h - 1) [Σ t_a t_b - Σt_a Σt_b / n_h]. Needs `sums(…, cross=True)`,
    else raises ValueError. A column with nobody in the base has value nan and covariances nan.

    To treat overlapping columns as independent instead gives standard errors of differences that are too large or too
    small, as the answers go together or apart.

    Not for columns that share nobody, such as men and women: `segment_covariance` gives theirs from smaller sums.

    >>> from vigie.stats.sums import sums
    >>> chosen = [[1, 0], [1, 0], [0, 1], [0, 1]]  # of two answers, each of four people gave one
    >>> answers = sums([0] * 4, 1, np.ones(4), np.ones((4, 2)), chosen, cross=True)
    >>> value, cov = covariance(answers, Design.trivial(1), [True])
    >>> value.tolist(), cov.round(4).tolist()  # ±0.25/3: what one gains the other loses
    ([0.5, 0.5], [[0.0833, -0.0833], [-0.0833, 0.0833]])
    """
    if sums.cross is None:
        raise ValueError("covariances need sums made with cross=True")
    member = _segments(np.atleast_2d(np.asarray(segment)), sums)[0]
    layout = frame(sums, design)
    du, dv, d2u, d2v = (t[:, 0] for t in layout.fold([sums.du, sums.dv, sums.d2u, sums.d2v], member[None]))
    g = layout.g[:, None]
    weighted = (g * du).sum(axis=0)
    theta, W = _ratio((g * dv).sum(axis=0), weighted)
    zd, z1 = (dv - theta * du) / W, (d2v - theta * d2u) / W
    # z = [u v] T, so that Σd²z′z = T′ (Σd²[u v]′[u v]) T with the factors of people's squares inside
    counted = layout.per_group(layout.people * layout.g**2, sums.groups) * member
    T = np.vstack([np.diag(-theta / W), np.diag(1.0 / W)])
    cov = layout.covariance(T.T @ np.tensordot(counted, sums.cross, axes=1) @ T, zd, z1)
    squared = layout.per_group(layout.g**2, sums.groups) * member
    largest = (squared @ sums.d2vv + theta**2 * (squared @ sums.d2uu)) / W**2
    value, joint = _finish(theta[None], cov[None], largest[None], weighted[None] > 0)
    return value[0], joint[0]


def segment_covariance(
    sums: Sums, design: Design, segments: npt.ArrayLike, column: int = 0
) -> tuple[FloatArray, FloatArray]:
    """One column's ratios (S,) with the covariance (S, S) of all segments, which may share people or not.

    As `segment_covariances`, of one column.

    Not for several columns of the same people: `covariance`.

    >>> from vigie.stats.sums import sums
    >>> answers = sums([0, 0, 1, 1], 2, np.ones(4), np.ones((4, 1)), [[1], [0], [1], [1]])  # two women, two men
    >>> value, cov = segment_covariance(answers, Design.trivial(2), [[True, False], [True, True]])
    >>> value.tolist(), cov.round(4).tolist()  # women, and everybody, of whom they are a part
    ([0.5, 0.75], [[0.1667, 0.0833], [0.0833, 0.0625]])
    """
    value, cov = segment_covariances(sums.take([column]), design, segments)
    return value[0], cov[0]


def segment_covariances(sums: Sums, design: Design, segments: npt.ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Each column's ratios (C, S) with the covariance (C, S, S) of all segments, which may share people or not.

    For differences between columns of a banner and between a segment and the rest. Disjoint segments covary too: they
    share strata and calibration margins. The estimator is that of `estimate`; no cross-products are needed. Segments
    with nobody in the base have value nan and covariances nan. Raises ValueError where shapes do not fit.

    Cost: C × S² × groups multiplications; memory is bounded by working on some columns at a time.

    Not for the covariance of two columns within a segment: `covariance`.

    >>> from vigie.stats.sums import sums
    >>> answers = sums([0, 0, 1, 1], 2, np.ones(4), np.ones((4, 2)), [[1, 0], [0, 0], [1, 1], [0, 1]])
    >>> value, cov = segment_covariances(answers, Design.trivial(2), np.eye(2))  # women, men
    >>> value.tolist(), cov[0].round(4).tolist()  # in each column; segments that share nobody do not covary here
    ([[0.5, 0.5], [0.0, 1.0]], [[0.1667, 0.0], [0.0, 0.1667]])
    """
    chosen = _segments(segments, sums)
    layout = frame(sums, design)
    value = np.empty((sums.columns, len(chosen)))
    cov = np.empty((sums.columns, len(chosen), len(chosen)))
    shared = _sharing(chosen)
    # groups are what overlapping segments are told apart by, pairs what disjoint ones need
    rows = max(1, len(chosen)) * (len(layout.g) if shared is None else sums.groups)
    for _, columns in _blocks(1, sums.columns, rows):
        value[columns], cov[columns] = _covariances(sums.take(columns), layout, chosen, shared)
    return value, cov


def _sharing(member: BoolArray) -> FloatArray | None:
    """The segments as numbers (S, G) where some share groups; None where all are disjoint."""
    return None if (member.sum(axis=0) <= 1).all() else member.astype(np.float64)


def _covariances(
    sums: Sums, layout: Frame, member: BoolArray, shared: FloatArray | None
) -> tuple[FloatArray, FloatArray]:
    """The ratios (C, S) of a few columns with their covariances (C, S, S)."""
    z = _linearised(sums, layout, member)
    scale = (layout.people * layout.g**2)[:, None, None]
    theta, W = z.theta.T, z.W.T
    uu, uv, vv = (a.T for a in z.squares)
    if shared is None:
        cov = np.zeros((*theta.shape, theta.shape[1]))
        at = np.arange(theta.shape[1])
        cov[:, at, at] = (vv - 2 * theta * uv + theta**2 * uu) / W**2
    else:
        cov = _crossing(sums, layout, shared, theta, W)
    mixed = _crossed(scale * z.p, z.z1)
    cov += _crossed(scale * layout.d2[:, None, None] * z.p, z.p) - mixed - mixed.transpose(0, 2, 1)
    for sign, total in zip(layout.signs, z.totals, strict=True):
        cov += sign * _crossed(total, total)
    return _finish(theta, cov, z.largest.T, z.weighted.T > 0)


def _crossing(sums: Sums, layout: Frame, member: FloatArray, theta: FloatArray, W: FloatArray) -> FloatArray:
    """Σw²z_a z_b (C, S, S) over the people whom segments share."""
    per_group = layout.per_group(layout.people * layout.g**2, sums.groups)
    uu, uv, vv = (
        (member[None] * (per_group[:, None] * a).T[:, None, :]) @ member.T for a in (sums.d2uu, sums.d2uv, sums.d2vv)
    )
    at, to = theta[:, :, None], theta[:, None, :]
    return np.asarray((vv - (at + to) * uv + at * to * uu) / (W[:, :, None] * W[:, None, :]))


def _crossed(left: FloatArray, right: FloatArray) -> FloatArray:
    """Σ over the first axis of the products of two tables (K, S, C), for each column (C, S, S)."""
    return np.asarray(left.transpose(2, 1, 0) @ right.transpose(2, 0, 1))


def contrast(value: npt.ArrayLike, cov: npt.ArrayLike, weights: npt.ArrayLike) -> tuple[float, float]:
    """A linear combination Σ a_c θ_c and its standard error √(a′ Cov a), e.g. weights (1, -1, 0) for a gap.

    `value` (C,), `cov` (C, C), `weights` (C,). Columns with weight 0 may be nan: they are left out. As R
    `survey::svycontrast`.

    Not for ratios of figures (`ratios.index`), nor with a covariance of zeros for figures of the same people.

    >>> gap, se = contrast([0.6, 0.5, np.nan], np.diag([0.04, 0.03, np.nan]) ** 2, [1, -1, 0])
    >>> round(gap, 4), round(se, 4)
    (0.1, 0.05)
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


def _finish(theta: FloatArray, cov: FloatArray, largest: FloatArray, some: BoolArray) -> tuple[FloatArray, FloatArray]:
    """Make covariances (…, S, S) exactly symmetric, call rounding zero, and put nan where nobody is in the base."""
    symmetric = (cov + np.swapaxes(cov, -1, -2)) / 2
    still = np.diagonal(symmetric, axis1=-2, axis2=-1) <= _NOISE * largest
    symmetric[still[..., :, None] | still[..., None, :]] = 0.0
    symmetric[~some[..., :, None] | ~some[..., None, :]] = np.nan
    return np.where(some, theta, np.nan), symmetric
