"""The list of studies: what each found last, the way to it, and for analysts what became of its runs."""

from __future__ import annotations

import datetime as dt
import html
import re
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone, translation
from django.utils.formats import date_format

from vigie.store.models import Release, Run
from vigie.study.waves import FILE_KEYS
from vigie.web import frame
from vigie.web.asking import COMPARED
from vigie.web.frame import ROLES, SAID, STATES
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


@pytest.mark.parametrize("back", ["foo", "home", "", "people/x"])
def test_another_language_leads_back_to_a_page_of_the_site_or_to_the_first(site, back):
    assert site
    assert Client().post("/language", {"language": "en", "next": back})["Location"] == "/"
    assert Client().post("/language", {"language": "en", "next": "/account?x=1"})["Location"] == "/account?x=1"


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("sent", [{"text": "x" * (6 << 20)}, {str(n): "" for n in range(2001)}], ids=["text", "fields"])
def test_what_is_too_large_is_told_in_the_frame_of_the_site(site, sent, language):
    page = "/s/own/tiny/-/files/study.yaml"
    client = site.client("analyst")
    client.get(page)  # where the form came from
    client.handler.enforce_csrf_checks = True  # which look into it before the page does
    said = client.post(
        page, urlencode(sent), "application/x-www-form-urlencoded", headers={"Accept-Language": language}
    )
    assert said.status_code == 413
    assert f'<html lang="{language}">' in said.content.decode()
    assert {"fr": "un texte", "en": "a text"}[language] in said.content.decode()


def test_a_hundred_files_at_once_are_too_many(site):
    files = [SimpleUploadedFile(f"{n}.csv", b"x") for n in range(101)]
    said = site.client("analyst").post("/s/own/tiny/-/data", {"files": files}, headers={"Accept-Language": "en"})
    assert said.status_code == 413
    assert "40 files are sent at once" in said.content.decode()


def test_what_cannot_be_read_is_told_in_the_frame_of_the_site(site):
    said = site.client("analyst").post("/language", "no parts", "multipart/form-data")  # of no boundary
    assert said.status_code == 400
    assert "<h1>" in said.content.decode()
    assert 'href="/"' in said.content.decode().split("<main")[1]


def test_a_name_that_the_site_does_not_have_is_refused_in_its_frame(site):
    assert site
    said = Client(headers={"Host": "elsewhere.example"}).get("/")
    assert said.status_code == 400
    assert 'class="name" href="/"' in said.content.decode()


@pytest.mark.parametrize(("path", "kind"), [("/api/v1/me", "application/json"), ("/", "text/html; charset=utf-8")])
def test_more_than_a_gibibyte_is_refused_in_the_shape_of_what_was_asked(site, path, kind):
    assert site
    said = Client().generic("POST", path, b"", CONTENT_LENGTH=str((1 << 30) + 1))
    assert (said.status_code, said["Content-Type"]) == (413, kind)
    if path != "/":
        assert [p["code"] for p in said.json()["problems"]] == ["too-large"]


def test_no_word_is_kept_that_no_page_says():
    root = Path(frame.__file__).parent
    told = "".join(p.read_text("utf-8") for p in root.rglob("*.html"))
    code = "".join(p.read_text("utf-8") for p in root.rglob("*.py"))
    made = {*STATES, *ROLES, *FILE_KEYS, *(f"compare_{c}" for c in COMPARED), *(n for n in SAID if n[:4] == "log_")}
    used = set(re.findall(r"\bsaid\.(\w+)", told)) | set(re.findall(r'\bsaid\["(\w+)"\]', code))
    assert set(SAID) - made - used == set()
