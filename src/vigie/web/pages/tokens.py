"""One's own tokens, with which programs use the API: made, shown once, revoked."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from vigie.language import N_, Words
from vigie.store.audit import note
from vigie.store.models import Token, User
from vigie.store.organisations import Role
from vigie.store.tokens import Scope, issue
from vigie.web.access import RIGHTS, SCOPES, Right, Visitor
from vigie.web.frame import words_of
from vigie.web.routes import Request, number

DAYS = (30, 90, 365)  # for how long; none is good for ever
MOST = 50  # tokens of one person
MEANT = {
    Scope.READ: N_("read figures, verbatims and files"), Scope.EXPLORE: N_("make any table"),
    Scope.RUN: N_("bring studies in and run them"), Scope.PUBLISH: N_("publish waves and withdraw them"),
}  # fmt: skip
LABELS = {
    "title": N_("Tokens for programs"), "account": N_("Account"), "for": N_("What it is for"), "may": N_("It may"),
    "days": N_("Good for"), "make": N_("Make a token"), "revoke": N_("Revoke"), "never": N_("never used"),
    "copy": N_("Copy it now: it is not shown again."), "described": N_("Description of the API"),
    "none": N_("There is no token yet."), "until": N_("good until"), "used": N_("last used on"),
    "past": N_("past its time"),
    "told": N_("With a token, a program does through the API what you may do, and no more than you tick here."),
}  # fmt: skip


def tokens(request: Request) -> HttpResponse:
    """One's tokens; make one, or revoke one."""
    person, words = request.visitor.person, words_of(request)
    if person is None:
        raise PermissionDenied
    told: dict[str, Any] = {}
    if request.method == "POST":
        if given := request.POST.get("revoke", ""):
            _revoked(request, get_object_or_404(Token, pk=number(given), person=person))
            return redirect("tokens")
        told = _made(request, person, words)
    scopes = [(scope.value, words.gettext(MEANT[scope])) for scope in offered(request.visitor)]
    days = [(n, words.ngettext("{n} day", "{n} days", n)) for n in DAYS]
    listed = [
        (token, ", ".join(words.gettext(MEANT[Scope(s)]) for s in token.scopes))
        for token in person.tokens.order_by("-created", "-pk")
    ]
    labels = {name: words.gettext(text) for name, text in LABELS.items()}
    return render(
        request, "tokens.html", {"labels": labels, "tokens": listed, "scopes": scopes, "days": days, **told},
        status=400 if "problem" in told else 200,
    )  # fmt: skip


def offered(visitor: Visitor) -> list[Scope]:
    """The scopes that open something to somebody, in some organisation of theirs; reading does to everybody."""
    theirs = {right for m in visitor.memberships for right in RIGHTS[Role(m.role)]}
    return [scope for scope in Scope if scope == Scope.READ or theirs & (SCOPES[scope] - {Right.SIGNED_IN})]


def _made(request: Request, person: User, words: Words) -> dict[str, Any]:
    """A token, whose secret is told this once; or what is missing."""
    given = request.POST
    name, days = given.get("name", "").strip()[:80], given.get("days", "")
    scopes = [scope for scope in offered(request.visitor) if scope in given.getlist("scopes")]
    if not name:
        return {"problem": words.gettext("Say what the token is for.")}
    if not scopes:
        return {"problem": words.gettext("Tick what the token may do."), "name": name}
    if days not in map(str, DAYS):
        return {"problem": words.gettext("Choose for how long."), "name": name}
    if person.tokens.count() >= MOST:
        return {"problem": words.gettext("Revoke a token first: there are too many."), "name": name}
    token, secret = issue(person, name, scopes, int(days))
    _noted(request, "made a token", token)
    return {"secret": secret}


def _revoked(request: Request, token: Token) -> None:
    _noted(request, "revoked a token", token)
    token.delete()


def _noted(request: Request, what: str, token: Token) -> None:
    """Every organisation that the token reaches into has it in its log."""
    for member in request.visitor.memberships:
        note(what, request.visitor.person, organisation=member.organisation, token=token.start, scopes=token.scopes)
