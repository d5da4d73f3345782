"""The log: who saw, changed and took away what; once a day for what is seen again, and nobody changes a line of it."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from vigie.store.append_only import guard
from vigie.store.audit import note
from vigie.store.models import Entry, Release
from vigie.web.access import Right
from vigie.web.routes import SEEN
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
