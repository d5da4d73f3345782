"""A change is tested only where it can be: one identity, bases that are not flagged, Holm over the segments."""

from __future__ import annotations

import pytest
import scipy.stats

from line import figure, results, study_folder
from vigie.errors import VigieError

STUDY = """
study: two
title: Two waves
languages: [en]
show: {hide: 2, fragile: 10}
questions:
  - {id: sex, kind: single, label: Sex, options: {f: F, m: M}}
  - {id: yes, kind: single, label: "Are you “happy” ?", options: {y: Yes, n: No}}
indicators:
  - {id: happy, share: yes == y}
banner: [sex]
waves:
  - {id: "1", files: {survey: one.csv}FIRST}
  - {id: "2", people: fresh, files: {survey: two.csv}}
"""


def survey(yes: int, of: int, women: int) -> str:
    rows = [f"{i},{'f' if i < women else 'm'},{'y' if i < yes else 'n'}" for i in range(of)]
    return "\n".join(["respondent,sex,yes", *rows])


def second(folder, *, first="", instrument="", now=(80, 100), then=(50, 100), women=50):
    files = {
        "study.yaml": STUDY.replace("FIRST", first),
        "one.csv": survey(*then, women),
        "two.csv": survey(*now, women),
    }
    if instrument:
        files["one.yaml"] = instrument
    return results(study_folder(folder, files))["2"]


def test_a_large_difference_goes_up_and_a_small_one_nowhere(tmp_path):
    change = figure(second(tmp_path / "a"), "happy")["change"]
    assert (change["verdict"], change["wave"]) == ("up", "1")
    assert change["difference"] == pytest.approx(0.3)
    assert change["se"] == pytest.approx((0.8 * 0.2 / 99 + 0.25 / 99) ** 0.5)
    assert figure(second(tmp_path / "b", now=(52, 100)), "happy")["change"]["verdict"] == "none"


def test_a_flagged_base_has_no_arrow(tmp_path):
    found = second(tmp_path, women=8)
    change = figure(found, "happy", sex="f")["change"]
    assert (change["verdict"], change["reason"]) == ("untested", "small_base")


@pytest.mark.parametrize(
    ("first", "instrument", "reason"),
    [
        (", mode: phone", "", "mode"),
        (", panel: other", "", "panel"),
        (", instrument: one.yaml", "questions: [{id: yes, label: Are you glad?}]", "wording"),
        (", instrument: one.yaml", "questions: [{id: yes, options: {y: Yes, n: No, d: Maybe}}]", "options"),
        (", instrument: one.yaml", 'questions: [{id: yes, ask_if: "sex in [f, m]"}]', "base"),
        (", instrument: one.yaml", "questions: [{id: yes, dont_know: {code: dk, in_base: true}}]", "dont_know"),
    ],
)
def test_a_change_of_identity_breaks_the_trend(tmp_path, first, instrument, reason):
    change = figure(second(tmp_path, first=first, instrument=instrument), "happy")["change"]
    assert (change["verdict"], change["reason"], change["difference"]) == ("break", reason, None)


def test_quotes_and_spaces_change_no_identity(tmp_path):
    instrument = "questions: [{id: yes, label: 'Are  you \"happy\"?'}]"
    change = figure(second(tmp_path, first=", instrument: one.yaml", instrument=instrument), "happy")["change"]
    assert change["verdict"] == "up"


def test_a_question_that_was_not_asked_before_is_not_compared(tmp_path):
    instrument = "questions: [{id: yes, remove: true}]"
    assert figure(second(tmp_path, first=", instrument: one.yaml", instrument=instrument), "happy")["change"] is None


def test_segments_of_one_kind_share_the_error(tmp_path):
    found = second(tmp_path, now=(62, 100))
    alone = figure(found, "happy")["change"]
    assert alone["p_adjusted"] == pytest.approx(alone["p"])
    parts = [figure(found, "happy", sex=s)["change"] for s in "fm"]
    tested = [c for c in parts if c["p"] is not None]
    assert all(c["p_adjusted"] >= c["p"] for c in tested)


def test_a_base_that_was_defined_otherwise_breaks_the_trend(tmp_path):
    text = STUDY.replace("FIRST", ", instrument: one.yaml").replace(
        "share: yes == y", "share: yes == y, base: sex == f"
    )
    instrument = "questions: [{id: sex, options: {f: Woman, m: Man}}]"
    files = {"study.yaml": text, "one.yaml": instrument, "one.csv": survey(50, 100, 60), "two.csv": survey(80, 100, 60)}
    change = figure(results(study_folder(tmp_path, files))["2"], "happy")["change"]
    assert (change["verdict"], change["reason"]) == ("break", "base")


