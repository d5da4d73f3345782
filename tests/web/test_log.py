"""The log: who saw, changed and took away what; once a day for what is seen again, and nobody changes a line of it."""

from __future__ import annotations

import ast
import html
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from vigie import store
from vigie.store.append_only import guard
from vigie.store.audit import note
from vigie.store.models import Entry, Membership, Release
from vigie.web.access import Right
from vigie.web.api.urls import CALLS
from vigie.web.log_words import ACTIONS, DETAILS, PAGES
from vigie.web.routes import SEEN
from vigie.web.site import bring_in, queue
from vigie.web.urls import ROUTES

PAGE = "/s/own/tiny/2024/"


def told() -> list[tuple[str, dict]]:
    return list(Entry.objects.order_by("pk").values_list("action", "detail"))


def test_a_page_that_somebody_saw_is_written_down_once_a_day(site):
    for _ in range(3):
        assert site.client("client").get(PAGE).status_code == 200
    site.client("client").get(PAGE + "league/")
    site.client("client").get(PAGE + "brands/ondine")
    assert told() == [
        ("saw", {"page": "overview", "wave": "2024"}), ("saw", {"page": "league", "wave": "2024"}),
        ("saw", {"page": "brand", "wave": "2024", "brand": "ondine"}),
    ]  # fmt: skip
    assert {e.person for e in Entry.objects.all()} == {site.people["client own"].pk}
    assert {(e.organisation, e.study) for e in Entry.objects.all()} == {(site.study.organisation_id, site.study.pk)}
    site.client("analyst").get(PAGE)
    assert len(told()) == 4


def test_a_page_is_written_down_again_on_another_day(site, monkeypatch):
    from datetime import date

    from django.utils import timezone

    site.client("client").get(PAGE)
    monkeypatch.setattr(timezone, "localdate", lambda: date(2100, 1, 1))
    site.client("client").get(PAGE)
    assert len(told()) == 2


def test_what_nobody_saw_is_not_written_down(site):
    site.client("tester").get(PAGE)
    site.client("client", own=False).get(PAGE)
    site.client("client").get(PAGE + "brands/no-such-brand")
    site.client("client").head(PAGE)
    site.client("analyst").get("/s/own/tiny/")  # leads elsewhere
    Release.objects.update(audience="public")
    assert site.client(None).get(PAGE).status_code == 200  # nobody in particular
    assert told() == []


def test_what_a_command_brings_in_and_runs_is_written_down_once(site, made_longer):
    for _ in range(2):  # the site is started twice
        (study,) = bring_in([made_longer[0]], lambda _: None)
        queue(study)
    assert study == site.study
    assert told() == [
        ("brought in", {"version": 2}), ("ran", {"run": study.runs.get().pk, "version": 2}),
    ]  # fmt: skip
    assert {e.person for e in Entry.objects.all()} == {None}


