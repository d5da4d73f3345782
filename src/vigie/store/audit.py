"""Who saw, changed and exported what: entries are added, and never changed or removed.

The database itself refuses to change them (`append_only.py`). An entry names a person by number alone, so that erasing
an account leaves the log whole and nameless.
"""

from __future__ import annotations

import hashlib
from typing import Any

from django.db import models
from django.utils import timezone

from vigie.store.organisations import Organisation
from vigie.store.people import User
from vigie.store.studies import Study


class Entry(models.Model):
    """One thing that somebody did."""

    at = models.DateTimeField(auto_now_add=True, db_index=True)
    person = models.BigIntegerField(null=True, db_index=True)  # no foreign key: it outlives the account
    organisation = models.BigIntegerField(null=True, db_index=True)
    study = models.BigIntegerField(null=True, db_index=True)
    action = models.CharField(max_length=40, db_index=True)
    detail = models.JSONField(default=dict)
    once = models.CharField(max_length=64, null=True, unique=True)  # noqa: DJ001 - of what is told once a day only

    class Meta:
        verbose_name_plural = "entries"

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.person} {self.action}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            raise TypeError("what was written down stays as it is")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Any:  # noqa: ARG002 - as every model
        raise TypeError("what was written down stays")


def note(
    action: str, person: User | None, *, organisation: Organisation | None = None, study: Study | None = None,
    **detail: Any,
) -> Entry:  # fmt: skip
    """Write down that somebody did something."""
    of = study.organisation_id if study is not None else organisation.pk if organisation is not None else None
    return Entry.objects.create(
        action=action, person=None if person is None else person.pk, organisation=of,
        study=None if study is None else study.pk, detail=detail,
    )  # fmt: skip


def saw(person: User, study: Study, **detail: str) -> None:
    """Write down that somebody saw a page of a study: once a day, however often they come back to it."""
    told = "\0".join(f"{name}={value}" for name, value in sorted(detail.items()))
    once = hashlib.sha256(f"{timezone.localdate()}\0{person.pk}\0{study.pk}\0{told}".encode()).hexdigest()
    if Entry.objects.filter(once=once).exists():
        return
    entry = Entry(
        action="saw", person=person.pk, organisation=study.organisation_id, study=study.pk, detail=detail, once=once
    )
    Entry.objects.bulk_create([entry], ignore_conflicts=True)  # another page of theirs may be quicker
