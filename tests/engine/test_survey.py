"""Survey figures of studies small enough to work out by hand."""

from __future__ import annotations

import math

import pytest

from line import figure, results, study_folder
from vigie.errors import VigieError

HEAD = """
study: small
title: Small
languages: [en]
channels: [phone, email]
show: {hide: HIDE, fragile: FRAGILE}
questions:
  - {id: sex, kind: single, label: Sex, options: {f: F, m: M}}
  - {id: used, kind: multiple, label: Used, options: channels, none: None}
  - {id: mark, kind: scale, label: Mark, per: LOOP, scale: {from: 1, to: 10, low: l, high: h},
     dont_know: {code: 99, in_base: IN_BASE}}
  - {id: advise, kind: scale, label: Advise, scale: {from: 0, to: 10, low: l, high: h}}
banner: [sex]
waves: [{id: w, files: {survey: survey.csv}}]
indicators:
"""
SURVEY = """respondent,sex,used.phone,used.email,used.none,mark.phone,mark.email,advise
1,f,1,0,0,8,,10
2,f,1,1,0,99,9,9
3,m,0,1,0,,3,0
4,m,1,1,0,4,7,6
5,m,0,0,1,,,8
"""


def wave(folder, *indicators, survey=SURVEY, hide=1, fragile=2, loop="{channel: used}", in_base="false"):
    head = HEAD.replace("HIDE", str(hide)).replace("FRAGILE", str(fragile)).replace("LOOP", loop)
    text = head.replace("IN_BASE", in_base) + "".join(f"  - {i}\n" for i in indicators)
    return results(study_folder(folder, {"study.yaml": text, "survey.csv": survey}))["w"]


def test_a_share_stands_on_everyone_who_answered(tmp_path):
    found = wave(tmp_path, "{id: contacted, share: any(used)}")
    whole = figure(found, "contacted")
    assert (whole["value"], whole["n"], whole["n_effective"]) == (pytest.approx(0.8), 5, pytest.approx(5))
    assert whole["se"] == pytest.approx(math.sqrt(0.8 * 0.2 / 4))
    assert figure(found, "contacted", sex="f")["value"] == 1
    assert figure(found, "contacted", sex="m")["n"] == 3


def test_a_multi_response_gives_one_share_per_option_and_none_is_no_channel(tmp_path):
    found = wave(tmp_path, "{id: use, share: used}")
    assert figure(found, "use", channel="phone")["value"] == pytest.approx(0.6)
    assert figure(found, "use", used="none")["value"] == pytest.approx(0.2)
    assert figure(found, "use", channel="phone")["part"] == "channel"


def test_the_mean_number_counts_channels_and_not_the_answer_none(tmp_path):
    found = wave(tmp_path, "{id: number, mean: count(used), base: any(used)}")
    assert figure(found, "number")["value"] == pytest.approx(6 / 4)
    assert figure(found, "number")["n"] == 4


def test_do_not_know_is_out_of_the_base_and_printed(tmp_path):
    found = wave(tmp_path, "{id: happy, share: mark >= 7, by: channel}")
    phone = figure(found, "happy", channel="phone")
    assert (phone["value"], phone["n"]) == (pytest.approx(0.5), 2)
    assert phone["dont_know"] == pytest.approx(1 / 3)
    assert figure(found, "happy", channel="email")["value"] == pytest.approx(2 / 3)


def test_do_not_know_in_the_base_counts_as_no(tmp_path):
    found = wave(tmp_path, "{id: happy, share: mark >= 7, by: channel}", in_base="true")
    phone = figure(found, "happy", channel="phone")
    assert (phone["value"], phone["n"]) == (pytest.approx(1 / 3), 3)


def test_nps_is_promoters_minus_detractors(tmp_path):
    nps = figure(wave(tmp_path, "{id: nps, nps: advise}"), "nps")
    assert nps["value"] == pytest.approx((2 - 2) / 5)
    assert (nps["unit"], nps["n"]) == ("nps", 5)
    assert nps["se"] == pytest.approx(math.sqrt(4 / 5 / 4))


