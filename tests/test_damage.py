"""Damaged study and data files: never a traceback, never half an output, always a place and a remedy."""

from __future__ import annotations

import json
import random
import shutil

import pytest

from damage import any_bytes, as_csv, as_xlsx, study_text, table
from small import command, edit, hashes, tiny
from vigie.demo.folder import write_demo
from vigie.errors import CODES

SELF_EXPLAINING = {"wrong-value"}  # the message tells what is expected
SURVEY, TESTS = "data/2024/survey.csv", "data/2024/tests.csv"
KINDS = {"study.yaml": 90, "brands.csv": 30, "margins/2024.csv": 30, "grids/phone.yaml": 30, "instrument.yaml": 30}
INSTRUMENT = (
    "questions:\n"
    "  - {id: sex, label: Sexe}\n"
    "  - {id: advise, ask_if: any(used), label: {fr: Conseilleriez-vous ?}}\n"
    "  - {id: extra, kind: numeric, label: Combien, minimum: 0}\n"
    "  - {id: story, remove: true}\n"
)


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    """The tiny study with an instrument of its own, published."""
    folder = tiny(tmp_path_factory.mktemp("damage") / "study")
    (folder / "instrument.yaml").write_text(INSTRUMENT, encoding="utf-8")
    edit(folder, "study.yaml", ("mode: web,", "mode: web, instrument: instrument.yaml,"))
    with pytest.MonkeyPatch.context() as patch:
        assert command(patch, "run", folder, "--formats", "html").code == 0
    return folder


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory):
    return write_demo(tmp_path_factory.mktemp("damage") / "demo", size="small")


@pytest.fixture
def study(sound, tmp_path):
    return shutil.copytree(sound, tmp_path / "study", symlinks=True)


def judge(said, folder, published):
    """The promise of the command, whatever it was given."""
    assert said.code in (0, 1)
    assert bool(said.problems) == (said.code == 1)
    for problem in said.problems:
        assert problem.code in CODES
        assert problem.message
        assert problem.file
        assert problem.hint or problem.code in SELF_EXPLAINING, problem
        assert "Traceback" not in str(problem)
    for wave in (folder / "out").glob("*"):
        whole(wave / "current")
        assert not (wave / ".staging").exists()
    if said.code:
        assert hashes(folder / "out").items() >= published.items()


def whole(release):
    record = json.loads((release / "run.json").read_text(encoding="utf-8"))
    for name in record["files"]:
        text = (release / name).read_text(encoding="utf-8")
        assert json.loads(text) if name.endswith(".json") else text.rstrip().endswith("</html>")


def run_and_judge(monkeypatch, folder):
    published = {k: v for k, v in hashes(folder).items() if k.startswith("out/")}
    published = {k.removeprefix("out/"): v for k, v in published.items()}
    said = command(monkeypatch, "check", folder)
    judge(said, folder, published)
    if said.code == 0:
        said = command(monkeypatch, "run", folder, "--formats", "html")
        judge(said, folder, published)
    return said


@pytest.mark.parametrize(("name", "seed"), [(name, seed) for name, count in KINDS.items() for seed in range(count)])
def test_a_damaged_file_of_the_study_is_told_and_what_was_published_stands(monkeypatch, study, name, seed):
    chance = random.Random(f"{name} {seed}")
    data = (study / name).read_bytes()
    hurt = any_bytes(data, chance) if seed % 4 == 3 else study_text(data.decode(), chance)
    (study / name).write_bytes(hurt)
    run_and_judge(monkeypatch, study)


@pytest.mark.parametrize(("name", "seed"), [(name, seed) for name in (SURVEY, TESTS) for seed in range(30)])
def test_a_damaged_csv_file_is_told_and_what_was_published_stands(monkeypatch, study, name, seed):
    chance = random.Random(f"csv {name} {seed}")
    data = (study / name).read_bytes()
    hurt = any_bytes(data, chance) if seed % 4 == 3 else as_csv(table(data.decode(), chance), chance)
    (study / name).write_bytes(hurt)
    run_and_judge(monkeypatch, study)


@pytest.mark.parametrize(("name", "seed"), [(name, seed) for name in (SURVEY, TESTS) for seed in range(15)])
def test_a_damaged_workbook_is_told_and_what_was_published_stands(monkeypatch, study, name, seed):
    chance = random.Random(f"xlsx {name} {seed}")
    rows = table((study / name).read_text(encoding="utf-8"), chance)
    (study / name.replace(".csv", ".xlsx")).write_bytes(as_xlsx(rows, chance))
    edit(study, "study.yaml", (name, name.replace(".csv", ".xlsx")))
    run_and_judge(monkeypatch, study)


@pytest.mark.parametrize("seed", range(40))
def test_a_damaged_file_of_the_demonstration_is_told(monkeypatch, demonstration, tmp_path, seed):
    chance = random.Random(f"demo {seed}")
    folder = shutil.copytree(demonstration, tmp_path / "demo")
    name = chance.choice(["study.yaml", "study.yaml", "instruments/2022.yaml", "brands.csv", "grids/writing.yaml"])
    (folder / name).write_bytes(study_text((folder / name).read_text(encoding="utf-8"), chance))
    said = command(monkeypatch, "check", folder)
    judge(said, folder, {})


@pytest.mark.parametrize("seed", range(3))
def test_damaged_data_of_the_demonstration_are_told(monkeypatch, demonstration, tmp_path, seed):
    chance = random.Random(f"demo data {seed}")
    folder = shutil.copytree(demonstration, tmp_path / "demo")
    path = folder / "data" / "2022" / chance.choice(["survey.csv", "tests.csv"])
    text = path.read_bytes().decode("cp1252" if path.name == "survey.csv" else "utf-8").replace(";", ",")
    path.write_bytes(as_csv(table(text, chance), chance))
    judge(command(monkeypatch, "run", folder, "--wave", "2022", "--formats", "html"), folder, {})


def test_there_are_at_least_three_hundred_damaged_files():
    assert sum(KINDS.values()) + 2 * 30 + 2 * 15 + 40 + 3 >= 300
