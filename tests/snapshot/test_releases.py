"""`current` always points at a whole release, whatever happens to a run."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from small import edit, hashes, tiny
from vigie import run
from vigie.errors import VigieError
from vigie.snapshot import releases


def published(folder):
    return run.run(folder, formats=["html"])


def moments(folder):
    return {p: p.stat().st_mtime_ns for p in sorted((folder / "out").rglob("*"))}


def judge_whole(folder, wave="2024"):
    release = folder / "out" / wave / "current"
    record = json.loads((release / "run.json").read_text(encoding="utf-8"))
    for name in record["files"]:
        assert (release / name).read_text(encoding="utf-8").rstrip().endswith(("</html>", "}"))


@pytest.fixture
def study(tmp_path):
    folder = tiny(tmp_path / "s")
    published(folder)
    return folder


def test_a_second_run_does_no_work(study):
    before = moments(study)
    (again,) = published(study)
    assert not again.fresh
    assert moments(study) == before


def test_comments_and_layout_of_the_study_are_no_change(study):
    edit(study, "study.yaml", ("study: tiny", "# a comment\nstudy:   tiny"))
    assert not published(study)[0].fresh


@pytest.mark.parametrize("damage", ["gone", "cut record", "foreign record"])
def test_a_release_that_somebody_damaged_is_made_again(study, damage):
    release = study / "out" / "2024" / "current"
    before = hashes(release)
    if damage == "gone":
        (release / "results.json").unlink()
    else:
        (release / "run.json").write_text("{" if damage == "cut record" else "[1]")
    assert published(study)[0].fresh
    assert hashes(release) == before
    judge_whole(study)


def test_the_release_before_the_last_stays_for_who_is_reading_it(study, monkeypatch):
    first = (study / "out" / "2024" / "current").resolve()
    monkeypatch.chdir(study.parent)
    for hide in (6, 7):
        edit(study, "study.yaml", (f"hide: {hide - 1}", f"hide: {hide}"))
        before = (study / "out" / "2024" / "current").resolve()
        published(Path("s"))
        kept = {p.name for p in (study / "out" / "2024" / "releases").iterdir()}
        assert kept == {before.name, (study / "out" / "2024" / "current").resolve().name}
    assert first.name not in kept


@pytest.mark.parametrize("step", ["results.json", "report.fr.html", "run.json", "link"])
def test_a_run_that_fails_while_it_writes_leaves_the_release_that_stood(study, monkeypatch, step):
    before = hashes(study / "out" / "2024" / "current")
    edit(study, "study.yaml", ("hide: 5", "hide: 6"))
    write_text, symlink_to = Path.write_text, Path.symlink_to

    def write(path, *arguments, **named):
        if path.name == step:
            write_text(path, "half")
            raise OSError(28, "No space left on device", str(path))
        return write_text(path, *arguments, **named)

    def link(path, *arguments, **named):
        if step == "link":
            raise NotImplementedError("no symbolic links here")
        return symlink_to(path, *arguments, **named)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_text", write)
        patch.setattr(Path, "symlink_to", link)
        with pytest.raises(VigieError) as caught:
            published(study)
    (problem,) = caught.value.problems
    assert problem.code == "cannot-write"
    assert problem.hint
    assert hashes(study / "out" / "2024" / "current") == before
    assert not (study / "out" / "2024" / ".staging").exists()
    assert published(study)[0].fresh
    judge_whole(study)


def test_a_copy_in_the_place_of_the_link_is_told_and_not_overwritten(study):
    here = study / "out" / "2024" / "current"
    copy = shutil.copytree(here, study / "copy")
    here.unlink()
    copy.rename(here)
    before = hashes(here)
    edit(study, "study.yaml", ("hide: 5", "hide: 6"))
    with pytest.raises(VigieError, match="is a copy") as caught:
        published(study)
    assert caught.value.problems[0].code == "cannot-write"
    assert hashes(here) == before


# -- runs that are killed, and runs that overlap

RUN = "import sys; from pathlib import Path; from vigie import run; run.run(Path(sys.argv[1]), formats=['html'])"


def started(folder):
    return subprocess.Popen([sys.executable, "-c", RUN, str(folder)], stderr=subprocess.DEVNULL)


@pytest.mark.parametrize("seed", range(8))
def test_a_run_killed_at_any_moment_leaves_what_was_published_and_the_next_one_sweeps(study, seed):
    before = hashes(study / "out")
    edit(study, "data/2024/survey.csv", ("r01,f,a1", "r01,m,a1"))
    chance = random.Random(seed)
    process = started(study)
    out = study / "out" / "2024"
    deadline = time.monotonic() + 30
    # half of them are killed at a moment of the whole run, half when they have begun to write
    if seed % 2:
        while process.poll() is None and not (out / ".staging").exists() and time.monotonic() < deadline:
            time.sleep(0.001)
        time.sleep(chance.uniform(0, 0.3))
    else:
        time.sleep(chance.uniform(0.2, 2.5))
    process.kill()
    process.wait()
    judge_whole(study)
    after = hashes(study / "out")
    stood = {k: v for k, v in before.items() if "/current/" not in k}
    assert after.items() >= stood.items()
    published(study)
    judge_whole(study)
    assert not (out / ".staging").exists()
    assert run.run(study, formats=["html"])[0].fresh is False


def test_two_runs_at_once_both_succeed(tmp_path):
    folder = tiny(tmp_path / "s")
    processes = [started(folder) for _ in range(3)]
    assert [p.wait(timeout=120) for p in processes] == [0, 0, 0]
    judge_whole(folder)
    assert not (folder / "out" / "2024" / ".staging").exists()
    assert not published(folder)[0].fresh


def test_a_wave_that_was_never_published_has_no_release(tmp_path):
    assert releases.current(tmp_path) is None
    assert releases.run_record(tmp_path) == {}
