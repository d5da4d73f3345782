"""The kernel adds up: over batches, over columns, with keys of any integer type."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vigie.stats.sums import nothing, sums


def sample(seed, n=60, groups=5, columns=3):
    rng = np.random.default_rng(seed)
    u = rng.integers(0, 3, (n, columns)).astype(float)
    return rng.integers(0, groups, n), groups, rng.uniform(0.5, 3, n), u, u * rng.integers(0, 11, (n, columns))


def equal(one, other, rtol=1e-12):
    for f in fields(one):
        np.testing.assert_allclose(getattr(one, f.name), getattr(other, f.name), rtol=rtol)


@settings(deadline=None, max_examples=50)
@given(st.integers(0, 10**6), st.lists(st.integers(0, 60), max_size=5))
def test_sums_of_any_split_of_the_people_add_up_to_the_sums_of_all(seed, cuts):
    group, groups, d, u, v = sample(seed)
    total = nothing(groups, 3, cross=True)
    for part in np.split(np.arange(60), sorted(cuts)):
        total = total + sums(group[part], groups, d[part], u[part], v[part], cross=True)
    whole = sums(group, groups, d, u, v, cross=True)
    equal(total, whole)
    assert (total.base == whole.base).all()


def test_every_sum_is_what_its_name_says():
    group, groups, d, u, v = sample(7)
    s = sums(group, groups, d, u, v, cross=True)
    for g in range(groups):
        own = group == g
        w, uu, vv = d[own], u[own], v[own]
        assert s.n[g] == own.sum()
        np.testing.assert_allclose([s.d[g], s.d2[g]], [w.sum(), (w**2).sum()])
        np.testing.assert_array_equal(s.base[g], (uu > 0).sum(axis=0))
        for name, value in (("du", uu), ("dv", vv)):
            np.testing.assert_allclose(getattr(s, name)[g], w @ value)
        for name, value in (("d2u", uu), ("d2v", vv), ("d2uu", uu * uu), ("d2uv", uu * vv), ("d2vv", vv * vv)):
            np.testing.assert_allclose(getattr(s, name)[g], (w**2) @ value)
        both = np.hstack([uu, vv]) * w[:, None]
        np.testing.assert_allclose(s.cross[g], both.T @ both)


def test_two_runs_give_the_same_bits():
    one, other = (sums(*sample(3), cross=True) for _ in range(2))
    for f in fields(one):
        assert getattr(one, f.name).tobytes() == getattr(other, f.name).tobytes()


def test_narrow_keys_do_not_overflow():
    key = np.full(300, 120, dtype=np.int8)
    s = sums(key, 5000, np.ones(300), np.ones((300, 1)), np.ones((300, 1)))
    assert s.n[120] == 300
    assert s.n.sum() == 300


def test_chosen_columns_keep_their_products():
    s = sums(*sample(1), cross=True)
    chosen = s.take([2, 0])
    np.testing.assert_array_equal(chosen.dv, s.dv[:, [2, 0]])
    np.testing.assert_array_equal(chosen.cross, s.cross[:, [2, 0, 5, 3]][:, :, [2, 0, 5, 3]])
    assert sums(*sample(1)).take([1]).cross is None


def test_what_does_not_fit_is_refused():
    group, groups, d, u, v = sample(1)
    with pytest.raises(ValueError, match="lies outside"):
        sums(group + 1, groups, d, u, v)
    with pytest.raises(ValueError, match="finite"):
        sums(group, groups, d, u, np.where(v > 5, np.nan, v))
    with pytest.raises(ValueError, match="one row per person"):
        sums(group, groups, d, u, v[:, :2])
    with pytest.raises(ValueError, match="rows of u"):
        sums(group[:5], groups, d[:5], u, v)
    with pytest.raises(ValueError, match="cannot be added"):
        sums(group, groups, d, u, v) + sums(group, groups + 1, d, u, v)
    with pytest.raises(ValueError, match="cross-products"):
        sums(group, groups, d, u, v) + sums(group, groups, d, u, v, cross=True)
