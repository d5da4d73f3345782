"""Invitations: a link that makes somebody a member, once, for a week."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from datetime import timedelta

from django.db import models, transaction
from django.utils import timezone

from vigie.store.organisations import Grant, Membership, Organisation, Role
from vigie.store.people import User, tidy
from vigie.store.studies import Study

DAYS = 7


class Invitation(models.Model):
    """A place in an organisation that waits for somebody."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="invitations")
    role = models.CharField(max_length=16, choices=Role.choices)
    email = models.EmailField(blank=True)  # empty for the first administrator of a site, who is asked for it
    grants = models.JSONField(default=list)  # of [study, brand]
    hash = models.CharField(max_length=64, unique=True)
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    expires = models.DateTimeField()
    taken = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.email or '…'}, {self.role}, {self.organisation}"


def invite(
    organisation: Organisation, role: Role, email: str, by: User | None = None,
    grants: Iterable[tuple[Study, str]] = (),
) -> tuple[Invitation, str]:  # fmt: skip
    """A new invitation and the key of its link, which nobody can read again, in place of an earlier one."""
    key = secrets.token_urlsafe(24)
    with transaction.atomic():
        Invitation.objects.filter(organisation=organisation, email=tidy(email), taken__isnull=True).delete()
        made = Invitation.objects.create(
            organisation=organisation, role=role, email=tidy(email), hash=_hash(key), by=by,
            grants=[[study.pk, brand] for study, brand in grants], expires=timezone.now() + timedelta(days=DAYS),
        )  # fmt: skip
    return made, key


def waiting(organisation: Organisation) -> models.QuerySet[Invitation]:
    """The invitations that somebody may still take, but for that of a site's first administrator."""
    return organisation.invitations.filter(taken__isnull=True, expires__gt=timezone.now()).exclude(email="")


def invited(key: str) -> Invitation | None:
    """The invitation of a link, while it is good."""
    return (
        Invitation.objects.select_related("organisation")
        .filter(hash=_hash(key), taken__isnull=True, expires__gt=timezone.now())
        .first()
    )


def accept(invitation: Invitation, person: User) -> Membership:
    """Make somebody the member that the invitation says; once."""
    with transaction.atomic():
        taken = Invitation.objects.filter(pk=invitation.pk, taken__isnull=True).update(taken=timezone.now())
        if not taken:
            raise ValueError("the invitation has been taken")
        member, _ = Membership.objects.update_or_create(
            person=person, organisation=invitation.organisation, defaults={"role": invitation.role}
        )
        for study, brand in invitation.grants:
            if Study.objects.filter(pk=study, organisation=invitation.organisation).exists():
                Grant.objects.get_or_create(membership=member, study_id=study, brand=brand)
    return member


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
