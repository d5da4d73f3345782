"""Who belongs to an organisation: invited by link, changed, taken out; administrators alone decide, and one stays."""

from __future__ import annotations

import dataclasses
import re
from smtplib import SMTPRecipientsRefused
from types import SimpleNamespace

import pytest
from allauth.usersessions.models import UserSession
from django.core.mail import EmailMessage
from django.test import Client
from django.utils import timezone

from vigie.store.models import Entry, Grant, Invitation, Membership, Study, User
from vigie.store.organisations import Role
from vigie.web import library
from vigie.web.settings import SITE

PEOPLE = "/o/own/people"
PASSWORD = "a long sentence 42"


def invited(site, email: str = "new@own.example", role: str = "client", **further) -> str:
    """The link by which somebody joins."""
    given = {"do": "invite", "email": email, "role": role, "studies": [site.study.pk]} | further
    page = site.client("administrator").post(PEOPLE, given)
    return re.search(r"http://testserver(/invitation/[\w-]+)", page.content.decode()).group(1)


def joined(link: str, name: str = "Noor") -> Client:
    client = Client()
    client.post(link, {"name": name, "password": PASSWORD, "again": PASSWORD})
    return client


def test_an_invitation_makes_a_member_who_sees_what_was_granted(site):
    client = joined(invited(site))
    assert Membership.objects.get(person__email="new@own.example").role == "client"
    assert client.get("/s/own/tiny/2024/").status_code == 200
    assert client.get("/s/other/tiny/2024/").status_code == 404
    assert client.get("/s/own/tiny/-/runs").status_code == 403
    assert UserSession.objects.get(user__email="new@own.example").session_key == client.session.session_key
    assert Entry.objects.filter(action="joined", organisation=site.study.organisation.pk).count() == 1


def test_somebody_who_has_an_account_joins_and_it_is_written_down(site):
    person = site.people["client other"]
    link = invited(site, person.email)
    client = site.client("client", own=False)
    client.post(link)
    assert Membership.objects.filter(person=person, organisation=site.study.organisation).exists()
    assert Entry.objects.filter(action="joined", organisation=site.study.organisation.pk, person=person.pk).count() == 1


def test_a_link_is_good_once(site):
    link = invited(site)
    joined(link)
    assert Client().get(link).status_code == 404
    assert Client().get("/invitation/guessed").status_code == 404


def test_inviting_again_ends_the_first_link(site):
    first, second = invited(site), invited(site)
    assert Client().get(first).status_code == 404
    assert Client().get(second).status_code == 200


@pytest.mark.parametrize(
    "given",
    [{"password": "short", "again": "short"}, {"password": PASSWORD, "again": "another sentence"},
     {"password": "new@own.example", "again": "new@own.example"}, {"name": ""}],
)  # fmt: skip
def test_a_bad_password_or_no_name_makes_nobody(site, given):
    link = invited(site)
    said = Client().post(link, {"name": "Noor", "password": PASSWORD, "again": PASSWORD} | given)
    assert said.status_code == 200
    assert not User.objects.filter(email="new@own.example").exists()


@pytest.mark.parametrize("role", [r for r in Role if r != Role.ADMINISTRATOR])
def test_administrators_alone_see_people_and_the_log(site, role):
    for page in (PEOPLE, "/o/own/log"):
        assert site.client(role).get(page).status_code == 403
        assert site.client("administrator", own=False).get(page).status_code == 404
        assert site.client("administrator").get(page).status_code == 200


def test_a_study_of_another_organisation_cannot_be_granted(site):
    client = joined(invited(site, studies=[site.other.pk]))
    assert client.get("/s/other/tiny/2024/").status_code == 404


def test_the_last_administrator_stays(site):
    member = Membership.objects.get(person=site.people["administrator own"])
    for given in ({"do": "change", "role": "client"}, {"do": "remove"}):
        said = site.client("administrator").post(PEOPLE, given | {"member": member.pk})
        assert said.status_code == 400
    assert Membership.objects.get(pk=member.pk).role == "administrator"


def test_somebody_is_changed_and_taken_out_and_it_is_written_down(site):
    member = Membership.objects.get(person=site.people["client own"])
    site.client("administrator").post(PEOPLE, {"do": "change", "member": member.pk, "role": "client"})
    assert site.client("client").get("/s/own/tiny/2024/").status_code == 404  # no study is ticked any more
    site.client("administrator").post(PEOPLE, {"do": "remove", "member": member.pk})
    assert not Membership.objects.filter(pk=member.pk).exists()
    assert list(Entry.objects.order_by("pk").values_list("action", flat=True)) == [
        "changed a member",
        "took out a member",
    ]
    page = site.client("administrator").get("/o/own/log").content.decode()
    assert "a exclu un membre" in page


def test_a_member_of_another_organisation_is_out_of_reach(site):
    theirs = Membership.objects.get(person=site.people["client other"])
    said = site.client("administrator").post(PEOPLE, {"do": "remove", "member": theirs.pk})
    assert said.status_code == 404
    assert Membership.objects.filter(pk=theirs.pk).exists()


