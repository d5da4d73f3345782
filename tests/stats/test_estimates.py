"""Figures and standard errors are R's, and those of a person-level computation written apart."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vigie.stats.estimates import Design, contrast, covariance, estimate, interval, segment_covariance
from vigie.stats.sums import Sums, sums
from vigie.stats.weights import dummies, rake


def whole(s):
    return np.ones((1, s.groups), dtype=bool)


def one_column(x, w):
    """Sums of a plain question answered by all, one stratum."""
    n = len(x)
    return sums(np.zeros(n, dtype=int), 1, w, np.ones((n, 1)), np.asarray(x, float)[:, None])


# agreement with R


def test_nps_of_500_people_has_a_standard_error_of_3_72_points(expected, near):
    f = estimate(one_column(np.repeat([1, 0, -1], [200, 150, 150]), np.ones(500)), Design.trivial(1), [[True]])
    near(f.value[0, 0], expected["nps"]["nps"])
    near(f.se[0, 0], expected["nps"]["se"])
    assert (f.n[0, 0], f.df[0, 0]) == (500, 499)


@pytest.fixture
def per_channel(shared):
    """People raked to sex and age, with the evaluations of three channels drawn in a loop."""
    people, drawn = shared("reference/people.csv"), shared("reference/evaluations.csv")
    n, channels = len(people["d"]), ("phone", "email", "chat")
    u, v = np.zeros((n, 3)), np.zeros((n, 3))
    person, weight = drawn["person"].astype(int) - 1, drawn["eligible"] / drawn["asked"]
    for c, channel in enumerate(channels):
        own = drawn["channel"] == channel
        np.add.at(u[:, c], person[own], weight[own])
        np.add.at(v[:, c], person[own], (weight * (drawn["satisfaction"] >= 7))[own])
    sex = (people["sex"] == "m").astype(int)
    age = np.array([int(a[1]) - 1 for a in people["age"]])
    s = sums(sex * 3 + age, 6, people["d"], u, v, cross=True)
    margins = [np.arange(6) // 3, np.arange(6) % 3]
    r = rake(s.d, margins, [[5200, 4800], [2500, 3500, 4000]])
    return s, Design.of(stratum=np.zeros(6), cell=np.arange(6), g=r.g, dummies=dummies(margins, [2, 3])), people, r.g


def test_figures_per_channel_with_drawn_loops(per_channel, expected, near):
    s, design, people, g = per_channel
    want, channels = expected["per_channel"], ("phone", "email", "chat")
    cell = (people["sex"] == "m") * 3 + np.array([int(a[1]) - 1 for a in people["age"]])
    near((people["d"] * g[cell])[:5], want["first_weights"])
    f = estimate(s, design, whole(s))
    near(f.value[0], [want["estimate"][c] for c in channels])
    near(f.se[0], [want["se"][c] for c in channels])
    value, cov = covariance(s, design, whole(s)[0])
    near(np.sqrt(np.diag(cov)), [want["se"][c] for c in channels])
    near(contrast(value, cov, [1, -1, 0]), [want["estimate"]["gap"], want["se"]["gap"]])


def clustered(rows, column, value, ids="id"):
    """People by columns: u the row's weight, v the weight times the answer."""
    person = np.unique(rows[ids], return_inverse=True)[1]
    names = np.unique(rows[column])
    u, v = np.zeros((person.max() + 1, len(names))), np.zeros((person.max() + 1, len(names)))
    place = np.searchsorted(names, rows[column])
    np.add.at(u, (person, place), rows["w"])
    np.add.at(v, (person, place), rows["w"] * rows[value])
    n = len(u)
    return sums(np.zeros(n, dtype=int), 1, np.ones(n), u, v, cross=True)


def test_overlapping_columns(expected, shared, near):
    want = expected["columns"]
    s = clustered(shared("reference/columns_overlap.csv"), "ch", "s")
    value, cov = covariance(s, Design.trivial(1), [True])
    near(value, [want["taylor"]["email"], want["taylor"]["phone"]])
    near(contrast(value, cov, [-1, 1]), [want["taylor"]["diff"], want["taylor"]["se"]])
    f = estimate(s, Design.trivial(1), [[True]])
    near(f.n_effective[0], [want["quantum"]["effective"][c] for c in ("email", "phone")])


