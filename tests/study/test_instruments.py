"""The difference of two waves' instruments: every item is found, classified, and told in both languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from small import loaded, write
from vigie.study.identity import indicator_identity
from vigie.study.instruments import RULES, differences, notes_of
from vigie.study.otherwise import Found

STUDY = """
study: waves
title: Waves
languages: [en]
channels: [phone, email, chat, post]
brands: brands.csv
banner: [sex]
questions:
  - {id: sex, kind: single, label: Sex, options: {f: Woman, m: Man}}
  - {id: used, kind: multiple, label: Used, options: channels, without: post, none: None}
  - {id: glad, kind: single, label: Are you “glad”?, options: {y: Yes, n: No}, dont_know: {code: dk}}
  - {id: mark, kind: scale, label: Mark, per: {channel: used}, scale: {from: 1, to: 10, low: Bad, high: Good},
     boxes: {top: {label: Top, from: 9, to: 10}}}
  - {id: calls, kind: numeric, label: Calls, minimum: 0, maximum: 50, unit: calls, ask_if: any(used)}
  - {id: best, kind: ranking, label: Best, options: {a: A, b: B, c: C}, places: 2}
  - {id: why, kind: multiple, label: Why, options: {p: Price, s: Speed, o: Other}, specify: o,
     nets: {ps: {label: Both, of: [p, s]}}}
  - {id: day, kind: date, label: Day, refused: {code: rf}}
  - {id: favourite, kind: single, label: Favourite, options: brands}
indicators:
  - {id: glad, share: glad == y}
  - {id: usage, share: used}
  - {id: channels, mean: count(used)}
  - {id: contacted, share: any(used)}
  - {id: mark, mean: mark, by: channel}
  - {id: mark_all, mean: mark}
  - {id: calls, mean: calls}
  - {id: best, share: best}
  - {id: why, share: why}
  - {id: favourite, share: favourite}
mystery: {grids: {phone: phone.yaml, email: phone.yaml}, channel_weights: SCORES}
weighting: {everyone: {margins: "m{wave}.csv"}}
imports: {weighted: {weight: w}}
waves:
ZEROTH
  - {id: "1", instrument: one.yaml, files: {survey: {path: a.csv, import: weighted}, tests: t.csv}FIRST}
  - {id: "2", files: {survey: b.csv, tests: u.csv}SECOND}
"""
GRID = """grid: phone
dimensions:
  - id: all
    label: All
    weight: 2
    criteria: [{id: solved, label: Solved, out_of: 5}, {id: kind, label: Was kind, needs_reply: false}]
