"""Weights by every method, by population, of some, trimmed, of several panels, and as given; beside R's answers."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from line import figure, results, study_folder
from reference_people import NEAR, STUDY, margins_csv, write_people
from small import command, edit

WANT = json.loads((Path(__file__).parents[1] / "reference" / "weighting.json").read_text(encoding="utf-8"))
MARGINS = {variable: WANT["shares"][variable] for variable in ("sex", "age")}
NUMBER = {"x": {"": WANT["mean_x"]}}


def run(folder: Path, weighting: str, margins: str, *, study: str = STUDY) -> dict:
    """The reference's people, weighted as told to these margins."""
    write_people(folder)
    (folder / "margins.csv").write_text(margins, encoding="utf-8")
    (folder / "study.yaml").write_text(f"{study}weighting: {weighting}\n", encoding="utf-8")
    return results(folder)["w"]


def by_segment(populations: Mapping[str, Mapping[str, Mapping[str, float]]], amount: str) -> str:
    """A file of margins with a column more, the population that each line is of."""
    files = {segment: margins_csv(margins, amount).splitlines() for segment, margins in populations.items()}
    head = next(iter(files.values()))[0]
    return "\n".join([f"segment,{head}", *(f"{s},{line}" for s, lines in files.items() for line in lines[1:])])


def agrees(found: dict, want: dict) -> None:
    for k, indicator in enumerate(("y", "x")):
        whole = figure(found, indicator)
        assert whole["value"] == pytest.approx(want["value"][k], **NEAR)
        assert whole["se"] == pytest.approx(want["se"][k], rel=1e-9, abs=1e-14)
    for s, segment in enumerate(("north", "south", "west")):
        part = figure(found, "y", segment=segment)
        assert [part["value"], part["se"]] == pytest.approx([want["by_value"][s], want["by_se"][s]], **NEAR)


@pytest.mark.parametrize(
    ("name", "how"),
    [
        ("raking", "method: raking"),
        ("linear", "method: linear"),
        ("logit", "method: logit, bounds: [0.7, 1.5]"),
        ("truncated", "method: truncated, bounds: [0.75, 1.4]"),
        ("bounded", "method: raking, bounds: [0.75, 1.4]"),
    ],
)
def test_every_method_agrees_with_r_on_categories_and_a_number(tmp_path, name, how):
    margins = margins_csv(MARGINS | NUMBER, "share")
    found = run(tmp_path, f"{{everyone: {{margins: margins.csv, {how}}}}}", margins)
    agrees(found, WANT[name])
    told = found["weighting"]
    assert told["method"] == f"base+{'raking' if name == 'bounded' else name}"
    number = told["margins"][-1]
    assert (number["variable"], number["category"]) == ("x", "")
    assert [number["target"], number["after"]] == pytest.approx([WANT["mean_x"]] * 2)
    assert number["before"] != pytest.approx(WANT["mean_x"], rel=1e-3)


def test_totals_of_people_and_of_a_number_are_those_of_one_population(tmp_path):
    people = 5000
    totals = {v: {k: amount * people for k, amount in own.items()} for v, own in (MARGINS | NUMBER).items()}
    agrees(run(tmp_path, "{everyone: {margins: margins.csv}}", margins_csv(totals)), WANT["raking"])


def test_each_population_has_margins_and_a_size_of_its_own(tmp_path):
    totals = {}
    for country, size in WANT["populations"]["sizes"].items():
        women, young = (WANT["populations"][name][country] * size for name in ("women", "young"))
        older = (size - young) / 2
        totals[country] = {"sex": {"f": women, "m": size - women}, "age": {"a1": young, "a2": older, "a3": older}}
    study = STUDY.replace(", east: E, center: C", "")
    margins = by_segment(totals, "total")
    found = run(tmp_path, "{by: segment, everyone: {margins: margins.csv}}", margins, study=study)
    agrees(found, WANT["by"])
    told = found["weighting"]
    assert (told["by"], told["margins"]) == ("segment", [])
    assert [p["population"] for p in told["populations"]] == ["north", "south", "west"]
    (north, *_) = told["populations"]
    assert [line["after"] for line in north["margins"]] == pytest.approx([0.55, 0.45, 0.5, 0.25, 0.25])
    assert sum(p["n"] for p in told["populations"]) == told["n"] == 400