def test_a_whole_scale_gives_one_share_per_mark(tmp_path):
    found = wave(tmp_path, "{id: marks, share: advise}")
    assert [figure(found, "marks", advise=str(m))["value"] for m in (0, 6, 8, 9, 10)] == pytest.approx([0.2] * 5)
    assert figure(found, "marks", advise="5")["value"] == 0


def test_a_question_of_the_banner_is_not_broken_by_itself(tmp_path):
    found = wave(tmp_path, "{id: who, share: sex}")
    segments = [tuple(e["segment"].items()) for e in found["estimates"]]
    assert segments == [(("sex", "f"),), (("sex", "m"),)]


def test_a_drawn_loop_weighs_eligible_by_asked(tmp_path):
    survey = SURVEY.replace("2,f,1,1,0,99,9,9", "2,f,1,1,0,,9,9").replace("4,m,1,1,0,4,7,6", "4,m,1,1,0,4,,6")
    loop = "{channel: used, at_most: 1, choose: random}"
    found = wave(tmp_path, "{id: happy, share: mark >= 7, by: channel}", survey=survey, loop=loop)
    # phone: 8 (one eligible, one asked) and 4 (two eligible, one asked); e-mail: 9 (weight 2) and 3 (weight 1)
    assert figure(found, "happy", channel="phone")["value"] == pytest.approx(1 / 3)
    assert figure(found, "happy", channel="email")["value"] == pytest.approx(2 / 3)
    assert figure(found, "happy", channel="email")["n_effective"] == pytest.approx(9 / 5)


def test_a_hidden_figure_has_no_value_anywhere(tmp_path):
    found = wave(tmp_path, "{id: contacted, share: any(used)}", hide=3, fragile=4)
    small = figure(found, "contacted", sex="f")
    assert small["flag"] == "hidden"
    assert [small[k] for k in ("value", "se", "ci_low", "ci_high", "change")] == [None] * 5
    assert small["n"] == 2
    assert figure(found, "contacted", sex="m")["flag"] == "fragile"
    assert figure(found, "contacted")["flag"] == "ok"


def test_a_share_of_nobody_has_an_upper_limit(tmp_path):
    low = figure(wave(tmp_path, "{id: zero, share: advise == 5}"), "zero")
    assert (low["value"], low["ci_low"]) == (0, 0)
    assert low["ci_high"] == pytest.approx(1 - 0.025 ** (1 / 5))


def test_people_without_a_category_of_a_margin_leave_every_figure_and_are_counted(tmp_path):
    survey = SURVEY.replace("3,m,", "3,,")
    margins = "variable,category,share\nsex,f,50\nsex,m,50\n"
    text = (
        HEAD.replace("HIDE", "1").replace("FRAGILE", "2").replace("LOOP", "{channel: used}").replace("IN_BASE", "false")
    )
    text += "  - {id: contacted, share: any(used)}\nweighting: {everyone: {margins: m.csv}}\n"
    files = {"study.yaml": text, "survey.csv": survey, "m.csv": margins}
    found = results(study_folder(tmp_path, files))["w"]
    assert figure(found, "contacted")["n"] == 4
    assert figure(found, "contacted")["value"] == pytest.approx(0.75)
    (lost,) = (e for e in found["exclusions"] if e["reason"] == "margins")
    assert lost["rows"] == 1
    assert [line["after"] for line in found["weighting"]["margins"]] == pytest.approx([0.5, 0.5])


def test_do_not_know_is_no_mark_in_a_mean(tmp_path):
    indicator = "{id: mark, mean: mark, by: channel}"
    inside = wave(tmp_path / "in", indicator, in_base="true")
    outside = wave(tmp_path / "out", indicator)
    assert figure(inside, "mark", channel="phone")["value"] == figure(outside, "mark", channel="phone")["value"] == 6


