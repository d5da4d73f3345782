"""Every statistic on every engine: the same figures as on DuckDB, to 1e-9."""

from __future__ import annotations

import math
import os
import shutil
from pathlib import Path

import pytest

from vigie import run
from vigie.demo.folder import write_demo
from vigie.engine.engines import CLASSES, engine
from vigie.engine.session import Session
from vigie.engine.wave import compute
from vigie.results import plain

STUDIES = Path(__file__).parents[1] / "studies"
OTHERS = sorted(set(CLASSES) - {"duckdb"})
pytestmark = [
    pytest.mark.xdist_group("engines"),  # a Spark session is slow to start: one for all tests
    pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning", "ignore::FutureWarning"),
]


@pytest.fixture(scope="module", params=OTHERS)
def other(request):
    """An engine beside DuckDB; without it nothing is tested, except where all of them must be there."""
    if "VIGIE_CI" not in os.environ and (shutil.which("java") is None or not pyspark()):
        pytest.skip("Spark needs Java and PySpark")
    made = engine(request.param)
    yield made
    made.session.stop()


def pyspark():
    from importlib.util import find_spec

    return find_spec("pyspark") is not None


@pytest.fixture(scope="module")
def studies(tmp_path_factory):
    """Small studies of every source, and the small demonstration."""
    folder = tmp_path_factory.mktemp("studies")
    for name in ("tiny", "sources"):
        shutil.copytree(STUDIES / name, folder / name)
    write_demo(folder / "demo", size="small")
    return {name: run.load(folder / name) for name in ("tiny", "sources", "demo")}


def differences(one, other, path=""):
    """Where two records differ by more than 1e-9; automatic figures are compared as they are."""
    if isinstance(one, dict):
        assert one.keys() == other.keys(), path
        for key in one:
            yield from differences(one[key], other[key], f"{path}/{key}")
    elif isinstance(one, list):
        assert len(one) == len(other), path
        for i, (a, b) in enumerate(zip(one, other, strict=True)):
            yield from differences(a, b, f"{path}[{i}]")
    elif isinstance(one, float) and isinstance(other, (int, float)):
        if not math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-12):
            yield path, one, other
    elif one != other:
        yield path, one, other


def results(study, wave, folder, on):
    """All results of a wave on an engine, with derived tables of its own."""
    out = folder / type(on).__name__
    session = Session(run.freeze(study, wave, out / wave.id), on)
    return plain(compute(study, wave, session, [], lambda _: None))


@pytest.mark.parametrize("name", ["tiny", "sources", "demo"])
def test_all_results_of_a_wave_are_the_same(other, studies, tmp_path, name):
    study = studies[name]
    wave = [w for w in study.waves.values() if w.published is None][-1]
    expected, found = (results(study, wave, tmp_path, on) for on in (engine("duckdb"), other))
    assert expected["estimates"]
    assert list(differences(expected, found)) == []


@pytest.mark.usefixtures("other")
def test_a_book_of_tables_is_the_same(studies):
    study = studies["demo"]
    expected = run.tables(study, ["all"], ["sex", "used"])
    found = run.tables(study, ["all"], ["sex", "used"], engine="spark")
    assert len(expected) > 20
    assert any(table.independence for table in expected)
    assert any(line.kind == "median" for table in expected for line in table.lines)
    assert list(differences(plain(expected), plain(found))) == []


@pytest.mark.usefixtures("other")
@pytest.mark.parametrize("compare", ["rest", "agency"])
def test_columns_are_compared_alike(studies, compare):
    expected, found = (
        run.table(studies["demo"], "satisfaction", ["channel", "used"], compare=compare, engine=name)
        for name in ("duckdb", "spark")
    )
    assert list(differences(plain(expected), plain(found))) == []
