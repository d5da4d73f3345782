"""Columns of text read as durations."""

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigie.formats.values import durations


def seconds(cell, **how):
    return durations(pa.array([cell], pa.string()), **how).values.to_pylist()[0]


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("90", 90),
        ("1,5", 1.5),
        ("01:30:00", 5400),
        ("130:00:00", 468_000),
        ("00:00:01.5", 1.5),
        ("01:30", 90),
        ("01::30", 90),
        ("1h30", 5400),
        ("1 h 30 min", 5400),
        ("1,5 h", 5400),
        ("12 min", 720),
        ("3mn", 180),
        ("2'30", 150),
        ("12\u00a0minutes", 720),
        ("45 Secondes", 45),
        ("2 j 3 h", 183_600),
        ("2 jours, 3 heures", 183_600),
        ("2 days, 03:00:00", 183_600),
        ("1h 5min 3s", 3903),
        ("2 semaines", 1_209_600),
        ("PT1H30M", 5400),
        ("P1DT0.5S", 86_400.5),
        ("P2W", 1_209_600),
        ("", None),
        (None, None),
    ],
)
def test_durations_are_read(cell, expected):
    assert seconds(cell) == expected


@pytest.mark.parametrize(
    "cell", ["P", "PT", "P1DT", "x", "-5", "1:75", "1:2:3:4", "h", "12 mois", "1::60", "::", "min 5"]
)
def test_what_is_no_duration_fails(cell):
    read = durations(pa.array([cell]))
    assert (read.values.to_pylist(), read.failed.to_pylist()) == ([None], [True])


def test_bare_numbers_and_two_parts_take_the_unit_and_clock_that_are_given():
    assert seconds("90", unit="min") == 5400
    assert seconds("2", unit="h") == 7200
    assert seconds("01:30", clock="hm") == 5400
    assert seconds("01::30", clock="hm") == 5400


@given(st.integers(0, 10**6), st.sampled_from(["clock", "iso", "french"]))
def test_formatted_durations_come_back(total, way):
    hours, minutes, rest = total // 3600, total // 60 % 60, total % 60
    written = {
        "clock": f"{hours:02d}:{minutes:02d}:{rest:02d}",
        "iso": f"PT{hours}H{minutes}M{rest}S",
        "french": f"{hours} h {minutes} min {rest} s",
    }[way]
    assert seconds(written) == total


@given(st.lists(st.text("0123456789:hmsjPT., ", max_size=10)))
def test_any_text_is_a_duration_or_fails(cells):
    read = durations(pa.array(cells, pa.string()))
    for cell, value, wrong in zip(cells, read.values.to_pylist(), read.failed.to_pylist(), strict=True):
        assert wrong == (value is None and cell.strip() != "")
        assert value is None or value >= 0
