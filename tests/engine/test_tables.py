"""Tables of studies small enough to work out by hand, and letters that agree with R."""

from __future__ import annotations

import numpy as np
import pytest

from line import figure, results, study_folder
from overlapping_channels import write_channels
from small import write
from vigie import run
from vigie.errors import VigieError


@pytest.fixture
def channels(tmp_path):
    """The reference's people, who used e-mail, telephone, or both: a study of them at a level of confidence."""
    return lambda level: write_channels(tmp_path / str(level), level)


def test_channels_of_the_same_people_are_compared_with_their_covariance(channels, reference, near):
    r = reference("columns_overlap.json")["channels"]
    found = results(channels(0.95))["w"]
    for channel in ("email", "phone"):
        one = figure(found, "satisfied", channel=channel)
        near([one["value"], one["se"]], [r[channel], r[f"se_{channel}"]])
    assert r["diff"] / r["se"] == pytest.approx(-2.356, abs=5e-4)
    # p = 0.019 with the covariance, 0.027 without: only the one is below 2 %
    assert r["diff"] / np.hypot(r["se_email"], r["se_phone"]) == pytest.approx(-2.218, abs=5e-4)
    strict = results(channels(0.98))["w"]
    assert [figure(strict, "satisfied", channel=c)["letters"] for c in ("email", "phone")] == ["B", ""]
    stricter = results(channels(0.985))["w"]
    assert [figure(stricter, "satisfied", channel=c)["letters"] for c in ("email", "phone")] == ["b", ""]


def test_the_columns_of_a_multiple_question_share_people(channels, reference, near):
    r = reference("columns_overlap.json")["banner"]
    # p = 0.205 with the covariance, 0.377 without
    found = results(channels(0.78))["w"]
    for channel, letters in (("email", "B"), ("phone", "")):
        one = figure(found, "content", used=channel)
        near([one["value"], one["se"]], [r[channel], r[f"se_{channel}"]])
        assert one["letters"] == letters
    assert figure(results(channels(0.81))["w"], "content", used="email")["letters"] == ""
    both = sum(figure(found, "content", used=c)["n"] for c in ("email", "phone")) - figure(found, "content")["n"]
    assert both == 262


def test_a_table_by_channel_agrees_with_r_too(channels, reference, near):
    r = reference("columns_overlap.json")["channels"]
    study = run.load(channels(0.95))
    made = run.table(study, "happy", ["channel"])
    assert [(h.code, h.letter) for h in made.columns] == [("", ""), ("email", "A"), ("phone", "B")]
    assert [line.label["en"] for line in made.lines] == ["0", "1", "Mean"]
    _, email, phone = made.lines[1].cells
    near([email.value, email.se, phone.value, phone.se], [r["email"], r["se_email"], r["phone"], r["se_phone"]])
    assert [c.letters for c in made.lines[1].cells] == ["", "B", ""]
    assert [c.letters for c in made.lines[0].cells] == ["", "", "A"]


HEAD = """
study: small
title: Small
languages: [en]
brands: brands.csv
channels: [phone, email, chat]
show: {hide: 2, fragile: 4}
questions:
  - {id: sex, kind: single, label: Sex, options: {f: Women, m: Men}}
  - {id: region, kind: single, label: Region, options: {n: North, s: South, w: West},
     nets: {coast: {label: Coasts, of: [n, w]}}}
  - {id: used, kind: multiple, label: Used, options: channels, none: None,
     nets: {written: {label: In writing, of: [email, chat]}}}
  - {id: mark, kind: scale, label: Mark, scale: {from: 1, to: 5, low: l, high: h},
     boxes: {top: {label: Marks 4 and 5, from: 4, to: 5}}}
  - {id: age, kind: numeric, label: Age}
  - {id: day, kind: date, label: Day}
  - {id: said, kind: open, label: Said}
  - {id: trust, kind: grid, label: Trust, items: {speed: Speed, price: Price},
     scale: {from: 1, to: 5, low: l, high: h}, boxes: {top: {label: Top, from: 4, to: 5}}}
  - {id: order, kind: ranking, label: Order, options: {a: Fast, b: Kind, c: Cheap}}
  - {id: shop, kind: category, label: Shop}
indicators:
  - {id: often, label: Often, share: mark >= 4, base: answered(mark)}
waves: [{id: "1", files: {survey: one.csv}}, {id: "2", files: {survey: two.csv}}]
"""
TWO_HEAD = (
    "respondent,sex,region,used.phone,used.email,used.chat,used.none,mark,age,trust_speed,trust_price,"
    "order.a,order.b,order.c,shop\n"
)
TWO = """\
1,f,n,1,0,0,0,5,20,5,1,1,2,3,Rome
2,f,s,1,1,1,0,4,30,4,2,1,2,3,Oslo
3,f,w,0,1,0,0,2,40,3,3,2,1,3,Oslo
4,m,n,0,0,0,1,1,50,2,4,3,2,1,Rome
5,m,s,0,1,1,0,5,60,1,5,1,3,2,Oslo
6,m,,1,0,0,0,,,,,,,,
"""
ONE = "respondent,sex,mark\n1,f,1\n2,m,2\n"