def test_populations_given_by_shares_keep_their_sizes(tmp_path):
    margins = by_segment(dict.fromkeys(("north", "south", "west"), MARGINS), "share")
    study = STUDY.replace(", east: E, center: C", "")
    found = run(tmp_path, "{by: segment, everyone: {margins: margins.csv}}", margins, study=study)
    sizes = {s: figure(found, "y", segment=s)["n_weighted"] for s in ("north", "south", "west")}
    (tmp_path / "plain").mkdir()
    plain = run(tmp_path / "plain", "{everyone: {margins: margins.csv}}", margins_csv(MARGINS, "share"), study=study)
    assert figure(plain, "y")["n_weighted"] == pytest.approx(sum(sizes.values()))
    with (tmp_path / "people.csv").open(encoding="utf-8") as file:
        given = [(p["segment"], float(p["d"])) for p in csv.DictReader(file)]
    assert sizes == pytest.approx({s: sum(d for at, d in given if at == s) for s in sizes})


SOME = STUDY.replace("{id: y, share: y == 1}", "{id: y, share: y == 1}\n  - {id: some, share: y == 1, weighting: five}")


def test_some_people_are_weighted_among_themselves_for_the_indicators_that_say_so(tmp_path):
    (tmp_path / "some.csv").write_text("variable,category,share\nsex,f,0.6\nsex,m,0.4\nyoung,1,0.5\nyoung,0,0.5\n")
    study = SOME.replace(
        "  - {id: used,", "  - {id: young, kind: single, label: Young, options: {1: Y, 0: N}}\n  - {id: used,"
    )
    study = study.replace("weight: d,", "weight: d, columns: {young: {from: age, codes: {a1: 1, a2: 0, a3: 0}}},")
    among = "{everyone: {margins: margins.csv}, among: {five: {base: x >= 5, margins: some.csv}}}"
    found = run(tmp_path, among, margins_csv(MARGINS, "share"), study=study)
    some, want = figure(found, "some"), WANT["among"]
    assert [some["value"], some["se"]] == pytest.approx([want["value"], want["se"]], **NEAR)
    assert some["lineage"]["base"] == "x >= 5"
    assert some["n"] < figure(found, "y")["n"] == 400
    (told,) = found["weightings"]
    assert (told["name"], told["base"], told["n"]) == ("five", "x >= 5", some["n"])
    assert found["weighting"]["name"] == "everyone"
    everyone = figure(found, "y")["identity"]
    assert some["identity"] != everyone
    assert found["estimates"].index(some) < found["estimates"].index(figure(found, "x")), "in the order of the study"


def test_trimmed_weights_agree_with_r_and_tell_how_many_were_cut(tmp_path):
    found = run(tmp_path, "{everyone: {margins: margins.csv, trim: 1}}", margins_csv(MARGINS, "share"))
    agrees(found, WANT["trimmed"])
    told = found["weighting"]
    assert told["cap"] == pytest.approx(WANT["trimming"]["cap"], rel=1e-9)
    assert told["trimmed_share"] == pytest.approx(WANT["trimming"]["share"])
    assert told["ratio_max"] == pytest.approx(told["cap"])
    assert sum(n for _, _, n in told["histogram"]) == told["n"] == 400


SEXES = """
study: sexes
title: Sexes
languages: [en]
questions: [{id: sex, kind: single, label: Sex, options: {f: Woman, m: Man}}]
indicators: [{id: women, share: sex == f}]
weighting: {everyone: {margins: "margins-{wave}.csv"}}
show: {hide: 1, fragile: 1}
"""
PANELS = (
    SEXES
    + """\
banner: [panel]
waves:
  - {id: "2023", panel: alpha, files: {survey: a.csv}}
  - {id: "2024", files: {survey: [{path: a.csv, panel: alpha}, {path: b.csv, panel: beta}]}}
  - {id: "2025", files: {survey: [{path: b.csv, panel: beta}, {path: a.csv, panel: alpha}]}}
"""
)
BLEND = {
    "study.yaml": PANELS,
    "a.csv": "respondent,sex\n1,f\n2,f\n3,m\n4,f\n5,m\n",
    "b.csv": "respondent,sex\n5,m\n6,m\n7,f\n8,m\n9,m\n",
    "margins-2023.csv": "variable,category,share\nsex,f,0.5\nsex,m,0.5\n",
    "margins-2024.csv": "variable,category,share\nsex,f,0.5\nsex,m,0.5\npanel,alpha,0.7\npanel,beta,0.3\n",
    "margins-2025.csv": "variable,category,share\nsex,f,0.5\nsex,m,0.5\npanel,alpha,0.2\npanel,beta,0.8\n",
}


