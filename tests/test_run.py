"""What the line says when it cannot go on: each problem of computing and publishing, and nothing published."""

from __future__ import annotations

import sys

import pytest

from small import FILES, STUDY, command, edit, tiny, write
from vigie import run
from vigie.engine import wave
from vigie.errors import VigieError


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
    assert '""' not in told.problems[0].message


def test_all_files_of_a_wave_tell_their_problems_at_once(monkeypatch, tmp_path):
    text = STUDY.replace("waves:", "waves:\n").replace("status == 3", "statut == 3")
    told = command(monkeypatch, "run", write(tmp_path, FILES | {"study.yaml": text, "tests.csv": "test,brand\n1,o\n"}))
    assert [(p.code, p.file) for p in told.problems] == [("expression", "survey.csv"), ("column-missing", "tests.csv")]


def test_an_engine_that_is_not_installed_is_told_with_the_line_that_installs_it(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "pyspark.sql", None)
    told = command(monkeypatch, "run", tiny(tmp_path / "s"), "--engine", "spark")
    (problem,) = told.problems
    assert problem.code == "missing-extra"
    assert "pip install 'pyspark>=4,<4.1'" in problem.hint


@pytest.mark.parametrize(
    ("verb", "given"),
    [
        (run.tables, {"compare": "agencies"}), (run.tables, {"adjust": "holms"}), (run.tables, {"source": "test"}),
        (run.tables, {"engine": "sparc"}), (run.rank, {"by": "brands"}), (run.rank, {"source": "tests"}),
    ],
)  # fmt: skip
def test_what_a_notebook_asks_for_is_checked_as_the_command_s_options_are(tmp_path, verb, given):
    study = run.load(tiny(tmp_path / "s"))
    asked = (["used"], ["sex"]) if verb is run.tables else ()
    with pytest.raises(VigieError) as caught:
        verb(study, *asked, **given)
    ((name, value),) = given.items()
    assert [(p.code, p.message) for p in caught.value.problems] == [("usage", f'--{name} is not "{value}".')]
    assert "There are: " in caught.value.problems[0].hint


def test_a_failure_of_computing_is_not_told_as_one_of_writing(tmp_path, monkeypatch):
    def broken(*_, **__):
        raise OSError("a stream that ended")

    monkeypatch.setattr(wave, "survey_figures", broken)
    with pytest.raises(OSError, match="a stream that ended"):
        run.run(tiny(tmp_path / "s"), formats=["html"])


def test_a_league_takes_no_drivers_and_keeps_no_weights(tmp_path, monkeypatch):
    def asked(*_):
        raise AssertionError("nobody asked for drivers")

    monkeypatch.setattr(wave, "driver_figures", asked)
    found = run.rank(run.load(tiny(tmp_path / "s")))
    assert found.leagues
    kept = {path.name.partition("-")[0] for path in (tmp_path / "s" / "out" / "2024" / "derived").iterdir()}
    assert kept == {"scores"}
