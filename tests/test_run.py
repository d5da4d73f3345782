"""What the line says when it cannot go on: each problem of computing and publishing, and nothing published."""

from __future__ import annotations

import sys

import pytest

from small import FILES, STUDY, command, edit, tiny, write


@pytest.mark.parametrize(
    ("edits", "said"),
    [
        ([("bounds: [0.3, 3]", "bounds: [0.99, 1.01]")], "Widen the bounds to [0.36, 1.65]"),
        ([("sex,m,0.48", "sex,m,0.48\nsex,x,0"), ("m: {fr: Un homme", "x: {fr: Autre, en: Other}, m: {fr: Un homme")],
         ""),
        ([("sex,m,0.48", "sex,m,0.38\nsex,x,0.1"), ("m: {fr: Un homme", "x: {fr: A}, m: {fr: Un homme")], "Nobody"),
    ],
)  # fmt: skip
def test_weights_that_cannot_be_are_told_in_the_analysts_words(monkeypatch, tmp_path, edits, said):
    folder = tiny(tmp_path / "s")
    for old, new in edits:
        edit(folder, "margins/2024.csv" if old.startswith("sex") else "study.yaml", (old, new))
    told = command(monkeypatch, "run", folder, "--formats", "html")
    if said:
        (problem,) = told.problems
        assert problem.code == "weighting-failed"
        assert problem.file
        assert said in str(problem)
        assert not (folder / "out" / "2024" / "current").exists()
    else:
        assert told.code == 0


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["--wave", "2042"], "nothing-to-run", "2024"),
        (["--formats", "docx"], "usage", "html"),
        (["--formats", ","], "usage", "html"),
        (["--engine", "sparc"], "usage", 'Did you mean "spark"?'),
        (["--out", "study.yaml"], "cannot-write", "stands"),
    ],
)
def test_a_run_that_cannot_begin_is_told(monkeypatch, tmp_path, arguments, code, said):
    folder = tiny(tmp_path / "s")
    monkeypatch.chdir(folder)
    told = command(monkeypatch, "run", folder, *arguments)
    assert told.code == 1
    assert [p.code for p in told.problems] == [code]
    assert said in told.problems[0].hint


def test_all_files_of_a_wave_tell_their_problems_at_once(monkeypatch, tmp_path):
    text = STUDY.replace("waves:", "waves:\n").replace("status == 3", "statut == 3")
    told = command(monkeypatch, "run", write(tmp_path, FILES | {"study.yaml": text, "tests.csv": "test,brand\n1,o\n"}))
    assert [(p.code, p.file) for p in told.problems] == [("expression", "survey.csv"), ("column-missing", "tests.csv")]


def test_an_engine_that_is_not_installed_is_told_with_the_line_that_installs_it(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "pyspark.sql", None)
    told = command(monkeypatch, "run", tiny(tmp_path / "s"), "--engine", "spark")
    (problem,) = told.problems
    assert problem.code == "missing-extra"
    assert "pip install 'vigie[spark]'" in problem.hint