def test_a_blend_of_panels_keeps_the_source_of_everybody(tmp_path):
    found = results(study_folder(tmp_path, BLEND))
    blend = found["2024"]
    lines = {(x["variable"], x["category"]): x for x in blend["weighting"]["margins"]}
    assert lines["panel", "alpha"]["after"] == pytest.approx(0.7)
    assert lines["panel", "alpha"]["n"] == 5
    assert lines["panel", "beta"]["n"] == 4, "respondent 5 stands in both files and counts once"
    assert figure(blend, "women", panel="beta")["n"] == 4
    (twice,) = [x for x in blend["exclusions"] if x["reason"] == "duplicate-id"]
    assert twice["rows"] == 1
    assert [w["id"] for w in blend["questionnaire"]] == ["sex"], "nobody was asked where they come from"


def test_a_new_mix_of_panels_breaks_the_series(tmp_path):
    found = results(study_folder(tmp_path, BLEND))
    assert figure(found["2024"], "women")["change"]["reason"] == "panel"
    assert figure(found["2025"], "women")["change"]["reason"] == "panel", "the same panels, in another mix"
    same = BLEND | {"margins-2025.csv": BLEND["margins-2024.csv"]}
    (tmp_path / "same").mkdir()
    found = results(study_folder(tmp_path / "same", same))
    assert figure(found["2025"], "women")["change"]["verdict"] != "break"


def test_panels_are_strata(tmp_path):
    study = PANELS.replace('weighting: {everyone: {margins: "margins-{wave}.csv"}}\n', "")
    found = results(study_folder(tmp_path, BLEND | {"study.yaml": study}))["2024"]
    # two samples of 5 and 4 people, 3 and 1 of them women: V = Σ n_h s_h² / 9²
    variance = (5 * (3 / 5 * 2 / 5) * 5 / 4 + 4 * (1 / 4 * 3 / 4) * 4 / 3) / 81
    assert figure(found, "women")["se"] == pytest.approx(variance**0.5)


GIVEN = (
    SEXES
    + """\
imports: {panel: {weight: w}}
waves:
  - {id: "2023", weights: as_given, files: {survey: {path: survey.csv, import: panel}}}
"""
)


def test_a_wave_with_final_weights_is_not_raked_and_needs_no_margins(tmp_path):
    study = GIVEN + '  - {id: "2024", files: {survey: {path: survey.csv, import: panel}}}\n'
    files = {
        "study.yaml": study, "survey.csv": "respondent,w,sex\n1,3,f\n2,3,f\n3,1,m\n4,1,\n",
        "margins-2024.csv": margins_csv({"sex": {"f": 0.52, "m": 0.48}}, "share"),
    }  # fmt: skip
    found = results(study_folder(tmp_path, files))
    given, raked = found["2023"], found["2024"]
    assert figure(given, "women")["value"] == pytest.approx(6 / 7)
    assert figure(given, "women")["n"] == 3
    assert figure(given, "women")["lineage"]["weighting"] == given["weighting"]["method"] == "base"
    assert given["weighting"]["n_effective"] == pytest.approx(8**2 / 20)  # Kish: (Σd)² / Σd²
    assert given["weighting"]["margins"] == []
    assert not given["exclusions"]  # who did not tell a margin's question counts all the same
    assert figure(raked, "women")["value"] == pytest.approx(0.52)
    assert raked["weighting"]["method"] == "base+raking"


