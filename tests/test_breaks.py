"""Whatever changes in what a figure measures: no test, no arrow and no superlative is left of it anywhere."""

from __future__ import annotations

import json
import re
import tempfile
from pathlib import Path

import openpyxl
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from line import study_folder
from report.pages import read
from vigie import run
from vigie.study.text import normalised

STUDY = """
study: breaks
title: Breaks
languages: [en]
channels: [phone, email]
banner: [sex]
questions:
  - {id: sex, kind: single, label: Sex, options: {f: Women, m: Men}}
  - {id: used, kind: multiple, label: Which do you use?, options: channels}
  - {id: glad, kind: single, label: Are you glad?, options: {y: Agreed, n: Opposed}, dont_know: {code: dk}DECLARED_GLAD}
  - {id: mark, kind: scale, label: "How good, by {channel}?", per: {channel: used},
     scale: {from: 1, to: 10, low: Bad, high: Good}DECLARED_MARK}
indicators:
  - {id: glad, share: glad == y, label: Gladness}
  - {id: answers, share: glad, label: Answers}
  - {id: mark, mean: mark, by: channel, label: Marks}
  - {id: top, share: mark >= 8, by: channel, label: High marks}
waves:
  - {id: "1", instrument: one.yaml, files: {survey: a.csv}WAVE}
  - {id: "2", people: fresh, files: {survey: b.csv}}
"""
SAME = ", same_as: {wave: '1', reason: Tested on two samples}"
FIRM = {"glad": ("glad", "answers"), "mark": ("mark", "top")}  # the indicators of each question
ALL = ("glad", "answers", "mark", "top")
LABELS = {"glad": "Gladness", "answers": "Answers", "mark": "Marks", "top": "High marks"}
words = st.text("abcdefghij éèà’?", min_size=3, max_size=30).map(str.strip).filter(lambda t: len(normalised(t)) > 2)


def answers(glad: int, low: int) -> str:
    """200 people: so many of 10 are glad, and the marks are this to four more."""
    lines = ["respondent,sex,used.phone,used.email,glad,mark.phone,mark.email"]
    for i in range(200):
        marks = f"{low + i % 5},{low + (i // 5) % 5}"
        lines.append(f"{i},{'fm'[i % 2]},1,1,{'y' if i % 10 < glad else 'n'},{marks}")
    return "\n".join(lines)


@st.composite
def changed(draw) -> tuple[str, str, tuple[str, ...], bool]:
    """What the first wave had otherwise: its instrument, its own keys, what breaks, and if that can be declared."""
    kind = draw(st.sampled_from(["wording", "answer", "code", "scale", "ends", "base", "dont_know", "mode", "wave"]))
    name = draw(st.sampled_from(sorted(FIRM)))
    text = draw(words)
    if kind == "wording":
        label = f"{text} {{channel}}" if name == "mark" else text
        return json.dumps([{"id": name, "label": label}]), "", FIRM[name], True
    if kind == "answer":
        assume(normalised(text) != "Agreed")
        return json.dumps([{"id": "glad", "options": {"y": text, "n": "Opposed"}}]), "", FIRM["glad"], True
    if kind == "code":
        codes = draw(st.sampled_from([{"y": "Opposed", "n": "Agreed"}, {"y": "Agreed", "n": "Opposed", "m": "Maybe"}]))
        return json.dumps([{"id": "glad", "options": codes}]), "", FIRM["glad"], True
    if kind == "scale":
        low, high = draw(st.integers(-3, 1)), draw(st.integers(10, 20))
        assume((low, high) != (1, 10))
        scale = {"from": low, "to": high, "low": "Bad", "high": "Good"}
        return json.dumps([{"id": "mark", "scale": scale}]), "", FIRM["mark"], False
    if kind == "ends":
        assume(normalised(text) != "Bad")
        scale = {"from": 1, "to": 10, "low": text, "high": "Good"}
        return json.dumps([{"id": "mark", "scale": scale}]), "", FIRM["mark"], True
    if kind == "base":
        asked = draw(st.sampled_from(["sex in [f, m]", "any(used)", "used.phone"]))
        return json.dumps([{"id": name, "ask_if": asked}]), "", FIRM[name], True
    if kind == "dont_know":
        rule = draw(st.sampled_from([{"code": "dk", "in_base": True}, None]))
        return json.dumps([{"id": "glad", "dont_know": rule}]), "", FIRM["glad"], True
    if kind == "mode":
        mode = draw(st.sampled_from(["phone", "face_to_face", "post", "mixed"]))
        return "[]", f", mode: {mode}", ALL, False
    key = draw(st.sampled_from(["panel", "population"]))
    return "[]", f", {key}: {json.dumps(text)}", ALL, False


