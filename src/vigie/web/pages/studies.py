"""Studies on the site, for analysts: bring one in, run it, publish its waves."""

from __future__ import annotations

import tempfile
from pathlib import Path

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from vigie.errors import Problem, VigieError
from vigie.store.audit import note
from vigie.store.models import Release, Run
from vigie.web import orders
from vigie.web.frame import Said, names, title_of, words_of
from vigie.web.routes import Request
from vigie.web.studies_in import add_study, unpacked, work_folder

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
                return redirect(reverse("runs", kwargs=names(place))) if place else redirect("home")
    return render(
        request, "study_new.html", {"organisation": of, "problems": problems}, status=400 if problems else 200
    )


def runs(request: Request) -> HttpResponse:
    """Run the study, follow what runs, stop it or try again; and what readers see of its waves."""
    place = request.place
    version = place.study.version
    if request.method == "POST":
        _ordered(request)
        return redirect(reverse("runs", kwargs=names(place)))
    listed = list(place.study.runs.select_related("by", "version").order_by("-queued")[:SHOWN])
    words = words_of(request)
    said = Said(words)
    return render(
        request, "runs.html",
        {"place": place, "study_title": title_of(place, words), "version": version,
         "runs": [(run, said[run.state]) for run in listed],
         "busy": any(not run.over for run in listed), "releases": list(reversed(place.waves))},
    )  # fmt: skip


def _ordered(request: Request) -> None:
    """Queue a run, or ask one to stop."""
    study, person = request.place.study, request.visitor.person
    if given := request.POST.get("stop", ""):
        orders.stop(get_object_or_404(Run, pk=given if given.isdigit() else 0, study=study), person)
    else:
        orders.start(study, person)


def publish(request: Request) -> HttpResponse:
    """Show a wave's release to readers, or to everybody, or to nobody any more."""
    given, to = request.POST.get("release", ""), request.POST.get("to", "")
    release = get_object_or_404(Release, pk=given if given.isdigit() else 0, study=request.place.study)
    if to in Release.Audience.values:
        orders.publish(release, to, request.visitor.person)
    elif not to:
        orders.withdraw(request.place.study, release.wave, request.visitor.person)
    else:
        raise Http404
    return redirect(reverse("runs", kwargs=names(request.place)))
