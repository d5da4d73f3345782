"""The room itself: what it loads, and what it says of each statistic."""

from __future__ import annotations

import doctest
import importlib
import inspect
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

SOURCE = Path(__file__).parents[2] / "src"
MODULES = sorted(p.stem for p in (SOURCE / "vigie" / "stats").glob("*.py") if p.stem != "__init__")
PUBLIC = [
    "accuracy", "agreement", "bands", "clusters", "composition", "crosstabs", "design_effects", "drivers", "estimates",
    "independence", "intervals", "letters", "panels", "quantiles", "rank_counts", "ranks", "ratios", "reliability",
    "remedies", "replicates", "scores", "significance", "sums", "survival", "two_phase", "weights",
]  # fmt: skip


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


@pytest.mark.parametrize("module", PUBLIC)
def test_every_statistic_says_what_it_is_and_when_not_to_use_it(module):
    loaded = importlib.import_module(f"vigie.stats.{module}")
    functions = [
        f for name, f in inspect.getmembers(loaded, inspect.isfunction)
        if not name.startswith("_") and f.__module__ == loaded.__name__
    ]  # fmt: skip
    assert functions
    for f in functions:
        assert len(inspect.getdoc(f) or "") > 40, f.__name__
    assert any("Not " in (inspect.getdoc(f) or "") for f in functions)


@pytest.mark.parametrize("module", MODULES)
def test_examples_say_what_comes_out(module):
    loaded = importlib.import_module(f"vigie.stats.{module}")
    assert doctest.testmod(loaded, extraglobs={"np": np}).failed == 0
