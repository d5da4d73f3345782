"""Text that a spreadsheet program would run."""

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigie.formats.guard import inert
from vigie.formats.values import numbers


@pytest.mark.parametrize(
    "text", ["=1+1", "+33 6 12 34", "-a", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "-1+1", "＝1", "--1"]
)
def test_formulas_are_made_text(text):
    assert inert(text) == "'" + text


@pytest.mark.parametrize("text", ["", "abc", "a=b", "-5", "+3.2", "-1 234,5", "-1e-5", "-12 %", "−5", "12"])
def test_plain_text_and_numbers_are_left_alone(text):
    assert inert(text) == text


@given(st.text())
def test_nothing_that_starts_a_formula_passes_unless_it_is_a_number(text):
    out = inert(text)
    assert out in {text, "'" + text}
    if out.startswith(("=", "+", "-", "@", "\t", "\r")):
        number = "".join(out.removesuffix("%").split())
        assert numbers(pa.array([number])).failed.to_pylist() == [False]
