"""What a newcomer adds is whole: every kind of question, file format and report format has all its parts."""

from __future__ import annotations

import importlib
import inspect
from pathlib import Path

import pytest

from line import figure, results, study_folder
from vigie.formats.tables import FORMATS
from vigie.report.writers import WRITERS, writer
from vigie.study.questions import KINDS

STUDY = """
study: kinds
title: Kinds
languages: [en]
questions:
  - {id: q, kind: KIND, label: Q}
indicators: [{id: said, share: answered(q)}MORE]
show: {hide: 1, fragile: 1}
brands: brands.csv
waves: [{id: w, files: {survey: survey.csv}}]
"""
# what a question of each kind needs, its columns, a row that answers, and an expression that reads it
EXAMPLES = {
    "single": (", options: {a: A, b: B}", "q", "a", "q == a"),
    "multiple": (", options: {a: A, b: B}", "q.a,q.b", "1,0", "q.a"),
    "scale": (", scale: {from: 1, to: 5, low: l, high: h}", "q", "4", "q >= 4"),
    "numeric": ("", "q", "12.5", "q > 12"),
    "open": ("", "q", "some words", "answered(q)"),
    "date": ("", "q", "2024-02-01", 'q >= "2024-01-01"'),
    "category": ("", "q", "Nantes", 'q == "Nantes"'),
    "mention": ("", "q", "Lumeo Energie", "q.lumeo and not q.unlisted"),
    "ranking": (", options: {a: A, b: B}", "q.a,q.b", "2,1", "q.b < q.a"),
    "grid": (", items: {i: I, j: J}, scale: {from: 1, to: 5, low: l, high: h}", "q_i,q_j", "5,1", "q_i > q_j"),
}
BRANDS = "brand,name,sector,aliases\nlumeo,Lumeo,energy,Lumeo Énergie\n"


def test_every_question_kind_has_an_example_here():
    assert set(EXAMPLES) == set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_a_question_of_every_kind_is_read_and_used(tmp_path, kind):
    needs, columns, row, expression = EXAMPLES[kind]
    text = STUDY.replace("KIND, label: Q", f"{kind}, label: Q{needs}")
    asked = columns.split(",")[0] if kind == "grid" else "q"
    text = text.replace("answered(q)", f"answered({asked})")
    text = text.replace("MORE", f", {{id: met, share: '{expression}', base: answered({asked})}}")
    empty = "," * columns.count(",")
    files = {"study.yaml": text, "survey.csv": f"respondent,{columns}\n1,{row}\n2,{empty}\n", "brands.csv": BRANDS}
    found = results(study_folder(tmp_path, files))["w"]
    assert figure(found, "met")["value"] == 1
    assert figure(found, "met")["n"] == 1


@pytest.mark.parametrize("name", sorted(set(FORMATS.values())))
def test_every_file_format_reads(name):
    module = importlib.import_module(f"vigie.formats.{name}")
    assert list(inspect.signature(module.read).parameters) == ["path", "data", "reading", "shown"]


@pytest.mark.parametrize("name", WRITERS)
def test_every_report_format_writes(name):
    assert list(inspect.signature(writer(name)).parameters) == ["results", "earlier", "path", "language"]


def test_no_module_bears_a_name_that_says_nothing():
    empty = {"utils", "helpers", "common", "core", "base", "misc", "manager", "services"}
    source = Path(__file__).parents[1] / "src" / "vigie"
    assert not [p for p in source.rglob("*.py") if p.stem in empty]


def test_the_rooms_initialise_to_nothing():
    source = Path(__file__).parents[1] / "src" / "vigie"
    full = [p for p in source.glob("*/__init__.py") if p.read_text(encoding="utf-8").strip()]
    assert full == []
