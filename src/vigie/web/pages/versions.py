"""A version of a study beside another: what is measured otherwise, which lines differ; and a version taken back."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from vigie.language import Words
from vigie.report.methodology import MEANS
from vigie.report.waves import difference_told
from vigie.results.figures import pick
from vigie.results.trends import Difference
from vigie.store.audit import note
from vigie.store.models import Version
from vigie.study.instruments import SCORE
from vigie.study.model import Study
from vigie.study.revisions import revised
from vigie.web.drafts import Draft, drafted
from vigie.web.frame import names, words_of
from vigie.web.library import study_of
from vigie.web.pages.workshop import around, in_a_line, last_version
from vigie.web.routes import Request
from vigie.web.study_files import changes

MOST = 60  # differences that are listed of a wave


@dataclass(frozen=True, slots=True)
class Measured:
    """Something that is measured otherwise: what, what it means for trends, and which indicators begin anew."""

    sentence: str
    severity: str
    meaning: str
    broken: str


def version(request: Request, number: int) -> HttpResponse:
    """What a version changed, since the one before it or another one; posted, it is taken back."""
    shown = get_object_or_404(Version, study=request.place.study, number=number)
    if request.method == "POST":
        return _taken_back(request, shown)
    words, of = words_of(request), request.place.study
    others = list(of.versions.exclude(pk=shown.pk).order_by("-number"))
    against = _against(request, shown, others)
    loaded = study_of(shown)
    before = study_of(against) if against else None
    return render(
        request, "study_version.html",
        around(request, "") | {
            "shown": shown, "others": others, "against": against, "last": last_version(request) == shown,
            "line": in_a_line(words, shown, against), "readable": loaded is not None and before is not None,
            "files": changes(against, shown, (before, loaded)) if against else [],
            "waves": _measured(words, before, loaded) if before and loaded else [],
        },
    )  # fmt: skip


def _against(request: Request, shown: Version, others: list[Version]) -> Version | None:
    asked = request.GET.get("against", "")
    if asked:
        found = next((v for v in others if str(v.number) == asked), None)
        if found is None:
            raise Http404
        return found
    return next((v for v in others if v.number < shown.number), None)


def _measured(words: Words, before: Study, now: Study) -> list[tuple[str, list[Measured]]]:
    """By wave, what is measured otherwise, breaks first."""
    order = list(MEANS)
    return [
        (wave, [_told(words, now, d) for d in sorted(found, key=lambda d: order.index(d.severity))][:MOST])
        for wave, found in revised(before, now).items()
    ]


def _told(words: Words, study: Study, found: Difference) -> Measured:
    labels = {k: pick(i.label, words.code) if i.label else k for k, i in study.indicators.items()}
    labels[SCORE] = words.gettext("Mystery score")
    broken = words.listing([words.typeset(labels.get(name, name)) for name in found.broken], most=4)
    said = ""
    if found.broken:
        n = len(found.broken)
        said = words.ngettext("{n} indicator begins anew: {names}.", "{n} indicators begin anew: {names}.", n,
                              names=broken)  # fmt: skip
    return Measured(difference_told(words, found), found.severity, words.gettext(MEANS[found.severity]), said)


def _taken_back(request: Request, shown: Version) -> HttpResponse:
    """A new version that is equal to an old one."""
    words, last = words_of(request), last_version(request)
    with drafted(shown) as old:
        made = Draft(old.folder, last).keep(request.visitor.person)
    if made is None:  # somebody kept another one at the same moment: both stand, and this one is the last
        return _taken_back(request, shown)
    if made == last:
        messages.info(request, words.gettext("The last version is equal to this one."))
    else:
        note("took back", request.visitor.person, study=shown.study, version=made.number, equal=shown.number)
        told = words.gettext("Version {n} is equal to version {old}.", n=made.number, old=shown.number)
        messages.success(request, told)
    return redirect(reverse("workshop", kwargs=names(request.place)))
