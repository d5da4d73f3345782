"""Letters of a table: which columns are significantly lower, with the people whom columns share."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigie.stats.estimates import Design, contrast, covariance
from vigie.stats.letters import Grading, grades, higher, letters, names, pair_letters, pairwise, quantum
from vigie.stats.significance import benjamini_hochberg, difference, holm
from vigie.stats.sums import sums


@pytest.fixture
def channels(shared):
    """The people of `columns_overlap.csv`, who have used e-mail, telephone, or both: weight, used, satisfied."""
    rows = shared("reference/columns_overlap.csv")
    people, person = np.unique(rows["id"], return_inverse=True)
    used, satisfied = np.zeros((len(people), 2)), np.zeros((len(people), 2))
    d = np.zeros((len(people), 2))
    for c, channel in enumerate(("email", "phone")):
        own = rows["ch"] == channel
        used[person[own], c], satisfied[person[own], c], d[person[own], c] = 1, rows["s"][own], rows["w"][own]
    return d, used, satisfied


def test_columns_that_share_people_are_compared_with_their_covariance(channels, expected, near):
    d, used, satisfied = channels
    # weights differ between a person's two rows here, so that they stand in u and v
    total = sums(np.zeros(len(d)), 1, np.ones(len(d)), d * used, d * satisfied, cross=True)
    value, cov = covariance(total, Design.trivial(1), [True])
    r = expected["columns"]["taylor"]
    near(value, [r["email"], r["phone"]])
    gap, se = contrast(value, cov, [-1, 1])
    near([gap, se], [r["diff"], r["se"]])
    assert gap / se == pytest.approx(-2.356, abs=5e-4)
    near(pairwise(value, cov, np.inf)[0, 1], difference(gap, se, 0, 0)[2])
    n = used.sum(axis=0)
    assert written(value, cov, n, len(d) - 1) == ("B", "")
    assert written(value, cov, n, len(d) - 1, level=0.99, minor=0.95) == ("b", "")
    assert written(value, np.diag(np.diag(cov)), n, len(d) - 1, level=0.975) == ("b", "")


def test_the_agencies_t_is_reproduced_from_the_rows(channels, expected, near):
    d, used, satisfied = channels
    r = expected["columns"]["quantum"]
    weighted = (d * used).sum(axis=0)
    share = (d * satisfied).sum(axis=0) / weighted
    base = weighted**2 / (d**2 * used).sum(axis=0)
    both = used.all(axis=1)
    w = d[both, 0]
    answers = satisfied[both] - (w @ satisfied[both]) / w.sum()
    among = (w * answers.T) @ answers
    correlation = among[0, 1] / np.sqrt(among[0, 0] * among[1, 1])
    overlap = w.sum() ** 2 / (w**2).sum()
    near(base, [r["effective"]["email"], r["effective"]["phone"]])
    near([overlap, correlation], [r["effective_overlap"], r["r_overlap"]])
    pooled = float(weighted @ share / weighted.sum())
    t, df, p = quantum(share[1], share[0], base[1], base[0], pooled=pooled, overlap=overlap, correlation=correlation)
    near([t, df], [r["t_dependent"], r["df_quantum"]])
    assert 0.017 < p < 0.018
    near(quantum(share[1], share[0], base[1], base[0], pooled=pooled)[0], r["t_independent"])


def test_the_agencies_t_by_hand(near):
    # p = 0.6 of 50, q = 0.4 of 50, unweighted: t = 0.2/√(0.25·(2/50)·100/99)
    t, df, p = quantum(0.6, 0.4, 50, 50, pooled=0.5)
    near([t, df], [0.2 / np.sqrt(0.25 * 0.04 * 100 / 99), 99])
    near(p, difference(t, 1.0, 0.0, 0.0, df=99)[2])
    empty, _, nothing = quantum([0.6, 0.0, 1.0], [0.4, 0.0, 1.0], [0, 40, 40], [50, 50, 50], pooled=[0.4, 0.0, 1.0])
    assert np.isnan(empty).all()
    assert np.isnan(nothing).all()


def written(value, cov, n, df, **grading):
    """The letters of one line."""
    one = (np.asarray(given)[None] for given in (value, cov, n))
    return letters(*one, df, Grading(**grading))[0]


def line(*values, se=1.0):
    return np.array(values, dtype=float), np.eye(len(values)) * se**2, np.full(len(values), 100)


def test_upper_and_lower_case_stand_in_the_higher_column():
    value, cov, n = line(10.0, 0.0, 2.5)
    # 10 against 0 and 2.5: certain; 2.5 against 0: t = 1.77, p = 0.077
    assert written(value, cov, n, np.inf, adjust="none") == ("BC", "", "b")
    assert written(value, cov, n, np.inf, adjust="none", minor=None) == ("BC", "", "")
    assert written(value, cov, n, np.inf, adjust="none", level=0.9, minor=None) == ("BC", "", "B")


def test_holm_asks_for_more_than_single_tests():
    # p = 0.034, 0.034 and 1 of three pairs: 0.05 is not reached by the smallest, tripled
    value, cov, n = line(3.0, 0.0, 0.0)
    assert written(value, cov, n, np.inf, adjust="none") == ("BC", "", "")
    assert written(value, cov, n, np.inf) == ("", "", "")
    assert written(value, cov, n, np.inf, adjust="bh") == ("bc", "", "")


def test_columns_below_thirty_people_neither_give_nor_get_letters_nor_count_in_the_family():
    value, cov, _ = line(3.0, 0.0, 9.0)
    assert written(value, cov, [100, 30, 29], np.inf) == ("B", "", "")
    assert written(value, cov, [100, 30, 30], np.inf) == ("B", "", "AB")
    assert written(value, cov, [5, 5, 5], np.inf, smallest=5) == ("B", "", "AB")
    # 2 against 0 alone has p = 0.16; among three pairs it would be worse, were the third column tested
    lead, _, _ = line(2.5, 0.0, 0.5)
    assert written(lead, cov, [100, 30, 29], np.inf) == ("b", "", "")
    assert written(lead, cov, [100, 30, 30], np.inf) == ("", "", "")


def test_missing_columns_and_columns_without_spread_are_not_tested():
    value, cov, n = line(3.0, np.nan, -3.0, 3.0)
    cov[1], cov[:, 1] = np.nan, np.nan
    cov[3, 3], cov[0, 3], cov[3, 0] = cov[0, 0], cov[0, 0], cov[0, 0]
    p = pairwise(value, cov, 50)
    assert np.isnan(p[1]).all()
    assert np.isnan(p[0, 3])
    assert np.isnan(np.diag(p)).all()
    np.testing.assert_array_equal(p, p.T)
    assert written(value, cov, n, 50) == ("C", "", "", "C")
    assert written([np.nan], [[np.nan]], [0], 50) == ("",)


def test_the_degrees_of_freedom_count():
    value, cov, n = line(2.9, 0.0)
    assert written(value, cov, n, np.inf) == ("B", "")
    assert written(value, cov, n, 5) == ("b", "")
    assert written(value, cov, n, 0) == ("", "")


def test_names_go_on_after_z():
    assert names(3) == ("A", "B", "C")
    assert (names(28)[25:], names(703)[-2:]) == (("Z", "AA", "AB"), ("ZZ", "AAA"))
    value, cov, n = line(9.0, *[0.0] * 25, -9.0)
    found = written(value, cov, n, np.inf)
    assert found[1] == "AA"
    assert found[0].split() == list(names(27)[1:])


@pytest.mark.parametrize("adjust", ["holm", "bh", "none"])
def test_many_lines_are_what_each_is_alone(adjust):
    rng = np.random.default_rng(8)
    L, C = 40, 6
    root = rng.normal(0, 1, (L, C, C))
    cov = root @ root.transpose(0, 2, 1) / C
    value, n, df = rng.normal(0, 3, (L, C)), rng.integers(20, 60, (L, C)), rng.integers(5, 50, L)
    value[3, 2] = np.nan
    rows = letters(value, cov, n, df, Grading(adjust=adjust))
    assert rows == tuple(written(*one, adjust=adjust) for one in zip(value, cov, n, df, strict=True))
    assert any(cell for row in rows for cell in row)
    np.testing.assert_array_equal(pairwise(value, cov, df)[5], pairwise(value[5], cov[5], df[5]))
    assert letters(value[:0], cov[:0], n[:0], df[:0]) == ()


@given(st.lists(st.floats(-5, 5), min_size=1, max_size=7), st.sampled_from(["holm", "bh", "none"]))
def test_letters_follow_the_columns_and_only_one_of_a_pair_has_one(values, adjust):
    value, cov, n = line(*values)
    found = higher(value, cov, n, 60, Grading(adjust=adjust))
    assert not ((found > 0) & (found.T > 0)).any()
    assert (value[:, None] > value)[found > 0].all()
    back = np.arange(len(values))[::-1]
    np.testing.assert_array_equal(higher(value[back], cov, n, 60, Grading(adjust=adjust)), found[np.ix_(back, back)])
    adjusted = holm(pairwise(value, cov, 60)[np.triu_indices(len(values), 1)])
    if adjust == "holm":
        assert (found == 2).sum() == (adjusted < 1 - 0.95).sum()


def test_benjamini_and_hochberg_is_r_s(reference, near):
    r = reference("delays.json")["bh"]
    near(benjamini_hochberg(r["p"]), r["adjusted"])
    near(benjamini_hochberg([r["p"], [0.02, np.nan, 0.5, 0.01, np.nan, 1.0]], [[0] * 6, [1] * 6])[0], r["adjusted"])
    near(benjamini_hochberg([0.02, np.nan, 0.01]), [0.02, np.nan, 0.02])


@given(st.lists(st.one_of(st.floats(0, 1), st.just(float("nan"))), max_size=12))
def test_benjamini_and_hochberg_is_between_the_p_values_and_holm_s(p):
    found, strict = benjamini_hochberg(p), holm(p)
    known = ~np.isnan(np.array(p, dtype=float))
    assert (np.isnan(found) == ~known).all()
    assert (found[known] >= np.array(p, dtype=float)[known]).all()
    assert (found[known] <= strict[known] * (1 + 1e-12)).all()


def test_what_does_not_fit_is_refused():
    value, cov, n = line(1.0, 0.0)
    for wrong, says in (
        ({"level": 0.9, "minor": 0.95}, "levels"),
        ({"adjust": "bonferroni"}, "no adjustment"),
    ):
        with pytest.raises(ValueError, match=says):
            Grading(**wrong)
    with pytest.raises(ValueError, match="covariance of shape"):
        pairwise(value, cov[0], 50)
    with pytest.raises(ValueError, match="degrees of freedom"):
        pairwise(value, cov, [50, 50])
    with pytest.raises(ValueError, match="bases"):
        written(value, cov, [100], 50)
    with pytest.raises(ValueError, match="lines have values"):
        letters(value, cov, n, 50)
    with pytest.raises(ValueError, match="between 0 and 1"):
        benjamini_hochberg([2.0])
    with pytest.raises(ValueError, match="do not fit"):
        benjamini_hochberg([0.2], [0, 1])


def test_pairs_that_were_tested_otherwise_are_written_as_letters():
    p = [[0.001, 0.08, 0.3], [0.001, 0.08, 0.3]]
    value, n = [[0.7, 0.5, 0.6], [0.5, 0.7, 0.6]], [[90, 90, 90], [90, 90, 29]]
    assert pair_letters(value, p, n, Grading(adjust="none")) == (("Bc", "", ""), ("", "A", ""))
    assert pair_letters(value, p, n) == (("B", "", ""), ("", "A", ""))
    with pytest.raises(ValueError, match="p-values of shape"):
        pair_letters(value, [[0.1]], n)


def test_grades_of_each_line_are_a_family_of_their_own():
    p = [[0.01, 0.04, np.nan], [0.01, 0.04, 0.9]]
    assert grades(p).tolist() == [[2, 2, 0], [2, 1, 0]]
    assert grades(p, Grading(adjust="none", minor=None)).tolist() == [[2, 2, 0], [2, 2, 0]]
