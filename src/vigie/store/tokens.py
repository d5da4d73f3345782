"""Personal tokens of the API: shown once, kept as a hash, and worth no more than the scopes they were given."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime

from django.db import models
from django.utils import timezone

from vigie.store.people import User

PREFIX = "vigie_"
SCOPES = ("read", "explore", "run", "publish")


class Token(models.Model):
    """A key of one person to the API."""

    person = models.ForeignKey(User, models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=80)
    start = models.CharField(max_length=12)  # the first letters, to tell tokens apart
    hash = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)
    created = models.DateTimeField(auto_now_add=True)
    expires = models.DateTimeField(null=True)
    used = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.name} ({self.start}…)"


def issue(person: User, name: str, scopes: Sequence[str], expires: datetime | None = None) -> tuple[Token, str]:
    """A new token and its secret, which nobody can read again."""
    secret = PREFIX + secrets.token_urlsafe(32)
    listed = [scope for scope in SCOPES if scope in scopes]
    token = Token.objects.create(
        person=person, name=name, start=secret[:12], hash=_hash(secret), scopes=listed, expires=expires
    )
    return token, secret


def of(secret: str) -> Token | None:
    """The token of a secret, if it is still good."""
    token = Token.objects.select_related("person").filter(hash=_hash(secret)).first()
    if token is None or not token.person.is_active:
        return None
    now = timezone.now()
    if token.expires is not None and token.expires <= now:
        return None
    if token.used is None or (now - token.used).total_seconds() > 60:  # not a write for every request
        Token.objects.filter(pk=token.pk).update(used=now)
    return token


def _hash(secret: str) -> str:
    """Secrets are long and random: a plain hash cannot be guessed back."""
    return hashlib.sha256(secret.encode()).hexdigest()
