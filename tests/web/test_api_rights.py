"""Every call of the API × every role × own and other organisation × own and other brand, by the table of calls."""

from __future__ import annotations

import json
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from vigie.results.decoding import from_json
from vigie.store.models import Entry, Grant, Membership, Release, Run, Token, User
from vigie.store.organisations import Role
from vigie.store.tokens import Scope, issue
from vigie.web import library
from vigie.web.access import RIGHTS, SCOPES, Right
from vigie.web.api.calls import Call
from vigie.web.api.urls import API, CALLS
from vigie.web.library import HOME
from web.test_brand_reader import rivals  # noqa: F401 - a fixture

GIVEN = {"organisation": "own", "study": "tiny", "wave": "2024", "name": "results.json"}
SENT = {
    "bring_in": lambda: {"data": {"archive": SimpleUploadedFile("study.zip", b"no zip")}},
    "publish": lambda: {"data": json.dumps({"audience": "readers"}), "content_type": "application/json"},
}
SAID = {"bring_in": 400, "table": 400}  # what those who may are told of what `asked` sends
BY_NAME = {call.name: call for call in CALLS}


def address(call: Call, **other: str) -> str:
    """An address of the call that exists in the study of these tests."""
    return "/api/v1/" + re.sub(r"{\w+:(\w+)}", lambda found: str((GIVEN | other)[found[1]]), call.pattern)


def asked(site, client, call: Call, **other: str):
    """The answer to the least that the call takes."""
    run = Run.objects.create(study=site.study, version=site.study.version)
    given = {"run": str(run.pk)} | other
    said = getattr(client, call.method.lower())(address(call, **given), **SENT.get(call.name, dict)())
    said.close()
    return said


def problems(said) -> list[dict[str, str]]:
    """What was told, in the one shape of errors."""
    told = said.json()
    assert set(told) == {"problems"}
    assert all(set(p) == {"code", "message", "hint", "where"} and p["message"] for p in told["problems"])
    return told["problems"]


def test_every_address_of_the_api_is_in_the_table():
    schema = API.get_openapi_schema(path_prefix="")
    told = {(m.upper(), path) for path, methods in schema["paths"].items() for m in methods}
    assert told == {(c.method, "/" + re.sub(r"{\w+:", "{", c.pattern)) for c in CALLS}
    assert len(BY_NAME) == len(CALLS)


@pytest.mark.parametrize("call", CALLS, ids=lambda c: c.name)
def test_every_call_has_a_right_that_some_scope_opens(call):
    assert isinstance(call.right, Right)
    assert call.right != Right.ANYBODY
    assert call.scopes
    assert ("{slug:study}" in call.pattern) <= (call.right != Right.SIGNED_IN)


@pytest.mark.parametrize("role", Role)
def test_a_call_is_open_to_those_with_its_right_alone(site, role):
    client = site.program(role)
    for call in CALLS:
        said = asked(site, client, call)
        if "{slug:organisation}" not in call.pattern or call.right in RIGHTS[role]:
            assert said.status_code == SAID.get(call.name, 200), (call.name, said.content)
        else:
            assert said.status_code == 403, call.name
            assert problems(said)[0]["code"] == "right"


@pytest.mark.parametrize("role", Role)
def test_another_organisation_s_study_does_not_exist(site, role):
    client = site.program(role, own=False)
    for call in (c for c in CALLS if "{slug:organisation}" in c.pattern):
        said = asked(site, client, call)
        assert said.status_code == 404, call.name
        assert problems(said)[0]["code"] == "nothing-here"
    assert "own" not in {s["organisation"] for s in client.get("/api/v1/studies").json()["items"]}


@pytest.mark.parametrize("scope", Scope)
def test_a_token_opens_by_its_scopes_alone(site, scope):
    client = site.program("analyst", scope)
    for call in CALLS:
        said = asked(site, client, call)
        if call.right in SCOPES[scope]:
            assert said.status_code == SAID.get(call.name, 200), call.name
        else:
            assert said.status_code == 403
            assert problems(said)[0]["code"] == "scope"


def test_without_a_good_token_nothing_is_said(site):
    person = site.people["analyst own"]
    gone, secret_gone = issue(person, "gone", ["read"], 1)
    gone.delete()
    _, secret_old = issue(person, "old", ["read"], -1)
    left = User.objects.create_user("left@own.example")
    Membership.objects.create(person=left, organisation=site.study.organisation, role="analyst")
    _, secret_left = issue(left, "left", ["read"], 1)
    User.objects.filter(pk=left.pk).update(is_active=False)
    for header in (None, "", "Bearer", "Bearer x", "Basic eDp5", f"Bearer {secret_gone}", f"Bearer {secret_old}",
                   f"Bearer {secret_left}"):  # fmt: skip
        client = Client() if header is None else Client(headers={"Authorization": header})
        for call in CALLS:
            said = asked(site, client, call)
            assert said.status_code == 401, (header, call.name)
            assert said["WWW-Authenticate"].startswith("Bearer")
            assert problems(said)[0]["code"] == "token"


def test_a_signed_in_browser_does_not_open_the_api(site):
    for call in CALLS:
        assert asked(site, site.client("administrator"), call).status_code == 401, call.name


