"""Declarations that name nothing, cover nothing, or ask for what no declaration can give are refused, all at once."""

from __future__ import annotations

import pytest

from small import write
from vigie.study.loading import load_study

STUDY = """
study: waves
title: Waves
languages: [en]
channels: [phone, email]
questions:
  - {id: glad, kind: single, label: Glad, options: {y: Yes, n: No}QUESTION}
  - {id: mark, kind: scale, label: Mark, scale: {from: 1, to: 10, low: Bad, high: Good}SCALE}
  - {id: used, kind: multiple, label: Used, options: channels}
indicators:
  - {id: glad, share: glad == yINDICATOR}
  - {id: mark, mean: mark}
waves:
  - {id: "0", published: old.csv}
  - {id: "1", field: [2020-01-01, 2020-02-01], instrument: one.yaml, files: {survey: a.csv}FIRST}
  - {id: "2", field: [2020-01-15, 2020-02-15], files: {survey: a.csv}SECOND}
"""
FILES = {
    "old.csv": "indicator,value\nglad,0.5\n", "a.csv": "",
    "one.yaml": "questions: [{id: glad, label: Happy}, {id: mark, scale: {from: 0, to: 10, low: Bad, high: Good}}]\n",
}  # fmt: skip


def problems(folder, *, instrument: str = "", **edits: str) -> list[str]:
    text = STUDY
    for place in ("QUESTION", "SCALE", "INDICATOR", "FIRST", "SECOND"):
        text = text.replace(place, edits.get(place.lower(), ""))
    files = FILES | {"study.yaml": text} | ({"one.yaml": instrument} if instrument else {})
    return [str(p) for p in load_study(write(folder, files))[1]]


SOUND = [
    {"question": ", same_as: {wave: '1', reason: why}"},
    {"question": ", same_as: [{wave: '1', reason: {en: why, fr: pourquoi}}]"},
    {"indicator": ", same_as: {wave: '1', reason: why}"},
    {"second": ", parallel: {to: '1', reason: why}"},
    {"second": ", people: mixed"},
    {"instrument": "questions: [{id: used, without: phone}]\n", "indicator": ""},
    {"instrument": "questions: []\norder: [used, glad]\n"},
]


@pytest.mark.parametrize("edits", SOUND, ids=str)
def test_declarations_that_can_be_are_taken(tmp_path, edits):
    assert problems(tmp_path, **edits) == []


REFUSED = [
    ({"question": ", same_as: {wave: '9', reason: why}"}, 'There is no wave "9".'),
    ({"question": ", same_as: {wave: '0', reason: why}"}, "only printed figures are left"),
    ({"question": ", same_as: {wave: '2', reason: why}"}, "did not change after wave 2"),
    ({"question": ", same_as: {wave: '1'}"}, '"reason" is missing'),
    ({"question": ", same_as: {wave: '1', reason: ' '}"}, "needs its reason in words"),
    ({"scale": ", same_as: {wave: '1', reason: why}"}, "the scale has other marks between 1 and 2"),
    ({"indicator": ", same_as: {wave: '2', reason: why}"}, '"glad" did not change after wave 2'),
    ({"indicator": ", rolling: 1"}, "rolling"),
    ({"second": ", parallel: {to: '9', reason: why}"}, 'There is no wave "9".'),
    ({"second": ", parallel: {to: '0', reason: why}"}, "printed figures"),
    ({"second": ", parallel: {to: '2', reason: why}"}, "is not listed before"),
    ({"first": ", parallel: {to: '2', reason: why}"}, "is not listed before"),
    ({"second": ", parallel: {to: '1', reason: why}", "instrument": "questions: []\n"}, "the same instrument"),
    ({"first": ", people: same"}, "no survey before it"),
    ({"second": ", panel: same"}, "`people: same`"),
    ({"second": ", grids: {phone: one.yaml}"}, 'no grid for the channel "phone"'),
    ({"instrument": "questions: [{id: used, without: [phone, email]}]\n"}, "has no option left"),
    ({"instrument": "questions: [{id: used, without: fax}]\n"}, '"fax"'),
    ({"instrument": "questions: [{id: glad, without: y}]\n"}, "lists its options itself"),
    ({"instrument": "questions: []\norder: [glad, used, glad]\n"}, "each once"),
    ({"instrument": "questions: []\norder: [glda]\n"}, 'Did you mean "glad"'),
]