def test_waves_with_a_panel_and_without(expected, shared, near):
    rows = shared("reference/waves_overlap.csv")
    want = expected["waves"]["cluster"]
    value, cov = covariance(clustered(rows, "wave", "y"), Design.trivial(1), [True])
    near(value, want["est"])
    near(np.sqrt(np.diag(cov)), want["se"])
    near(cov[0, 1], want["cov12"])
    near(contrast(value, cov, [-1, 1]), [want["diff"], want["se_diff"]])
    rows["row"] = np.arange(len(rows["id"]))
    want = expected["waves"]["independent"]
    s = clustered(rows, "wave", "y", ids="row")
    value, cov = covariance(s, Design.trivial(1), [True])
    near(np.sqrt(np.diag(cov)), want["se"])
    near(contrast(value, cov, [-1, 1]), [want["diff"], want["se_diff"]])


def test_logit_interval_of_a_share(expected, near):
    # R gives no standard error beside this interval; that of the symmetric one is the same
    want, df = expected["api"]["clus_prop_ci"], 14
    low, high = want["mean"]
    middle = (low + high) / 2
    _, unit = interval("mean", 0.0, 1.0, df)
    near(interval("share", middle, (high - low) / 2 / unit, df, n_effective=183), want["logit"])


# agreement with a computation person by person


def by_person(people, segment_a, column_a, segment_b, column_b):
    """Two ratios and their covariance from dense influence values: no sums, no cells, a regression by least squares."""
    d, w = people["d"], people["d"] * people["g"]
    parts = []
    for segment, c in ((segment_a, column_a), (segment_b, column_b)):
        u, v = people["u"][:, c] * segment, people["v"][:, c] * segment
        theta = (w @ v) / (w @ u)
        z = (v - theta * u) / (w @ u)
        if people["x"] is not None:
            root = np.sqrt(d)
            z = z - people["x"] @ np.linalg.lstsq(people["x"] * root[:, None], z * root, rcond=None)[0]
        parts.append((theta, w * z))
    (theta_a, a), (theta_b, b) = parts
    total = 0.0
    for h in np.unique(people["stratum"]):
        own = people["stratum"] == h
        n = own.sum()
        if n == 1:
            total += a[own] @ b[own]
        else:
            total += n / (n - 1) * ((a[own] - a[own].mean()) @ (b[own] - b[own].mean()))
    return theta_a, theta_b, total


def simulated(seed, *, raked, lonely):
    rng = np.random.default_rng(seed)
    n = 120
    sex, age, banner, stratum = (rng.integers(0, k, n) for k in (2, 3, 4, 3))
    sex[:6], age[:6] = np.arange(6) // 3, np.arange(6) % 3
    if lonely:
        stratum[0] = 3
    asked = rng.integers(0, 3, (n, 3)) * rng.uniform(0.5, 2, (n, 3))
    asked[:4] = 1.0
    people = {
        "d": rng.uniform(0.5, 5, n),
        "stratum": stratum,
        "banner": banner,
        "u": asked,
        "v": asked * rng.integers(0, 11, (n, 3)),
        "x": None,
        "g": np.ones(n),
    }
    cell = sex * 3 + age
    key = (stratum * 6 + cell) * 4 + banner
    groups = np.arange(4 * 6 * 4)
    s = sums(key, len(groups), people["d"], people["u"], people["v"], cross=True)
    strata, cells = groups // 24, groups // 4 % 6
    design = Design.of(stratum=strata, cell=cells)
    if raked:
        margins = [np.arange(6) // 3, np.arange(6) % 3]
        total = np.bincount(cell, weights=people["d"], minlength=6)
        truth = total * rng.uniform(0.7, 1.5, 6)
        r = rake(total, margins, [np.bincount(m, weights=truth) for m in margins])
        design = Design.of(stratum=strata, cell=cells, g=r.g, dummies=dummies(margins, [2, 3]))
        people["g"], people["x"] = r.g[cell], dummies([sex, age], [2, 3])
    segments = np.array([groups >= 0, groups % 4 == 1, groups % 4 == 2, (groups % 4 == 1) | (groups % 4 == 3)])
    return people, s, design, segments, segments[:, key]


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 10**6), st.booleans(), st.booleans())
def test_sums_give_what_influence_values_of_people_give(seed, raked, lonely):
    people, s, design, segments, inside = simulated(seed, raked=raked, lonely=lonely)
    f = estimate(s, design, segments)
    for i, segment in enumerate(inside):
        value, cov = covariance(s, design, segments[i])
        for a in range(3):
            theta, _, variance = by_person(people, segment, a, segment, a)
            np.testing.assert_allclose([f.value[i, a], f.se[i, a]], [theta, np.sqrt(variance)], rtol=1e-9)
            for b in range(3):
                _, _, both = by_person(people, segment, a, segment, b)
                np.testing.assert_allclose(cov[a, b], both, rtol=1e-8, atol=1e-12)
        np.testing.assert_allclose(value, f.value[i], rtol=1e-12)
    value, cov = segment_covariance(s, design, segments, 2)
    np.testing.assert_allclose(value, f.value[:, 2], rtol=1e-12)
    for a, one in enumerate(inside):
        for b, other in enumerate(inside):
            np.testing.assert_allclose(cov[a, b], by_person(people, one, 2, other, 2)[2], rtol=1e-8, atol=1e-12)


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 10**6), st.floats(1e-6, 1e6))
def test_standard_errors_do_not_change_with_the_scale_of_the_weights(seed, scale):
    _, s, design, segments, _ = simulated(seed, raked=True, lonely=False)
    scaled = Sums(
        s.n, s.d * scale, s.d2 * scale**2, s.base, s.du * scale, s.dv * scale,
        *(a * scale**2 for a in (s.d2u, s.d2v, s.d2uu, s.d2uv, s.d2vv)),
    )  # fmt: skip
    one, other = estimate(s, design, segments), estimate(scaled, design, segments)
    np.testing.assert_allclose(one.value, other.value, rtol=1e-12)
    np.testing.assert_allclose(one.se, other.se, rtol=1e-9)
    np.testing.assert_allclose(one.n_effective, other.n_effective, rtol=1e-12)
    np.testing.assert_allclose(one.n_weighted * scale, other.n_weighted, rtol=1e-12)


