"""Waves that are equal in truth: how often they get an arrow, people in both or not, and the page that says so."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FAMILIES = 400


@pytest.fixture(scope="module")
def waves():
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(ROOT / "scripts"))
        return importlib.import_module("simulation.waves")


@pytest.fixture(scope="module")
def found(waves):
    """Shares with nobody and with many in both waves, few families of each."""
    pairs = [p for p in waves.PAIRS if p.figure == "share"]
    return {one.pair.shared: one for one in waves.measure(FAMILIES, 11, pairs)}


def test_arrows_are_wrong_in_five_per_cent_of_tests(found):
    for one in found.values():
        share, error = one.single()
        assert error < 0.008
        assert abs(share - 0.05) < 3 * error, one.pair
        assert one.deff == pytest.approx(1.5, abs=0.1)


def test_holm_keeps_any_wrong_arrow_of_a_family_below_five_per_cent(found):
    for one in found.values():
        share, error = one.whole()
        assert share <= 0.05 + 3 * error, one.pair
        assert one.met


def test_an_overlap_that_is_ignored_makes_tests_too_shy(found):
    share, error = found[1.0].single(found[1.0].blind)
    assert share + 3 * error < 0.05
    assert found[0.0].single(found[0.0].blind) == found[0.0].single()


def test_the_page_tells_what_the_command_would_write(waves):
    page = (ROOT / "docs" / "why" / "waves.md").read_text(encoding="utf-8")
    end = importlib.import_module("simulation.block").END
    measured = page.partition(waves.BEGIN)[2].partition(end)[0]
    rows = [line for line in measured.splitlines() if line.startswith(("| share", "| mean mark"))]
    assert len(rows) == len(waves.PAIRS)
    assert all(row.endswith("| yes |") for row in rows)
    (families,) = re.findall(r"--waves docs/why/waves.md --lines (\d+) --seed 1", measured)
    assert f"{int(families):,} families of each kind" in measured


def test_the_table_is_made_from_what_was_found(waves, found):
    text = waves.block(list(found.values()), seed=11)
    assert f"--lines {FAMILIES} --seed 11" in text
    assert text.count("| share |") == 3
