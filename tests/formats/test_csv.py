"""Text files of rows."""

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vigie.errors import VigieError
from vigie.formats.tables import Reading, read_table


@pytest.fixture
def read(tmp_path):
    def make(text, **reading):
        path = tmp_path / "answers.csv"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return read_table(path, Reading(**reading), shown="answers.csv")

    return make


def cells(table):
    return [column.to_pylist() for column in table.columns]


def problems(call, *args, **kwargs):
    with pytest.raises(VigieError) as caught:
        call(*args, **kwargs)
    return caught.value.problems


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_separator_and_line_ends_are_recognised(read, separator, newline):
    text = newline.join(separator.join(row) for row in [("id", "mark"), ("1", "a b"), ("2", "c")]) + newline
    table = read(text)
    assert table.separator == separator
    assert cells(table) == [["1", "2"], ["a b", "c"]]


def test_decimal_commas_and_text_do_not_pass_for_separators(read):
    assert read("a;b\n1,5;2,5\n3,5;4,5\n").separator == ";"
    assert read("id,story\n1,no; never; no\n2,yes; a; b\n").separator == ","
    assert cells(read("story\nplain text\n")) == [["plain text"]]


def test_the_separator_that_excel_announces_is_followed_and_counted(read):
    table = read("sep=;\r\nid;mark\r\n1;2\r\n")
    assert (table.headers, table.first_row) == (("id", "mark"), 3)


def test_quotes_line_breaks_and_empty_cells(read):
    table = read('id,story\n1,"a, ""b""\r\nc"\n2,""\n3,\n4,5" disk\n')
    assert cells(table) == [["1", "2", "3", "4"], ['a, "b"\r\nc', None, None, '5" disk']]


def test_words_for_missing_are_text(read):
    assert cells(read("a,b\nNA,null\nNaN,None\n")) == [["NA", "NaN"], ["null", "None"]]


def test_an_empty_line_counts_as_a_row(read):
    table = read("id,age\n1,2\n\n3,4\n\n\n")
    assert cells(table) == [["1", None, "3"], ["2", None, "4"]]
    assert table.row(2) == 4


def test_a_header_further_down(read):
    table = read('Export of 8 January\n"two\nlines",\nid,age\n1,2\n', header_row=3)
    assert (table.headers, table.first_row, cells(table)) == (("id", "age"), 4, [["1"], ["2"]])


def test_a_header_alone_is_a_table_without_rows(read):
    table = read("id,age")
    assert (table.headers, len(table), cells(table)) == (("id", "age"), 0, [[], []])


def test_an_empty_header_row_is_a_problem(read):
    (problem,) = problems(read, "\nid,age\n")
    assert (problem.code, problem.line) == ("file-unreadable", 1)


def test_a_cut_last_line_is_never_dropped(read):
    (problem,) = problems(read, "a,b,c\n1,2,3\n4,5\n")
    assert (problem.code, problem.line) == ("file-unreadable", 3)
    assert problem.message == "Row 3 has 2 columns instead of 3: is the file cut?"


def test_rows_of_another_width_are_all_told_with_their_numbers(read):
    rows = ["1,2"] * 2000
    for number in (5, 900, 1500, 1501, 1502, 1503, 1504):
        rows[number - 2] = "1,2,3"
    found = problems(read, "a,b\n" + "\n".join(rows) + "\n")
    assert [problem.line for problem in found] == [5, 900, 1500, 1501, 1502, None]
    assert found[0].message == "Row 5 has 3 columns instead of 2."
    assert found[-1].message == "2 more rows have another number of columns than the header."


def test_row_numbers_hold_over_many_blocks(read):
    text = "a,b\n" + "1,xxxxxxxxxxxxxxxx\n" * 400_000 + "1\n" + "1,2\n" * 10
    assert problems(read, text)[0].line == 400_002


def test_a_header_that_no_row_fits_names_the_separator(read):
    found = problems(read, "title\n1,2,3\n4,5,6\n7,8,9\n", separator=",")
    assert 'Most rows have 3; the header is row 1 and the separator ","' in found[0].hint


@pytest.mark.parametrize("text", ['a,b\n1,"x\n2,y\n3,z\n', 'a,b\n1,x\n2,"y', 'a,b\n1,x\n2,"'])
def test_a_quotation_mark_left_open_is_a_problem(read, text):
    (problem,) = problems(read, text)
    assert "never closed" in problem.message
    assert problem.line == (2 if "x\n2" in text and '"x' in text else 3)


def test_an_impossible_separator_is_a_problem(read):
    assert "cannot separate" in problems(read, "a,b\n", separator='"')[0].message
    assert "cannot separate" in problems(read, "a,b\n", separator=";;")[0].message


def test_a_row_longer_than_a_block_is_read(read):
    wide = ",".join(f'"{"x" * 900_000}"' for _ in range(4))
    assert len(read("a,b,c,d\n1,2,3,4\n" + wide + "\n").column("d")[1].as_py()) == 900_000


def test_rows_beyond_a_block_are_all_read(read):
    text = ",".join(f"q{i}" for i in range(100)) + "\n" + (",".join(str(i % 11) for i in range(100)) + "\n") * 49_000
    table = read(text)
    assert (len(table), len(table.headers)) == (49_000, 100)


texts = st.text(st.characters(exclude_characters="\x00\x01", exclude_categories=("Cs",)), max_size=12)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.tuples(texts, texts, texts), max_size=8),
    st.sampled_from([",", ";", "\t", "|"]),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_what_python_writes_comes_back(tmp_path_factory, rows, separator, newline, encoding):
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, delimiter=separator, lineterminator=newline, quoting=csv.QUOTE_ALL)
    writer.writerows([("id", "b", "c", "d"), *((str(i), *row) for i, row in enumerate(rows))])
    path = tmp_path_factory.mktemp("csv") / "a.csv"
    path.write_bytes(stream.getvalue().encode(encoding))
    table = read_table(path, Reading(separator=separator))
    assert table.column("id").to_pylist() == [str(i) for i in range(len(rows))]
    for i, name in enumerate("bcd"):
        # Arrow and Python do not trim exactly the same characters; what is not white space is the same
        assert ["".join((c or "").split()) for c in table.column(name).to_pylist()] == [
            "".join(r[i].split()) for r in rows
        ]
