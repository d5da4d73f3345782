"""All that the site remembers, where Django looks for it; each part has a file of its own."""

from __future__ import annotations

from vigie.store.audit import Entry
from vigie.store.invitations import Invitation
from vigie.store.organisations import Grant, Membership, Organisation
from vigie.store.people import User
from vigie.store.runs import Run
from vigie.store.studies import Release, Study, Version, View
from vigie.store.tokens import Token

__all__ = [
    "Entry", "Grant", "Invitation", "Membership", "Organisation", "Release", "Run", "Study", "Token", "User",
    "Version", "View",
]  # fmt: skip
