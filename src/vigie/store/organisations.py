"""Organisations, who belongs to them in which role, and which studies and brands are shown to whom."""

from __future__ import annotations

from django.db import models

from vigie.store.people import User


class Organisation(models.Model):
    """A consultancy or a company: studies, people and what these see are its own."""

    slug = models.SlugField(unique=True, max_length=60)
    name = models.CharField(max_length=120)
    created = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name


class Role(models.TextChoices):
    """What somebody is in an organisation."""

    ADMINISTRATOR = "administrator"
    ANALYST = "analyst"
    CONTROLLER = "controller"
    CODER = "coder"
    TESTER = "tester"
    CLIENT = "client"  # who pays for studies, and sees all brands of what is published
    BRAND = "brand"  # who reads about their own brand


class Membership(models.Model):
    """A person in an organisation, in one role."""

    person = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=16, choices=Role.choices)
    since = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint("person", "organisation", name="one_role_in_an_organisation")]

    def __str__(self) -> str:
        return f"{self.person}, {self.role}, {self.organisation}"


class Grant(models.Model):
    """A study that a member sees, and of whose brands those of a brand's reader are their own.

    Administrators and analysts see every study of their organisation and need no grant.
    """

    membership = models.ForeignKey(Membership, models.CASCADE, related_name="grants")
    study = models.ForeignKey("vigie.Study", models.CASCADE, related_name="grants")
    brand = models.CharField(max_length=100, blank=True)  # of a brand's reader

    class Meta:
        constraints = [models.UniqueConstraint("membership", "study", "brand", name="one_grant")]

    def __str__(self) -> str:
        return f"{self.membership}: {self.study} {self.brand}".strip()
