"""Who may do what: rights by role, and the one place that looks a study up for somebody.

A page is guarded by a right, never by a role; what somebody may not know of does not exist for them (404). A brand's
reader, and whoever reads what is published for everybody, sees a wave reduced to what is theirs (`report/reduced.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property

from django.http import Http404

from vigie.store.models import Grant, Membership, Organisation, Release, Study, User
from vigie.store.organisations import Role
from vigie.store.tokens import Scope


class Right(StrEnum):
    """What a page or a call of the API needs."""

    ANYBODY = "anybody"  # no study is in it
    SIGNED_IN = "signed in"
    READ = "read"  # the figures of published waves
    METHOD = "method"  # how they were made: sheets, questionnaires, grids
    QUOTE = "quote"  # what people wrote, redacted
    EXPORT = "export"  # files of a published wave
    EXPLORE = "explore"  # any table, of any wave
    EDIT = "edit"  # bring studies in
    RUN = "run"
    PUBLISH = "publish"
    MEMBERS = "members"  # who belongs to the organisation, and sees what
    AUDIT = "audit"


_READER = {Right.READ, Right.METHOD, Right.QUOTE, Right.EXPORT}
_ANALYST = _READER | {Right.EXPLORE, Right.EDIT, Right.RUN, Right.PUBLISH}
RIGHTS: dict[Role | None, frozenset[Right]] = {  # None: nobody in particular, on what is published for everybody
    None: frozenset({Right.READ, Right.METHOD}),
    Role.TESTER: frozenset(),
    Role.CONTROLLER: frozenset({Right.METHOD}),
    Role.CODER: frozenset({Right.METHOD, Right.QUOTE}),
    Role.BRAND: frozenset({Right.READ, Right.METHOD, Right.QUOTE}),
    Role.CLIENT: frozenset(_READER),
    Role.ANALYST: frozenset(_ANALYST),
    Role.ADMINISTRATOR: frozenset(_ANALYST | {Right.MEMBERS, Right.AUDIT}),
}
SCOPES: dict[Scope, frozenset[Right]] = {  # what a token opens, of what whoever made it may do
    Scope.READ: frozenset({Right.SIGNED_IN, *_READER}),
    Scope.EXPLORE: frozenset({Right.SIGNED_IN, Right.EXPLORE}),
    Scope.RUN: frozenset({Right.SIGNED_IN, Right.EDIT, Right.RUN}),
    Scope.PUBLISH: frozenset({Right.SIGNED_IN, Right.PUBLISH}),
}
NOBODY = "-"  # the code of no brand
OWN_ALL = (Role.ADMINISTRATOR, Role.ANALYST)  # see every study of their organisation, published or not


@dataclass(frozen=True)
class Visitor:
    """Somebody who asks for a page: a person, or anybody."""

    person: User | None
    opened: frozenset[Right] | None = None  # by a token, of what they may do; None: all of it

    @cached_property
    def memberships(self) -> Sequence[Membership]:
        if self.person is None:
            return ()
        return tuple(self.person.memberships.select_related("organisation").order_by("organisation__name"))

    def member(self, organisation: int) -> Membership | None:
        """What they are in an organisation."""
        return next((m for m in self.memberships if m.organisation_id == organisation), None)

    def belongs(self, organisation: str) -> Membership:
        """What they are in the organisation of that name; raises Http404 where it does not exist for them."""
        found = next((m for m in self.memberships if m.organisation.slug == organisation), None)
        if found is None:
            raise Http404
        return found

    def where(self, right: Right) -> list[Organisation]:
        """The organisations in which they have a right."""
        return [m.organisation for m in self.memberships if right in RIGHTS[Role(m.role)]]

    def studies(self) -> Iterator[Place]:
        """Every study that they see anything of, or bring forward."""
        known = Study.objects.select_related("organisation").order_by("organisation__name", "slug")
        for study in known:
            place = self.at(study)
            if place is not None and (place.insider or any(place.opening(Right.METHOD, r.wave) for r in place.waves)):
                yield place

    def at(self, study: Study) -> Place | None:
        """What they are to a study; None where it does not exist for them."""
        member = self.member(study.organisation_id)
        grants = () if member is None or member.role in OWN_ALL else tuple(member.grants.filter(study=study))
        place = Place(self, study, member, grants)
        return place if place.known else None

    def find(self, organisation: str, study: str) -> Place:
        """The study of that name; raises Http404 where it does not exist for them."""
        found = Study.objects.select_related("organisation").filter(organisation__slug=organisation, slug=study).first()
        place = self.at(found) if found is not None else None
        if place is None:
            raise Http404
        return place


@dataclass(frozen=True)
class Place:
    """What a visitor is to one study."""

    visitor: Visitor
    study: Study
    member: Membership | None
    grants: tuple[Grant, ...]
    instead_of: Place | None = None  # what they are here, where something is open to them as to anybody alone

    @property
    def role(self) -> Role | None:
        """Their role here; None for whoever the study was not granted to, as for anybody."""
        if self.member is None or not (self.insider or self.grants):
            return None
        return Role(self.member.role)

    @property
    def insider(self) -> bool:
        """Whether they see the organisation's studies as these are, published or not."""
        return self.member is not None and self.member.role in OWN_ALL

    @cached_property
    def brands(self) -> tuple[str, ...]:
        """The brands to which what they see is reduced: their own, and of whoever has none nobody's; empty: all."""
        if self.role not in (Role.BRAND, None):
            return ()
        return tuple(sorted({g.brand for g in self.grants if g.brand})) or (NOBODY,)

    def may(self, right: Right) -> bool:
        """Whether they have a right here."""
        opened = self.visitor.opened
        return right in RIGHTS[self.role] and (opened is None or right in opened)

    def opening(self, right: Right, wave: str = "") -> Place | None:
        """As what they have a right to a wave, or to any: as what they are, else as anybody to whom it is shown."""
        if self.may(right):
            return self
        anybody = self._anybody
        shown = any(wave in ("", release.wave) for release in anybody.waves)
        return anybody if shown and anybody.may(right) else None

    @cached_property
    def _anybody(self) -> Place:
        return replace(self, member=None, grants=(), instead_of=self)

    @cached_property
    def waves(self) -> tuple[Release, ...]:
        """The release of each wave that they see, in the order of the study: the last made, or the published one."""
        releases = self.study.releases if self.insider else self.study.shown
        if self.role is None:
            releases = releases.filter(audience=Release.Audience.PUBLIC)
        last = {r.wave: r for r in releases.order_by("made", "pk")}
        return tuple(sorted(last.values(), key=lambda r: (r.position, r.made)))

    @property
    def known(self) -> bool:
        """Whether the study exists for them: it is theirs, was granted to them, or shows something to everybody."""
        return self.insider or bool(self.grants) or bool(self.waves)

    def wave(self, name: str) -> Release:
        """The release of a wave; raises Http404 where there is none for them."""
        found = next((r for r in self.waves if r.wave == name), None)
        if found is None:
            raise Http404
        return found
