"""What somebody is in an organisation: a role, the studies that they see, and of a brand's reader the brand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from vigie.language import Words
from vigie.store.models import Membership, Organisation, Study
from vigie.store.organisations import Role
from vigie.web import library
from vigie.web.routes import Request, number


@dataclass(frozen=True, slots=True)
class Admission:
    """As a form asks for it, of somebody who is invited or changed, or as it stands."""

    role: str
    studies: tuple[Study, ...] = ()
    brand: str = ""

    @classmethod
    def asked(cls, request: Request, of: Organisation) -> Admission:
        """What a form says; studies of other organisations are not there."""
        ticked = of.studies.filter(pk__in=[number(k) for k in request.POST.getlist("studies")]).order_by("slug")
        return cls(request.POST.get("role", ""), tuple(ticked), request.POST.get("brand", "").strip())

    @classmethod
    def standing(cls, member: Membership) -> Admission:
        """What somebody is; of several brands, which one is meant has to be said anew."""
        grants = list(member.grants.select_related("study").order_by("study__slug"))
        brands = {g.brand for g in grants if g.brand}
        return cls(member.role, tuple(dict.fromkeys(g.study for g in grants)), brands.pop() if len(brands) == 1 else "")

    def problem(self, words: Words) -> str:
        """What is wrong with it: no role, or the brand of a brand's reader is none of a study that they see."""
        if self.role not in Role.values:
            return words.gettext("Choose what they are.")
        if self.role != Role.BRAND:
            return ""
        if not self.brand:
            return words.gettext("Name the brand whose reader they are.")
        loaded = {study.slug: library.study_of(v) for study in self.studies if (v := study.version)}
        if any(self.brand == b.brand for study in loaded.values() if study for b in study.brands):
            return ""
        if unread := [name for name, study in loaded.items() if study is None]:
            return words.gettext(
                "The brands of {studies} cannot be told: the software finds problems in its last version.",
                studies=words.listing(unread),
            )
        return words.gettext("No study that is ticked has a brand “{brand}”.", brand=self.brand)

    @property
    def grants(self) -> list[tuple[Study, str]]:
        """What they are granted: each study, of a brand's reader with the brand."""
        return [(study, self._own) for study in self.studies]

    @property
    def told(self) -> dict[str, Any]:
        """As the log tells it."""
        return {"role": self.role, "studies": [study.slug for study in self.studies], "brand": self._own}

    @property
    def _own(self) -> str:
        return self.brand if self.role == Role.BRAND else ""
