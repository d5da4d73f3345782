"""The door: which studies somebody sees, the language, and what is said where there is nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import mark_safe
from django.utils.timezone import localtime

from vigie.language import LANGUAGES, N_, Words
from vigie.store.models import User
from vigie.web import library
from vigie.web.access import Place, Right
from vigie.web.api.problems import REFUSED, answer
from vigie.web.dropping import MOST
from vigie.web.frame import Said, door, names, title_of, words_of
from vigie.web.routes import Request
from vigie.web.spoken import COOKIE

YEAR = 365 * 86_400
STALE = 0  # no status of HTTP
API = "/api/"
LIMITS = N_("An archive may have a gibibyte, a text written in the page a mebibyte; {n} files are sent at once.")


def home(request: Request) -> HttpResponse:
    """The studies that the visitor sees; the only one opens at once for whoever only reads."""
    places = list(request.visitor.studies())
    if request.visitor.person is None and not places:
        return redirect("account_login")
    if len(places) == 1 and places[0].may(Right.READ) and not places[0].insider:
        return redirect(reverse("study", kwargs=names(places[0])))
    words, owners = words_of(request), {p.study.organisation_id for p in places}
    told = {"editors": request.visitor.where(Right.EDIT), "leads": request.visitor.where(Right.MEMBERS)}
    listed = [_listed(place, words) for place in places]
    return render(request, "home.html", {"studies": listed, "several": len(owners) > 1, **told})


def _listed(place: Place, words: Words) -> dict[str, Any]:
    """A study in the list: what its last wave found, the waves before, and for analysts what became of the last run."""
    doors = [(r.wave, door(place, r.wave)) for r in reversed(place.waves)]
    waves = [(wave, reverse(part, kwargs=names(place, wave))) for wave, part in doors if part]
    told: dict[str, Any] = {"title": title_of(place, words), "owner": place.study.organisation, "waves": waves}
    reader = place.opening(Right.READ, waves[0][0]) if waves else None
    if reader is not None:
        told["cover"] = found = library.cover_of(reader, reader.wave(waves[0][0]), words.code)
        told["figures"] = mark_safe(found.figures) if found else ""  # noqa: S308 - escaped when it was drawn
    if place.may(Right.RUN):
        told["runs"] = reverse("runs", kwargs=names(place))
        told["workshop"] = reverse("workshop", kwargs=names(place))
        told["state"] = " ".join(_state(place, words))
    return told


def _state(place: Place, words: Words) -> Iterator[str]:
    """How the last run ended, and which waves nobody but analysts sees."""
    if last := place.study.runs.order_by("-queued").first():
        when = date_format(localtime(last.queued), "DATETIME_FORMAT")
        yield words.gettext("Last run, {when}: {state}.", when=when, state=Said(words)[last.state])
    shown = {release.wave for release in place.study.shown}
    if hidden := [release.wave for release in place.waves if release.wave not in shown]:
        yield words.gettext("Not shown to readers: {waves}.", waves=words.listing(hidden))


def language(request: Request) -> HttpResponse:
    """Speak another language from now on, on the page where one was."""
    chosen = request.POST.get("language", "")
    back = request.POST.get("next", "/")
    here = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    response = HttpResponseRedirect(back if here and back.startswith("/") else "/")
    if chosen in LANGUAGES:
        response.set_cookie(COOKIE, chosen, max_age=YEAR, httponly=True, samesite="Lax", secure=request.is_secure())
        if isinstance(request.user, User):
            User.objects.filter(pk=request.user.pk).update(language=chosen)
    return response


def health(request: Request) -> HttpResponse:  # noqa: ARG001 - as every view
    """Whether the site answers and its database too: for those who watch it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok\n", content_type="text/plain")


def refused(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """What cannot be read, or is more than is read of a form."""
    much = isinstance(exception, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent)
    return _said(request, 413 if much else 400)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    return _said(request, 404)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    return _said(request, 403)


def stale(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 - as Django calls it
    """A form without the token of its page: from elsewhere, or of a session that is over."""
    return _said(request, STALE)


def too_large(request: HttpRequest) -> HttpResponse:
    return _said(request, 413)


def too_often(request: HttpRequest) -> HttpResponse:
    return _said(request, 429)


def failed(request: HttpRequest) -> HttpResponse:
    return _said(request, 500)


def _said(request: HttpRequest, status: int) -> HttpResponse:
    """A sentence in the frame of the site; for programs, a problem."""
    if request.path.startswith(API) and status in REFUSED:
        return answer(status, REFUSED[status])
    words = words_of(request)
    title, what = {
        STALE: (words.gettext("This page was too old"), words.gettext("Nothing was done. Open it again, and send it.")),
        400: (words.gettext("This cannot be read"), words.gettext("Open the page again, and send it from there.")),
        403: (words.gettext("This is not open to you"), words.gettext("Ask an administrator of the organisation.")),
        404: (words.gettext("There is nothing here"), words.gettext("The address may be old, or not open to you.")),
        413: (words.gettext("This is too large"), words.gettext(LIMITS, n=MOST)),
        429: (words.gettext("Too many requests"), words.gettext("Wait a minute, and try again.")),
        500: (words.gettext("Something went wrong"), words.gettext("It was written down; please try again later.")),
    }[status]
    told: dict[str, Any] = {"title": title, "what": what}
    return render(request, "said.html", told, status=403 if status == STALE else status)