@pytest.fixture
def small(tmp_path):
    brands = "brand,name,sector\nondine,Ondine,energy\n"
    files = {"study.yaml": HEAD, "one.csv": ONE, "two.csv": TWO_HEAD + TWO, "brands.csv": brands}
    return run.load(study_folder(tmp_path, files))


def values(made, label):
    (line,) = (line for line in made.lines if line.label["en"] == label)
    return [None if c is None else c.value for c in line.cells]


def test_a_single_question_has_options_and_nets(small):
    made = run.table(small, "region", ["sex"])
    assert (made.wave, made.title["en"], made.rows) == ("2", "Region", "region")
    assert [(line.label["en"], line.kind) for line in made.lines] == [
        ("North", "option"), ("South", "option"), ("West", "option"), ("Coasts", "net"),
    ]  # fmt: skip
    assert values(made, "North") == pytest.approx([2 / 5, 1 / 3, 1 / 2])
    assert values(made, "Coasts") == pytest.approx([3 / 5, 2 / 3, 1 / 2])
    assert [(h.code, h.letter, h.n) for h in made.columns] == [("", "", 5), ("f", "A", 3), ("m", "B", 2)]


def test_who_chose_several_options_of_a_net_counts_once(small):
    made = run.table(small, "used", ["sex"])
    assert values(made, "In writing") == pytest.approx([3 / 6, 2 / 3, 1 / 3])
    assert [line.kind for line in made.lines] == ["option"] * 4 + ["net"]


def test_a_scale_has_marks_boxes_and_its_mean(small):
    made = run.table(small, "mark", ["sex"])
    assert [line.kind for line in made.lines] == ["option"] * 5 + ["box", "mean"]
    assert values(made, "Marks 4 and 5") == pytest.approx([3 / 5, 2 / 3, 1 / 2])
    assert values(made, "Mean") == pytest.approx([17 / 5, 11 / 3, 3])
    assert made.columns[0].n_effective == pytest.approx(5)


def test_the_columns_of_a_multiple_question_overlap_and_none_is_one_of_them(small):
    made = run.table(small, "mark", ["used"])
    assert [(h.code, h.letter, h.n) for h in made.columns[1:]] == [
        ("phone", "A", 2), ("email", "B", 3), ("chat", "C", 2), ("none", "D", 1),
    ]  # fmt: skip
    assert values(made, "Mean") == pytest.approx([17 / 5, 4.5, 11 / 3, 4.5, None])


def test_a_grid_has_a_mean_and_boxes_for_each_item(small):
    made = run.table(small, "trust", ["sex"])
    assert [line.label["en"] for line in made.lines] == ["Speed – Mean", "Speed – Top", "Price – Mean", "Price – Top"]
    assert values(made, "Speed – Mean") == pytest.approx([3, 4, 1.5])
    assert values(made, "Price – Top") == pytest.approx([2 / 5, 0, 1])


def test_a_ranking_has_who_ranks_first_and_the_mean_place(small):
    made = run.table(small, "order", ["sex"])
    assert values(made, "Fast") == pytest.approx([3 / 5, 2 / 3, 1 / 2])
    assert values(made, "Fast: mean place") == pytest.approx([8 / 5, 4 / 3, 2])


def test_numbers_and_lists_without_fixed_codes(small):
    assert values(run.table(small, "age", ["sex"]), "Mean") == pytest.approx([40, 30, 55])
    made = run.table(small, "shop", ["sex"])
    assert values(made, "Oslo") == pytest.approx([3 / 5, 2 / 3, 1 / 2])
    assert [line.label["en"] for line in made.lines] == ["Oslo", "Rome"]


def test_an_indicator_keeps_its_base_and_the_filter_narrows_it(small):
    made = run.table(small, "often", ["sex"], where="used.email")
    assert values(made, "Often") == pytest.approx([2 / 3, 1 / 2, None])
    assert (made.base, made.filter) == ("(answered(mark)) and (used.email)", "used.email")
    assert [h.n for h in made.columns] == [3, 2, 1]


def test_a_hidden_cell_has_no_value_anywhere(small):
    made = run.table(small, "mark", ["used"])
    none = [line.cells[4] for line in made.lines]
    assert {c.flag for c in none} == {"hidden"}
    assert {(c.value, c.se, c.ci_low, c.letters) for c in none} == {(None, None, None, "")}


def test_another_wave_by_name(small):
    assert values(run.table(small, "mark", ["sex"], wave="1"), "Mean")[0] == pytest.approx(1.5)