def test_the_mean_of_a_computed_mark_has_no_upper_end(tmp_path):
    found = wave(tmp_path, "{id: tenfold, mean: advise * 10}", "{id: plain, mean: advise}")
    assert figure(found, "tenfold")["out_of"] is None
    assert figure(found, "plain")["out_of"] == 10


IMPORTED = """
imports:
  two: {columns: {used: {from: "used.{option}", options: {phone: phone, none: none}}}}
"""


def test_an_option_that_the_file_does_not_have_is_unknown_and_noted(tmp_path):
    survey = "respondent,sex,used.phone,used.none,mark.phone,advise\n1,f,1,0,8,9\n2,m,0,1,,8\n"
    text = HEAD.replace("HIDE", "1").replace("FRAGILE", "2").replace("LOOP", "{channel: used}")
    text = text.replace("IN_BASE", "false").replace("survey: survey.csv", "survey: {path: survey.csv, import: two}")
    text += "  - {id: use, share: used}\n  - {id: contacted, share: any(used)}\n" + IMPORTED
    found = results(study_folder(tmp_path, {"study.yaml": text, "survey.csv": survey}))["w"]
    assert figure(found, "contacted")["value"] == 0.5
    lost = figure(found, "use", channel="email")
    assert (lost["value"], lost["n"], lost["flag"]) == (None, 0, "hidden")
    assert any('"used" was not asked about "email"' in note for note in found["notes"])


def test_a_loop_without_the_column_of_a_channel_that_people_chose_is_refused(tmp_path):
    survey = SURVEY.replace("mark.email", "mark.mail")
    with pytest.raises(VigieError, match='about "email", which 3 people chose'):
        wave(tmp_path / "a", "{id: happy, share: mark >= 7, by: channel}", survey=survey)
    loop = "{channel: used, except: [email]}"
    found = wave(tmp_path / "b", "{id: happy, share: mark >= 7, by: channel}", survey=survey, loop=loop)
    assert figure(found, "happy", channel="phone")["value"] == pytest.approx(0.5)


def test_what_refused_cells_said_is_not_in_the_results(tmp_path):
    found = wave(tmp_path, "{id: contacted, share: any(used)}", survey=SURVEY.replace("3,m,", "3,jean@example.org,"))
    assert "jean@example.org" not in str(found)
    assert any("row 4" in place for e in found["exclusions"] for place in e["examples"])
    manifest = next(tmp_path.rglob("manifest.json")).read_text(encoding="utf-8")
    assert "jean@example.org" in manifest


KINDS = """
study: kinds
title: Kinds
languages: [en]
brands: brands.csv
channels: [phone, email]
show: {hide: 1, fragile: 2}
questions:
  - {id: sex, kind: single, label: Sex, options: {f: F, m: M}}
  - {id: hoped, kind: scale, label: Hoped, scale: {from: 1, to: 10, low: l, high: h}}
  - {id: got, kind: scale, label: Got, scale: {from: 1, to: 10, low: l, high: h}}
  - {id: used, kind: multiple, label: Used, options: channels, none: None,
     nets: {any: {label: Any, of: [phone, email]}}}
  - {id: named, kind: mention, label: Named}
  - {id: order, kind: ranking, label: Order, options: {a: A, b: B, c: C}, places: 2}
  - {id: trust, kind: grid, label: Trust, items: {speed: Speed, price: Price}, scale: {from: 1, to: 5, low: l, high: h}}
  - {id: shop, kind: category, label: Shop}
  - {id: why, kind: open, label: Why}
banner: [sex]
waves: [{id: w, files: {survey: survey.csv}}]
indicators:
"""
KINDS_HEAD = (
    "respondent,sex,hoped,got,used.phone,used.email,used.none,named,order.a,order.b,order.c,trust_speed,trust_price,"
    "shop,why\n"
)
KINDS_ROWS = """\
1,f,8,9,1,0,0,Ondine,1,2,,5,1,Rome,"Very good service, I am very satisfied, thank you"
2,f,8,8,1,1,0,Ondine; Brume,1,,2,4,2,Oslo,"Terrible service, very slow and rude"
3,m,9,4,0,1,0,Brume,2,1,,3,3,Oslo,
4,m,5,,0,0,1,Nobody we know,,1,2,2,,Rome,"Excellent and friendly, I am delighted"
"""


