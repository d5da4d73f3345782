"""Workbooks."""

import datetime as dt

import openpyxl
import pytest
import xlsxwriter

from vigie.errors import VigieError
from vigie.formats.tables import Reading, read_table


@pytest.fixture
def workbook(tmp_path):
    """Writes sheets of rows, the first row at the top, and gives the path."""

    def write(name="answers.xlsx", **sheets):
        book = openpyxl.Workbook()
        book.remove(book.active)
        for title, rows in sheets.items():
            sheet = book.create_sheet(title)
            for row in rows:
                sheet.append(row)
        book.save(tmp_path / name)
        return tmp_path / name

    return write


def problem(*args, **kwargs):
    with pytest.raises(VigieError) as caught:
        read_table(*args, **kwargs)
    return caught.value.problems[0]


def columns(table):
    return {header: table.column(header).to_pylist() for header in table.headers}


def test_cells_become_their_shortest_text(workbook):
    rows = [
        ["number", "mixed", "truth", "date"],
        [4.0, 1, True, dt.date(2024, 1, 8)],
        [3.25, "text", False, dt.datetime.fromisoformat("2024-01-08T14:03")],
        [-0.1, 2.5, None, dt.datetime.fromisoformat("2024-01-09")],
        [1e20, None, True, dt.time(14, 3)],
    ]
    assert columns(read_table(workbook(One=rows))) == {
        "number": ["4", "3.25", "-0.1", "1e+20"],
        "mixed": ["1", "text", "2.5", None],
        "truth": ["true", "false", None, "true"],
        "date": ["2024-01-08", "2024-01-08T14:03:00", "2024-01-09", "14:03:00"],
    }


def test_lengths_of_time_are_hours_minutes_and_seconds(tmp_path):
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        sheet = book.add_worksheet()
        sheet.write(0, 0, "delay")
        sheet.write(1, 0, 1.25, book.add_format({"num_format": "[h]:mm:ss"}))
    assert columns(read_table(tmp_path / "a.xlsx")) == {"delay": ["30:00:00"]}


def test_errors_stay_text(tmp_path):
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        sheet = book.add_worksheet()
        for row, (left, right) in enumerate([("a", "b"), (None, 1), (2, None)]):
            sheet.write_row(row, 0, [left, right])
        sheet.write_formula(1, 0, "=NA()", None, "#N/A")
        sheet.write_formula(2, 1, "=1/0", None, "#DIV/0!")
    assert columns(read_table(tmp_path / "a.xlsx")) == {"a": ["#N/A", "2"], "b": ["1", "#DIV/0!"]}


def test_a_sheet_is_chosen_by_name_or_position_and_the_first_one_otherwise(workbook):
    path = workbook(One=[["a"], [1]], Two=[["b"], [2]])
    assert columns(read_table(path)) == {"a": ["1"]}
    assert columns(read_table(path, Reading(sheet="Two"))) == {"b": ["2"]}
    assert read_table(path, Reading(sheet=2)).sheet == "Two"


def test_a_hidden_sheet_is_read_only_when_asked_for(tmp_path):
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        hidden, seen = book.add_worksheet("Hidden"), book.add_worksheet("Seen")
        hidden.write(0, 0, "a")
        seen.write(0, 0, "b")
        seen.activate()
        hidden.hide()
    assert read_table(tmp_path / "a.xlsx").headers == ("b",)
    assert read_table(tmp_path / "a.xlsx", Reading(sheet="Hidden")).headers == ("a",)


@pytest.mark.parametrize("sheet", ["Three", 3, 0, -1])
def test_a_missing_sheet_names_those_that_exist(workbook, sheet):
    found = problem(workbook(One=[["a"]], Two=[["b"]]), Reading(sheet=sheet), shown="data/answers.xlsx")
    assert (found.code, found.file) == ("file-unreadable", "data/answers.xlsx")
    assert "There are: One, Two." in found.hint


def test_a_header_further_down_and_right_keeps_the_row_numbers_of_the_file(workbook):
    table = read_table(workbook(One=[[], ["Title"], [None, "id", "age"], [None, 1, 2]]), Reading(header_row=3))
    assert (table.headers, table.first_row) == (("", "id", "age"), 4)
    assert table.column("age").to_pylist() == ["2"]


def test_empty_sheets_and_headers_are_problems(workbook):
    assert "has 0 rows" in problem(workbook(One=[])).message
    found = problem(workbook(One=[[None], ["a"], [1]]))
    assert (found.line, "is empty" in found.message) == (1, True)
    assert "has 2 rows" in problem(workbook(One=[["a"], [1]]), Reading(header_row=5)).message


def test_a_header_alone_is_a_table_without_rows(workbook):
    table = read_table(workbook(One=[["a", "b"]]))
    assert (table.headers, len(table)) == (("a", "b"), 0)


def test_a_stray_cell_in_the_last_corner_is_refused_before_it_fills_the_memory(tmp_path):
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        sheet = book.add_worksheet()
        sheet.write(0, 0, "a")
        sheet.write(1_048_575, 16_383, "stray")
    found = problem(tmp_path / "a.xlsx")
    assert found.code == "file-too-large"
    assert "row 1048576, column 16384" in found.message


@pytest.mark.parametrize("name", ["a.xlsx", "a.xls", "a.ods", "a.xlsm"])
@pytest.mark.parametrize("data", [b"PK\x03\x04 no zip", b"hello", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"])
def test_what_is_no_workbook_is_a_problem(tmp_path, name, data):
    (tmp_path / name).write_bytes(data)
    found = problem(tmp_path / name)
    assert found.code == "file-unreadable"
    assert "save the sheet as CSV" in found.hint
