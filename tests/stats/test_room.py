"""The room itself: what it loads, and what it says of each statistic."""

from __future__ import annotations

import doctest
import importlib
import inspect
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

SOURCE = Path(__file__).parents[2] / "src"
MODULES = sorted(p.stem for p in (SOURCE / "vigie" / "stats").glob("*.py") if p.stem != "__init__")
BLOCKS = {  # modules and functions that statistics are built from: they estimate nothing, and are in no `__all__`
    "design.drawn": "how many units strata have, and which part of all these are",
    "design.frame": "how the groups of a design fold, which every variance starts from",
    "distances": "the functions F that `weights.calibrate` chooses from by name",
    "letters.names": "the letters that stand above the columns of a table",
    "newton": "the steps of `weights.calibrate`",
    "panels.centred": "a term of `stratum_variance`, and the `centre` of `wave_covariance`",
    "panels.factors": "the `scale` of `wave_covariance`",
    "rank_draws": "the draws and critical values of which `ranks` and `bands` make sets and limits",
    "rao_wu": "the draws that `replicates` and `drivers` make errors of",
    "sums.nothing": "the zero that sums of batches are added to",
    "sums.rounding": "what the variance of equal numbers may come to",
}
PUBLIC = [m for m in MODULES if m not in BLOCKS]


def functions(module: str) -> dict[str, Callable[..., object]]:
    """The functions of a module that are written there, without those that it keeps to itself."""
    loaded = importlib.import_module(f"vigie.stats.{module}")
    found = inspect.getmembers(loaded, inspect.isfunction)
    return {name: f for name, f in found if not name.startswith("_") and f.__module__ == loaded.__name__}


STATISTICS = [(m, name) for m in PUBLIC for name in functions(m) if f"{m}.{name}" not in BLOCKS]


def test_statistics_load_numpy_and_scipy_special_only():
    script = "\n".join(
        [
            "import sys",
            *(f"import vigie.stats.{m}" for m in MODULES),
            "heavy = {'scipy.stats', 'pandas', 'pyarrow', 'pydantic', 'ibis', 'duckdb', 'django'} & set(sys.modules)",
            "assert not heavy, heavy",
        ]
    )
    environment = {**os.environ, "PYTHONPATH": str(SOURCE)}
    subprocess.run([sys.executable, "-c", script], check=True, env=environment)


@pytest.mark.parametrize(("module", "name"), STATISTICS)
def test_every_statistic_says_what_it_is_and_when_not_to_use_it_and_shows_it(module, name):
    said = inspect.getdoc(functions(module)[name]) or ""
    what, _, example = said.partition(">>> ")
    assert len(what) > 40
    assert re.search(r"\bNot ", said), "when not to use it"
    assert example, "an example"


@pytest.mark.parametrize("module", MODULES)
def test_statistics_are_offered_and_building_blocks_are_not(module):
    offered = getattr(importlib.import_module(f"vigie.stats.{module}"), "__all__", [])
    assert {name for m, name in STATISTICS if m == module} == set(functions(module)) & set(offered)


def test_every_building_block_is_there():
    assert set(BLOCKS) <= {*MODULES, *(f"{m}.{name}" for m in MODULES for name in functions(m))}


def test_the_reference_shows_every_statistic_with_its_example_as_code():
    page = (SOURCE.parent / "docs" / "reference" / "statistics.md").read_text(encoding="utf-8")
    for module, name in STATISTICS:
        part = page.partition(f"## vigie.stats.{module}\n")[2].partition("\n## ")[0]
        said = part.partition(f"### {name}\n")[2].partition("\n### ")[0]
        assert "```pycon\n>>> " in said, f"{module}.{name}: run `make docs`"
    prose = re.sub(r"^```.*?^```$", "", page, flags=re.DOTALL | re.MULTILINE)
    assert ">>>" not in prose


@pytest.mark.parametrize("module", MODULES)
def test_examples_say_what_comes_out(module):
    loaded = importlib.import_module(f"vigie.stats.{module}")
    assert doctest.testmod(loaded, extraglobs={"np": np}).failed == 0
