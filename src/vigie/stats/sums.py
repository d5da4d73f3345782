"""The one kernel: sums per group, from which every survey figure and its variance are computed.

Sums of two disjoint sets of people add up, so that a large file is read in batches, and are the same from run to run:
`numpy.bincount` adds in the order of the rows.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["Sums", "sums"]

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Sums:
    """Sums over the people of G groups (stratum × raking cell × banner cell) for C columns (one column, one ratio).

    d is a person's design weight, u the denominator and v the numerator of the person in a column.
    """

    n: IntArray  # (G,) all people of the group, in a base or not
    d: FloatArray  # (G,) Σd
    d2: FloatArray  # (G,) Σd²
    base: IntArray  # (G, C) people with u > 0
    du: FloatArray  # (G, C) Σdu, and so on
    dv: FloatArray
    d2u: FloatArray
    d2v: FloatArray
    d2uu: FloatArray
    d2uv: FloatArray
    d2vv: FloatArray
    cross: FloatArray | None = None  # (G, 2C, 2C) Σd²[u v]ᵀ[u v], columns u_0…u_{C-1}, v_0…v_{C-1}

    @property
    def groups(self) -> int:
        """G, the number of groups."""
        return int(self.n.shape[0])

    @property
    def columns(self) -> int:
        """C, the number of columns."""
        return int(self.base.shape[1])

    def __add__(self, other: Sums) -> Sums:
        if self.base.shape != other.base.shape:
            raise ValueError(f"sums of {self.base.shape} groups × columns cannot be added to {other.base.shape}")
        if (self.cross is None) != (other.cross is None):
            raise ValueError("sums with cross-products cannot be added to sums without")
        added = {
            f.name: getattr(self, f.name) + getattr(other, f.name)
            for f in fields(self)
            if getattr(self, f.name) is not None
        }
        return Sums(**added)

    def take(self, columns: npt.ArrayLike | slice) -> Sums:
        """The same groups with only these columns, in this order; a slice copies nothing but cross-products."""
        chosen = np.arange(self.columns)[columns] if isinstance(columns, slice) else columns
        index = np.asarray(chosen, dtype=np.int64).reshape(-1)
        at = columns if isinstance(columns, slice) else index
        tables = {f.name: getattr(self, f.name)[:, at] for f in fields(self) if f.name in _BY_COLUMN}
        cross = self.cross
        if cross is not None:
            both = np.concatenate([index, index + self.columns])
            cross = cross[:, both[:, None], both]
        return Sums(n=self.n, d=self.d, d2=self.d2, cross=cross, **tables)

    def among(self, everyone: Sums) -> Sums:
        """The same figures, among all people of the groups and not only those who made an evaluation."""
        return replace(self, n=everyone.n, d=everyone.d, d2=everyone.d2)

    def folded(self, into: npt.ArrayLike, n_groups: int) -> Sums:
        """The sums of coarser groups: `into` (G,) says which of them each group is part of."""
        at = np.asarray(into, dtype=np.int64)

        def total(table: Any) -> Any:
            out = np.zeros((n_groups, *table.shape[1:]), dtype=table.dtype)
            np.add.at(out, at, table)
            return out

        tables = {f.name: getattr(self, f.name) for f in fields(self) if getattr(self, f.name) is not None}
        return Sums(**{name: total(table) for name, table in tables.items()})


_BY_COLUMN = ("base", "du", "dv", "d2u", "d2v", "d2uu", "d2uv", "d2vv")


def nothing(n_groups: int, n_columns: int, *, cross: bool = False) -> Sums:
    """Sums over nobody: what the first batch is added to."""
    nobody = np.zeros((0, n_columns))
    return sums(np.zeros(0, dtype=np.int64), n_groups, np.zeros(0), nobody, nobody, cross=cross)


def sums(
    group: npt.ArrayLike,
    n_groups: int,
    d: npt.ArrayLike,
    u: npt.ArrayLike,
    v: npt.ArrayLike,
    *,
    cross: bool = False,
) -> Sums:
    """Add up people by group; one row is one person, who is the cluster of his or her evaluations.

    For a plain question u is 1 in the base and 0 elsewhere, and v = u·x. For questions in a loop, u is the sum over the
    person's evaluations of loop weight × in base, and v of loop weight × x × in base. A figure is then Σwv / Σwu.

    Parameters: `group` (n,) between 0 and `n_groups` - 1; `d` (n,) design weights, not negative; `u`, `v` (n, C),
    finite (0 where the person is not in the base). `cross` keeps the products of all columns, which covariances
    need: its size is G × 4C², so ask for it with few groups or few columns.

    Raises ValueError where shapes differ, a group is out of range or a number is not finite.

    Not for rows that are evaluations: their correlation within people would be lost.

    >>> both = sums([0, 0, 1], 2, [1, 2, 1], [[1], [1], [1]], [[1], [0], [1]])  # a yes and a no of weight 2; then a yes
    >>> both.n.tolist(), both.du.tolist(), both.dv.tolist(), both.d2.tolist()
    ([2, 1], [[3.0], [1.0]], [[1.0], [1.0]], [5.0, 1.0])
    """
    key, weight, under, over = _checked(group, n_groups, d, u, v)

    def by_group(values: FloatArray) -> FloatArray:
        return np.bincount(key, weights=values, minlength=n_groups).astype(np.float64, copy=False)

    n = np.bincount(key, minlength=n_groups).astype(np.int64)
    table = {name: np.zeros((n_groups, under.shape[1])) for name in _BY_COLUMN}
    for c in range(under.shape[1]):
        # one copy of each column: bincount over a stride is five times slower
        one, other = np.ascontiguousarray(under[:, c]), np.ascontiguousarray(over[:, c])
        du, dv = weight * one, weight * other
        table["base"][:, c] = by_group((one > 0).astype(np.float64))
        table["du"][:, c], table["dv"][:, c] = by_group(du), by_group(dv)
        table["d2u"][:, c], table["d2v"][:, c] = by_group(weight * du), by_group(weight * dv)
        table["d2uu"][:, c], table["d2uv"][:, c], table["d2vv"][:, c] = (
            by_group(a) for a in (du * du, du * dv, dv * dv)
        )
    base = table.pop("base").astype(np.int64)
    products = _products(key, n_groups, weight, np.hstack([under, over])) if cross else None
    return Sums(n=n, d=by_group(weight), d2=by_group(weight * weight), base=base, cross=products, **table)


def rounding(mean: npt.ArrayLike, n: npt.ArrayLike) -> FloatArray:
    """What the variance of n equal numbers may come to: their mean is a sum, whose rounding grows with √n.

    A variance not above it is 0, however small the numbers; `mean` and `n` broadcast.
    """
    unit = np.finfo(np.float64).eps * np.asarray(mean, dtype=np.float64)
    return np.asarray((64 + np.asarray(n)) * unit**2)


def _checked(
    group: npt.ArrayLike, n_groups: int, d: npt.ArrayLike, u: npt.ArrayLike, v: npt.ArrayLike
) -> tuple[IntArray, FloatArray, FloatArray, FloatArray]:
    # int8 and int16 keys from Arrow dictionaries overflow in arithmetic: widen first
    key = np.asarray(group).astype(np.int64)
    weight, under, over = (np.asarray(a, dtype=np.float64) for a in (d, u, v))
    if key.ndim != 1 or weight.shape != key.shape or under.ndim != 2 or under.shape != over.shape:
        raise ValueError("group and d have one entry per person, u and v one row per person")
    if under.shape[0] != key.shape[0]:
        raise ValueError(f"{under.shape[0]} rows of u for {key.shape[0]} people")
    if key.size and (key.min() < 0 or key.max() >= n_groups):
        raise ValueError(f"a group lies outside 0…{n_groups - 1}")
    if not (np.isfinite(weight).all() and np.isfinite(under).all() and np.isfinite(over).all()):
        raise ValueError("d, u and v must be finite: whoever is not in a base has u = v = 0")
    return key, weight, under, over


def _products(key: IntArray, n_groups: int, weight: FloatArray, uv: FloatArray) -> FloatArray:
    """Σd²[u v]ᵀ[u v] per group: sorted by group, one matrix product for each group that has people."""
    out = np.zeros((n_groups, uv.shape[1], uv.shape[1]))
    order = np.argsort(key, kind="stable")
    scaled = (uv * weight[:, None])[order]
    present, starts = np.unique(key[order], return_index=True)
    for g, part in zip(present, np.split(scaled, starts[1:]), strict=False):
        out[g] = part.T @ part
    return out
