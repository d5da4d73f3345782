"""Runs in the background: claimed once, computed, told; stopped, or left by a dead machine, they break nothing."""

from __future__ import annotations

import fcntl

import pytest

from vigie.store.models import Release, Run
from vigie.store.runs import take, waiting
from vigie.web.library import HOME
from vigie.web.running import alive, compute, locked
from vigie.web.worker import sweep, work

RUNS = "/s/own/tiny/-/runs"


def claim() -> Run | None:
    """What a worker does before it computes."""
    run = waiting()
    return run if run is not None and take(run) else None


@pytest.fixture
def queued(site):
    Release.objects.all().delete()
    site.client("analyst").post(RUNS)
    return Run.objects.get(study=site.study)


def test_a_run_is_claimed_by_one_worker_alone(queued):
    assert claim() == queued
    assert claim() is None


@pytest.mark.usefixtures("queued")
def test_asking_twice_queues_one_run(site):
    site.client("analyst").post(RUNS)
    assert Run.objects.filter(study=site.study).count() == 1


@pytest.mark.usefixtures("queued")
def test_a_run_makes_releases_that_readers_do_not_see_until_they_are_published(site):
    run = claim()
    compute(run)
    run.refresh_from_db()
    assert (run.state, run.problems) == ("done", [])
    assert "survey figures" in run.log
    release = Release.objects.get(study=site.study)
    assert (HOME.release(release) / "results.json").is_file()
    assert site.client("client").get("/s/own/tiny/2024/").status_code == 404
    site.client("analyst").post("/s/own/tiny/-/publish", {"release": release.pk, "to": "readers"})
    assert site.client("client").get("/s/own/tiny/2024/").status_code == 200
    site.client("analyst").post("/s/own/tiny/-/publish", {"release": release.pk, "to": ""})
    assert site.client("client").get("/s/own/tiny/2024/").status_code == 404


def test_a_run_whose_files_have_problems_tells_them_and_keeps_what_stood(site, queued):
    (HOME.version(queued.version) / "study.yaml").write_text("study: [", encoding="utf-8")
    run = claim()
    compute(run)
    run.refresh_from_db()
    assert run.state == "failed"
    assert "study.yaml" in run.problems[0]["message"]
    assert b"study.yaml" in site.client("analyst").get(RUNS).content


def test_a_waiting_run_that_is_stopped_is_never_computed(site, queued):
    site.client("analyst").post(RUNS, {"stop": queued.pk})
    queued.refresh_from_db()
    assert queued.state == "cancelled"
    assert claim() is None


@pytest.mark.usefixtures("queued")
def test_a_run_that_died_with_the_machine_is_told_and_can_be_tried_again(site):
    run = claim()
    sweep()
    run.refresh_from_db()
    assert run.state == "failed"
    assert "Réessayer" in site.client("analyst").get(RUNS).content.decode()
    site.client("analyst").post(RUNS)
    assert "Réessayer" not in site.client("analyst").get(RUNS).content.decode()
    assert claim() is not None


@pytest.mark.parametrize(
    ("script", "told", "in_french"),
    [
        ("echo 'ValueError: no such thing' >&2; exit 1", "The run broke off.", "Le calcul s’est interrompu."),
        ("echo 'ValueError: no such thing' >&2; kill -9 $$", "ended by the system", "mis fin au calcul"),
    ],
)
@pytest.mark.usefixtures("queued")
def test_a_run_that_breaks_off_says_why_and_what_to_do(site, tmp_path, monkeypatch, script, told, in_french):
    broken = tmp_path / "python"
    broken.write_text(f"#!/bin/sh\n{script}\n", encoding="ascii")
    broken.chmod(0o755)
    monkeypatch.setattr("sys.executable", str(broken))
    assert work()
    run = Run.objects.get(study=site.study)
    assert run.state == "failed"
    assert told in run.problems[0]["message"]
    assert "ry again" in run.problems[0]["hint"]
    assert "ValueError: no such thing" in run.log
    page = site.client("analyst").get(RUNS).content.decode()
    assert in_french in page
    assert told not in page
    assert "ValueError: no such thing" in page


def test_a_run_that_another_worker_is_about_to_take_is_left_to_it(queued):
    with locked(HOME.lock(queued)) as held:
        assert held is not None
        assert not work()
    queued.refresh_from_db()
    assert queued.state == "queued"


def test_two_workers_do_not_take_one_run(queued):
    assert take(queued)
    assert not take(queued)


@pytest.mark.usefixtures("queued")
def test_a_run_that_lives_is_left_alone():
    run = claim()
    lock = HOME.lock(run)
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert alive(lock)
        sweep()
    run.refresh_from_db()
    assert run.state == "running"
    assert not alive(lock)


def test_a_release_of_another_study_cannot_be_published(site):
    theirs = Release.objects.get(study=site.other)
    said = site.client("analyst").post("/s/own/tiny/-/publish", {"release": theirs.pk, "to": "public"})
    assert said.status_code == 404
