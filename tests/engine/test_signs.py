"""Texts as eight bits of a hash: told apart exactly as by their places, whatever they are and however many."""

from __future__ import annotations

import ibis
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigie.engine.kernel import Coded
from vigie.engine.on_duckdb import DuckDB

DATABASE = DuckDB()
texts = st.lists(
    st.text(st.characters(exclude_characters="\0", codec="utf-8"), max_size=8), min_size=1, max_size=40, unique=True
)


def codes(levels: list[str], cells: list[str | None]) -> tuple[list[int], tuple[int, ...]]:
    """What the kernel reads of a column, and what its numbers mean."""
    column = ibis.memtable(pa.table({"t": pa.array(cells, pa.string())}))["t"]
    number, signs = DATABASE.sign(levels, column)
    batch = DATABASE.backend.to_pyarrow(number.name("a").as_table()).combine_chunks().to_batches()[0]
    return Coded("a", len(levels), signs.index(0) if signs else 0, signs=signs).of(batch).tolist(), signs


@given(texts, st.data())
def test_every_text_has_its_place_and_null_has_none(levels, data):
    cells = data.draw(st.lists(st.sampled_from([*levels, None]), min_size=1, max_size=30))
    found, _ = codes(levels, cells)
    assert found == [0 if cell is None else levels.index(cell) + 1 for cell in cells]


@pytest.mark.parametrize(("size", "signs"), [(3, True), (30, True), (255, False)])
def test_few_texts_have_signs_and_many_have_places(size, signs):
    levels = [f"code_{k}" for k in range(size)]
    found, told = codes(levels, [*levels, None])
    assert found == [*range(1, size + 1), 0]
    assert bool(told) == signs