def test_final_weights_of_one_are_no_weights_to_speak_of(tmp_path):
    files = {"study.yaml": GIVEN, "survey.csv": "respondent,w,sex\n1,1,f\n2,1,m\n"}
    found = results(study_folder(tmp_path, files))["2023"]
    assert figure(found, "women")["value"] == 0.5
    assert found["weighting"] is None


@pytest.mark.parametrize(
    ("weighting", "margins", "said"),
    [
        # nobody would be 25 times as many as they are
        ("bounds: [0.5, 2]", "sex,f,0.98\nsex,m,0.02\n", ('"m" of "sex"', "widen the bounds to [", "enough")),
        (
            "bounds: [0.5, 1.6]",
            "age,a1,0.75\nage,a2,0.05\nage,a3,0.2\n",
            ('"a2" of "age"', 'merge "a1" and "a2"', "any one"),
        ),
        ("method: linear", "sex,f,0.5\nsex,m,0.5\nx,,3\n", ('"x"', "negative", "method: raking")),
        (
            "trim: 0.1",
            "sex,f,0.52\nsex,m,0.48\nage,a1,0.44\nage,a2,0.32\nage,a3,0.24\n",
            ("trim less (`trim:", "enough"),
        ),
        (  # eight of ten have a factor of about 0.8, and the cap with them: logit stands around 1
            "method: logit, bounds: [0.3, 3], trim: 1",
            "age,a1,0.4\nage,a2,0.24\nage,a3,0.36\n",
            ("between 0.3 and 3, trimmed at 1", '"a3" of "age": 36.0% wanted', 'merge "a2" and "a3"'),
        ),
    ],
)
def test_weights_that_cannot_be_say_what_would_work(tmp_path, monkeypatch, weighting, margins, said):
    write_people(tmp_path)
    (tmp_path / "margins.csv").write_text("variable,category,share\n" + margins)
    text = f"{STUDY}weighting: {{everyone: {{margins: margins.csv, {weighting}}}}}\n"
    (tmp_path / "study.yaml").write_text(text)
    told = command(monkeypatch, "run", tmp_path, "--formats", "html")
    assert told.code == 1
    (problem,) = told.problems
    assert problem.code == "weighting-failed"
    for words in said:
        assert words.lower() in str(problem).lower(), str(problem)


def test_margins_that_leave_some_people_no_weight_are_refused_by_name(tmp_path, monkeypatch):
    study = "".join(
        line for line in PANELS.splitlines(True) if not line.startswith(('  - {id: "2023"', '  - {id: "2025"'))
    )
    # the men are as many as panel alpha is to be in all, and all of them are in it
    margins = "variable,category,share\nsex,f,0.4\nsex,m,0.6\npanel,alpha,0.6\npanel,beta,0.4\n"
    people = {"a.csv": "respondent,sex\n1,f\n2,f\n3,m\n4,m\n", "b.csv": "respondent,sex\n5,f\n6,f\n7,f\n"}
    folder = study_folder(tmp_path, BLEND | {"study.yaml": study, "margins-2024.csv": margins} | people)
    problem = command(monkeypatch, "run", folder, "--formats", "html").problems[0]
    assert problem.code == "weighting-failed"
    assert 'if some people who are "f" of "sex" weigh nothing' in str(problem)
    assert 'leave the margin "panel" out' in problem.hint.lower()


def test_the_bounds_that_are_offered_work(tmp_path, monkeypatch):
    write_people(tmp_path)
    (tmp_path / "margins.csv").write_text("variable,category,share\nsex,f,0.9\nsex,m,0.1\n")
    (tmp_path / "study.yaml").write_text(STUDY + "weighting: {everyone: {margins: margins.csv, bounds: [0.5, 1.2]}}\n")
    (problem,) = command(monkeypatch, "run", tmp_path, "--formats", "html").problems
    offered = problem.hint[problem.hint.index("[") : problem.hint.index("]") + 1]
    edit(tmp_path, "study.yaml", ("[0.5, 1.2]", offered))
    assert command(monkeypatch, "run", tmp_path, "--formats", "html").code == 0


