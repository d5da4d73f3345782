"""Columns that are equal in truth: how often they get letters, and the page that says so."""

from __future__ import annotations

import importlib
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).parents[2]
LINES = 600


def loaded(name):
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(ROOT / "scripts"))
        return importlib.import_module(name)


@pytest.fixture(scope="module")
def letters():
    return loaded("simulation.letters")


@pytest.fixture(scope="module")
def block():
    return loaded("simulation.block")


@pytest.fixture(scope="module")
def found(letters):
    """The large tables, few lines of each."""
    return list(letters.measure(LINES, 7, [t for t in letters.TABLES if t.large]))


def test_single_letters_are_wrong_in_five_per_cent(found):
    for one in found:
        share, error = one.single()
        assert error < 0.005
        assert abs(share - 0.05) < 3 * error, one.table


def test_holm_keeps_any_wrong_letter_of_a_line_below_five_per_cent(found):
    for one in found:
        share, error = one.whole("holm")
        assert share <= 0.05 + 3 * error, one.table
        assert one.whole("none")[0] > 0.2
        assert share <= one.whole("bh")[0] <= one.whole("none")[0]
        assert one.met


def test_shared_people_make_tests_too_shy_where_they_are_ignored(found):
    shared, apart = ([one for one in found if one.table.overlap is kind] for kind in (True, False))
    for one in shared:
        share, error = one.single(one.blind)
        assert share + 3 * error < 0.05
    for one in apart:
        assert abs(one.single(one.blind)[0] - one.single()[0]) < 0.002


def test_small_columns_stay_below_seven_per_cent(letters):
    for one in letters.measure(LINES, 7, [t for t in letters.TABLES if not t.large]):
        share, error = one.single()
        assert 0.05 - 3 * error < share < 0.065 + 3 * error
        assert one.whole("holm")[0] < 0.06 + 3 * one.whole("holm")[1]
        assert one.met is None


def test_columns_are_equal_in_truth(letters):
    # the mean of each column over many lines does not depend on the column
    for table in letters.TABLES[:4]:
        drawn = letters.lines(table, 300, 11)
        gap = drawn.value - drawn.value.mean(axis=1, keepdims=True)
        assert (np.abs(gap.mean(axis=0)) < 4 * gap.std(axis=0) / np.sqrt(300)).all()


def test_the_command_writes_the_table_between_its_marks(letters, block, tmp_path):
    page = tmp_path / "letters.md"
    page.write_text(f"before\n{block.BEGIN}\nold\n{block.END}\nafter\n", encoding="utf-8")
    assert loaded("simulate").main(["--letters", str(page), "--lines", "40", "--seed", "3"]) in {0, 1}
    text = page.read_text(encoding="utf-8")
    assert text.startswith("before\n")
    assert text.endswith("after\n")
    assert "old" not in text
    assert sum(line.startswith(("| six", "| five")) for line in text.splitlines()) == len(letters.TABLES)
    assert "--lines 40 --seed 3" in text
    page.write_text("no marks", encoding="utf-8")
    with pytest.raises(ValueError, match="marks"):
        block.placed("no marks", "")


def test_the_page_of_the_documentation_is_measured(block):
    text = (ROOT / "docs" / "why" / "letters.md").read_text(encoding="utf-8")
    measured = text.partition(block.BEGIN)[2].partition(block.END)[0]
    assert "4,000 lines of each kind" in measured
    assert "**no**" not in measured
