"""Every address × every role × own and other organisation: who gets in, who is told no, for whom nothing is there."""

from __future__ import annotations

import re

import pytest
from django.core.cache import cache
from django.urls import get_resolver, reverse

from vigie.results.decoding import from_json
from vigie.store.organisations import Role
from vigie.web.access import RIGHTS, Right
from vigie.web.library import HOME
from vigie.web.routes import Route
from vigie.web.urls import CLOSED, ROUTES

WHO = [None, *Role]
GIVEN = {"organisation": "own", "study": "tiny", "wave": "2024", "channel": "phone", "brand": "ondine",
         "key": "no-such-key", "name": "results.json", "run": "1", "number": "1"}  # fmt: skip


def library_results(site):
    """The results of the study's release."""
    release = site.study.releases.get()
    return from_json((HOME.release(release) / "results.json").read_bytes())


def address(route: Route, **other: str) -> str:
    """An address of the route that exists in the study of these tests."""
    return "/" + re.sub(r"<\w+:(\w+)>", lambda found: (GIVEN | other)[found[1]], route.pattern)


def given(route: Route) -> dict[str, str]:
    """What stands in that address."""
    return {name: GIVEN[name] for name in re.findall(r"<\w+:(\w+)>", route.pattern)}


def asked(client, route: Route, **other: str):
    """The answer to the least that the route takes."""
    method = "get" if "GET" in route.methods else "post"
    said = getattr(client, method)(address(route, **other))
    said.close()  # a file that is sent stays open otherwise
    return said


def test_every_address_is_in_the_table_or_of_the_sign_in():
    patterns = [str(p.pattern) for p in get_resolver().url_patterns]
    assert sorted(patterns) == sorted([*(r.pattern for r in ROUTES), *CLOSED, "accounts/", "api/v1/"])
    assert len({r.name for r in ROUTES}) == len(ROUTES)
    assert all(reverse(r.name, kwargs=given(r)) == address(r) for r in ROUTES), "another address has taken the name"
    assert all(isinstance(r.right, Right) for r in ROUTES)


GUARDED = [r for r in ROUTES if "<slug:organisation>" in r.pattern]


THERE = ("overview", "league", "method", "runs", "file", "workshop", "study_data")  # of every study


@pytest.mark.parametrize("role", WHO)
def test_a_page_of_a_study_or_an_organisation_is_open_to_those_with_its_right_alone(site, role):
    client = site.client(role)
    for route in GUARDED:
        said = asked(client, route)
        if role is None:
            assert said.status_code == 302, route.name
            assert said["Location"].startswith("/accounts/login/"), route.name
        elif route.right in RIGHTS[role]:
            # 404: the study has no such part; 400: no file was named
            may = (200, 302) if route.name in THERE else (400,) if route.name == "study_new_file" else (200, 302, 404)
            assert said.status_code in may, (route.name, said.status_code)
        else:
            assert said.status_code == 403, route.name


@pytest.mark.parametrize("role", [r for r in WHO if r is not None])
def test_another_organisation_s_study_does_not_exist(site, role):
    client = site.client(role, own=False)
    for route in GUARDED:
        said = asked(client, route)
        assert said.status_code == 404, route.name
        assert not [title for title in site.study.title.values() if title in said.content.decode()], route.name


@pytest.mark.parametrize("role", WHO)
def test_what_is_published_for_everybody_is_read_without_signing_in(site, role):
    site.study.releases.update(audience="public")
    said = site.client(role, own=False).get("/s/own/tiny/2024/")
    assert said.status_code == 200
    assert site.client(role, own=False).get("/s/own/tiny/-/runs").status_code in (302, 403)


def test_an_address_names_no_organisation_without_a_right_of_its_own():
    assert all(r.right not in (Right.ANYBODY, Right.SIGNED_IN) for r in GUARDED)


def test_what_everybody_reads_has_no_brand_whose_place_is_not_published(site):
    from vigie.report.reduced import reduced
    from vigie.web.access import NOBODY, Visitor

    site.study.releases.update(audience="public")
    assert Visitor(None).at(site.study).brands == (NOBODY,)
    assert Visitor(site.people["client own"]).at(site.study).brands == ()
    results = library_results(site)
    seen = reduced(results, [NOBODY])
    assert not [e for e in seen.estimates if e.at("brand")]
    assert site.client(None).get("/s/own/tiny/2024/brands/ondine").status_code == 404


