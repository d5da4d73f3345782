"""Weights reach the margins, stay within their bounds, or say which category cannot be reached."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vigie.stats.distances import distance
from vigie.stats.weights import NoWeights, calibrate, dummies, proportional_fit, rake

SEX, AGE = np.arange(6) // 3, np.arange(6) % 3
CELLS = np.array([10.0, 20, 15, 12, 8, 25])


def reached(r, total=CELLS, margins=(SEX, AGE)):
    return [np.bincount(m, weights=r.g * total) for m in margins]


@pytest.mark.parametrize("bounds", [None, (0.5, 2.0), (0.85, 1.2)])
def test_every_category_reaches_its_target(bounds):
    r = rake(CELLS, [SEX, AGE], [[48, 42], [24, 26, 40]], bounds=bounds)
    np.testing.assert_allclose(np.concatenate(reached(r)), [48, 42, 24, 26, 40], rtol=1e-12)
    if bounds:
        assert bounds[0] <= r.g.min()
        assert r.g.max() <= bounds[1]


def problem(seed):
    rng = np.random.default_rng(seed)
    sizes = rng.integers(2, 5, rng.integers(1, 4)).tolist()
    index = np.indices(sizes).reshape(len(sizes), -1)
    total = rng.uniform(0.1, 50, index.shape[1]) * (rng.random(index.shape[1]) > 0.1) * 10.0 ** rng.integers(-3, 4)
    true = total * np.exp(rng.normal(0, 0.5, total.shape)) * 10.0 ** rng.integers(-2, 3)
    return total, list(index), [np.bincount(m, weights=true, minlength=s) for m, s in zip(index, sizes, strict=True)]


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 10**6))
def test_raking_is_iterative_proportional_fitting(seed):
    total, margins, targets = problem(seed)
    r = rake(total, margins, targets)
    fitted, _ = proportional_fit(total, margins, targets)
    np.testing.assert_allclose((r.g * total)[total > 0], (fitted * total)[total > 0], rtol=1e-8)


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 10**6), st.floats(0.3, 0.99), st.floats(1.01, 3))
def test_bounded_factors_solve_the_problem_or_are_refused(seed, low, high):
    total, margins, targets = problem(seed)
    try:
        r = rake(total, margins, targets, bounds=(low, high))
    except NoWeights:
        return
    assert low <= r.g.min()
    assert r.g.max() <= high
    for m, t in zip(margins, targets, strict=True):
        np.testing.assert_allclose(np.bincount(m, weights=r.g * total, minlength=len(t)), t, rtol=1e-9)
    # inside the bounds, log g is a sum of one number per category
    free = (r.g > low * (1 + 1e-9)) & (r.g < high * (1 - 1e-9)) & (total > 0)
    x = dummies(margins, [len(t) for t in targets])[free]
    rest = np.log(r.g[free]) - x @ np.linalg.lstsq(x, np.log(r.g[free]), rcond=None)[0]
    assert np.abs(rest).max(initial=0.0) < 1e-8


@pytest.mark.parametrize(
    ("total", "targets", "bounds", "kind", "place"),
    [
        ([10, 20, 0, 12, 8, 0], [[48, 42], [24, 26, 40]], None, "empty-category", (1, 2)),
        (CELLS, [[48, 42], [50, 40, 0]], None, "no-target", (1, 2)),
        (CELLS, [[48, 42], [50, 40]], None, "no-target", (1, 2)),
        (CELLS, [[48, 42], [24, 26, 41]], None, "totals-differ", (1, None)),
        (CELLS, [[48, 42], [70, 10, 10]], (0.5, 2.0), "out-of-bounds", (1, 0)),
        # each category alone is within reach; together they are not
        ([10, 0, 0, 0, 10, 10], [[20, 10], [10, 10, 10]], (0.4, 2.1), "out-of-bounds", None),
        ([10, 0, 0, 0, 10, 10], [[20, 10], [10, 10, 10]], None, "out-of-bounds", None),
    ],
)
def test_a_failure_names_margin_and_category(total, targets, bounds, kind, place):
    with pytest.raises(NoWeights) as raised:
        rake(total, [SEX, AGE], targets, bounds=bounds)
    assert raised.value.kind == kind
    if place is not None:
        assert (raised.value.margin, raised.value.category) == place
    assert raised.value.target != raised.value.reached


def test_out_of_bounds_says_how_far_the_category_can_go():
    with pytest.raises(NoWeights) as raised:
        rake(CELLS, [SEX, AGE], [[48, 42], [70, 10, 10]], bounds=(0.5, 2.0))
    assert (raised.value.target, raised.value.reached) == (70, 44)


def test_a_category_without_people_and_target_does_not_disturb():
    total = np.array([10.0, 20, 0, 12, 8, 0])
    r = rake(total, [SEX, AGE], [[30, 20], [22, 28, 0]])
    np.testing.assert_allclose(np.concatenate(reached(r, total)), [30, 20, 22, 28, 0], rtol=1e-12)


@pytest.mark.parametrize("first", [30.0, 1.0, 0.001])
def test_margins_that_leave_people_without_weight_are_refused(first):
    # whoever is of the second category of either margin fills it: nothing is left for those of both first ones
    total, margins, targets = np.array([first, 30, 40]), [[0, 0, 1], [0, 1, 0]], [[40, 60], [60, 40]]
    with pytest.raises(NoWeights) as raised:
        rake(total, margins, targets)
    assert raised.value.kind == "no-weight"
    assert raised.value.category == 0
    assert 0 < raised.value.reached < raised.value.target < 1e-5
    assert (rake(total, margins, targets, bounds=(0.0, 2.0)).g < 1e-6).tolist() == [True, False, False], (
        "a bound is a wish"
    )


@pytest.mark.parametrize("rare", [1e-3, 1e-5])
def test_a_rare_category_of_whom_many_were_asked_keeps_its_small_weights(rare):
    r = rake([50.0, 50.0], [[0, 1]], [[100 * rare, 100 * (1 - rare)]])
    np.testing.assert_allclose(r.g, [2 * rare, 2 * (1 - rare)])


@pytest.mark.parametrize("size", [1e-6, 1.0, 1e6])
def test_sample_and_population_may_differ_in_size_by_any_factor(size):
    small, large = (rake(CELLS * s, [SEX, AGE], [[48, 42], [24, 26, 40]]) for s in (1.0, size))
    np.testing.assert_allclose(small.g, large.g * size, rtol=1e-10)


def mixed(seed):
    """Cells with two categorical margins and one number, and totals that some weights between 0.5 and 2 reach."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(20, 200))
    x = np.column_stack([dummies([rng.integers(0, 3, n), rng.integers(0, 2, n)], [3, 2]), rng.gamma(2, 3e3, n)])
    total = rng.uniform(0.5, 50, n)
    return total, x, (total * rng.uniform(0.7, 1.5, n)) @ x


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 10**6), st.sampled_from([("linear", None), ("linear", (0.2, 3.0)), ("raking", None),
                                               ("raking", (0.2, 3.0)), ("logit", (0.2, 3.0))]))  # fmt: skip
