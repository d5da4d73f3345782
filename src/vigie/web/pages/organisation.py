"""An organisation, for its administrators: who belongs to it, who is invited, and what each may see."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.mail import send_mail
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from vigie.results.figures import pick
from vigie.store.audit import note
from vigie.store.invitations import Invitation, invite, waiting
from vigie.store.models import Grant, Membership, Organisation
from vigie.store.organisations import Role
from vigie.store.people import tidy
from vigie.web.access import OWN_ALL
from vigie.web.admission import Admission
from vigie.web.frame import ROLES, Said, words_of
from vigie.web.mail import sent
from vigie.web.routes import Request, number
from vigie.web.settings import SITE

LONGEST = 254  # characters of an address
NEW = Admission(Role.CLIENT)  # what the form to invite somebody begins with


def people(request: Request) -> HttpResponse:
    """Members and invitations; invite somebody, change what they are or see, take them out."""
    of = request.organisation
    told: dict[str, Any] = {}
    if request.method == "POST":
        told = _ACTIONS.get(request.POST.get("do", ""), _nothing)(request, of)
        if not told:
            return redirect("people", organisation=of.slug)
    words, said = words_of(request), Said(words_of(request))
    studies = [(s, words.typeset(pick(s.title, words.code) or s.slug)) for s in of.studies.order_by("slug")]
    titles = {study.pk: title for study, title in studies}
    asked, refused = told.pop("asked", NEW), told.pop("refused", None)  # of a member, it stands in their form
    members = [
        {"member": m, "role": said[m.role], "all": m.role in OWN_ALL, "self": m.person == request.visitor.person,
         "sees": _seen(m, titles), "changed": m.pk == refused,
         "asked": asked if m.pk == refused else Admission.standing(m)}
        for m in of.memberships.select_related("person").order_by("person__name", "person__email")
    ]  # fmt: skip
    return render(
        request, "people.html",
        told | {"organisation": of, "members": members, "roles": [(r, said[r]) for r in ROLES], "studies": studies,
                "invitations": [(i, said[i.role]) for i in waiting(of).order_by("email")],
                "asked": NEW if refused else asked},
        status=400 if "problem" in told else 200,
    )  # fmt: skip


def _seen(member: Membership, titles: dict[int, str]) -> list[str]:
    """What a member was granted, in words: the studies, with the brands of theirs."""
    grants = member.grants.order_by("study__slug", "brand")
    return [titles[g.study_id] + (f" ({g.brand})" if g.brand else "") for g in grants]


def _invite(request: Request, of: Organisation) -> dict[str, Any]:
    words, email, asked = words_of(request), tidy(request.POST.get("email", "")), Admission.asked(request, of)
    typed = {"email": email, "asked": asked}
    try:
        forms.EmailField(max_length=LONGEST).clean(email)
    except ValidationError:
        return {"problem": words.gettext("This is no e-mail address."), **typed}
    if of.memberships.filter(person__email=email).exists():
        return {"problem": words.gettext("They belong to the organisation already."), **typed}
    if problem := asked.problem(words):
        return {"problem": problem, **typed}
    with transaction.atomic():
        made, key = invite(of, Role(asked.role), email, request.visitor.person, asked.grants)
        note("invited", request.visitor.person, organisation=of, **asked.told)
    link = request.build_absolute_uri(reverse("invitation", kwargs={"key": key}))
    subject = words.gettext("You are invited to {organisation}", organisation=of.name)
    text = words.gettext("Follow this link within seven days: {link}", link=link)
    if SITE.mail and sent(lambda: send_mail(subject, text, None, [email])):
        return {}
    return {"link": link, "invited": made.email, "unsent": bool(SITE.mail)}  # the administrator carries it


def _uninvite(request: Request, of: Organisation) -> dict[str, Any]:
    """Nobody may take the place any more."""
    given = number(request.POST.get("invitation", ""))
    with transaction.atomic():
        found: Invitation = get_object_or_404(waiting(of).select_for_update(), pk=given)
        note("withdrew an invitation", request.visitor.person, organisation=of, role=found.role)
        found.delete()
    return {}


def _change(request: Request, of: Organisation) -> dict[str, Any]:
    """Another role, other studies; who administers the organisation alone cannot give that up."""
    words, asked = words_of(request), Admission.asked(request, of)
    with transaction.atomic():
        member = _member(request, of)
        problem = asked.problem(words)
        if not problem and _last(member) and asked.role != Role.ADMINISTRATOR:
            problem = words.gettext("Somebody must administer the organisation.")
        if problem:
            return {"problem": problem, "asked": asked, "refused": member.pk}
        Membership.objects.filter(pk=member.pk).update(role=asked.role)
        member.grants.all().delete()
        Grant.objects.bulk_create(Grant(membership=member, study=s, brand=brand) for s, brand in asked.grants)
        note("changed a member", request.visitor.person, organisation=of, member=member.person_id, **asked.told)
    return {}


def _remove(request: Request, of: Organisation) -> dict[str, Any]:
    with transaction.atomic():
        member = _member(request, of)
        if _last(member):
            return {"problem": words_of(request).gettext("Somebody must administer the organisation.")}
        note("took out a member", request.visitor.person, organisation=of, member=member.person_id)
        member.delete()
    return {}


def _nothing(request: Request, of: Organisation) -> dict[str, Any]:  # noqa: ARG001 - as the others
    return {}


def _member(request: Request, of: Organisation) -> Membership:
    """Who is changed, with the organisation held: two who give up administering at once take turns."""
    Organisation.objects.select_for_update().get(pk=of.pk)
    return get_object_or_404(Membership, pk=number(request.POST.get("member", "")), organisation=of)


def _last(member: Membership) -> bool:
    """Whether nobody else administers the organisation."""
    others = Membership.objects.filter(organisation=member.organisation, role=Role.ADMINISTRATOR).exclude(pk=member.pk)
    return member.role == Role.ADMINISTRATOR and not others.exists()


_ACTIONS: dict[str, Callable[[Request, Organisation], dict[str, Any]]] = {
    "invite": _invite, "uninvite": _uninvite, "change": _change, "remove": _remove,
}  # fmt: skip