NUMBERS = """
study: numbers
title: Numbers
languages: [en]
questions: [{id: x, kind: numeric, label: X}, {id: y, kind: single, label: Y, options: {a: A, b: B}}]
indicators: [{id: x, mean: x}, {id: a, share: y == a}]
weighting: {everyone: {margins: m.csv, HOW}}
show: {hide: 1, fragile: 1}
waves: [{id: w, files: {survey: s.csv}}]
"""
TWENTY = "respondent,x,y\n" + "".join(f"{i},{40 if i % 2 else 20},{'ab'[i % 3 == 0]}\n" for i in range(20))


def numbers(how: str, margin: str) -> dict[str, str]:
    return {"study.yaml": NUMBERS.replace("HOW", how), "s.csv": TWENTY, "m.csv": f"variable,category,{margin}\n"}


@pytest.mark.parametrize("method", ["linear", "raking", "logit, bounds: [0.5, 2]"])
@pytest.mark.parametrize("margin", ["share\nx,,32", "total\nx,,640"], ids=["a mean", "a total"])
def test_a_number_alone_reaches_its_mean(tmp_path, method, margin):
    found = results(study_folder(tmp_path, numbers(f"method: {method}", margin)))["w"]
    assert figure(found, "x")["value"] == pytest.approx(32)
    assert figure(found, "x")["se"] == pytest.approx(0, abs=1e-9)
    (line,) = found["weighting"]["margins"]
    assert [line["before"], line["target"], line["after"]] == pytest.approx([30, 32, 32])
    assert figure(found, "a")["n_weighted"] == pytest.approx(20)
    if method == "linear":
        assert [found["weighting"]["ratio_min"], found["weighting"]["ratio_max"]] == pytest.approx([0.8, 1.2])


@pytest.mark.parametrize(
    ("how", "margin", "said"),
    [
        ("bounds: [0.95, 1.05]", "share\nx,,32", 'Wave w: No weights between 0.95 and 1.05 reach "x"'),
        (
            "method: linear",
            "share\nx,,45",
            'Wave w: To reach "x" with as many people as there are the linear method gives people negative weights',
        ),
        ("method: linear", "total\nx,,64000", "negative weights"),
        ("method: raking", "share\nx,,41", 'Wave w: No weights reach "x"'),
    ],
)
def test_a_number_alone_that_cannot_be_reached_is_told(tmp_path, monkeypatch, how, margin, said):
    folder = study_folder(tmp_path, numbers(how, margin))
    (problem,) = command(monkeypatch, "run", folder, "--formats", "html").problems
    assert (problem.code, problem.file) == ("weighting-failed", "m.csv")
    assert said in problem.message
    assert "leave the margin" not in problem.hint, "it is the only one"
    assert "Merge" not in problem.hint


PEOPLE = """
study: people
title: People
languages: [en]
channels: [phone, email]
questions:
  - {id: country, kind: single, label: Country, options: {fr: F, be: B, lu: L}}
  - {id: sex, kind: single, label: Sex, options: {f: F, m: M}}
  - {id: used, kind: multiple, label: Used, options: channels, none: None}
indicators: [{id: women, share: sex == f}, {id: some, share: sex == f, weighting: users}]
weighting: {BY everyone: {margins: all.csv}, among: {users: {base: "any(used)", margins: some.csv}}}
imports: {file: {weight: w}}
show: {hide: 1, fragile: 1}
waves: [{id: w, GIVEN files: {survey: {path: s.csv, import: file}}}]
"""
SHARES = "variable,category,share\nsex,f,0.5\nsex,m,0.5\n"


def people(by: str = "", given: str = "", *, used: int = 1, sexless: int = 0) -> dict[str, str]:
    """Sixteen people of two countries, half of whom used a channel, and some who do not tell their sex."""
    lines = ["respondent,w,country,sex,used.phone,used.email,used.none"]
    for i in range(16 + sexless):
        some = used * (i % 2)
        sex = "" if i >= 16 else "fm"[i % 4 > 1]
        lines.append(f"{i},{1 + i % 3},{'fr' if i % 5 else 'be'},{sex},{some},0,{1 - some}")
    study = PEOPLE.replace("BY ", by).replace("GIVEN ", given)
    return {"study.yaml": study, "s.csv": "\n".join(lines), "all.csv": SHARES, "some.csv": SHARES}


