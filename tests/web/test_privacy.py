"""One's own data: all of it to take away and no secret in it; erased, a person is gone and the log keeps a number."""

from __future__ import annotations

import threading
from contextlib import suppress

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client

from vigie.store.audit import note
from vigie.store.invitations import invite
from vigie.store.models import Entry, Invitation, Membership, Organisation, Run, User, View
from vigie.store.organisations import Role
from vigie.store.personal import alone, erase, known

PASSWORD = "a long sentence 42"
DATA, ERASE = "/account/data", "/account/erase"


@pytest.fixture
def person(site):
    """A client who has used the site in every way."""
    found = site.people["client own"]
    found.set_password(PASSWORD)
    found.save()
    study = site.study
    View.objects.create(study=study, name="Kept", request={}, by=found)
    Run.objects.create(study=study, version=study.version, by=found)
    invite(study.organisation, Role.CLIENT, "guest@own.example", found)
    Authenticator.objects.create(user=found, type="totp", data={"secret": "totp-secret"})
    return found


def entered(person: User) -> Client:
    client = Client()
    assert client.post("/accounts/login/", {"login": person.email, "password": PASSWORD}).status_code == 302
    return client


def asked_again(client: Client) -> None:
    """The password, once more."""
    said = client.get(ERASE)
    assert said.status_code == 302
    assert "/reauthenticate/" in said["Location"]
    assert client.post(said["Location"], {"password": "wrong"}).status_code == 200
    assert client.get(ERASE).status_code == 302
    said = client.post(said["Location"], {"password": PASSWORD})
    assert said["Location"] == ERASE


def test_all_that_is_known_is_told_and_no_secret(site, person):
    client = site.client("client")
    client.get("/s/own/tiny/2024/")
    told = client.get(DATA)
    assert "attachment" in told["Content-Disposition"]
    found = told.json()
    assert found["account"]["email"] == person.email
    assert [m["role"] for m in found["vigie.membership.person"]] == ["client"]
    assert [v["name"] for v in found["vigie.view.by"]] == ["Kept"]
    assert len(found["vigie.run.by"]) == len(found["vigie.invitation.by"]) == 1
    assert found["grants"]
    assert [e["action"] for e in found["log"]] == ["saw", "took their data"]
    person.refresh_from_db()
    secrets = [person.password, Invitation.objects.get().hash, View.objects.get().key, "totp-secret"]
    secrets += [s.session_key for s in Session.objects.all()]
    assert not [s for s in secrets if s in told.content.decode()]


def test_nobody_s_data_are_another_s(site, person):
    text = site.client("analyst").get(DATA).content.decode()
    assert person.email not in text
    assert Client().get(DATA).status_code == 302


def test_whatever_refers_to_a_person_is_told(site):
    fields = [f for f in User._meta.get_fields(include_hidden=True) if f.auto_created and not f.concrete]
    related = {f"{f.related_model._meta.label_lower}.{f.field.name}" for f in fields}
    assert {"vigie.run.by", "vigie.membership.person"} < related
    assert related <= set(known(site.people["client own"]))


def test_an_erased_person_is_gone_and_what_they_did_stays_without_a_name(site, person):
    Authenticator.objects.filter(user=person).delete()  # whose code these tests cannot give
    client = entered(person)
    other = entered(person)
    number = person.pk
    client.get("/s/own/tiny/2024/")
    asked_again(client)
    page = client.get(ERASE)
    assert page.status_code == 200
    assert person.email in page.content.decode()
    assert client.post(ERASE, {"email": "somebody@else.example"}).status_code == 400
    assert User.objects.filter(pk=number).exists()
    said = client.post(ERASE, {"email": person.email.upper()}, follow=True)
    assert "Votre compte est effacé." in said.content.decode()
    assert not User.objects.filter(pk=number).exists()
    assert not UserSession.objects.filter(user_id=number).exists()
    for browser in (client, other):
        assert browser.get("/account").status_code == 302
    assert {v.by for v in View.objects.all()} == {r.by for r in Run.objects.all()} == {None}
    entries = Entry.objects.filter(person=number)
    assert [e.action for e in entries.order_by("pk")] == ["saw", "erased their account"]
    log = site.client("administrator").get("/o/own/log").content.decode()
    assert "a effacé son compte" in log
    assert person.email not in log
    assert person.name not in log
    assert Client().post("/accounts/login/", {"login": person.email, "password": PASSWORD}).status_code == 200


def test_who_administers_an_organisation_alone_names_somebody_first(site):
    person = site.people["administrator own"]
    person.set_password(PASSWORD)
    person.save()
    client = entered(person)
    asked_again(client)
    page = client.get(ERASE).content.decode()
    assert 'name="email"' not in page
    assert "/o/own/people" in page
    assert client.post(ERASE, {"email": person.email}).status_code == 200
    assert User.objects.filter(pk=person.pk).exists()
    with pytest.raises(ValueError, match="no administrator"):
        erase(person)
    Membership.objects.filter(person=site.people["analyst own"]).update(role=Role.ADMINISTRATOR)
    assert alone(person) == []
    client.post(ERASE, {"email": person.email})
    assert not User.objects.filter(pk=person.pk).exists()


def test_nobody_gets_the_number_of_somebody_who_was_erased(site):
    assert site
    last = User.objects.create_user("last@own.example")
    number = last.pk
    erase(last)
    assert User.objects.create_user("new@own.example").pk > number


def test_what_others_did_to_somebody_is_theirs_to_know(site, person):
    note("changed a member", site.people["administrator own"], organisation=site.study.organisation,
         member=person.pk, role="client", studies=["tiny"], brand="")  # fmt: skip
    note("saw", site.people["analyst own"], study=site.study, page="overview")
    note("saw", person, study=site.study, page="overview")
    lines = known(person)["log"]
    assert [(e["action"], e["by"]) for e in lines] == [("changed a member", "another"), ("saw", "yourself")]
    assert site.people["administrator own"].email not in str(lines)


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite writes one at a time")
def test_of_two_last_administrators_who_leave_at_once_one_stays(monkeypatch):
    home = Organisation.objects.create(slug="own", name="Own")
    people = [User.objects.create_user(f"{n}@own.example") for n in "ab"]
    for person in people:
        Membership.objects.create(person=person, organisation=home, role=Role.ADMINISTRATOR)
    both, failed = threading.Barrier(2), []

    def looked(person: User) -> list[Organisation]:
        """Nobody is alone yet, as both see it who may look at the same time."""
        found = alone(person)
        with suppress(threading.BrokenBarrierError):
            both.wait(timeout=1)
        return found

    def leave(person: User) -> None:
        try:
            erase(person)
        except ValueError as error:
            failed.append(error)
        finally:
            connection.close()

    monkeypatch.setattr("vigie.store.personal.alone", looked)
    threads = [threading.Thread(target=leave, args=[person]) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(failed) == 1
    assert Membership.objects.filter(organisation=home, role=Role.ADMINISTRATOR).count() == 1
