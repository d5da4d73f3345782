"""Damaged study and data files: never a traceback, never half an output, always a place and a remedy.

Most damaged files are loaded and read; one in twenty, and some of the demonstration's, goes through the whole command.
"""

from __future__ import annotations

import json
import random
import shutil
from contextlib import contextmanager
from pathlib import Path

import pyarrow.compute as pc
import pytest

from damage import any_bytes, as_csv, as_parquet, as_xlsx, study_text, table
from small import command, edit, hashes, tiny
from vigie.collect.intake import intake
from vigie.demo.folder import write_demo
from vigie.errors import CODES, VigieError
from vigie.study.loading import load_study
from vigie.study.waves import FILE_KEYS, Files

SELF_EXPLAINING = {"wrong-value"}  # the message tells what is expected
WHOLE = 20  # one damaged file of so many goes through the whole command
TEXTS = {  # files of the study itself, in the study of people and in that of records
    ("tiny", "study.yaml"): 110, ("tiny", "brands.csv"): 40, ("tiny", "margins/2024.csv"): 40,
    ("tiny", "grids/phone.yaml"): 40, ("tiny", "instrument.yaml"): 40, ("sources", "study.yaml"): 190,
    ("sources", "brands.csv"): 40, ("sources", "printed.csv"): 50,
}  # fmt: skip
DATA = (
    ("tiny", "data/2024/survey.csv"), ("tiny", "data/2024/tests.csv"), ("sources", "data/visits.csv"),
    ("sources", "data/reviews.csv"), ("sources", "data/events.csv"), ("sources", "data/calls.csv"),
)  # fmt: skip
SHAPES = {".csv": 42, ".xlsx": 20, ".parquet": 24}
WRITERS = {".csv": as_csv, ".xlsx": as_xlsx, ".parquet": as_parquet}
KEPT = {"survey": "respondents", "tests": "tests", "reviews": "reviews"}
INSTRUMENT = (
    "questions:\n"
    "  - {id: sex, label: Sexe}\n"
    "  - {id: advise, ask_if: any(used), label: {fr: Conseilleriez-vous ?}}\n"
    "  - {id: extra, kind: numeric, label: Combien, minimum: 0}\n"
    "  - {id: story, remove: true}\n"
)


def _people(folder):
    """The tiny study with an instrument of its own."""
    tiny(folder)
    (folder / "instrument.yaml").write_text(INSTRUMENT, encoding="utf-8")
    return edit(folder, "study.yaml", ("mode: web,", "mode: web, instrument: instrument.yaml,"))


def _records(folder):
    """The study of mystery tests without marks, reviews, a log of events and one of calls, and a printed wave."""
    return shutil.copytree(Path(__file__).parent / "studies" / "sources", folder)


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    """Both studies, published."""
    root = tmp_path_factory.mktemp("damage")
    folders = {"tiny": _people(root / "tiny"), "sources": _records(root / "sources")}
    with pytest.MonkeyPatch.context() as patch:
        assert [command(patch, "run", f, "--formats", "html").code for f in folders.values()] == [0, 0]
    return folders


@pytest.fixture(scope="module")
def readings():
    """The studies and waves that read one file, by the file and its shape, loaded once."""
    return {}


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory):
    return write_demo(tmp_path_factory.mktemp("damage") / "demo", size="small")


@contextmanager
def hurt(folder, files):
    """The study with these files in place of its own, for a while."""
    before = {name: (folder / name).read_bytes() if (folder / name).exists() else None for name in files}
    try:
        for name, data in files.items():
            (folder / name).write_bytes(data)
        yield
    finally:
        for name, data in before.items():
            if data is None:
                (folder / name).unlink()
            else:
                (folder / name).write_bytes(data)


def judge(problems):
    """What a person is told of a damaged file."""
    for problem in problems:
        assert problem.code in CODES
        assert problem.message
        assert problem.file
        assert problem.hint or problem.code in SELF_EXPLAINING, problem
        assert "Traceback" not in str(problem)


def read_and_judge(folder):
    """Load the study and read the files of all waves: problems, or facts in which no row is lost uncounted."""
    study, problems = load_study(folder)
    judge(problems)
    assert bool(problems) == (study is None)
    for wave in study.waves.values() if study is not None else ():
        if wave.by_source:
            take_in(study, wave)


def take_in(study, wave):
    """Read the files of a wave."""
    try:
        found = intake(study, wave, lambda _: None)
    except VigieError as error:
        assert error.problems  # noqa: PT017 - either outcome is right, and each is judged
        judge(error.problems)
    else:
        balance(*found)


def reading(folder, name, other):
    """The sound study with a file under another name, and the wave with this file alone."""
    text = (folder / "study.yaml").read_text(encoding="utf-8")
    assert name in text
    with hurt(folder, {"study.yaml": text.replace(name, other).encode(), other: (folder / name).read_bytes()}):
        study, problems = load_study(folder)
    assert not problems
    wave, key, files = next(
        (w, FILE_KEYS[s], files)
        for w in study.waves.values()
        for s, files in w.by_source.items()
        if any(f.path == other for f in files)
    )
    return study, wave.model_copy(update={"files": Files.model_construct(**{key: files})})