def kinds(folder, *indicators, text=KINDS):
    text += "".join(f"  - {i}\n" for i in indicators)
    brands = "brand,name,sector\nondine,Ondine,energy\nbrume,Brume,energy\n"
    files = {"study.yaml": text, "survey.csv": KINDS_HEAD + KINDS_ROWS, "brands.csv": brands}
    return results(study_folder(folder, files))["w"]


def test_a_gap_is_the_mean_difference_of_the_same_people_and_three_shares(tmp_path):
    found = kinds(tmp_path, "{id: gap, gap: {expected: hoped, experienced: got}}")
    mean = figure(found, "gap")
    # +1, 0, -5; the fourth did not say what came
    assert (mean["value"], mean["n"], mean["unit"]) == (pytest.approx(-4 / 3), 3, "mean")
    assert mean["se"] == pytest.approx(math.sqrt(sum((d + 4 / 3) ** 2 for d in (1, 0, -5)) / 9 * 4 / 3))
    assert [figure(found, "gap", gap=side)["value"] for side in ("above", "at", "below")] == pytest.approx([1 / 3] * 3)
    assert figure(found, "gap", gap="above", sex="f")["value"] == pytest.approx(1 / 2)
    assert figure(found, "gap", gap="above")["part"] == "gap"


FUNNEL = "{id: way, base: BASE, funnel: {none: not any(used), one: count(used) == 1, both: OTHER}}"


def test_the_states_of_a_funnel_sum_to_one(tmp_path):
    found = kinds(tmp_path, FUNNEL.replace("OTHER", "count(used) == 2").replace("BASE", "everyone"))
    shares = [figure(found, "way", state=s) for s in ("none", "one", "both")]
    assert [s["value"] for s in shares] == pytest.approx([1 / 4, 2 / 4, 1 / 4])
    assert {s["n"] for s in shares} == {4}


def test_whoever_is_known_to_be_in_one_state_is_in_no_other(tmp_path):
    states = "{a: hoped >= 9, b: hoped < 9 and got >= 9, c: hoped < 9 and got < 9}"
    found = kinds(tmp_path, f"{{id: way, funnel: {states}}}")
    shares = [figure(found, "way", state=s) for s in "abc"]
    # the third is in state a whatever else; of the fourth nothing is known
    assert [(s["value"], s["n"]) for s in shares] == [(pytest.approx(1 / 3), 3)] * 3


@pytest.mark.parametrize(
    ("other", "base", "said"),
    [
        ("count(used) == 3", "everyone", "1 person in no state"),
        ("count(used) >= 1", "everyone", '2 people in several \\("one" and "both": 2\\)'),
        ("count(used) == 3 or sex == f", "everyone", "1 person in several"),
    ],
)
def test_a_funnel_that_leaves_people_out_or_counts_them_twice_is_open(tmp_path, other, base, said):
    with pytest.raises(VigieError, match=said) as raised:
        kinds(tmp_path, FUNNEL.replace("OTHER", other).replace("BASE", base))
    assert [p.code for p in raised.value.problems] == ["funnel-open"]
    assert raised.value.problems[0].hint


