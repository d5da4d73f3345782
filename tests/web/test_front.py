"""The list of studies: what each found last, the way to it, and for analysts what became of its runs."""

from __future__ import annotations

import datetime as dt
import html

import pytest
from django.test import Client
from django.utils import timezone, translation
from django.utils.formats import date_format

from vigie.store.models import Release, Run
from vigie.web.library import HOME


def text(client: Client, page: str = "/", language: str = "en") -> str:
    return html.unescape(client.get(page, headers={"Accept-Language": language}).content.decode())


def test_a_study_shows_when_people_were_asked_and_its_key_figures(site):
    page = text(site.client("analyst"))
    assert "Tiny observatory, wave 2024 · 8–26 January 2024" in page
    assert "Contacted a customer service" in page
    assert 'href="/s/own/tiny/2024/"' in page
    assert "Petit observatoire, vague 2024" in text(site.client("analyst"), language="fr")


def test_analysts_are_told_how_the_last_run_ended_and_what_readers_do_not_see(site):
    release = Release.objects.get(study=site.study)
    Release.objects.filter(pk=release.pk).update(withdrawn=timezone.now())
    Run.objects.create(study=site.study, version=release.version, state=Run.State.FAILED)
    page = text(site.client("analyst"))
    assert ": failed." in page
    assert "Not shown to readers: 2024." in page
    assert "/-/runs" not in text(site.client("controller"))


def test_a_study_whose_results_cannot_be_read_hides_no_other(site):
    release = Release.objects.get(study=site.study)
    path = HOME.release(release) / "results.json"
    path.unlink()  # the file may be another release's too
    path.write_text("{}", encoding="utf-8")
    page = site.client("analyst").get("/")
    assert page.status_code == 200
    assert "Petit observatoire" in page.content.decode()


def test_who_reads_one_study_alone_is_led_to_it(site):
    assert site.client("client").get("/")["Location"] == "/s/own/tiny/"


@pytest.mark.parametrize(("language", "written"), [("fr", "2 mars 2026 à 9 h 04"), ("en", "2 March 2026, 09:04")])
def test_a_date_is_written_so_that_nobody_takes_the_day_for_the_month(language, written):
    with translation.override(language):
        made = date_format(dt.datetime(2026, 3, 2, 9, 4), "SHORT_DATETIME_FORMAT")  # noqa: DTZ001
    assert made.replace("\u00a0", " ") == written


@pytest.mark.parametrize(("status", "page"), [(404, "/nothing"), (403, "/o/own/people")])
@pytest.mark.parametrize("language", ["fr", "en"])
def test_what_is_not_there_or_not_open_says_so_and_leads_back(site, status, page, language):
    said = site.client("analyst").get(page, headers={"Accept-Language": language})
    assert said.status_code == status
    assert f'<html lang="{language}">' in said.content.decode()
    assert 'href="/"' in said.content.decode().split("<main")[1]


def test_what_fails_is_told_without_a_trace(site, monkeypatch):
    monkeypatch.setattr("vigie.web.library.cover_of", None)  # something is broken in the site itself
    client = site.client("analyst")
    client.raise_request_exception = False
    said = client.get("/")
    assert said.status_code == 500
    assert "Traceback" not in said.content.decode()
    assert "<h1>" in said.content.decode()
