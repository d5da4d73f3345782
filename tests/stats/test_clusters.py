"""Ratios of rows in clusters: as R, as the kernel of sums where each row is its own cluster, and by hand."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from vigie.stats.clusters import clustered
from vigie.stats.estimates import Design, estimate
from vigie.stats.sums import sums

REFERENCE = Path(__file__).parents[1] / "reference"


@pytest.fixture
def reviews(reference):
    """The invented reviews of `reviews.R`: rows with stars and four or more of them, and R's answers."""
    rows = reference("reviews.csv")
    given = rows["stars"] > 0
    u = np.column_stack([given, given]).astype(float)
    v = np.column_stack([rows["stars"], (rows["stars"] >= 4) & given]).astype(float)
    return rows, u, v, reference("reviews.json")


def agrees(found, at, want, near):
    near(found.value[at], [want["stars"][0], want["high"][0]])
    near(found.se[at], [want["stars"][1], want["high"][1]])
    assert list(found.n[at]) == [want["n"]] * 2
    assert list(found.df[at]) == [want["df"]] * 2


def test_the_reviews_are_what_their_generator_makes(tmp_path):
    script = REFERENCE / "reviews.py"
    subprocess.run([sys.executable, str(script), str(tmp_path)], check=True)
    assert (tmp_path / "reviews.csv").read_bytes() == (REFERENCE / "reviews.csv").read_bytes()


def test_the_mean_of_all_reviews_with_authors_as_clusters_is_r_s(reviews, near):
    rows, u, v, want = reviews
    found = clustered(np.zeros(len(u)), 1, rows["author"], rows["review"]).ratios(rows["part"], u, v)
    agrees(found, 0, want["whole"], near)
    near(found.n_weighted[0], [want["whole"]["n_weighted"]] * 2)
    assert found.n_effective[0] == pytest.approx([want["whole"]["n"]] * 2)  # each review weighs 1, in whatever parts


def test_the_means_of_brands_are_r_s(reviews, near):
    rows, u, v, want = reviews
    group = np.array(["abcd".index(b) for b in rows["brand"]])
    found = clustered(group, 4, rows["author"], rows["review"]).ratios(np.ones(len(u)), u, v)
    for at, brand in enumerate("abcd"):
        agrees(found, at, want["brands"][brand], near)


def test_rows_on_their_own_have_the_errors_of_the_kernel_of_sums():
    rng = np.random.default_rng(1)
    n = 200
    group, w = rng.integers(0, 3, n), rng.uniform(0.5, 2, n)
    u = (rng.random((n, 2)) < 0.8).astype(float)
    v = u * rng.normal(3, 1, (n, 2))
    found = clustered(group, 3).ratios(w, u, v)
    for g in range(3):
        for c in range(2):
            alone = (group == g) & (u[:, c] > 0)
            kept = sums(np.zeros(alone.sum()), 1, w[alone], u[alone][:, [c]], v[alone][:, [c]])
            want = estimate(kept, Design.of(stratum=np.zeros(1, dtype=int)), [[True]])
            assert found.value[g, c] == pytest.approx(want.value[0, 0])
            assert found.se[g, c] == pytest.approx(want.se[0, 0])
            assert found.n_effective[g, c] == pytest.approx(want.n_effective[0, 0])
            assert (found.n[g, c], found.df[g, c]) == (want.n[0, 0], want.df)


def test_two_brands_rated_by_the_same_authors_covary_as_their_pairs_do():
    one, other = np.array([1.0, 4, 5, 2, 3]), np.array([2.0, 5, 4, 2, 1])
    stars, author = np.concatenate([one, other]), np.tile(np.arange(5), 2)
    value, cov = clustered(np.repeat([0, 1], 5), 2, author).covariance(np.ones(10), np.ones(10), stars)
    assert value == pytest.approx([one.mean(), other.mean()])
    np.testing.assert_allclose(cov, np.cov(one, other) / 5)


def test_many_shared_clusters_are_multiplied_in_parts(monkeypatch):
    rng = np.random.default_rng(2)
    group, author, stars = rng.integers(0, 6, 400), rng.integers(0, 60, 400), rng.integers(1, 6, 400).astype(float)
    rows = clustered(group, 6, author)
    _, whole = rows.covariance(np.ones(400), np.ones(400), stars)
    monkeypatch.setattr("vigie.stats.clusters._BLOCK", 7)
    _, parts = rows.covariance(np.ones(400), np.ones(400), stars)
    np.testing.assert_allclose(parts, whole, rtol=1e-12, atol=1e-18)
    errors = rows.ratios(np.ones(400), np.ones((400, 1)), stars[:, None]).se[:, 0]
    np.testing.assert_allclose(np.sqrt(np.diag(whole)), errors)


def test_rows_of_no_group_empty_groups_and_one_cluster_alone():
    found = clustered([0, 0, -1, 2, 2], 3, [7, 7, 7, 1, 2]).ratios(
        np.ones(5), np.ones((5, 1)), np.array([[1.0], [2], [9], [3], [3]])
    )
    np.testing.assert_array_equal(found.value[:, 0], [1.5, np.nan, 3.0])
    np.testing.assert_array_equal(found.se[:, 0], [np.nan, np.nan, 0.0])
    assert list(found.n[:, 0]) == [2, 0, 2]
    assert list(found.df[:, 0]) == [0, 0, 1]


@pytest.mark.parametrize(
    ("group", "u"), [([0, 3], np.ones((2, 1))), ([0, -2], np.ones((2, 1))), ([0, 0], np.array([[1.0], [np.nan]]))]
)
def test_what_does_not_fit_is_refused(group, u):
    with pytest.raises(ValueError):
        clustered(group, 2).ratios(np.ones(2), u, np.ones((2, 1)))