def test_every_method_reaches_categories_and_numbers_together(seed, how):
    total, x, totals = mixed(seed)
    method, bounds = how
    r = calibrate(total, x, totals, method=method, bounds=bounds, sizes=[3, 2, 1], negative=True)
    np.testing.assert_allclose((total * r.g) @ x, totals, rtol=1e-9)
    if bounds:
        assert bounds[0] <= r.g.min()
        assert r.g.max() <= bounds[1]
    # between the bounds, the factor is F of something linear in x: invert it and look
    u = {"linear": r.g - 1, "raking": np.log(np.maximum(r.g, 1e-300)), "logit": None}[method]
    if method == "logit":
        u = np.array([distance(method, bounds).inverse(g) for g in r.g])
    inner = np.ones(len(u), bool) if bounds is None else (r.g > bounds[0] + 1e-9) & (r.g < bounds[1] - 1e-9)
    rest = u[inner] - x[inner] @ np.linalg.lstsq(x[inner], u[inner], rcond=None)[0]
    assert np.abs(rest).max(initial=0.0) < 1e-7


@pytest.mark.parametrize("how", [("linear", None), ("linear", (0.4, 1.9)), ("raking", (0.4, 1.9)),
                                 ("logit", (0.4, 1.9)), ("raking", None)])  # fmt: skip