def test_a_translation_changes_no_identity(tmp_path):
    text = STUDY.replace("FIRST", "").replace("title: Two waves", "title: Two waves\npopulation: {en: All, fr: Tous}")
    files = {"one.csv": survey(50, 100, 50), "two.csv": survey(80, 100, 50)}
    before = results(study_folder(tmp_path / "a", files | {"study.yaml": text}))["2"]
    after = results(study_folder(tmp_path / "b", files | {"study.yaml": text.replace("fr: Tous", "fr: Ensemble")}))["2"]
    assert figure(before, "happy")["identity"] == figure(after, "happy")["identity"]


def test_waves_listed_against_the_order_of_time_are_refused(tmp_path):
    text = STUDY.replace('{id: "1",', '{id: "1", field: [2025-01-01, 2025-02-01],').replace("FIRST", "")
    text = text.replace('{id: "2",', '{id: "2", field: [2024-01-01, 2024-02-01],')
    files = {"study.yaml": text, "one.csv": survey(50, 100, 50), "two.csv": survey(80, 100, 50)}
    with pytest.raises(VigieError, match="before the one above it"):
        results(study_folder(tmp_path, files))


BRANDED = """
study: brands
title: Brands
languages: [en]
channels: [phone, email]
brands: brands.csv
mystery: {grids: {phone: grid.yaml, email: grid.yaml}, min_tests: 5}
waves:
  - {id: "1", field: [2023-01-01, 2023-02-01], files: {tests: one.csv}}
  - {id: "2", field: [2024-01-01, 2024-02-01], files: {tests: two.csv}}
"""
GRID = "grid: one\ndimensions: [{id: d, label: D, criteria: [{id: ok, label: OK, out_of: 10}]}]\n"


def marked(tests=40, **marks):
    """So many tests a cell, `brand_channel` by its mean mark, plus or minus one."""
    rows = [
        f"{name.replace('_', ',')},answered,{mark + (1 if k % 2 else -1)}"
        for name, mark in marks.items()
        for k in range(tests)
    ]
    return "\n".join(["test,brand,channel,outcome,ok", *(f"{i},{row}" for i, row in enumerate(rows))])


def branded(folder, first, then, brands="a,Alpha,s\nb,Beta,s\nc,Gamma,s"):
    files = {
        "study.yaml": BRANDED,
        "grid.yaml": GRID,
        "brands.csv": f"brand,name,sector,from,until,succeeds\n{brands}\n",
    }
    return results(study_folder(folder, files | {"one.csv": first, "two.csv": then}))["2"]


def test_new_brands_are_no_change_of_a_channel(tmp_path):
    found = branded(tmp_path, marked(a_phone=8), marked(a_phone=8, b_phone=3, c_phone=2))
    change = figure(found, "mystery_score", channel="phone")["change"]
    assert change["difference"] == pytest.approx(0)
    assert (change["verdict"], change["notes"]) == ("none", ["common_brands"])


def test_a_channel_that_moves_at_the_same_brands_is_a_change(tmp_path):
    found = branded(tmp_path, marked(a_phone=8, b_phone=7), marked(a_phone=6, b_phone=5, c_phone=2))
    assert figure(found, "mystery_score", channel="phone")["change"]["verdict"] == "down"


def test_where_both_waves_tested_the_same_brands_nothing_is_told(tmp_path):
    found = branded(tmp_path, marked(a_phone=8, b_phone=7), marked(a_phone=6, b_phone=5))
    change = figure(found, "mystery_score", channel="phone")["change"]
    assert (change["verdict"], change["notes"]) == ("down", [])


def many(brands):
    return "\n".join(f"{b},{b.upper()},s" for b in brands)


def test_a_channel_of_which_each_wave_tested_other_brands_is_not_compared(tmp_path):
    """Brands of 3 and brands of 8: neither has changed."""
    found = branded(tmp_path, marked(a_phone=3, b_phone=3), marked(c_phone=8, d_phone=8), many("abcd"))
    change = figure(found, "mystery_score", channel="phone")["change"]
    assert (change["difference"], change["verdict"], change["reason"]) == (None, "untested", "other_brands")


def test_brands_with_too_few_tests_to_be_shown_are_common_all_the_same(tmp_path):
    """Ten brands of four tests each that stayed, marks 6 ± 1, beside ten new ones of 9: nothing has changed."""
    stayed, new = {f"{b}_phone": 6 for b in "abcdefghij"}, {f"{b}_phone": 9 for b in "klmnopqrst"}
    brands = many("abcdefghijklmnopqrst")
    found = branded(tmp_path, marked(4, **stayed), marked(4, **stayed, **new), brands)
    phone = figure(found, "mystery_score", channel="phone")
    change = phone["change"]
    assert phone["value"] == pytest.approx(20 * 7.5 / 10)  # the figure itself is of all twenty, on a scale of 20
    assert change["difference"] == pytest.approx(0)
    assert (change["verdict"], change["notes"]) == ("none", ["common_brands"])
    # a mean of ten brands: s² = 4/3 of a mark, pooled over the brands; two waves, on a scale of 20
    assert change["se"] == pytest.approx(2 * (2 * 4 / 3 / 4 / 10) ** 0.5)
    assert "thin" not in found
    assert {c["score"] for c in found["cells"]} == {None}  # no brand's own score is shown


