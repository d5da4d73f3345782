"""The room as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class Web(AppConfig):
    """Pages, sign-in and the API."""

    name = "vigie.web"
    label = "web"
