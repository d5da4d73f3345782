"""One's own account, the invitation that makes one, and, in a demonstration, the change from one reader to another."""

from __future__ import annotations

from typing import Any

from allauth.usersessions.models import UserSession
from django import forms
from django.contrib.auth import login
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from vigie.language import Words
from vigie.store.audit import note
from vigie.store.invitations import Invitation, accept, invited
from vigie.store.models import User
from vigie.store.people import tidy
from vigie.web.frame import Said, words_of
from vigie.web.routes import Request
from vigie.web.settings import SITE
from vigie.web.site import DEMO

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


class Joining(forms.Form):
    """Who joins: a name, an address where none was invited, and a password, twice."""

    name = forms.CharField(max_length=120)
    email = forms.EmailField(max_length=254)
    password = forms.CharField(widget=forms.PasswordInput, strip=False, max_length=200)
    again = forms.CharField(widget=forms.PasswordInput, strip=False, max_length=200)

    def __init__(self, data: Any, invitation: Invitation, words: Words) -> None:
        super().__init__(data)
        self.words, self.fixed = words, invitation.email
        labels = {
            "name": words.gettext("Your name"), "email": words.gettext("E-mail address"),
            "password": words.gettext("Password"), "again": words.gettext("Password, once more"),
        }  # fmt: skip
        for name, label in labels.items():
            self.fields[name].label = label
        complete = {"name": "name", "email": "username", "password": "new-password", "again": "new-password"}
        for name, hint in complete.items():
            self.fields[name].widget.attrs["autocomplete"] = hint
        self.fields["password"].help_text = words.gettext("Twelve characters or more.")
        if invitation.email:
            del self.fields["email"]

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        found.setdefault("email", self.fixed)
        if User.objects.filter(email=tidy(found.get("email") or "")).exists():
            self.add_error(
                None, self.words.gettext("There is an account with this address: sign in, and follow the link again.")
            )
        if found.get("password") and found.get("password") != found.get("again"):
            self.add_error("again", self.words.gettext("The two passwords differ."))
        elif found.get("password"):
            try:
                validate_password(found["password"], User(email=found["email"], name=found.get("name", "")))
            except ValidationError as error:
                self.add_error("password", error)
        return found


def invitation(request: Request, key: str) -> HttpResponse:
    """Take a place in an organisation: with the account that is signed in, or with a new one."""
    found, words = invited(key), words_of(request)
    if found is None:
        raise Http404
    person = request.visitor.person
    if person is not None and (not found.email or person.email == found.email):
        if request.method == "POST":
            _accepted(found, person)
            return redirect("home")
        return render(request, "invitation.html", {"invitation": found, "person": person})
    form = Joining(request.POST if request.method == "POST" else None, found, words)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            person = User.objects.create_user(
                form.cleaned_data["email"], form.cleaned_data["password"], name=form.cleaned_data["name"],
                language=words.code,
            )  # fmt: skip
            _accepted(found, person)
        _enter(request, person)
        return redirect("home")
    return render(request, "invitation.html", {"invitation": found, "form": form})


def _accepted(invitation: Invitation, person: User) -> None:
    """Take the place; where somebody was quicker with the same link, there is none."""
    with transaction.atomic():
        try:
            accept(invitation, person)
        except ValueError:
            raise Http404 from None
        note("joined", person, organisation=invitation.organisation, role=invitation.role)


def _enter(request: Request, person: User) -> None:
    login(request, person, backend=BACKEND)
    UserSession.objects.create_from_request(request)  # among those that the person sees, and may end


def account(request: Request) -> HttpResponse:
    """One's name, and the way to passwords, second factors, tokens, sessions and one's data."""
    person = request.visitor.person
    if person is None:
        raise PermissionDenied
    if request.method == "POST":
        name = request.POST.get("name", "").strip()[:120]
        User.objects.filter(pk=person.pk).update(name=name)
        return redirect("account")
    said = Said(words_of(request))
    listed = [(m.organisation, said[m.role]) for m in request.visitor.memberships]
    return render(request, "account.html", {"person": person, "memberships": listed})


def demonstration(request: Request) -> HttpResponse:
    """Sign in as the analyst of the demonstration: what `vigie demo` opens; nowhere else."""
    if not SITE.demo or SITE.public:
        raise Http404
    _enter(request, get_object_or_404(User, email=DEMO["analyst"]))
    return redirect("home")


def see_as(request: Request) -> HttpResponse:
    """Become somebody else of the demonstration; nowhere else."""
    if not SITE.demo or SITE.public:
        raise Http404
    person = get_object_or_404(User, email=request.POST.get("person", ""), email__in=DEMO.values())
    _enter(request, person)
    return redirect("home")