"""
DATA = dict.fromkeys(("a.csv", "b.csv", "c.csv", "t.csv", "u.csv"), "")  # read by nobody here
MARGINS = "variable,category,share\nsex,f,0.5\nsex,m,0.5\n"


def waves(
    folder: Path, instrument: str = "[]", *, first: str = "", second: str = "", zeroth: str = "", more: str = "",
    scores: str = "{phone: 2, email: 1}", languages: str = "[en]", declared: str = "", **files: str,
):  # fmt: skip
    """The study and its two waves, of which the first was fielded with an instrument of its own."""
    text = STUDY.replace("FIRST", first).replace("SECOND", second).replace("ZEROTH\n", zeroth)
    text = text.replace("SCORES", scores).replace("[en]", languages)
    text = text.replace("share: glad == y}", f"share: glad == y{declared}}}")
    made = {
        "study.yaml": text, "one.yaml": f"questions: {instrument}\n{more}", "phone.yaml": GRID,
        "brands.csv": "brand,name,sector\na,Alpha,s\n", "m1.csv": MARGINS, "m2.csv": MARGINS, **DATA,
    }  # fmt: skip
    study = loaded(write(folder, made | {name.replace("_", "."): text for name, text in files.items()}))
    return study, study.waves["1"], study.waves["2"]


def found(*made):
    return {(d.rule, d.subject): d for d in differences(*made)}


ITEMS = [
    # what the first wave asked otherwise, the rule, its subject, and the indicators that begin anew
    ("[{id: glad, label: Are you happy?}]", "reworded", "glad", {"glad"}),
    ("[{id: glad, label: 'Are  you \"glad\" ?'}]", "retyped", "glad", set()),
    ("[{id: glad, options: {y: Yes}}]", "options_added", "glad", {"glad"}),
    ("[{id: glad, options: {y: Yes, n: No, m: Maybe}}]", "options_removed", "glad", {"glad"}),
    ("[{id: glad, options: {y: Oh yes, n: No}}]", "options_relabelled", "glad", {"glad"}),
    ("[{id: glad, options: {n: No, y: Yes}}]", "options_moved", "glad", set()),
    ("[{id: glad, options: {y: {en: Yes, fr: Oui}, n: No}}]", "options_retyped", "glad", set()),
    ("[{id: glad, dont_know: {code: dk, in_base: true}}]", "dont_know_counted", "glad", {"glad"}),
    ("[{id: glad, dont_know: {code: 99}}]", "dont_know_code", "glad", set()),
    ("[{id: glad, dont_know: null}]", "dont_know_offered", "glad", {"glad"}),
    ("[{id: glad, refused: {code: rf}}]", "refusal_offered", "glad", set()),
    ("[{id: glad, ask_if: any(used)}]", "routing", "glad", {"glad"}),
    ("[{id: day, kind: open}]", "kind_changed", "day", set()),
    ("[{id: used, without: [chat, post]}]", "channels_added", "used", {"channels", "contacted", "mark_all", "calls"}),
    ("[{id: used, without: []}]", "channels_removed", "used", {"channels", "contacted", "mark_all", "calls"}),
    (
        "[{id: used, none: Nothing}]",
        "options_relabelled",
        "used",
        {"usage", "channels", "contacted", "mark", "mark_all", "calls"},
    ),
    ("[{id: mark, scale: {from: 0, to: 10, low: Bad, high: Good}}]", "scale_marks", "mark", {"mark", "mark_all"}),
    ("[{id: mark, scale: {from: 1, to: 10, low: Awful, high: Good}}]", "scale_ends", "mark", {"mark", "mark_all"}),
    ("[{id: mark, scale: {from: 1, to: 10, low: {en: Bad, fr: Nul}, high: Good}}]", "scale_retyped", "mark", set()),
    ("[{id: mark, boxes: {top: {label: Top, from: 8, to: 10}}}]", "combined", "mark", set()),
    ("[{id: mark, per: {channel: used, at_most: 2, choose: random}}]", "loop", "mark", {"mark", "mark_all"}),
    ("[{id: calls, maximum: 90}]", "number_range", "calls", {"calls"}),
    ("[{id: calls, unit: hours}]", "number_unit", "calls", {"calls"}),
    ("[{id: best, places: 3}]", "places", "best", {"best"}),
    ("[{id: why, exclusive: [o]}]", "options_alone", "why", {"why"}),
    ("[{id: why, nets: {}}]", "combined", "why", set()),
    ("[{id: why, specify: []}]", "specify", "why", set()),
    ("[{id: day, earliest: 2020-01-01}]", "date_range", "day", set()),
    ("[{id: day, refused: {code: 99}}]", "refusal_code", "day", set()),
    ("[{id: favourite, options: {a: Alpha}}]", "definition", "favourite", {"favourite"}),
    ("[{id: day, remove: true}]", "question_added", "day", set()),
    ("[{id: later, kind: date, label: Later}]", "question_removed", "later", set()),
]


@pytest.mark.parametrize(("instrument", "rule", "subject", "broken"), ITEMS, ids=[f"{i[1]} {i[2]}" for i in ITEMS])
def test_each_difference_of_a_question_is_found_and_breaks_what_depends_on_it(
    tmp_path, instrument, rule, subject, broken
):
    item = found(*waves(tmp_path, instrument))[rule, subject]
    assert item.severity == RULES[rule].severity
    assert set(item.broken) == broken
    assert item.sentence["en"] != item.sentence["fr"]
    assert not re.search(r"\{\w+\}", item.sentence["fr"])


WAVES = [
    ({"first": ", mode: phone"}, "mode", "break"),
    ({"first": ", panel: other"}, "panel", "break"),
    ({"first": ", population: {en: Adults}"}, "universe", "break"),
    ({"first": ", population: {en: All people interviewed, fr: Tous}"}, "universe_retyped", "harmless"),
    ({"first": ", interviews: {past: glad}"}, "interviews", "note"),
    ({"first": ", weights: as_given"}, "weights", "note"),
    ({"first": ", people: same", "second": ", people: fresh", "m0_csv": MARGINS,
      "zeroth": '  - {id: "0", files: {survey: c.csv}}\n'}, "people", "note"),
    ({"instrument": "[{id: sex, options: {f: Woman, m: Man, x: Other}}]", "m1_csv": f"{MARGINS}sex,x,0\n"},
     "margin_categories", "note"),
    ({"first": ", mode: phone", "scores": "{from: usage}"}, "channel_weights", "break"),
    ({"m1_csv": MARGINS.replace("0.5", "0.4", 1).replace("0.5", "0.6")}, "margin_totals", "harmless"),
    ({"m1_csv": "variable,category,share\nglad,y,0.5\nglad,n,0.5\n"}, "margins", "note"),
]  # fmt: skip


@pytest.mark.parametrize(("edits", "rule", "severity"), WAVES, ids=[w[1] for w in WAVES])
def test_each_difference_of_a_wave_is_found(tmp_path, edits, rule, severity):
    made = waves(tmp_path, **edits)
    (item,) = (d for d in differences(*made) if d.rule == rule)
    assert item.severity == severity
    touched = {"mystery_score"} if rule == "channel_weights" else {i.id for i in made[0].indicators.values()}
    assert set(item.indicators) == touched
    assert set(item.broken) == (touched if severity == "break" else set())


GRIDS = [
    (GRID.replace("label: Solved", "label: Was it solved"), "criterion_reworded", "break"),
    (GRID.replace("out_of: 5", "out_of: 10"), "criterion_marks", "break"),
    (GRID, "", ""),
    (GRID.replace("needs_reply: false", "weight: 3, needs_reply: false"), "grid_weights", "break"),
    (GRID.replace(", needs_reply: false", ""), "criterion_reply", "break"),
    (GRID.replace(", {id: kind, label: Was kind, needs_reply: false}", ""), "criteria_added", "break"),
    (GRID.replace("[{id: solved", "[{id: old, label: Old}, {id: solved"), "criteria_removed", "break"),
    (GRID.replace("grid: phone", "grid: phone\nversion: '0'"), "grid_retyped", "harmless"),
]


@pytest.mark.parametrize(("grid", "rule", "severity"), GRIDS, ids=[g[1] or "same" for g in GRIDS])
def test_each_difference_of_a_grid_is_found(tmp_path, grid, rule, severity):
    made = differences(*waves(tmp_path, first=", grids: {phone: old.yaml}", old_yaml=grid))
    items = {d.rule: d for d in made if d.of == "grid"}
    assert set(items) == ({rule} if rule else set())
    if rule:
        assert (items[rule].severity, items[rule].subject) == (severity, "phone")
        assert items[rule].broken == (("mystery_score",) if severity == "break" else ())


SAME_MEANING = [
    ("[{id: calls, ask_if: 'any( used )'}]", "[]"),
    ("[{id: glad, ask_if: everyone}]", "[]"),
    (
        "[{id: mark, per: {channel: used, except: [chat, phone]}}]",
        "[{id: mark, per: {channel: used, except: [phone, chat]}}]",
    ),
    ("[{id: best, options: {a: A, b: B}}]", "[{id: best, options: {a: A, b: B}, places: null}]"),
]  # fmt: skip


@pytest.mark.parametrize(("one", "two"), SAME_MEANING, ids=["spaces", "everyone", "except", "places"])
def test_what_is_written_otherwise_and_means_the_same_is_no_difference(tmp_path, one, two):
    made = waves(tmp_path, one, second=", instrument: two.yaml", two_yaml=f"questions: {two}")
    assert differences(*made) == ()


def test_a_difference_that_the_identity_does_not_see_is_told_all_the_same(tmp_path, monkeypatch):
    unseen = Found("routing", "question", "glad", {"": "Glad"}, "a", "b")
    monkeypatch.setattr("vigie.study.instruments.questionnaire", lambda *_: [unseen])
    (item,) = differences(*waves(tmp_path))
    assert (item.severity, item.broken, item.declared) == ("break", (), "")


SECOND_LANGUAGE = [
    ({"instrument": "[{id: glad, label: {fr: Are you “glad”?, en: Are you happy?}}]"}, "reworded", "Are you happy?",
     "Are you “glad”?"),
    ({"instrument": "[{id: glad, options: {y: {fr: Yes, en: Sure}, n: No}}]"}, "options_relabelled", "Sure", "Yes"),
    ({"instrument": "[{id: mark, scale: {from: 1, to: 10, low: {fr: Bad, en: Awful}, high: Good}}]"}, "scale_ends",
     "Awful / Good", "Bad / Good"),
    ({"instrument": "[{id: calls, unit: {fr: calls, en: times}}]"}, "number_unit", "times", "calls"),
    ({"first": ", population: {fr: Ensemble des personnes interrogées, en: Adults}"}, "universe", "Adults",
     "All people interviewed"),
    ({"first": ", grids: {phone: old.yaml}", "old_yaml": GRID.replace("Solved", "{fr: Solved, en: Was it solved}")},
     "criterion_reworded", "Was it solved", "Solved"),
]  # fmt: skip


@pytest.mark.parametrize(("edits", "rule", "before", "now"), SECOND_LANGUAGE, ids=[c[1] for c in SECOND_LANGUAGE])
def test_a_change_in_the_second_language_of_the_field_is_told_in_that_language(tmp_path, edits, rule, before, now):
    (item,) = (d for d in differences(*waves(tmp_path, languages="[fr, en]", **edits)) if d.rule == rule)
    assert (item.before, item.now) == (before, now)


def plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def test_a_loop_is_told_in_the_language_of_the_reader(tmp_path):
    drawn = "[{id: mark, per: {channel: used, at_most: 1, choose: random, except: chat}}]"
    item = found(*waves(tmp_path, drawn))["loop", "mark"]
    assert (item.before, item.now) == ("per channel of used, random 1, except chat", "per channel of used")
    told = "pour chaque canal de « used » au lieu de pour chaque canal de « used », au plus 1, au hasard, sauf chat."
    assert plain(item.sentence["fr"]) == f"« mark » est répétée autrement : {told}"


def test_words_of_the_study_are_not_taken_for_codes(tmp_path):
    options = "{p: Price, s: Speed, o: Other, m: post}"
    made = found(*waves(tmp_path, f"[{{id: why, options: {options}}}]", first=", panel: web"))
    assert made["options_removed", "why"].sentence["en"] == "“why” no longer offers: post."
    assert plain(made["panel", "2"].sentence["fr"]).endswith(": non précisé au lieu de web.")


def test_a_question_asked_elsewhere_is_told_and_those_around_it_are_not(tmp_path):
    made = found(*waves(tmp_path, more="order: [sex, glad, used, mark, calls, best, why, day]\n"))
    assert [key for key in made if key[0] == "moved"] in ([("moved", "used")], [("moved", "glad")])
    assert all(d.severity == "note" and not d.broken for d in made.values())


def test_waves_of_one_instrument_differ_in_nothing(tmp_path):
    assert not differences(*waves(tmp_path))


def test_another_automatic_reader_breaks_what_it_reads(tmp_path):
    study, before, now = waves(tmp_path)
    (item,) = differences(study, before, now, ("lexicon 1", "lexicon 2"))
    assert (item.rule, item.severity, item.broken) == ("coder", "break", ())


def test_no_indicator_begins_anew_without_a_reason_and_none_goes_on_that_differs(tmp_path):
    for number, (instrument, *_) in enumerate(ITEMS):
        study, before, now = waves(tmp_path / str(number), instrument)
        told = {name for d in differences(study, before, now) for name in d.broken}
        pairs = {i.id: [indicator_identity(study, w, i) for w in (before, now)] for i in study.indicators.values()}
        assert told == {name for name, (one, two) in pairs.items() if one and two and one != two}, instrument


def test_notes_are_those_of_the_indicators_that_they_touch(tmp_path):
    notes = notes_of(differences(*waves(tmp_path, "[{id: used, without: [chat, post]}]")))
    assert notes["usage"] == ("channels_added",)
    assert "glad" not in notes


# what is declared


SAME = '[{id: glad, label: Are you happy?, same_as: {wave: "1", reason: Only the word}}]'


def test_a_change_declared_harmless_is_told_with_its_reason_and_breaks_nothing(tmp_path):
    study, before, now = waves(tmp_path, SAME)
    item = found(study, before, now)["reworded", "glad"]
    assert (item.severity, item.broken, item.declared) == ("break", (), "same_as")
    assert item.reason == {"": "Only the word"}
    glad = study.indicators["glad"]
    assert indicator_identity(study, before, glad) == indicator_identity(study, now, glad)
    assert "same_as" in notes_of([item])["glad"]


def three_waves(folder: Path, declared: str):
    """The study with a third wave, where people were asked three times in other words."""
    third = '}\n  - {id: "3", instrument: three.yaml, files: {survey: c.csv}'
    return waves(
        folder, "[{id: glad, label: Happy?}]", second=third, three_yaml="questions: [{id: glad, label: Merry?}]",
        m3_csv=MARGINS, declared=declared,
    )[0]  # fmt: skip


def test_a_declaration_covers_the_next_change_alone(tmp_path):
    study = three_waves(tmp_path, ', same_as: {wave: "1", reason: Checked}')
    one, two, three = (indicator_identity(study, study.waves[w], study.indicators["glad"]) for w in "123")
    assert one == two
    assert three != two


LOOPS = """
study: loops
title: Loops
languages: [en]
channels: [phone, email]
questions:
  - {id: one, kind: multiple, label: One, options: channels}
  - {id: two, kind: multiple, label: Two, options: channels}
  - {id: a, kind: numeric, label: New, per: {channel: two}, same_as: {wave: "1", reason: why}}
  - {id: b, kind: numeric, label: B, per: {channel: two}}
