"""Dates told from the day on which they were read."""

from __future__ import annotations

import datetime as dt

import pyarrow as pa
import pytest

from vigie.formats.relative_dates import relative_dates

DAY = dt.datetime.fromisoformat("2024-03-31")


def told(text, read_on=DAY):
    found = relative_dates(pa.array([text]), pa.array([read_on], pa.timestamp("us")))
    value = found.values[0].as_py()
    return (value and value.date().isoformat()), found.relative[0].as_py()


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("il y a 3 jours", "2024-03-28"),
        ("Il y a 1 jour", "2024-03-30"),
        ("3 days ago", "2024-03-28"),
        ("a day ago", "2024-03-30"),
        ("hier", "2024-03-30"),
        ("Yesterday", "2024-03-30"),
        ("avant-hier", "2024-03-29"),
        ("aujourd’hui", "2024-03-31"),
        ("today", "2024-03-31"),
        ("il y a une semaine", "2024-03-24"),
        ("2 weeks ago", "2024-03-17"),
        ("la semaine dernière", "2024-03-24"),
        ("last week", "2024-03-24"),
        ("il y a un mois", "2024-02-29"),
        ("a month ago", "2024-02-29"),
        ("il y a 13 mois", "2023-02-28"),
        ("il y a 2 ans", "2022-03-31"),
        ("an year ago", "2023-03-31"),
        ("l'année dernière", "2023-03-31"),
        ("il y a 5 heures", "2024-03-31"),
        ("20 minutes ago", "2024-03-31"),
        ("il y a\u00a06\u00a0j", "2024-03-25"),
    ],
)
def test_a_relative_date_counts_back_from_the_day_it_was_read_on(text, day):
    assert told(text) == (day, True)


def test_hours_count_from_a_time_that_is_known():
    assert told("il y a 5 heures", dt.datetime.fromisoformat("2024-03-31T03:00:00")) == ("2024-03-30", True)


@pytest.mark.parametrize("text", ["2024-01-08", "soon", "il y a trois lunes", "ago", "il y a", None])
def test_other_cells_are_no_relative_dates(text):
    assert told(text) == (None, False)


def test_a_relative_date_without_its_day_is_relative_and_unknown():
    assert told("hier", None) == (None, True)