def test_everything_wrong_is_told_at_once(small):
    with pytest.raises(VigieError) as raised:
        run.table(small, "marc", ["sexe", "channel", "age"], where="used.emial")
    told = [(p.code, p.hint) for p in raised.value.problems]
    assert [code for code, _ in told] == ["unknown-name", "unknown-name", "wrong-value", "expression"]
    assert 'Did you mean "mark"?' in told[0][1]
    assert 'Did you mean "sex"?' in told[1][1]
    assert 'Did you mean "email"?' in told[3][1]


@pytest.mark.parametrize(
    ("rows", "columns", "said"),
    [
        ("day", ["sex"], "it has no options to count"),
        ("said", ["sex"], "it has no options to count"),
        ("mark", ["channel"], "is not asked per channel"),
        ("sex", ["sex"], "both rows and columns"),
        ("mark", ["sex", "sex"], "named twice"),
        ("mark", [], "needs columns"),
    ],
)
def test_what_cannot_be_a_table_is_refused(small, rows, columns, said):
    with pytest.raises(VigieError, match=said):
        run.table(small, rows, columns)


def test_a_wave_without_a_survey_is_refused(small):
    with pytest.raises(VigieError, match="no files of reviews"):
        run.table(small, "stars", ["sector"], source="reviews")


RECORDS = """
study: records
title: Records
languages: [en]
channels: [phone, email]
brands: brands.csv
indicators: [{id: named, source: reviews, mentions: text}]
waves: [{id: w, files: {log: log.csv, reviews: reviews.csv}}]
"""


@pytest.mark.parametrize(
    ("source", "rows", "columns", "said"),
    [
        ("log", "channels", ["resolved", "channel"], "one per channel"),
        ("reviews", "named", ["platform"], "looks for brands in texts"),
    ],
)
def test_what_cannot_be_a_table_of_records_is_refused(tmp_path, source, rows, columns, said):
    files = {
        "study.yaml": RECORDS, "brands.csv": "brand,name,sector\nondine,Ondine,energy\n",
        "log.csv": "case,channel,at,resolved\n1,phone,2024-01-01,yes\n2,email,2024-01-01,no\n",
        "reviews.csv": "brand,platform,text\nondine,a,Good\n",
    }  # fmt: skip
    with pytest.raises(VigieError, match=said):
        run.table(run.load(write(tmp_path, files)), rows, columns, source=source)


MANY = """
study: many
title: Many
languages: [en]
channels: [phone]
questions:
  - {id: group, kind: single, label: Group, options: {a: A, b: B, c: C, d: D}}
  - {id: yes, kind: single, label: Yes, options: {y: Yes, n: No}}
indicators: [{id: yes, share: yes == y}]
waves: [{id: w, files: {survey: survey.csv}}]
"""


def grouped(folder, *counts):
    """A study of people in groups: of each group, how many say yes and how many no."""
    lines = ["respondent,group,yes"]
    for group, (yes, no) in zip("abcd", counts, strict=False):
        lines += [f"{group}{i},{group},{'y' if i < yes else 'n'}" for i in range(yes + no)]
    return run.load(study_folder(folder, {"study.yaml": MANY, "survey.csv": "\n".join(lines) + "\n"}))


def letters(study, **more):
    made = run.table(study, "yes", ["group"], **more)
    (line,) = (line for line in made.lines if line.label["en"] == "Yes")
    return [c.letters for c in line.cells]


def test_letters_are_adjusted_over_the_pairs_of_a_line(tmp_path):
    # 50 % against 35 % of 100 people each: p = 0.032 alone, one of three pairs
    study = grouped(tmp_path, (50, 50), (35, 65), (42, 58))
    assert letters(study, adjust="none") == ["", "B", "", "", ""]
    assert letters(study) == ["", "b", "", "", ""]


def test_columns_of_few_people_or_of_one_answer_take_no_part(tmp_path):
    # nobody of 40 says yes: no spread, so no letter, although 50 % of 100 do
    study = grouped(tmp_path, (50, 50), (0, 40), (0, 29), (20, 80))
    assert letters(study) == ["", "D", "", "", ""]


def test_tables_made_together_are_those_made_one_by_one(small):
    asked = ["mark", "used", "often"]
    together = run.tables(small, asked, ["sex"], where="used.email")
    assert [t.rows for t in together] == asked
    assert together == [run.table(small, name, ["sex"], where="used.email") for name in asked]


def test_all_rows_are_the_questions_that_make_a_table_on_the_columns(small):
    made = run.tables(small, ["all"], ["sex"])
    assert [t.rows for t in made][:2] == ["region", "used"]
    assert "sex" not in [t.rows for t in made]
    assert "trust" in [t.rows for t in made], "a grid is one table"
    assert not [t.rows for t in made if t.rows.startswith("trust_")]


def test_all_rows_on_wrong_columns_tell_of_the_columns(small):
    with pytest.raises(VigieError) as caught:
        run.tables(small, ["all"], ["sexe"])
    assert [p.code for p in caught.value.problems] == ["unknown-name"]
    assert "sexe" in str(caught.value.problems[0])