def test_a_brand_s_reader_is_invited_with_a_brand_of_the_study(site):
    asked = {"do": "invite", "email": "b@own.example", "role": "brand", "studies": [site.study.pk]}
    for brand in ("", "nobody", "<b>"):
        said = site.client("administrator").post(PEOPLE, asked | {"brand": brand})
        assert said.status_code == 400
        assert "b@own.example" in said.content.decode()  # what was typed stays
        assert "<b>" not in said.content.decode()
    joined(invited(site, "b@own.example", "brand", brand="ondine"))
    grant = Membership.objects.get(person__email="b@own.example").grants.get()
    assert (grant.study, grant.brand) == (site.study, "ondine")


BRAND = {"role": "brand", "brand": "ondine"}


def changed(site, who: str, **given):
    """Somebody of that role, as the administrator makes them anew."""
    member = Membership.objects.get(person=site.people[f"{who} own"])
    asked = {"do": "change", "member": member.pk, "studies": [site.study.pk]} | given
    return site.client("administrator").post(PEOPLE, asked)


def grants(site, role: str) -> list[tuple[str, str]]:
    member = Membership.objects.get(person=site.people[f"{role} own"])
    return sorted((g.study.slug, g.brand) for g in member.grants.all())


def test_who_becomes_a_brand_s_reader_gets_a_brand_of_the_study(site):
    for brand in ("", "nobody", "<b>"):
        said = changed(site, "client", role="brand", brand=brand)
        assert said.status_code == 400
        page = said.content.decode()
        assert "<details open>" in page  # where the mistake is mended
        assert "<b>" not in page
    assert Membership.objects.get(person=site.people["client own"]).role == "client"
    assert changed(site, "client", **BRAND).status_code == 302
    assert grants(site, "client") == [("tiny", "ondine")]
    page = site.client("administrator").get(PEOPLE).content.decode()
    assert page.count('value="ondine"') == 2  # of both readers, each in the form that changes them


def test_a_second_study_of_a_brand_s_reader_is_of_their_brand_too(site):
    second = Study.objects.create(organisation=site.study.organisation, slug="second")
    assert changed(site, "brand", studies=[site.study.pk, second.pk], **BRAND).status_code == 302
    assert grants(site, "brand") == [("second", "ondine"), ("tiny", "ondine")]
    changed(site, "brand", role="client", brand="ondine")
    assert grants(site, "brand") == [("tiny", "")]


def test_a_brand_whose_code_is_long_is_kept_whole(site, monkeypatch):
    code = "é" * 100
    found = library.study_of(site.study.version)
    known = dataclasses.replace(found.brands[0], brand=code)
    longer = SimpleNamespace(brands=[known])
    monkeypatch.setattr(library, "study_of", lambda _: longer)
    joined(invited(site, "b@own.example", "brand", brand=code))
    assert Membership.objects.get(person__email="b@own.example").grants.get().brand == code
    assert Grant._meta.get_field("brand").max_length == 100


@pytest.mark.parametrize("email", ["", "nobody", f"{'a' * 64}@{'b' * 60}.{'c' * 60}.{'d' * 60}.example"])
def test_what_is_no_address_is_not_invited(site, email):
    asked = {"do": "invite", "email": email, "role": "client"}
    assert site.client("administrator").post(PEOPLE, asked).status_code == 400
    assert not Invitation.objects.exists()


@pytest.mark.parametrize("error", [SMTPRecipientsRefused({}), ConnectionRefusedError(111, "Connection refused")])
def test_an_invitation_that_no_mail_carries_is_handed_over(site, monkeypatch, caplog, error):
    def refused(self, fail_silently=False):  # noqa: ARG001 - as Django has it
        raise error

    monkeypatch.setattr(EmailMessage, "send", refused)
    monkeypatch.setattr("vigie.web.pages.organisation.SITE", dataclasses.replace(SITE, mail="smtp://mail.example"))
    link = invited(site)
    assert Client().get(link).status_code == 200
    assert "could not be sent" in caplog.text
    asked = {"do": "invite", "email": "new@own.example", "role": "client"}
    page = site.client("administrator").post(PEOPLE, asked).content.decode()
    assert "Le courriel n’a pas pu être envoyé" in page


def test_an_invitation_that_is_over_is_not_listed_and_inviting_again_replaces_it(site):
    invited(site)
    invited(site, role="analyst")
    page = site.client("administrator").get(PEOPLE).content.decode()
    assert page.count("<strong>new@own.example</strong>") == 1
    Invitation.objects.update(expires=timezone.now())
    assert "new@own.example" not in site.client("administrator").get(PEOPLE).content.decode()


def test_an_invitation_is_withdrawn_by_the_organisation_that_made_it(site):
    link = invited(site)
    asked = {"do": "uninvite", "invitation": Invitation.objects.get().pk}
    assert 'value="uninvite"' in site.client("administrator").get(PEOPLE).content.decode()
    theirs = site.client("administrator", own=False).post("/o/other/people", asked)
    assert theirs.status_code == 404
    assert Client().get(link).status_code == 200
    assert site.client("administrator").post(PEOPLE, asked).status_code == 302
    assert Client().get(link).status_code == 404
    assert not Invitation.objects.exists()
    assert Entry.objects.order_by("pk").last().action == "withdrew an invitation"
    assert site.client("administrator").post(PEOPLE, asked).status_code == 404  # once is enough
    taken = invited(site)
    joined(taken)
    asked["invitation"] = Invitation.objects.get().pk
    assert site.client("administrator").post(PEOPLE, asked).status_code == 404
