"""A study folder becomes a study, or all of its problems at once."""

from __future__ import annotations

import json
from datetime import date

from small import FILES, STUDY, command, loaded, write
from vigie.study.brands import on_day, read_brands
from vigie.study.digest import study_digest
from vigie.study.loading import load_study


def test_all_problems_are_told_at_once_in_the_order_of_the_file(monkeypatch, tmp_path, capsys):
    text = STUDY.replace("title: Small", "titel: Small").replace("[sex]", "[sexe]").replace("any(used)", "any(usde)")
    text = text.replace("kind: date", "kind: dat").replace("tests: tests.csv", "tests: test.csv")
    write(tmp_path, FILES | {"study.yaml": text, "margins.csv": "variable,category,share\nsex,f,x\n"})
    said = command(monkeypatch, "check", tmp_path)
    shown = capsys.readouterr()
    assert said.code == 1
    assert shown.out == ""
    lines = ["1:1", "2:1", "5:10", "10:15", "12:21", "20:69"]
    assert [p.place for p in said.problems] == ["margins.csv:2", *(f"study.yaml:{at}" for at in lines)]
    assert shown.err.endswith("7 problems.\n")


def test_problems_are_json_on_standard_output_alone(monkeypatch, tmp_path, capsys):
    write(tmp_path, FILES | {"study.yaml": STUDY.replace("[sex]", "[sexe]")})
    assert command(monkeypatch, "check", tmp_path, "--json").code == 1
    shown = capsys.readouterr()
    (problem,) = json.loads(shown.out)
    assert problem == {
        "code": "unknown-name", "file": "study.yaml", "line": 5, "column": 10,
        "message": 'There is no question "sexe".', "hint": 'Did you mean "sex"? There are: sex, used, mark, day.',
    }  # fmt: skip
    assert shown.err == ""


def test_a_question_that_is_wrong_itself_is_complained_about_once(tmp_path):
    write(tmp_path, FILES | {"study.yaml": STUDY.replace("kind: single", "kind: sngle")})
    assert [p.place for p in load_study(tmp_path)[1]] == ["study.yaml:7:15"]


def test_a_folder_without_a_study_and_a_study_without_a_mapping_are_told(tmp_path):
    assert [p.code for p in load_study(tmp_path)[1]] == ["file-missing"]
    for text, code in (("", "missing-key"), ("- a", "wrong-value"), ("just words", "wrong-value")):
        assert [p.code for p in load_study(write(tmp_path, {"study.yaml": text}))[1]] == [code]


def test_wrong_lists_and_wrong_instruments_are_told_without_a_traceback(tmp_path):
    for questions in ("5", "abc", "{a: b}", "[[1], 2, {id: [x]}, {id: {y: z}}]"):
        text = STUDY.replace("tests.csv}", "tests.csv}, instrument: other.yaml")
        head, _, rest = text.partition("questions:\n")
        broken = f"{head}questions: {questions}\nindicators:{rest.partition('indicators:')[2]}"
        for instrument in ("questions: [{id: [1]}, 5, {id: a}]", "5", "questions: 5", ""):
            study, problems = load_study(write(tmp_path, FILES | {"study.yaml": broken, "other.yaml": instrument}))
            assert study is None
            assert problems


def test_instruments_change_add_and_remove_questions_each_at_its_place(tmp_path):
    text = STUDY.replace("tests.csv}", "tests.csv}, instrument: other.yaml")
    changed = (
        "questions:\n"
        "  - {id: sex, label: Gender, options: {f: F, m: M, x: X}}\n"
        "  - {id: more, kind: numeric, label: More, ask_if: sex == x}\n"
        "  - {id: day, remove: true}\n"
    )
    margins = "variable,category,share\nsex,f,0.5\nsex,m,0.4\nsex,x,0.1\n"
    study = loaded(write(tmp_path, FILES | {"study.yaml": text, "other.yaml": changed, "margins.csv": margins}))
    assert list(study.instrument("2024")) == ["sex", "used", "mark", "more"]
    assert list(study.questions) == ["sex", "used", "mark", "day"]
    assert study.instrument("2024")["sex"].label == {"": "Gender"}
    broken = changed.replace("kind: numeric", "kind: numerc").replace("label: Gender,", "label: Gender, lable: x,")
    places = [(p.place, p.code) for p in load_study(write(tmp_path, {"other.yaml": broken}))[1]]
    assert places[0] == ("other.yaml:2:30", "unknown-key")
    assert places[1] == ("other.yaml:3:16", "wrong-value")


