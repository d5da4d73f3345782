"""Drivers are checked with all their problems at once, and told where, what, and what to do."""

from __future__ import annotations

import pytest

from small import loaded, write
from vigie.study.drivers import attributes
from vigie.study.loading import load_study

STUDY = """\
study: small
title: Small
channels: [phone, email]
questions:
  - {id: sex, kind: single, label: Sex, options: {f: Woman, m: Man}}
  - {id: used, kind: multiple, label: Used, options: channels, none: None}
  - {id: overall, kind: scale, label: Overall, scale: {from: 1, to: 10, low: l, high: h}}
  - {id: speed, kind: scale, label: Speed, scale: {from: 1, to: 10, low: l, high: h}}
  - {id: minutes, kind: numeric, label: Minutes}
  - {id: minutes2, kind: numeric, label: Minutes}
  - {id: mark, kind: scale, label: Mark, per: {channel: used}, scale: {from: 1, to: 10, low: l, high: h}}
  - {id: trust, kind: grid, label: Trust, items: {data: Your data, word: Our word},
     scale: {from: 1, to: 5, low: l, high: h}}
  - {id: chosen, kind: grid, label: Chosen, items: {a: A, b: B}, options: {yes: Yes, no: No}}
  - {id: story, kind: open, label: Story}
MANY
drivers:
  - {DRIVERS}
waves:
  - {id: w, files: {survey: survey.csv}}
"""
MANY = "\n".join(
    f"  - {{id: q{k}, kind: scale, label: Q, scale: {{from: 1, to: 5, low: l, high: h}}}}" for k in range(16)
)


def study(folder, drivers):
    text = STUDY.replace("MANY", MANY).replace("{DRIVERS}", f"{{id: why, {drivers}}}")
    return write(folder, {"study.yaml": text, "survey.csv": "respondent\n1\n"})


@pytest.mark.parametrize(
    ("drivers", "code", "said"),
    [
        ("of: overal, by: [speed, minutes]", "unknown-name", 'no question "overal". Did you mean "overall"'),
        ("of: overall, by: [sped, minutes]", "unknown-name", 'no question or grid "sped". Did you mean "speed"'),
        ("of: sex, by: [speed, minutes]", "wrong-value", '"sex" gives no number'),
        ("of: overall, by: [speed, used]", "wrong-value", '"used" gives no number'),
        ("of: mark, by: [speed, minutes]", "loop", "asked per channel"),
        ("of: overall, by: [speed, mark]", "loop", "asked per channel"),
        ("of: overall, by: [speed, chosen]", "wrong-value", "scale"),
        ("of: overall, by: {speed: null, trust: Trust}", "wrong-value", "words of their own"),
        ("of: overall, by: [speed]", "wrong-value", "two at least"),
        ("of: overall, by: [speed, overall]", "wrong-value", '"overall" stands twice'),
        ("of: overall, by: [trust, trust_data]", "wrong-value", '"trust_data" stands twice'),
        (f"of: overall, by: [{', '.join(f'q{k}' for k in range(16))}]", "wrong-value", "16 are too many"),
        ("of: overall, by: [speed, minutes], base: used", "expression", "true or false"),
        ('of: overall, by: [speed, minutes], base: "mark > 3"', "loop", "condition on people"),
        ('of: overall, by: [speed, minutes], base: "polarity(story) == negative"', "expression", "automatic reading"),
        ("of: overall, by: [speed, minutes], low: 3", "wrong-value", "go with"),
        ("of: overall, by: [speed, minutes], method: penalty_reward", "wrong-value", "needs `low:` and `high:`"),
        ("of: overall, by: [speed, minutes], method: penalty_reward, low: 8, high: 3", "wrong-value", "below"),
        ("of: overall, by: trust, method: penalty_reward, low: 6, high: 8", "wrong-value", "Take marks from 1 to 5."),
        (
            "of: overall, by: [speed, trust], method: penalty_reward, low: 3, high: 6",
            "wrong-value",
            '"trust_data", 1 to 5',
        ),
        ("of: overall, by: trust, method: penalty_reward, low: 0, high: 4", "wrong-value", "Take marks from 1 to 5."),
        (
            "of: overall, by: [minutes, q1], method: penalty_reward, low: 2, high: 3",
            "wrong-value",
            'No mark of "q1" lies between `low: 2` and `high: 3`. Both are told against',
        ),
        ("of: overall, by: [speed, q1], method: penalty_reward, low: 2.5, high: 3", "wrong-value", "No mark of"),
        ("of: overall, by: [speed, 3]", "wrong-value", "a list of question names is expected"),
        ("of: overall, by: [speed, minutes], method: shaply", "wrong-value", 'Did you mean "shapley"'),
        ("of: overall, by: [speed, minutes], bases: everyone", "unknown-key", 'Did you mean "base"'),
        ("by: [speed, minutes]", "missing-key", '"of" is missing'),
    ],
)
def test_what_does_not_fit_is_told_with_its_place(tmp_path, drivers, code, said):
    found, problems = load_study(study(tmp_path, drivers))
    assert found is None
    (problem,) = problems
    assert problem.code == code
    assert said in str(problem)
    assert problem.file == "study.yaml"
    assert STUDY.replace("MANY", MANY).splitlines()[problem.line - 1] == "  - {DRIVERS}"


def test_low_and_high_may_be_any_marks_of_the_scales(tmp_path):
    made = loaded(study(tmp_path, "of: overall, by: [trust, minutes], method: penalty_reward, low: 1, high: 5"))
    assert (made.drivers["why"].low, made.drivers["why"].high) == (1, 5)


@pytest.mark.parametrize("cuts", ["low: 2, high: 4", "low: 2.5, high: 3.5"])
def test_one_mark_between_low_and_high_is_enough(tmp_path, cuts):
    loaded(study(tmp_path, f"of: overall, by: [speed, q1], method: penalty_reward, {cuts}"))


def test_numbers_between_low_and_high_are_always_some(tmp_path):
    loaded(study(tmp_path, "of: overall, by: [minutes, minutes2], method: penalty_reward, low: 2, high: 3"))


def test_all_problems_are_told_at_once(tmp_path):
    _, problems = load_study(study(tmp_path, "of: sex, by: [sped, used, mark], base: nobody"))
    assert len(problems) == 5


def test_two_analyses_of_one_name_are_a_problem(tmp_path):
    twice = "of: overall, by: [speed, minutes]}\n  - {id: why, of: overall, by: [speed, trust]"
    (problem,) = load_study(study(tmp_path, twice))[1]
    assert problem.code == "duplicate-name"


def test_items_of_a_grid_and_words_of_the_study_s_own(tmp_path):
    made = loaded(study(tmp_path, "of: overall, by: {speed: {fr: Rapidité, en: Speed}, minutes: null, trust: null}"))
    (rules,) = made.drivers.values()
    listed = attributes(rules, made.batteries, made.questions)
    assert list(listed) == ["speed", "minutes", "trust_data", "trust_word"]
    assert listed["speed"] == {"fr": "Rapidité", "en": "Speed"}
    assert list(listed["minutes"].values()) == ["Minutes"]
    assert list(listed["trust_data"].values()) == ["Your data"]


def test_a_grid_alone_needs_no_list(tmp_path):
    made = loaded(study(tmp_path, "of: overall, by: trust, method: johnson"))
    assert list(made.drivers["why"].by) == ["trust"]
