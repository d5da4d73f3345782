"""The language of a page: as the person asked for, else as the browser prefers, else French."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import translation

from vigie.language import LANGUAGES

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
    preferred = request.headers.get("Accept-Language", "")
    for part in preferred.split(","):
        code = part.partition(";")[0].strip().lower()[:2]
        if code in LANGUAGES:
            return code
    return LANGUAGES[0]
