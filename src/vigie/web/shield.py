"""What every answer tells a browser: take nothing from elsewhere, run no script that stands in the page.

And what is asked of the site at all: nothing so large that reading it alone would fill a disk, and no NUL, at which
databases end a text, or fail.
"""

from __future__ import annotations

from collections.abc import Callable

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, QueryDict

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'"
)
NUL = "\0"
LARGEST = 1 << 30  # bytes of an archive with its form
PERMISSIONS = "camera=(), geolocation=(), microphone=(), payment=(), usb=(), publickey-credentials-get=(self)"


def shield(answer: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Adds these headers, and lets no shared cache keep what only some may see."""

    def shielded(request: HttpRequest) -> HttpResponse:
        response = answer(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        if not request.path.startswith("/static/"):
            response.headers.setdefault("Cache-Control", "private, no-cache")
        return response

    return shielded


def bounded(answer: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Refuses what is too large before a byte of it is read; without a length, nothing is read."""
    from vigie.web.pages.front import too_large

    def bounding(request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        return too_large(request) if length.isdigit() and int(length) > LARGEST else answer(request)

    return bounding


def plain(answer: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Refuses an address with a NUL in it; forms are looked at where they are read."""

    def reading(request: HttpRequest) -> HttpResponse:
        if NUL in request.path_info or nul(request.GET):
            raise BadRequest
        return answer(request)

    return reading


def nul(given: QueryDict) -> bool:
    """Whether a NUL is in what was sent."""
    return any(NUL in text for name, values in given.lists() for text in (name, *values))
