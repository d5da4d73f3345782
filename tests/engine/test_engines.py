"""Every statistic on every engine: the same figures as on DuckDB, to 1e-9."""

from __future__ import annotations

import math
import os
import random
import shutil
from pathlib import Path

import pytest

from small import write
from vigie import run
from vigie.demo.folder import write_demo
from vigie.engine.engines import ENGINES, engine
from vigie.engine.overlap import Surveys
from vigie.engine.session import Session
from vigie.engine.wave import compute
from vigie.results.encoding import plain

STUDIES = Path(__file__).parents[1] / "studies"
OTHERS = sorted(set(ENGINES) - {"duckdb"})
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


PANEL = """
study: panel
title: Panel
languages: [en]
channels: [phone, email]
questions:
  - {id: sex, kind: single, label: Sex, options: {f: F, m: M}}
  - {id: age, kind: single, label: Age, options: {a: A, b: B, c: C}}
  - {id: glad, kind: scale, label: Glad, scale: {from: 0, to: 10, low: l, high: h}}
  - {id: care, kind: scale, label: Care, scale: {from: 0, to: 10, low: l, high: h}}
  - {id: ease, kind: scale, label: Ease, scale: {from: 0, to: 10, low: l, high: h}}
  - {id: used, kind: multiple, label: Used, options: channels, none: None}
  - {id: mark, kind: scale, label: Mark, per: {channel: used}, scale: {from: 1, to: 10, low: l, high: h}}
indicators:
  - {id: nps, nps: glad, rolling: 2}
  - {id: care, mean: care, base: glad >= 3}
  - {id: high, share: mark >= 7, by: channel}
  - {id: users, share: glad >= 7, weighting: users}
drivers: [{id: why, of: glad, by: [care, ease]}]
banner: [sex, age, used]
weighting: {everyone: {margins: ages.csv}, among: {users: {base: any(used), margins: sexes.csv}}}
show: {hide: 2, fragile: 5}
imports:
  people:
    {respondent: key, weight: weight, stratum: region, cluster: home, columns: {used: "u_{option}", mark: "m_{channel}",
     glad: q1, care: q2, ease: q3}}
waves:
  - {id: "1", files: {survey: {path: one.csv, import: people}}}
  - {id: "2", files: {survey: {path: two.csv, import: people}}}
"""


def people(wave):
    """People of a wave, two thirds of whom are in both; three to a household."""
    rng = random.Random(wave)
    lines = ["key,weight,region,home,sex,age,q1,q2,q3,u_phone,u_email,u_none,m_phone,m_email"]
    for i in range(60 * wave, 60 * wave + 180):
        used = [int(rng.random() < p) for p in (0.7, 0.6)]
        own = [rng.randint(1, 9) / 4, "ns"[i // 3 % 2], f"h{i // 3}", rng.choice("fm"), rng.choice("abc")]
        marks = [rng.randint(1, 10) if u else "" for u in used]
        cells = [i, *own, *(rng.randint(0, 10) for _ in range(3)), *used, int(not any(used)), *marks]
        lines.append(",".join(map(str, cells)))
    return "\n".join(lines)


def two_waves(study, folder, on):
    """The results of the second of two waves, on an engine."""
    panel, made = Surveys(), []
    for wave in study.waves.values():
        session = Session(run.freeze(study, wave, folder / type(on).__name__ / wave.id), on)
        made.append(compute(study, wave, session, tuple(made), lambda _: None, panel))
    return plain(made[-1])


@pytest.mark.parametrize("drawn", ["in clusters", "alone"])
def test_changes_of_a_panel_are_the_same(other, tmp_path, drawn):
    text = PANEL if drawn == "in clusters" else PANEL.replace("cluster: home, ", "")
    margins = {"ages.csv": "age,a,0.3\nage,b,0.3\nage,c,0.4\n", "sexes.csv": "sex,f,0.5\nsex,m,0.5\n"}
    files = {name: f"variable,category,share\n{lines}" for name, lines in margins.items()}
    folder = write(tmp_path / "study", files | {"study.yaml": text, "one.csv": people(1), "two.csv": people(2)})
    study = run.load(folder)
    expected, found = (two_waves(study, tmp_path, on) for on in (engine("duckdb"), other))
    changes = [e["change"] for e in expected["estimates"] if e["change"]]
    assert len([c for c in changes if "overlap" in c["notes"]]) > 15
    assert expected["shared"]["people"] == 120
    assert expected["drivers"][0]["entries"]
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
