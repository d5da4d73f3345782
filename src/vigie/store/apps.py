"""The room as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class Store(AppConfig):
    """What the site remembers."""

    name = "vigie.store"
    label = "vigie"
    default_auto_field = "django.db.models.BigAutoField"
