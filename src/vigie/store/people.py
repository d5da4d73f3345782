"""Who signs in: a person is an e-mail address; what they may do hangs on their memberships."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models, transaction


class People(BaseUserManager["User"]):
    """Makes people; addresses are compared without capitals."""

    def create_user(self, email: str, password: str | None = None, **further: Any) -> User:
        """A person who can sign in, with a password or, without one, only by an invitation or single sign-on.

        The address counts as theirs: an invitation reached it. Where it did not, the first single sign-on would take
        the password away, as from whoever had made an account for somebody else's address.
        """
        from allauth.account.models import EmailAddress  # which refers to this model

        person = self.model(email=tidy(email), **further)
        person.set_password(password)
        with transaction.atomic():
            person.save(using=self._db)
            EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
        return person


class User(AbstractBaseUser):
    """A person."""

    email = models.EmailField(unique=True, max_length=254)
    name = models.CharField(max_length=120, blank=True)
    language = models.CharField(max_length=2, choices=[("fr", "Français"), ("en", "English")], blank=True)
    is_active = models.BooleanField(default=True)
    joined = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    is_staff = False  # Django's own administration is not installed
    objects = People()

    class Meta:
        db_table = "vigie_user"

    def __str__(self) -> str:
        return self.name or self.email

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.email = tidy(self.email)
        super().save(*args, **kwargs)


def tidy(email: str) -> str:
    """An address as it is kept: one person does not become two by a capital."""
    return email.strip().lower()