# edges


def test_an_empty_base_has_no_figure_and_the_others_keep_theirs():
    u = np.array([[1.0, 0.0], [1, 0], [1, 0]])
    s = sums([0, 0, 1], 3, np.ones(3), u, u * [[1], [0], [1]], cross=True)
    f = estimate(s, Design.trivial(3), [[True, True, True], [False, False, True]])
    np.testing.assert_array_equal(np.isnan(f.value), [[False, True], [True, True]])
    np.testing.assert_array_equal(np.isnan(f.se), [[False, True], [True, True]])
    np.testing.assert_array_equal(f.n, [[3, 0], [0, 0]])
    np.testing.assert_array_equal(f.n_effective, [[3, 0], [0, 0]])
    value, cov = covariance(s, Design.trivial(3), [True, True, True])
    np.testing.assert_array_equal(np.isnan(value), [False, True])
    np.testing.assert_array_equal(np.isnan(cov), [[False, True], [True, True]])
    assert contrast(value, cov, [1, 0])[1] == cov[0, 0] ** 0.5
    assert np.isnan(contrast(value, cov, [1, -1])[1])
    value, cov = segment_covariance(s, Design.trivial(3), [[True, True, False], [False, False, True]], 1)
    assert np.isnan(value).all()
    assert np.isnan(cov).all()


def test_no_people_at_all_is_no_error():
    s = sums([], 2, [], np.zeros((0, 1)), np.zeros((0, 1)))
    f = estimate(s, Design.trivial(2), [[True, True]])
    assert np.isnan(f.value).all()
    assert (f.n[0, 0], f.df[0, 0]) == (0, 0)


@pytest.mark.parametrize("answer", [0.0, 1.0, 7.3])
def test_people_who_all_answer_the_same_have_no_spread(answer):
    rng = np.random.default_rng(5)
    f = estimate(one_column(np.full(50, answer), rng.uniform(1, 3, 50)), Design.trivial(1), [[True]])
    assert f.se[0, 0] == 0
    assert f.value[0, 0] == pytest.approx(answer, rel=1e-15)


def test_all_people_of_a_stratum_count_not_only_those_of_the_segment():
    x = np.array([1.0, 0, 1, 1, 0, 0, 1, 0])
    s = sums(np.arange(8) % 2, 2, np.ones(8), np.ones((8, 1)), x[:, None])
    z = np.where(np.arange(8) % 2 == 0, x - 0.75, 0) / 4
    f = estimate(s, Design.trivial(2), [[True, False]])
    assert f.se[0, 0] == pytest.approx(np.sqrt(8 / 7 * ((z - z.mean()) ** 2).sum()), rel=1e-12)


def test_what_does_not_fit_is_refused():
    s = one_column([1, 2], np.ones(2))
    with pytest.raises(ValueError, match="do not fit"):
        estimate(s, Design.trivial(1), [[True, True]])
    with pytest.raises(ValueError, match="the design has"):
        estimate(s, Design.trivial(2), [[True]])
    with pytest.raises(ValueError, match="cross=True"):
        covariance(s, Design.trivial(1), [True])
    with pytest.raises(ValueError, match="per group"):
        Design.of(stratum=[0, 1], cell=[0])
    with pytest.raises(ValueError, match="raking cell"):
        Design.of(stratum=[0, 1], cell=[0, 1], g=[1.0])
    with pytest.raises(ValueError, match="one row per"):
        Design.of(stratum=[0], cell=[0], g=[1.0], dummies=np.ones((2, 1)))
