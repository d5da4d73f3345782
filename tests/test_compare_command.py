"""`vigie compare` as a person meets it: text in two languages or JSON, and bad input with a remedy."""

from __future__ import annotations

import json

import pytest

from linked_waves import HAPPY, RUN, SAME, TWO, linked, rows
from small import command, edit
from vigie import run
from vigie.report.waves import compare_text
from vigie.results.encoding import compared


@pytest.fixture
def two(tmp_path):
    return linked(tmp_path, TWO, a_csv=rows("a", 0.4), b_csv=rows("b", 0.7), one_yaml=HAPPY)


def test_text_says_what_breaks_and_why(two, monkeypatch, capsys):
    said = command(monkeypatch, "compare", two, "1", "2", "--language", "en")
    out = capsys.readouterr()
    assert said.code == 0
    assert "“glad” was reworded. 1 indicator begins anew: Glad people." in out.out
    assert "before: Are you happy?" in out.out
    assert "now: Are you glad?" in out.out
    assert "The question was reworded – Glad people" in out.out
    assert "comparing 1 and 2" in out.err
    assert max(map(len, out.out.splitlines())) <= 100


def test_french_is_the_same_in_french(two, monkeypatch, capsys):
    command(monkeypatch, "compare", two, "1", "2", "--language", "fr")
    out = capsys.readouterr().out.replace("\u00a0", " ").replace("\u202f", " ")
    assert "« glad » a été reformulée. 1 indicateur repart à neuf : Glad people." in out
    assert "Non comparés :" in out
    assert "{" not in out


def test_json_stands_alone_on_standard_output(two, monkeypatch, capsys):
    said = command(monkeypatch, "compare", two, "1", "2", "--json")
    found = json.loads(capsys.readouterr().out)
    assert said.code == 0
    assert (found["before"], found["now"]) == ("1", "2")
    assert [d["rule"] for d in found["differences"]] == ["reworded"]
    assert found["broken"] == [{"source": "survey", "indicator": "glad", "reason": "wording"}]
    (usage,) = (c for c in found["changes"] if c["segment"] == {"channel": "phone"})
    assert usage["change"]["verdict"] in ("up", "down", "none")
    assert usage["family"] == ["survey", "usage", "channel"]
    assert usage["n_before"] == 400
    assert found["shared"] == {"wave": "1", "people": 0, "of": 400, "declared": ""}


def test_a_declared_change_is_reopened_and_told(tmp_path, monkeypatch, capsys):
    study = linked(tmp_path, TWO, same=SAME, a_csv=rows("a", 0.4), b_csv=rows("b", 0.7), one_yaml=HAPPY)
    command(monkeypatch, "compare", study, "1", "2", "--language", "en")
    out = capsys.readouterr().out
    assert "Declared harmless: Only the politeness changed." in out
    assert "No trend breaks." in out
    assert "A change of the instrument was declared harmless – Glad people" in out
    command(monkeypatch, "compare", study, "1", "2", "--json")
    changes = json.loads(capsys.readouterr().out)["changes"]
    (glad,) = (c["change"] for c in changes if c["indicator"] == "glad" and not c["segment"])
    (line,) = (line for line in out.splitlines() if line.strip().startswith("Glad people  "))
    assert f"  {100 * glad['difference']:+.0f}  " in line


def test_a_parallel_run_tells_what_the_instrument_does(tmp_path, monkeypatch, capsys):
    study = linked(tmp_path, RUN, a_csv=rows("a", 0.4), p_csv=rows("p", 0.6), b_csv=rows("b", 0.6))
    command(monkeypatch, "compare", study, "1", "1w", "--language", "en")
    out = capsys.readouterr().out
    assert "What the instrument does" in out
    tested = out.partition("Significant changes\n")[2].splitlines()[1:]  # below the rule
    assert tested[0] == "Not tested:"
    assert tested[1].endswith("figures: the two waves ran side by side: what differs is the instrument")
    assert tested[2].startswith("Two-sided tests")
    command(monkeypatch, "compare", study, "1", "1w", "--json")
    changes = json.loads(capsys.readouterr().out)["changes"]
    assert {(c["change"]["verdict"], c["change"]["reason"]) for c in changes} == {("untested", "parallel")}
    command(monkeypatch, "compare", study, "1", "2", "--language", "en")
    out = capsys.readouterr().out
    assert "Linked by a parallel run of both instruments, whose error is counted" in out


@pytest.mark.parametrize("level", [0.8, 0.95])
def test_the_interval_of_what_the_instrument_does_has_the_study_s_level(tmp_path, monkeypatch, capsys, level):
    study = linked(tmp_path, RUN, a_csv=rows("a", 0.4), p_csv=rows("p", 0.6), b_csv=rows("b", 0.6))
    edit(study, "study.yaml", ("show: {hide: 2, fragile: 10}", f"show: {{hide: 2, fragile: 10, level: {level}}}"))
    command(monkeypatch, "compare", study, "1", "1w", "--json")
    found = json.loads(capsys.readouterr().out)
    (glad,) = (c["change"] for c in found["changes"] if c["indicator"] == "glad" and not c["segment"])
    command(monkeypatch, "compare", study, "1", "1w", "--language", "en")
    (line,) = (x for x in capsys.readouterr().out.splitlines() if "Glad people" in x and "±" in x)
    half = {0.8: 1.2815515655446004, 0.95: 1.959963984540054}[level] * glad["se"]
    assert line.endswith(f"± {100 * half:.1f}")


@pytest.mark.parametrize(
    ("waves", "said"),
    [
        (("2", "1"), "does not come before wave 1. Name the earlier wave first: vigie compare STUDY 1 2"),
        (("1", "1"), "Wave 1 does not come before wave 1"),
        (("1", "9"), 'There is no wave "9"'),
        (("8", "9"), 'There is no wave "8"'),
    ],
)
def test_wrong_waves_end_with_a_remedy(two, monkeypatch, capsys, waves, said):
    ended = command(monkeypatch, "compare", two, *waves)
    out = capsys.readouterr()
    assert ended.code == 1
    assert said in out.err
    assert not out.out
    assert all(p.hint for p in ended.problems)


def test_the_library_gives_what_the_command_prints(two):
    study = run.load(two)
    made = run.compare(study, "1", "2")
    assert made.now.previous == made.before.wave == "1"
    assert compared(made)["broken"]
    assert compare_text(made, "en").startswith("Links: wave 1 and wave 2")


def test_distant_waves_are_compared_by_the_same_rules(tmp_path):
    listed = TWO.replace(" instrument: one.yaml,", "") + '  - {id: "3", instrument: one.yaml, files: {survey: c.csv}}\n'
    files = {"a_csv": rows("a", 0.4), "b_csv": rows("b", 0.5), "c_csv": rows("c", 0.6), "one_yaml": HAPPY}
    made = run.compare(run.load(linked(tmp_path, listed, **files)), "1", "3")
    (glad,) = (e for e in made.now.estimates if e.indicator == "glad" and not e.segment)
    assert (glad.change.verdict, glad.change.wave) == ("break", "1")
