from __future__ import annotations

import numpy as np
import pytest

from vigie.demo.names import SECTORS
from vigie.demo.planting import MERGED_ON, MOVED_ON, plant
from vigie.demo.population import MARGINS, people
from vigie.demo.survey import DONT_KNOW
from vigie.demo.truth import CHANNELS, MIN_TESTS, SIZES, TESTED, THRESHOLD, WAVES
from vigie.demo.values import channel_weights, domains, true_ranks, true_scores, true_values


def test_the_population_has_the_margins_that_the_study_publishes():
    population = people()
    assert population.share.min() > 0
    for variable, categories in MARGINS.items():
        for category, share in categories.items():
            assert population.share[population.within(variable, category)].sum() == pytest.approx(share, abs=1e-12)


@pytest.mark.parametrize("wave", WAVES)
def test_all_planted_chances_are_chances(truth, wave):
    planted = truth.survey[wave]
    boxes = [*planted.loops.values(), planted.recommend]
    for boxed in boxes:
        assert boxed.high.sum() == pytest.approx(1)
        assert boxed.low.sum() == pytest.approx(1)
        assert 0 < boxed.good.min() <= boxed.good.max() < 1
        assert 0 < boxed.swing <= 1
        np.testing.assert_allclose(boxed.distribution().sum(axis=-1), 1)
        assert str(DONT_KNOW) not in boxed.codes
    for choice in planted.choices.values():
        np.testing.assert_allclose(choice.chance.sum(axis=1), 1)
        assert choice.chance.min() >= 0
        assert 0 < choice.rates.answered <= 1
    for ticks in planted.ticks.values():
        assert 0 <= ticks.chance.min() <= ticks.chance.max() <= 1
    np.testing.assert_allclose(planted.contacts.sum(axis=1), 1)
    assert planted.contact.max() < 1
    assert np.all(planted.used <= planted.contact[:, None])
    assert truth.population.share @ planted.contact == pytest.approx(0.80)


def test_use_moves_by_seven_points_and_nothing_else_does(truth):
    before, after = true_values(truth, "2023"), true_values(truth, "2024")
    assert after["usage", "messaging"] - before["usage", "messaging"] == pytest.approx(0.07)
    assert after["usage", "phone"] - before["usage", "phone"] == pytest.approx(-0.07)
    assert after["satisfied", "chatbot"] - before["satisfied", "chatbot"] == pytest.approx(-0.12)
    still = [("usage", c) for c in CHANNELS if c not in {"phone", "messaging"}]
    still += [("satisfied", c) for c in CHANNELS if c != "chatbot"]
    still += [("recommendation", ""), ("human_advisers_only", ""), ("resolved", "phone"), ("contacted", "")]
    for key in still:
        assert after[key] == pytest.approx(before[key], abs=1e-9), key


def test_levels_are_those_of_published_studies(truth):
    found = true_values(truth, "2024")
    published = {("contacted", ""): 0.80, ("want_choice", ""): 0.85, ("human_advisers_only", ""): 0.73,
                 ("reviews_matter", ""): 0.76, ("want_personal", ""): 0.86, ("easy", "phone"): 0.59,
                 ("mediation", ""): 0.08, ("data_access", "social_data"): 0.07}  # fmt: skip
    published |= {("more_often", "online"): 0.54, ("more_often", "remote"): 0.45, ("agree", "impersonal"): 0.65,
                  ("agree", "human"): 0.70, ("agree", "several"): 0.88, ("agree", "image"): 0.55,
                  ("agree", "social_useful"): 0.42, ("agree", "confidentiality"): 0.94, ("agree", "constraint"): 0.437,
                  ("very_irritated", "saturated"): 0.375, ("sms_within_minute", ""): 0.48,
                  ("criterion_kept", "contact"): 0.25, ("favourite_named", ""): 0.45, ("bot_resolved", ""): 0.56,
                  ("data_access", "browsing"): 0.20, ("dread_phone", ""): 0.334}  # fmt: skip
    for key, value in published.items():
        assert found[key] == pytest.approx(value, abs=0.01), key
    assert found["channels_number", ""] == pytest.approx(2.5, abs=0.05)


def test_the_use_of_mediators_differs_by_sector_and_is_the_same_in_all():
    found = true_values(plant(SIZES["full"]), "2024")
    assert found["mediation_ecommerce", ""] == pytest.approx(0.174, abs=0.01)
    assert found["mediation_telecom", ""] == pytest.approx(0.152, abs=0.01)
    assert found["mediation_energy", ""] < 0.05
    assert found["mediation", ""] == pytest.approx(0.08, abs=0.01)


