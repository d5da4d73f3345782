"""The room as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class Store(AppConfig):
    """What the site remembers."""

    name = "vigie.store"
    label = "vigie"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from vigie.store.append_only import guard

        post_migrate.connect(guard, sender=self)
