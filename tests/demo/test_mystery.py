from __future__ import annotations

import numpy as np
import pytest

from vigie.demo.mystery import ANSWERED, EMPTY, INVALID, NOT_APPLICABLE, UNANSWERED, draw_tests, draw_times
from vigie.demo.notes import draw_notes, mystery_values
from vigie.demo.truth import OUT_OF, TESTED
from vigie.demo.values import channel_scores


def scores_of(tests, grid):
    """The score of each complete test out of 20, from its marks."""
    marks, outcome = tests.marks[tests.complete].astype(float), tests.outcome[tests.complete]
    value = np.where(marks == EMPTY, 0.0, marks / grid.out_of)  # what is empty there needed a reply that did not come
    weight = np.where(marks == NOT_APPLICABLE, 0.0, grid.weight)
    assert np.all((marks[outcome == ANSWERED] != EMPTY).all(axis=1))
    total = np.zeros(len(marks))
    for d, share in enumerate(grid.dimension_weight):
        own = grid.dimension == d
        total += share * (value * weight)[:, own].sum(axis=1) / weight[:, own].sum(axis=1)
    return OUT_OF * total, tests.brand[tests.complete]


@pytest.mark.parametrize("wave", ["2022", "2024"])
def test_means_of_many_tests_agree_with_the_truth(truth, wave):
    planted = truth.mystery[wave]
    many = np.where(planted.tests > 0, 400, 0)
    drawn = draw_tests(truth, wave, np.random.default_rng(8), tests=many)
    expected = channel_scores(truth, wave)
    for place, channel in enumerate(TESTED):
        scores, brand = scores_of(drawn[channel], truth.grids[channel])
        for b in np.flatnonzero(many[:, place]):
            own = scores[brand == b]
            assert abs(own.mean() - expected[b, place]) < 5 * own.std(ddof=1) / np.sqrt(len(own))


def test_outcomes_and_marks_go_together(truth):
    drawn = draw_tests(truth, "2024", np.random.default_rng(9), tests=np.full_like(truth.mystery["2024"].tests, 100))
    for channel, tests in drawn.items():
        grid = truth.grids[channel]
        assert np.all(tests.marks <= grid.out_of)
        assert np.all(tests.marks[tests.outcome == INVALID] == EMPTY)
        silent = tests.marks[tests.outcome == UNANSWERED]
        assert np.all(silent[:, grid.needs_reply] == EMPTY)
        assert np.all(silent[:, ~grid.needs_reply] >= 0)
        assert not np.any(tests.marks[:, ~grid.may_not_apply] == NOT_APPLICABLE)
    email = drawn["email"]
    assert 0.2 < (email.outcome == UNANSWERED).mean() < 0.3
    assert 0 < (email.outcome == INVALID).mean() < 0.03
    assert np.any((email.outcome == ANSWERED) & ~email.complete)


def test_an_unanswered_test_has_no_time_of_answer_though_a_machine_may_acknowledge_it(truth):
    drawn = draw_tests(truth, "2024", np.random.default_rng(9))["email"]
    times = draw_times("2024", drawn, np.random.default_rng(10))
    assert np.array_equal(np.isnat(times.answered), drawn.outcome != ANSWERED)
    assert np.any(~np.isnat(times.acknowledged) & (drawn.outcome == UNANSWERED))
    both = ~np.isnat(times.acknowledged) & ~np.isnat(times.answered)
    assert np.all(times.sent < times.answered, where=~np.isnat(times.answered))
    assert np.all(times.acknowledged[both] <= times.answered[both])


@pytest.mark.parametrize("wave", ["2022", "2024"])
def test_what_testers_note_and_how_long_answers_take_agree_with_the_truth(truth, wave):
    planted = truth.mystery[wave]
    numbers = planted.tests * 20
    drawn = draw_tests(truth, wave, np.random.default_rng(11), tests=numbers)
    expected, seen = mystery_values(truth, wave), {}
    for channel, tests in drawn.items():
        valid = tests.outcome != INVALID
        times, notes = (f(*a, np.random.default_rng(12)) for f, a in ((draw_times, (wave, tests)),
                                                                     (draw_notes, (planted, tests))))  # fmt: skip
        hours = (times.answered - times.sent) / np.timedelta64(1, "h")
        seen["test_answered", channel] = (tests.outcome == ANSWERED)[valid]
        for name, most in (("1 h", 1), ("24 h", 24), ("48 h", 48), ("7 d", 168)):
            seen["answer_time", f"{channel}/within={name}"] = (np.nan_to_num(hours, nan=np.inf) <= most)[valid]
        if channel != "website":
            seen["adviser_named", channel] = notes.named[notes.named >= 0]
            seen["warmth_mark", channel] = notes.warmth[notes.warmth >= 0]
            assert np.array_equal(notes.named >= 0, tests.outcome == ANSWERED)
        assert not np.any((notes.remark != "") & (tests.outcome != ANSWERED))
    whole = {key for key in expected if key[1] in ("", *(k for _, k in expected if k.startswith("within")))}
    assert set(seen) == set(expected) - whole
    for key, values in seen.items():
        assert abs(values.mean() - expected[key]) < 5 * max(values.std(), 0.01) / np.sqrt(len(values)), key
