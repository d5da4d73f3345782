"""A page and what it needs, in one line: no address exists without a right, and tests walk the same table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth import REDIRECT_FIELD_NAME
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponseBase, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse

from vigie.store.audit import saw
from vigie.store.models import Organisation, Study, User
from vigie.store.organisations import Role
from vigie.web.access import RIGHTS, Place, Right, Visitor
from vigie.web.shield import nul

OK = 200
LONGEST_NUMBER = 10  # digits
SEEN = (Right.READ, Right.METHOD, Right.QUOTE, Right.EXPLORE)  # pages of figures and texts; files are told as exports


class Request(HttpRequest):
    """A request with who asks, and the organisation or the study that it is about."""

    visitor: Visitor
    organisation: Organisation
    place: Place
    via: dict[str, Any]  # how it came, where not by a page: what the log says beside what was done


View = Callable[..., HttpResponseBase]


@dataclass(frozen=True, slots=True)
class Route:
    """An address: its pattern, what answers, the right that it needs, and how it may be asked."""

    pattern: str
    view: View
    name: str
    right: Right
    methods: tuple[str, ...] = ("GET",)

    @property
    def of_study(self) -> bool:
        return "<slug:study>" in self.pattern


def number(text: str) -> int:
    """A number of the database as somebody sent it; 0, which nothing has, for what is none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < LONGEST_NUMBER else 0


def visitor(request: HttpRequest) -> Visitor:
    """Who asks."""
    person = request.user if isinstance(request.user, User) else None
    return Visitor(person)


def guarded(route: Route) -> View:
    """The view behind its right: what is unknown is 404, what is known without the right 403, strangers sign in."""

    @wraps(route.view)
    def answer(request: Any, **named: Any) -> HttpResponseBase:
        if request.method not in (*route.methods, "HEAD") or (request.method == "HEAD" and "GET" not in route.methods):
            return HttpResponseNotAllowed(route.methods)
        request.visitor, request.via = visitor(request), {}
        stranger = route.right != Right.ANYBODY and request.visitor.person is None
        if stranger and not (route.of_study and _open(request.visitor, named, route.right)):
            back = urlencode({REDIRECT_FIELD_NAME: request.get_full_path()})
            return redirect(f"{reverse('account_login')}?{back}")
        admit(request, route.right, named)
        if request.method == "POST" and nul(request.POST):
            raise BadRequest
        response = route.view(request, **named)
        if request.method == "GET" and route.right in SEEN and response.status_code == OK:
            seen(request, route.name, named)
        return response

    return answer


def admit(request: Request, right: Right, named: dict[str, Any]) -> None:
    """Look up the organisation or the study that an address names; it is taken out of `named`.

    Raises Http404 for what does not exist for the visitor, and `PermissionDenied` where they lack the right.
    """
    if "study" in named:
        found = request.visitor.find(named.pop("organisation"), named.pop("study"))
        place = found.opening(right, named.get("wave", ""))
        if place is None:
            raise PermissionDenied
        request.place = place
    elif "organisation" in named:
        member = request.visitor.belongs(named.pop("organisation"))
        if right not in RIGHTS[Role(member.role)]:
            raise PermissionDenied
        request.organisation = member.organisation


def seen(request: Request, page: str, named: dict[str, Any]) -> None:
    """Write down who saw which figures; of what everybody may read, those who did not sign in are nobody."""
    if request.visitor.person is not None:
        saw(request.visitor.person, request.place.study, page=page, **named, **request.via)


def _open(who: Visitor, named: dict[str, Any], right: Right) -> bool:
    """Whether somebody who has not signed in sees this of the study."""
    study = Study.objects.filter(organisation__slug=named["organisation"], slug=named["study"]).first()
    place = who.at(study) if study is not None else None
    return place is not None and place.may(right)


def patterns(routes: Sequence[Route]) -> list[URLPattern]:
    """What Django's resolver takes."""
    return [path(r.pattern, guarded(r), name=r.name) for r in routes]
