"""What the API tells of a wave: filters, pages, tables, and what it says to a question that it cannot answer."""

from __future__ import annotations

import pytest

from vigie.report.blocks import Table
from vigie.report.pages import page
from vigie.web import library
from vigie.web.access import Visitor

WAVE = "/api/v1/studies/own/tiny/waves/2024"


@pytest.fixture
def client(site):
    return site.program("analyst")


def items(client, query: str = "") -> list[dict]:
    said = client.get(f"{WAVE}/estimates?limit=1000{query}")
    assert said.status_code == 200, said.content
    return said.json()["items"]


def test_estimates_are_filtered_by_what_they_are_of(client):
    whole = items(client)
    for query, meant in {
        "&indicator=satisfied": lambda e: e["indicator"] == "satisfied",
        "&source=mystery": lambda e: e["source"] == "mystery",
        "&segment=channel": lambda e: "channel" in e["segment"],
        "&segment=channel:phone": lambda e: e["segment"].get("channel") == "phone",
        "&segment=channel:phone&segment=sex": lambda e: (
            e["segment"].get("channel") == "phone" and "sex" in e["segment"]
        ),
        "&whole=true": lambda e: not e["segment"],
        f"&figure={whole[-1]['figure']}": lambda e: e["figure"] == whole[-1]["figure"],
    }.items():
        assert items(client, query) == [e for e in whole if meant(e)], query


def test_pages_make_the_whole(client):
    whole = items(client)
    parts = [client.get(f"{WAVE}/estimates?limit=9&offset={k}").json() for k in range(0, len(whole) + 9, 9)]
    assert [e for part in parts for e in part["items"]] == whole
    assert {part["total"] for part in parts} == {len(whole)}
    assert len({part["release"] for part in parts}) == 1


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("estimates?indicator=satisfed", 'Did you mean "satisfied"?'),
        ("estimates?segment=chanel:phone", 'Did you mean "channel"?'),
        ("estimates?segment=channel:fone", 'Did you mean "phone"?'),
        ("estimates?indicater=satisfied", 'Did you mean "indicator"?'),
        ("estimates?source=surveys", "'survey'"),
        ("estimates?limit=0", "greater than or equal to 1"),
        ("estimates?limit=100000", "less than or equal to 1000"),
        ("estimates?offset=-1", "greater than or equal to 0"),
        ("estimates?limit=many", "valid integer"),
        ("estimates?whole=perhaps", "valid boolean"),
        ("table?columns=age", "rows: Field required"),
        ("table?rows=sex", "columns: Field required"),
        ("table?rows=sax&columns=age", 'Did you mean "sex"?'),
        ("table?rows=sex&columns=aga", 'Did you mean "age"?'),
        ("table?rows=sex&columns=age&where=age ==", "expression"),
        ("table?rows=sex&columns=age&compare=everything", "'columns'"),
        ("tables?page=method", "'overview'"),
        ("rankings?family=all", "There are none"),
    ],
)
def test_a_question_that_cannot_be_answered_is_told_with_what_to_do(client, query, told):
    said = client.get(f"{WAVE}/{query}")
    assert said.status_code == 400
    (problem,) = said.json()["problems"]
    assert told in f"{problem['message']} {problem['hint']} {problem['code']}"
    assert problem["hint"] or problem["code"] == "expression"


def test_all_wrong_parameters_are_told_at_once(client):
    said = client.get(f"{WAVE}/estimates?limit=0&offset=-1&source=x").json()
    assert {p["message"].partition(":")[0] for p in said["problems"]} == {"limit", "offset", "source"}


@pytest.mark.parametrize("language", ["fr", "en"])
def test_tables_are_those_of_the_page_in_the_language_asked_for(site, client, language):
    release = site.study.releases.get()
    edition = library.edition(Visitor(site.people["analyst own"]).at(site.study), release, language)
    drawn = [block for block in page(edition, "tables") if isinstance(block, Table)]
    said = client.get(f"{WAVE}/tables?page=tables", headers={"Accept-Language": language}).json()
    assert said["language"] == language
    assert drawn
    assert [t["title"] for t in said["items"]] == [t.title for t in drawn]
    assert [len(t["rows"]) for t in said["items"]] == [len(t.rows) for t in drawn]
    figures = [c for t in said["items"] for row in t["rows"] for c in row if c["value"] is not None]
    assert figures


def test_a_wave_tells_what_its_figures_are_called_and_how_they_were_made(client):
    told = client.get(WAVE).json()
    assert {i["indicator"] for i in told["indicators"]} >= {"contacted", "usage", "satisfied"}
    assert sum(i["estimates"] for i in told["indicators"]) == len(items(client))
    assert told["labels"]["channel:phone"]
    assert {f["source"] for f in told["fieldwork"]} == {"survey", "mystery"}
    assert {q["id"] for q in told["questionnaire"]} >= {"sex", "satisfaction"}


def test_what_is_published_for_everybody_is_read_by_members_of_other_organisations_without_brands(site):
    site.study.releases.update(audience="public")
    told = items(site.program("client", own=False))
    assert told
    assert not [e for e in told if "brand" in e["segment"]]
    assert site.program("client", own=False).get(f"{WAVE}/files").status_code == 403


def test_the_description_is_open_and_names_no_other_server(site):
    said = site.client(None).get("/api/v1/openapi.json")
    assert said.status_code == 200
    assert "://" not in said.content.decode()


def test_a_misspelt_key_publishes_nothing(site, client):
    site.study.releases.update(published=None)
    said = client.put(f"{WAVE}/publication", {"audiance": "public"}, content_type="application/json")
    assert said.status_code == 400
    assert not site.study.releases.get().shown
    for key, status in (("x", 400), ("0" * 64, 404)):  # no key at all, and that of no release
        said = client.put(f"{WAVE}/publication", {"release": key}, content_type="application/json")
        assert said.status_code == status
    assert client.put(f"{WAVE}/publication", b"{", content_type="application/json").status_code == 400
    assert client.put(f"{WAVE}/publication", {}, content_type="application/json").status_code == 200
    assert site.study.releases.get().audience == "readers"
