"""An organisation, for its administrators: who belongs to it, who is invited, what each may see, and what was done."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.core.mail import send_mail
from django.core.paginator import Paginator
from django.core.validators import validate_email
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from vigie.results.figures import pick
from vigie.store.audit import note
from vigie.store.invitations import Invitation, invite
from vigie.store.models import Entry, Grant, Membership, Organisation, User
from vigie.store.organisations import Role
from vigie.store.people import tidy
from vigie.web import library
from vigie.web.access import OWN_ALL
from vigie.web.frame import ROLES, Said, words_of
from vigie.web.routes import Request, number
from vigie.web.settings import SITE

PAGE = 50  # entries of the log
LOOKED, CHANGED = ("saw", "exported"), "changed"  # kinds of entries: two actions, and all others


def people(request: Request) -> HttpResponse:
    """Members and invitations; invite somebody, change what they are or see, take them out."""
    of = request.organisation
    told: dict[str, Any] = {}
    if request.method == "POST":
        told = _ACTIONS.get(request.POST.get("do", ""), _nothing)(request, of)
        if not told:
            return redirect("people", organisation=of.slug)
    said = Said(words_of(request))
    words = words_of(request)
    studies = [(s, words.typeset(pick(s.title, words.code) or s.slug)) for s in of.studies.order_by("slug")]
    titles = {study.pk: title for study, title in studies}
    members = [
        {"member": m, "role": said[m.role], "all": m.role in OWN_ALL, "self": m.person == request.visitor.person,
         **_granted(m, titles)}
        for m in of.memberships.select_related("person").order_by("person__name", "person__email")
    ]  # fmt: skip
    waiting = Invitation.objects.filter(organisation=of, taken__isnull=True).exclude(email="").order_by("email")
    return render(
        request, "people.html",
        {"organisation": of, "members": members, "roles": [(r, said[r]) for r in ROLES], "studies": studies,
         "invitations": [(i, said[i.role]) for i in waiting], **told},
        status=400 if "problem" in told else 200,
    )  # fmt: skip


def _granted(member: Membership, titles: dict[int, str]) -> dict[str, Any]:
    """What a member was granted: the studies, and in words these with the brands of theirs."""
    grants = list(member.grants.all())
    told = [titles[g.study_id] + (f" ({g.brand})" if g.brand else "") for g in grants]
    return {"granted": {g.study_id for g in grants}, "sees": told}


def log(request: Request) -> HttpResponse:
    """What was done in the organisation, the last first."""
    of, said = request.organisation, Said(words_of(request))
    found = Entry.objects.filter(organisation=of.pk).order_by("-pk")
    kind = request.GET.get("kind", "")
    if kind in LOOKED:
        found = found.filter(action=kind)
    elif kind == CHANGED:
        found = found.exclude(action__in=LOOKED)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    names = {u.pk: str(u) for u in User.objects.filter(pk__in={e.person for e in page if e.person is not None})}
    studies = {s.pk: s.slug for s in of.studies.all()}
    entries = [(e, names.get(e.person or 0, "–"), said.action(e.action), studies.get(e.study or 0, "")) for e in page]
    kinds = [(k, said[f"log_{k or 'all'}"]) for k in ("", *LOOKED, CHANGED)]
    return render(
        request, "log.html", {"organisation": of, "entries": entries, "page": page, "kinds": kinds, "kind": kind}
    )


def _invite(request: Request, of: Organisation) -> dict[str, Any]:
    words, email, role = words_of(request), tidy(request.POST.get("email", "")), request.POST.get("role", "")
    try:
        validate_email(email)
    except ValidationError:
        return {"problem": words.gettext("This is no e-mail address."), "email": email}
    if role not in Role.values:
        return {"problem": words.gettext("Choose what they are."), "email": email}
    if of.memberships.filter(person__email=email).exists():
        return {"problem": words.gettext("They belong to the organisation already."), "email": email}
    if role == Role.BRAND and (problem := _no_brand(request, of)):
        return {"problem": problem, "email": email, "role": role, "brand": request.POST.get("brand", "")}
    studies = of.studies.filter(pk__in=[number(k) for k in request.POST.getlist("studies")])
    brand = request.POST.get("brand", "").strip()[:60] if role == Role.BRAND else ""
    with transaction.atomic():
        made, key = invite(of, Role(role), email, request.visitor.person, [(s, brand) for s in studies])
        note("invited", request.visitor.person, organisation=of, role=role)
    link = request.build_absolute_uri(reverse("invitation", kwargs={"key": key}))
    if not SITE.mail:  # nobody to carry it: the administrator does
        return {"link": link, "invited": made.email}
    subject = words.gettext("You are invited to {organisation}", organisation=of.name)
    text = words.gettext("Follow this link within seven days: {link}", link=link)
    send_mail(subject, text, None, [made.email])
    return {}


def _no_brand(request: Request, of: Organisation) -> str:
    """What is wrong with the brand of a brand's reader: it is none of a study that they see."""
    words, brand = words_of(request), request.POST.get("brand", "").strip()
    chosen = of.studies.filter(pk__in=[number(k) for k in request.POST.getlist("studies")])
    versions = [study.version for study in chosen]
    known = {b.brand for v in versions if v for b in library.study_of(library.HOME.version(v)).brands}
    if not brand:
        return words.gettext("Name the brand whose reader they are.")
    return "" if brand in known else words.gettext("No study that is ticked has a brand “{brand}”.", brand=brand)


def _change(request: Request, of: Organisation) -> dict[str, Any]:
    """Another role, other studies; who administers the organisation alone cannot give that up."""
    words, member = words_of(request), _member(request, of)
    role = request.POST.get("role", "")
    if role not in Role.values:
        return {"problem": words.gettext("Choose what they are.")}
    with transaction.atomic():
        Organisation.objects.select_for_update().get(pk=of.pk)  # two who give up administering at once take turns
        if _last(member) and role != Role.ADMINISTRATOR:
            return {"problem": words.gettext("Somebody must administer the organisation.")}
        Membership.objects.filter(pk=member.pk).update(role=role)
        kept = of.studies.filter(pk__in=[number(k) for k in request.POST.getlist("studies")])
        brands = {g.study_id: g.brand for g in member.grants.all()}
        member.grants.all().delete()
        Grant.objects.bulk_create(Grant(membership=member, study=s, brand=brands.get(s.pk, "")) for s in kept)
        note("changed a member", request.visitor.person, organisation=of, member=member.person_id, role=role)
    return {}


def _remove(request: Request, of: Organisation) -> dict[str, Any]:
    member = _member(request, of)
    with transaction.atomic():
        Organisation.objects.select_for_update().get(pk=of.pk)
        if _last(member):
            return {"problem": words_of(request).gettext("Somebody must administer the organisation.")}
        note("took out a member", request.visitor.person, organisation=of, member=member.person_id)
        member.delete()
    return {}


def _nothing(request: Request, of: Organisation) -> dict[str, Any]:  # noqa: ARG001 - as the others
    return {}


def _member(request: Request, of: Organisation) -> Membership:
    given = request.POST.get("member", "")
    return get_object_or_404(Membership, pk=number(given), organisation=of)


def _last(member: Membership) -> bool:
    """Whether nobody else administers the organisation."""
    others = Membership.objects.filter(organisation=member.organisation, role=Role.ADMINISTRATOR).exclude(pk=member.pk)
    return member.role == Role.ADMINISTRATOR and not others.exists()


_ACTIONS: dict[str, Callable[[Request, Organisation], dict[str, Any]]] = {
    "invite": _invite, "change": _change, "remove": _remove,
}  # fmt: skip