def test_the_degrees_of_freedom_of_common_brands_are_those_of_their_tests(tmp_path):
    """One brand in common, forty tests of 8 ± 1 and of 7.5 ± 1: t = 0.5/√(2 · s²/40), s² = 40/39, at 2 · 39."""
    found = branded(tmp_path, marked(a_phone=8, b_phone=3), marked(a_phone=7.5, c_phone=2))
    change = figure(found, "mystery_score", channel="phone")["change"]
    t = 0.5 / (2 * (40 / 39) / 40) ** 0.5
    assert change["difference"] == pytest.approx(-1)
    assert change["p"] == pytest.approx(2 * scipy.stats.t.sf(t, 78))


@pytest.mark.parametrize(("tests", "shown"), [(3, False), (12, True)])
def test_what_the_common_brands_alone_tell_has_their_base(tmp_path, tests, shown):
    """One brand in common, with three or twelve tests, beside others with forty: its base is hidden, or fragile."""
    header, *rows = marked(tests, a_phone=3).splitlines()
    kept = [header, *(f"a{row}" for row in rows)]
    first, then = (marked(**{f"{b}_phone": 8}).splitlines()[1:] for b in "bc")
    found = branded(tmp_path, "\n".join(kept + first), "\n".join(kept + then), many("abc"))
    change = figure(found, "mystery_score", channel="phone")["change"]
    assert (change["difference"] is not None) == shown
    assert (change["verdict"], change["reason"]) == ("untested", "small_base")


def test_a_score_over_other_channels_is_not_compared(tmp_path):
    found = branded(tmp_path, marked(a_phone=8, b_phone=5), marked(a_phone=8, b_phone=5, b_email=5))
    changes = {b: figure(found, "mystery_score", brand=b)["change"] for b in "ab"}
    assert changes["a"]["verdict"] == "none"
    assert (changes["b"]["verdict"], changes["b"]["reason"]) == ("break", "channels")


def test_a_brand_that_took_over_another_breaks(tmp_path):
    brands = "a,Alpha,s,,2023-06-30,\na,Alpha,s,2023-07-01,,b\nb,Beta,s,,2023-06-30,"
    found = branded(tmp_path, marked(a_phone=8, b_phone=5), marked(a_phone=8), brands=brands)
    change = figure(found, "mystery_score", brand="a")["change"]
    assert (change["verdict"], change["reason"]) == ("break", "merged")


def regraded(folder, old: str, first: str, more: str = ""):
    """Two waves, of which the first marked the telephone by a grid of its own."""
    text = BRANDED.replace('{id: "1",', '{id: "1", grids: {phone: old.yaml},')
    brands = "brand,name,sector\na,Alpha,s\nb,Beta,s\n"
    files = {"study.yaml": text, "grid.yaml": GRID + more, "old.yaml": old, "brands.csv": brands, "one.csv": first}
    then = marked(a_phone=6, b_phone=5, a_email=6, b_email=5)
    return results(study_folder(folder, files | {"two.csv": then}))


def test_a_grid_of_another_year_breaks_its_channel_and_no_other(tmp_path):
    first = marked(a_phone=8, b_phone=5, a_email=8, b_email=5)
    found = regraded(tmp_path, GRID.replace("label: OK", "label: Was it solved?"), first)["2"]
    phone, email = (figure(found, "mystery_score", channel=c)["change"] for c in ("phone", "email"))
    assert (phone["verdict"], phone["reason"]) == ("break", "grid")
    assert email["verdict"] == "down"
    (item,) = (d for d in found["differences"] if d["of"] == "grid")
    assert (item["rule"], item["subject"]) == ("criterion_reworded", "phone")


def test_marks_are_read_by_the_grid_of_their_wave(tmp_path):
    old = "grid: old\ndimensions: [{id: d, label: D, criteria: [{id: kind, label: Kind, out_of: 5}]}]\n"
    rows = [f"{i},a,phone,answered,{4 + i % 2}" for i in range(40)]
    found = regraded(tmp_path, old, "\n".join(["test,brand,channel,outcome,kind", *rows]))["1"]
    assert figure(found, "mystery_score", channel="phone")["value"] == pytest.approx(20 * 4.5 / 5)


def test_a_change_of_a_grid_that_is_declared_harmless_is_tested(tmp_path):
    first = marked(a_phone=8, b_phone=5, a_email=8, b_email=5)
    declared = "same_as: {wave: '1', reason: Only the word}\n"
    found = regraded(tmp_path, GRID.replace("label: OK", "label: Fine"), first, declared)["2"]
    change = figure(found, "mystery_score", channel="phone")["change"]
    assert (change["verdict"], change["notes"]) == ("down", ["same_as"])