def changed(statement: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize(
    "statement",
    ["UPDATE vigie_entry SET person = NULL", "UPDATE vigie_entry SET detail = '{}' WHERE action = 'saw'",
     "DELETE FROM vigie_entry", "DELETE FROM vigie_entry WHERE person = 1"],
)  # fmt: skip
def test_the_database_changes_no_line(site, statement):
    note("saw", site.people["client own"])
    note("saw", None)
    with pytest.raises(DatabaseError, match="never changed"):
        changed(statement.replace("= 1", f"= {site.people['client own'].pk}"))
    assert Entry.objects.count() == 2


def test_the_database_changes_no_line_for_django_either(site):
    note("saw", site.people["client own"])
    for change in (lambda: Entry.objects.update(action="x"), lambda: Entry.objects.all().delete()):
        with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
            change()
    assert told() == [("saw", {})]


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no TRUNCATE")
def test_the_log_is_not_emptied(site):
    note("saw", site.people["client own"])
    with pytest.raises(DatabaseError, match="never changed"):
        changed("TRUNCATE vigie_entry")


def test_the_guard_is_set_again_as_often_as_one_likes(db):  # noqa: ARG001 - triggers are the database's
    guard("default")
    guard("default")


def test_no_model_has_changed_without_a_migration(db):  # noqa: ARG001 - looks at the history in the database
    call_command("makemigrations", "vigie", check=True, dry_run=True, verbosity=0)


def test_the_log_is_read_by_kind_and_in_the_reader_s_language(site):
    site.client("client").get(PAGE)
    note("published", site.people["analyst own"], study=site.study, wave="2024")
    note("exported", site.people["client own"], study=site.study, file="results.json")
    client = site.client("administrator")
    for kind, seen, unseen in (
        ("", ("a vu", "a publié", "a emporté"), ()), ("saw", ("a vu",), ("a publié", "a emporté")),
        ("exported", ("a emporté",), ("a vu", "a publié")), ("changed", ("a publié",), ("a vu", "a emporté")),
    ):  # fmt: skip
        text = client.get("/o/own/log", {"kind": kind}).content.decode()
        cells = [f"<td>{action}</td>" in text for action in seen]
        assert all(cells), kind
        assert not [action for action in unseen if f"<td>{action}</td>" in text], kind
    assert "<td>published</td>" in client.get("/o/own/log", headers={"Accept-Language": "en"}).content.decode()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("time", ["first", "second"])
def test_after_a_test_that_commits_the_log_is_empty_and_guarded_again(time):
    assert time
    assert not Entry.objects.exists()
    note("saw", None)
    with pytest.raises(DatabaseError, match="never changed"):
        Entry.objects.update(action="x")


def test_every_page_of_what_a_study_found_is_one_that_is_written_down():
    elsewhere = {Right.EXPORT, Right.EDIT, Right.RUN, Right.PUBLISH}  # told by what is done there
    assert {r.right for r in ROUTES if r.of_study} - elsewhere == set(SEEN)


SOURCE = Path(store.__file__).parent.parent


def calls() -> Iterator[tuple[str, set[str]]]:
    """What the code writes down: every action, and under which names its details."""
    for path in [*SOURCE.joinpath("web").rglob("*.py"), *SOURCE.joinpath("store").rglob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            match node:
                case ast.Call(ast.Name("saw"), _, given):
                    yield "saw", {k.arg for k in given if k.arg}
                case ast.Call(ast.Name("note" | "_noted"), args, given):
                    said = [a.value for a in args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
                    yield "".join(said), {k.arg for k in given if k.arg}


def test_all_that_is_written_down_has_words():
    found = list(calls())
    assert {"began", "changed", "made a token", "joined"} <= {action for action, _ in found}
    assert {action for action, _ in found} - set(ACTIONS) == {""}  # what is passed on
    seen = {name for r in ROUTES if r.right in SEEN for name in re.findall(r":(\w+)>", r.pattern)}
    details = set().union(*(named for _, named in found)) | seen | {"token"}  # by which a program came
    assert details - {"organisation", "study"} - set(DETAILS) == {"key"}  # of the address that leads to a kept table
    assert set(ACTIONS) - {action for action, _ in found} == set()


def test_every_page_that_is_written_down_has_a_name():
    pages = {r.name for r in ROUTES if r.right in SEEN} | {c.name for c in CALLS if c.right in SEEN}
    assert pages - set(PAGES) == {"view"}  # leads elsewhere


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_line_is_told_in_words(site, language):
    person, member = site.people["administrator own"], site.people["brand own"]
    told = Entry.objects.create
    told(action="made a token", person=person.pk, organisation=site.study.organisation_id,
         detail={"token": "vigie_abcdef", "scopes": ["read"]})  # fmt: skip
    note("published", person, study=site.study, wave="2024", release="f" * 64, to="readers")
    granted = {"role": "brand", "studies": ["tiny", "two"], "brand": "ondine"}
    note("changed a member", person, study=site.study, member=member.pk, **granted)
    note("changed a member", person, study=site.study, member=0, role="client", studies=[], brand="")
    note("exported", person, study=site.study, wave="2024", table="rows=sex&columns=age&columns=area&compare=columns")
    note("saw", person, study=site.study, page="standings", wave="2024")
    note("done before", person, study=site.study, unknown="x")
    page = site.client("administrator").get("/o/own/log", headers={"Accept-Language": language}).content.decode()
    cells = [html.unescape(c).replace("\u202f", " ").replace("\xa0", " ") for c in re.findall(r"<td>(.*?)</td>", page)]
    lines = [cells[n + 4] for n in range(0, len(cells), 5)][::-1]
    assert lines == {
        "en": ["token: vigie_abcdef… · it may: read figures, verbatims and files",
               f"wave: 2024 · release: {'f' * 8} · shown to: readers",
               "member: brand own · role: brand · studies: tiny, two · brand: ondine", "member: – · role: client",
               "wave: 2024 · table: sex × age, area", "page: Table of the ranking · wave: 2024", "unknown: x"],
        "fr": ["jeton : vigie_abcdef… · droits : lire les chiffres, les verbatims et les fichiers",
               f"vague : 2024 · résultats : {'f' * 8} · montrée à : ses lecteurs",
               "membre : brand own · rôle : marque · études : tiny, two · marque : ondine",
               "membre : – · rôle : client",
               "vague : 2024 · tableau : sex × age, area", "page : Tableau du classement · vague : 2024",
               "unknown : x"],
    }[language]  # fmt: skip


def test_the_log_says_what_somebody_sees_from_now_on(site):
    member = Membership.objects.get(person=site.people["client own"])
    given = {"do": "change", "member": member.pk, "role": "brand", "brand": "ondine", "studies": [site.study.pk]}
    site.client("administrator").post("/o/own/people", given)
    told_now = {"member": member.person_id, "role": "brand", "studies": ["tiny"], "brand": "ondine"}
    assert told() == [("changed a member", told_now)]


def test_a_table_that_is_kept_is_written_down(site):
    given = {"rows": "sex", "name": "By sex", "columns": "age"}
    site.client("analyst").post(PAGE + "explore/", given)
    asked = "rows=sex&columns=age&compare=columns&source=survey"
    assert told() == [("kept a table", {"wave": "2024", "table": asked, "name": "By sex"})]
