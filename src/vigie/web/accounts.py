"""Sign-in as the site wants it: nobody signs up uninvited, and single sign-on is for people who are known."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.http import HttpRequest


class Invited(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are made by invitations alone."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 - as the base class has it
        return False


class Known(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Single sign-on lets in whoever has an account here under the address that it vouches for."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:  # noqa: ARG002
        return False
