"""Mystery scores and leagues of studies small enough to work out by hand."""

from __future__ import annotations

import itertools

import pytest

from line import figure, league, results, study_folder
from vigie.errors import VigieError

STUDY = """
study: mystery
title: Mystery
languages: [en]
channels: [phone, email]
brands: brands.csv
mystery:
  {grids: {phone: phone.yaml, email: email.yaml}, out_of: 20, threshold: 12, min_tests: 4,
   show: {hide: 4, fragile: 30}, MORE}
waves: [{id: w, files: {tests: tests.csv}}]
"""
PHONE = """
grid: phone
dimensions:
  - {id: d, label: D, weight: 1, criteria: [{id: quick, label: Q, out_of: 2}]}
  - {id: e, label: E, weight: 3, criteria: [{id: right, label: R}, {id: kind, label: K}]}
"""
EMAIL = """
grid: email
dimensions: [{id: d, label: D, criteria: [{id: right, label: R}, {id: found, label: F, needs_reply: false}]}]
"""
BRANDS = "brand,name,sector\na,Alpha,s\nb,Beta,s\nc,Gamma,s\n"


def wave(folder, tests, more="channel_weights: {phone: 3, email: 1}", brands=BRANDS):
    head = "test,brand,channel,outcome,quick,right,kind,found"
    rows = [f"{i}," + row for i, row in enumerate(tests)]
    files = {"study.yaml": STUDY.replace("MORE", more), "phone.yaml": PHONE, "email.yaml": EMAIL, "brands.csv": brands}
    return results(study_folder(folder, files | {"tests.csv": "\n".join([head, *rows])}))["w"]


def phone(brand, quick=2, right=1, kind=1):
    return f"{brand},phone,answered,{quick},{right},{kind},"


def email(brand, right=1, found=1, outcome="answered"):
    return f"{brand},email,{outcome},,{'' if outcome == 'unanswered' else right},,{found}"


def test_marks_become_criteria_dimensions_tests_channels_and_a_brand(tmp_path):
    found = wave(tmp_path, [phone("a", 1, 1, 0), phone("a", 2, 1, 1), email("a", 1, 0), email("a", 1, 1)])
    calls = [(0.5 * 1 + 0.5 * 3) / 4, 1.0]  # dimensions 1 and 3: a half, and the mean of right and kind
    mails = [0.5, 1.0]
    expected = (3 * sum(calls) / 2 + sum(mails) / 2) / 4 * 20
    assert figure(found, "mystery_score", brand="a")["value"] == pytest.approx(expected)
    assert league(found, "sector:s")["entries"][0]["score"] == pytest.approx(expected)


def test_not_applicable_leaves_the_mean_and_unanswered_scores_zero(tmp_path):
    tests = [
        phone("a", 1, 1, "na"),
        phone("a", 2, 0, "na"),
        *[email("a", found=1, outcome="unanswered")] * 2,
        email("a"),
    ]
    found = wave(tmp_path, tests, more="channel_weights: {phone: 1, email: 1}")
    calls = ((0.5 + 3) / 4 + (1 + 0) / 4) / 2
    mails = (0.5 + 0.5 + 1) / 3
    assert figure(found, "mystery_score", brand="a")["value"] == pytest.approx((calls + mails) / 2 * 20)


def test_a_missing_mark_makes_the_test_incomplete_and_it_is_counted(tmp_path):
    tests = [*[phone("a", 1)] * 3, *[phone("a", 2)] * 3, phone("a", ""), email("a"), email("a", 0)]
    found = wave(tmp_path, tests)
    assert figure(found, "mystery_score", brand="a")["n"] == 8
    (lost,) = (e for e in found["exclusions"] if e["reason"] == "incomplete_test")
    assert lost["rows"] == 1


def mixed(brand, good, n=40):
    """Tests of one brand, a share of them perfect, the others poor."""
    cycle = itertools.cycle([True] * round(good * 10) + [False] * round(10 - good * 10))
    return [phone(brand, *(2, 1, 1) if next(cycle) else (1, 0, 0)) for _ in range(n)]


def test_the_first_brand_is_alone_and_above_the_threshold(tmp_path):
    found = league(wave(tmp_path, mixed("a", 0.9) + mixed("b", 0.4) + mixed("c", 0.3)), "sector:s")
    assert (found["verdict"], found["winners"]) == ("first", ["a"])
    assert [e["brand"] for e in found["entries"]] == ["a", "b", "c"]
    assert (found["entries"][0]["rank"]["low"], found["entries"][0]["rank"]["high"]) == (1, 1)
    assert found["entries"][0]["absent_channels"] == []


def test_equal_brands_are_tied_and_none_is_called_first(tmp_path):
    found = league(wave(tmp_path, mixed("a", 0.8) + mixed("b", 0.8) + mixed("c", 0.1)), "sector:s")
    assert (found["verdict"], sorted(found["winners"])) == ("tied", ["a", "b"])


