"""`vigie new`: every template is a sound study that runs at once, written whole or not at all."""

from __future__ import annotations

import csv
import json

import pytest

from small import command, hashes
from vigie import run
from vigie.study.loading import load_study
from vigie.templates.writing import TEMPLATES, write_template


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_new_study_is_sound_and_runs_at_once(tmp_path, template):
    study, problems = load_study(write_template(tmp_path / "study", template))
    assert not problems
    published = run.run(tmp_path / "study", formats=["html"])
    assert [p.wave for p in published] == list(study.waves)
    results = json.loads((published[-1].folder / "results.json").read_text(encoding="utf-8"))
    silent = set(study.indicators) - {e["indicator"] for e in results["estimates"] if e["flag"] != "hidden"}
    assert not silent
    assert not published[-1].excluded_rows
    assert not published[-1].excluded_cells


def test_example_data_respect_the_routing(tmp_path):
    folder = write_template(tmp_path / "study", "observatory")
    with (folder / "data" / "2024" / "survey.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {r["used.none"] for r in rows} == {"0", "1"}
    assert all(not r["bot"] for r in rows if r["used.chatbot"] != "1")
    assert all(r["bot"] for r in rows if r["used.chatbot"] == "1")
    assert all(sum(bool(r[f"satisfaction.{c}"]) for c in ("phone", "email", "chat", "chatbot", "face_to_face")) <= 4
               for r in rows)  # fmt: skip


def test_a_template_is_the_same_each_time(tmp_path):
    one, other = (write_template(tmp_path / name, "observatory") for name in ("one", "other"))
    assert hashes(one) == hashes(other)


def test_nothing_is_written_over(tmp_path, monkeypatch):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("kept", encoding="utf-8")
    said = command(monkeypatch, "new", tmp_path / "mine")
    assert (said.code, [p.code for p in said.problems]) == (1, ["usage"])
    assert [p.name for p in (tmp_path / "mine").iterdir()] == ["notes.txt"]


def test_an_unknown_template_is_told_with_the_nearest_name(tmp_path, monkeypatch):
    said = command(monkeypatch, "new", tmp_path / "study", "--template", "mistery")
    assert said.code == 1
    assert 'Did you mean "mystery"' in str(said.problems[0])
    assert not list(tmp_path.iterdir())
