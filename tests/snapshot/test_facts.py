"""Facts are written once per wave, whole, and byte for byte the same from the same inputs."""

from __future__ import annotations

import pytest

from small import edit, hashes, tiny
from vigie import run
from vigie.errors import VigieError
from vigie.snapshot import derived, facts, staging
from vigie.snapshot.staging import sweep


def published(folder):
    return run.run(folder, formats=["html"])


def facts_of(folder):
    return {p.name: hashes(p) for p in (folder / "out" / "2024" / "facts").iterdir()}


def derived_of(folder):
    return {p.name for p in (folder / "out" / "2024" / "derived").iterdir()}


def test_the_same_inputs_give_the_same_bytes_wherever_the_study_stands(tmp_path):
    one, two = tiny(tmp_path / "a"), tiny(tmp_path / "b" / "elsewhere")
    published(one)
    published(two)
    assert facts_of(one) == facts_of(two)
    (written,) = facts_of(one).values()
    tables = ("respondents", "contacts", "verbatims", "tests", "marks")
    assert set(written) == {f"{t}.parquet" for t in tables} | {"manifest.json"}


def test_a_wave_is_weighted_anew_without_touching_what_was_observed(tmp_path):
    folder = tiny(tmp_path / "s")
    published(folder)
    before = facts_of(folder)
    edit(folder, "margins/2024.csv", ("0.52", "0.45"), ("0.48", "0.55"))
    assert published(folder)[0].fresh
    edit(folder, "study.yaml", ("[0.3, 3]", "[0.2, 5]"))
    assert published(folder)[0].fresh
    assert facts_of(folder) == before


def test_a_wave_is_scored_anew_beside_the_scores_that_stand_without_touching_what_was_observed(tmp_path):
    folder = tiny(tmp_path / "s")
    published(folder)
    before, facts_before = derived_of(folder), facts_of(folder)
    edit(folder, "grids/phone.yaml", ("weight: 3", "weight: 4"))
    published(folder)
    assert before < derived_of(folder)
    assert facts_of(folder) == facts_before


def test_files_whose_facts_stand_are_not_read_again(tmp_path):
    folder = tiny(tmp_path / "s")
    published(folder)
    edit(folder, "study.yaml", ("hide: 5", "hide: 6"))
    steps = []
    run.run(folder, formats=["html"], progress=steps.append)
    assert not [s for s in steps if "reading the survey" in s or "freezing" in s]


def test_other_data_make_other_facts_and_the_old_ones_stay(tmp_path):
    folder = tiny(tmp_path / "s")
    published(folder)
    before = facts_of(folder)
    edit(folder, "data/2024/survey.csv", ("r01,f,a1", "r01,m,a1"))
    published(folder)
    assert len(facts_of(folder)) == 2
    assert facts_of(folder).items() >= before.items()


@pytest.mark.parametrize("damage", ["gone", "cut", "scrambled"])
@pytest.mark.parametrize("name", ["respondents.parquet", "manifest.json"])
def test_facts_that_somebody_damaged_are_written_again(tmp_path, name, damage):
    folder = tiny(tmp_path / "s")
    published(folder)
    before = facts_of(folder)
    file = next((folder / "out" / "2024" / "facts").glob(f"*/{name}"))
    spoil(file, damage)
    edit(folder, "study.yaml", ("hide: 5", "hide: 6"))
    published(folder)
    assert facts_of(folder) == before


def spoil(file, damage):
    """Damage a file, as disks and people do."""
    whole = file.read_bytes()
    match damage:
        case "gone":
            file.unlink()
        case "cut":
            file.write_bytes(whole[:100])
        case _:  # a Parquet file that ends as one, and cannot be read
            file.write_bytes(whole[:4] + bytes(b ^ 0x5A for b in whole[4:-8]) + whole[-8:])


@pytest.mark.parametrize("damage", ["gone", "cut", "scrambled"])
def test_a_damaged_derived_table_is_made_again(tmp_path, damage):
    folder = tiny(tmp_path / "s")
    published(folder)
    tables = folder / "out" / "2024" / "derived"
    before = hashes(tables)
    for table in tables.iterdir():
        spoil(table, damage)
    edit(folder, "study.yaml", ("hide: 5", "hide: 6"))
    published(folder)
    assert hashes(tables) == before


def test_facts_that_cannot_be_written_are_not_there_at_all(tmp_path, monkeypatch):
    folder = tiny(tmp_path / "s")
    write = facts.write_table

    def failing(table, path):
        if path.name == "tests.parquet":
            raise OSError(28, "No space left on device", str(path))
        write(table, path)

    with monkeypatch.context() as patch:
        patch.setattr(facts, "write_table", failing)
        with pytest.raises(VigieError, match="No space left") as caught:
            published(folder)
    assert [p.code for p in caught.value.problems] == ["cannot-write"]
    assert not list((folder / "out" / "2024").rglob("*.parquet"))
    assert published(folder)[0].fresh


def test_derived_tables_that_cannot_be_written_are_told(tmp_path, monkeypatch):
    folder = tiny(tmp_path / "s")

    def failing(_, path):
        raise OSError(28, "No space left on device", str(path))

    with monkeypatch.context() as patch:
        patch.setattr(derived, "write_table", failing)
        with pytest.raises(VigieError, match="No space left") as caught:
            published(folder)
    assert [p.code for p in caught.value.problems] == ["cannot-write"]
    assert published(folder)[0].fresh


def test_a_sweep_takes_what_a_killed_run_left_and_spares_what_a_living_run_writes(tmp_path):
    with staging.staging(tmp_path) as work:
        (work / "half").write_text("x")
        left = tmp_path / staging.STAGING / "left"
        left.mkdir()
        sweep(tmp_path)
        assert not left.exists()
        assert (work / "half").exists()
    assert not (tmp_path / staging.STAGING).exists()


def test_of_two_runs_that_finish_the_same_folder_the_first_one_stands(tmp_path):
    for text in ("first", "second"):
        with staging.staging(tmp_path) as work:
            (work / "x").mkdir()
            (work / "x" / "file").write_text(text)
            staging.place(work / "x", tmp_path / "facts" / "x")
    assert (tmp_path / "facts" / "x" / "file").read_text() == "first"


def test_a_place_where_no_folder_can_be_made_is_told_and_not_tried_forever(tmp_path, monkeypatch):
    def refuse(*_, **__):
        raise FileNotFoundError(2, "No such file or directory")

    monkeypatch.setattr(staging.Path, "mkdir", refuse)
    with pytest.raises(FileNotFoundError), staging.staging(tmp_path):
        pass


def test_the_problems_of_all_waves_come_at_once_and_nothing_is_published(tmp_path):
    folder = tiny(tmp_path / "s")
    edit(
        folder,
        "study.yaml",
        ('  - {id: "2024"', '  - {id: "2023", files: {tests: data/2024/survey.csv}}\n  - {id: "2024"'),
    )
    (folder / "data" / "2024" / "tests.csv").write_text("x\n1\n")
    with pytest.raises(VigieError) as caught:
        published(folder)
    assert {p.file for p in caught.value.problems} == {"data/2024/survey.csv", "data/2024/tests.csv"}
    assert not list((folder / "out").rglob("current"))
