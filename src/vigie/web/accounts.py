"""Sign-in as the site wants it: nobody signs up uninvited, and single sign-on is for people who are known."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation

from vigie.store.people import User
from vigie.web.frame import words_of
from vigie.web.mail import sent


class Invited(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are made by invitations alone."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 - as the base class has it
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """In the language of who gets it; where no server takes it, the page says nothing else than where one does."""
        person = context.get("user")
        with translation.override((isinstance(person, User) and person.language) or translation.get_language()):
            sent(lambda: super(Invited, self).send_mail(template_prefix, email, context))


class Known(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Single sign-on lets in whoever has an account here under the address that it vouches for."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:  # noqa: ARG002
        return False


def answered(answer: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Says so where the single sign-on does not answer, or not what was agreed."""

    def answering(request: HttpRequest) -> HttpResponse:
        return answer(request)

    def process_exception(request: HttpRequest, error: Exception) -> HttpResponse | None:
        from requests import RequestException

        if not isinstance(error, RequestException):
            return None
        words = words_of(request)
        title = words.gettext("The single sign-on does not answer")
        what = words.gettext("Try again in a while, or sign in with your password.")
        return render(request, "said.html", {"title": title, "what": what}, status=502)

    answering.process_exception = process_exception  # type: ignore[attr-defined] # where Django looks for it
    return answering