indicators:
  - {id: both, share: a > b}
waves:
  - {id: "1", instrument: one.yaml, files: {survey: a.csv}}
  - {id: "2", files: {survey: b.csv}}
"""


def test_an_indicator_of_questions_that_no_longer_go_together_begins_anew(tmp_path):
    before = "questions: [{id: a, label: Old, per: {channel: one}}, {id: b, per: {channel: one}}]\n"
    study = loaded(write(tmp_path, {"study.yaml": LOOPS, "one.yaml": before, **DATA}))
    assert indicator_identity(study, study.waves["2"], study.indicators["both"]) is not None
    assert found(study, study.waves["1"], study.waves["2"])["loop", "b"].broken == ("both",)


def test_a_change_is_told_with_the_reason_that_was_given_for_it(tmp_path):
    given = ", same_as: [{wave: '1', reason: Once}, {wave: '2', reason: Again}]"
    study = three_waves(tmp_path, given)
    pairs = (("1", "2"), ("2", "3"), ("1", "3"))
    told = [found(study, *(study.waves[w] for w in pair))["reworded", "glad"].reason for pair in pairs]
    assert told == [{"": "Once"}, {"": "Again"}, {"": "Again"}]


def test_every_rule_has_a_sentence_and_is_met_by_a_case():
    cases = {i[1] for i in ITEMS} | {w[1] for w in WAVES} | {g[1] for g in GRIDS}
    elsewhere = {"moved", "coder"}  # each has a test of its own above
    assert cases - {""} | elsewhere == set(RULES)
    page = (Path(__file__).parents[2] / "docs" / "why" / "waves.md").read_text(encoding="utf-8")
    assert all(f"`{rule}`" in page for rule in RULES), [r for r in RULES if f"`{r}`" not in page]