def test_a_funnel_may_leave_out_who_is_not_in_its_base(tmp_path):
    found = kinds(tmp_path, FUNNEL.replace("OTHER", "count(used) == 3").replace("BASE", "count(used) < 2"))
    assert [figure(found, "way", state=s)["value"] for s in ("none", "one", "both")] == pytest.approx([1 / 3, 2 / 3, 0])


def test_an_index_yields_the_mean_that_it_is_made_of(tmp_path):
    found = kinds(tmp_path, "{id: idx, index: hoped}")
    mean = figure(found, "idx", statistic="mean")
    assert (mean["value"], mean["unit"], mean["part"]) == (7.5, "mean", "statistic")


def test_brands_named_by_people_are_shares_by_brand(tmp_path):
    found = kinds(tmp_path, "{id: known, mentions: named}")
    for brand in ("ondine", "brume"):
        one = figure(found, "known", brand=brand)
        assert (one["value"], one["n"], one["part"]) == (pytest.approx(2 / 4), 4, "brand")
    assert figure(found, "known", brand="ondine", sex="f")["value"] == 1


def test_a_ranking_is_who_ranks_an_option_first_and_its_mean_place(tmp_path):
    found = kinds(tmp_path, "{id: first, share: order}", "{id: two, share: order, top: 2}", "{id: place, mean: order}")
    assert [figure(found, "first", order=o)["value"] for o in "abc"] == pytest.approx([2 / 4, 2 / 4, 0])
    assert [figure(found, "two", order=o)["value"] for o in "abc"] == pytest.approx([3 / 4, 3 / 4, 2 / 4])
    # what was not ranked stands after all: fourth of three
    assert [figure(found, "place", order=o)["value"] for o in "abc"] == pytest.approx([8 / 4, 8 / 4, 12 / 4])


def test_a_grid_gives_one_figure_per_item(tmp_path):
    found = kinds(tmp_path, "{id: trusted, share: trust >= 4, by: trust}", "{id: mark, mean: trust, by: trust}")
    assert figure(found, "trusted", trust="speed")["value"] == pytest.approx(2 / 4)
    assert (figure(found, "mark", trust="price")["value"], figure(found, "mark", trust="price")["n"]) == (2, 3)
    assert figure(found, "mark", trust="speed", sex="m")["value"] == 2.5


def test_a_list_without_fixed_codes_has_the_codes_that_people_gave(tmp_path):
    found = kinds(tmp_path, "{id: shop, share: shop}")
    assert [figure(found, "shop", shop=s)["value"] for s in ("Oslo", "Rome")] == pytest.approx([1 / 2, 1 / 2])


def test_options_taken_together_count_a_person_once(tmp_path):
    found = kinds(tmp_path, "{id: use, share: used}")
    net = figure(found, "use", net="used.any")
    assert (net["value"], net["part"]) == (pytest.approx(3 / 4), "net")
    assert found["labels"]["net:used.any"]["en"] == "Any"


def test_what_texts_say_is_read_and_the_reader_is_named(tmp_path):
    found = kinds(tmp_path, "{id: bad, share: polarity(why) == negative}", "{id: plain, share: got >= 7}")
    bad = figure(found, "bad")
    assert (bad["value"], bad["n"]) == (pytest.approx(1 / 3), 3)
    assert bad["lineage"]["coder"]
    assert not figure(found, "plain")["lineage"]["coder"]


def test_people_in_two_categories_of_the_banner_are_in_both(tmp_path):
    both = KINDS.replace("[sex]", "[sex, used]")
    found = kinds(tmp_path, "{id: mark, mean: hoped}", "{id: use, share: used}", text=both)
    assert [figure(found, "mark", used=c)["value"] for c in ("phone", "email", "none")] == [8, 8.5, 5]
    crossed = [e["segment"] for e in found["estimates"] if e["indicator"] == "use" and len(e["segment"]) > 1]
    assert {name for segment in crossed for name in segment} == {"channel", "used", "net", "sex"}
    assert all("sex" in segment for segment in crossed), "a question is not broken by itself"
