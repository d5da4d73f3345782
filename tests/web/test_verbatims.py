"""What people wrote, on the site: who sees which texts, and that a search from an address does no harm."""

from __future__ import annotations

import json
import shutil

import pytest
from django.utils import timezone

from vigie.engine.verbatims import readings
from vigie.store.models import Release
from vigie.web import library
from vigie.web.library import HOME
from vigie.web.running import compute

PAGE = "/s/own/tiny/2024/verbatims/"


@pytest.fixture
def written(site):
    """The study, run on the site, so that its facts are there."""
    site.client("analyst").post("/s/own/tiny/-/runs")
    compute(site.study.runs.get())
    return site


def test_an_analyst_sees_texts_and_a_search_marks_its_words(written):
    page = written.client("analyst").get(PAGE).content.decode()
    assert "<blockquote" in page
    first = page.split("<blockquote", 1)[1].split("<p", 1)[1].split(">", 1)[1].split("<", 1)[0].split()[0].strip(",.")
    marked = written.client("analyst").get(PAGE, {"words": first}).content.decode()
    assert f"<mark>{first}</mark>" in marked
    lines = written.client("analyst").get(PAGE, {"words": first, "show": "context"}).content.decode()
    assert '<table class="concordance">' in lines


def test_a_brand_s_reader_sees_no_text_that_is_not_about_it(written):
    page = written.client("brand").get(PAGE)
    assert page.status_code == 200
    assert "<blockquote" not in page.content.decode()  # the survey's texts are about no brand


def test_readers_are_not_shown_texts_of_few_people(written):
    Release.objects.update(published=timezone.now())
    shown = {role: written.client(role).get(PAGE).content.decode() for role in ("analyst", "client")}
    assert shown["client"].count("<blockquote") == shown["analyst"].count("<blockquote") > 0
    path = HOME.release(written.study.releases.latest("made")) / "results.json"
    told = json.loads(path.read_text(encoding="utf-8"))
    told["disclose"]["quotes"] = 1000
    path.unlink()  # the file may be another release's too
    path.write_text(json.dumps(told), encoding="utf-8")
    library.forget()
    shown = {role: written.client(role).get(PAGE).content.decode() for role in ("analyst", "client")}
    assert "<blockquote" in shown["analyst"]
    assert "<blockquote" not in shown["client"]
    library.forget()


def test_readings_of_texts_that_a_later_run_makes_are_shown(written, monkeypatch):
    monkeypatch.setattr("vigie.engine.verbatims.FEW", 0)  # too many to be read while somebody waits
    shutil.rmtree(HOME.out(written.study) / "2024" / "derived")
    library.forget()
    program = written.program("analyst")
    release = written.study.releases.latest("made")

    def polarities() -> set[str]:
        said = program.get("/api/v1/studies/own/tiny/waves/2024/verbatims").json()
        return {text["polarity"] for text in said["items"]}

    assert polarities() == {""}
    assert library.state_of_texts(release) == (True, False)
    with library.facts(release) as session:
        readings(session)
    assert polarities() & {"negative", "neutral", "positive"}
    assert library.state_of_texts(release) == (True, True)


@pytest.mark.parametrize("given", [
    {"page": "99999"}, {"page": "-1"}, {"page": "x"}, {"order": "no"}, {"intensity": "9"}, {"source": "'"},
    {"words": "(" * 300}, {"words": "\\"}, {"brand": "nobody"}, {"polarity": "<b>"},
])  # fmt: skip
def test_whatever_an_address_says_the_page_stands(written, given):
    page = written.client("analyst").get(PAGE, given)
    assert page.status_code == 200
    assert "<b>" not in page.content.decode()
