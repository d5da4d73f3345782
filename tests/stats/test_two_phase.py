"""Shares of automatic codes, corrected by people, with R's error of a two-phase sample."""

from __future__ import annotations

import csv

import numpy as np
import pytest

from conftest import SHARED
from vigie.stats.intervals import interval
from vigie.stats.two_phase import corrected_share


def test_two_hundred_texts_of_a_thousand(expected, near):
    path = SHARED / "reference" / "two_phase.csv"
    with path.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    auto = [int(r["auto"]) for r in rows]
    found = corrected_share(auto, [float(r["human"]) if r["human"] else np.nan for r in rows])
    want = expected["two_phase"]
    near([found.value, found.se, found.automatic], [want["share"], want["se"], want["naive_auto"]])
    assert (found.n, found.coded) == (1000, 200)


@pytest.fixture
def texts(reference):
    rows = reference("coding.csv")
    human = np.array([float(c) if c else np.nan for c in rows["first"]])
    return rows["auto"].astype(int), human, rows["d"], reference("coding.json")


def test_three_codes_with_and_without_weights(texts, near):
    auto, human, d, want = texts
    negative = np.where(np.isnan(human), np.nan, human == 2)
    found = corrected_share(auto, negative)
    near([found.value, found.se], want["share"])
    found = corrected_share(auto, negative, d)
    near([found.value, found.se], want["weighted_share"])
    found = corrected_share(auto, human, d * 1000)
    near([found.value, found.se], want["weighted_mean"])


def test_where_people_coded_everything_the_automatic_codes_do_not_matter():
    rng = np.random.default_rng(1)
    human = (rng.random(400) < 0.3).astype(float)
    found = corrected_share(rng.integers(0, 3, 400), human)
    np.testing.assert_allclose(found.value, human.mean())
    np.testing.assert_allclose(found.se, human.std() / np.sqrt(400))


def test_the_interval_holds_the_truth_and_good_codes_make_it_narrow():
    rng = np.random.default_rng(2)
    width = {}
    for right in (0.6, 0.95):
        held, rounds, widths = 0, 400, []
        for _ in range(rounds):
            true = (rng.random(800) < 0.4).astype(float)
            auto = np.where(rng.random(800) < right, true, 1 - true).astype(int)
            seen = np.isin(np.arange(800), rng.choice(800, 160, replace=False))
            found = corrected_share(auto, np.where(seen, true, np.nan))
            held += abs(found.value - 0.4) < 1.96 * found.se
            widths.append(found.se)
        assert abs(held - rounds * 0.95) < 4 * np.sqrt(rounds * 0.95 * 0.05)
        width[right] = np.mean(widths)
    assert width[0.95] < 0.75 * width[0.6]


@pytest.mark.parametrize(("code", "low", "high"), [(0, 0.0, 1 - 0.025 ** (1 / 20)), (1, 0.025 ** (1 / 20), 1.0)])
def test_a_code_that_people_never_gave_or_always_is_known_from_their_texts_alone(code, low, high):
    human = np.where(np.arange(500) < 20, float(code), np.nan)
    found = corrected_share(np.zeros(500), human)
    assert (found.value, found.se, found.n_effective) == (code, 0, 20)
    limits = interval("share", found.value, found.se, np.inf, n_effective=found.n_effective)
    np.testing.assert_allclose(limits, [low, high])


def test_unequal_weights_are_worth_fewer_texts_where_people_gave_one_code():
    d = np.tile([0.1, 0.7, 2.9, 1.3], 50)
    found = corrected_share(np.arange(200) % 3, np.where(np.arange(200) < 40, 1.0, np.nan), d)
    assert found.value == pytest.approx(1)
    assert found.se == 0, "and not what rounding leaves"
    assert 20 < found.n_effective < 40


def test_what_cannot_be_corrected_is_refused():
    with pytest.raises(ValueError, match="each automatic code"):
        corrected_share([0, 0, 1, 1], [1, 0, np.nan, np.nan])
    with pytest.raises(ValueError, match="one entry per text"):
        corrected_share([0, 0, 1], [1, 0])
    with pytest.raises(ValueError, match="positive"):
        corrected_share([0, 0], [1, 0], [1, 0])
