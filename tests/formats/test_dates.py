"""Columns of text read as dates and times."""

import datetime as dt

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigie.formats.values import dates

at = dt.datetime.fromisoformat
AFTERNOON = at("2024-01-08T14:03")


def read(*cells, order=None):
    return dates(pa.array(cells, pa.string()), order=order)


@pytest.mark.parametrize(
    "cell", ["2024-01-08T14:03", "2024-01-08 14:03:00", "2024/1/8 14:03", "2024-01-08T14:03:00.000", "2024.01.08 14h03"]
)
def test_the_year_first(cell):
    found = read(cell)
    assert (found.values.to_pylist(), found.order, found.ambiguous) == ([AFTERNOON], "ymd", False)


@pytest.mark.parametrize("cell", ["08/01/2024 14:03", "8.1.2024 14:03:00", "08-01-2024, 14:03", "8/1/2024 à 14h03"])
def test_the_day_first_when_another_cell_says_so(cell):
    found = read(cell, "31/12/2024")
    assert (found.values.to_pylist()[0], found.order) == (AFTERNOON, "dmy")


def test_the_month_first_when_another_cell_says_so():
    found = read("1/8/2024 2:03 PM", "12/31/2024 12:00 am")
    assert found.values.to_pylist() == [AFTERNOON, at("2024-12-31")]
    assert found.order == "mdy"


def test_points_are_written_with_the_day_first():
    assert read("8.1.2024").values.to_pylist() == [at("2024-01-08")]


def test_what_nothing_tells_is_ambiguous_and_not_failed():
    found = read("08/01/2024", "05/05/2024", "2024-01-08", "x")
    assert (found.order, found.ambiguous) == (None, True)
    assert found.values.to_pylist() == [None, None, at("2024-01-08"), None]
    assert found.failed.to_pylist() == [False, False, False, True]


def test_the_same_day_either_way_is_not_ambiguous():
    assert read("05/05/2024").values.to_pylist() == [at("2024-05-05")]


def test_the_order_may_be_given():
    assert read("08/01/2024", order="dmy").values.to_pylist() == [at("2024-01-08")]
    assert read("08/01/2024", order="mdy").values.to_pylist() == [at("2024-08-01")]
    assert read("08/01/2024", order="ymd").failed.to_pylist() == [True]


@pytest.mark.parametrize(
    "cell",
    [
        "2024-02-30",
        "2023-02-29",
        "2024-13-01",
        "2024-00-10",
        "2024-01-00",
        "0000-01-01",
        "08/01/24",
        "2024-1/8",
        "45299",
        "2024-01-08 24:00",
        "2024-01-08 12:60",
        "2024-01-08 13:00 pm",
        "2024-01-08T",
        "20240108",
        "today",
        "31.02.2024",
    ],
)
def test_impossible_dates_fail(cell):
    found = read(cell)
    assert (found.values.to_pylist(), found.failed.to_pylist()) == ([None], [True])


def test_offsets_are_dropped_and_reported():
    found = read("2024-01-08T14:03:00Z", "2024-01-08T14:03:00+02:00", "2024-01-08 14:03", "2024-02-30T14:03:00-05:00")
    assert found.values.to_pylist() == [AFTERNOON, AFTERNOON, AFTERNOON, None]
    assert found.offsets == ("", "+02:00", "Z")


def test_fractions_are_kept_to_the_microsecond():
    assert read("2024-01-08T14:03:00,123456789").values.to_pylist() == [AFTERNOON.replace(microsecond=123456)]


def test_serial_numbers_only_when_said():
    found = read("45299.5854166667", "45299", "2024-01-08", "60", "9999999", order="excel")
    assert found.values.to_pylist() == [AFTERNOON, *[at("2024-01-08")] * 2, None, None]
    assert found.failed.to_pylist() == [False, False, False, True, True]


def test_empty_cells_and_columns():
    assert read(None, " ").failed.to_pylist() == [False, False]
    assert read().order == "ymd"


moments = st.datetimes()


FORMS = {
    "dmy": "{0:%d/%m}/{0.year:04d} {0:%H:%M:%S}",
    "mdy": "{0:%m/%d}/{0.year:04d} {0:%I:%M:%S %p}",
    "ymd": "{0.year:04d}-{0:%m-%dT%H:%M:%S}",
}


@given(st.lists(moments, min_size=1), st.sampled_from(sorted(FORMS)))
def test_formatted_dates_come_back(values, order):
    whole = [value.replace(microsecond=0) for value in values]
    written = [FORMS[order].format(value) for value in whole]
    assert read(*written, order=order).values.to_pylist() == whole
    recognised = read(*written)
    assert recognised.ambiguous or recognised.values.to_pylist() == whole


@given(st.lists(moments, min_size=1))
def test_iso_dates_come_back_to_the_microsecond(values):
    assert read(*[value.isoformat() for value in values]).values.to_pylist() == values


@given(st.lists(st.from_regex(r"\A[0-9]{1,4}[-/.][0-9]{1,2}[-/.][0-9]{1,4}( [0-9]{1,2}:[0-9]{2})?\Z")))
def test_what_looks_like_a_date_is_one_or_fails(cells):
    found = read(*cells)
    for value, wrong in zip(found.values.to_pylist(), found.failed.to_pylist(), strict=True):
        assert (value is None) == wrong or found.ambiguous