def test_nobody_wins_below_the_threshold(tmp_path):
    found = league(wave(tmp_path, mixed("a", 0.4) + mixed("b", 0.1)), "sector:s")
    assert (found["verdict"], found["winners"]) == ("none", [])


def test_brands_that_cannot_be_ranked_are_listed_with_the_reason(tmp_path):
    found = league(wave(tmp_path, mixed("a", 0.9) + mixed("b", 0.4) + [phone("c")] * 3), "sector:s")
    assert found["unranked"] == [{"brand": "c", "n": 3, "reason": "min_tests"}]
    assert {e["rank"]["of"] for e in found["entries"]} == {2}


def test_an_absent_channel_follows_the_study_s_rule(tmp_path):
    tests = mixed("a", 0.9) + mixed("b", 0.5) + [email(b, r) for b in "b" for r in (0, 1) * 20]
    kept = league(wave(tmp_path / "1", tests), "sector:s")
    assert next(e for e in kept["entries"] if e["brand"] == "a")["absent_channels"] == ["email"]
    more = "channel_weights: {phone: 3, email: 1}, absent_channel: unranked"
    out = league(wave(tmp_path / "2", tests, more=more), "sector:s")
    assert out["unranked"] == [{"brand": "a", "n": 40, "reason": "absent_channel"}]


def test_several_sectors_make_a_league_each_and_one_of_all_brands_with_marginal_sets(tmp_path):
    brands = BRANDS.replace("c,Gamma,s", "c,Gamma,t\nd,Delta,t")
    tests = [row for b, g in zip("abcd", (0.9, 0.3, 0.8, 0.2), strict=True) for row in mixed(b, g)]
    found = wave(tmp_path, tests, brands=brands)
    assert [(item["family"], item["sets"]) for item in found["leagues"]] == [
        ("sector:s", "simultaneous"),
        ("sector:t", "simultaneous"),
        ("all", "marginal"),
        ("sectors", "simultaneous"),
    ]


def test_sectors_are_ranked_by_all_their_tests_channel_by_channel(tmp_path):
    brands = BRANDS.replace("c,Gamma,s", "c,Gamma,t")
    mails = [email(b, r) for b in "ac" for r in (0, 1)] * 5
    tests = [*mixed("a", 0.9), *mixed("b", 0.3, n=20), *mixed("c", 0.4), *mails]
    found = league(wave(tmp_path, tests, brands=brands), "sectors")
    low = (0.5 + 0 * 3) / 4  # a poor call
    calls = {"s": (36 + 6 + (4 + 14) * low) / 60, "t": (16 + 24 * low) / 40}
    want = {sector: (3 * call + (0.5 + 1) / 2) / 4 * 20 for sector, call in calls.items()}
    assert {e["brand"]: e["score"] for e in found["entries"]} == pytest.approx(want)
    assert (found["of"], {e["rank"]["of"] for e in found["entries"]}) == ("sector", {2})
    assert [e["n"] for e in found["entries"]] == [70, 50]


SURVEYED = """
questions: [{id: used, kind: multiple, label: Used, options: channels, none: None}]
indicators: [{id: usage, share: used}]
show: {hide: 1, fragile: 1}
"""


def surveyed(folder, survey):
    tests = mixed("a", 0.9) + mixed("b", 0.5) + [email(b, r) for b in "ab" for r in (0, 1) * 20]
    text = STUDY.replace("MORE", "channel_weights: {from: usage}") + SURVEYED
    files = {"phone.yaml": PHONE, "email.yaml": EMAIL, "brands.csv": BRANDS}
    if survey:
        text = text.replace("tests: tests.csv", "survey: survey.csv, tests: tests.csv")
        files["survey.csv"] = survey
    rows = ["test,brand,channel,outcome,quick,right,kind,found", *(f"{i},{r}" for i, r in enumerate(tests))]
    return study_folder(folder, files | {"study.yaml": text, "tests.csv": "\n".join(rows)})


