from __future__ import annotations

import numpy as np
import pytest

from demo.estimation import estimates
from vigie.demo.survey import DONT_KNOW, EMPTY, MOST_EVALUATIONS, draw_survey
from vigie.demo.truth import CHANNELS, WAVES
from vigie.demo.values import true_values


@pytest.mark.parametrize("wave", WAVES)
def test_large_samples_agree_with_the_truth(truth, wave):
    drawn = draw_survey(truth, wave, 60_000, np.random.default_rng(11))
    weight = drawn["weight"] / truth.survey[wave].readiness[drawn["cell"]]
    expected = true_values(truth, wave)
    brands = {b.id: b.name for b in truth.survey[wave].favourite.brands}
    found = {key: (value, se) for key, value, se, n in estimates(drawn, weight, brands) if n >= 200}
    assert set(found) == set(expected)
    far = {k: (v, expected[k], se) for k, (v, se) in found.items() if abs(v - expected[k]) > 5 * se + 1e-12}
    assert not far


def test_the_sample_without_weights_is_far_from_the_truth(truth):
    drawn = draw_survey(truth, "2024", 60_000, np.random.default_rng(11))
    _, share, se, _ = next(e for e in estimates(drawn, np.ones(60_000), {}) if e[0] == ("usage", "messaging"))
    assert abs(share - true_values(truth, "2024")["usage", "messaging"]) > 5 * se


def test_at_most_four_of_the_channels_used_are_evaluated(truth):
    drawn = draw_survey(truth, "2024", 5_000, np.random.default_rng(3))
    used = np.column_stack([drawn[f"used.{c}"] == 1 for c in CHANNELS])
    asked = np.column_stack([drawn[f"satisfaction.{c}"] != EMPTY for c in CHANNELS])
    assert not np.any(asked & ~used)
    assert np.array_equal(asked.sum(axis=1), np.minimum(used.sum(axis=1), MOST_EVALUATIONS))
    for question in ("effort", "resolution", "speed_expected", "speed_received"):
        empty = "" if question == "resolution" else EMPTY
        again = np.column_stack([drawn[f"{question}.{c}"] != empty for c in CHANNELS])
        assert np.array_equal(again, asked)
    assert np.any(drawn["satisfaction.phone"] == DONT_KNOW)


def test_routing_is_respected(truth):
    drawn = draw_survey(truth, "2023", 5_000, np.random.default_rng(4))
    silent = drawn["used.none"] == 1
    assert np.all(drawn["recommend"][silent] == EMPTY)
    assert np.all(drawn["reasons.delivery"][silent] == EMPTY)
    assert np.all(drawn["story"][silent] == "")
    assert np.all(drawn["phone_dread"][drawn["used.phone"] == 0] == "")
    assert np.all(drawn["chatbot_outcome"][drawn["used.chatbot"] == 0] == "")
    assert np.array_equal(drawn["mediation_useful"] != "", drawn["mediator"] == "yes")


def test_experiences_have_the_polarity_and_the_strength_that_the_truth_says(truth):
    """Sentences stand under one heading each, so that a text can be read back without a dictionary of feelings."""
    drawn = draw_survey(truth, "2024", 60_000, np.random.default_rng(12))
    told = drawn["story"] != ""
    tone, story = drawn["tone"][told], truth.survey["2024"].story
    for code, share in ((0, story.negative), (1, story.neutral)):
        assert abs((tone == code).mean() - share) < 5 * np.sqrt(share * (1 - share) / told.sum())
    strong = drawn["strong"][told][tone == 0].mean()
    assert abs(strong - story.strong) < 5 * np.sqrt(story.strong * (1 - story.strong) / (tone == 0).sum())
    assert np.all(drawn["tone"][~told] == EMPTY)


def test_users_of_a_mediator_say_that_they_went_to_one(truth):
    drawn = draw_survey(truth, "2024", 60_000, np.random.default_rng(13))
    mediated = (drawn["used.mediation"] == 1) & (drawn["mediator"] != "")
    assert mediated.sum() > 100
    assert np.all(drawn["mediator"][mediated] == "yes")


def test_three_criteria_are_ranked_and_differ(truth):
    drawn = draw_survey(truth, "2023", 2_000, np.random.default_rng(14))
    first, second, third = (drawn[f"criteria_{k}"] for k in (1, 2, 3))
    assert np.all((first != second) & (second != third) & (first != third))


def test_the_answers_of_one_person_resemble_each_other(truth):
    drawn = draw_survey(truth, "2024", 40_000, np.random.default_rng(6))
    phone, email = drawn["satisfaction.phone"], drawn["satisfaction.email"]
    both = (phone >= 1) & (phone <= 10) & (email >= 1) & (email <= 10)
    assert np.corrcoef(phone[both] >= 7, email[both] >= 7)[0, 1] > 0.03