def test_the_order_of_an_instrument_unfolds_a_grid_as_the_wave_asked_it(tmp_path):
    grid = "{id: trust, kind: grid, label: T, items: {a: A}, scale: {from: 1, to: 5, low: l, high: h}}"
    text = STUDY.replace("tests.csv}", "tests.csv}, instrument: other.yaml")
    text = text.replace("  - {id: day", f"  - {grid}\n  - {{id: day")
    own = "questions: [{id: trust, items: {a: A, b: B}}, {id: day, ask_if: trust_b > 3}]\norder: [trust, day, sex]\n"
    study = loaded(write(tmp_path, FILES | {"study.yaml": text, "other.yaml": own}))
    assert list(study.instrument("2024")) == ["trust_a", "trust_b", "day", "sex", "used", "mark"]


def test_the_hash_of_a_study_does_not_depend_on_the_layout_of_its_files(tmp_path):
    files = FILES | {"study.yaml": f"# a comment\n{STUDY}", "margins.csv": FILES["margins.csv"].replace("\n", "\n\n")}
    one, two = (loaded(write(tmp_path / name, made)) for name, made in (("a", FILES), ("b", files)))
    assert one.margins["2024"][0].lines != two.margins["2024"][0].lines
    assert study_digest(one) == study_digest(two)


def test_codes_of_the_study_are_spelled_as_cells_are_read(tmp_path):
    options = 'options: {1.0: One, " 2 ": Two, "e\u0301": E, "a\u00a0b": A}'
    text = STUDY.replace("options: {f: Woman, m: Man}", options).replace("codes: {1: f, 2: m}", "codes: {1.0: 1}")
    text = text.replace("weighting:", "#")
    study = loaded(write(tmp_path, FILES | {"study.yaml": text}))
    assert list(study.options(study.questions["sex"])) == ["1", "2", "é", "a b"]
    assert study.imports["panel"].columns["sex"].codes == {"1": "1"}


# -- brands in time


def brands(*rows: str):
    header = "brand,name,sector,aliases,from,until,succeeds\n"
    return read_brands(header + "\n".join(rows) + "\n", file="brands.csv")


def test_a_brand_changes_its_name_and_sector_from_a_day_on():
    listed, problems = brands("o,Ondine,energy,,,2022-12-31,", "o,Ondine Plus,telecom,Ondine|OP,2023-01-01,,")
    assert not problems
    assert on_day(listed, date(2022, 12, 31))["o"].name == "Ondine"
    assert on_day(listed, date(2023, 1, 1))["o"].sector == "telecom"
    assert on_day(listed, None)["o"].aliases == ("Ondine", "OP")


def test_a_merged_brand_takes_over_a_name_when_the_other_has_ended():
    listed, problems = brands("a,Alba,energy,,,2022-12-31,", "b,Brise,energy,Alba,2023-01-01,,a")
    assert not problems
    assert list(on_day(listed, date(2023, 6, 1))) == ["b"]
    _, problems = brands("a,Alba,energy,,,2023-12-31,", "b,Brise,energy,Alba,2023-01-01,,a")
    assert [p.code for p in problems] == ["duplicate-name"]


def test_brands_are_told_by_the_line_of_the_file_even_after_a_cell_of_two_lines():
    _, problems = brands('a,"Al\nba",energy,,,,', "b,Brise,,,,,")
    assert [(p.line, p.code) for p in problems] == [(4, "wrong-value")]


def test_brands_may_come_with_semicolons_and_a_byte_order_mark():
    listed, problems = read_brands("\ufeffbrand;name;sector\n x ;X;s\n\n", file="b.csv")
    assert not problems
    assert [b.brand for b in listed] == ["x"]