def balance(tables, told):
    """Every row that was read is a fact, or counted among those left out."""
    sources = {"survey": "survey", "tests": "mystery", "reviews": "reviews", "log": "log"}
    for key, read in told["read"].items():
        out = sum(e["rows"] for e in told["exclusions"] if e["source"] == sources[key])
        facts = tables[KEPT.get(key, "events" if "events" in tables else "cases")]
        kept = pc.count_distinct(facts["review"]).as_py() if key == "reviews" else facts.num_rows
        assert kept + out == read, (key, told["exclusions"])


def run_and_judge(monkeypatch, folder):
    """The promise of the command, whatever it was given: what was published stands, whole, or is replaced, whole."""
    published = {k.removeprefix("out/"): v for k, v in hashes(folder).items() if k.startswith("out/")}
    said = command(monkeypatch, "check", folder)
    if said.code == 0:
        said = command(monkeypatch, "run", folder, "--formats", "html")
    assert said.code in (0, 1)
    assert bool(said.problems) == (said.code == 1)
    judge(said.problems)
    for wave in (folder / "out").glob("*"):
        whole(wave / "current")
        assert not (wave / ".staging").exists()
    if said.code:
        assert hashes(folder / "out").items() >= published.items()
    return said


def whole(release):
    record = json.loads((release / "run.json").read_text(encoding="utf-8"))
    for name in record["files"]:
        text = (release / name).read_text(encoding="utf-8")
        assert json.loads(text) if name.endswith(".json") else text.rstrip().endswith("</html>")


def run_damaged(monkeypatch, folder, tmp_path, files):
    """Run the whole command on a copy of the damaged study."""
    copy = shutil.copytree(folder, tmp_path / "study", symlinks=True)
    with hurt(copy, files):
        run_and_judge(monkeypatch, copy)


@pytest.mark.parametrize(
    ("study", "name", "seed"), [(*key, seed) for key, count in TEXTS.items() for seed in range(count)]
)
def test_a_damaged_file_of_the_study_is_told(monkeypatch, sound, tmp_path, study, name, seed):
    chance = random.Random(f"{study} {name} {seed}")
    data = (sound[study] / name).read_bytes()
    bad = any_bytes(data, chance) if seed % 4 == 3 else study_text(data.decode(), chance)
    if seed % WHOLE == 0:
        run_damaged(monkeypatch, sound[study], tmp_path, {name: bad})
        return
    with hurt(sound[study], {name: bad}):
        read_and_judge(sound[study])


@pytest.mark.parametrize(
    ("study", "name", "shape", "seed"),
    [(*key, shape, seed) for key in DATA for shape, count in SHAPES.items() for seed in range(count)],
)
def test_a_damaged_data_file_is_told(monkeypatch, sound, readings, tmp_path, study, name, shape, seed):
    chance = random.Random(f"{study} {name} {shape} {seed}")
    folder, other = sound[study], str(Path(name).with_suffix(shape))
    data = (folder / name).read_bytes()
    if shape == ".csv" and seed % 4 == 3:
        bad = any_bytes(data, chance)
    else:
        bad = WRITERS[shape](table(data.decode(), chance), chance)
    if seed % WHOLE == 0:
        text = (folder / "study.yaml").read_text(encoding="utf-8").replace(name, other)
        run_damaged(monkeypatch, folder, tmp_path, {other: bad, "study.yaml": text.encode()})
        return
    if (name, shape) not in readings:
        readings[name, shape] = reading(folder, name, other)
    with hurt(folder, {other: bad}):
        take_in(*readings[name, shape])


@pytest.mark.parametrize("seed", range(20))
def test_a_damaged_file_of_the_demonstration_is_told(demonstration, seed):
    chance = random.Random(f"demo {seed}")
    name = chance.choice(["study.yaml", "study.yaml", "instruments/2022.yaml", "brands.csv", "grids/writing.yaml"])
    bad = study_text((demonstration / name).read_text(encoding="utf-8"), chance)
    with hurt(demonstration, {name: bad}):
        judge(load_study(demonstration)[1])


@pytest.mark.parametrize("seed", range(3))
def test_damaged_data_of_the_demonstration_are_told(monkeypatch, demonstration, tmp_path, seed):
    chance = random.Random(f"demo data {seed}")
    folder = shutil.copytree(demonstration, tmp_path / "demo")
    path = folder / "data" / "2022" / chance.choice(["survey.csv", "tests.csv"])
    text = path.read_bytes().decode("cp1252" if path.name == "survey.csv" else "utf-8").replace(";", ",")
    path.write_bytes(as_csv(table(text, chance), chance))
    said = command(monkeypatch, "run", folder, "--wave", "2022", "--formats", "html")
    judge(said.problems)
    assert bool(said.problems) == (said.code == 1)


def test_there_are_at_least_a_thousand_damaged_files():
    assert sum(TEXTS.values()) + len(DATA) * sum(SHAPES.values()) + 20 + 3 >= 1000