def test_slope_and_integral_belong_to_the_factor(how):
    f, u, h = distance(*how), np.linspace(-3, 3, 41) + 0.013, 1e-6
    np.testing.assert_allclose((f.integral(u + h) - f.integral(u - h)) / (2 * h), f.factor(u), atol=1e-7)
    np.testing.assert_allclose((f.factor(u + h) - f.factor(u - h)) / (2 * h), f.slope(u), atol=1e-7)
    assert f.factor(np.zeros(1))[0] == pytest.approx(1)
    assert f.factor(np.array([f.inverse(1.3)]))[0] == pytest.approx(1.3)


@pytest.mark.parametrize(
    ("seed", "method"),
    [(1307, "raking"), (4194, "logit"), (7611, "linear"), (7963, "logit"), *((k, "linear") for k in range(20))],
)
def test_totals_of_factors_within_the_bounds_are_reached(seed, method):
    # the first four are the ones of 36,000 whose dual cancels to nearly nothing, or whose curvature nearly vanishes
    rng = np.random.default_rng(seed)
    n = int(rng.integers(10, 60))
    sizes = [int(rng.integers(2, 6)) for _ in range(rng.integers(1, 5))]
    x = dummies([rng.permutation(np.r_[np.arange(s), rng.integers(0, s, n - s)]) for s in sizes], sizes)
    total = rng.gamma(0.5, 2, n) + 0.01
    if rng.random() < 0.5:
        x, sizes = np.column_stack([x, rng.lognormal(0, 1.5, n)]), [*sizes, 1]
    low, high = rng.uniform(0, 0.8), rng.uniform(1.2, 4)
    known = low + (high - low) * (0.02 + 0.96 * rng.beta(0.3, 0.3, n))
    found = calibrate(total, x, x.T @ (total * known), method=method, bounds=(low, high), sizes=sizes)
    assert low - 1e-9 <= found.g.min() <= found.g.max() <= high + 1e-9
    np.testing.assert_allclose(x.T @ (total * found.g), x.T @ (total * known), rtol=1e-6)


def test_negative_weights_come_only_where_they_are_allowed():
    total, x, totals = np.ones(3), np.array([[1.0, 1], [1, 2], [1, 9]]), [3.0, 4.0]
    with pytest.raises(NoWeights) as raised:
        calibrate(total, x, totals, method="linear")
    assert raised.value.kind == "negative"
    assert (raised.value.margin, raised.value.target) == (1, 0)
    assert raised.value.reached < 0
    assert calibrate(total, x, totals, method="linear", negative=True).g.min() == raised.value.reached
    assert calibrate(total, x, totals).g.min() > 0


def test_malformed_input_is_refused():
    for bad in (
        lambda: calibrate(CELLS, np.ones((6, 1)), [1.0], method="logit"),
        lambda: calibrate(CELLS, np.ones((6, 1)), [1.0], method="logit", bounds=(1.1, 2)),
        lambda: calibrate(CELLS, np.ones((6, 1)), [1.0], method="best"),
        lambda: calibrate(CELLS, np.ones((6, 2)), [1.0, 2.0], sizes=[3]),
        lambda: calibrate(CELLS, np.full((6, 1), np.nan), [1.0]),
        lambda: calibrate(CELLS, np.ones((6, 1)), [1.0], bounds=(-1, 2)),
        lambda: rake(CELLS, [], []),
        lambda: rake(-CELLS, [SEX], [[48, 42]]),
        lambda: rake(CELLS, [SEX], [[48, 42]], bounds=(2, 1)),
        lambda: rake(CELLS, [SEX - 1], [[48, 42]]),
        lambda: rake(CELLS, [SEX], [[-48, 42]]),
        lambda: calibrate(CELLS, np.ones((6, 2)), [1.0]),
    ):
        with pytest.raises(ValueError):
            bad()
