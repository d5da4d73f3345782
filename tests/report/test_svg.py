"""Measuring, cutting and placing text; round scales."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from report import sample
from vigie.report import svg_spark
from vigie.report.compose import compose
from vigie.report.drawings import Multiples
from vigie.report.scales import bounds, nice_step
from vigie.report.svg import cut, measure, spread, wrap


@given(st.text(max_size=80), st.floats(10, 300))
def test_a_cut_text_fits(text, width):
    assert measure(cut(text, width)) <= max(width, measure("…"))


@given(st.text(alphabet="abc def", max_size=120), st.integers(60, 300))
def test_wrapped_lines_fit(text, width):
    lines = wrap(text, width)
    assert len(lines) <= 2
    assert all(measure(line) <= width for line in lines)


@given(st.lists(st.floats(0, 200), min_size=1, max_size=6))
def test_spread_labels_never_touch(wanted):
    places = sorted(spread(wanted, 17, 0, 216))
    assert all(b - a >= 17 - 1e-6 for a, b in itertools.pairwise(places))
    assert places[0] >= -1e-6
    assert places[-1] <= 216 + 1e-6


@given(st.lists(st.floats(0, 1), min_size=1, max_size=9))
def test_bounds_hold_the_values_within_the_scale(values):
    low, high = bounds(values, least=0.1, within=(0, 1))
    assert low <= min(values) + 1e-9
    assert high >= max(values) - 1e-9
    assert low >= -0.21
    assert high <= 1 + 1e-9


@pytest.mark.parametrize(("rough", "nice"), [(0.07, 0.1), (0.1, 0.1), (3, 5), (11, 20), (0.5, 0.5)])
def test_steps_are_round(rough, nice):
    assert nice_step(rough) == pytest.approx(nice)


def test_a_broken_line_is_drawn_in_two_pieces():
    document = compose(sample.results(), sample.earlier(), "fr")
    spec = next(b.spec for b in document.blocks if isinstance(getattr(b, "spec", None), Multiples))
    cell = next(c for c in spec.cells if c.series.breaks)
    drawing = svg_spark.draw(cell.series, len(spec.waves), svg_spark.spans(spec))
    assert drawing.count("<polyline") == 1
    assert 'class="break"' in drawing
    assert "<text" not in drawing


def test_small_charts_of_one_unit_rise_on_the_same_scale():
    document = compose(sample.results(), sample.earlier(), "fr")
    spec = next(b.spec for b in document.blocks if isinstance(getattr(b, "spec", None), Multiples))
    assert set(svg_spark.spans(spec)) == {"share", "nps"}  # means have each its own
