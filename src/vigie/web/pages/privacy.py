"""One's own data: all that the site knows of a person to take away, and the account to erase."""

from __future__ import annotations

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth import logout
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render

from vigie.store.audit import note
from vigie.store.models import User
from vigie.store.people import tidy
from vigie.store.personal import alone, erase, known
from vigie.web.frame import words_of
from vigie.web.routes import Request


def _person(request: Request) -> User:
    if request.visitor.person is None:
        raise PermissionDenied
    return request.visitor.person


def data(request: Request) -> HttpResponse:
    """Everything, as JSON."""
    person = _person(request)
    for member in request.visitor.memberships:
        note("took their data", person, organisation=member.organisation)
    response = JsonResponse(known(person), json_dumps_params={"ensure_ascii": False, "indent": 1})
    response["Content-Disposition"] = 'attachment; filename="vigie-account.json"'
    return response


@reauthentication_required  # type: ignore[untyped-decorator]
def leave(request: Request) -> HttpResponse:
    """Erase the account, once its address was written out; who administers an organisation alone stays."""
    person, words, problem = _person(request), words_of(request), ""
    held = alone(person)
    if request.method == "POST" and not held:
        if tidy(request.POST.get("email", "")) == person.email:
            try:
                erase(person)
            except ValueError:  # the other administrator was quicker
                return redirect("account_erase")
            logout(request)
            messages.success(request, words.gettext("Your account is erased."))
            return redirect("account_login")
        problem = words.gettext("This is not the address of your account.")
    told = {"person": person, "held": held, "problem": problem}
    return render(request, "erase.html", told, status=400 if problem else 200)
