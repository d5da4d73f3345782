"""What holds for a table whatever its format."""

import pytest

from vigie.errors import VigieError
from vigie.formats.tables import FORMATS, Reading, read_table


@pytest.fixture
def table(tmp_path):
    def make(text, name="answers.csv", **reading):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return read_table(path, Reading(**reading), shown=f"data/{name}")

    return make


def problem(call, *args, **kwargs):
    with pytest.raises(VigieError) as caught:
        call(*args, **kwargs)
    return caught.value.problems[0]


def test_a_column_is_found_by_its_header(table):
    read = table("id,age\n1,33\n2,\n")
    assert read.column("age").to_pylist() == ["33", None]
    assert (len(read), read.row(1)) == (2, 3)


def test_an_unknown_column_lists_what_exists(table):
    found = problem(table("id,age\n1,33\n").column, "agee")
    assert (found.code, found.file) == ("column-missing", "data/answers.csv")
    assert 'Did you mean "age"? There are: id, age.' in found.hint


def test_a_header_that_stands_twice_is_kept_and_refused_when_asked_for(table):
    read = table("id,age,age\n1,33,34\n")
    assert read.headers == ("id", "age", "age")
    assert read.positions("age") == (1, 2)
    found = problem(read.column, "age")
    assert (found.code, found.line) == ("duplicate-header", 1)
    assert "columns 2, 3" in found.message


def test_empty_rows_and_unnamed_empty_columns_at_the_end_are_dropped(table):
    read = table("id,age,comment,,\n1,33,,,\n , ,,,\n2,44,,,\n,,,,\n,,,,\n")
    assert read.headers == ("id", "age", "comment")
    assert read.column("age").to_pylist() == ["33", None, "44"]
    assert read.column("comment").to_pylist() == [None, None, None]


def test_cells_and_headers_are_trimmed_of_no_break_spaces_too(table):
    read = table(" id\u00a0, age \n\u00a0 7\u202f,\u2009\n8,9\n")
    assert read.headers == ("id", "age")
    assert [c.to_pylist() for c in read.columns] == [["7", "8"], [None, "9"]]


def test_a_missing_file_and_a_folder_are_problems(tmp_path):
    assert problem(read_table, tmp_path / "no.csv", shown="data/no.csv").code == "file-missing"
    (tmp_path / "folder.csv").mkdir()
    assert problem(read_table, tmp_path / "folder.csv").code == "file-unreadable"


def test_an_unknown_format_lists_those_that_are_read(tmp_path):
    found = problem(read_table, tmp_path / "answers.sas7bdat")
    assert found.code == "file-unreadable"
    assert all(extension in found.hint for extension in FORMATS)


def test_an_empty_file_and_an_impossible_header_row_are_problems(table):
    assert problem(table, "").message == "The file is empty."
    assert problem(table, "a\n1\n", header_row=0).message == "The header row is counted from 1."
    assert problem(table, "a\n1\n", header_row=9).message == "The header should be in row 9, and the file has 2 rows."


def test_a_huge_cell_is_refused_with_its_row(table):
    found = problem(table, "id,story\n1,a\n2," + "x" * (1 << 20) + "y\n")
    assert (found.code, found.line) == ("file-too-large", 3)


def test_too_many_columns_are_refused(table):
    assert problem(table, "," * 20_001 + "a\n").code == "file-too-large"
