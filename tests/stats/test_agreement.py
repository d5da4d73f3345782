"""Coders' agreement is that of R and of the literature, whatever is missing."""

from __future__ import annotations

import csv

import numpy as np
import pytest

from conftest import SHARED
from vigie.stats.agreement import kappa, krippendorff

WEIGHTS = ("unweighted", "linear", "quadratic")


def test_kappa_and_its_standard_error(expected, near):
    want = expected["kappa"]
    near(kappa(want["table"]), want["unweighted"])
    near(kappa(want["table"], "linear"), want["linear_weighted"])


@pytest.mark.parametrize("weights", WEIGHTS)
def test_its_standard_error_is_that_of_the_delta_method(weights, reference, near):
    rows, want = reference("coding.csv"), reference("coding.json")["kappa"][weights]
    seen = rows["first"] != ""
    first, second = rows["first"][seen].astype(int), rows["second"][seen].astype(int)
    value, se = kappa(np.bincount(first * 3 + second, minlength=9).reshape(3, 3), weights)
    near(value, want[0])
    near(se, want[1], rel=1e-8)  # R's derivatives are numerical


@pytest.mark.parametrize("scale", ["nominal", "ordinal", "interval", "ratio"])
def test_the_classic_table_of_four_coders(scale, expected, near):
    path = SHARED / "reference" / "krippendorff_classic.csv"
    with path.open(encoding="utf-8") as file:
        codes = [[float(c) if c else np.nan for c in row[1:]] for row in list(csv.reader(file))[1:]]
    found = krippendorff(codes, scale)
    near(found.value, expected["krippendorff_classic"][scale])
    assert found.ci_low < found.value <= found.ci_high
    assert (found.units, found.codings) == (11, 40)  # the unit that one coder coded says nothing


def test_alpha_is_one_for_perfect_agreement_and_about_zero_for_chance():
    rng = np.random.default_rng(1)
    same = rng.integers(0, 4, 300)
    assert krippendorff([same, same, same]).value == 1
    found = krippendorff(rng.integers(0, 4, (3, 300)))
    assert found.ci_low < 0 < found.ci_high


def test_the_interval_of_alpha_holds_the_truth():
    rng = np.random.default_rng(2)

    def coders(units):
        true = rng.integers(0, 3, units)
        return np.where(rng.random((2, units)) < 0.8, true, rng.integers(0, 3, (2, units)))

    truth, rounds = krippendorff(coders(400_000), replicates=1).value, 150
    found = [krippendorff(coders(200), replicates=200) for _ in range(rounds)]
    held = sum(f.ci_low <= truth <= f.ci_high for f in found)
    assert held >= rounds * 0.95 - 3.5 * np.sqrt(rounds * 0.95 * 0.05)


def test_where_nothing_can_be_told_nothing_is():
    assert np.isnan(kappa([[12, 0], [0, 0]])).all()
    assert np.isnan(krippendorff([[1, 1, np.nan], [1, 1, 2]]).value)
    assert np.isnan(krippendorff([[1, np.nan], [np.nan, 2]]).value)
    assert krippendorff([[0, 0, 0], [0, 0, 2]], "ratio").value <= 0


def test_malformed_tables_are_refused():
    with pytest.raises(ValueError, match="shape"):
        kappa([[1, 2, 3]])
    with pytest.raises(ValueError, match="negative"):
        kappa([[1, -1], [0, 1]])
    with pytest.raises(ValueError, match="weights"):
        kappa([[1, 1], [0, 1]], "cubic")
    with pytest.raises(ValueError, match="not offered"):
        krippendorff([[1, 2]], "circular")
    with pytest.raises(ValueError, match="ratio"):
        krippendorff([[-1, 2], [1, 2]], "ratio")
