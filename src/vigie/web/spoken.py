"""The language of a page: as the browser was told, else as the person chose elsewhere, else as the browser prefers.

Where nothing is known, it is French.
"""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.middleware import get_user
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from vigie.language import LANGUAGES
from vigie.store.people import User

COOKIE = "vigie_language"


def spoken(answer: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Lets Django and Vigie speak one language, told to the browser too."""

    def speaking(request: HttpRequest) -> HttpResponse:
        language = language_of(request)
        request.LANGUAGE_CODE = language
        with translation.override(language):
            response = answer(request)
        response.headers.setdefault("Content-Language", language)
        return response

    return speaking


def language_of(request: HttpRequest) -> str:
    """One of `LANGUAGES`."""
    chosen = request.COOKIES.get(COOKIE, "")
    if chosen in LANGUAGES:
        return chosen
    if settings.SESSION_COOKIE_NAME in request.COOKIES:  # nobody else is anybody: no look at the database
        person = get_user(request)
        if isinstance(person, User) and person.language in LANGUAGES:
            return person.language
    preferred = request.headers.get("Accept-Language", "")
    for part in preferred.split(","):
        code = part.partition(";")[0].strip().lower()[:2]
        if code in LANGUAGES:
            return code
    return LANGUAGES[0]