def test_an_analyst_finds_a_study_that_no_run_has_finished(site):
    site.study.releases.all().delete()
    assert "/s/own/tiny/-/" in site.client("analyst").get("/").content.decode()
    assert "tiny" not in site.client("client").get("/").content.decode()


def test_guessing_passwords_is_slowed_down(site):
    from django.test import Client

    site.people["client own"].set_password("a long sentence 42")
    site.people["client own"].save()
    form = {"login": "client@own.example", "password": "a long sentence 42"}
    for _ in range(5):
        assert Client().post("/accounts/login/", form | {"password": "wrong"}).status_code == 200
    assert Client().post("/accounts/login/", form).status_code != 302  # even the right one, for a while
    cache.clear()
    assert Client().post("/accounts/login/", form).status_code == 302


def test_a_withdrawn_wave_is_there_for_analysts_alone(site):
    from django.utils import timezone

    site.study.releases.update(withdrawn=timezone.now())
    assert site.client("client").get("/s/own/tiny/2024/").status_code == 404
    assert site.client("analyst").get("/s/own/tiny/2024/").status_code == 200


def test_a_member_without_a_grant_does_not_know_of_the_study(site):
    from vigie.store.models import Grant

    Grant.objects.all().delete()
    assert site.client("client").get("/s/own/tiny/2024/").status_code == 404
    assert site.client("administrator").get("/s/own/tiny/2024/").status_code == 200


@pytest.mark.parametrize("name", ["run.json", "../results.json", "..%2Fresults.json", "passwd", "respondents.parquet"])
def test_files_that_are_not_on_the_list_do_not_exist(site, name):
    assert site.client("analyst").get(f"/s/own/tiny/2024/files/{name}").status_code == 404


def test_what_was_taken_away_is_written_down(site):
    from vigie.store.models import Entry

    said = site.client("client").get("/s/own/tiny/2024/files/results.json")
    assert b"".join(said.streaming_content).startswith(b"{")
    said.close()
    entry = Entry.objects.get(action="exported")
    assert entry.person == site.people["client own"].pk
    assert entry.detail == {"wave": "2024", "file": "results.json"}
    with pytest.raises(TypeError):
        entry.save()
    with pytest.raises(TypeError):
        entry.delete()


@pytest.mark.parametrize("odd", ["²", "1" * 5000, "-1", "x", "1.5", "9999999999999999"])
def test_odd_numbers_are_no_fault_of_the_site(site, odd):
    client = site.client("administrator")
    assert client.post("/s/own/tiny/-/publish", {"release": odd, "to": "readers"}).status_code == 404
    assert client.post("/s/own/tiny/-/runs", {"stop": odd}).status_code == 404
    assert client.post("/o/own/people", {"do": "remove", "member": odd}).status_code == 404
    assert client.get("/s/own/tiny/2024/verbatims/", {"page": odd}).status_code in (200, 302, 404)
    said = client.post("/s/own/tiny/-/suggest", {"file": "study.yaml", "text": "a", "cursor": odd})
    assert said.status_code in (200, 404)


def test_two_waves_of_one_place_have_pages_of_their_own(site):
    from vigie.store.models import Release

    first = site.study.releases.get()
    told = (
        (HOME.release(first) / "results.json").read_text(encoding="utf-8").replace('"wave": "2024"', '"wave": "2099"')
    )
    other = Release.objects.create(study=site.study, version=first.version, wave="2024b", position=first.position,
                                   key="other", published=first.published)  # fmt: skip
    HOME.release(other).mkdir(parents=True)
    (HOME.release(other) / "results.json").write_text(told, encoding="utf-8")
    client = site.client("client")
    pages = [client.get(f"/s/own/tiny/{wave}/method/").content.decode() for wave in ("2024", "2024b", "2024")]
    assert pages[0] != pages[1]
    assert "2099" not in pages[2]
