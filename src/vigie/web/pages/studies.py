"""Studies on the site, for analysts: bring one in, run it, publish its waves."""

from __future__ import annotations

import tempfile
from pathlib import Path

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from vigie.errors import Problem, VigieError
from vigie.language import Words
from vigie.store.audit import note
from vigie.store.models import Release, Run
from vigie.web import orders
from vigie.web.frame import Said, names, words_of
from vigie.web.pages.beginning import choices
from vigie.web.pages.workshop import around
from vigie.web.routes import Request, number
from vigie.web.studies_in import add_study, unpacked, work_folder
from vigie.web.workshop_words import ENDINGS

SHOWN = 12  # runs on a page


def new(request: Request) -> HttpResponse:
    """Bring a study in, as a zip of its folder; its problems are told, and nothing is kept, while it has any."""
    of = request.organisation
    problems: list[Problem] = []
    if request.method == "POST":
        sent = request.FILES.get("archive")
        if sent is None:
            problems = [Problem("usage", words_of(request).gettext("No file was chosen."), "")]
        else:
            try:
                with tempfile.TemporaryDirectory(dir=work_folder()) as work:
                    folder = unpacked(sent, str(sent.name), Path(work))
                    study, version = add_study(of, folder, request.visitor.person)
            except VigieError as error:
                problems = list(error.problems)
            else:
                note("brought in", request.visitor.person, study=study, version=version.number)
                place = request.visitor.at(study)
                return redirect(reverse("workshop", kwargs=names(place))) if place else redirect("home")
    told = {"organisation": of, "problems": problems} | choices(words_of(request))
    return render(request, "study_new.html", told, status=400 if problems else 200)


def runs(request: Request) -> HttpResponse:
    """Run the study, follow what runs, stop it or try again."""
    place = request.place
    if request.method == "POST":
        _ordered(request)
        return redirect(reverse("runs", kwargs=names(place)))
    listed = list(place.study.runs.select_related("by", "version").order_by("-queued")[:SHOWN])
    words = words_of(request)
    said = Said(words)
    told = {
        "runs": [(run, said[run.state], _told(words, run)) for run in listed],
        "busy": any(not run.over for run in listed),
    }
    return render(request, "runs.html", around(request, "runs") | told)


def _told(words: Words, run: Run) -> list[dict[str, str]]:
    """The problems of a run: those of the study as commands tell them, how it ended in the language of the page."""
    known = {text for ending in ENDINGS.values() for text in ending}
    return [{key: words.gettext(text) if text in known else text for key, text in p.items()} for p in run.problems]


def _ordered(request: Request) -> None:
    """Queue a run, or ask one to stop."""
    study, person = request.place.study, request.visitor.person
    if given := request.POST.get("stop", ""):
        orders.stop(get_object_or_404(Run, pk=number(given), study=study), person)
    else:
        orders.start(study, person)


def publish(request: Request) -> HttpResponse:
    """Show a wave's release to readers, or to everybody, or to nobody any more."""
    given, to = request.POST.get("release", ""), request.POST.get("to", "")
    release = get_object_or_404(Release, pk=number(given), study=request.place.study)
    if to in Release.Audience.values:
        orders.publish(release, to, request.visitor.person)
    elif not to:
        orders.withdraw(request.place.study, release.wave, request.visitor.person)
    else:
        raise Http404
    return redirect(reverse("workshop", kwargs=names(request.place)))