def test_a_token_follows_what_its_owner_may_do(site):
    client = site.program("analyst")
    assert client.get("/api/v1/studies/own/tiny/runs").status_code == 200
    Membership.objects.filter(person=site.people["analyst own"]).update(role="client")
    assert client.get("/api/v1/studies/own/tiny/runs").status_code == 403
    Grant.objects.all().delete()
    assert client.get("/api/v1/studies/own/tiny/runs").status_code == 404


@pytest.mark.parametrize("role", [r for r in Role if r not in (Role.ADMINISTRATOR, Role.ANALYST)])
def test_a_wave_that_is_not_published_does_not_exist_for_readers(site, role):
    Release.objects.update(published=None)
    client = site.program(role)
    for call in (c for c in CALLS if "{str:wave}" in c.pattern and c.right in RIGHTS[role]):
        assert asked(site, client, call).status_code == 404, call.name


def figures_of(told) -> set[float]:
    """Every number with decimals in an answer, whatever it is called."""
    if isinstance(told, dict):
        return set().union(*map(figures_of, told.values()))
    if isinstance(told, list):
        return set().union(*map(figures_of, told))
    return {told} if isinstance(told, float) else set()


ATTEMPTS = (
    "", "?limit=1000", "?segment=brand", "?segment=brand:RIVAL", "?segment=brand:OWN&segment=brand:RIVAL",
    "?segment=sector", "?source=mystery", "?indicator=mystery_score", "?figure=FIGURE", "?whole=true&source=mystery",
    "?rows=satisfaction&columns=brand&columns=sex", "?rows=mystery_score&source=mystery&where=brand == RIVAL",
    "?page=league", "?page=overview", "?brand=RIVAL&words=a", "?language=en", "?brand=RIVAL", "?release=x",
)  # fmt: skip


def test_no_parameter_gives_a_brand_its_rival_s_figures(site, rivals):  # noqa: F811 - the fixture
    own, names = rivals
    whole = from_json((HOME.release(Release.objects.get(study=site.study)) / "results.json").read_bytes())
    theirs = [e for e in whole.estimates if e.at("brand") not in (None, own) and e.value is not None]
    kept = [e for e in library.results(_place(site), site.study.releases.get()).estimates if e.value is not None]
    secrets = {v for e in theirs for v in (e.value, e.se) if isinstance(v, float) and v not in (0.0, 1.0)}
    secrets |= {e.score for league in whole.leagues for e in league.entries if e.brand != own}
    secrets |= {c.score for c in whole.cells if c.brand != own and c.score is not None}
    secrets -= {v for e in kept for v in (e.value, e.se)}  # the same number, of something of their own
    assert len(secrets) > 3
    named = [a.replace("OWN", own).replace("FIGURE", theirs[0].figure) for a in ATTEMPTS]
    attempts = dict.fromkeys(a.replace("RIVAL", rival) for a in named for rival in names)
    client, open_ = site.program("brand"), 0
    for call in (c for c in CALLS if c.method == "GET"):
        for text in attempts:
            said = asked_with(site, client, call, text)
            if said.status_code != 200:
                continue
            open_ += 1
            assert not figures_of(said.json()) & secrets, (call.name, text)
            assert not [name for name in names.values() if name in said.content.decode()], (call.name, text)
    assert open_ > 25


def asked_with(site, client, call: Call, query: str):
    run = site.study.runs.first() or Run.objects.create(study=site.study, version=site.study.version)
    said = client.get(address(call, run=str(run.pk)) + query)
    said.close()
    return said


def _place(site):
    from vigie.web.access import Visitor

    return Visitor(site.people["brand own"]).at(site.study)


def test_a_rival_is_told_as_a_brand_that_does_not_exist(site, rivals):  # noqa: F811
    _, names = rivals
    page, told = "/api/v1/studies/own/tiny/waves/2024/estimates?segment=brand:", []
    for brand in (next(iter(names)), "nobody"):
        said = site.program("brand").get(page + brand)
        assert said.status_code == 400
        told.append(problems(said)[0] | {"message": problems(said)[0]["message"].replace(brand, "…")})
    assert told[0] == told[1]


def test_what_was_changed_and_taken_away_is_written_down_with_the_token(site):
    client = site.program("analyst")
    start = Token.objects.get(person=site.people["analyst own"]).start
    for name in ("file", "start", "stop", "publish", "withdraw"):
        asked(site, client, BY_NAME[name])
    Run.objects.all().delete()
    client.post("/api/v1/studies/own/tiny/runs")
    entries = list(Entry.objects.order_by("pk"))
    assert [e.action for e in entries] == ["exported", "stopped a run", "published", "withdrew", "ran"]
    assert {e.detail["token"] for e in entries} == {start}
    assert {e.person for e in entries} == {site.people["analyst own"].pk}


def test_an_address_that_does_not_exist_and_a_method_that_is_not_taken_are_told_in_the_same_shape(site):
    client = site.program("analyst")
    assert problems(client.get("/api/v1/nothing"))[0]["code"] == "nothing-here"
    assert problems(client.get("/api/v1/"))[0]["code"] == "nothing-here"
    said = client.delete("/api/v1/studies")
    assert (said.status_code, said["Allow"]) == (405, "GET")
    assert problems(said)[0]["code"] == "method"
