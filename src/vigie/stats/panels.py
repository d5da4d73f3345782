"""People who answer in several waves: what one of them adds to the error of a figure, and how waves covary."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from vigie.stats.design import Design, Frame, drawn, frame
from vigie.stats.sums import BoolArray, FloatArray, IntArray, Sums

__all__ = ["Influence", "contributions", "influence", "stratum_variance", "wave_covariance"]

_AT_ONCE = 1 << 21  # cells of a table of pairs × segments × columns that are worked on together


@dataclass(frozen=True, slots=True)
class Influence:
    """How S segments × C columns of a wave depend on any one person: enough to linearise a few of them again.

    Kept instead of the sums of a wave: K pairs (stratum, raking cell), H strata, r columns of margins; and of a wave
    that drew U clusters, what each of them adds. The arrays stay the same ones, but `put` writes into those of a
    `blank`.
    """

    value: FloatArray  # (S, C) θ; nan where nobody is in the base
    base: FloatArray  # (S, C) Σwu
    margin: FloatArray  # (r, S, C) the regression of z on the margins
    root: FloatArray  # (K, r)
    stratum: IntArray  # (K,)
    g: FloatArray  # (K,)
    n: IntArray  # (H,) people of each stratum
    total: FloatArray  # (H, S, C) Σt
    square: FloatArray  # (H, S, C) Σt²
    left: FloatArray  # (H,) 1 - f, what the population correction leaves; 0 for a stratum that is taken as certain
    units: FloatArray | None = None  # (U, S, C) Σt of each cluster, where clusters were drawn
    of: IntArray | None = None  # (U,) the stratum of each

    def blank(self, segments: int, columns: int) -> Influence:
        """The same people, with room for so many figures."""
        value, base = np.full((segments, columns), np.nan), np.zeros((segments, columns))
        margin = np.zeros((self.root.shape[1], segments, columns))
        total, square = (np.zeros((len(self.n), segments, columns)) for _ in range(2))
        units = None if self.units is None else np.zeros((len(self.units), segments, columns))
        return replace(self, value=value, base=base, margin=margin, total=total, square=square, units=units)

    def put(self, segments: npt.ArrayLike, columns: npt.ArrayLike, of: Influence) -> None:
        """Write some figures of the same people to their places."""
        at = np.ix_(np.asarray(segments, dtype=np.int64), np.asarray(columns, dtype=np.int64))
        for name in ("value", "base"):
            getattr(self, name)[at] = getattr(of, name)
        for name in ("margin", "total", "square", *(() if self.units is None else ("units",))):
            getattr(self, name)[(slice(None), *at)] = getattr(of, name)


def influence(sums: Sums, design: Design, segments: npt.ArrayLike) -> Influence:
    """Linearise the ratios of a wave so that t = g d (z - p) can be had for any of its people.

    z = (v - θu)/Σwu in the segment and 0 outside, p the regression of z on the calibration margins, as in
    `estimates.estimate`, whose variance is Σ_h n_h/(n_h - 1) [Σt² - (Σt)²/n_h] (Deville 1999). Parameters as there:
    `sums` of G groups × C columns, `segments` (S, G) bool. Raises ValueError where shapes do not fit.

    Where clusters were drawn the squares of people are not the variance, but those of `units` in their place; where the
    population is small each stratum counts for what is `left` of it.

    Not for figures that are no ratios (medians, Kaplan-Meier).

    >>> from vigie.stats.sums import sums
    >>> wave = sums([0] * 4, 1, np.ones(4), np.ones((4, 1)), [[1], [1], [0], [0]])
    >>> made = influence(wave, Design.trivial(1), [[True]])
    >>> made.value.item(), made.square.item()  # half say yes; each adds ±0.5/4, whose squares add up to 1/16
    (0.5, 0.0625)
    """
    member = np.asarray(segments, dtype=np.bool_)
    if member.ndim != 2 or member.shape[1] != sums.groups:
        raise ValueError(f"segments of shape {member.shape} do not fit {sums.groups} groups")
    people_alone = Design(design.stratum, design.cell, design.g, design.dummies)  # what each adds knows no clusters
    layout = frame(sums, people_alone)
    parts = [_block(some, layout, member) for some in _portions(sums, len(layout.g) * len(member))]
    value, base, margin, total, square = (np.concatenate(p, axis=-1) for p in zip(*parts, strict=True))
    starts = layout.levels[0].starts
    stratum = np.repeat(np.arange(len(starts)), np.diff(np.append(starts, len(layout.g))))
    people = np.bincount(stratum[layout.pair], weights=sums.n[layout.order], minlength=len(starts)).astype(np.int64)
    root = np.zeros((len(layout.g), 0)) if layout.root is None else layout.root
    units, share = drawn(sums, design)
    left = np.where((units == 1) & (design.lonely == "certainty"), 0.0, 1.0 - share)
    made = Influence(value, base, margin, root, stratum, layout.g, people, total, square, left)
    if design.cluster is None:
        return made
    return _with_units(made, sums, replace(people_alone, cluster=design.cluster), member)


def _portions(sums: Sums, cells: int) -> Iterator[Sums]:
    """A few columns at a time, of tables that have so many cells for each."""
    size = max(1, _AT_ONCE // max(1, cells))
    yield from (sums.take(range(c, min(c + size, sums.columns))) for c in range(0, max(sums.columns, 1), size))


def _with_units(made: Influence, sums: Sums, design: Design, member: BoolArray) -> Influence:
    """What each cluster adds: Σt of its people, in the order of strata and clusters."""
    layout = frame(sums, design)
    clusters, strata = (level.starts for level in layout.levels)
    parts = []
    for some in _portions(sums, len(layout.g) * len(member)):
        du, dv = layout.fold((some.du, some.dv), member)
        theta, _, zd = _linear(du, dv, layout.g)
        p = layout.project(zd.reshape(len(zd), theta.size)).reshape(zd.shape)
        parts.append(np.add.reduceat(layout.g[:, None, None] * (zd - p * layout.d[:, None, None]), clusters, axis=0))
    of = np.searchsorted(strata, clusters, side="right") - 1
    return replace(made, units=np.concatenate(parts, axis=-1), of=of)


def _block(sums: Sums, layout: Frame, member: BoolArray) -> tuple[FloatArray, ...]:
    """Value, base, margins, and by stratum Σt and Σt², of a few columns."""
    tables = (sums.du, sums.dv, sums.d2u, sums.d2v, sums.d2uu, sums.d2uv, sums.d2vv)
    du, dv, d2u, d2v, d2uu, d2uv, d2vv = layout.fold(tables, member)
    g = layout.g[:, None, None]
    theta, base, zd = _linear(du, dv, layout.g)
    some = base > 0
    W = np.where(some, base, 1.0)
    z1 = (d2v - theta * d2u) / W
    flat = zd.reshape(len(zd), theta.size)
    root = np.zeros((len(zd), 0)) if layout.root is None else layout.root
    margin = (root.T @ flat).reshape(root.shape[1], *zd.shape[1:])
    p = np.tensordot(root, margin, axes=1)
    zz = (d2vv - 2 * theta * d2uv + theta**2 * d2uu) / W**2
    starts = layout.levels[0].starts
    total = np.add.reduceat(g * (zd - p * layout.d[:, None, None]), starts, axis=0)
    square = np.add.reduceat(g**2 * (zz - 2 * p * z1 + p * p * layout.d2[:, None, None]), starts, axis=0)
    return np.where(some, theta, np.nan), base, margin, total, np.maximum(square, 0.0)


def _linear(du: FloatArray, dv: FloatArray, g: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """θ (0 where nobody is in the base) and the base (S, C), and Σdz of each pair (K, S, C)."""
    factor = g[:, None, None]
    base = (factor * du).sum(axis=0)
    some = base > 0
    W = np.where(some, base, 1.0)
    theta = np.where(some, (factor * dv).sum(axis=0), 0.0) / W
    return theta, base, (dv - theta * du) / W


def contributions(
    of: Influence, segment: int, columns: npt.ArrayLike, pair: npt.ArrayLike, d: npt.ArrayLike,
    member: npt.ArrayLike, u: npt.ArrayLike, v: npt.ArrayLike,
) -> FloatArray:  # fmt: skip
    """What each of n people adds to the error of a wave's figures: t (n, C), in one segment and some columns of `of`.

    `pair` (n,) where these people stand in the design (stratum and raking cell, numbered in rising order), `d` (n,)
    design weights, `member` (n,) whether each is in the segment, `u` and `v` (n, C) base and value in these columns.
    Raises ValueError for a pair that had nobody in it.

    Not for people of another wave: z is that of the wave's own figures.

    >>> from vigie.stats.sums import sums
    >>> wave = sums([0] * 4, 1, np.ones(4), np.ones((4, 1)), [[1], [1], [0], [0]])
    >>> made = influence(wave, Design.trivial(1), [[True]])
    >>> contributions(made, 0, [0], [0, 0], [1, 1], [True, True], [[1], [1]], [[1], [0]]).tolist()  # a yes and a no
    [[0.125], [-0.125]]
    """
    at = np.asarray(pair, dtype=np.int64)
    if at.size and not 0 <= at.min() <= at.max() < len(of.g):
        raise ValueError("a person stands where the wave had nobody")
    index = np.asarray(columns, dtype=np.int64)
    theta, W = of.value[segment, index], of.base[segment, index]
    with np.errstate(invalid="ignore", divide="ignore"):
        z = (np.asarray(v, dtype=np.float64) - theta * np.asarray(u, dtype=np.float64)) / W
    inside = np.asarray(member, dtype=np.bool_)[:, None]
    p = of.root[at] @ of.margin[:, segment, index]
    return np.asarray((of.g[at] * np.asarray(d, dtype=np.float64))[:, None] * (np.where(inside, z, 0.0) - p))


def wave_covariance(
    one: npt.ArrayLike, other: npt.ArrayLike, scale: npt.ArrayLike = 1.0, centre: npt.ArrayLike = 0.0
) -> FloatArray:
    """The covariance of figures of two waves from the people who answered in both, clusters across the waves.

    Cov = Σ scale · t₁ · t₂ over the shared people - centre, `one` and `other` (n, C) their `contributions` in each
    wave, in one order of people; `scale` (n,) is m/(m - 1), m being the people of the stratum in either wave, and
    `centre` (C,) is Σ_h Σt₁ Σt₂/(m_h - 1) (`centred`). With the same m in the variances (`stratum_variance`),
    V₁ + V₂ - 2Cov is what R's `survey` gives with people as clusters over both waves, strata and raking in each
    included (agrees to 1e-9). Where strata differ much and few people are shared it is too large rather than too small:
    the strata of the union are not those of each sample. Shapes (C,). Raises ValueError where shapes differ.

    Of waves that drew clusters `one` and `other` are what the clusters of both add, and m counts clusters. Where the
    population is small, `scale` and `centre` are multiplied by √((1 - f₁)(1 - f₂)) of the stratum, as R does of one.

    0 for samples that share nobody: then use `significance.difference` with `cov` left out. Not for people of waves of
    which only one drew clusters.

    >>> wave_covariance([[0.5], [-0.5]], [[0.4], [-0.2]], 2.0)
    array([0.6])
    """
    a, b = np.asarray(one, dtype=np.float64), np.asarray(other, dtype=np.float64)
    if a.shape != b.shape or a.ndim != 2:
        raise ValueError(f"contributions of shapes {a.shape} and {b.shape} are not of the same people and figures")
    weight = np.broadcast_to(np.asarray(scale, dtype=np.float64), len(a))
    return np.asarray((weight[:, None] * a * b).sum(axis=0) - np.asarray(centre, dtype=np.float64))


def stratum_variance(
    square: npt.ArrayLike, total: npt.ArrayLike, people: npt.ArrayLike, left: npt.ArrayLike = 1.0
) -> FloatArray:
    """Σ_h (1 - f_h) m_h/(m_h - 1) [Σt² - (Σt)²/m_h] of figures (C,) from `square` and `total` (H, C), `people` m (H,).

    `left` (H,) is 1 - f_h.

    With m the people of the wave it is the variance of `estimates.estimate`; with those of two waves together it is
    the part of one wave in the variance of a change. Not across waves without `wave_covariance`.

    >>> stratum_variance([[0.0625]], [[0.0]], [4]).round(4).tolist()  # 4/3·1/16 = 0.5·0.5/3, a half of four people
    [0.0833]
    """
    spread = (factors(people) * np.asarray(left, dtype=np.float64)) @ np.asarray(square, dtype=np.float64)
    return np.asarray(np.maximum(spread - centred(total, total, people, left), 0.0))


def centred(one: npt.ArrayLike, other: npt.ArrayLike, people: npt.ArrayLike, left: npt.ArrayLike = 1.0) -> FloatArray:
    """Σ_h (1 - f_h) Σt₁ Σt₂/(m_h - 1) of figures (C,): what centring within strata takes away; totals (H, C).

    A stratum of one person is not centred. Not for totals of different strata in one row.
    """
    m = np.asarray(people, dtype=np.float64)
    less = np.where(m > 1, 1.0 / np.where(m > 1, m - 1, 1.0), 0.0) * np.asarray(left, dtype=np.float64)
    return np.asarray(less @ (np.asarray(one, dtype=np.float64) * np.asarray(other, dtype=np.float64)))


def factors(people: npt.ArrayLike) -> FloatArray:
    """The finite factor m/(m - 1) of strata of m people; 1 where there is one, whose contribution counts in full."""
    m = np.asarray(people, dtype=np.float64)
    return np.where(m > 1, m / np.where(m > 1, m - 1, 1.0), 1.0)