def test_a_weighting_of_nobody_is_no_traceback(tmp_path, monkeypatch):
    folder = study_folder(tmp_path, people(used=0))
    (problem,) = command(monkeypatch, "run", folder, "--formats", "html").problems
    assert (problem.code, problem.file) == ("weighting-failed", "some.csv")
    assert problem.message == 'Nobody is in the weighting "users" of wave w: "any(used)" is true of nobody.'


PEOPLE_OF = (("fr", 30), ("be", 10), ("lu", 2))


def by_country(amount: str) -> dict[str, str]:
    lines = [f"{c},sex,{s},{0.5 if amount == 'share' else n}" for c, n in PEOPLE_OF for s in "fm"]
    margins = "\n".join([f"country,variable,category,{amount}", *lines])
    return people("by: country, ") | {"all.csv": margins, "some.csv": margins}


def test_a_population_without_people_is_told(tmp_path):
    found = results(study_folder(tmp_path, by_country("share")))["w"]
    assert [p["population"] for p in found["weighting"]["populations"]] == ["fr", "be"]
    told = [note for note in found["notes"] if '"lu" of "country"' in note]
    assert [note.split(" is ")[0] for note in told] == [
        "nobody in wave w", 'nobody in the weighting "users" of wave w',
    ]  # fmt: skip


def test_a_population_that_has_a_size_and_no_people_stops_the_run(tmp_path, monkeypatch):
    folder = study_folder(tmp_path, by_country("total"))
    (problem,) = command(monkeypatch, "run", folder, "--formats", "html").problems
    assert problem.code == "weighting-failed"
    assert problem.message == 'Nobody in wave w is "lu" of "country", and the population has 4 of them.'


def test_people_whom_two_weightings_leave_out_are_counted_once(tmp_path):
    found = results(study_folder(tmp_path, people(sexless=10)))["w"]
    assert figure(found, "women")["n"] == 16
    assert figure(found, "some")["n"] == 8
    (left,) = [x for x in found["exclusions"] if x["reason"] == "margins"]
    assert left["rows"] == 10, "five of whom are users"


def test_people_whom_only_a_weighting_of_some_leaves_out_are_counted(tmp_path):
    files = people(sexless=10) | {"all.csv": "variable,category,share\ncountry,fr,0.6\ncountry,be,0.4\ncountry,lu,0\n"}
    found = results(study_folder(tmp_path, files))["w"]
    (left,) = [x for x in found["exclusions"] if x["reason"] == "margins"]
    assert (figure(found, "women")["n"], left["rows"]) == (16, 5)
    assert found["weighting"]["n"] == 26


def test_final_weights_are_told_once(tmp_path):
    found = results(study_folder(tmp_path, people(given="weights: as_given, ")))["w"]
    assert found["weighting"]["name"] == "everyone"
    assert found["weightings"] == []
    assert figure(found, "some")["lineage"]["weighting"] == figure(found, "women")["lineage"]["weighting"] == "base"
    assert figure(found, "some")["n"] == 8


def test_trimming_that_cuts_nobody_is_no_bound(tmp_path):
    # three in four have the same factor, so that nothing lies between the quartiles
    lines = ["respondent,sex", *(f"{i},{'m' if i % 4 == 0 else 'f'}" for i in range(100))]
    files = people() | {
        "s.csv": "\n".join(lines),
        "all.csv": SHARES.replace("0.5", "0.78", 1).replace("m,0.5", "m,0.22"),
    }
    text = (
        PEOPLE.replace("BY ", "")
        .replace("GIVEN ", "")
        .replace("all.csv}", "all.csv, trim: 2}")
        .replace("weight: w", "")
    )
    text = text.replace(', among: {users: {base: "any(used)", margins: some.csv}}', "")
    text = text.replace(", {id: some, share: sex == f, weighting: users}", "")
    told = results(study_folder(tmp_path, files | {"study.yaml": text}))["w"]["weighting"]
    assert told["ratio_max"] == pytest.approx(1.04)
    assert (told["cap"], told["trimmed_share"], told["at_bounds_share"]) == (None, 0, 0)
