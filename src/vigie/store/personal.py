"""What the site knows of a person: all of it to take away, and to erase.

Both follow the references of the database, so that whatever is added to the site is told, and goes, as well.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from allauth.usersessions.models import UserSession
from django.apps import apps
from django.contrib.sessions.models import Session
from django.db import models, transaction

from vigie.store.audit import note
from vigie.store.models import Entry, Grant, Invitation, Membership, Organisation, User
from vigie.store.organisations import Role

# what opens an account, and is nobody's to read: not even whoever it belongs to
SECRET = {"password", "hash", "key", "data", "session_key", "token", "token_secret", "secret"}


def known(person: User) -> dict[str, Any]:
    """Everything about a person: the account, what refers to it, and the lines of the log by or about them."""
    grants = Grant.objects.filter(membership__person=person).select_related("study").order_by("pk")
    entries = Entry.objects.filter(models.Q(person=person.pk) | models.Q(detail__member=person.pk)).order_by("pk")
    return {
        "account": _told(person),
        **{name: [_told(row) for row in rows] for name, rows in _referring(person)},
        "invitations": [_told(i) for i in Invitation.objects.filter(email=person.email).order_by("pk")],
        "grants": [_told(g) for g in grants],
        "log": [{"by": "yourself" if e.person == person.pk else "another", **_line(e)} for e in entries],
    }


def _line(entry: Entry) -> dict[str, Any]:
    return {"at": entry.at, "action": entry.action, "study": entry.study, "detail": entry.detail}


def _referring(person: User) -> Iterator[tuple[str, models.QuerySet[Any]]]:
    """The rows of every table that name the person, by table and reference."""
    for model in apps.get_models():
        for field in model._meta.concrete_fields:  # noqa: SLF001 - Django's own way
            if field.related_model is User:
                name = f"{model._meta.label_lower}.{field.name}"  # noqa: SLF001
                yield name, model._base_manager.filter(**{field.name: person}).order_by("pk")  # noqa: SLF001


def _told(row: models.Model) -> dict[str, Any]:
    """A row without secrets; what it refers to by name."""
    told = {}
    for field in row._meta.concrete_fields:  # noqa: SLF001
        if field.name not in SECRET:
            told[field.name] = str(getattr(row, field.name)) if field.is_relation else field.value_from_object(row)
    return told


def alone(person: User) -> list[Organisation]:
    """The organisations that nobody else administers."""
    own = Membership.objects.filter(person=person, role=Role.ADMINISTRATOR).select_related("organisation")
    others = Membership.objects.filter(role=Role.ADMINISTRATOR).exclude(person=person).values("organisation")
    return [m.organisation for m in own.exclude(organisation__in=others)]


def erase(person: User) -> None:
    """Remove a person with all that is theirs alone; what they brought in, ran or kept stays, and is nobody's.

    The log keeps their number, which nobody else gets. Raises `ValueError` for who administers an organisation alone.
    """
    theirs = Organisation.objects.filter(memberships__person=person).order_by("pk")
    with transaction.atomic():
        list(theirs.select_for_update(of=("self",)))  # the last two who administer one and leave at once take turns
        if alone(person):
            raise ValueError("an organisation would have no administrator")
        for member in person.memberships.select_related("organisation"):
            note("erased their account", person, organisation=member.organisation)
        Session.objects.filter(session_key__in=UserSession.objects.filter(user=person).values("session_key")).delete()
        Invitation.objects.filter(email=person.email).delete()
        person.delete()
