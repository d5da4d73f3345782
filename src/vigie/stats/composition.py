"""How much of a change comes from who is in the base, and how much from what they answer."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from vigie.stats.design import Design, Frame, frame
from vigie.stats.sums import FloatArray, Sums

__all__ = ["Parts", "composition", "decompose"]


@dataclass(frozen=True, slots=True)
class Parts:
    """A change as the sum of two parts, each with its standard error, in the unit of the figure."""

    difference: float  # within + mix, exactly
    within: float  # the categories themselves changed
    within_se: float
    mix: float  # other categories make up the base
    mix_se: float


def decompose(
    value1: npt.ArrayLike, share1: npt.ArrayLike, cov1: npt.ArrayLike,
    value2: npt.ArrayLike, share2: npt.ArrayLike, cov2: npt.ArrayLike,
) -> Parts:  # fmt: skip
    """Kitagawa's symmetric decomposition (1955; Oaxaca & Blinder with the mean of both groups as reference).

    With θ_g the figure in category g and s_g its share of the base, Σ s = 1: θ = Σ s_g θ_g, and
    θ₂ - θ₁ = Σ (s_g1 + s_g2)/2 · (θ_g2 - θ_g1)  [within]  +  Σ (θ_g1 + θ_g2)/2 · (s_g2 - s_g1)  [mix].
    Standard errors by the delta method from the covariance (2G, 2G) of (θ, s) in each wave, waves independent: where
    the same people answer in both, they are too large for the within part as a rule.

    Parameters: `value` and `share` (G,), shares sum to 1 in each wave; a category that a wave lacks has share 0 there,
    and its value (nan) is taken from the other wave, so that its coming is mix, and the error of its value too. Raises
    ValueError where shares do not sum to 1 or shapes differ.

    It describes; it does not explain: a mix part by age says nothing of mixes by other variables. Not for categories of
    which a person may have several.

    >>> parts = decompose([0.2, 0.6], [0.5, 0.5], np.zeros((4, 4)), [0.2, 0.6], [0.25, 0.75], np.zeros((4, 4)))
    >>> round(parts.within, 9), round(parts.mix, 9)
    (0.0, 0.1)
    """
    (t1, s1), (t2, s2) = (_checked(v, s) for v, s in ((value1, share1), (value2, share2)))
    if t1.shape != t2.shape:
        raise ValueError(f"{len(t1)} categories in one wave and {len(t2)} in the other")
    absent1, absent2 = np.isnan(t1), np.isnan(t2)
    t1, t2 = np.where(absent1, t2, t1), np.where(absent2, t1, t2)
    t1, t2 = np.nan_to_num(t1), np.nan_to_num(t2)
    share, step, level, move = (s1 + s2) / 2, t2 - t1, (t1 + t2) / 2, s2 - s1
    # a value that stands for both waves changes nothing within, whatever its error, which is all in the mix
    changing = np.where(absent1 | absent2, 0.0, share)
    moved1, moved2 = move * (1.0 + absent2 - absent1) / 2, move * (1.0 + absent1 - absent2) / 2
    within = _error((changing, step / 2), (-1.0 * changing, step / 2), cov1, cov2)
    mix = _error((moved2, level), (moved1, -1.0 * level), cov1, cov2)
    parts = float(share @ step), float(level @ move)
    return Parts(float(s2 @ t2 - s1 @ t1), parts[0], within, parts[1], mix)


def _checked(value: npt.ArrayLike, share: npt.ArrayLike) -> tuple[FloatArray, FloatArray]:
    theta, weight = np.asarray(value, dtype=np.float64), np.asarray(share, dtype=np.float64)
    if theta.shape != weight.shape or theta.ndim != 1:
        raise ValueError(f"{theta.shape} values do not fit {weight.shape} shares")
    if not np.isclose(weight.sum(), 1.0, atol=1e-9) or (weight < 0).any():
        raise ValueError(f"the shares sum to {weight.sum():g}, not to 1")
    return theta, weight


def _error(
    now: tuple[FloatArray, FloatArray], then: tuple[FloatArray, FloatArray], cov1: npt.ArrayLike, cov2: npt.ArrayLike
) -> float:
    """√(a′ Cov₂ a + b′ Cov₁ b), a and b the derivatives by (θ, s) of each wave; what is nan is not there."""
    variance = 0.0
    for derivative, cov in ((np.concatenate(now), cov2), (np.concatenate(then), cov1)):
        V = np.nan_to_num(np.asarray(cov, dtype=np.float64))
        if V.shape != (len(derivative), len(derivative)):
            raise ValueError(f"a covariance of shape {V.shape} does not fit {len(derivative) // 2} categories")
        variance += float(derivative @ V @ derivative)
    return float(np.sqrt(max(variance, 0.0)))


def composition(
    sums: Sums, design: Design, categories: npt.ArrayLike, column: int = 0
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """The figure in each category (A,), its share of the base (A,), and the covariance (2A, 2A) of both together.

    θ_a = Σwv/Σwu over the people of category a, s_a = Σwu over the category / Σwu over all categories, linearised
    together with strata and calibration as in `estimates.estimate`: z of θ_a is (v - θ_a u)/U_a in the category, z of
    s_a is (1_a - s_a)u/U. A margin of the raking whose base is everybody has shares without error.

    Parameters: `categories` (A, G) bool, disjoint unions of groups; people in none of them are left out. A category
    with nobody in the base has value nan, share 0 and covariances 0. Raises ValueError where categories overlap, one
    weighs less than nothing (negative weights) or all of them weigh nothing.

    Not for categories of which a person may have several, nor for categories chosen after a look at the marks.

    >>> from vigie.stats.sums import sums
    >>> marks = sums([0, 0, 1, 1], 2, np.ones(4), np.ones((4, 1)), [[2], [4], [8], [10]])  # young, young, old, old
    >>> value, share, cov = composition(marks, Design.trivial(2), np.eye(2))
    >>> value.tolist(), share.tolist(), round(float(cov[2, 2]), 4)  # 0.5·0.5/3 for a share of 4 people
    ([3.0, 9.0], [0.5, 0.5], 0.0833)
    """
    member = np.asarray(categories, dtype=np.bool_)
    if member.ndim != 2 or member.shape[1] != sums.groups or (member.sum(axis=0) > 1).any():
        raise ValueError("categories are disjoint unions of the groups")
    layout, one = frame(sums, design), sums.take([column])
    g = layout.per_group(layout.g, sums.groups)
    U, V = (member @ (g * t[:, 0]) for t in (one.du, one.dv))
    some, total = U > 0, float(U.sum())
    if not total > 0:
        raise ValueError("nobody is in the base")
    if (U < 0).any():
        raise ValueError("a category weighs less than nothing: it has no share of the base")
    base = np.where(some, U, 1.0)
    theta, share = np.where(some, V, 0.0) / base, U / total
    # z = a·v + b·u with one a and one b for each group: rows are the figures θ_1 … θ_A, s_1 … s_A
    inside = member & some[:, None]
    a = np.vstack([inside / base[:, None], np.zeros(member.shape)])
    anywhere = member.any(axis=0)
    b = np.vstack([-1.0 * inside * (theta / base)[:, None], (member - share[:, None] * anywhere) / total])
    cov = _covariance(one, layout, a, b)
    return np.where(some, theta, np.nan), share, cov


def _covariance(one: Sums, layout: Frame, a: FloatArray, b: FloatArray) -> FloatArray:
    """The covariance of F figures whose z is a·v + b·u, with coefficients (F, G) by group."""
    du, dv, d2u, d2v, d2uu, d2uv, d2vv = (
        t[:, 0] for t in (one.du, one.dv, one.d2u, one.d2v, one.d2uu, one.d2uv, one.d2vv)
    )
    K, order = len(layout.g), layout.order

    def by_pair(table: FloatArray) -> FloatArray:
        """(F, G) to (K, F)."""
        return np.array([np.bincount(layout.pair, weights=row[order], minlength=K) for row in table]).T

    zd, z1 = by_pair(a * dv + b * du), by_pair(a * d2v + b * d2u)
    counted = layout.per_group(layout.people * layout.g**2, one.groups)
    mixed = (a * (counted * d2uv)) @ b.T
    squares = (a * (counted * d2vv)) @ a.T + mixed + mixed.T + (b * (counted * d2uu)) @ b.T
    return layout.covariance(squares, zd, z1)
