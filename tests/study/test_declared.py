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
