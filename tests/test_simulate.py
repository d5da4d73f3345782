"""The simulation of coverage runs, counts what it says, and writes its page."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

SCRIPTS = Path(__file__).parents[1] / "scripts"


@pytest.fixture(scope="module")
def script():
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(SCRIPTS))
        yield importlib.import_module("simulate")


@pytest.fixture(scope="module")
def comparison(script):
    return sys.modules[script.compare.__module__]


@pytest.fixture(scope="module")
def tally(script):
    return sys.modules[script.coverage.__module__]


@pytest.fixture(scope="module")
def written(script, tmp_path_factory):
    """The page of two small studies, and how the command ended."""
    path = tmp_path_factory.mktemp("simulation") / "why" / "coverage.md"
    ended = script.main(["--studies", "2", "--people", "300", "--write", str(path)])
    return path.read_text(encoding="utf-8"), ended


def test_two_studies_give_a_table_with_every_kind_of_figure(written, comparison):
    page, _ = written
    rows = [[cell.strip() for cell in line.split("|")] for line in page.splitlines() if line.startswith("|")]
    counted = {row[1].lower(): int(row[3].replace(",", "")) for row in rows if row[2] in ("100 and more", "30 to 99")}
    assert set(counted) == {kind.lower() for kind in comparison.KINDS}
    assert min(counted.values()) > 0
    for told in ("rank sets hold the true rank", "with an arrow (after Holm)", "--studies 2 --people 300 --seed 1"):
        assert told in page


def test_too_few_intervals_do_not_pass(written):
    page, ended = written
    assert "**no**" in page
    assert ended == 1


def test_the_error_takes_studies_as_clusters(comparison, tally):
    line = comparison.Line("share", comparison.MANY)
    alike = tally.row(line, [{line: (19, 20)}] * 5)
    assert (alike.share, alike.se, alike.of) == (0.95, 0.0, 100)
    apart = tally.row(line, [{line: (20, 20)}, {line: (18, 20)}])
    assert apart.share == pytest.approx(0.95)
    assert apart.se == pytest.approx((2 * (1**2 + 1**2)) ** 0.5 / 40)  # 2/(2-1) Σ(a - 0.95·20)², over 40


@pytest.mark.parametrize(
    ("right", "enough", "met"), [(95, 200, True), (95, 201, False), (92, 200, False), (98, 200, False)]
)
def test_a_band_is_met_between_its_ends_and_on_enough_intervals(comparison, tally, right, enough, met):
    line = comparison.Line("share", comparison.MANY)
    assert tally.row(line, [{line: (right, 100)}] * 2, (0.93, 0.97), enough).met is met


def test_rank_sets_are_right_when_they_hold_every_rank_that_equal_brands_share(comparison):
    truth = SimpleNamespace(brands={"a": 15.0, "b": 12.0, "c": 12.0})

    def league(**sets):
        entries = [
            SimpleNamespace(brand=b, rank=SimpleNamespace(low=low, high=high)) for b, (low, high) in sets.items()
        ]
        return [SimpleNamespace(sets="simultaneous", entries=entries)]

    def right(**sets):
        found = dict(comparison._ranks(truth, league(**sets)))
        assert set(found) == {comparison.Line(comparison.LEAGUES), comparison.Line(comparison.TIED)}
        return all(found.values())

    assert right(a=(1, 1), b=(2, 3), c=(2, 3))
    assert not right(a=(1, 1), b=(2, 2), c=(3, 3))  # b and c are equal: neither may be put behind
    assert right(a=(1, 2), b=(1, 3), c=(2, 3))
    assert not right(a=(2, 3), b=(1, 3), c=(1, 3))
