"""A Parquet file becomes the text that a CSV file would hold."""

from __future__ import annotations

import datetime as dt
import decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from vigie.errors import VigieError
from vigie.formats.tables import read_table

DAY = dt.date(2024, 1, 8)
MIDNIGHT = dt.datetime.combine(DAY, dt.time())
NOON = dt.datetime.combine(DAY, dt.time(12, 30))


def text_of(tmp_path, column):
    """What a column holds as text, read back from a file."""
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"row": pa.array(range(len(column))), "c": column}), path)
    return read_table(path).column("c").to_pylist()


@pytest.mark.parametrize(
    ("column", "text"),
    [
        (pa.array([1, None, -3], pa.int16()), ["1", None, "-3"]),
        (pa.array([4.0, 2.5, None, float("nan"), float("inf")]), ["4", "2.5", None, None, None]),
        (pa.array([0.1, 4.0], pa.float32()), ["0.1", "4"]),
        (pa.array([0.5], pa.float16()), ["0.5"]),
        (pa.array([True, False, None]), ["true", "false", None]),
        (pa.array(["4.0", " a ", "", None]), ["4.0", "a", None, None]),
        (pa.array(["x", "y"], pa.large_string()), ["x", "y"]),
        (pa.array([b"caf\xc3\xa9"], pa.binary()), ["café"]),
        (pa.array([DAY, None]), ["2024-01-08", None]),
        (pa.array([DAY], pa.date64()), ["2024-01-08"]),
        (pa.array([NOON, MIDNIGHT], pa.timestamp("us")), ["2024-01-08 12:30:00", "2024-01-08"]),
        (pa.array([NOON.replace(microsecond=500_000)], pa.timestamp("ms")), ["2024-01-08 12:30:00.500"]),
        (pa.array([NOON.replace(tzinfo=dt.UTC)], pa.timestamp("us", "Europe/Paris")), ["2024-01-08 13:30:00"]),
        (pa.array([dt.time(9, 12, 58)]), ["09:12:58"]),
        (pa.array([dt.timedelta(seconds=90)]), ["90"]),
        (pa.array([decimal.Decimal("4.00"), decimal.Decimal("1.50")]), ["4", "1.50"]),
        (pa.array(["f", "m", None, "f"]).dictionary_encode(), ["f", "m", None, "f"]),
        (pa.array([["a", "b"], [], None, [None, "c"]]), ["a|b", None, None, "|c"]),
        (pa.array([[1.0, 2.0]]), ["1|2"]),
        (pa.nulls(2), [None, None]),
    ],
    ids=str,
)
def test_typed_columns_become_text(tmp_path, column, text):
    assert text_of(tmp_path, column) == text


def test_the_fields_of_a_structure_are_columns(tmp_path):
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"place": [{"city": "Arles", "zip": {"code": 13200}}], "n": [1]}), path)
    table = read_table(path)
    assert table.headers == ("place.city", "place.zip.code", "n")
    assert table.column("place.zip.code").to_pylist() == ["13200"]


def test_rows_are_counted_from_one(tmp_path):
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"n": [7, 8]}), path)
    assert read_table(path).row(0) == 1


@pytest.mark.parametrize(
    "column", [pa.array([b"\xff\xfe"], pa.binary()), pa.array([[("a", 1)]], pa.map_(pa.string(), pa.int64()))]
)
def test_a_column_that_is_no_text_is_told(tmp_path, column):
    with pytest.raises(VigieError) as caught:
        text_of(tmp_path, column)
    (problem,) = caught.value.problems
    assert problem.code == "file-unreadable"
    assert '"c"' in problem.message
    assert problem.hint


@pytest.mark.parametrize("data", [b"PAR1", b"id,n\n1,2\n", b"PAR1" + bytes(100) + b"PAR1"])
def test_what_is_no_parquet_is_told(tmp_path, data):
    path = tmp_path / "a.parquet"
    path.write_bytes(data)
    with pytest.raises(VigieError) as caught:
        read_table(path)
    assert caught.value.problems[0].code == "file-unreadable"
    assert caught.value.problems[0].hint
