"""A study proposed from a table of answers is sound, whatever the table, and reads every cell that it takes up."""

from __future__ import annotations

import csv
import re
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vigie.collect.intake import intake
from vigie.study.loading import load_study
from vigie.study.proposing import Column, proposed


def study_of(folder: Path, columns: dict[str, list[str]]):
    """The study proposed from these columns, and its text."""
    rows = max(map(len, columns.values()))
    (folder / "data").mkdir(exist_ok=True)
    with (folder / "data" / "a.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerows([list(columns), *zip(*columns.values(), strict=True)])
    told = [Column(header, [c for c in cells if c], rows) for header, cells in columns.items()]
    text = proposed("mine", 'My "study": one', "en", told, "2025", "data/a.csv")
    (folder / "study.yaml").write_text(text or "", encoding="utf-8")
    study, problems = load_study(folder)
    assert not problems, "\n".join(map(str, problems)) + f"\n{text}"
    return study, text


PEOPLE = [str(n) for n in range(1, 61)]


@pytest.mark.parametrize(
    ("header", "cells", "kind"),
    [
        ("Sex", ["f", "m"], "single"),
        ("Vous êtes…", ["Une femme", "Un homme", ""], "single"),
        ("Q1", ["1", "2", "3"], "single"),
        ("reco", [str(n) for n in range(11)], "scale"),
        ("sat", ["1", "2", "3", "4", "5", "99"], "scale"),
        ("spent", [f"{n * 1.7:.2f}" for n in range(60)], "numeric"),
        ("ways", ["phone", "e-mail", "phone;e-mail", "chat;phone", "chat"], "multiple"),
        ("Tell us", [f"The adviser number {n} was very slow and never answered me" for n in range(60)], "open"),
        ("and", ["yes", "no"], "single"),
        ("3rd {option}", ["a", "b"], None),  # a pattern, were it named
        ("Name", [f"Person {n}" for n in range(60)], None),  # who people are is not taken up
    ],
)
def test_cells_suggest_a_kind(tmp_path, header, cells, kind):
    column = (cells * 60)[:60]
    study, _ = study_of(tmp_path, {"id": PEOPLE, "asked": ["a", "b"] * 30, header: column})
    assert [q.kind for q in study.questions.values()] == ["single", *([kind] if kind else [])]


def test_people_are_known_by_a_number_and_never_by_their_address(tmp_path):
    addresses = [f"someone{n}@example.org" for n in range(60)]
    twice = [*PEOPLE[:59], "59"]
    columns = {"E-mail": addresses, "Identifiant": twice, "sex": ["f", "m"] * 30}
    study, text = study_of(tmp_path, columns)
    assert 'respondent: "Identifiant"' in text
    assert list(study.questions) == ["sex"]
    alone = [Column("E-mail", addresses, 60), Column("sex", ["f", "m"] * 30, 60)]
    assert proposed("mine", "Mine", "en", alone, "2025", "a.csv") is None


@pytest.mark.parametrize(("cells", "taken"), [(["0,8", "1,2"], True), (["0", "1,2"], False), (["a", "1"], False)])
def test_weights_are_known_by_name_and_are_numbers_above_zero(tmp_path, cells, taken):
    study, text = study_of(tmp_path, {"id": PEOPLE, "Pondération": cells * 30, "sex": ["f", "m"] * 30})
    assert ('weight: "Pondération"' in text) == taken
    assert ("ponderation" in study.questions) != taken


def test_columns_of_one_question_are_taken_together(tmp_path):
    columns = {f"Q7_{o}": ["0", "1", "1", "0"] * 15 for o in ("1", "2", "99")}
    study, _ = study_of(tmp_path, {"id": PEOPLE, **columns})
    (question,) = study.questions.values()
    assert (question.kind, list(question.options)) == ("multiple", ["1", "2", "99"])


def test_people_are_told_apart_by_the_column_that_is_named_so(tmp_path):
    _, text = study_of(
        tmp_path, {"time": [f"10:{n:02d}" for n in range(60)], "a": ["1", "2"] * 30, "Respondent ID": PEOPLE}
    )
    assert 'respondent: "Respondent ID"' in text


def test_a_table_in_which_nobody_is_told_apart_has_no_study():
    assert proposed("mine", "Mine", "en", [Column("sex", ["f", "f"], 2)], "2025", "a.csv") is None
    assert proposed("mine", "Mine", "en", [], "2025", "a.csv") is None


LETTERS = st.characters(codec="utf-8", exclude_categories=("C", "Z"))
HEADERS = st.text(LETTERS, min_size=1, max_size=12) | st.sampled_from(
    ["Q1_1", "Q1_2", "Q1.2", "a b", "on", "null", "3", "é", "x: y", "#n", '"q"', "{channel}", "id_1"]
)  # fmt: skip
CELLS = st.sampled_from(
    ["", "0", "1", "2", "7", "10", "99", "1.0", "1;2", "a, b", "b", "oui", "Non", "x: y", "null", "-1"]
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(HEADERS, st.lists(CELLS, min_size=12, max_size=12), max_size=6))
def test_whatever_the_table_the_study_is_sound_and_refuses_no_cell(columns):
    own = {h: cells for h, cells in columns.items() if h.strip() == h and h.lower() not in ("respondent", "asked")}
    with tempfile.TemporaryDirectory() as work:
        study, text = study_of(Path(work), {"respondent": PEOPLE[:12], "asked": ["a", "b"] * 6, **own})
        _, told = intake(study, study.waves["2025"], lambda _: None)
        assert not [e for e in told["exclusions"] if e["cells"]], (text, told["exclusions"])
        assert re.search(r'respondent: "', text)
