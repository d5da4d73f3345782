"""Personal tokens of the API: shown once, kept as a hash, and worth no more than the scopes they were given.

A token acts for the person who made it: what it opens is what they may do at that moment, cut down to its scopes.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import models
from django.utils import timezone

from vigie.store.people import User

PREFIX = "vigie_"  # by which a secret that was left somewhere is recognised
SHOWN = 12  # characters of a secret that are kept readable
MINUTE = 60  # seconds between two notes of its use: not a write for every request


class Scope(models.TextChoices):
    """What a token may be used for."""

    READ = "read"
    EXPLORE = "explore"
    RUN = "run"
    PUBLISH = "publish"


class Token(models.Model):
    """A key of one person to the API."""

    person = models.ForeignKey(User, models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=80)
    start = models.CharField(max_length=SHOWN)  # to tell tokens apart
    hash = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)
    created = models.DateTimeField(auto_now_add=True)
    expires = models.DateTimeField()
    used = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.name} ({self.start}…)"

    @property
    def good(self) -> bool:
        """Whether it still opens anything."""
        return self.expires > timezone.now() and self.person.is_active


def issue(person: User, name: str, scopes: Iterable[str], days: int) -> tuple[Token, str]:
    """A new token and its secret, which nobody can read again."""
    secret = PREFIX + secrets.token_urlsafe(32)
    wanted, until = set(scopes), timezone.now() + timedelta(days=days)
    token = Token.objects.create(
        person=person, name=name, start=secret[:SHOWN], hash=_hash(secret), expires=until,
        scopes=[scope.value for scope in Scope if scope in wanted],
    )  # fmt: skip
    return token, secret


def token_of(secret: str) -> Token | None:
    """The token of a secret, while it is good."""
    token = Token.objects.select_related("person").filter(hash=_hash(secret)).first()
    if token is None or not token.good:
        return None
    now = timezone.now()
    if _stale(token.used, now):
        Token.objects.filter(pk=token.pk).update(used=now)
    return token


def _stale(used: datetime | None, now: datetime) -> bool:
    return used is None or (now - used).total_seconds() > MINUTE


def _hash(secret: str) -> str:
    """Secrets are long and random: a plain hash cannot be guessed back."""
    return hashlib.sha256(secret.encode()).hexdigest()