def released(folder: Path, instrument: str = "[]", wave: str = "", declared: str = "") -> Path:
    """The release of the second wave; `declared` is the question whose change is declared harmless."""
    text = STUDY.replace("WAVE", wave)
    for name in FIRM:
        text = text.replace(f"DECLARED_{name.upper()}", SAME if name == declared else "")
    files = {
        "study.yaml": text, "one.yaml": f"questions: {instrument}\n", "a.csv": answers(3, 4), "b.csv": answers(8, 6),
    }  # fmt: skip
    return run.run(study_folder(folder, files), formats=["html", "xlsx"])[-1].folder


def results(folder: Path) -> dict:
    return json.loads((folder / "results.json").read_text(encoding="utf-8"))


def arrows_of_the_book(folder: Path) -> list[str]:
    """Every row of the tab book that has an arrow or a verdict of a test, with all that it says."""
    told = []
    for sheet in openpyxl.load_workbook(folder / "report.en.xlsx"):
        for row in sheet.iter_rows():
            drawn = any("↑" in c.number_format or "↓" in c.number_format for c in row)
            if drawn or any(c.value in ("rise", "fall", "no significant change") for c in row):
                told.append(" | ".join(str(c.value) for c in row if c.value is not None))
    return told


def claims_of_the_page(folder: Path) -> list[str]:
    """The arrows of a page, and the sentences that tell a change with its size."""
    page = read((folder / "report.en.html").read_text(encoding="utf-8"))
    drawn = ["arrow" for tag, attrs in page.elements if tag in ("i", "text") and "arrow" in (attrs.get("class") or "")]
    sizes = [text for tags, text in page.texts if "style" not in tags and re.search("[+−][0-9]", text)]
    return drawn + sizes


@settings(max_examples=12)
@given(changed())
def test_no_change_of_what_a_question_measures_leaves_a_test_an_arrow_or_a_superlative(made):
    instrument, wave, broken, _ = made
    with tempfile.TemporaryDirectory() as name:
        folder = released(Path(name), instrument, wave)
        found = results(folder)
        for e in found["estimates"]:
            change = e["change"]
            if e["indicator"] in broken and change is not None:
                assert change["verdict"] == "break", (made, e["segment"])
                assert [change[k] for k in ("difference", "se", "p", "p_adjusted")] == [None] * 4
            if e["indicator"] in broken:
                assert e["rolling"] is None
                assert e["bands"] == []
        rows = arrows_of_the_book(folder)
        if set(broken) == set(ALL):
            assert not rows
            assert not claims_of_the_page(folder)
        assert not [row for row in rows if any(row.startswith(f"{LABELS[i]} |") for i in broken)]
        assert not [c for c in claims_of_the_page(folder) if any(LABELS[i] in c for i in broken)]
        told = {name for d in found["differences"] for name in d["broken"]}
        assert set(broken) <= told, "a break is never without its reason"


@settings(max_examples=6)
@given(changed().filter(lambda made: made[3]))
def test_what_is_declared_harmless_is_tested_again(made):
    instrument, wave, broken, _ = made
    with tempfile.TemporaryDirectory() as name:
        found = results(released(Path(name), instrument, wave, broken[0]))
        moved = [e for e in found["estimates"] if e["indicator"] in broken and e["change"]["verdict"] in ("up", "down")]
        assert {e["indicator"] for e in moved} == set(broken)
        assert all("same_as" in e["change"]["notes"] for e in moved)
        assert all(d["declared"] and d["reason"] for d in found["differences"] if d["severity"] == "break")


def test_the_same_study_unchanged_has_arrows_everywhere(tmp_path):
    folder = released(tmp_path)
    verdicts = {e["indicator"]: e["change"]["verdict"] for e in results(folder)["estimates"] if not e["segment"]}
    assert set(verdicts.values()) <= {"up", "down"}
    assert arrows_of_the_book(folder)
    assert claims_of_the_page(folder)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_break_is_drawn_and_its_reason_stands_beneath(tmp_path, language):
    folder = released(tmp_path, '[{id: glad, label: "Are you happy?"}]', "")
    if language == "fr":
        text = (tmp_path / "study.yaml").read_text(encoding="utf-8").replace("title:", "reports: [fr]\ntitle:")
        (tmp_path / "study.yaml").write_text(text, encoding="utf-8")
        folder = run.run(tmp_path, formats=["html"])[-1].folder
    page = read((folder / f"report.{language}.html").read_text(encoding="utf-8"))
    assert any(tag == "line" and attrs.get("class") == "break" for tag, attrs in page.elements)
    said = {"fr": "la question a été reformulée", "en": "the question was reworded"}[language]
    assert said in page.words.replace("\u00a0", " ").replace("\u202f", " ")