def test_channels_weigh_what_the_survey_says_and_bring_its_uncertainty(tmp_path):
    people = [f"{i},{int(i < 60)},{int(i >= 40)},0" for i in range(100)]  # 60 % phone, 60 % e-mail
    survey = "\n".join(["respondent,used.phone,used.email,used.none", *people])
    found = results(surveyed(tmp_path, survey))["w"]
    assert [(c, pytest.approx(w)) for c, w, _ in found["channel_weights"]] == [("phone", 0.5), ("email", 0.5)]
    given = figure(found, "mystery_score", brand="a")
    phone_only, mail_only = 0.9 + 0.1 * (0.5 / 4), 0.75
    assert given["value"] == pytest.approx((phone_only + mail_only) / 2 * 20)
    fixed = wave(tmp_path / "fixed", rows_of(tmp_path), more="channel_weights: {phone: 1, email: 1}")
    alone = figure(fixed, "mystery_score", brand="a")["se"]
    assert given["se"] > alone
    # W of two shares of 100 people, 20 of whom use both; a score moves with a weight by (m_c - T)/Σω
    own = league(found, "sector:s")
    want = [[0.24 / 99, -0.16 / 99], [-0.16 / 99, 0.24 / 99]]
    assert own["weights_cov"] == [pytest.approx(row) for row in want]
    (slopes,) = (e["slopes"] for e in own["entries"] if e["brand"] == "a")
    half = (phone_only - mail_only) / 2 * 20 / 1.2
    assert slopes == pytest.approx([half, -half])
    brought = sum(slopes[i] * want[i][j] * slopes[j] for i in (0, 1) for j in (0, 1))
    assert given["se"] ** 2 == pytest.approx(alone**2 + brought)


def rows_of(folder):
    lines = (folder / "tests.csv").read_text(encoding="utf-8").splitlines()[1:]
    return [line.split(",", 1)[1] for line in lines]


def test_scores_weighted_by_a_survey_that_is_not_there_are_refused(tmp_path):
    with pytest.raises(VigieError, match='no "usage" to weigh the channels by'):
        results(surveyed(tmp_path, ""))


def test_a_brand_has_its_rank_in_its_sector(tmp_path):
    found = wave(tmp_path, mixed("a", 0.9) + mixed("b", 0.4) + mixed("c", 0.3))
    assert figure(found, "mystery_score", brand="a")["rank"] == {"low": 1, "high": 1, "of": 3, "family": "sector:s"}


def test_the_weight_of_the_only_channel_is_certain(tmp_path):
    people = [f"{i},{int(i < 60)},{int(i >= 40)},0" for i in range(100)]
    survey = "\n".join(["respondent,used.phone,used.email,used.none", *people])
    folder = surveyed(tmp_path, survey)
    tests = (folder / "tests.csv").read_text(encoding="utf-8").splitlines()
    (folder / "tests.csv").write_text("\n".join(t for t in tests if ",email," not in t), encoding="utf-8")
    assert results(folder)["w"]["channel_weights"] == [["phone", pytest.approx(1), pytest.approx(0)]]


def test_channels_that_nobody_uses_cannot_be_weighed(tmp_path):
    survey = "\n".join(["respondent,used.phone,used.email,used.none", *(f"{i},0,0,1" for i in range(9))])
    with pytest.raises(VigieError, match="Nobody uses the channels tested"):
        results(surveyed(tmp_path, survey))


def test_weights_on_a_hidden_base_are_refused(tmp_path):
    survey = "\n".join(["respondent,used.phone,used.email,used.none", *(f"{i},1,1,0" for i in range(9))])
    folder = surveyed(tmp_path, survey)
    text = (
        (folder / "study.yaml").read_text(encoding="utf-8").replace("{hide: 1, fragile: 1}", "{hide: 10, fragile: 20}")
    )
    (folder / "study.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(VigieError, match="would stand on 9 people"):
        results(folder)


def test_no_brand_is_called_first_on_a_flagged_base(tmp_path):
    found = league(wave(tmp_path, mixed("a", 0.9, 20) + mixed("b", 0.1)), "sector:s")
    assert (found["entries"][0]["flag"], found["entries"][0]["rank"]["high"]) == ("fragile", 1)
    assert (found["verdict"], found["winners"]) == ("tied", ["a"])


def test_a_channel_that_was_neither_asked_nor_tested_takes_nothing_from_the_others(tmp_path):
    people = [f"{i},{int(i < 60)},{int(i >= 40)},0" for i in range(100)]
    folder = surveyed(tmp_path, "\n".join(["respondent,used.phone,used.email,used.none", *people]))
    text = (folder / "study.yaml").read_text(encoding="utf-8").replace("[phone, email]", "[phone, email, video]")
    text = text.replace("survey: survey.csv", "survey: {path: survey.csv, import: two}")
    options = "{phone: phone, email: email, none: none}"
    text += f'imports: {{two: {{columns: {{used: {{from: "used.{{option}}", options: {options}}}}}}}}}\n'
    (folder / "study.yaml").write_text(text, encoding="utf-8")
    assert [c for c, *_ in results(folder)["w"]["channel_weights"]] == ["phone", "email"]


def test_a_lone_brand_above_the_threshold_is_not_said_to_miss_it(tmp_path):
    wave(tmp_path, mixed("a", 0.9))
    page = next(tmp_path.rglob("report.en.html")).read_text(encoding="utf-8").casefold()
    assert "no brand is proved first" in page
    assert "is proved to reach" not in page