@pytest.mark.parametrize(("edits", "said"), REFUSED, ids=[str(r[0]) for r in REFUSED])
def test_declarations_that_cannot_be_are_refused(tmp_path, edits, said):
    found = problems(tmp_path, **edits)
    assert any(said in problem for problem in found), found


LISTED = "questions: [{id: used, options: {OPTIONS}, same_as: {wave: '1', reason: why}}]\n"


def test_options_that_became_those_of_a_list_are_compared_by_their_codes(tmp_path):
    kept = LISTED.replace("OPTIONS", "phone: Call, email: Mail")
    assert problems(tmp_path, instrument=kept) == []
    other = LISTED.replace("OPTIONS", "fax: Fax, telex: Telex")
    assert any("no option is the same" in problem for problem in problems(tmp_path, instrument=other))


UNREADABLE = [
    {"indicator": ", base: 'glad =='", "second": ", parallel: {to: '1', reason: why}"},
    {"indicator": ", base: 'glad ==', same_as: {wave: '1', reason: why}"},
    {"indicator": ", base: 'glda == y', same_as: {wave: '1', reason: why}"},
    {"question": ", ask_if: 'glad ==', same_as: {wave: '1', reason: why}"},
]


@pytest.mark.parametrize("edits", UNREADABLE, ids=str)
def test_an_expression_that_cannot_be_read_is_told_once_whatever_is_declared(tmp_path, edits):
    (problem,) = problems(tmp_path, **edits)
    assert problem.endswith("[expression]")


BETWEEN = "}\n  - {id: '1b', instrument: one.yaml, files: {SOURCE: a.csv}"


@pytest.mark.parametrize(
    ("wave", "source", "said"),
    [
        ("1", "survey", "between 1b and 2. Name the last wave before the change"),
        ("1b", "survey", ""),
        ("1", "log", ""),
    ],
)
def test_a_declaration_names_the_last_wave_before_the_change(tmp_path, wave, source, said):
    question = f", same_as: {{wave: '{wave}', reason: why}}"
    found = problems(tmp_path, question=question, first=BETWEEN.replace("SOURCE", source))
    assert bool(found) == bool(said)
    assert all(said in problem for problem in found)


TESTED = """
study: grids
title: Grids
languages: [en]
channels: [phone]
brands: brands.csv
mystery: {grids: {phone: three.yaml}}
waves:
  - {id: "1", grids: {phone: one.yaml}, files: {tests: a.csv}}
  - {id: "2", grids: {phone: two.yaml}, files: {tests: a.csv}}
  - {id: "3", files: {tests: a.csv}}
"""
GRID = "grid: phone\ndimensions: [{id: all, label: All, criteria: [{id: solved, label: LABEL}]}]\n"


@pytest.mark.parametrize(
    ("wave", "third", "said"),
    [
        ("1", "{en: Solved, fr: Réglé}", "did not change after wave 1"),
        ("1", "Was it solved", "did not change right after wave 1, but between 2 and 3"),
        ("2", "Was it solved", ""),
    ],
)
def test_a_translation_is_no_change_of_a_grid(tmp_path, wave, third, said):
    labels = {"one": "{en: Solved, fr: Résolu}", "two": "{en: Solved, fr: Réglé}", "three": third}
    files = {f"{name}.yaml": GRID.replace("LABEL", label) for name, label in labels.items()}
    files["three.yaml"] += f"same_as: {{wave: '{wave}', reason: why}}\n"
    files |= {"study.yaml": TESTED, "a.csv": "", "brands.csv": "brand,name,sector\na,Alpha,s\n"}
    found = [str(p) for p in load_study(write(tmp_path, files))[1]]
    assert bool(found) == bool(said)
    assert all(said in problem for problem in found)


def test_a_parallel_run_at_another_time_is_none(tmp_path):
    text = STUDY.replace("2020-01-15, 2020-02-15", "2021-01-15, 2021-02-15")
    text = text.replace("SECOND", ", parallel: {to: '1', reason: why}")
    for place in ("QUESTION", "SCALE", "INDICATOR", "FIRST"):
        text = text.replace(place, "")
    found = load_study(write(tmp_path, FILES | {"study.yaml": text}))[1]
    assert any("not fielded at the same time" in str(p) for p in found)


def test_all_that_is_declared_wrongly_is_told_at_once(tmp_path):
    found = problems(
        tmp_path, question=", same_as: {wave: '9', reason: why}", scale=", same_as: {wave: '1', reason: why}",
        second=", parallel: {to: '2', reason: why}", first=", people: same",
    )  # fmt: skip
    assert len(found) == 4
    assert all(".yaml:" in problem for problem in found)