def test_states_and_gaps_close(truth):
    found = true_values(truth, "2024")
    states = [found["chatbot_funnel", s] for s in ("bot", "human", "unresolved", "abandoned")]
    assert sum(states) == pytest.approx(1)
    assert found["bot_direct", ""] * found["bot_resolved", ""] == pytest.approx(states[0])
    for channel in CHANNELS:
        parts = [found["immediacy_gap", f"{channel}/{part}"] for part in ("above", "at", "below")]
        assert sum(parts) == pytest.approx(1)
        assert min(parts) > 0
    assert sum(v for (i, _), v in found.items() if i == "criterion_first") == pytest.approx(1)
    assert sum(v for (i, _), v in found.items() if i == "criterion_kept") == pytest.approx(3)


def test_a_truth_is_the_mean_of_its_parts(truth):
    whole = true_values(truth, "2024")["human_advisers_only", ""]
    parts = [
        true_values(truth, "2024", domain)["human_advisers_only", ""] for domain in domains() if domain[0] == "age"
    ]
    assert np.average(parts, weights=list(MARGINS["age"].values())) == pytest.approx(whole)


@pytest.mark.parametrize("size", SIZES)
def test_sectors_have_a_winner_or_a_tie_or_nobody_above_the_threshold(size):
    truth = plant(SIZES[size])
    for wave in WAVES:
        scores, ranks = true_scores(truth, wave), true_ranks(truth, wave)
        for sector, case in truth.cases.items():
            own = [b.id for b in truth.mystery[wave].brands if b.sector == sector and b.id in ranks]
            firsts = [b for b in own if ranks[b][0] == 1]
            ordered = sorted((scores[b] for b in own), reverse=True)
            if case == "winner":
                assert len(firsts) == 1
                assert ordered[0] > max(THRESHOLD, ordered[1] + 1)
            elif case == "ties":
                assert len(firsts) == 3
                assert {ranks[b] for b in firsts} == {(1, 3)}
            elif case == "below":
                assert ordered[0] < THRESHOLD


def test_the_full_size_has_245_brands_in_16_sectors_and_200_tests_each():
    truth = plant(SIZES["full"])
    planted = truth.mystery["2024"]
    assert len(planted.brands) == 245
    assert {b.sector for b in planted.brands} == {s.id for s in SECTORS}
    assert np.median(planted.tests.sum(axis=1)) == 200
    assert max(len(g.ids) for g in truth.grids.values()) == 40


def test_one_brand_lacks_a_channel_and_one_has_too_few_tests(truth):
    planted = truth.mystery["2024"]
    few = planted.tests.sum(axis=1) < MIN_TESTS
    assert few.sum() == 1
    assert ((planted.tests[:, TESTED.index("chat")] == 0) & ~few).sum() == 1
    assert planted.brands[int(np.flatnonzero(few)[0])].id not in true_ranks(truth, "2024")


def test_one_brand_is_merged_and_one_changes_sector(truth):
    before, after = ({b.id: b.sector for b in truth.mystery[w].brands} for w in ("2023", "2024"))
    gone = set(before) - set(after)
    assert gone == {r.succeeds for r in truth.brand_rows if r.succeeds}
    assert [r.start for r in truth.brand_rows if r.succeeds] == [MERGED_ON]
    moved = {b for b in after if after[b] != before[b]}
    assert moved == {r.id for r in truth.brand_rows if r.start == MOVED_ON}
    assert len(moved) == 1


def test_grids_are_made_so_that_what_does_not_apply_changes_no_expectation(truth):
    for grid in truth.grids.values():
        for d in range(3):
            own = grid.dimension == d
            always = own & ~grid.may_not_apply
            assert np.average(grid.hardness[always], weights=grid.weight[always]) == pytest.approx(0, abs=1e-12)
        assert np.all(grid.hardness[grid.may_not_apply] == 0)
        assert not np.any(grid.may_not_apply & ~grid.needs_reply)
        assert grid.dimension_weight.sum() == pytest.approx(1)


def test_channel_weights_follow_use(truth):
    weights = dict(zip(TESTED, channel_weights(truth, "2024"), strict=True))
    assert sum(weights.values()) == pytest.approx(1)
    assert weights["phone"] / weights["email"] == pytest.approx(0.47 / 0.43)
