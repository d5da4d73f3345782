"""Columns of text read as numbers, codes and truths."""

import math

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigie.formats.values import codes, numbers, truths


def texts(*cells):
    return pa.chunked_array([pa.array(cells, pa.string())])


def test_french_numbers():
    read = numbers(texts("1 234,5", "12,5", "-3", "−5,25", "1\u202f234", "1\u00a0000\u00a0000,0", None, "  "))
    assert read.values.to_pylist() == [1234.5, 12.5, -3, -5.25, 1234, 1_000_000, None, None]
    assert read.decimal == ","
    assert not any(read.failed.to_pylist())


def test_english_numbers():
    read = numbers(texts("1,234.5", "12.5", "+5", ".5", "5.", "1e5", "-1.5E-2"))
    assert read.values.to_pylist() == [1234.5, 12.5, 5, 0.5, 5, 100_000, -0.015]
    assert read.decimal == "."


@pytest.mark.parametrize(
    "cell",
    ["4 %", "inf", "nan", "-", "1e999", "12 34", "1,2,3", "0x10", "1_000", "①", "4.5.6", "--1", "e5", ".", "1,234"],
)
def test_what_is_no_number_fails_and_is_null(cell):
    read = numbers(texts("1.5", cell))
    assert read.values.to_pylist() == [1.5, None]
    assert read.failed.to_pylist() == [False, True]


def test_the_decimal_mark_may_be_given_and_the_other_one_then_groups():
    assert numbers(texts("1.234", "1.234.567,5", "12,5"), decimal=",").values.to_pylist() == [1234, 1234567.5, 12.5]
    assert numbers(texts("0,95", "1.234,5", "2")).values.to_pylist() == [0.95, 1234.5, 2]
    assert numbers(texts("0,95", "1.234,5", "2.5")).values.to_pylist() == [None, None, 2.5]
    assert numbers(texts("0.95", "1.234,5")).values.to_pylist() == [0.95, None]
    assert numbers(texts("1,234", "12,5"), decimal=".").values.to_pylist() == [1234, None]


def test_a_point_anywhere_makes_a_comma_wrong_rather_than_a_guess():
    assert numbers(texts("1.5", "2,5")).failed.to_pylist() == [False, True]


@given(st.lists(st.floats(-1e12, 1e12), min_size=1), st.integers(0, 6), st.sampled_from(["en", "en,", "fr", "fr "]))
def test_formatted_numbers_come_back(values, decimals, way):
    fraction = max(decimals, 1)  # the decimal mark stands in every cell
    written = [f"{v:,.{fraction}f}" if way in {"en,", "fr "} else f"{v:.{fraction}f}" for v in values]
    if way.startswith("fr"):
        written = [w.replace(",", "\u202f").replace(".", ",") for w in written]
    read = numbers(texts(*written))
    assert read.decimal == ("," if way.startswith("fr") else ".")
    assert read.values.to_pylist() == [round(v, fraction) for v in values]


@given(st.lists(st.text(max_size=8)))
def test_any_text_is_a_number_or_fails(cells):
    read = numbers(texts(*cells))
    for cell, value, wrong in zip(cells, read.values.to_pylist(), read.failed.to_pylist(), strict=True):
        assert not (wrong and value is not None)
        assert value is None or (math.isfinite(value) and any(c.isdigit() for c in cell))


def test_codes_are_trimmed_composed_and_whole():
    cells = texts("4.0", "4,0", " 4 ", "a\u00a0b", "e\u0301", "-3.00", "4.05", "04", "1.0.0", "", None)
    assert codes(cells).to_pylist() == ["4", "4", "4", "a b", "é", "-3", "4.05", "04", "1.0.0", None, None]


def test_truths_in_two_languages():
    read = truths(texts("Oui", "NON", "1", "0.0", "vrai", "False", "yes", " no ", "x", "2", None, ""))
    assert read.values.to_pylist() == [True, False, True, False, True, False, True, False, None, None, None, None]
    assert read.failed.to_pylist() == [False] * 8 + [True, True, False, False]


def test_columns_may_be_empty():
    assert len(numbers(texts()).values) == len(codes(texts())) == len(truths(texts()).failed) == 0
    assert truths(texts(None, None)).failed.to_pylist() == [False, False]
