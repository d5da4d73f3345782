"""Several options at once, with at least one: independent draws given that not all of them fail.

The planted chances are those *after* that condition. For options of chance v_j, independent draws of chance
u_j = v_j·t have exactly these chances once the empty outcome is excluded, where t = 1 − Π(1 − v_j·t) is the chance
that a draw is not empty.
"""

from __future__ import annotations

import numpy as np

from vigie.demo.population import Floats


def unconditional(chance: Floats) -> Floats:
    """The chances u of independent draws, from the chances v given at least one; options on the last axis."""
    low, high = np.full(chance.shape[:-1], 1e-9), np.ones(chance.shape[:-1])
    if not np.all(chance.sum(axis=-1) > 1):
        raise ValueError("the chances of a list with at least one option add up to more than one")
    for _ in range(200):
        t = (low + high) / 2
        above = 1 - np.prod(1 - chance * t[..., None], axis=-1) > t
        low, high = np.where(above, t, low), np.where(above, high, t)
    return np.asarray(chance * ((low + high) / 2)[..., None])


def draw_some(u: Floats, rng: np.random.Generator) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    """One draw a row of independent options, given at least one.

    The first option chosen has chance u_j·Π_{i<j}(1 − u_i); those before it are not chosen, those after it are free.
    """
    before = np.cumprod(np.column_stack([np.ones(len(u)), 1 - u[:, :-1]]), axis=1)
    first_chance = np.cumsum(u * before, axis=1)
    drawn = rng.random(len(u)) * first_chance[:, -1]
    first = (first_chance <= drawn[:, None]).sum(axis=1).clip(max=u.shape[1] - 1)
    place = np.arange(u.shape[1])
    free = rng.random(u.shape) < u
    return np.asarray((place == first[:, None]) | (free & (place > first[:, None])))


def count_distribution(u: Floats) -> Floats:
    """The chance that 0, 1, 2, … options are chosen in a row of independent draws, given at least one."""
    table = np.zeros((len(u), u.shape[1] + 1))
    table[:, 0] = 1.0
    for j in range(u.shape[1]):
        table[:, 1:] = table[:, 1:] * (1 - u[:, [j]]) + table[:, :-1] * u[:, [j]]
        table[:, 0] *= 1 - u[:, j]
    table[:, 0] = 0.0
    return np.asarray(table / table.sum(axis=1, keepdims=True))
